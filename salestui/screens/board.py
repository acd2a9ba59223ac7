"""The board: the pipeline as columns, the strip with the selected card's next gate, and the panel it unfolds into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Input

from salestui import keys
from salestui.domain.outcomes import Blocked, Completed, Conflict, Moved
from salestui.domain.views import CardView, KeyHint, StripView, TopBarView
from salestui.i18n import gettext as _
from salestui.screens import board_choices, fixes, places
from salestui.screens.base import bindings, hint
from salestui.screens.board_views import pane, top_view
from salestui.screens.board_windows import BoardWindows, read_board
from salestui.screens.desk import Desk
from salestui.screens.telling import marked_text, moved_text
from salestui.services import board as board_service
from salestui.services import deals, gate_views
from salestui.services.board import Selection
from salestui.services.gate_views import GateView
from salestui.widgets.board import PANE_FROM, BoardView, board_layout
from salestui.widgets.footer import KeyFooter
from salestui.widgets.gatepanel import GatePanel, panel_rows
from salestui.widgets.quiet import QuietInput
from salestui.widgets.sidepane import SidePane
from salestui.widgets.strip import GateStrip
from salestui.widgets.topbar import TopBar

REST = 0.12
LOW = 30


class BoardScreen(BoardWindows):
    """The home of the app."""

    PLACES: ClassVar[tuple[str, ...]] = ("board",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board", "app"), *bindings("gate")[:9]]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._selection = Selection()
        self._text = ""
        self._gate: GateView | None = None
        self._counts = (0, 0, 0)
        self._resting: Timer | None = None
        self._notice = ""
        self._noticed: int | None = None
        self._fresh = False
        self._gate_of: int | None = None

    def compose(self) -> ComposeResult:
        """Top row, columns, strip, panel, footer; the filter line lies over the footer."""
        yield TopBar(TopBarView(_("Board"), waiting=True))
        with Horizontal():
            yield BoardView(compact=self.desk.config.density == "compact")
            yield SidePane()
        yield GateStrip()
        yield GatePanel()
        yield KeyFooter(self.hints())
        yield QuietInput(placeholder=_("name, owner, grade or id"), id="filter", select_on_focus=False)

    @property
    def filter_line(self) -> Input:
        """The line where the filter is typed."""
        return self.query_one("#filter", Input)

    async def on_mount(self) -> None:
        """Load the board before the first frame."""
        self.panel.display = False
        await self.reload()
        self._fresh = True

    async def on_screen_resume(self) -> None:
        """Coming back from another place: what was done there shows at once."""
        if self._board is not None and not self._fresh:
            self._notice = ""
            await self.reload()
        self._fresh = False

    def on_resize(self, event: Resize) -> None:
        """Low screens get a one-row strip, no air under the top row, and compact cards."""
        low = event.size.height < LOW
        self.set_class(low, "-low")
        self.set_class(event.size.width >= PANE_FROM, "-wide")
        stages = len(self._board.stages()) if self._board else 6
        self.query_one(SidePane).styles.width = board_layout(event.size.width, stages).pane or 1
        self.query_one(GateStrip).styles.height = 1 if low else 4
        self.panel.styles.height = panel_rows(event.size.height)
        if self.desk.config.density == "auto":
            self.board_view.compact = low

    def relabel(self) -> None:
        """Follow the language, the look and the density that now hold."""
        super().relabel()
        self.filter_line.placeholder = _("name, owner, grade or id")
        density = self.desk.config.density
        self.board_view.compact = density == "compact" or (density == "auto" and self.size.height < LOW)

    # -- data ---------------------------------------------------------------------------------------------------

    async def reload(self, select: int | None = None) -> None:
        """Read the board anew and draw it; the cursor goes to deal `select` or stays where it is."""
        wanted = self.selected_deal() if select is None else select
        read = await self.desk.ask(read_board, self._selection, self._text, self.board_view.windows(), wanted)
        self._board, self._counts = read.board, read.counts
        self._selection = self._board.selection
        await self._draw(select)
        if read.gate is not None and self.selected_deal() == wanted:
            self._show_gate(read.gate)
        else:
            await self._load_gate()

    async def _draw(self, select: int | None = None) -> None:
        """Show what was read; what was typed into the filter meanwhile narrows it."""
        view = self.board_view
        while self._board is not None and self._board.text != self._text:
            wanted = self.selected_deal() if select is None else select
            self._board = await self.desk.ask(
                board_service.narrowed, self._board, self._text, windows=view.windows(), select=wanted
            )
        if self._board is None:
            return
        view.show(board_service.columns(self._board, changed=self.fresh), select)
        self._hint(self._board)
        self.draw_top()
        await self.bring(view.unread_at_cursor())
        self._read_ahead()

    def draw_top(self) -> None:
        """Draw the top row anew."""
        if self._board is not None:
            marked = len(self.board_view.marks)
            self.query_one(TopBar).show(top_view(self.desk, self._board, self._counts, self._text, marked))

    def on_board_view_card_highlighted(self) -> None:
        """The strip follows when the keys have rested; a notice about this very card stays."""
        self._read_ahead()
        if self._notice and self._noticed == self.selected_deal():
            return
        told, self._notice = self._notice, ""
        if self._resting is not None:
            self._resting.stop()
        if self._gate_of != self.selected_deal() or told:
            self._resting = self.set_timer(REST, self._load_gate)

    async def _load_gate(self) -> None:
        card = self.board_view.selected
        self._show_gate(await self.desk.ask(gate_views.view, card.deal_id) if card else None)

    def _show_gate(self, gate: GateView | None) -> None:
        """Show the gate of the selected card in the strip, and in the panel while that is unfolded."""
        card = self.board_view.selected
        self._gate = gate
        self._gate_of = card.deal_id if card else None
        if not self._notice or self._noticed != self.selected_deal():
            self._show_strip(self._strip(self._gate) if self._gate else None)
        if self._gate is None:
            self._fold()
            return
        if self.panel.display:
            self.panel.show(self._gate.panel)
            self.show_hints()

    def show_present(self) -> None:
        """Say in the strip who else is at the selected card."""
        if self._gate is not None and not self._notice:
            self._show_strip(self._strip(self._gate))

    def _strip(self, gate: GateView) -> StripView:
        others = self.present(f"D{self.selected_deal()}")
        return replace(gate.strip, name=f"{gate.strip.name}  {others}") if others else gate.strip

    def _show_strip(self, view: StripView | None) -> None:
        """Show the strip below the board; on a wide screen it stands in the pane at the right."""
        if self.has_class("-wide"):
            self.query_one(SidePane).show(pane(view))
        else:
            self.query_one(GateStrip).show(view)

    def notice(self, text: str) -> None:
        """Tell something in the strip; the next move of the cursor brings the strip back."""
        self._notice, self._noticed = text, self.selected_deal()
        if self._resting is not None:
            self._resting.stop()
        self._show_strip(StripView(name="", notice=text))
        if self.panel.display:
            self.notify(text, markup=False)

    # -- moving cards -------------------------------------------------------------------------------------------

    def _card(self) -> CardView | None:
        card = self.board_view.selected
        if card is None:
            self.notice(_("There is no card here. Press n for a new deal."))
        return card

    def selected_deal(self) -> int | None:
        """Return the deal of the card under the cursor."""
        card = self.board_view.selected
        return card.deal_id if card else None

    async def show_anew(self, deal: int) -> None:
        """Read the board again; the cursor stays on the deal."""
        self._notice = ""
        await self.reload(deal)

    async def action_advance(self) -> None:
        """Move the card right; a closed gate unfolds the panel. Several marked cards go one after the other."""
        marks = self.board_view.marks
        if marks:
            await self._advance_marked(tuple(sorted(marks)))
            return
        card = self._card()
        if card is None:
            return
        outcome = await self.desk.tell(deals.advance, card.deal_id, card.version)
        if isinstance(outcome, Moved | Completed):
            self._fold()
            await self.reload(card.deal_id)
            if self._board is not None:
                self.notice(moved_text(card.name, outcome, self._board.playbook))
        elif isinstance(outcome, Blocked):
            self._notice = ""
            await self._load_gate()
            self._unfold()
        else:
            if isinstance(outcome, Conflict):
                await self.reload(card.deal_id)
            self.tell_refusal(outcome)

    async def _advance_marked(self, marked: tuple[int, ...]) -> None:
        moved = 0
        for deal in marked:
            outcome = await self.desk.tell(deals.advance, deal, self.marked_at.get(deal))
            if isinstance(outcome, Moved | Completed):
                moved += 1
                self.board_view.toggle_mark(deal)
        await self.reload()
        self.notice(marked_text(moved, len(marked) - moved))

    # -- the gate panel -----------------------------------------------------------------------------------------

    def _unfold(self) -> None:
        if self._gate is None:
            return
        self.panel.show(self._gate.panel)
        self.panel.display = True
        self.query_one(GateStrip).display = False
        self.show_hints()

    def _fold(self) -> None:
        if self.panel.display:
            self.panel.display = False
            self.query_one(GateStrip).display = True
            self.show_hints()

    async def action_gate(self) -> None:
        """Unfold the strip into the panel, or fold it back."""
        self._notice = ""
        if self.panel.display:
            self._fold()
        elif self._card():
            await self._load_gate()
            self._unfold()

    def hints(self) -> Iterable[KeyHint]:
        """The board's keys, or the panel's while it is unfolded."""
        if not (self.is_mounted and self.panel.display):
            return super().hints()
        if self._gate is not None and not self._gate.report.unmet:
            shown = [hint(keys.BY_ID["board.advance"])]
        else:
            shown = [hint(keys.BY_ID["gate.fix"]), KeyHint(">", _("try again")), KeyHint("j k", _("up, down"))]
            shown.append(hint(keys.BY_ID["gate.exception"]))
        shown.append(hint(keys.BY_ID["gate.met"]))
        return [*shown, KeyHint("q", _("close"), leaving=True), hint(keys.BY_ID["board.help"])]

    def on_gate_panel_fix_chosen(self) -> None:
        """A click on the highlighted line goes to its fix."""
        self.action_open()

    async def action_fix(self, number: int) -> None:
        """Go straight to the fix with this number."""
        if self._resting is not None:
            self._resting.stop()
            await self._load_gate()
        requirement = self._gate.requirement(number) if self._gate else None
        if requirement is None:
            self.notice(_("There is no line {n}.").format(n=number))
            return
        self.mend(requirement)

    # -- the selected card --------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the deal; in the panel, mend the line under the cursor."""
        line = self.panel.selected if self.panel.display else None
        requirement = self._gate.requirement(line.number) if line and self._gate else None
        if requirement is not None:
            self.mend(requirement)
        else:
            self.converse(fixes.open_deal)

    def on_board_view_card_chosen(self) -> None:
        """A second click on a card opens it."""
        self.converse(fixes.open_deal)

    def action_exception(self) -> None:
        """Grant an exception: for the panel's line, or for one of the unmet lines."""
        line = self.panel.selected if self.panel.display else None
        requirement = self._gate.requirement(line.number) if line and self._gate else None
        self.converse(fixes.exception_for(requirement))

    def action_handbook(self) -> None:
        """Read the handbook at the stage of the cursor."""
        column = self.board_view.selected_column
        playbook = self._board.playbook if self._board else None
        self.app.push_screen(places.make("handbook", self.desk, playbook, column.key if column else ""))

    # -- what the board shows -----------------------------------------------------------------------------------

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Make a new deal in the campaign the board shows."""
        made = await fixes.new_deal(self, self._selection.campaign)
        await self.reload(made)

    @work(group="conversation", exclusive=True)
    async def action_campaign(self) -> None:
        """Choose which campaign the board shows."""
        await self._select(await board_choices.campaign(self, self._selection))

    @work(group="conversation", exclusive=True)
    async def action_owner(self) -> None:
        """Choose whose deals the board shows."""
        await self._select(await board_choices.owner(self, self._selection))

    async def _select(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            await self.reload()

    def action_filter(self) -> None:
        """Type what the cards must contain."""
        self.filter_line.add_class("-open")
        self.filter_line.focus()

    async def on_input_changed(self) -> None:
        """Every character narrows the board at once; the cursor goes where something was found."""
        self._text = self.filter_line.value
        if self._board is not None and self._board.text != self._text:
            await self._draw()
            self.board_view.seek()

    def on_input_submitted(self) -> None:
        """Enter goes back to the cards; the filter stays."""
        self._close_filter()

    def _close_filter(self) -> None:
        self.filter_line.remove_class("-open")
        self.set_focus(None)

    async def action_leave(self) -> None:
        """Close what is open: the panel, the filter, the marks."""
        if self.filter_line.has_class("-open") or self._text:
            self._close_filter()
            self.filter_line.value = ""
        elif self.panel.display:
            self._fold()
        elif self.board_view.marks:
            self.board_view.marks = frozenset()
            self.draw_top()
        elif self._notice:
            self._notice = ""
        else:
            self.notice(_("ctrl+q quits"))
            return
        await self._load_gate()
