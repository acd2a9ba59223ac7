"""The agenda: what is late, due today, waiting for my review, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.timer import Timer

from salestui.domain.agenda import AgendaLine, Due
from salestui.domain.views import AgendaStripView, KeyHint, TopBarView
from salestui.i18n import gettext as _
from salestui.screens import fixes, places, talks
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.desk import Desk
from salestui.screens.telling import refusal_text
from salestui.services import activities, agenda_page
from salestui.services.agenda_page import AgendaPage
from salestui.widgets.agenda import AgendaList, AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.topbar import TopBar

REST = 0.12
LOW = 30
QUIET = frozenset({Due.CONTACT, Due.IDLE, Due.NEXT_STEP})
"""What nobody was promised: planning the next step settles it."""


class AgendaScreen(SalesScreen[None]):
    """Everything due, most urgent first; Enter does the thing under the cursor."""

    PLACES: ClassVar[tuple[str, ...]] = ("agenda",)
    CSS_PATH = "agenda.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("agenda", "app"),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("K", "group(-1)", show=False),
        Binding("J", "group(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._owner: int | None = desk.actor.id
        self._page: AgendaPage | None = None
        self._left = False
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Top row, sections, the strip about the row under the cursor, the keys."""
        yield TopBar()
        yield AgendaList()
        yield AgendaStrip()
        yield KeyFooter(self.hints())

    @property
    def rows(self) -> AgendaList:
        """The sections."""
        return self.query_one(AgendaList)

    async def on_mount(self) -> None:
        """Read what is due before the first frame."""
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
        """Low screens have a one-row strip."""
        self.set_class(event.size.height < LOW, "-low")

    async def reload(self) -> None:
        """Read what is due anew; the cursor stays on its row."""
        self._page = await self.desk.ask(agenda_page.page, self._owner)
        late, today, reviews = self._page.counts
        owner = _("Mine") if self._owner == self.desk.actor.id else ""
        day = self.desk.team.today(self.desk.now)
        top = TopBarView(_("Agenda"), day=day, owner=owner, late=late, today=today, reviews=reviews)
        self.query_one(TopBar).show(top)
        self.rows.show(self._page.sections)
        await self._show_strip()

    async def _show_strip(self) -> None:
        line = self._line()
        view = await self.desk.ask(agenda_page.strip, line) if line else None
        self.query_one(AgendaStrip).show(view)

    def _line(self) -> AgendaLine | None:
        row = self.rows.selected
        return self._page.lines.get(row.key) if row and self._page else None

    def notice(self, text: str) -> None:
        """Tell something in the strip."""
        self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    def hints(self) -> Iterable[KeyHint]:
        """The agenda's keys."""
        shown = list(super().hints())
        leaving = [hint for hint in shown if hint.leaving]
        return [hint for hint in shown if not hint.leaving] + [KeyHint("J K", _("section")), *leaving]

    def on_agenda_list_row_highlighted(self) -> None:
        """The strip follows when the keys have rested."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._show_strip)

    def on_agenda_list_row_chosen(self) -> None:
        """A click on the row under the cursor does it."""
        self.action_open()

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self.rows.move_cursor(step)

    def action_group(self, step: int) -> None:
        """To the next or previous section."""
        self.rows.move_group(step)

    def action_page(self, step: int) -> None:
        """A page up or down."""
        self.rows.page(step)

    async def action_owner(self) -> None:
        """Mine, or everybody's."""
        self._owner = None if self._owner is not None else self.desk.actor.id
        await self.reload()

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)

    # -- doing ----------------------------------------------------------------------------------------------------

    @work(group="conversation", exclusive=True)
    async def _converse(self, conversation: fixes.Conversation, deal: int) -> None:
        await self._after(await conversation(self, deal))

    async def _after(self, outcome: object) -> None:
        await self.reload()
        if outcome is not None and not isinstance(outcome, fixes.DONE):
            self.notice(refusal_text(outcome))

    def action_open(self) -> None:
        """Do what is due."""
        line = self._line()
        if line is None:
            return
        if line.kind is Due.SUMMARY:
            self._converse(lambda screen, deal: fixes.send_summary(screen, deal, line.activity), line.deal)
        elif line.kind is Due.SCORE:
            self._converse(fixes.score, line.deal)
        elif line.kind in {Due.REVIEW, Due.VOIDED}:
            self._converse(lambda screen, deal: fixes.review(screen, deal, line.output), line.deal)
        elif line.kind is Due.FOLLOW_UP:
            self._converse(lambda screen, deal: fixes.log_talk(screen, deal, line.activity), line.deal)
        elif line.kind is Due.FEEDBACK and line.output:
            self._converse(lambda screen, deal: fixes.fill_output(screen, deal, line.output), line.deal)
        elif line.kind in QUIET:
            self._converse(fixes.plan, line.deal)
        else:
            self._converse(fixes.open_deal, line.deal)

    def action_done(self) -> None:
        """Log that a planned step was done."""
        line = self._line()
        if line is not None and line.kind is Due.FOLLOW_UP:
            self._converse(lambda screen, deal: fixes.log_talk(screen, deal, line.activity), line.deal)
        elif line is not None and line.kind in QUIET:
            self._converse(fixes.log_talk, line.deal)
        else:
            self.notice(_("Only follow-ups are logged as done; enter does this one."))

    def action_talk(self) -> None:
        """Log a talk for the deal under the cursor."""
        line = self._line()
        if line is not None:
            self._converse(fixes.log_talk, line.deal)

    def action_deal(self) -> None:
        """Open the deal."""
        line = self._line()
        if line is not None:
            self.app.push_screen(places.make("deal", self.desk, line.deal))

    @work(group="conversation", exclusive=True)
    async def action_postpone(self) -> None:
        """Put a planned step off to another time."""
        line = self._line()
        if line is None or line.kind is not Due.FOLLOW_UP:
            self.notice(_("Only follow-ups can be put off."))
            return
        known = await self.desk.ask(activities.get, line.activity)
        opened = talks.postpone(self.desk, known, f"{line.label}  {line.what}")
        await self._after(await self.app.push_screen_wait(opened))
