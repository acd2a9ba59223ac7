"""Deals off the board: the care list with the days to look again, the lost ones with their reasons, the completed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.closed_views import ClosedDeal, ClosedLists
from salestui.domain.dates import short_day
from salestui.domain.showing import short_amount
from salestui.domain.views import AgendaStripView, KeyHint, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens import fixes
from salestui.screens.base import bindings, hint
from salestui.screens.desk import Desk
from salestui.screens.lists import FilterScreen
from salestui.screens.telling import refusal_text
from salestui.services import closed_page
from salestui.widgets.agenda import AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.tabs import TabLine
from salestui.widgets.topbar import TopBar

__all__ = ["ClosedScreen"]

CARE, LOST, COMPLETED = range(3)
SOON = timedelta(days=30)


class ClosedScreen(FilterScreen[None]):
    """Three lists under tabs; with `care` it opens on the care list (长期维护名单), else on the lost deals."""

    PLACES: ClassVar[tuple[str, ...]] = ("closed", "move")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lists.tcss", "closed.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("closed")

    def __init__(self, desk: Desk, care: bool = False) -> None:
        super().__init__(desk)
        self._at = CARE if care else LOST
        self._owner: int | None = None
        self._lists: ClosedLists | None = None
        self._left = False

    def compose(self) -> ComposeResult:
        """Top row, tabs, the list, the strip about the deal under the cursor, the keys."""
        yield TopBar(TopBarView(_("Closed deals"), waiting=True))
        yield TabLine()
        yield Listing()
        yield AgendaStrip()
        yield KeyFooter(self.hints())
        yield self.new_filter(_("name, reason, competitor or owner"))

    async def on_mount(self) -> None:
        """Read the lists before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    def relabel(self) -> None:
        """Say everything in the language in use; the data follow on return."""
        super().relabel()
        self.filter_line.placeholder = _("name, reason, competitor or owner")

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._left:
            self._left = False
            await self.reload()

    def on_screen_suspend(self) -> None:
        """Another place lies over this one."""
        self._left = True

    async def reload(self) -> None:
        """Read the lists anew; the cursor stays on its deal."""
        self._lists = await self.desk.ask(closed_page.lists, self._owner)
        self.draw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _shown(self, at: int) -> tuple[ClosedDeal, ...]:
        """Return the deals of a list that the filter lets through."""
        lists = self._lists or ClosedLists()
        words = tuple(self.text.casefold().split())
        return tuple(deal for deal in (lists.care, lists.lost, lists.completed)[at] if deal.says(words))

    def draw(self) -> None:
        """Draw the present list, and say where we are."""
        deals = self._shown(self._at)
        self._set_hint()
        self.listing.show(
            self._care(deals) if self._at == CARE else self._lost(deals) if self._at == LOST else self._completed(deals)
        )
        titles = (_("Care list"), _("Lost"), _("Completed"))
        self.query_one(TabLine).show([(title, len(self._shown(at))) for at, title in enumerate(titles)], self._at)
        owner = _("Mine") if self._owner is not None else ""
        self.query_one(TopBar).show(TopBarView(_("Closed deals"), owner=owner, filter=self.text))
        self._show_strip()
        self.show_hints()

    def _set_hint(self) -> None:
        if self.text:
            self.listing.set_hint(_("No deal fits"), ("esc", _("clear")))
            return
        empty = (_("Nobody is on the care list"), _("No deal was lost"), _("No deal is completed yet"))
        self.listing.set_hint(empty[self._at])

    def _care(self, deals: Sequence[ClosedDeal]) -> list[Section]:
        """Group the care list by how soon to look again; what is due comes first, in the warning colour."""
        soon = self.desk.team.today(self.desk.now) + SOON
        dated = [deal for deal in deals if deal.look_again_on is not None and not deal.due]
        groups = (
            (_("Look again now"), Tone.WARNING, [deal for deal in deals if deal.due]),
            (_("Within a month"), Tone.NORMAL, [d for d in dated if d.look_again_on and d.look_again_on <= soon]),
            (_("Later"), Tone.NORMAL, [d for d in dated if d.look_again_on and d.look_again_on > soon]),
            (_("Without a day"), Tone.NORMAL, [deal for deal in deals if deal.look_again_on is None]),
        )
        columns = (
            Column(9),
            Column(16, share=2),
            Column(7, at_right=True),
            Column(12, share=3),
            Column(8, needs=70),
            Column(16, needs=100),
        )
        return [
            Section([self._care_row(deal) for deal in found], columns, title, str(len(found)), tone)
            for title, tone, found in groups
            if found
        ]

    def _care_row(self, deal: ClosedDeal) -> Row:
        said = "  ".join(part for part in (deal.reason, deal.note.replace("\n", " ")) if part)
        return Row(
            deal.id,
            (
                Cell(self._day(deal.look_again_on), Tone.WARNING if deal.due else Tone.MUTED),
                Cell(deal.name, Tone.NORMAL),
                Cell(self._amount(deal)),
                Cell(said),
                Cell(deal.owner_name, Tone.FAINT),
                Cell(deal.stage, Tone.FAINT),
            ),
        )

    def _lost(self, deals: Sequence[ClosedDeal]) -> list[Section]:
        columns = (
            Column(9, _("lost")),
            Column(16, _("customer"), share=2),
            Column(7, _("amount"), at_right=True),
            Column(14, _("reason"), share=3),
            Column(12, _("competitor"), share=1),
            Column(10, _("owner"), needs=100),
            Column(14, _("stage"), needs=100),
        )
        rows = [
            Row(
                deal.id,
                (
                    Cell(self._day(deal.closed_on), Tone.FAINT),
                    Cell(deal.name, Tone.NORMAL),
                    Cell(self._amount(deal)),
                    Cell(_("cancelled: {reason}").format(reason=deal.reason) if deal.cancelled else deal.reason),
                    Cell(deal.competitor),
                    Cell(deal.owner_name, Tone.FAINT),
                    Cell(deal.stage, Tone.FAINT),
                ),
            )
            for deal in deals
        ]
        return [Section(rows, columns)] if rows else []

    def _completed(self, deals: Sequence[ClosedDeal]) -> list[Section]:
        columns = (
            Column(9, _("completed")),
            Column(16, _("customer"), share=2),
            Column(7, _("amount"), at_right=True),
            Column(9, _("took"), at_right=True),
            Column(10, _("owner")),
            Column(16, _("campaign"), share=2, needs=70),
        )
        rows = [
            Row(
                deal.id,
                (
                    Cell(self._day(deal.closed_on), Tone.FAINT),
                    Cell(deal.name, Tone.NORMAL),
                    Cell(self._amount(deal)),
                    Cell(ngettext("{n} day", "{n} days", deal.days).format(n=deal.days)),
                    Cell(deal.owner_name, Tone.FAINT),
                    Cell(deal.campaign, Tone.FAINT),
                ),
            )
            for deal in deals
        ]
        return [Section(rows, columns)] if rows else []

    def _day(self, day: date | None) -> str:
        """Return a day, with the year where that is another one."""
        if day is None:
            return "-"
        short = short_day(day, language())
        if day.year == self.desk.team.today(self.desk.now).year:
            return short
        return f"{day.year % 100:02}-{short}" if language() == "zh" else f"{short} {day.year % 100:02}"

    @staticmethod
    def _amount(deal: ClosedDeal) -> str:
        return short_amount(deal.amount, language()) if deal.amount else ""

    def _deal(self) -> ClosedDeal | None:
        row = self.listing.selected
        return next((deal for deal in self._shown(self._at) if row is not None and deal.id == row.key), None)

    def _show_strip(self) -> None:
        deal = self._deal()
        strip = self.query_one(AgendaStrip)
        if deal is None:
            strip.show(None)
            return
        facts = [
            (_("company"), f"{deal.company}  {deal.code}"),
            (_("reason"), deal.reason),
            (_("note"), deal.note.replace("\n", " ")),
            (_("rival"), deal.competitor),
            (_("stage"), deal.stage),
            (_("owner"), deal.owner_name),
        ]
        if self._at == CARE and deal.closed_on:
            facts.append((_("since"), short_day(deal.closed_on, language())))
        urgent = _("look again, the day has come") if deal.due else ""
        what = deal.note.replace("\n", " ") if self.has_class("-low") else deal.campaign
        shown = tuple(fact for fact in facts if fact[1])
        strip.show(AgendaStripView(name=deal.name, what=what, urgent=urgent, facts=shown[:6]))

    def notice(self, text: str) -> None:
        """Tell something in the strip until the cursor moves."""
        if text:
            self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    def hints(self) -> Iterable[KeyHint]:
        """The keys of the present list; completed deals stay completed."""
        for key in keys.of("closed"):
            if key.footer:
                yield hint(key, enabled=key.id != "closed.reopen" or self._at != COMPLETED)

    # -- keys -------------------------------------------------------------------------------------------------------

    def on_listing_highlighted(self) -> None:
        """The strip follows the cursor."""
        self._show_strip()

    def _turn(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.draw()

    def action_tab(self) -> None:
        """To the next list."""
        self._turn((self._at + 1) % 3)

    def action_tab_back(self) -> None:
        """To the list before."""
        self._turn((self._at - 1) % 3)

    def action_list(self, number: int) -> None:
        """To the list with this number."""
        self._turn(number - 1)

    async def action_owner(self) -> None:
        """Mine, or everybody's."""
        self._owner = self.desk.actor.id if self._owner is None else None
        await self.reload()

    def action_open(self) -> None:
        """Open the deal."""
        self._converse(fixes.open_deal)

    def action_reopen(self) -> None:
        """Bring a lost or parked deal back to the stage where it stood."""
        if self._at == COMPLETED:
            self.notice(_("A completed deal stays completed; start a new one with the customer."))
        else:
            self._converse(fixes.reopen)

    def action_export(self) -> None:
        """Write the care list as an Excel or CSV file."""
        from salestui.screens import exports

        self.wait_for(exports.write(self, "care"))

    @work(group="conversation", exclusive=True)
    async def _converse(self, conversation: fixes.Conversation) -> None:
        deal = self._deal()
        if deal is None:
            return
        outcome = await conversation(self, deal.id)
        await self.reload()
        if outcome is not None and not isinstance(outcome, fixes.DONE):
            self.notice(refusal_text(outcome))
