"""The history: who did what and when, day by day; the strip tells what the line under the cursor changed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from salestui import keys
from salestui.domain.dates import short_day
from salestui.domain.history_views import Change, HistoryLine, HistoryPage
from salestui.domain.news import News
from salestui.domain.showing import weekday
from salestui.domain.views import AgendaStripView, KeyHint, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens import history_forms, places
from salestui.screens.base import bindings, hint
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.lists import FilterScreen
from salestui.services import customers, deals, history_page, users
from salestui.widgets.agenda import AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.symbols import symbols
from salestui.widgets.topbar import TopBar

__all__ = ["HistoryScreen"]

AHEAD = 60
"""Older events are read when the cursor is this many lines from the last."""
WHOLE = (Column(5), Column(10), Column(18, share=1, needs=60), Column(30, share=4))
OWN = (Column(5), Column(10), Column(30, share=1))


class HistoryScreen(FilterScreen[None]):
    """Everything, or what concerns one deal or customer; newest first."""

    PLACES: ClassVar[tuple[str, ...]] = ("history", "move")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lists.tcss", "history.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("history")

    def __init__(self, desk: Desk, deal: int | None = None, customer: int | None = None) -> None:
        super().__init__(desk)
        self._of = (deal, customer)
        self._own = deal is not None or customer is not None
        self._subject = ""
        self._person: tuple[int, str] | None = None
        self._lines: tuple[HistoryLine, ...] = ()
        self._older: int | None = None
        self._read = False
        self._reading = 0

    def compose(self) -> ComposeResult:
        """Top row, days, the strip about the line under the cursor, the keys."""
        yield TopBar(TopBarView(_("History"), waiting=True))
        yield Listing()
        yield AgendaStrip()
        yield KeyFooter(self.hints())
        yield self.new_filter(_("what, who, customer or any value"))

    async def on_mount(self) -> None:
        """Read the newest events before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    def relabel(self) -> None:
        """Say everything in the language in use; the data follow on return."""
        super().relabel()
        self.filter_line.placeholder = _("what, who, customer or any value")

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._read:
            await self.reload()

    # -- reading ----------------------------------------------------------------------------------------------------

    async def reload(self) -> None:
        """Read from the newest event on; the cursor stays on its line as long as it is there."""
        deal, customer = self._of
        if deal is not None and not self._subject:
            self._subject = (await self.desk.ask(deals.get, deal)).customer_label
        elif customer is not None and not self._subject:
            self._subject = (await self.desk.ask(customers.get, customer)).label
        self._reading += 1
        await self._more((), None)
        self._read = True

    async def _more(self, lines: tuple[HistoryLine, ...], older: int | None) -> None:
        """Read what follows `lines`; what was asked for before a newer reading began is dropped."""
        reading = self._reading
        page = await self._page(older)
        if reading == self._reading:
            self._lines, self._older = (*lines, *page.lines), page.older
            self.draw()

    async def _page(self, older: int | None) -> HistoryPage:
        deal, customer = self._of if self._own else (None, None)
        return await self.desk.ask(
            history_page.page,
            deal=deal,
            customer=customer,
            user=self._person[0] if self._person else None,
            text=self.text,
            before=older,
        )

    async def on_changed(self, news: News) -> None:
        """Put what is new on top; what was read further down stays, and the cursor with it."""
        if not news or not self._read:
            return
        reading = self._reading
        page = await self._page(None)
        if reading != self._reading:
            return
        if page.lines and page.lines[-1] in self._lines:
            below = self._lines[self._lines.index(page.lines[-1]) + 1 :]
            self._lines = (*page.lines, *below)
            self.draw()
        elif not self._lines or len(self._lines) <= len(page.lines):
            self._lines, self._older = page.lines, page.older
            self.draw()

    @work(group="older", exclusive=True)
    async def _read_on(self) -> None:
        await self._more(self._lines, self._older)

    @work(group="filter", exclusive=True)
    async def _read_anew(self) -> None:
        await self.reload()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the lines under their days, and say where we are."""
        sections = [
            Section([self._row(line) for line in lines], OWN if self._own else WHOLE, title=self._day(lines[0]))
            for lines in (tuple(found) for _day, found in groupby(self._lines, key=lambda line: line.day))
        ]
        if self.text or self._person:
            self.listing.set_hint(_("Nothing in the history fits"), ("esc", _("clear")))
        else:
            self.listing.set_hint(_("Nothing has happened yet"))
        self.listing.show(sections)
        self._show_top()
        self._show_strip()

    def _day(self, line: HistoryLine) -> str:
        year = f"{line.day.year} " if line.day.year != self.desk.team.today(self.desk.now).year else ""
        today = f" {_('today')}" if line.day == self.desk.team.today(self.desk.now) else ""
        return f"{year}{short_day(line.day, language())} {weekday(line.day, language())}{today}"

    def _row(self, line: HistoryLine) -> Row:
        at, who = Cell(f"{line.at:%H:%M}", Tone.FAINT), Cell(line.who)
        told = Cell(line.told, Tone.NORMAL)
        return Row(line.id, (at, who, told) if self._own else (at, who, Cell(line.concerns), told))

    def _show_top(self) -> None:
        place = _("History")
        if self._own and self._subject:
            place = _("{place} of {name}").format(place=place, name=self._subject)
        whom = self._person[1] if self._person else ""
        self.query_one(TopBar).show(TopBarView(place, owner=whom, filter=self._filter()))

    def _filter(self) -> str:
        """Say what is filtered by, and how many lines that has found."""
        if not (self.text or self._person):
            return ""
        n = len(self._lines)
        more = "+" if self._older is not None else ""
        return f"{self.text}  {ngettext('{n} line', '{n} lines', n).format(n=f'{n}{more}')}".strip()

    def _line(self) -> HistoryLine | None:
        row = self.listing.selected
        return next((line for line in self._lines if row is not None and line.id == row.key), None)

    def _show_strip(self) -> None:
        line = self._line()
        if line is None:
            self.query_one(AgendaStrip).show(None)
            return
        facts = [(change.label, _told(change)) for change in line.changes]
        if line.note and line.note.split("\n", 1)[0] not in line.told:
            facts.insert(0, (_("note"), line.note.replace("\n", " ")))
        if self.has_class("-low") and facts:
            said = "   ".join(f"{label} {text}" for label, text in facts)
            self.query_one(AgendaStrip).show(AgendaStripView(name="", what=said))
            return
        name = line.concerns or line.who
        self.query_one(AgendaStrip).show(AgendaStripView(name=name, what=line.told, facts=tuple(facts[:6])))

    def notice(self, text: str) -> None:
        """Tell something in the strip until the cursor moves."""
        if text:
            self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    def hints(self) -> Iterable[KeyHint]:
        """The history's keys; looking at everything is for the history of one thing."""
        for key in keys.of("history"):
            if key.footer and (key.id != "history.all" or self._of != (None, None)):
                yield hint(key)

    # -- keys -------------------------------------------------------------------------------------------------------

    def on_listing_highlighted(self) -> None:
        """The strip follows the cursor; older events are read before it comes to the last."""
        self._show_strip()
        here, count = self.listing.position
        if self._older is not None and here > count - AHEAD:
            self._read_on()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every character narrows the history, however far back it goes."""
        self.text = event.value
        self._read_anew()

    def action_open(self) -> None:
        """Open what the line concerns."""
        line = self._line()
        if line is not None and line.deal is not None:
            self.app.push_screen(places.make("deal", self.desk, line.deal))
        elif line is not None and line.customer is not None:
            self.app.push_screen(places.make("customer", self.desk, line.customer))
        elif line is not None:
            self.notice(_("This line concerns no deal and no customer."))

    def action_day(self) -> None:
        """To the first line of the day before."""
        self._to_day(1)

    def action_day_back(self) -> None:
        """To the first line of the day after."""
        self._to_day(-1)

    def _to_day(self, step: int) -> None:
        line = self._line()
        days = list(dict.fromkeys(known.day for known in self._lines))
        at = days.index(line.day) + step if line is not None else 0
        if 0 <= at < len(days):
            wanted = next(known for known in self._lines if known.day == days[at])
            self.listing.move_cursor(self._lines.index(wanted) - (self._lines.index(line) if line else 0))

    @work(group="conversation", exclusive=True)
    async def action_person(self) -> None:
        """Choose whose doings to see."""
        people = await self.desk.ask(users.all)
        choices = [(0, _("Everyone"), ""), *((user.id, user.name, user.login) for user in people)]
        selected = self._person[0] if self._person else 0
        chosen = await self.app.push_screen_wait(
            ChooseScreen(self.desk, _("Whose history?"), choices, selected=selected)
        )
        if chosen is not None:
            self._person = next(((user.id, user.name) for user in people if user.id == chosen), None)
            await self.reload()

    @work(group="conversation", exclusive=True)
    async def action_export(self) -> None:
        """Write the history shown as JSON lines or CSV, with the anchor that later proves it whole."""
        deal, customer = self._of if self._own else (None, None)
        await self.app.push_screen_wait(await history_forms.export(self.desk, deal=deal, customer=customer))

    async def action_check(self) -> None:
        """Look whether the history stands as it was written."""
        self.notice(await history_forms.checked(self.desk))

    async def action_all(self) -> None:
        """Everything, or the deal or customer alone again."""
        if self._of == (None, None):
            self.notice(_("This is everything already."))
            return
        self._own = not self._own
        await self.reload()

    def action_leave(self) -> None:
        """Clear the filter and the person first; then back to where one came from."""
        if self._person is not None and not (self.filter_line.has_class("-open") or self.text):
            self._person = None
            self._read_anew()
        else:
            super().action_leave()


def _told(change: Change) -> str:
    if not change.before:
        return change.after
    return f"{change.before} {symbols().leads_to} {change.after or '-'}"
