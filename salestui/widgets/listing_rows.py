"""What a list is made of: cells in rows, rows in sections, and columns that share the width."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar, overload

from salestui.dataclass import dataclass
from salestui.domain.views import Tone

__all__ = ["GAP", "LEFT", "Cell", "Column", "LazyRows", "PagedRows", "Row", "Section", "places"]

T = TypeVar("T")
LEFT = 1
GAP = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact of a row. `grade` draws the text in the colour of that grade; a bold one stands out."""

    text: str = ""
    tone: Tone = Tone.MUTED
    grade: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `cells` cells; with `share` it also gets that part of what is left over.

    It is left out where the list is narrower than `needs` cells.
    """

    cells: int
    title: str = ""
    share: int = 0
    at_right: bool = False
    needs: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what the screen knows it by, and a cell for each column. The first cell is strong under the cursor."""

    key: Hashable
    cells: tuple[Cell, ...]


UNREAD = Row(None, ())
"""What stands where a row was not read yet."""


class LazyRows(Sequence[Row], Generic[T]):
    """Rows made one by one of records when they come into sight."""

    __slots__ = ("_key", "_made", "_make", "_places", "_records")

    def __init__(self, records: Sequence[T], key: Callable[[T], Hashable], make: Callable[[T], Row]) -> None:
        self._records, self._key, self._make = records, key, make
        self._made: dict[int, Row] = {}
        self._places: dict[Hashable, int] | None = None

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        if index not in self._made:
            self._made[index] = self._make(self._records[index])
        return self._made[index]

    def locate(self, key: Hashable) -> int | None:
        """Return the position of the row with this key, or None."""
        if self._places is None:
            self._places = {self._key(record): at for at, record in enumerate(self._records)}
        return self._places.get(key)


class PagedRows(Sequence[Row]):
    """Rows of which only those in sight were read; the others are drawn empty until their page is `put`.

    Their keys are unknown: the row at an unread place has the key None and no cells.
    """

    __slots__ = ("_count", "_places", "_rows")

    def __init__(self, count: int) -> None:
        self._count = count
        self._rows: dict[int, Row] = {}
        self._places: dict[Hashable, int] = {}

    def put(self, start: int, rows: Sequence[Row]) -> None:
        """Take in rows that were read, from place `start` on."""
        for at, row in enumerate(rows, start):
            self._rows[at] = row
            self._places[row.key] = at

    def unread(self, start: int, stop: int) -> bool:
        """Tell whether a row from place `start` to before `stop` was not read."""
        return any(at not in self._rows for at in range(max(start, 0), min(stop, self._count)))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(self._count)))
        at = index + self._count if index < 0 else index
        if not 0 <= at < self._count:
            raise IndexError(index)
        return self._rows.get(at, UNREAD)

    def locate(self, key: Hashable) -> int | None:
        """Return the position of the row with this key, or None where it is not there or was not read."""
        return self._places.get(key)


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading, with the titles of their columns where they have any.

    `total` stands after the title, `more` at its right: a key and its verb. `empty` is said, with keys that help, where
    there are no rows; a section without rows that says nothing is left out.
    """

    rows: Sequence[Row]
    columns: tuple[Column, ...]
    title: str = ""
    total: str = ""
    tone: Tone = Tone.NORMAL
    more: tuple[str, str] | None = None
    empty: tuple[str, tuple[tuple[str, str], ...]] | None = None

    def locate(self, key: Hashable) -> int | None:
        """Return the position of the row with this key, or None."""
        if isinstance(self.rows, LazyRows | PagedRows):
            return self.rows.locate(key)
        return next((at for at, row in enumerate(self.rows) if row.key == key), None)

    @property
    def titled(self) -> bool:
        """Whether its columns have titles; they stand beside its own, or on a line of their own."""
        return any(column.title for column in self.columns)


def places(columns: Sequence[Column], across: int) -> tuple[tuple[int, int], ...]:
    """Return where each column starts and how many cells it has; 0 cells for one that is left out."""
    shown = [column for column in columns if column.needs <= across]
    taken = sum(column.cells + GAP for column in shown) - GAP if shown else 0
    spare = max(across - 1 - LEFT - taken, 0)
    shares = sum(column.share for column in shown)
    found: list[tuple[int, int]] = []
    at = LEFT
    for column in columns:
        if column.needs > across:
            found.append((at, 0))
            continue
        extra = spare * column.share // shares if shares else 0
        cells = max(min(column.cells + extra, across - 1 - at), 0)
        found.append((at, cells))
        at += cells + GAP
    return tuple(found)
