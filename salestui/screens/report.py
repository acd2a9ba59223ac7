"""The reports: figures of the team for a month, a quarter or a year, of each rep, and the exceptions in force."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import PurePath
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui.domain.clock import add_months
from salestui.domain.dates import short_day
from salestui.domain.records import Kind, shown
from salestui.domain.reports import ExceptionLine, Outcome, RepReport, StageAge, TeamReport
from salestui.domain.views import AgendaStripView, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens import places
from salestui.screens.base import bindings
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.lists import ListScreen
from salestui.services import report_texts, reports, users
from salestui.services.report_texts import Fact
from salestui.widgets.agenda import AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.topbar import TopBar

__all__ = ["ReportScreen"]

SPANS: Final = (1, 3, 12)
"""Months of a report: a month, a quarter, a year."""
REP, FACT, STAGE, EXCEPTION = "rep", "fact", "stage", "exception"


class ReportScreen(ListScreen[None]):
    """The team's figures, or those of one person; esc leads from a person back to the team."""

    PLACES: ClassVar[tuple[str, ...]] = ("report", "move")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lists.tcss", "report.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("report")

    def __init__(self, desk: Desk, user: int | None = None) -> None:
        super().__init__(desk)
        self._user = user
        self._from_team = user is None
        self._months = SPANS[0]
        self._since = desk.team.today(desk.now).replace(day=1)
        self._report: TeamReport | RepReport | None = None
        self._facts: tuple[Fact, ...] = ()

    def compose(self) -> ComposeResult:
        """Top row, the figures, the strip about the line under the cursor, the keys."""
        yield TopBar(TopBarView(_("Reports"), waiting=True))
        yield Listing()
        yield AgendaStrip()
        yield KeyFooter(self.hints())

    async def on_mount(self) -> None:
        """Read the figures before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._report is not None:
            await self.reload()

    # -- reading ----------------------------------------------------------------------------------------------------

    @property
    def _until(self) -> date:
        return add_months(self._since, self._months) - timedelta(days=1)

    async def reload(self) -> None:
        """Read the figures anew; the cursor stays on its line. Of two readings the one asked for last is shown."""
        asked = user, since, until = self._user, self._since, self._until
        if user is None:
            found: TeamReport | RepReport = await self.desk.ask(reports.team_report, since, until)
        else:
            found = await self.desk.ask(reports.rep_report, user, since, until)
        if asked == (self._user, self._since, self._until):
            self._report = found
            self.draw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the figures, and say whose they are and for which time."""
        report = self._report
        if report is None:
            return
        if isinstance(report, RepReport):
            self._facts = report_texts.facts(report, language())
            found = [self._figures(), self._stages(report.stages), self._exceptions(report.exceptions)]
            whom = report.name
        else:
            found = [_team(report.reps), self._exceptions(report.exceptions)]
            whom = _("Whole team")
        self.listing.set_hint(_("Nobody has a deal yet"))
        self.listing.show([section for section in found if section.rows])
        span = report_texts.span(report.since, report.until, language())
        self.query_one(TopBar).show(TopBarView(_("Reports"), campaign=span, owner=whom))
        self._show_strip()

    def _figures(self) -> Section:
        rows = [
            Row((FACT, at), (Cell(fact.label, Tone.MUTED), Cell(fact.value, Tone.NORMAL)))
            for at, fact in enumerate(self._facts)
        ]
        return Section(rows, (Column(22), Column(20, share=1)), _("Figures"))

    @staticmethod
    def _stages(stages: tuple[StageAge, ...]) -> Section:
        columns = (
            Column(22, _("stage")),
            Column(8, _("deals"), at_right=True),
            Column(14, _("average days"), at_right=True),
            Column(14, _("standing still"), at_right=True),
        )
        rows = [
            Row(
                (STAGE, each.playbook, each.stage),
                (
                    Cell(f"{each.number} {each.title}"),
                    Cell(str(each.deals), Tone.NORMAL),
                    Cell(str(each.days)),
                    Cell(str(each.idle or "-"), Tone.WARNING if each.idle else Tone.FAINT),
                ),
            )
            for each in stages
        ]
        return Section(rows, columns, _("On the board now"))

    def _exceptions(self, lines: tuple[ExceptionLine, ...]) -> Section:
        columns = (
            Column(8, _("state")),
            Column(14, _("customer"), share=1),
            Column(18, _("requirement"), share=2),
            Column(10, _("granted by"), needs=100),
            Column(8, _("through")),
            Column(16, _("reason"), share=2, needs=100),
        )
        rows = [
            Row(
                (EXCEPTION, line.id),
                (
                    Cell(report_texts.state(line.state), Tone.WARNING if line.state == "in_force" else Tone.FAINT),
                    Cell(line.label, Tone.NORMAL),
                    Cell(line.title),
                    Cell(line.granted_by, Tone.FAINT),
                    Cell(self._last_day(line), Tone.FAINT),
                    Cell(line.reason.replace("\n", " "), Tone.FAINT),
                ),
            )
            for line in lines
        ]
        return Section(rows, columns, _("Exceptions"), str(len(rows)))

    def _last_day(self, line: ExceptionLine) -> str:
        return short_day(report_texts.last_day(line, self.desk.team), language())

    def _here(self) -> tuple[str, object]:
        row = self.listing.selected
        return (row.key[0], row.key[1]) if row is not None and isinstance(row.key, tuple) else ("", None)

    def _line(self) -> ExceptionLine | None:
        what, number = self._here()
        lines = self._report.exceptions if self._report else ()
        return next((line for line in lines if what == EXCEPTION and line.id == number), None)

    def _show_strip(self) -> None:
        what, key = self._here()
        view = None
        line = self._line()
        if line is not None:
            view = self._exception_strip(line)
        elif what == REP and isinstance(self._report, TeamReport):
            view = next((_rep_strip(rep) for rep in self._report.reps if rep.user == key), None)
        elif what == FACT and isinstance(key, int) and key < len(self._facts):
            fact = self._facts[key]
            low = self.has_class("-low")
            facts = () if low else ((_("counted"), fact.how),)
            view = AgendaStripView(name=fact.label, what=fact.how if low else fact.value, facts=facts)
        elif what == STAGE:
            text = _("Days in the stage on average; standing still: longer without a talk than the stage allows.")
            view = AgendaStripView(name=_("On the board now"), facts=((_("counted"), text),))
        self.query_one(AgendaStrip).show(view)

    def _exception_strip(self, line: ExceptionLine) -> AgendaStripView:
        granted = short_day(self.desk.team.today(line.granted_at), language())
        by = f"{granted} {line.granted_by}"
        if line.recorded_by:
            by = _("{by}, recorded by {name}").format(by=by, name=line.recorded_by)
        facts = (
            (_("reason"), line.reason.replace("\n", " ")),
            (_("granted"), by),
            (_("deal"), f"{shown(Kind.DEAL, line.deal)}  {line.owner_name}"),
            (_("through"), self._last_day(line)),
        )
        return AgendaStripView(name=line.label, what=line.title, facts=facts)

    def notice(self, text: str) -> None:
        """Tell something in the strip until the cursor moves."""
        if text:
            self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    # -- keys -------------------------------------------------------------------------------------------------------

    def on_listing_highlighted(self) -> None:
        """The strip follows the cursor."""
        self._show_strip()

    def action_open(self) -> None:
        """The figures of the rep under the cursor, or the deal of the exception."""
        what, key = self._here()
        line = self._line()
        if line is not None:
            self.app.push_screen(places.make("deal", self.desk, line.deal))
        elif what == REP and isinstance(key, int):
            self._turn(key)
        else:
            self.notice(_("This line says how it is counted; there is nothing behind it."))

    @work(group="conversation", exclusive=True)
    async def _turn(self, user: int | None) -> None:
        await self._turn_to(user)

    async def _turn_to(self, user: int | None) -> None:
        self._user = user
        await self.reload()
        self.listing.home()

    async def action_back(self) -> None:
        """The time before."""
        await self._shift(-self._months)

    async def action_forward(self) -> None:
        """The time after."""
        await self._shift(self._months)

    async def _shift(self, months: int) -> None:
        self._since = add_months(self._since, months)
        await self.reload()

    async def action_span(self) -> None:
        """A month, a quarter or a year, the one that holds the first day shown."""
        self._months = SPANS[(SPANS.index(self._months) + 1) % len(SPANS)]
        first = (self._since.month - 1) // self._months * self._months + 1
        self._since = self._since.replace(month=first)
        await self.reload()

    @work(group="conversation", exclusive=True)
    async def action_person(self) -> None:
        """Choose whose figures to see."""
        people = await self.desk.ask(users.all)
        choices = [(0, _("Whole team"), ""), *((user.id, user.name, user.login) for user in people)]
        chosen = await self.app.push_screen_wait(
            ChooseScreen(self.desk, _("Whose figures?"), choices, selected=self._user or 0)
        )
        if chosen is not None:
            await self._turn_to(chosen or None)

    def action_leave(self) -> None:
        """From a person back to the team, if one came from there; else to where one came from."""
        if self._user is not None and self._from_team:
            self._turn(None)
        else:
            self.dismiss(None)


def _team(reps: tuple[RepReport, ...]) -> Section:
    columns = (
        Column(10, _("name"), share=1),
        Column(10, _("summaries"), at_right=True),
        Column(8, _("scores"), at_right=True),
        Column(6, _("gates"), at_right=True),
        Column(6, _("won"), at_right=True),
        Column(9, _("amount"), at_right=True),
        Column(6, _("lost"), at_right=True, needs=100),
        Column(9, _("cancelled"), at_right=True, needs=100),
        Column(7, _("in care"), at_right=True, needs=100),
        Column(6, _("deals"), at_right=True),
        Column(8, _("no step"), at_right=True),
        Column(10, _("exceptions"), at_right=True, needs=100),
    )
    return Section([_rep_row(rep) for rep in reps], columns, _("Team"), str(len(reps)))


def _rep_row(rep: RepReport) -> Row:
    def count(number: int) -> Cell:
        return Cell(str(number) if number else "-", Tone.MUTED if number else Tone.FAINT)

    ended = rep.outcomes
    return Row(
        (REP, rep.user),
        (
            Cell(rep.name, Tone.NORMAL),
            Cell(report_texts.rate(rep.summaries), Tone.NORMAL),
            Cell(report_texts.rate(rep.scores), Tone.NORMAL),
            count(rep.gates),
            count(ended[Outcome.WON].count),
            Cell(report_texts.amounts(ended[Outcome.WON], language())),
            count(ended[Outcome.LOST].count),
            count(ended[Outcome.CANCELLED].count),
            count(ended[Outcome.IN_CARE].count),
            count(rep.open.count),
            count(rep.without_step),
            count(len(rep.exceptions)),
        ),
    )


def _rep_strip(rep: RepReport) -> AgendaStripView:
    held = sum(count for _channel, count in rep.talks)
    idle = sum(stage.idle for stage in rep.stages)
    gates = ngettext("{n} gate passed", "{n} gates passed", rep.gates).format(n=rep.gates)
    facts = (
        (_("summaries"), report_texts.share(rep.summaries, language())),
        (_("scores"), report_texts.share(rep.scores, language())),
        (_("talks"), str(held)),
        (_("won"), report_texts.total(rep.outcomes[Outcome.WON], language())),
        (_("deals"), report_texts.total(rep.open, language())),
        (_("standing still"), str(idle)),
    )
    return AgendaStripView(name=rep.name, what=gates, facts=facts)
