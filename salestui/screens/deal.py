"""One deal: stage rail, the one list of conditions with their fixes, and the customer beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize

from salestui import keys
from salestui.domain.deal_views import Word
from salestui.domain.facts import Status
from salestui.domain.news import News
from salestui.domain.outcomes import Blocked, Completed, Moved
from salestui.domain.presence import Doing
from salestui.domain.records import Kind, shown
from salestui.domain.requirement import FixKind, Group, Requirement
from salestui.domain.views import KeyHint
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import fixes, places
from salestui.screens.acting import ActingScreen
from salestui.screens.base import bindings, hint
from salestui.screens.desk import Desk
from salestui.screens.telling import changed_text, moved_text, refusal_text
from salestui.services import deal_page, deals, live
from salestui.services.deal_page import DealPage
from salestui.widgets.conditions import ConditionList
from salestui.widgets.footer import KeyFooter
from salestui.widgets.rail import StageRail
from salestui.widgets.sidepane import SidePane
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

LOW = 30
NARROW = 100


class DealScreen(ActingScreen[bool | None]):
    """Opens over the board and keeps its column heads as the stage rail; dismisses with True after changes."""

    PLACES: ClassVar[tuple[str, ...]] = ("deal",)
    CSS_PATH = "deal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("deal", "app"), *bindings("gate")[:9]]

    def __init__(self, desk: Desk, deal: int) -> None:
        super().__init__(desk)
        self._deal = deal
        self._page: DealPage | None = None
        self._left = False
        self._changed = False

    def compose(self) -> ComposeResult:
        """Head, rail, conditions beside the side pane, a strip for notices, the keys."""
        yield TopBar()
        yield StageRail()
        with Horizontal():
            yield ConditionList()
            yield SidePane()
        yield NextStrip()
        yield KeyFooter(self.hints())

    @property
    def conditions(self) -> ConditionList:
        """The one list of conditions."""
        return self.query_one(ConditionList)

    @property
    def side(self) -> SidePane:
        """Customer, contacts, score, follow-up, history."""
        return self.query_one(SidePane)

    async def on_mount(self) -> None:
        """Read the deal before the first frame."""
        self._fit(self.app.size.width, self.app.size.height)
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._left:
            self._left = False
            await self.reload()

    def on_screen_suspend(self) -> None:
        """Another place lies over this one."""
        self._left = True

    def on_resize(self, event: Resize) -> None:
        """Low screens: one-line rail, folded key actions; narrow ones: the side pane on `i` or tab."""
        self._fit(event.size.width, event.size.height)

    def _fit(self, width: int, height: int) -> None:
        self.set_class(height < LOW, "-low")
        self.set_class(width < NARROW, "-narrow")
        self.conditions.brief = height < LOW

    async def reload(self) -> None:
        """Read the deal anew and draw it; the cursor stays on its condition."""
        self._page = await self.desk.ask(deal_page.page, self._deal)
        self.show_present()
        self.query_one(StageRail).show(self._page.rail)
        self.conditions.show(self._page.conditions)
        self.side.show(self._page.side)
        self._show_strip()
        self.show_hints()

    def before_me(self) -> tuple[str, Doing]:
        """The deal shown."""
        return shown(Kind.DEAL, self._deal), Doing.LOOKING

    def show_present(self) -> None:
        """Draw the title row; it says who else is at this deal."""
        if self._page is not None:
            head = self._page.head
            told = "  ".join(part for part in (head.notice, self.present()) if part)
            self.query_one(TopBar).show(replace(head, notice=told))

    async def on_changed(self, news: News) -> None:
        """Read the deal again where it was touched, and say by whom; the cursor stays."""
        deal = self._page.loaded.deal if self._page is not None else None
        if deal is None or not news:
            return
        about = news.about_deal(deal.id, deal.customer, deal.campaign)
        if news.more or about is not None or news.of_kind("setting") or news.of_kind("user"):
            await self.reload()
        if about is not None:
            what = await self.desk.ask(live.told, about.event, language())
            self.notice(changed_text(about.who, what))

    def _show_strip(self, notice: str = "") -> None:
        strip = self.query_one(NextStrip)
        strip.set_class(bool(notice), "-notice")
        words = (Word(notice),) if notice else self._next_step()
        strip.show(*words, more=("tab", _("customer and history")))

    def _next_step(self) -> tuple[Word, ...]:
        """The strip of a low screen: the next follow-up."""
        if self._page is None:
            return ()
        section = next((s for s in self._page.side if s.title == _("Follow-up")), None)
        return section.rows[0].words if section and section.rows else ()

    def notice(self, text: str) -> None:
        """Tell something in the strip until the next key."""
        self._show_strip(text)

    def hints(self) -> Iterable[KeyHint]:
        """The deal's keys, digits first; what cannot be done now is faint."""
        yield hint(keys.BY_ID["gate.fix"], enabled=bool(self._page and self._page.report.unmet))
        on_board = self._page is None or self._page.loaded.deal.status in {Status.OPEN, Status.WON}
        for key in keys.of("deal"):
            if key.footer:
                yield hint(key, enabled=on_board or key.leaving)
        if not on_board:
            yield hint(keys.BY_ID["deal.reopen"])

    # -- moving about -------------------------------------------------------------------------------------------

    def _in_side(self) -> bool:
        return self.side.active

    def action_up(self) -> None:
        """One condition up, or scroll the side pane."""
        if self._in_side():
            self.side.scroll_rows(-1)
        else:
            self.conditions.move_cursor(-1)

    def action_down(self) -> None:
        """One condition down, or scroll the side pane."""
        if self._in_side():
            self.side.scroll_rows(1)
        else:
            self.conditions.move_cursor(1)

    def action_pane(self) -> None:
        """Between the conditions and the side pane; on a narrow screen the pane takes the place of the list."""
        self.side.active = not self.side.active
        self.conditions.active = not self.side.active
        self.set_class(self.side.active, "-side")

    # -- doing ----------------------------------------------------------------------------------------------------

    def _requirement(self) -> Requirement | None:
        row = self.conditions.selected
        return self._page.requirement(row.key) if row and self._page else None

    def selected_deal(self) -> int:
        """Return the deal shown."""
        return self._deal

    async def show_anew(self, _deal: int) -> None:
        """Read the deal again."""
        self._changed = True
        await self.reload()

    def action_fix(self, number: int) -> None:
        """Go straight to the fix with this number."""
        requirement = self._page.numbered(number) if self._page else None
        if requirement is None:
            self.notice(_("There is no line {n}.").format(n=number))
        else:
            self.mend(requirement)

    def action_open(self) -> None:
        """Open what the line under the cursor speaks of: mend it, or look at it where it is met."""
        requirement = self._requirement()
        if requirement is None:
            self.conditions.toggle_fold()
        elif requirement.fix.kind is FixKind.DO_ACTION or not requirement.met:
            self.mend(requirement)
        elif requirement.output and requirement.group is Group.OUTPUTS and requirement.fix.kind is FixKind.FILL_OUTPUT:
            self.converse(lambda screen, deal: fixes.fill_output(screen, deal, requirement.output))
        else:
            self.mend(requirement)

    def on_condition_list_condition_chosen(self) -> None:
        """A click on the line under the cursor opens it."""
        self.action_open()

    @work(group="conversation", exclusive=True)
    async def action_tick(self) -> None:
        """Tick the key action under the cursor, or take it back."""
        requirement = self._requirement()
        if requirement is None or not requirement.action:
            self.notice(_("Only key actions are ticked; enter opens the line."))
            return
        if requirement.fix.kind is not FixKind.DO_ACTION:
            self.notice(_("Nobody ticks this one: the data meet it. Enter goes there."))
        elif requirement.met:
            await self.conclude(
                self._deal, await self.desk.tell(deals.untick, self._deal, requirement.action, self._version)
            )
        elif self._needs_note(requirement):
            await self.conclude(self._deal, await fixes.do_action(self, self._deal, requirement.action))
        else:
            await self.conclude(
                self._deal, await self.desk.tell(deals.tick, self._deal, requirement.action, "", self._version)
            )

    @property
    def _version(self) -> int | None:
        """The version of the deal shown."""
        return self._page.loaded.deal.version if self._page else None

    def _needs_note(self, requirement: Requirement) -> bool:
        return bool(self._page and self._page.loaded.playbook.action(requirement.action)[1].note_required)

    async def action_advance(self) -> None:
        """Move the deal right; a closed gate says how much is missing."""
        outcome = await self.desk.tell(deals.advance, self._deal, self._version)
        if isinstance(outcome, Moved | Completed):
            self._changed = True
            await self.reload()
            if self._page is not None:
                self.notice(moved_text(self._page.loaded.deal.customer_label, outcome, self._page.loaded.playbook))
        elif isinstance(outcome, Blocked):
            await self.reload()
            self.notice(refusal_text(outcome))
        else:
            await self.reload()
            self.tell_refusal(outcome)

    def action_exception(self) -> None:
        """Grant an exception for the line under the cursor, or for one to be chosen."""
        requirement = self._requirement()
        wanted = requirement if requirement is not None and not requirement.met else None
        self.converse(fixes.exception_for(wanted))

    def action_review(self) -> None:
        """Ask for a review of the output under the cursor, or vote."""
        requirement = self._requirement()
        output = ""
        if requirement is not None and self._page is not None and requirement.output:
            of = requirement.params.get("of")
            reviewed = {o.review.of for _s, o in self._page.loaded.playbook.outputs() if o.review}
            output = str(of) if of else requirement.output if requirement.output in reviewed else ""
        self.converse(lambda screen, deal: fixes.review(screen, deal, output))

    def action_sent(self) -> None:
        """Record that the output under the cursor, or the only one that is sent, went to the customer."""
        page = self._page
        sendable = [o.key for _s, o in page.loaded.playbook.outputs() if o.send] if page else []
        if not sendable:
            self.notice(_("This handbook sends no output to the customer."))
            return
        requirement = self._requirement()
        output = requirement.output if requirement and requirement.output in sendable else sendable[0]
        self.converse(lambda screen, deal: fixes.mark_sent(screen, deal, output))

    def action_withdraw(self) -> None:
        """Withdraw the output under the cursor, or one of any stage to be chosen; with a reason."""
        requirement = self._requirement()
        known = self._page.loaded.facts.outputs.get(requirement.output) if requirement and self._page else None
        output = known.key if known is not None and known.revision and not known.withdrawn else ""
        self.converse(lambda screen, deal: fixes.withdraw(screen, deal, output))

    def action_export(self) -> None:
        """Write the output under the cursor as a Word or Markdown document."""
        requirement = self._requirement()
        if requirement is None or not requirement.output:
            self.notice(_("There is no output under the cursor."))
            return
        self.converse(lambda screen, deal: fixes.export_output(screen, deal, requirement.output))

    def action_why(self) -> None:
        """Say why the handbook asks for the line under the cursor."""
        requirement = self._requirement()
        if requirement is None or self._page is None:
            return
        playbook = self._page.loaded.playbook
        self.app.push_screen(places.make("handbook", self.desk, playbook, requirement.stage, requirement.output))

    def action_handbook(self) -> None:
        """Read the handbook at the stage of the deal."""
        if self._page is not None:
            loaded = self._page.loaded
            self.app.push_screen(places.make("handbook", self.desk, loaded.playbook, loaded.deal.stage))

    def action_history(self) -> None:
        """The whole history of this deal."""
        self.app.push_screen(places.make("history", self.desk, deal=self._deal))

    def action_customer(self) -> None:
        """Open the customer."""
        if self._page is not None:
            self.app.push_screen(places.make("customer", self.desk, self._page.loaded.deal.customer))

    @work(group="conversation", exclusive=True)
    async def action_contact(self) -> None:
        """Add a contact."""
        if self._page is not None:
            from salestui.screens import customer_forms

            opened = await customer_forms.new_contact(self.desk, self._page.loaded.deal.customer)
            await self.conclude(self._deal, await self.app.push_screen_wait(opened))

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(True if self._changed else None)
