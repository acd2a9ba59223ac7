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
from salestui.services.customer_pages import CustomerWindow
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, PagedRows, Row, Section
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
        self._rows: PagedRows | None = None
        self._left = False
        self._total = 0

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
        if self._left:
            self._left = False
            await self.reload()

    def on_screen_suspend(self) -> None:
        """Another place lies over this one."""
        self._left = True

    def on_resize(self, event: Resize) -> None:
        """More rows may come in sight."""
        super().on_resize(event)
        self.call_after_refresh(self._read_on)

    def hints(self) -> Iterable[KeyHint]:
        """The keys of lists."""
        for key in keys.of("list"):
            if key.footer:
                yield hint(key)

    async def reload(self, select: int | None = None) -> None:
        """Read the customers anew; the cursor goes to customer `select`, or stays."""
        wanted = self._selected() if select is None else select
        while True:
            text = self.text
            found = await self.desk.ask(customer_pages.window, text, *self._window(), wanted)
            if text == self.text:
                break
        self._total, self._rows = found.total, PagedRows(found.count)
        self._take(found)
        self._show_rows(select)
        await self._read_on()

    def _window(self) -> tuple[int, int]:
        """Return the places that may come in sight; before the first frame as many as the terminal has rows."""
        first, after = self.listing.window()
        return first, max(after, first + 2 * self.app.size.height)

    def _take(self, found: CustomerWindow) -> None:
        if self._rows is not None:
            self._rows.put(found.start, [self._row(line, facts) for line, facts in found.lines])

    async def _read_on(self) -> None:
        """Read the customers that came in sight and were not read yet."""
        rows, window = self._rows, self._window()
        if rows is not None and rows.unread(*window):
            found = await self.desk.ask(customer_pages.window, self.text, *window)
            if rows is self._rows:
                self._take(found)
                self.listing.refresh()

    def on_listing_highlighted(self) -> None:
        """What was told has been read; rows that came in sight are read."""
        super().on_listing_highlighted()
        self.call_later(self._read_on)

    def draw(self, select: int | None = None) -> None:
        """Draw the customers that the filter lets through."""
        self.run_worker(self.reload(select), group="rows", exclusive=True)

    def _show_rows(self, select: int | None) -> None:
        rows: Sequence[Row] = self._rows if self._rows is not None else ()
        total = str(len(rows)) if len(rows) == self._total else f"{len(rows)}/{self._total}"
        self.listing.show([Section(rows, _columns(), total=total)] if rows else [], select=select)
        if self.text:
            self.listing.set_hint(_("No customer fits"), ("esc", _("clear")))
        else:
            self.listing.set_hint(_("No customers yet"), ("n", _("new")), ("I", _("import")))
        me = self.desk.actor.name
        self.query_one(TopBar).show(TopBarView(_("Customers"), filter=self.text, me=f"{total}   {me}"))

    def _row(self, line: CustomerLine, facts: CustomerFacts) -> Row:
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
        """Open the customer under the cursor, once it was read."""
        self.call_later(self._open)

    async def _open(self) -> None:
        await self._read_on()
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
