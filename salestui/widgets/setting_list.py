"""Settings under headings: each with its choices in one row, or with a value that a form changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.widgets.cells import compose, cut, right, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["SettingGroup", "SettingList", "SettingRow"]

VALUE: Final = 26
MOST: Final = 120


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: `choices` with the number of the chosen one, or a `value`; `remark` stands at the right."""

    key: str
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    chosen: int = 0
    remark: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Rows under a heading; `remark` says where they are kept."""

    title: str
    rows: tuple[SettingRow, ...]
    remark: str = ""


class SettingList(DrawnWidget):
    """Draws groups with one cursor that stays on its row (by key)."""

    DEFAULT_CSS = "SettingList { height: 1fr; width: 1fr; }"

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row."""

        row: SettingRow | None

    @dataclass
    class Chosen(Message):
        """A row was clicked, on choice `number` counted from 1, or 0 beside the choices."""

        row: SettingRow
        number: int

    def __init__(self, groups: Sequence[SettingGroup] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._lines: list[SettingGroup | SettingRow | None] = []
        self._cursor = 0
        self._first = 0
        self._load(groups)

    def show(self, groups: Sequence[SettingGroup]) -> None:
        """Draw other settings, or the same with other values."""
        self._load(groups)
        self.refresh()

    @property
    def selected(self) -> SettingRow | None:
        """The row under the cursor."""
        line = self._lines[self._cursor] if self._cursor < len(self._lines) else None
        return line if isinstance(line, SettingRow) else None

    def move_cursor(self, step: int) -> bool:
        """Move over the rows, past headings; False at either end."""
        rows = self._rows
        if not rows:
            return False
        at = rows.index(self._cursor) if self._cursor in rows else 0
        wanted = rows[min(max(at + step, 0), len(rows) - 1)]
        if wanted == self._cursor:
            return False
        before, first = self._cursor, self._first
        self._cursor = wanted
        self._settle()
        if first == self._first:
            self.refresh_rows(before - first, wanted - first)
        else:
            self.refresh()
        self.post_message(self.Highlighted(self.selected))
        return True

    def page(self, direction: int) -> bool:
        """Move by half a page."""
        return self.move_cursor(direction * max(self.size.height // 2, 1))

    @property
    def _rows(self) -> list[int]:
        return [at for at, line in enumerate(self._lines) if isinstance(line, SettingRow)]

    def _load(self, groups: Sequence[SettingGroup]) -> None:
        key = self.selected.key if self.selected else None
        lines: list[SettingGroup | SettingRow | None] = []
        for group in groups:
            lines += [None] if lines else []
            lines += [group, *group.rows]
        self._lines = lines
        rows = self._rows
        same = [at for at in rows if getattr(lines[at], "key", None) == key]
        self._cursor = same[0] if same else min(rows, key=lambda at: abs(at - self._cursor), default=0)
        self._settle()

    def _settle(self) -> None:
        height = self.size.height
        if not height:
            return
        if self._cursor - 1 < self._first:
            self._first = max(self._cursor - 1, 0)
        elif self._cursor >= self._first + height:
            self._first = min(max(self._cursor - height + 1, self._first + height // 2), self._cursor)
        self._first = max(min(self._first, len(self._lines) - height), 0)

    def fit(self) -> None:
        """Keep the cursor in sight at the new height."""
        self._settle()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        at = self._first + y
        line = self._lines[at] if at < len(self._lines) else None
        style, edge = self.palette.style, min(self.size.width, MOST) - 1
        if line is None:
            return self.line([])
        if isinstance(line, SettingGroup):
            start = max(right(cut(line.remark, edge // 2), edge), width(line.title) + 4)
            heading: list[Piece] = [(1, line.title, style("foreground", bold=True))]
            return self.line([*heading, (start, cut(line.remark, edge - start), style("faint"))])
        here = at == self._cursor
        ground: Ground = "cursor" if here else "background"
        pieces: list[Piece] = [self.bar()] if here else []
        label = "strong" if here else "faint" if line.quiet else "foreground"
        pieces.append((1, cut(plain(line.label), VALUE - 2), style(label, ground)))
        for start, text, tone, bold in self._values(line, here=here, edge=edge):
            pieces.append((start, text, style(tone, ground, bold=bold)))
        return compose(pieces, self.size.width, style("foreground", ground))

    def _values(self, row: SettingRow, *, here: bool, edge: int) -> list[tuple[int, str, str, bool]]:
        """Return what stands beside the label: the choices with a tick before the chosen one, or the value."""
        if not row.choices:
            remark = cut(row.remark, edge // 3)
            start = right(remark, edge)
            room = (start if remark else edge + 2) - VALUE - 2
            return [
                (VALUE, cut(plain(row.value), room), "faint" if row.quiet else "muted", False),
                (start, remark, "faint", False),
            ]
        found: list[tuple[int, str, str, bool]] = []
        for at, (number, start, text) in enumerate(self._places(row)):
            chosen = at == row.chosen
            sign = symbols().tick if chosen else str(number) if here else ""
            found.append((start, sign, "success" if chosen else "primary", False))
            found.append((start + 2, text, "strong" if chosen else "muted", False))
        return found

    @staticmethod
    def _places(row: SettingRow) -> list[tuple[int, int, str]]:
        """Return number, column and text of each choice."""
        found = []
        at = VALUE
        for number, text in enumerate(row.choices, 1):
            found.append((number, at, text))
            at += width(text) + 5
        return found

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that is clicked, and tell what was clicked."""
        at = self._first + event.y
        row = self._lines[at] if at < len(self._lines) else None
        if not isinstance(row, SettingRow):
            return
        event.stop()
        self.move_cursor(self._rows.index(at) - self._rows.index(self._cursor))
        hits = [n for n, start, text in self._places(row) if start <= event.x < start + 2 + width(text)]
        self.post_message(self.Chosen(row, hits[0] if hits else 0))
