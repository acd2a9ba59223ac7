"""Moving about on the board: the cursor, the marks, the panel's lines."""

from __future__ import annotations

from salestui.screens.acting import ActingScreen
from salestui.widgets.board import BoardView
from salestui.widgets.gatepanel import GatePanel


class BoardMoves(ActingScreen[None]):
    """The part of the board that changes nothing but what is under the cursor."""

    @property
    def board_view(self) -> BoardView:
        """The columns."""
        return self.query_one(BoardView)

    @property
    def panel(self) -> GatePanel:
        """The gate panel; shown when `display` is true."""
        return self.query_one(GatePanel)

    def draw_top(self) -> None:
        """Draw the top row anew."""
        raise NotImplementedError

    def action_left(self) -> None:
        """One column to the left."""
        self.board_view.move_cursor(dx=-1)

    def action_right(self) -> None:
        """One column to the right."""
        self.board_view.move_cursor(dx=1)

    def action_up(self) -> None:
        """One card, or one line of the panel, up."""
        if not (self.panel.display and self.panel.move_cursor(-1)):
            self._step(-1)

    def action_down(self) -> None:
        """One card, or one line of the panel, down."""
        if not (self.panel.display and self.panel.move_cursor(1)):
            self._step(1)

    def _step(self, dy: int) -> None:
        if not self.panel.display:
            self.board_view.move_cursor(dy=dy)

    def action_page_up(self) -> None:
        """Half a page up."""
        self.board_view.page(-1)

    def action_page_down(self) -> None:
        """Half a page down."""
        self.board_view.page(1)

    def action_top(self) -> None:
        """To the first card of the column."""
        self.board_view.home()

    def action_bottom(self) -> None:
        """To the last card of the column."""
        self.board_view.end()

    def action_mark(self) -> None:
        """Mark the card and go on to the next."""
        self.board_view.toggle_mark()
        self.board_view.move_cursor(dy=1)
        self.draw_top()

    def action_met(self) -> None:
        """Show what is met."""
        if self.panel.display:
            self.panel.toggle_met()

    def action_density(self) -> None:
        """Air between the cards, or none."""
        self.board_view.compact = not self.board_view.compact
