"""Moving running deals to another version of their playbook: what each would meet there, then some or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui.domain.outcomes import Done
from salestui.domain.upgrade_views import UpgradeChoice, UpgradeLine, UpgradePage
from salestui.domain.views import AgendaStripView, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens import places
from salestui.screens.base import bindings
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.lists import ListScreen
from salestui.screens.telling import refusal_text
from salestui.services import playbook_life, upgrade_page
from salestui.widgets.agenda import AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.symbols import symbols
from salestui.widgets.topbar import TopBar

__all__ = ["UpgradeScreen"]

DEALS_ONLY, WITH_CAMPAIGNS = "deals", "campaigns"


class UpgradeScreen(ListScreen[None]):
    """The running deals of one playbook, previewed under one version of it; marked ones, or all, are moved over."""

    PLACES: ClassVar[tuple[str, ...]] = ("upgrade", "move")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lists.tcss", "upgrade.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("upgrade")

    def __init__(self, desk: Desk, key: str = "", version: int = 0) -> None:
        super().__init__(desk)
        self._wanted = (key, version)
        self._page: UpgradePage | None = None
        self._marked: set[int] = set()

    def compose(self) -> ComposeResult:
        """Top row, deals by what would become of them, the strip about the one under the cursor, the keys."""
        yield TopBar(TopBarView(_("Upgrade"), waiting=True))
        yield Listing()
        yield AgendaStrip()
        yield KeyFooter(self.hints())

    async def on_mount(self) -> None:
        """Begin with the newest version that most running deals do not follow yet."""
        self.fit(self.app.size.width, self.app.size.height)
        if not self._wanted[0]:
            newest = [choice for choice in await self.desk.ask(upgrade_page.choices) if choice.newest]
            first = max(newest, key=lambda choice: choice.waiting)
            self._wanted = (first.key, first.version)
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._page is not None:
            await self.reload()

    async def reload(self) -> None:
        """Preview anew; marks stay on the deals that can still be moved."""
        self._page = await self.desk.ask(upgrade_page.page, *self._wanted)
        self._marked &= {line.deal for line in self._page.movable}
        self.draw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    @property
    def _lines(self) -> tuple[UpgradeLine, ...]:
        return self._page.lines if self._page else ()

    def draw(self) -> None:
        """Draw the deals: those that would be stopped first, those that stay last."""
        groups = (
            (_("Would become blocked"), Tone.WARNING, [line for line in self._lines if line.blocked]),
            (_("Can be moved"), Tone.NORMAL, [line for line in self._lines if line.movable and not line.blocked]),
            (_("Stay as they are"), Tone.FAINT, [line for line in self._lines if not line.movable]),
        )
        self.listing.set_hint(_("No running deal follows this playbook"), ("m", _("another version")))
        self.listing.show(self._section(*group) for group in groups)
        self._show_top()
        self._show_strip()

    def _section(self, title: str, tone: Tone, lines: Sequence[UpgradeLine]) -> Section:
        columns = (
            Column(2),
            Column(16, share=2),
            Column(12, share=1, needs=60),
            Column(9, _("version")),
            Column(9, _("unmet")),
            Column(20, share=3, needs=100),
        )
        return Section([self._row(line) for line in lines], columns, title, str(len(lines)), tone)

    def _row(self, line: UpgradeLine) -> Row:
        arrow = symbols().leads_to
        marked = line.deal in self._marked
        version = f"{line.version} {arrow} {self._wanted[1]}" if line.movable else str(line.version)
        worse = line.after is not None and line.after > line.before
        unmet = str(line.before) if line.after is None else f"{line.before} {arrow} {line.after}"
        return Row(
            line.deal,
            (
                Cell(symbols().tick if marked else "", Tone.PRIMARY, bold=True),
                Cell(line.label, Tone.NORMAL if line.movable else Tone.FAINT, bold=marked),
                Cell(line.stage),
                Cell(version),
                Cell(unmet, Tone.WARNING if worse else Tone.MUTED),
                Cell(line.told[0], Tone.WARNING if line.blocked else Tone.MUTED),
            ),
        )

    def _show_top(self) -> None:
        if self._page is not None:
            what = f"{self._page.title} {self._page.version}"
            self.query_one(TopBar).show(
                TopBarView(_("Upgrade"), campaign=what, deals=len(self._lines), marked=len(self._marked))
            )

    def _line(self) -> UpgradeLine | None:
        row = self.listing.selected
        return next((line for line in self._lines if row is not None and line.deal == row.key), None)

    def _show_strip(self) -> None:
        line = self._line()
        if line is None:
            self.query_one(AgendaStrip).show(None)
            return
        facts = ((_("stage"), line.stage), (_("owner"), line.owner))
        what = ("；" if language() == "zh" else "; ").join(line.told)
        self.query_one(AgendaStrip).show(AgendaStripView(f"D{line.deal} {line.label}", what, facts=facts))

    def notice(self, text: str) -> None:
        """Tell something in the strip until the cursor moves."""
        if text:
            self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    # -- keys -------------------------------------------------------------------------------------------------------

    def on_listing_highlighted(self) -> None:
        """The strip follows the cursor."""
        self._show_strip()

    def action_open(self) -> None:
        """Open the deal."""
        line = self._line()
        if line is not None:
            self.app.push_screen(places.make("deal", self.desk, line.deal))

    def action_mark(self) -> None:
        """Mark the deal under the cursor, or not, and go on to the next."""
        line = self._line()
        if line is None:
            return
        if not line.movable:
            self.notice(line.told[0])
            return
        self._marked ^= {line.deal}
        self.draw()
        self.listing.move_cursor(1)

    def action_all(self) -> None:
        """Mark every deal that can be moved, or none."""
        movable = {line.deal for line in self._lines if line.movable}
        self._marked = set() if self._marked == movable else movable
        self.draw()

    @work(group="conversation", exclusive=True)
    async def action_version(self) -> None:
        """Choose another playbook or version."""
        known = await self.desk.ask(upgrade_page.choices)
        options = [((each.key, each.version), f"{each.title} {each.version}", _remark(each)) for each in known]
        chosen = await self.app.push_screen_wait(
            ChooseScreen(self.desk, _("Move to which version?"), options, selected=self._wanted)
        )
        if chosen is not None and chosen != self._wanted:
            self._wanted, self._marked = chosen, set()
            await self.reload()

    @work(group="conversation", exclusive=True)
    async def action_run(self) -> None:
        """Move the marked deals, or all where none is marked; ask about the campaigns first."""
        page = self._page
        if page is None:
            return
        deals = [line.deal for line in page.movable if not self._marked or line.deal in self._marked]
        if not deals and not page.campaigns:
            self.notice(_("There is nothing to move to this version."))
            return
        chosen = await self.app.push_screen_wait(ChooseScreen(self.desk, self._question(deals), _ways(page, deals)))
        if chosen is None:
            return
        pushes = [number for number, _name in page.campaigns] if chosen == WITH_CAMPAIGNS else []
        outcome = await self.desk.tell(playbook_life.upgrade, page.key, page.version, deals=deals, campaigns=pushes)
        await self.reload()
        if isinstance(outcome, Done):
            n = outcome.number
            told = ngettext("{n} moved to version {version}.", "{n} moved to version {version}.", n)
            self.notice(told.format(n=n, version=page.version))
        else:
            self.notice(refusal_text(outcome))

    def _question(self, deals: Sequence[int]) -> str:
        blocked = sum(line.blocked for line in self._lines if line.deal in deals)
        ask = ngettext("Move {n} deal to version {version}?", "Move {n} deals to version {version}?", len(deals))
        question = ask.format(n=len(deals), version=self._wanted[1])
        if not blocked:
            return question
        would = ngettext("{n} would become blocked.", "{n} would become blocked.", blocked).format(n=blocked)
        return f"{question} {would}"

    def action_leave(self) -> None:
        """Take the marks off first; then back to where one came from."""
        if self._marked:
            self._marked = set()
            self.draw()
        else:
            self.dismiss(None)


def _remark(choice: UpgradeChoice) -> str:
    waiting = choice.waiting
    if not waiting:
        return _("all running deals follow it")
    return ngettext("{n} running deal on another version", "{n} running deals on another version", waiting).format(
        n=waiting
    )


def _ways(page: UpgradePage, deals: Sequence[int]) -> list[tuple[str, str, str]]:
    ways = [(DEALS_ONLY, _("The deals alone"), _("new deals of their campaigns stay on the old version"))]
    names = ", ".join(name for _number, name in page.campaigns)
    if page.campaigns:
        ways.append((WITH_CAMPAIGNS, _("The deals, and the campaigns for new ones"), names))
    return ways if deals else ways[1:]
