"""What the drawing of a form works with: its lines, where its editor stands, and the pieces all its parts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from salestui.dataclass import dataclass
from salestui.domain.form_views import Clue
from salestui.domain.playbook import Field, FieldType
from salestui.i18n import gettext as _
from salestui.widgets.cells import Piece, cut, width, wrap
from salestui.widgets.form_model import FormModel, Target
from salestui.widgets.symbols import symbols

if TYPE_CHECKING:
    from salestui.widgets.theme import Ground, Palette

__all__ = [
    "PREVIEW",
    "Cursor",
    "Drawn",
    "Line",
    "Page",
    "Place",
    "bar",
    "example",
    "fits_in_line",
    "is_chosen",
    "lines_of",
    "matching_people",
    "option_pieces",
    "options",
]

PREVIEW = 24
"""Cells kept free at the right of a one-line editor, for what its text comes to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form: its pieces, its ground, and the field and row it belongs to."""

    pieces: tuple[Piece, ...] = ()
    ground: Ground = "background"
    stop: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an editor stands, in lines and cells of the whole form; `several` for one of several lines."""

    target: Target
    x: int
    y: int
    width: int
    height: int = 1
    several: bool = False
    block: bool = False
    placeholder: str = ""


@dataclass(slots=True)
class Cursor:
    """Where the user is: the field, within a table the row and column, within choices or files the entry."""

    stop: int = 0
    row: int = 0
    column: int = 0
    option: int = 0
    long: bool = False


@dataclass(slots=True)
class Page:
    """What the drawing needs to know beside the values."""

    model: FormModel
    cursor: Cursor
    palette: Palette
    width: int
    language: str
    airy: bool = True
    inline: bool = False
    readonly: bool = False
    focused: bool = True
    clues: Mapping[str, Clue] = field(default_factory=dict)
    file_text: str = ""
    file_names: Sequence[str] = ()
    file_problem: str = ""
    people: Sequence[str] = ()

    @property
    def label_width(self) -> int:
        """The cells of the label column: as wide as the widest label that is not overlong."""
        widths = [width(self.model.field(key).label.get(self.language)) for key in self.model.keys]
        return max(8, min(max((cells for cells in widths if cells <= 20), default=20) + 2, self.width // 3))


@dataclass(slots=True)
class Drawn:
    """The lines of the form, where its editor stands, and which lines must be in sight."""

    lines: list[Line] = field(default_factory=list)
    place: Place | None = None
    focus: tuple[int, int] = (0, 0)

    def add(
        self, *pieces: Piece, ground: Ground = "background", stop: int | None = None, row: int | None = None
    ) -> None:
        """Add a line."""
        self.lines.append(Line(pieces, ground, stop, row))


def lines_of(text: str, cells: int, most: int = 0) -> list[str]:
    """Return `text` with its own line breaks, each line wrapped to `cells`; at most `most` lines if not 0."""
    rows = [row for line in text.split("\n") for row in (wrap(line, cells) or [""])]
    if most and len(rows) > most:
        rest = " ".join(rows[most - 1 :])
        return [*rows[: most - 1], cut(rest, cells)]
    return rows


def bar(page: Page, ground: Ground = "cursor") -> Piece:
    """Return the cursor bar."""
    return (0, symbols().bar, page.palette.bar(ground, active=page.focused))


def example(page: Page, asked: Field) -> str:
    """Return the example of good content, in the language of the form."""
    return asked.example.get(page.language)


def fits_in_line(page: Page, asked: Field) -> bool:
    """Tell whether all options stand beside the label in one line."""
    needed = sum(width(text) + 6 for _key, text in options(page, asked))
    return needed <= page.width - page.label_width - 10


def options(page: Page, asked: Field) -> tuple[tuple[object, str], ...]:
    """Return the values one can choose, with their texts."""
    if asked.type is FieldType.YES_NO:
        return ((True, _("Yes")), (False, _("No")))
    return tuple((choice.key, choice.text.get(page.language)) for choice in asked.choices)


def is_chosen(value: object, option: object) -> bool:
    """Tell whether `option` is the value, or among the values of a field of several."""
    if isinstance(value, list | tuple):
        return option in value
    return value is not None and value == option and isinstance(value, bool) == isinstance(option, bool)


def option_pieces(page: Page, asked: Field, target: Target, at: int) -> list[Piece]:
    """Return the options in one line: the digit to press before each, the chosen one on primary."""
    palette, value = page.palette, page.model.get(target)
    pieces: list[Piece] = []
    for index, (option, text) in enumerate(options(page, asked)):
        here = asked.type is FieldType.CHOICES and index == page.cursor.option
        chosen = is_chosen(value, option)
        digit = str(index + 1) if index < 9 else " "
        if chosen:
            mark = symbols().tick if asked.type is FieldType.CHOICES else digit
            pieces.append((at, f" {mark} {text} ", palette.chosen()))
        else:
            token = "strong" if here else "foreground"
            pieces.append((at + 1, digit, palette.style("primary", "cursor", bold=True)))
            pieces.append((at + 3, text, palette.style(token, "cursor")))
        if here:
            pieces.append((at, ">" if not chosen else "", palette.style("primary", "cursor")))
            pieces.sort(key=lambda piece: piece[0])
        at += width(text) + 6
    return pieces


def matching_people(page: Page) -> tuple[str, ...]:
    """Return the known people whose name fits what is typed in a field for a person; at most six."""
    model = page.model
    asked = model.field(model.keys[page.cursor.stop])
    target = Target(asked.key)
    if asked.type is FieldType.TABLE and asked.columns:
        column = asked.columns[min(page.cursor.column, len(asked.columns) - 1)]
        target = Target(asked.key, page.cursor.row, column.key)
        asked = column
    if asked.type is not FieldType.PERSON:
        return ()
    typed = model.text(target).strip().casefold()
    fitting = [name for name in page.people if typed in name.casefold() and name.casefold() != typed]
    return tuple(fitting[:6])
