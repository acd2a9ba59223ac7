"""One campaign: its lists of customers, who is on none yet, and the outputs that belong to the campaign itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize

from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day
from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.lists import ClassList, ClassMember
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Verdict
from salestui.domain.records import Kind, shown
from salestui.domain.views import DealHeadView, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import campaign_forms, places
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.desk import Desk
from salestui.screens.lists import ListScreen
from salestui.services import campaign_pages
from salestui.services.campaign_pages import CampaignPage, OutputLine
from salestui.widgets.cells import width, wrap
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.sidepane import SidePane
from salestui.widgets.strip import NextStrip
from salestui.widgets.symbols import symbols
from salestui.widgets.topbar import TopBar

__all__ = ["CampaignScreen"]

PANE = 38
CUSTOMER, OUTPUT = "customer", "output"


class CampaignScreen(ListScreen[None]):
    """What belongs to one campaign; customers are put on its lists from here."""

    PLACES: ClassVar[tuple[str, ...]] = ("campaign", "move")
    CSS_PATH = "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("campaign")

    def __init__(self, desk: Desk, campaign: int) -> None:
        super().__init__(desk)
        self._campaign = campaign
        self._page: CampaignPage | None = None

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
        """What the campaign is about."""
        return self.query_one(SidePane)

    async def on_mount(self) -> None:
        """Read the campaign before the first frame."""
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

    async def reload(self, select: tuple[str, object] | None = None) -> None:
        """Read the campaign anew; the cursor goes to the row `select`, or stays."""
        self._page = await self.desk.ask(campaign_pages.page, self._campaign)
        self._draw(select)

    def _draw(self, select: tuple[str, object] | None = None) -> None:
        page = self._page
        if page is None:
            return
        across = self.app.size.width - 1 if self.has_class("-narrow") else PANE
        self.listing.show(_sections(page, self.desk.team), select=select)
        self.side.show((_about(page, across),))
        self.query_one(TopBar).show(
            DealHeadView(
                name=page.campaign.name,
                grade_title="",
                owner=page.campaign.owner_name,
                stage=shown(Kind.CAMPAIGN, page.campaign.id),
                notice=_("closed") if page.campaign.closed else "",
            )
        )

    # -- moving about -----------------------------------------------------------------------------------------------

    def action_pane(self) -> None:
        """Between the lists and the pane, which takes their place on a narrow screen."""
        self.side.active = not self.side.active
        self.listing.active = not self.side.active
        self.set_class(self.side.active, "-side")

    def _here(self) -> tuple[str, Any]:
        row = self.listing.selected
        return row.key if row is not None and isinstance(row.key, tuple) else ("", None)

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the customer or the output under the cursor."""
        what, key = self._here()
        if what == CUSTOMER:
            self.app.push_screen(places.make("customer", self.desk, key))
        elif what == OUTPUT:
            self._fill(str(key))

    def action_outputs(self) -> None:
        """Fill in the output under the cursor, or the first that is missing."""
        what, key = self._here()
        lines = self._page.outputs if self._page else ()
        missing = [line.output.key for line in lines if not line.stands] or [line.output.key for line in lines]
        if what == OUTPUT or missing:
            self._fill(str(key) if what == OUTPUT else missing[0])
        else:
            self.notice(_("This handbook has no outputs of the campaign."))

    @work(group="conversation", exclusive=True)
    async def _fill(self, output: str) -> None:
        deal = next(iter(self._page.deals.values()), None) if self._page else None
        if deal is None:
            self.notice(_("An output is written from a deal: n makes the first one."))
            return
        await self._ask(places.make("output", self.desk, deal, output))

    async def _ask(self, opened: SalesScreen[Any]) -> object:
        outcome = await self.app.push_screen_wait(opened)
        await self.reload()
        return outcome

    @work(group="conversation", exclusive=True)
    async def action_classify(self) -> None:
        """Put the customer under the cursor on one of the lists."""
        what, key = self._here()
        if what != CUSTOMER:
            self.notice(_("Put the cursor on a customer."))
        elif self._page is not None and not self._page.playbook.classes:
            self.notice(_("This handbook does not sort customers into lists."))
        else:
            await self._ask(await campaign_forms.classify(self.desk, self._campaign, key))

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Make a deal in this campaign, with the customer under the cursor if it has none here."""
        from salestui.screens import deal_forms

        what, key = self._here()
        free = what == CUSTOMER and self._page is not None and key not in self._page.deals
        await deal_forms.new(self, self._campaign, key if free else None)
        await self.reload()

    @work(group="conversation", exclusive=True)
    async def action_customer(self) -> None:
        """Enter a customer into the campaign."""
        from salestui.screens import customer_forms

        outcome = await self.app.push_screen_wait(await customer_forms.new(self.desk, self._campaign))
        await self.reload((CUSTOMER, outcome.number) if isinstance(outcome, Done) else None)

    @work(group="conversation", exclusive=True)
    async def action_edit(self) -> None:
        """Change the campaign."""
        await self._ask(await campaign_forms.edit(self.desk, self._campaign))

    def action_leave(self) -> None:
        """Back: from the pane to the list on a narrow screen, else to where one came from."""
        if self.has_class("-side") and self.has_class("-narrow"):
            self.action_pane()
        else:
            self.dismiss(None)


# -- what is drawn -------------------------------------------------------------------------------------------------


def _sections(page: CampaignPage, team: TeamCalendar) -> tuple[Section, ...]:
    outputs = (_outputs(page.outputs, team),) if page.outputs else ()
    found = sorted((each for each in page.lists if each.cls or each.members), key=lambda each: each.cls is not None)
    lists = [_list(page, each, team) for each in found]
    if not any(each.members for each in page.lists):
        lists.append(Section((), (Column(1),), _("Customers"), empty=(_("No customers yet"), (("a", _("add")),))))
    return (*outputs, *lists)


def _outputs(lines: Sequence[OutputLine], team: TeamCalendar) -> Section:
    done = sum(line.stands for line in lines)
    columns = (Column(1), Column(24, share=2), Column(3), Column(8, share=1))
    return Section(
        tuple(_output_row(line, team) for line in lines), columns, _("Outputs"), f"{done}/{len(lines)}", more=None
    )


def _output_row(line: OutputLine, team: TeamCalendar) -> Row:
    title = line.output.title.get(language())
    sign = Cell(symbols().tick, Tone.SUCCESS) if line.stands else Cell(symbols().cross, Tone.ERROR)
    if line.revision is None:
        return Row((OUTPUT, line.output.key), (sign, Cell(title, Tone.NORMAL), Cell(), Cell(_("not written yet"))))
    day = short_day(team.today(line.revision.at), language())
    said = _("withdrawn") if line.withdrawn else f"{day} {line.revision.author_name}"
    return Row(
        (OUTPUT, line.output.key),
        (sign, Cell(title, Tone.NORMAL), Cell(f"r{line.revision.number}", Tone.FAINT), Cell(said, Tone.FAINT)),
    )


def _list(page: CampaignPage, each: ClassList, team: TeamCalendar) -> Section:
    if each.cls is None:
        title, tone = (_("No class yet"), Tone.WARNING) if page.playbook.classes else (_("Customers"), Tone.NORMAL)
    else:
        title, tone = each.cls.title.get(language()), Tone.NORMAL
    columns = (Column(16, share=2), Column(10, share=3), Column(7, at_right=True), Column(8, needs=70), Column(2))
    rows = tuple(_member_row(page, member, team, each) for member in each.members)
    nobody = (_("nobody"), ()) if each.cls is not None else None
    return Section(rows, columns, title, str(len(rows)) if rows else "", tone, empty=nobody)


def _member_row(page: CampaignPage, member: ClassMember, team: TeamCalendar, each: ClassList) -> Row:
    out = each.cls is not None and each.cls.verdict is not Verdict.PASSES
    return Row(
        (CUSTOMER, member.customer),
        (
            Cell(member.label, Tone.MUTED if out else Tone.NORMAL),
            Cell(member.reason.replace("\n", " ")),
            Cell(short_day(team.today(member.at), language()) if member.at else "", Tone.FAINT),
            Cell(member.by_name, Tone.FAINT),
            Cell("" if member.customer in page.deals else symbols().open, Tone.FAINT),
        ),
    )


def _about(page: CampaignPage, across: int) -> SideSection:
    known = page.campaign
    facts = [
        (_("handbook"), f"{page.playbook.title.get(language())} {known.playbook_version}"),
        (_("scenario"), page.scenario),
        (_("market"), known.market),
        (_("currency"), known.currency),
        (_("owner"), known.owner_name),
        (_("note"), known.note),
    ]
    told = [(label, text) for label, text in facts if text]
    at = max(width(label) for label, _text in told) + 2
    rows = [SideRow((Word(line),)) for line in wrap(known.name, across - 1, 3)]
    for label, text in told:
        first, *others = wrap(text, across - at - 1, 8) or [""]
        rows.append(SideRow((Word(label, Tone.FAINT), Word(first, Tone.MUTED))))
        rows += [SideRow((Word("", Tone.FAINT), Word(line, Tone.MUTED))) for line in others]
    return SideSection(_("Campaign"), tuple(rows), columns=(0, at), more=("i", _("edit")))
