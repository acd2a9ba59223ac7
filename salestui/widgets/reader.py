"""The handbook to read: all its entries as one text, drawn line by line however long it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.domain.handbook import Chapter, Entry, EntryKind, matches
from salestui.widgets.cells import compose, cut, hang, right, width, wrap
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["HandbookReader"]

Word = tuple[int, str, str, bool]
"""A text at a column: column, text, tone, bold."""

EDGE: Final = 1
SIGN: Final = 2
BODY: Final = 4
MOST: Final = 84
"""Text is set no wider than this, so that the eye finds the next line."""
GAP: Final = 2
TALL: Final = 3
"""From this many rows on the block under the cursor lies on `panel` instead of `cursor`."""
AIRY: Final = frozenset({EntryKind.SECTION, EntryKind.OUTPUT, EntryKind.FIELD})


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: the words on it, and the entry it belongs to (-1: air)."""

    entry: int
    words: tuple[Word, ...] = ()


class HandbookReader(DrawnWidget):
    """Shows all chapters as one text, with a cursor that goes from entry to entry."""

    DEFAULT_CSS = "HandbookReader { width: 1fr; height: 1fr; }"

    @dataclass
    class Reached(Message):
        """The cursor came to another entry."""

        chapter: int
        output: str

    def __init__(self, chapters: Sequence[Chapter] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._wanted = ""
        self._take(chapters)

    def _take(self, chapters: Sequence[Chapter]) -> None:
        self._chapters = tuple(chapters)
        self._entries = [(at, entry) for at, chapter in enumerate(chapters) for entry in chapter.entries]
        self._begins = [0]
        for chapter in chapters:
            self._begins.append(self._begins[-1] + len(chapter.entries))
        self._lines: list[_Line] = []
        self._starts: list[int] = []
        self._set_for = 0
        self._cursor = 0
        self._first = 0

    # -- what is shown --------------------------------------------------------------------------------------------

    def show(self, chapters: Sequence[Chapter], chapter: int = 0, output: str = "") -> None:
        """Show another handbook, from a chapter or one of its outputs on."""
        self._take(chapters)
        self.open_at(chapter, output)

    def mark(self, text: str) -> None:
        """Let every place that contains `text` stand out; an empty one lets none."""
        if text.strip() != self._wanted:
            self._wanted = text.strip()
            self.refresh()

    @property
    def chapter(self) -> int:
        """Which chapter the cursor is in."""
        return self._entries[self._cursor][0] if self._entries else 0

    @property
    def output(self) -> str:
        """The key of the output the cursor is in, or nothing."""
        return self._entries[self._cursor][1].output if self._entries else ""

    @property
    def place(self) -> tuple[int, int]:
        """The chapter, and the entry of it, that the cursor is on."""
        return self.chapter, self._cursor - self._begins[self.chapter]

    # -- moving -----------------------------------------------------------------------------------------------------

    def open_at(self, chapter: int, output: str = "") -> None:
        """Bring a chapter, or an output of it, to the top."""
        if not 0 <= chapter < len(self._chapters):
            return
        entries = self._chapters[chapter].entries
        found = next((at for at, entry in enumerate(entries) if output and entry.output == output), 0)
        self._cursor = self._begins[chapter] + found
        self._lay_out()
        if self._starts:
            self._first = self._bounded(self._starts[self._cursor] - int(bool(found)))
        self._settle()
        self._moved()

    def go_to(self, chapter: int, entry: int) -> None:
        """Put the cursor on an entry; what is in sight moves only where it must."""
        self._to(self._begins[chapter] + entry)

    def move_cursor(self, step: int) -> bool:
        """Go over the entries; False at either end."""
        return self._to(self._cursor + step)

    def page(self, direction: int) -> bool:
        """Go on by nearly a page."""
        if not self._starts:
            return False
        step = max(self.size.height - 2, 1)
        first = self._bounded(self._first + direction * step)
        if first == self._first:
            return self._to(len(self._entries) - 1 if direction > 0 else 0)
        self._first = first
        self._cursor = min(bisect_right(self._starts, first) - 1, len(self._entries) - 1)
        if self._starts[self._cursor] < first and self._cursor + 1 < len(self._entries):
            self._cursor += 1
        self._moved()
        return True

    def next_output(self, direction: int) -> bool:
        """Go to the next or previous output or section."""
        kinds = {EntryKind.CHAPTER, EntryKind.SECTION, EntryKind.OUTPUT}
        at = self._cursor + direction
        while 0 <= at < len(self._entries):
            if self._entries[at][1].kind in kinds:
                return self._to(at, to_top=True)
            at += direction
        return False

    def _to(self, at: int, *, to_top: bool = False) -> bool:
        at = min(max(at, 0), len(self._entries) - 1)
        if not self._entries or at == self._cursor:
            return False
        before, first = self._cursor, self._first
        self._cursor = at
        if to_top and self._starts:
            start = self._starts[at]
            if not self._first <= start < self._first + self.size.height // 2:
                self._first = self._bounded(start - 1)
        self._settle()
        if self._first == first:
            rows = [*self._rows(before), *self._rows(at)]
            self.refresh_rows(*(row - first for row in rows))
            self.post_message(self.Reached(self.chapter, self.output))
        else:
            self._moved()
        return True

    def _moved(self) -> None:
        self.refresh()
        self.post_message(self.Reached(self.chapter, self.output))

    def _rows(self, entry: int) -> range:
        """Return the lines of an entry."""
        if entry >= len(self._starts):
            return range(0)
        start = self._starts[entry]
        end = start
        while end < len(self._lines) and self._lines[end].entry == entry:
            end += 1
        return range(start, end)

    def _bounded(self, first: int) -> int:
        return max(min(first, len(self._lines) - self.size.height), 0)

    def _settle(self) -> None:
        height = self.size.height
        if not height or not self._starts:
            return
        rows = self._rows(self._cursor)
        if rows.start < self._first:
            self._first = self._bounded(min(rows.start, self._first - height // 2))
            if rows.start < self._first or rows.stop > self._first + height:
                self._first = self._bounded(rows.start)
        elif rows.stop > self._first + height:
            self._first = self._bounded(max(self._first + height // 2, rows.stop - height))
            if rows.start < self._first:
                self._first = self._bounded(rows.start)

    def fit(self) -> None:
        """Wrap the text for the new width, and keep the cursor in sight."""
        fresh = not self._starts
        self._lay_out()
        if fresh and self._starts:
            self._first = self._bounded(self._starts[self._cursor] - int(bool(self.output)))
        self._settle()

    # -- laying out -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        cells = min(self.size.width, MOST)
        if cells < BODY * 3 or self._set_for == cells:
            return
        self._set_for = cells
        self._lines, self._starts = [], []
        indents = [_indent(chapter) for chapter in self._chapters]
        for at, (chapter, entry) in enumerate(self._entries):
            last = self._entries[at - 1][1].kind if at else None
            self._lines += [_Line(-1)] * _air(entry.kind, last)
            self._starts.append(len(self._lines))
            self._lines += [_Line(at, words) for words in _set(entry, indents[chapter], cells)]

    # -- drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        at = self._first + y
        if at >= len(self._lines):
            return self.line([])
        line = self._lines[at]
        here = line.entry == self._cursor
        ground: Ground = "background"
        if here:
            ground = "panel" if len(self._rows(line.entry)) >= TALL else "cursor"
        pieces: list[Piece] = [self.bar(ground)] if here else []
        for column, text, tone, bold in line.words:
            pieces += self._lit(column, text, tone, ground, bold=bold)
        return compose(pieces, self.size.width, self.palette.style("foreground", ground))

    def _lit(self, column: int, text: str, tone: str, ground: Ground, *, bold: bool) -> list[Piece]:
        """Return a text with what is searched for standing out of it."""
        style = self.palette.style(tone, ground, bold=bold)
        found = self.palette.style("primary", ground, bold=True)
        pieces: list[Piece] = []
        at = 0
        for begin, end in matches(text, self._wanted):
            for part, tinted in ((text[at:begin], style), (text[begin:end], found)):
                if part:
                    pieces.append((column, part, tinted))
                    column += width(part)
            at = end
        if text[at:] or not pieces:
            pieces.append((column, text[at:], style))
        return pieces

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on what is clicked."""
        at = self._first + event.y
        if at < len(self._lines) and self._lines[at].entry >= 0:
            event.stop()
            self._to(self._lines[at].entry)

    def on_mouse_scroll_down(self) -> None:
        """Scroll by the wheel."""
        self.move_cursor(2)

    def on_mouse_scroll_up(self) -> None:
        """Scroll by the wheel."""
        self.move_cursor(-2)


def _indent(chapter: Chapter) -> int:
    """Return the column where the texts of labelled facts stand in a chapter."""
    labels = [width(label) for entry in chapter.entries for label, _text in entry.facts]
    return BODY + max(6, max(labels, default=0) + GAP)


def _air(kind: EntryKind, before: EntryKind | None) -> int:
    if before is None:
        return 0
    if kind is EntryKind.CHAPTER:
        return 2
    return int(kind in AIRY and before is not EntryKind.SECTION)


def _set(entry: Entry, indent: int, cells: int) -> list[tuple[Word, ...]]:
    """Return the rows of an entry."""
    tall = entry.kind in {EntryKind.CHAPTER, EntryKind.SECTION}
    start = EDGE if tall else BODY
    edge = cells - 1
    rows: list[tuple[Word, ...]] = []
    tone, bold = {
        EntryKind.CHAPTER: ("primary", True),
        EntryKind.SECTION: ("foreground", True),
        EntryKind.OUTPUT: ("strong", True),
        EntryKind.FIELD: ("foreground", True),
    }.get(entry.kind, ("foreground", False))
    remark = plain(entry.remark)
    if entry.title:
        room = edge - start - (width(remark) + GAP if remark else 0)
        for at, row in enumerate(wrap(plain(entry.title), max(room, 8))):
            words: list[Word] = []
            if at == 0 and entry.kind is EntryKind.POINT:
                words.append((SIGN, symbols().open, "faint", False))
            words.append((hang(row, start) if at == 0 else start, row, tone, bold))
            if at == 0 and remark:
                words.append((right(remark, edge), remark, "faint", False))
            rows.append(tuple(words))
    if entry.text:
        shade = "foreground" if entry.kind is EntryKind.TEXT else "muted"
        rows += [((start, row, shade, False),) for row in wrap(plain(entry.text), max(edge - start, 8))]
    inset = start - BODY
    for label, text in entry.facts:
        begin = indent + inset
        said = wrap(plain(text), max(edge - begin, 8))
        shade = "foreground" if entry.kind is EntryKind.CHAPTER else "muted"
        for at, row in enumerate(said):
            name: tuple[Word, ...] = ((start, cut(label, begin - start - 1), "faint", False),) if at == 0 else ()
            rows.append((*name, (hang(row, begin) if at == 0 else begin, row, shade, False)))
    return rows
