"""Moving about on the board: the cursor, the marks, the panel's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestui.screens.acting import ActingScreen
from salestui.screens.desk import Desk
from salestui.widgets.board import BoardView
from salestui.widgets.gatepanel import GatePanel


class BoardMoves(ActingScreen[None]):
    """The part of the board that changes nothing but what is under the cursor."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.marked_at: dict[int, int] = {}

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

    async def bring(self, pages: Mapping[str, Sequence[int]]) -> None:
        """Read pages of cards, by column; does nothing where there are none."""
        raise NotImplementedError

    async def _move(self, dx: int = 0, dy: int = 0) -> None:
        """Move the cursor; cards that were not read yet are waited for, so that it never stands on an unknown one."""
        view = self.board_view
        target = view.toward(dx, dy)
        if target is not None:
            await self.bring(view.unread(target))
            view.move_cursor(dx, dy)

    async def action_left(self) -> None:
        """One column to the left."""
        await self._move(dx=-1)

    async def action_right(self) -> None:
        """One column to the right."""
        await self._move(dx=1)

    async def action_up(self) -> None:
        """One card, or one line of the panel, up."""
        if not (self.panel.display and self.panel.move_cursor(-1)):
            await self._step(-1)

    async def action_down(self) -> None:
        """One card, or one line of the panel, down."""
        if not (self.panel.display and self.panel.move_cursor(1)):
            await self._step(1)

    async def _step(self, dy: int) -> None:
        if not self.panel.display:
            await self._move(dy=dy)

    async def action_page_up(self) -> None:  # type: ignore[override]  # Textual awaits an action that asks for it
        """Half a page up."""
        await self._move(dy=-self.board_view.half_page)

    async def action_page_down(self) -> None:  # type: ignore[override]  # Textual awaits an action that asks for it
        """Half a page down."""
        await self._move(dy=self.board_view.half_page)

    async def action_top(self) -> None:
        """To the first card of the column."""
        await self._move(dy=-self.board_view.length)

    async def action_bottom(self) -> None:
        """To the last card of the column."""
        await self._move(dy=self.board_view.length)

    async def action_mark(self) -> None:
        """Mark the card and go on to the next."""
        card = self.board_view.selected
        if card is not None:
            self.marked_at[card.deal_id] = card.version
        self.board_view.toggle_mark()
        await self._move(dy=1)
        self.draw_top()

    def action_met(self) -> None:
        """Show what is met."""
        if self.panel.display:
            self.panel.toggle_met()

    def action_density(self) -> None:
        """Air between the cards, or none."""
        self.board_view.compact = not self.board_view.compact
