"""What is exported, before it becomes a file: a document of sections, and a listing of rows with typed cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from salestui.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A short value under its label, such as a date or an amount; `text` is empty where nothing was given."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A long text under its label; line feeds part its paragraphs."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `right` aligns its cells, which are numbers, to the right."""

    key: str
    label: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its label; every row has one text for each column."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Line | Prose | Grid


def says_something(part: Part) -> bool:
    """Tell whether a part has anything to print."""
    return bool(part.rows) if isinstance(part, Grid) else bool(part.text.strip())


@dataclass(frozen=True, slots=True)
class Section:
    """Parts under one heading; the first section of a document has none. `key` is the section's name in templates.

    `level` is the depth of its heading, 1 or 2 (below the section before it).
    """

    key: str
    heading: str
    parts: tuple[Part, ...]
    level: int = 1

    @property
    def filled(self) -> tuple[Part, ...]:
        """The parts that have anything to print."""
        return tuple(part for part in self.parts if says_something(part))


@dataclass(frozen=True, slots=True)
class Document:
    """One output as a document in `language`: its title, the facts below the title, and its sections.

    The head has the lines customer, campaign, deal, owner, revision, author, date and status, empty where they mean
    nothing. `author`, `at` (aware) and `language` also become properties of the file.
    """

    title: str
    language: str
    author: str
    at: datetime
    head: tuple[Line, ...]
    sections: tuple[Section, ...]

    @property
    def printed(self) -> tuple[Section, ...]:
        """The sections that have anything to print."""
        return tuple(section for section in self.sections if section.filled)

    def fact(self, key: str) -> str:
        """Return the text of a line of the head; raises KeyError."""
        for line in self.head:
            if line.key == key:
                return line.text
        raise KeyError(key)

    def parts(self) -> Iterator[tuple[Section, Part]]:
        """Walk all parts with their sections."""
        for section in self.sections:
            for part in section.parts:
                yield section, part


class CellKind(StrEnum):
    """What the cells of a listing's column hold, and so how a spreadsheet shows them."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    AMOUNT = "amount"
    DATE = "date"


Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class ListingColumn:
    """One column of a listing."""

    key: str
    heading: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Listing:
    """One worksheet: `subject` says what it lists (a campaign, all customers), for the line below the title."""

    title: str
    subject: str
    columns: tuple[ListingColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """Worksheets to be written as one file: `sheets` are never empty."""

    title: str
    made_by: str
    made_on: date
    sheets: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written: its absolute path, size in bytes, and SHA-256 in hex."""

    path: str
    size: int
    sha256: str
