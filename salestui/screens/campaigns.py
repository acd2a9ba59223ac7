"""All campaigns: what they are for, by which handbook, and how many deals and how much money run in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.lists import CampaignLine
from salestui.domain.text import same_name
from salestui.domain.views import KeyHint, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.screens import campaign_forms
from salestui.screens.base import bindings, hint
from salestui.screens.campaign import CampaignScreen
from salestui.screens.desk import Desk
from salestui.screens.lists import FilterScreen
from salestui.services import campaign_pages, campaigns
from salestui.widgets.amounts import short_amount
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.strip import NextStrip
from salestui.widgets.symbols import symbols
from salestui.widgets.topbar import TopBar

__all__ = ["CampaignsScreen"]


class CampaignsScreen(FilterScreen[None]):
    """The list of campaigns; Enter opens one."""

    PLACES: ClassVar[tuple[str, ...]] = ("list", "move")
    CSS_PATH = "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._lines: tuple[CampaignLine, ...] | None = None

    def compose(self) -> ComposeResult:
        """Top row, list, notices, keys; the filter line lies over the keys."""
        yield TopBar(TopBarView(_("Campaigns"), waiting=True))
        yield Listing()
        yield NextStrip()
        yield KeyFooter(self.hints())
        yield self.new_filter(_("name, market, scenario or owner"))

    async def on_mount(self) -> None:
        """Read the campaigns before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    def relabel(self) -> None:
        """Say everything in the language in use; the data follow on return."""
        super().relabel()
        self.filter_line.placeholder = _("name, market, scenario or owner")

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._lines is not None:
            await self.reload()

    def hints(self) -> Iterable[KeyHint]:
        """The keys of lists."""
        for key in keys.of("list"):
            if key.footer:
                yield hint(key)

    async def reload(self, select: int | None = None) -> None:
        """Read the campaigns anew; the cursor goes to campaign `select`, or stays."""
        self._lines = await self.desk.ask(campaign_pages.lines)
        self.draw(select)

    def draw(self, select: int | None = None) -> None:
        """Draw the campaigns that the filter lets through."""
        words = [same_name(word) for word in self.text.split()]
        shown = [line for line in self._lines or () if all(word in _searched(line) for word in words)]
        rows = tuple(_row(line) for line in shown)
        self.listing.show([Section(rows, _columns())] if rows else [], select=select)
        if self.text:
            self.listing.set_hint(_("No campaign fits"), ("esc", _("clear")))
        else:
            self.listing.set_hint(_("No campaigns yet"), ("n", _("new")))
        me = f"{len(shown)}   {self.desk.actor.name}"
        self.query_one(TopBar).show(TopBarView(_("Campaigns"), filter=self.text, me=me))

    # -- keys -------------------------------------------------------------------------------------------------------

    def _selected(self) -> int | None:
        row = self.listing.selected
        return row.key if row is not None and isinstance(row.key, int) else None

    def action_open(self) -> None:
        """Open the campaign under the cursor."""
        if (campaign := self._selected()) is not None:
            self.app.push_screen(CampaignScreen(self.desk, campaign))

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Make a campaign: which handbook, then what it is about."""
        made = await campaign_forms.start(self)
        await self.reload(made)
        if made is not None:
            name = (await self.desk.ask(campaigns.get, made)).name
            self.notice(
                _("The campaign {name} is made. Enter opens it; there n begins its first deal.").format(name=name)
            )

    @work(group="conversation", exclusive=True)
    async def action_edit(self) -> None:
        """Change the campaign under the cursor."""
        if (campaign := self._selected()) is not None:
            await self.app.push_screen_wait(await campaign_forms.edit(self.desk, campaign))
            await self.reload()

    def action_export(self) -> None:
        """Write the scores of the campaign under the cursor as an Excel or CSV file."""
        from salestui.screens import exports

        self.wait_for(exports.write(self, "scores", self._selected()))


def _searched(line: CampaignLine) -> str:
    known = line.campaign
    return same_name(f"{known.name} {known.market} {line.scenario} {line.playbook} {known.owner_name} M{known.id}")


def _row(line: CampaignLine) -> Row:
    known = line.campaign
    done, asked = line.outputs
    return Row(
        known.id,
        (
            Cell(known.name, Tone.FAINT if known.closed else Tone.NORMAL),
            Cell(_("closed") if known.closed else line.scenario),
            Cell(f"{line.playbook} {known.playbook_version}", Tone.FAINT),
            Cell(str(line.customers), Tone.FAINT),
            Cell(str(line.running), Tone.NORMAL if line.running else Tone.FAINT),
            Cell(short_amount(line.total)),
            Cell(_outputs(done, asked), Tone.SUCCESS if asked and done == asked else Tone.FAINT),
            Cell(known.owner_name, Tone.FAINT),
        ),
    )


def _outputs(done: int, asked: int) -> str:
    """Return whether the campaign's own outputs are there: a sign for one, a count for several."""
    if asked > 1:
        return f"{done}/{asked}"
    return (symbols().tick if done else symbols().open) if asked else ""


def _columns() -> tuple[Column, ...]:
    return (
        Column(20, _("Campaign"), share=3),
        Column(12, _("Scenario"), share=1, needs=100),
        Column(22, _("Handbook")),
        Column(9, _("Customers"), at_right=True, needs=100),
        Column(5, _("Deals"), at_right=True),
        Column(9, _("Open sum"), at_right=True),
        Column(7, _("Outputs"), at_right=True),
        Column(8, _("Owner"), needs=90),
    )
