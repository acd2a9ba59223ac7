"""One customer: its people, its deals in all campaigns, classes, scores and talks; company and history beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize

from salestui.domain.facts import Status
from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.records import ActivityState, Kind, shown
from salestui.domain.views import DealHeadView
from salestui.i18n import gettext as _
from salestui.screens import customer_forms, fixes, history_forms, places
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.choose import ChooseScreen
from salestui.screens.customer_sections import CONTACT, DEAL, PLACE, TALK, in_list, in_pane
from salestui.screens.desk import Desk
from salestui.screens.lists import ListScreen
from salestui.screens.telling import refusal_text
from salestui.services import contacts, customer_pages
from salestui.services.customer_pages import CustomerPage
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.sidepane import SidePane
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["CustomerScreen"]

PANE = 38


class CustomerScreen(ListScreen[None]):
    """Everything known of one customer; Enter opens the line under the cursor."""

    PLACES: ClassVar[tuple[str, ...]] = ("customer", "move")
    CSS_PATH = "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("customer")

    def __init__(self, desk: Desk, customer: int) -> None:
        super().__init__(desk)
        self._customer = customer
        self._page: CustomerPage | None = None

    def compose(self) -> ComposeResult:
        """Top row, lists beside the pane, notices, keys."""
        yield TopBar()
        with Horizontal():
            yield Listing()
            yield SidePane()
        yield NextStrip()
        yield KeyFooter(self.hints())

    @property
    def side(self) -> SidePane:
        """Company and history."""
        return self.query_one(SidePane)

    async def on_mount(self) -> None:
        """Read the customer before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._page is not None:
            await self.reload()

    def on_resize(self, event: Resize) -> None:
        """Break the pane's texts anew."""
        super().on_resize(event)
        if self._page is not None:
            self._draw()

    async def reload(self, select: tuple[str, int] | None = None) -> None:
        """Read the customer anew; the cursor goes to the row `select`, or stays."""
        self._page = await self.desk.ask(customer_pages.page, self._customer)
        self._draw(select)

    def _draw(self, select: tuple[str, int] | None = None) -> None:
        page = self._page
        if page is None:
            return
        across = self.app.size.width - 1 if self.has_class("-narrow") else PANE
        self.listing.show(in_list(page, self.desk.team, self.desk.now), select=select)
        self.side.show(in_pane(page, self.desk.team, across))
        self._draw_head(page)

    def _draw_head(self, page: CustomerPage) -> None:
        scored = [place for place in page.places if place.scores]
        newest = max(scored, key=lambda place: place.scores[0].at, default=None)
        amounts = [deal.amount for deal in page.running if deal.amount is not None]
        self.query_one(TopBar).show(
            DealHeadView(
                name=page.customer.label,
                grade=newest.scores[0].grade if newest else None,
                grade_title=newest.classification if newest else "",
                score=newest.scores[0].total if newest else None,
                amount=amounts[0] if len(amounts) == 1 else None,
                owner=page.customer.owner_name,
                stage=shown(Kind.CUSTOMER, page.customer.id),
            )
        )

    # -- moving about -----------------------------------------------------------------------------------------------

    def action_pane(self) -> None:
        """Between the lists and the pane, which takes their place on a narrow screen."""
        self.side.active = not self.side.active
        self.listing.active = not self.side.active
        self.set_class(self.side.active, "-side")

    def action_up(self) -> None:
        """One line up, in the list or the pane."""
        if self.side.active:
            self.side.scroll_rows(-1)
        else:
            super().action_up()

    def action_down(self) -> None:
        """One line down, in the list or the pane."""
        if self.side.active:
            self.side.scroll_rows(1)
        else:
            super().action_down()

    def _here(self) -> tuple[str, int]:
        """Return what the row under the cursor is, and its number."""
        row = self.listing.selected
        return row.key if row is not None and isinstance(row.key, tuple) else ("", 0)

    # -- doing ------------------------------------------------------------------------------------------------------

    @work(group="conversation", exclusive=True)
    async def _run(self, conversation: fixes.Conversation, deal: int) -> None:
        """Run a conversation about a deal, then show what came of it."""
        outcome = await conversation(self, deal)
        await self.reload()
        if outcome is not None and not isinstance(outcome, fixes.DONE):
            self.notice(refusal_text(outcome))

    async def _ask(self, opened: SalesScreen[Any]) -> object:
        outcome = await self.app.push_screen_wait(opened)
        await self.reload((CONTACT, outcome.number) if isinstance(outcome, Done) and outcome.id[:1] == "P" else None)
        return outcome

    def action_open(self) -> None:
        """Open the deal, contact, score or talk under the cursor."""
        what, number = self._here()
        if what == CONTACT:
            self._edit_contact(number)
        elif what == DEAL:
            self.app.push_screen(places.make("deal", self.desk, number))
        elif what == PLACE:
            self._of_place(fixes.score, number)
        elif what == TALK:
            self._open_talk(number)

    @work(group="conversation", exclusive=True)
    async def _edit_contact(self, number: int) -> None:
        await self._ask(await customer_forms.edit_contact(self.desk, number))

    @work(group="conversation", exclusive=True)
    async def _open_talk(self, number: int) -> None:
        from salestui.screens import talks

        line = next(line for line in self._page.talks if line.talk.id == number) if self._page else None
        if line is None or not line.talk.deals:
            return
        deal = line.talk.deals[0]
        if line.talk.state is ActivityState.PLANNED:
            opened: SalesScreen[Any] = await talks.plan(self.desk, deal, number)
        elif line.talk.summary_sent_at is None:
            opened = await talks.summary(self.desk, deal, number)
        else:
            opened = await talks.talk(self.desk, deal, number)
        await self._ask(opened)

    def _of_place(self, conversation: fixes.Conversation, campaign: int) -> None:
        """Run a conversation about the campaign's newest deal with the customer."""
        found = [line.deal for line in self._page.deals if line.deal.campaign == campaign] if self._page else []
        if found:
            self._run(conversation, found[0].id)
        else:
            self.notice(_("There is no deal in this campaign yet: n makes one."))

    def _about(self, conversation: fixes.Conversation) -> None:
        """Run a conversation about the deal or campaign under the cursor, or the running deal."""
        what, number = self._here()
        if what == DEAL:
            self._run(conversation, number)
        elif what == PLACE:
            self._of_place(conversation, number)
        elif self._page is not None and self._page.deals:
            self._run(conversation, self._page.deals[0].deal.id)
        else:
            self.notice(_("There is no deal yet: n makes one."))

    def action_talk(self) -> None:
        """Log a talk."""
        running = self._page.running if self._page else ()
        if self._here()[0] == DEAL or len(running) <= 1:
            self._about(fixes.log_talk)
        else:
            self._choose_deal()

    @work(group="conversation", exclusive=True)
    async def _choose_deal(self) -> None:
        """Several deals run: ask about which one was spoken."""
        lines = (
            [line for line in self._page.deals if line.deal.status in {Status.OPEN, Status.WON}] if self._page else []
        )
        choices = [(line.deal.id, line.stage, line.deal.title or line.deal.campaign_name) for line in lines]
        chosen = await self.app.push_screen_wait(ChooseScreen(self.desk, _("About which deal?"), choices))
        if chosen is not None:
            await fixes.log_talk(self, chosen)
            await self.reload()

    def action_score(self) -> None:
        """Score the customer."""
        self._about(fixes.score)

    def action_classify(self) -> None:
        """Put the customer on one of the lists."""
        self._about(fixes.classify)

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Make a deal with this customer."""
        from salestui.screens import deal_forms

        made = await deal_forms.new(self, None, self._customer)
        await self.reload((DEAL, made) if made else None)

    @work(group="conversation", exclusive=True)
    async def action_edit(self) -> None:
        """Change what is known of the company."""
        await self._ask(await customer_forms.edit(self.desk, self._customer))

    @work(group="conversation", exclusive=True)
    async def action_contact(self) -> None:
        """Add a contact."""
        await self._ask(await customer_forms.new_contact(self.desk, self._customer))

    @work(group="conversation", exclusive=True)
    async def action_remove(self) -> None:
        """Take the contact under the cursor off, after asking."""
        what, number = self._here()
        if what != CONTACT:
            self.notice(_("Only contacts are removed: put the cursor on one."))
            return
        version = await self.app.push_screen_wait(await customer_forms.remove_contact(self.desk, number))
        if version:
            outcome = await self.desk.tell(contacts.remove, number, version)
            await self.reload()
            if not isinstance(outcome, Done):
                self.notice(refusal_text(outcome))

    @work(group="conversation", exclusive=True)
    async def action_erase(self) -> None:
        """Erase the data of the contact under the cursor, or of the customer's people, on their request."""
        what, number = self._here()
        subject = f"P{number}" if what == CONTACT else f"C{self._customer}"
        opened = await history_forms.erase(self.desk, subject)
        if isinstance(opened, NotAllowed):
            self.notice(refusal_text(opened))
            return
        await self.app.push_screen_wait(opened)
        await self.reload()

    def action_history(self) -> None:
        """The whole history of this customer."""
        self.app.push_screen(places.make("history", self.desk, customer=self._customer))

    def action_leave(self) -> None:
        """Back: from the pane to the list on a narrow screen, else to where one came from."""
        if self.has_class("-side") and self.has_class("-narrow"):
            self.action_pane()
        else:
            self.dismiss(None)
