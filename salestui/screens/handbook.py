"""The handbook to read: goals, guidance, key actions, outputs with examples, scoring and rules, searchable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.widgets import Input

from salestui import keys
from salestui.domain.handbook import Chapter, places
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Playbook
from salestui.domain.views import KeyHint, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.services import campaigns, handbook_text, playbooks
from salestui.services.request import Call, reads
from salestui.widgets.chapters import ChapterList
from salestui.widgets.footer import KeyFooter
from salestui.widgets.reader import HandbookReader
from salestui.widgets.search_line import SearchLine
from salestui.widgets.topbar import TopBar

NARROW, LOW = 100, 30


@reads
def first_playbook(call: Call) -> Playbook:
    """Return the playbook of the newest open campaign, else the one a new campaign would get."""
    running = [campaign for campaign in campaigns.all(call) if not campaign.closed]
    if running:
        return playbooks.get(call, running[0].playbook, running[0].playbook_version)
    return playbooks.latest(call, playbooks.default_key(call))


def _title(playbook: Playbook) -> str:
    return f"{playbook.title.get(language())} v{playbook.version}"


class HandbookScreen(SalesScreen[None]):
    """Reads a whole handbook; opens at the stage and output asked for."""

    PLACES: ClassVar[tuple[str, ...]] = ("reader", "move")
    CSS_PATH = "handbook.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("reader", "move", "app")

    def __init__(self, desk: Desk, playbook: Playbook | None = None, stage: str = "", output: str = "") -> None:
        super().__init__(desk)
        self._playbook = playbook
        self._start = (stage, output)
        self._chapters: tuple[Chapter, ...] = ()
        self._told_in = ""
        self._found: list[tuple[int, int]] = []
        self._before_search = (0, 0)

    def compose(self) -> ComposeResult:
        """Top row, chapters beside the text, the keys; the search line lies over them."""
        yield TopBar(TopBarView(_("Handbook"), waiting=True))
        with Horizontal():
            yield ChapterList()
            yield HandbookReader()
        yield KeyFooter(self.hints())
        yield SearchLine(_("any words of the handbook"))

    @property
    def reader(self) -> HandbookReader:
        """The text."""
        return self.query_one(HandbookReader)

    @property
    def search_line(self) -> SearchLine:
        """The line where a search is typed."""
        return self.query_one(SearchLine)

    async def on_mount(self) -> None:
        """Read the handbook before the first frame."""
        self._fit(self.app.size.width, self.app.size.height)
        if self._playbook is None:
            self._playbook = await self.desk.ask(first_playbook)
        self._tell(self._playbook, *self._start)

    def relabel(self) -> None:
        """Say everything in the language in use; the data follow on return."""
        super().relabel()
        self.search_line.placeholder = _("any words of the handbook")

    def on_screen_resume(self) -> None:
        """Tell it anew when the language was changed elsewhere."""
        if self._playbook is not None and self._told_in != language():
            chapter, output = self._chapters[self.reader.chapter].key, self.reader.output
            self._tell(self._playbook, chapter, output)

    def on_resize(self, event: Resize) -> None:
        """On narrow screens the chapters share one row above the text."""
        self._fit(event.size.width, event.size.height)

    def _fit(self, width: int, height: int) -> None:
        self.set_class(width < NARROW, "-narrow")
        self.set_class(height < LOW, "-low")
        self.set_class(height >= LOW, "-tall")

    def _tell(self, playbook: Playbook, stage: str = "", output: str = "") -> None:
        """Show a handbook from a stage, or from an output of it, on."""
        self._playbook, self._told_in = playbook, language()
        self._chapters = handbook_text.chapters(playbook)
        if output and not stage:
            stage = next((at.key for at in self._chapters if output in dict(at.outputs)), "")
        at = next((index for index, chapter in enumerate(self._chapters) if chapter.key == stage), 0)
        self.reader.show(self._chapters, at, output)
        self._search(self.search_line.value)
        self._show_place()

    def _show_place(self) -> None:
        """Say in the top row and in the list of chapters where the reader is."""
        playbook = self._playbook
        if playbook is None:
            return
        self.query_one(ChapterList).show(self._chapters, self.reader.chapter, self.reader.output)
        wanted = self.search_line.value.strip()
        sought = f"{wanted}  {self._position}/{len(self._found)}" if wanted else ""
        self.query_one(TopBar).show(TopBarView(_("Handbook"), campaign=_title(playbook), filter=sought or None))

    @property
    def _position(self) -> int:
        """Which of the places found the cursor is on, counted from 1; 0 for none."""
        here = self.reader.place
        return self._found.index(here) + 1 if here in self._found else 0

    def hints(self) -> Iterable[KeyHint]:
        """The reader's keys; going on to the next find is faint before a search."""
        for key in keys.of("reader"):
            if key.footer:
                yield hint(key, enabled=key.id != "reader.next" or bool(self._found))

    def on_handbook_reader_reached(self) -> None:
        """The list of chapters follows the text."""
        self._show_place()

    def on_chapter_list_chosen(self, event: ChapterList.Chosen) -> None:
        """Go to the chapter or output that was clicked."""
        self.reader.open_at(event.chapter, event.output)

    # -- moving -----------------------------------------------------------------------------------------------------

    def action_down(self) -> None:
        """To the next entry."""
        self.reader.move_cursor(1)

    def action_up(self) -> None:
        """To the entry before."""
        self.reader.move_cursor(-1)

    def action_page_down(self) -> None:
        """A page on."""
        self.reader.page(1)

    def action_page_up(self) -> None:
        """A page back."""
        self.reader.page(-1)

    def action_top(self) -> None:
        """To the beginning."""
        self.reader.open_at(0)

    def action_bottom(self) -> None:
        """To the last chapter."""
        self.reader.open_at(len(self._chapters) - 1)

    def action_part(self) -> None:
        """To the next section or output."""
        self.reader.next_output(1)

    def action_part_back(self) -> None:
        """To the section or output before."""
        self.reader.next_output(-1)

    def action_right(self) -> None:
        """To the next chapter."""
        self.reader.open_at(self.reader.chapter + 1)

    def action_left(self) -> None:
        """To the beginning of the chapter, or to the one before."""
        chapter, entry = self.reader.place
        self.reader.open_at(chapter if entry else max(chapter - 1, 0))

    def action_chapter(self, number: int) -> None:
        """To the chapter with this number."""
        self.reader.open_at(number - 1)

    # -- searching ----------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Type what to look for."""
        self._before_search = self.reader.place
        self.search_line.open()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every character goes to the first place that fits, from where the search began."""
        self._search(event.value)
        following = [place for place in self._found if place >= self._before_search]
        if self._found:
            self.reader.go_to(*(following or self._found)[0])
        self._show_place()

    def on_input_submitted(self) -> None:
        """Enter goes back to the text; what was found stays marked."""
        self.search_line.close()

    def _search(self, text: str) -> None:
        self._found = list(places(self._chapters, text))
        self.reader.mark(text if self._found else "")
        self.show_hints()

    def action_next(self) -> None:
        """To the next place found, from the last on to the first."""
        self._go_on([place for place in self._found if place > self.reader.place] or self._found[:1])

    def action_previous(self) -> None:
        """To the place found before, from the first on to the last."""
        self._go_on([place for place in reversed(self._found) if place < self.reader.place] or self._found[-1:])

    def _go_on(self, wanted: list[tuple[int, int]]) -> None:
        if wanted:
            self.reader.go_to(*wanted[0])
        elif self.search_line.value.strip():
            self.notice(_("Nothing in the handbook says that."))
        else:
            self.action_search()

    # -- the rest -----------------------------------------------------------------------------------------------

    @work(group="conversation", exclusive=True)
    async def action_playbook(self) -> None:
        """Choose another installed handbook, or another version of this one."""
        installed = await self.desk.ask(playbooks.installed)
        books = [await self.desk.ask(playbooks.get, known.key, known.version) for known in reversed(installed)]
        choices = [
            (
                (book.key, book.version),
                f"{book.title.get(language())} v{book.version}",
                book.description.get(language()),
            )
            for book in books
        ]
        here = (self._playbook.key, self._playbook.version) if self._playbook else None
        chosen = await self.app.push_screen_wait(ChooseScreen(self.desk, _("Which handbook?"), choices, selected=here))
        if chosen is not None:
            self._tell(await self.desk.ask(playbooks.get, *chosen))

    @work(group="conversation", exclusive=True)
    async def action_export(self) -> None:
        """Write the handbook as one document to print, in either language."""
        from salestui.screens import exports

        if self._playbook is None:
            return
        outcome = await self.app.push_screen_wait(await exports.handbook(self.desk, self._playbook))
        if isinstance(outcome, Done):
            self.notice(_("Saved: {path}").format(path=outcome.id))

    def action_leave(self) -> None:
        """Close the search, then the handbook."""
        if self.search_line.is_open or self.search_line.value:
            self.search_line.value = ""
            self.search_line.close()
        else:
            self.dismiss(None)
