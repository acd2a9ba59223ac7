"""All customers: who they are, their grade and class, how many deals run, and when they were last spoken to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize

from salestui import keys
from salestui.domain.dates import short_day
from salestui.domain.lists import CustomerFacts, CustomerLine
from salestui.domain.outcomes import Done
from salestui.domain.views import KeyHint, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import customer_forms, places
from salestui.screens.base import bindings, hint
from salestui.screens.desk import Desk
from salestui.screens.lists import FilterScreen
from salestui.services import customer_pages, customers
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, LazyRows, Row, Section
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["CustomersScreen"]

YEAR = 300
"""Days after which a day is shown with its year."""


class CustomersScreen(FilterScreen[None]):
    """The list of customers; Enter opens one."""

    PLACES: ClassVar[tuple[str, ...]] = ("list", "move")
    CSS_PATH = "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._lines: Sequence[CustomerLine] | None = None
        self._facts: dict[int, CustomerFacts] = {}

    def compose(self) -> ComposeResult:
        """Top row, list, notices, keys; the filter line lies over the keys."""
        yield TopBar(TopBarView(_("Customers"), waiting=True))
        yield Listing()
        yield NextStrip()
        yield KeyFooter(self.hints())
        yield self.new_filter(_("name, industry, region or owner"))

    async def on_mount(self) -> None:
        """Read the customers before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    def relabel(self) -> None:
        """Say everything in the language in use; the data follow on return."""
        super().relabel()
        self.filter_line.placeholder = _("name, industry, region or owner")

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._lines is not None:
            await self.reload()

    def on_resize(self, event: Resize) -> None:
        """More rows may come in sight."""
        super().on_resize(event)
        self.call_after_refresh(self._read_facts)

    def hints(self) -> Iterable[KeyHint]:
        """The keys of lists."""
        for key in keys.of("list"):
            if key.footer:
                yield hint(key)

    async def reload(self, select: int | None = None) -> None:
        """Read the customers anew; the cursor goes to customer `select`, or stays."""
        self._lines, self._facts = await self.desk.ask(customer_pages.lines), {}
        self._show_rows(select)
        if self.listing.size.height:
            await self._read_facts()
        else:
            self.call_after_refresh(self._read_facts)

    async def _read_facts(self) -> None:
        """Read what is told of the customers in sight and just below, where it is not known yet."""
        wanted = [key for key in self.listing.in_sight() if isinstance(key, int) and key not in self._facts]
        if wanted:
            self._facts |= await self.desk.ask(customer_pages.facts, wanted)
            self._show_rows(None)

    def on_listing_highlighted(self) -> None:
        """What was told has been read; rows that came in sight are completed."""
        super().on_listing_highlighted()
        self.call_later(self._read_facts)

    def draw(self, select: int | None = None) -> None:
        """Draw the customers that the filter lets through."""
        self._show_rows(select)
        self.call_later(self._read_facts)

    def _show_rows(self, select: int | None) -> None:
        every = self._lines or ()
        shown = customer_pages.fitting(every, self.text)
        rows = LazyRows(shown, lambda line: line.id, self._row)
        total = str(len(shown)) if len(shown) == len(every) else f"{len(shown)}/{len(every)}"
        self.listing.show([Section(rows, _columns(), total=total)] if shown else [], select=select)
        if self.text:
            self.listing.set_hint(_("No customer fits"), ("esc", _("clear")))
        else:
            self.listing.set_hint(_("No customers yet"), ("n", _("new")), ("I", _("import")))
        me = self.desk.actor.name
        self.query_one(TopBar).show(TopBarView(_("Customers"), filter=self.text, me=f"{total}   {me}"))

    def _row(self, line: CustomerLine) -> Row:
        facts = self._facts.get(line.id, CustomerFacts())
        count = str(facts.running) if facts.running == facts.deals else f"{facts.running}/{facts.deals}"
        return Row(
            line.id,
            (
                Cell(line.label, Tone.NORMAL),
                Cell(facts.grade or "-", grade=True),
                Cell(line.industry),
                Cell(line.region),
                Cell(facts.classification, Tone.FAINT),
                Cell(count if facts.deals else "", Tone.NORMAL if facts.running else Tone.FAINT),
                Cell(self._day(facts.last_talk), Tone.FAINT),
                Cell(line.owner, Tone.FAINT),
            ),
        )

    def _day(self, moment: datetime | None) -> str:
        """Return the local day of a talk, with its year where that is another one long ago."""
        if moment is None:
            return ""
        team = self.desk.team
        day = moment.astimezone(team.zone).date()
        if (team.today(self.desk.now) - day).days > YEAR:
            return f"{day.year}-{day.month:02}"
        return short_day(day, language())

    # -- keys -------------------------------------------------------------------------------------------------------

    def _selected(self) -> int | None:
        row = self.listing.selected
        return row.key if row is not None and isinstance(row.key, int) else None

    def action_open(self) -> None:
        """Open the customer under the cursor."""
        if (customer := self._selected()) is not None:
            self.app.push_screen(places.make("customer", self.desk, customer))

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Enter a customer."""
        outcome = await self.app.push_screen_wait(await customer_forms.new(self.desk))
        if isinstance(outcome, Done):
            await self.reload(outcome.number)
            await self._tell_doubles(outcome.number)

    async def _tell_doubles(self, customer: int) -> None:
        name = await self.desk.ask(customer_pages.name_of, customer)
        found = await self.desk.ask(customers.possible_doubles, name)
        if told := customer_forms.doubles_text(found):
            self.notice(told)

    @work(group="conversation", exclusive=True)
    async def action_edit(self) -> None:
        """Change the customer under the cursor."""
        if (customer := self._selected()) is not None:
            await self.app.push_screen_wait(await customer_forms.edit(self.desk, customer))
            await self.reload()

    def action_export(self) -> None:
        """Write the customers as an Excel or CSV file."""
        from salestui.screens import exports

        self.wait_for(exports.write(self, "customers"))


def _columns() -> tuple[Column, ...]:
    return (
        Column(20, _("Name"), share=3),
        Column(2),
        Column(8, _("Industry"), share=2),
        Column(8, _("Region"), share=1, needs=72),
        Column(12, _("Class"), share=1, needs=100),
        Column(5, _("Deals"), at_right=True),
        Column(9, _("Last talk"), at_right=True),
        Column(8, _("Owner")),
    )
