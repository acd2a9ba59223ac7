"""One faint line where content would be, with the keys that fill the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.widgets.cells import width
from salestui.widgets.drawn import DrawnWidget

if TYPE_CHECKING:
    from typing import Unpack

    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Palette

__all__ = ["HintLine", "hint_pieces"]


def hint_pieces(palette: Palette, column: int, text: str, *keys: tuple[str, str]) -> list[Piece]:
    """Return the pieces of an empty place: faint text, then each key with its verb."""
    pieces: list[Piece] = [(column, text, palette.style("faint"))]
    at = column + width(text) + 2
    for key, verb in keys:
        pieces += [(at, key, palette.style("primary", bold=True)), (at + width(key) + 1, verb, palette.style("faint"))]
        at += width(key) + width(verb) + 4
    return pieces


class HintLine(DrawnWidget):
    """An empty place: says so and names the keys that help."""

    DEFAULT_CSS = "HintLine { height: 1; }"

    def __init__(self, text: str = "", *keys: tuple[str, str], **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._text = text
        self._keys = keys

    def show(self, text: str, *keys: tuple[str, str]) -> None:
        """Say something else."""
        self._text, self._keys = text, keys
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return self.line(hint_pieces(self.palette, 0, self._text, *self._keys) if y == 0 else [])
