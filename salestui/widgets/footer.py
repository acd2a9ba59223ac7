"""The last row: the keys that work here, in the order of use; leaving and help at the right are never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.widgets.cells import width
from salestui.widgets.drawn import DrawnWidget

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from textual.strip import Strip

    from salestui.domain.views import KeyHint
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["KeyFooter"]

ROOMY = 100
MOST = 10


class KeyFooter(DrawnWidget):
    """One row of keys: at most ten beside the leaving ones, and those that do not fit are dropped from the right."""

    DEFAULT_CSS = "KeyFooter { height: 1; dock: bottom; }"

    def __init__(self, hints: Iterable[KeyHint] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._hints = tuple(hints)

    def show(self, hints: Iterable[KeyHint]) -> None:
        """Show other keys when they differ."""
        wanted = tuple(hints)
        if wanted != self._hints:
            self._hints = wanted
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        if y:
            return self.line([])
        gap = 3 if self.size.width >= ROOMY else 2
        leaving = [hint for hint in self._hints if hint.leaving]
        start = self.size.width - 1 - sum(_length(hint) + gap for hint in leaving) + gap
        pieces: list[Piece] = []
        at = 1
        for hint in [hint for hint in self._hints if not hint.leaving][:MOST]:
            if at + _length(hint) + gap > start:
                break
            pieces += self._pieces(hint, at)
            at += _length(hint) + gap
        at = max(start, 1)
        for hint in leaving:
            pieces += self._pieces(hint, at)
            at += _length(hint) + gap
        return self.line(pieces)

    def _pieces(self, hint: KeyHint, at: int) -> list[Piece]:
        style = self.palette.style
        key = style("primary", bold=True) if hint.enabled else style("faint")
        return [(at, hint.key, key), (at + width(hint.key) + 1, hint.verb, style("muted" if hint.enabled else "faint"))]


def _length(hint: KeyHint) -> int:
    return width(hint.key) + 1 + width(hint.verb)
