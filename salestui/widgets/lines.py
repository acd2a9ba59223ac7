"""The last step before the terminal: it remembers what every line shows and sends only the cells that changed.

It stands below every screen, so that a key, a panel, a form and a change of place cost what differs and nothing else.
Nothing but the codes made here leaves it: text passes the guard of `cells`, and no other control byte is ever sent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.cells import split_graphemes

from salestui.widgets.cells import guarded
from salestui.widgets.pens import PLAIN, Pen, pen_of, turn

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self._cursor: tuple[int, int] | None = None
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

    def take(self, cursor: tuple[int, int]) -> str:
        """Return what the terminal must be sent, "" if nothing; the cursor ends at (column, row), the pen plain."""
        for row in sorted(self._wanted):
            line, shown = self._wanted[row], self._shown[row]
            if line.texts != shown.texts or line.pens != shown.pens:
                self._draw(row, shown, line)
            self._shown[row] = line
        self._wanted = {}
        self._use(PLAIN)
        self._go(*cursor)
        out, self._out = "".join(self._out), []
        return out

    # -- one line ------------------------------------------------------------------------------------------------

    def _draw(self, row: int, shown: Cells, line: Cells) -> None:
        columns = self._size[0]
        texts, pens = line.texts, line.pens
        if shown.doubtful or line.doubtful:
            changed = list(range(columns))
        else:
            old = zip(shown.texts, shown.pens, strict=True)
            new = zip(texts, pens, strict=True)
            changed = [at for at, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
        end = self._blank_from(line)
        at = -1
        for place in changed:
            if place < at or texts[place] == "":
                continue
            if not self._bridged(row, at, place, line):
                self._go(place, row)
            if place >= end:
                self._use(self._pen.blank_with(pens[place]))
                self._out.append("\x1b[K")
                return
            at = self._send(row, place, line, changed[-1])

    def _blank_from(self, line: Cells) -> int:
        """Return from where on the line is blank in one colour and can be erased; beyond the line if it cannot."""
        columns = self._size[0]
        last, end = line.pens[-1], columns
        if last.ink or last.marks or (last.ground and not self._fills):
            return columns
        while end and line.texts[end - 1] == " " and line.pens[end - 1] == last:
            end -= 1
        return end if columns - end >= ERASED_AT_END else columns

    def _bridged(self, row: int, at: int, place: int, line: Cells) -> bool:
        """Send the few unchanged cells before `place` again, where that is shorter than passing over them."""
        if self._cursor != (at, row) or not 0 < place - at <= BRIDGE:
            return self._cursor == (place, row)
        between = range(at, place)
        if any(not line.texts[cell].isascii() or line.texts[cell] == "" for cell in between):
            return False
        if any(self._needs(line.texts[cell], line.pens[cell]) for cell in between):
            return False
        self._out.append("".join(line.texts[at:place]))
        self._cursor = (place, row)
        return True

    def _send(self, row: int, place: int, line: Cells, last: int) -> int:
        """Send the cell at `place`, or the blanks that begin there; return the next place."""
        columns = self._size[0]
        text, pen = line.texts[place], line.pens[place]
        if text == " ":
            end = place
            while end <= last and line.texts[end] == " " and line.pens[end] == pen:
                end += 1
            if end - place >= ERASED and not (pen.ink or pen.marks) and (self._fills or not pen.ground):
                self._use(self._pen.blank_with(pen))
                self._out.append(f"\x1b[{end - place}X")
                return end
        wide = place + 1 < columns and line.texts[place + 1] == ""
        doubtful = len(text) > 1 or text >= _EMOJI
        self._use(self._needed(text, pen))
        if doubtful and wide:
            self._out.append("  \x1b[2D")
        self._out.append(text)
        after = place + 1 + wide
        while after < columns and line.texts[after] == "":
            after += 1
        self._cursor = None if doubtful or after >= columns else (after, row)
        return after

    # -- pen and cursor --------------------------------------------------------------------------------------------

    def _needed(self, text: str, pen: Pen) -> Pen:
        return self._pen.blank_with(pen) if text == " " else pen

    def _needs(self, text: str, pen: Pen) -> bool:
        return self._needed(text, pen) != self._pen

    def _use(self, pen: Pen) -> None:
        if pen != self._pen:
            self._out.append(turn(self._pen, pen))
            self._pen = pen

    def _go(self, column: int, row: int) -> None:
        if self._cursor == (column, row):
            return
        forward = column - self._cursor[0] if self._cursor and self._cursor[1] == row else 0
        if (column, row) == (0, 0):
            self._out.append("\x1b[H")
        elif forward > 0:
            self._out.append(f"\x1b[{forward}C" if forward > 1 else "\x1b[C")
        else:
            self._out.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        self._cursor = (column, row)


def _cropped(cells: Cells, columns: int) -> Cells:
    texts, pens = cells.texts[:columns], cells.pens[:columns]
    if cells.texts[columns] == "":
        for at in range(columns - 1, -1, -1):
            half, texts[at], pens[at] = texts[at] == "", " ", pens[at].on_blanks
            if not half:
                break
    return Cells(texts, pens, doubtful=cells.doubtful)
