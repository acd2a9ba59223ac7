"""The last step before the terminal: it remembers what every line shows and sends only the cells that changed.

It stands below every screen, so that a key, a panel, a form and a change of place cost what differs and nothing else.
Nothing but the codes made here leaves it: text passes the guard of `cells`, and no other control byte is ever sent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import split_graphemes

from salestui.widgets.cells import guarded
from salestui.widgets.pens import PLAIN, Pen, pen_of, turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.color import ColorSystem
    from rich.segment import Segment
    from rich.style import Style

__all__ = ["Cells", "LineDiffer", "cells_of", "erases_in_colour"]

BRIDGE: Final = 4
"""Cells that did not change are sent again rather than passed over, up to so many, if they need no other colour."""
ERASED: Final = 12
"""Blanks within a line are erased rather than sent, from so many on; at its end from four on."""
ERASED_AT_END: Final = 4
_EMOJI: Final = "\U0001f000"
_COLOURING: Final = (
    "xterm", "tmux", "alacritty", "kitty", "foot", "wezterm", "ghostty", "rxvt", "konsole", "vte", "gnome", "iterm",
    "contour", "st-", "mintty", "ms-terminal", "linux",
)  # fmt: skip


def erases_in_colour(term: str) -> bool:
    """Tell whether a terminal is known to fill what it erases with the ground in use."""
    return term.startswith(_COLOURING)


class Cells:
    """A stretch of a line, cell by cell: the text of each ("" is the right half of a wide one) and its pen.

    `doubtful` says that terminals may not agree on its width: emoji, and what is made of several characters.
    """

    __slots__ = ("doubtful", "pens", "texts")

    def __init__(self, texts: list[str], pens: list[Pen], *, doubtful: bool = False) -> None:
        self.texts = texts
        self.pens = pens
        self.doubtful = doubtful

    def put(self, at: int, other: Cells) -> None:
        """Lay another stretch over this one; half of a wide character that is left becomes a blank."""
        texts, pens, end = self.texts, self.pens, at + len(other.texts)
        if at and texts[at] == "":
            texts[at - 1], pens[at - 1] = " ", pens[at - 1].on_blanks
        if end < len(texts) and texts[end] == "":
            texts[end], pens[end] = " ", pens[end].on_blanks
        texts[at:end], pens[at:end] = other.texts, other.pens
        self.doubtful = self.doubtful or other.doubtful


@lru_cache(maxsize=8192)
def _of_segment(text: str, style: Style | None, system: ColorSystem) -> Cells:
    pen = pen_of(style, system)
    blank = pen.on_blanks
    text = guarded(text)
    if text.isascii():
        texts = list(text)
        return Cells(texts, [blank if one == " " else pen for one in texts])
    texts, pens, doubtful = [], [], False
    for start, end, cells in split_graphemes(text)[0]:
        one = text[start:end]
        if cells == 0:  # marks that stand on nothing
            continue
        texts += [one, *[""] * (cells - 1)]
        pens += [blank if one == " " else pen] * cells
        doubtful = doubtful or len(one) > 1 or one >= _EMOJI
    return Cells(texts, pens, doubtful=doubtful)


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> Cells:
    """Return segments cell by cell; control segments are left out."""
    texts: list[str] = []
    pens: list[Pen] = []
    doubtful = False
    for text, style, control in segments:
        if not control and text:
            cells = _of_segment(text, style, system)
            texts += cells.texts
            pens += cells.pens
            doubtful = doubtful or cells.doubtful
    return Cells(texts, pens, doubtful=doubtful)


class LineDiffer:
    """Remembers the cells of a terminal and says what to send so that it shows others.

    `fills` says that the terminal erases in the ground in use. Give it the new stretches with `put`, then ask `take`
    for the bytes. `forget` when the terminal may show anything: the next `take` begins with an empty screen.
    """

    def __init__(self, *, fills: bool = True) -> None:
        self._fills = fills
        self._shown: list[Cells] = []
        self._wanted: dict[int, Cells] = {}
        self._size = (0, 0)
        self._cursor: tuple[int | None, int] | None = None
        self._pen = PLAIN
        self._out: list[str] = []

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows that are remembered; (0, 0) when nothing is."""
        return self._size

    def forget(self) -> None:
        """Take nothing for granted any more."""
        self._size, self._cursor = (0, 0), None
        self._shown, self._wanted = [], {}

    def begin(self, columns: int, rows: int) -> None:
        """Start from an empty screen of this size."""
        self.forget()
        self._size = columns, rows
        self._shown = [Cells([" "] * columns, [PLAIN] * columns) for _row in range(rows)]
        self._out = ["\x1b[m\x1b[H\x1b[2J"]
        self._pen, self._cursor = PLAIN, (0, 0)

    def put(self, row: int, column: int, cells: Cells) -> None:
        """Say what stands at a place from now on; what reaches beyond the screen is left out."""
        columns, rows = self._size
        if not (0 <= row < rows and 0 <= column < columns) or not cells.texts:
            return
        if column + len(cells.texts) > columns:
            cells = _cropped(cells, columns - column)
        line = self._wanted.get(row)
        if line is None:
            shown = self._shown[row]
            line = self._wanted[row] = Cells(shown.texts.copy(), shown.pens.copy(), doubtful=False)
            line.doubtful = shown.doubtful and len(cells.texts) < columns
        line.put(column, cells)

    def line(self, row: int) -> Cells:
        """Return a copy of what stands in a line from now on."""
        line = self._wanted.get(row, self._shown[row])
        return Cells(line.texts.copy(), line.pens.copy(), doubtful=line.doubtful)

    def take(self, cursor: tuple[int, int]) -> str:
        """Return what the terminal must be sent, "" if nothing; the cursor ends at (column, row), the pen plain."""
        for row in sorted(self._wanted):
            line, shown = self._wanted[row], self._shown[row]
            if line.texts != shown.texts or line.pens != shown.pens:
                self._draw(row, shown, line)
            self._shown[row] = line
        self._wanted = {}
        self._out += [turn(self._pen, PLAIN), _way(self._cursor, cursor)]
        self._pen, self._cursor = PLAIN, cursor
        out, self._out = "".join(self._out), []
        return out

    # -- one line ------------------------------------------------------------------------------------------------

    def _draw(self, row: int, shown: Cells, line: Cells) -> None:
        """Send what changed in a line: from left to right, or colour by colour where that is shorter."""
        runs = self._runs(shown, line)
        plans = [self._plan(row, runs)]
        if len(runs) > 2 and not (shown.doubtful or line.doubtful):
            by_pen = {self._pen: 0} | {run.pen: place for place, run in reversed([*enumerate(runs, 1)])}
            by_pen[self._pen] = 0
            plans.append(self._plan(row, sorted(runs, key=lambda run: by_pen[run.pen])))
        best = min(plans, key=lambda plan: len(plan.codes))
        self._out.append(best.codes)
        self._pen, self._cursor = best.pen, best.cursor

    def _plan(self, row: int, runs: Iterable[_Run]) -> _Plan:
        codes: list[str] = []
        pen, cursor = self._pen, self._cursor
        for run in runs:
            codes.append(_way(cursor, (run.start, row)))
            wanted = pen.blank_with(run.pen) if run.blank else run.pen
            codes += [turn(pen, wanted), run.codes]
            pen, cursor = wanted, (run.after, row)
        return _Plan("".join(codes), pen, cursor)

    def _runs(self, shown: Cells, line: Cells) -> list[_Run]:
        """Cut what changed into stretches of one pen; a few unchanged cells between two of them are sent again."""
        texts, pens, columns = line.texts, line.pens, self._size[0]
        doubtful = shown.doubtful or line.doubtful
        changed = [doubtful or pair[0] != pair[1] or pair[2] != pair[3] for pair in _pairs(shown, line)]
        blank_from = self._blank_from(line)
        runs: list[_Run] = []
        at = 0
        while at < columns:
            if not changed[at] or texts[at] == "":
                at += 1
                continue
            start, pen = at, pens[at]
            if start >= blank_from:
                return [*runs, _Run(start, "\x1b[K", start, pen, blank=True)]
            blank = texts[start] == " " and not (pen.ink or pen.marks)
            erased = _blanks(line, start, changed) if blank and _erasable(pen, fills=self._fills) else 0
            if erased >= ERASED:
                runs.append(_Run(start, f"\x1b[{erased}X", start, pen, blank=True))
                at = start + erased
                continue
            at += 1
            while at < columns and (texts[at] == "" or (changed[at] and not doubtful and pens[at] == pen)):
                if (texts[at] == " ") != blank and not (pen.ink or pen.marks):
                    break
                at += 1
            run = _Run(start, "".join(texts[start:at]), at if at < columns else None, pen, blank)
            if doubtful and (len(run.codes) > 1 or run.codes >= _EMOJI):
                run = run._replace(codes=f"  \x1b[2D{run.codes}" if at - start > 1 else run.codes, after=None)
            joined = _joined(runs[-1], run, line) if runs else None
            runs[-1:] = [joined] if joined else [*runs[-1:], run]
        return runs

    def _blank_from(self, line: Cells) -> int:
        """Return from where on the line is blank in one colour and can be erased; beyond the line if it cannot."""
        columns = self._size[0]
        last, end = line.pens[-1], columns
        if not _erasable(last, fills=self._fills):
            return columns
        while end and line.texts[end - 1] == " " and line.pens[end - 1] == last:
            end -= 1
        return end if columns - end >= ERASED_AT_END else columns


class _Run(NamedTuple):
    """A stretch of a line in one pen: where it starts, what is sent, and where the cursor is then (None: who knows)."""

    start: int
    codes: str
    after: int | None
    pen: Pen
    blank: bool


class _Plan(NamedTuple):
    """What is sent for a line, and the pen and the cursor afterwards."""

    codes: str
    pen: Pen
    cursor: tuple[int | None, int] | None


def _way(cursor: tuple[int | None, int] | None, to: tuple[int, int]) -> str:
    """Return the shortest code that moves the cursor."""
    if cursor == to:
        return ""
    column, row = to
    if to == (0, 0):
        return "\x1b[H"
    if cursor is None or cursor[1] != row:
        return f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H"
    if column == 0:
        return "\r"
    there = f"\x1b[{column + 1}G"
    if cursor[0] is None:
        return there
    forward = column - cursor[0]
    return min(f"\x1b[{abs(forward) if abs(forward) > 1 else ''}{'C' if forward > 0 else 'D'}", there, key=len)


def _erasable(pen: Pen, *, fills: bool) -> bool:
    return not (pen.ink or pen.marks) and (fills or not pen.ground)


def _blanks(line: Cells, start: int, changed: list[bool]) -> int:
    """Return how many blanks alike stand from a cell on, as far as the last of them that changed."""
    last = at = start
    while at < len(changed) and line.texts[at] == " " and line.pens[at] == line.pens[start]:
        last = at if changed[at] else last
        at += 1
    return last + 1 - start


def _pairs(shown: Cells, line: Cells) -> Iterator[tuple[str, str, Pen, Pen]]:
    return zip(shown.texts, line.texts, shown.pens, line.pens, strict=True)


def _joined(first: _Run, second: _Run, line: Cells) -> _Run | None:
    """Return two runs as one if one pen draws both and what lies between; None if not."""
    if first.after is None or first.after == first.start:
        return None
    pen = second.pen if first.blank else first.pen
    between = range(first.after, second.start)
    if len(between) > BRIDGE or any(
        len(text) != 1 or not text.isascii() for text in line.texts[first.after : second.start]
    ):
        return None
    drawn = [(first.pen, first.blank), (second.pen, second.blank)]
    drawn += [(line.pens[cell], line.texts[cell] == " ") for cell in between]
    if any((pen.blank_with(one) if blank else one) != pen for one, blank in drawn):
        return None
    codes = first.codes + "".join(line.texts[first.after : second.start]) + second.codes
    return _Run(first.start, codes, second.after, pen, blank=first.blank and second.blank)


def _cropped(cells: Cells, columns: int) -> Cells:
    texts, pens = cells.texts[:columns], cells.pens[:columns]
    if cells.texts[columns] == "":
        for at in range(columns - 1, -1, -1):
            half, texts[at], pens[at] = texts[at] == "", " ", pens[at].on_blanks
            if not half:
                break
    return Cells(texts, pens, doubtful=cells.doubtful)
