"""Text in terminal cells: cut, filled and set at columns by what it takes on screen, harmless at the last step.

Widths come from rich, which knows wide characters and graphemes; nothing here counts characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.strip import Strip

from salestui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.color import Color

__all__ = ["GUARD", "Guard", "Piece", "compose", "cut", "fill", "guarded", "hang", "right", "width", "wrap"]

Piece = tuple[int, str, Style]
"""A text that starts at a cell, in a style."""

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DROPPED: Final = frozenset("\u200d\ufe0e\ufe0f")
_STRANGER: Final = "\u2426"
_OPENING: Final = "《"


def width(text: str) -> int:
    """Return how many cells `text` takes."""
    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """Return `text` in at most `cells` cells, cut at its end with `..`; no wide character is halved."""
    if cell_len(text) <= cells:
        return text
    mark = symbols().cut
    if cells <= len(mark):
        return mark[: max(cells, 0)]
    return set_cell_size(text, cells - len(mark)).rstrip() + mark


def fill(text: str, cells: int) -> str:
    """Return `text` cut or filled with blanks to exactly `cells` cells."""
    return set_cell_size(cut(text, cells), max(cells, 0))


def right(text: str, edge: int) -> int:
    """Return the column where `text` starts so that it ends just before column `edge`."""
    return edge - cell_len(text)


def hang(text: str, column: int) -> int:
    """Return the column where `text` starts so that its first letter stands at `column`: 《 hangs two cells left."""
    return column - 2 if text.startswith(_OPENING) else column


def wrap(text: str, cells: int, lines: int = 0) -> list[str]:
    """Return `text` in lines of at most `cells` cells, broken at blanks where there are any; at most `lines` if not 0.

    Chinese may break anywhere but before a closing mark. The last line allowed ends in `..` when text is left.
    """
    rows: list[str] = []
    row = ""
    for part in re.findall(_PARTS, text):
        if part == "\n":
            rows.append(row.rstrip())
            row = ""
        elif cell_len(row) + cell_len(part.rstrip()) <= cells:
            row += part
        else:
            if row.strip():
                rows.append(row.rstrip())
            row = part.lstrip()
            while cell_len(row) > cells > 1:
                head = set_cell_size(row, cells).rstrip()
                rows.append(head)
                row = row[len(head) :]
    if row.strip():
        rows.append(row.rstrip())
    if lines and len(rows) > lines:
        rest = " ".join(rows[lines - 1 :])
        rows = [*rows[: lines - 1], cut(rest, cells)]
    return rows


_CLOSING: Final = "、。，；：！？）》」』〉】"
_WIDE: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_BLANKS: Final = r"[^\S\n]*"
_PARTS: Final = (  # compiled for the first text that is wrapped: no frame waits for it
    rf"\n|[^\n]?[{_CLOSING}]+{_BLANKS}|[{_WIDE}]{_BLANKS}|[^\S\n]|[^\s{_WIDE}{_CLOSING}]+(?![{_CLOSING}]){_BLANKS}"
    rf"|[^\s{_WIDE}{_CLOSING}]+[{_CLOSING}]+{_BLANKS}|."
)


def compose(pieces: Iterable[Piece], cells: int, blank: Style) -> Strip:
    """Return a line of exactly `cells` cells with each piece at its column, in as few segments as possible.

    Pieces come from left to right. Blanks between them take the style of the piece before, those before the first take
    the first one's; a reversed piece keeps its style to itself. What would run into the next piece is cut.
    """
    placed = [piece for piece in pieces if piece[1] and piece[0] < cells]
    runs: list[tuple[str, Style]] = []
    at = 0
    for index, (column, text, style) in enumerate(placed):
        start = max(column, at)
        edge = placed[index + 1][0] if index + 1 < len(placed) else cells
        room = max(edge, start) - start if column <= edge else 0
        if start > at:
            runs.append((" " * (start - at), _beside(runs[-1][1] if runs else style, blank)))
        shown = cut(text, room)
        if shown:
            runs.append((shown, style))
        at = start + cell_len(shown)
    if at < cells:
        runs.append((" " * (cells - at), _beside(runs[-1][1], blank) if runs else blank))
    return Strip(_merge(runs), cells)


def _beside(style: Style, blank: Style) -> Style:
    return blank if style.reverse or style.underline or style.bgcolor != blank.bgcolor else style


def _merge(runs: list[tuple[str, Style]]) -> list[Segment]:
    segments: list[Segment] = []
    for text, style in runs:
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + text, style)
        else:
            segments.append(Segment(text, style))
    return segments


def _picture(match: re.Match[str]) -> str:
    char = match.group()
    if char in _DROPPED:
        return ""
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else _STRANGER


def guarded(text: str) -> str:
    """Return `text` with control, bidi and zero-width characters shown as pictures, in as many cells as it took before.

    What joins emoji is dropped, which leaves the first of a family: the only form as wide in every terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _UNSAFE.sub(_picture, text)
    return text if shown == text else set_cell_size(shown, cell_len(text))


class Guard(LineFilter):
    """The last step before the terminal: every line of every widget passes here (`App.get_line_filters`).

    Textual hands text to the terminal as it is; text that slipped in uncleaned could move the cursor, write the
    clipboard or turn the line around. Hyperlinks are dropped with it: their address is never checked by anybody.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """Return the segments with harmless texts."""
        return [
            segment
            if segment.control
            else Segment(guarded(segment.text), _unlinked(segment.style) if segment.style else None)
            for segment in segments
        ]


def _unlinked(style: Style) -> Style:
    return style.update_link(None) if style.link else style


GUARD: Final = Guard()
