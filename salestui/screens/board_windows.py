"""What of the board is read when: the pages of cards in sight and ahead of the cursor, and their marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from salestui.domain.views import CardWindow
from salestui.i18n import gettext as _
from salestui.screens.board_moves import BoardMoves
from salestui.screens.desk import Desk
from salestui.services import agenda, gate_views
from salestui.services import board as board_service
from salestui.services.board import Board, Selection, Windows
from salestui.services.gate_views import GateView
from salestui.services.request import Request


class BoardRead(NamedTuple):
    """The board as it was read, what is late, due and to be reviewed, and the gate of the card at the cursor."""

    board: Board
    counts: tuple[int, int, int]
    gate: GateView | None


def read_board(request: Request, selection: Selection, text: str, windows: Windows, wanted: int | None) -> BoardRead:
    """Read all that the board shows in one go, so that it is drawn once."""
    board = board_service.load(request, selection, text=text, windows=windows, select=wanted)
    counts = agenda.counts(request, selection.owner or request.actor.id)
    gate = gate_views.view(request, wanted) if wanted is not None and board.found is not None else None
    return BoardRead(board, counts, gate)


class BoardWindows(BoardMoves):
    """The part of the board that fetches cards page by page as they come in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._board: Board | None = None
        self._text = ""
        self._coming: set[tuple[str, int]] = set()

    def show_marks(self) -> None:
        """Draw the cards anew: some were marked long enough as changed by others."""
        for column in self.board_view.columns:
            if isinstance(column.cards, CardWindow):
                column.cards.mark(self.fresh)
        self.board_view.redraw([column.key for column in self.board_view.columns])

    async def bring(self, pages: Mapping[str, Sequence[int]]) -> None:
        """Read pages of cards, by column, and draw them."""
        board = self._board
        if not pages or board is None:
            return
        windows = {column.key: column.cards for column in self.board_view.columns}
        for stage, numbers in pages.items():
            window = windows[stage]
            if isinstance(window, CardWindow):
                first, last = numbers[0], numbers[-1] + 1
                read = await self.desk.ask(
                    board_service.cards_of, board, stage, first * window.size, last * window.size
                )
                for page in range(first, last):
                    start = (page - first) * window.size
                    window.put(page, read[start : start + window.size])
                window.mark(self.fresh)
        self.board_view.redraw(pages)

    def _read_ahead(self) -> None:
        """Read in the background what the next moves may need."""
        pages = {
            key: wanted
            for key, numbers in self.board_view.unread().items()
            if (wanted := tuple(page for page in numbers if (key, page) not in self._coming))
        }
        if pages:
            self.run_worker(self._bring_ahead(pages), group="windows")

    async def _bring_ahead(self, pages: Mapping[str, Sequence[int]]) -> None:
        coming = {(key, page) for key, numbers in pages.items() for page in numbers}
        self._coming |= coming
        try:
            await self.bring(pages)
        finally:
            self._coming -= coming

    def on_board_column_scrolled(self) -> None:
        """The mouse wheel brought other cards in sight."""
        self._read_ahead()

    def _hint(self, board: Board) -> None:
        if board.deals == 0:
            self.board_view.set_hint(_("No deals yet"), ("n", _("new")), ("I", _("import")))
        elif self._text and not any(column.count for column in self.board_view.columns):
            self.board_view.set_hint(_("No deal fits"), ("esc", _("clear")))
        else:
            self.board_view.set_hint("")
