"""One row for a word in passing: what happened, why a key was refused, or what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from salestui.widgets.cells import width
from salestui.widgets.drawn import DrawnWidget

if TYPE_CHECKING:
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["NoticeLine"]


class NoticeLine(DrawnWidget):
    """Shows a text at the left and, where given, a key with its verb at the right edge."""

    DEFAULT_CSS = "NoticeLine { height: 1; }"

    def __init__(self, text: str = "", **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._text, self._key, self._verb = text, "", ""

    def show(self, text: str, key: str = "", verb: str = "") -> None:
        """Show another text when it differs."""
        if (text, key, verb) != (self._text, self._key, self._verb):
            self._text, self._key, self._verb = text, key, verb
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        style = self.palette.style
        pieces: list[Piece] = [(1, self._text, style("foreground", "surface"))] if not y else []
        if self._key and not y:
            start = self.size.width - 2 - width(self._key) - width(self._verb)
            pieces.append((start, self._key, style("primary", "surface", bold=True)))
            pieces.append((start + width(self._key) + 1, self._verb, style("muted", "surface")))
        return self.line(pieces, "surface")
