"""A row of lists to choose from, each with its digit and how much is in it; the present one in the accent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salestui.widgets.cells import width
from salestui.widgets.drawn import DrawnWidget

if TYPE_CHECKING:
    from typing import Unpack

    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["TabLine"]


class TabLine(DrawnWidget):
    """Shows (title, count) pairs in one row."""

    DEFAULT_CSS = "TabLine { height: 1; }"

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._tabs: tuple[tuple[str, int], ...] = ()
        self._at = 0

    def show(self, tabs: Sequence[tuple[str, int]], at: int) -> None:
        """Show these lists, the one at position `at` as the present one."""
        if (tuple(tabs), at) != (self._tabs, self._at):
            self._tabs, self._at = tuple(tabs), at
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        if y:
            return self.line([])
        style = self.palette.style
        pieces: list[Piece] = []
        at = 1
        for index, (title, count) in enumerate(self._tabs):
            here = index == self._at
            tone = style("primary", bold=True) if here else style("foreground")
            for text, look in (
                (str(index + 1), tone if here else style("faint")),
                (title, tone),
                (str(count), style("muted")),
            ):
                pieces.append((at, text, look))
                at += width(text) + 1
            at += 3
        return self.line(pieces)
