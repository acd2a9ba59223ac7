"""A list of rows in columns: customers, campaigns, contacts, rows of an import. One widget, however long the list.

Rows are made when they come into sight, so that ten thousand cost what forty do. Sections share the cursor; each has
its own columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.i18n import pgettext
from salestui.widgets.cells import compose, cut, hang, right, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.hint import hint_pieces
from salestui.widgets.listing_rows import LEFT, Cell, Column, LazyRows, PagedRows, Row, Section, places
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from rich.style import Style
    from textual import events
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["Cell", "Column", "LazyRows", "Listing", "PagedRows", "Row", "Section"]


@dataclass(frozen=True, slots=True)
class _Block:
    """A section at its place: the line of its heading, how many lines stand before its rows, and those after."""

    section: Section
    start: int
    head: int
    end: int
    places: tuple[tuple[int, int], ...]


class Listing(DrawnWidget):
    """Draws sections of rows with one cursor that stays on its row (by key) when others are shown."""

    DEFAULT_CSS = "Listing { height: 1fr; width: 1fr; }"

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row."""

        row: Row | None

    @dataclass
    class Chosen(Message):
        """The row under the cursor was clicked."""

        row: Row

    def __init__(self, sections: Iterable[Section] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._blocks: tuple[_Block, ...] = ()
        self._starts: list[int] = []
        self._cursor = 0
        self._first = 0
        self._active = True
        self._hint: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
        self._load(tuple(sections), None)

    # -- what is shown --------------------------------------------------------------------------------------------

    def show(self, sections: Iterable[Section], *, select: Hashable | None = None) -> None:
        """Draw other sections; the cursor goes to the row `select`, or stays on the row where it is."""
        self._load(tuple(sections), select)
        self.refresh()

    def set_hint(self, text: str, *keys: tuple[str, str]) -> None:
        """Say this where there is nothing at all to show, with the keys that help."""
        if (text, keys) != self._hint:
            self._hint = (text, keys)
            self.refresh()

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        block = self._block(self._cursor)
        if block is None:
            return None
        at = self._cursor - block.start - block.head
        return block.section.rows[at] if 0 <= at < len(block.section.rows) else None

    @property
    def position(self) -> tuple[int, int]:
        """Which of all rows the cursor is on, counted from 1, and how many there are; (0, 0) for none."""
        before = 0
        for block in self._blocks:
            at = self._cursor - block.start - block.head
            if 0 <= at < len(block.section.rows):
                return before + at + 1, sum(len(other.section.rows) for other in self._blocks)
            before += len(block.section.rows)
        return 0, before

    def in_sight(self) -> tuple[Hashable, ...]:
        """Return the keys of the rows in sight, and of as many below."""
        lines = range(self._first, min(self._first + 2 * max(self.size.height, 1), self._height))
        found = []
        for line in lines:
            block = self._block(line)
            at = line - block.start - block.head if block is not None else -1
            if block is not None and 0 <= at < len(block.section.rows):
                found.append(block.section.rows[at].key)
        return tuple(found)

    def window(self) -> tuple[int, int]:
        """Return the places in sight of a list of one section, with a screen above and below: from, to before."""
        height = max(self.size.height, 1)
        head = self._blocks[0].head if self._blocks else 0
        return max(self._first - head - height, 0), self._first - head + 2 * height

    @property
    def active(self) -> bool:
        """Whether this list has the keys; without them its cursor is only a bar."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self.refresh()

    def _load(self, sections: tuple[Section, ...], select: Hashable | None) -> None:
        key = select if select is not None else self.selected.key if self.selected else None
        blocks: list[_Block] = []
        line = 0
        for section in sections:
            if not section.rows and not section.empty:
                continue
            if blocks:
                line += 1
            head = int(bool(section.title or section.titled))
            end = line + head + (len(section.rows) or 1)
            blocks.append(_Block(section, line, head, end, ()))
            line = end
        self._blocks = tuple(blocks)
        self._starts = [block.start for block in blocks]
        found = self._locate(key) if key is not None else None
        self._cursor = found if found is not None else self._nearest(self._cursor)
        self._place_columns()
        self._settle()

    def _locate(self, key: Hashable) -> int | None:
        for block in self._blocks:
            at = block.section.locate(key)
            if at is not None:
                return block.start + block.head + at
        return None

    def _nearest(self, line: int) -> int:
        """Return the line of the row nearest to `line`; 0 where there are no rows."""
        best: int | None = None
        for block in self._blocks:
            if block.section.rows:
                first, last = block.start + block.head, block.end - 1
                here = min(max(line, first), last)
                if best is None or abs(here - line) < abs(best - line):
                    best = here
        return best or 0

    def _block(self, line: int) -> _Block | None:
        at = bisect_right(self._starts, line) - 1
        return self._blocks[at] if at >= 0 and line < self._blocks[at].end else None

    @property
    def _height(self) -> int:
        return self._blocks[-1].end if self._blocks else 0

    # -- moving -----------------------------------------------------------------------------------------------------

    def move_cursor(self, dy: int) -> bool:
        """Move over the rows, past headings; False at either end."""
        if self.selected is None:
            return False
        wanted, left = self._cursor, abs(dy)
        step = 1 if dy > 0 else -1
        while left:
            following = self._next(wanted, step)
            if following is None:
                break
            wanted, left = following, left - 1
        return wanted != self._cursor and self._to(wanted)

    def _next(self, line: int, step: int) -> int | None:
        """Return the line of the row after or before this one, or None."""
        index = bisect_right(self._starts, line) - 1
        block = self._blocks[index]
        if block.start + block.head <= line + step < block.end:
            return line + step
        index += step
        while 0 <= index < len(self._blocks):
            block = self._blocks[index]
            if block.section.rows:
                return block.start + block.head if step > 0 else block.end - 1
            index += step
        return None

    def page(self, direction: int) -> bool:
        """Move by half a page."""
        return self.move_cursor(direction * max(self.size.height // 2, 1))

    def home(self) -> bool:
        """Go to the first row."""
        return self._to(self._nearest(0))

    def end(self) -> bool:
        """Go to the last row."""
        return self._to(self._nearest(self._height))

    def go_to(self, key: Hashable) -> bool:
        """Go to the row with this key; False where there is none."""
        line = self._locate(key)
        return line is not None and self._to(line)

    def _to(self, line: int) -> bool:
        before, first = self._cursor, self._first
        self._cursor = line
        self._settle()
        if first == self._first:
            self.refresh_rows(before - first, line - first)
        else:
            self.refresh()
        self.post_message(self.Highlighted(self.selected))
        return before != line

    def _settle(self) -> None:
        height = self.size.height
        if not height:
            return
        total = self._height
        block = self._block(self._cursor)
        heading = block.head if block is not None and self._cursor == block.start + block.head else 0
        top = self._cursor - heading
        last = self._first + height - 1 - int(total > self._first + height)
        if top < self._first:
            self._first = max(min(top, self._first - height // 2), 0)
        elif self._cursor > last:
            self._first = max(self._cursor - height + 2, min(self._first + height // 2, top))
        self._first = max(min(self._first, total - height), 0)

    def fit(self) -> None:
        """Lay the columns out for the new width, and keep the cursor in sight."""
        self._place_columns()
        self._settle()

    def _place_columns(self) -> None:
        across = self.size.width
        self._blocks = tuple(replace(block, places=places(block.section.columns, across)) for block in self._blocks)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        line = self._first + y
        if not self._blocks:
            text, keys = self._hint
            return self.line(hint_pieces(self.palette, LEFT, text, *keys) if y == 0 and text else [])
        hidden = self._height - line
        if y == self.size.height - 1 and hidden > 1:
            return self.line([(LEFT, self._more(line), self.palette.style("faint"))])
        block = self._block(line)
        if block is None:
            return self.line([])
        at = line - block.start - block.head
        if at < 0:
            return self.line(self._heading(block))
        if not block.section.rows:
            text, keys = block.section.empty or ("", ())
            return self.line(hint_pieces(self.palette, LEFT, text, *keys))
        here = line == self._cursor
        ground: Ground = "cursor" if here and self._active else "background"
        pieces = self._cells(block, block.section.rows[at], ground, here=here)
        return compose(pieces, self.size.width, self.palette.style("foreground", ground))

    def _more(self, line: int) -> str:
        """Say how many rows lie below, this line's included."""
        rows = sum(
            block.end - max(line, block.start + block.head)
            for block in self._blocks
            if block.section.rows and block.end > line
        )
        return f"{symbols().below} {pgettext('below', '{n} more').format(n=rows)}"

    def _heading(self, block: _Block) -> list[Piece]:
        style, section = self.palette.style, block.section
        pieces: list[Piece] = []
        if section.title:
            pieces.append((LEFT, section.title, style(section.tone.value, bold=True)))
            at = LEFT + width(section.title) + 2
            if section.total:
                pieces.append((at, section.total, style("muted")))
                at += width(section.total) + 2
        else:
            at = 0
        for column, (start, cells) in zip(section.columns, block.places, strict=True):
            if column.title and cells and start >= at:
                shown = cut(column.title, cells)
                pieces.append((right(shown, start + cells) if column.at_right else start, shown, style("faint")))
        if section.more:
            key, verb = section.more
            at = right(verb, self.size.width - 1)
            pieces += [(at - width(key) - 1, key, style("primary", bold=True)), (at, verb, style("faint"))]
        return pieces

    def _cells(self, block: _Block, row: Row, ground: Ground, *, here: bool) -> list[Piece]:
        pieces: list[Piece] = [self.bar(ground, active=self._active)] if here else []
        for index, (cell, (start, cells)) in enumerate(zip(row.cells, block.places, strict=False)):
            if not cells or not cell.text:
                continue
            column = block.section.columns[index]
            text = plain(cell.text)
            shown = cut(text, cells)
            at = right(shown, start + cells) if column.at_right else hang(shown, start) if index else start
            pieces.append((at, shown, self._style(cell, ground, first=index == 0, here=here and self._active)))
        return pieces

    def _style(self, cell: Cell, ground: Ground, *, first: bool, here: bool) -> Style:
        if cell.grade:
            return self.palette.grade(cell.text.strip("-") or None, ground)
        tone = "strong" if first and here else cell.tone.value
        return self.palette.style(tone, ground, bold=cell.bold)

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; choose it when it is selected already."""
        line = self._first + event.y
        block = self._block(line)
        if block is None or not 0 <= line - block.start - block.head < len(block.section.rows):
            return
        event.stop()
        if line == self._cursor and (row := self.selected) is not None:
            self.post_message(self.Chosen(row))
        else:
            self._to(line)

    def on_mouse_scroll_down(self) -> None:
        """Scroll by the wheel."""
        self.move_cursor(3)

    def on_mouse_scroll_up(self) -> None:
        """Scroll by the wheel."""
        self.move_cursor(-3)
