"""Importing a file: which, into which campaign, what its columns mean, what would happen; then it is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.deal_views import Word
from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Campaign, Kind, number_of
from salestui.domain.views import DealHeadView, KeyHint, Tone
from salestui.errors import BadInput, StorageFault
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.screens import campaign_forms, import_sections, places
from salestui.screens.base import bindings, hint
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.import_sections import COLUMN, FIGURE
from salestui.screens.lists import ListScreen
from salestui.screens.telling import refusal_text
from salestui.services import campaigns, import_preview, importing
from salestui.services.import_report import ImportPlan, ImportReport
from salestui.services.import_run import Import
from salestui.services.import_sheet import Sheet
from salestui.widgets.files import expand
from salestui.widgets.footer import KeyFooter
from salestui.widgets.hint import HintLine
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Section
from salestui.widgets.path_input import PathInput
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["ImportScreen"]

TYPES = ("csv", "tsv", "txt")
NEW_CAMPAIGN = 0
SHOWN_NAMES = 12


class ImportScreen(ListScreen[bool]):
    """Shows what an import would do, and does it when asked; dismisses with True when something was imported."""

    PLACES: ClassVar[tuple[str, ...]] = ("import", "move")
    CSS_PATH = ["lists.tcss", "importing.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("import")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._campaign: Campaign | None = None
        self._sheet: Sheet | None = None
        self._mapping: dict[str, str] = {}
        self._stages = ""
        self._plan: ImportPlan | None = None
        self._report: ImportReport | None = None
        self._under_way: Import | None = None
        self._entering = self._stopped = False

    def compose(self) -> ComposeResult:
        """Top row, the line for the path, what fits it, the lists, notices, keys."""
        yield TopBar(DealHeadView(name=_("Import")))
        yield PathInput(TYPES, _hint(), id="path")
        yield HintLine(id="names")
        yield Listing()
        yield NextStrip()
        yield KeyFooter(self.hints())

    @property
    def path_line(self) -> PathInput:
        """Where the path is typed."""
        return self.query_one(PathInput)

    async def on_mount(self) -> None:
        """Begin with the running campaign, and with the path."""
        self.fit(self.app.size.width, self.app.size.height)
        running = [known for known in await self.desk.ask(campaigns.all) if not known.closed]
        self._campaign = running[0] if running else None
        self._draw_head()
        self.path_line.focus()

    def relabel(self) -> None:
        """Say everything in the language in use; the reasons of rows are written anew as well."""
        super().relabel()
        self.path_line.placeholder = _hint()
        self._draw_head()
        if self._sheet is not None and self._report is None:
            self.call_later(self._judge)

    def hints(self) -> Iterable[KeyHint]:
        """What can be done now: while the path is typed only that; after the import only leaving."""
        if self.is_mounted and self.path_line.has_focus:
            yield KeyHint("tab", _("complete"))
            yield KeyHint("enter", _("read the file"))
            yield KeyHint("esc", _("leave"), leaving=True)
            return
        ready = self._plan is not None and self._report is None and not self._entering
        for key in keys.of("import"):
            if key.footer:
                able = key.leaving or key.id == "import.path" or (ready if key.id == "import.run" else not self._report)
                yield hint(key, enabled=able)

    # -- the file ---------------------------------------------------------------------------------------------------

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        """Show what fits the path."""
        more = len(event.names) - SHOWN_NAMES
        told = "   ".join(event.names[:SHOWN_NAMES])
        self.query_one("#names", HintLine).show(f"{told}   +{more}" if more > 0 else told)

    def on_input_submitted(self) -> None:
        """Enter reads the file."""
        if self.path_line.value.strip():
            self._begin(expand(self.path_line.value))

    def on_descendant_focus(self) -> None:
        """The keys change with the place."""
        self.show_hints()

    def on_descendant_blur(self) -> None:
        """The keys change with the place."""
        self.call_after_refresh(self.show_hints)

    @work(group="conversation", exclusive=True)
    async def _begin(self, path: Path) -> None:
        """Read a file, and judge it under the campaign; without one, make one first."""
        try:
            sheet = await self.desk.ask(lambda request: importing.read(path, database=request.store.location))
        except BadInput as error:
            self.notice(error.text())
            return
        self.notice("")
        self.query_one("#names", HintLine).show("")
        if self._campaign is None:
            made = await campaign_forms.start(self, first=True)
            if made is None:
                self.notice(_("An import goes into a campaign: make one first."))
                return
            self._campaign = await self.desk.ask(campaigns.get, made)
        self._sheet, self._report, self._stages = sheet, None, ""
        self._mapping = import_preview.settled(sheet, {})
        self.set_focus(None)
        await self._judge()

    async def _judge(self) -> None:
        """Judge every row under what is chosen, and show what would happen."""
        self._plan = None
        lines = self._columns()
        if self._sheet is None or self._campaign is None:
            return
        if not import_preview.has_company(lines):
            self._show((import_sections.columns(lines),))
            self.notice(_("No column holds the company: put the cursor on it and press enter."))
            return
        try:
            args = (self._sheet, self._campaign.id, self._mapping, self._stages)
            judged = await self.desk.ask(importing.plan, *args)
        except BadInput as error:
            self._show((import_sections.columns(lines),))
            self.notice(error.text())
            return
        if isinstance(judged, NotAllowed):
            self._show((import_sections.columns(lines),))
            self.notice(refusal_text(judged))
            return
        self._plan = judged
        told = judged.report()
        figures, *others = import_sections.report(told)
        self._show((figures, import_sections.columns(lines), *others, import_sections.created(told)))

    def _columns(self) -> tuple[import_preview.ColumnLine, ...]:
        return import_preview.columns(self._sheet, self._mapping) if self._sheet else ()

    def _show(self, sections: Iterable[Section]) -> None:
        self.listing.show(section for section in sections if section.rows)
        self._draw_head()
        self.show_hints()

    def _draw_head(self) -> None:
        name = self._campaign.name if self._campaign else ""
        rows = len(self._sheet.rows) if self._sheet else 0
        told = ngettext("{n} row", "{n} rows", rows).format(n=rows) if self._sheet else ""
        staged = _("stages of {heading}").format(heading=self._stages) if self._stages else ""
        where = f"{told}  {self._sheet.encoding}" if self._sheet else ""
        self.query_one(TopBar).show(DealHeadView(name=_("Import"), owner=name, stage=where, notice=staged))

    # -- choosing ---------------------------------------------------------------------------------------------------

    def action_path(self) -> None:
        """Choose another file."""
        if not self._entering:
            self.path_line.focus()

    def action_open(self) -> None:
        """Change what the column under the cursor means; from a figure go to its rows; of a row tell everything."""
        row = self.listing.selected
        what, key = row.key if row is not None and isinstance(row.key, tuple) else ("", "")
        told = self._report or (self._plan.report() if self._plan else None)
        if what == COLUMN:
            self._map(str(key))
        elif what == FIGURE and told is not None:
            rows = {"rejected": told.rejected, "doubles": told.doubles, "skipped": told.skipped}
            first = next(iter(rows.get(str(key), told.created)), None)
            if first is not None:
                self.listing.go_to((key, first.line))
        elif told is not None:
            found = next(each for each in told.rows if each.line == key)
            deal = number_of(Kind.DEAL, found.deal) if found.deal else None
            if deal is None:
                self.notice("  ".join(part for part in (found.company, found.why or ", ".join(found.doubles)) if part))
            else:
                self.app.push_screen(places.make("deal", self.desk, deal))

    @work(group="conversation", exclusive=True)
    async def _map(self, heading: str) -> None:
        if self._sheet is None or self._entering:
            return
        lines = self._columns()
        here = next((line.field for line in lines if line.heading == heading), "")
        choices = import_preview.choices(lines)
        title = _("What is in the column {heading}?").format(heading=heading)
        chosen = await self.app.push_screen_wait(ChooseScreen(self.desk, title, choices, selected=here or "company"))
        if chosen is not None:
            self._mapping = import_preview.mapped(self._sheet, self._mapping, heading, chosen)
            if self._stages and self._stages != import_preview.stage_heading(self._columns()):
                self._stages = ""
            await self._judge()

    @work(group="conversation", exclusive=True)
    async def action_campaign(self) -> None:
        """Choose the campaign to import into, or make one."""
        if self._entering:
            return
        running = [known for known in await self.desk.ask(campaigns.all) if not known.closed]
        choices = [(known.id, known.name, known.market) for known in running]
        choices.append((NEW_CAMPAIGN, _("A new campaign"), ""))
        here = self._campaign.id if self._campaign else None
        title = _("Import into which campaign?")
        chosen: int | None = await self.app.push_screen_wait(ChooseScreen(self.desk, title, choices, selected=here))
        if chosen == NEW_CAMPAIGN:
            chosen = await campaign_forms.start(self)
        if chosen is not None:
            self._campaign = await self.desk.ask(campaigns.get, chosen)
            self._draw_head()
            await self._judge()

    @work(group="conversation", exclusive=True)
    async def action_stages(self) -> None:
        """Put rows into the stage that a column names, or no more; a manager's act, by visible exceptions."""
        if self._sheet is None or self._entering:
            return
        if self._stages:
            self._stages = ""
        elif refusal(self.desk.actor, Act.IMPORT_INTO_STAGE):
            self.notice(refusal_text(NotAllowed("only_manager")))
            return
        else:
            lines = self._columns()
            choices = [(line.heading, line.heading, line.sample) for line in lines]
            known = import_preview.stage_heading(lines)
            title = _("Which column names the stage?")
            chosen = await self.app.push_screen_wait(ChooseScreen(self.desk, title, choices, selected=known))
            if chosen is None:
                return
            self._mapping = import_preview.mapped(self._sheet, self._mapping, chosen, "stage")
            self._stages = chosen
        await self._judge()

    # -- importing --------------------------------------------------------------------------------------------------

    @work(group="import", exclusive=True)
    async def action_run(self) -> None:
        """Import what was judged good, slice by slice, and write the rejected rows to a file.

        When it ends early what was entered stays, and asking again goes on there.
        """
        plan = self._plan
        if self._entering:
            return
        if plan is None or self._report is not None:
            self.notice(_("There is nothing to import: choose a file first.") if plan is None else _("It is imported."))
            return
        self._entering, self._stopped = True, False
        self.show_hints()
        try:
            if self._under_way is None or self._under_way.planned is not plan:
                self._under_way = await self.desk.ask(importing.begin, plan)
            entered = await self._entered(self._under_way)
        finally:
            self._entering = False
            self.show_hints()
        if entered:
            self._report = done = self._under_way.report
            self._show((*import_sections.report(done), import_sections.created(done)))
            await self._write_rejected(plan.sheet, done)

    async def _entered(self, under_way: Import) -> bool:
        """Take step after step, others coming in between, and show how far it is; False when it ended early."""
        while not under_way.finished:
            try:
                with self.desk.command(under_way.next_id):
                    refused = await self.desk.tell(importing.step, under_way)
                said = refusal_text(refused) if refused is not None else ""
            except (BadInput, StorageFault) as error:
                said = error.text()
            if self._stopped and not said and not under_way.finished:
                said = _("Stopped.")
            if said:
                self._tell_early_end(under_way, said)
                return False
            self.notice(_("Importing: {progress}").format(progress=under_way.progress.text()))
        self.notice("")
        return True

    def _tell_early_end(self, under_way: Import, said: str) -> None:
        """Show what became of the rows that are entered, where it goes on, and why it ended."""
        if not under_way.progress.done:
            self.notice(said)
            return
        told = under_way.report
        self._show((*import_sections.report(told), import_sections.created(told)))
        where = _("{progress} rows are in. Import again: it goes on at line {line}.")
        self.notice(where.format(progress=under_way.progress.text(), line=under_way.next_line))
        self.notify(said, markup=False, timeout=20)

    async def _write_rejected(self, sheet: Sheet, done: ImportReport) -> None:
        count = len(done.created)
        told = ngettext("{n} deal is imported.", "{n} deals are imported.", count).format(n=count)
        try:
            path = await self.desk.ask(lambda _request: importing.write_rejected(sheet, done))
        except BadInput as error:
            self.notice(f"{told}  {error.text()}")
            return
        if path is not None:
            told += "  " + _("Rejected, to be mended: {path}").format(path=path.name)
        line = self.query_one(NextStrip)
        line.show(Word(told, Tone.SUCCESS))
        line.add_class("-notice")

    def action_leave(self) -> None:
        """From the path back to the lists; an import under way is stopped after its slice; else out."""
        if self._entering:
            self._stopped = True
        elif self.path_line.has_focus and self._sheet is not None:
            self.set_focus(None)
        else:
            entered = self._under_way is not None and self._under_way.progress.done > 0
            self.dismiss(entered or self._report is not None)


def _hint() -> str:
    return _("path of a CSV file; tab completes, enter reads it")
