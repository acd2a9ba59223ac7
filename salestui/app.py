"""The app: one desk, the board as home, the places that capital letters go to, and a clean way out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any, ClassVar, Final, NamedTuple

from rich.text import Text
from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from salestui import system
from salestui.domain.text import clean
from salestui.errors import SalestuiError
from salestui.i18n import gettext as _
from salestui.screens import places, wearing
from salestui.screens.board import BoardScreen
from salestui.screens.desk import Desk
from salestui.screens.enduring import EnduringMixin
from salestui.screens.typing_ahead import TypingAheadMixin
from salestui.screens.watching import watch
from salestui.widgets import alt_digits
from salestui.widgets.light import LightDrawingMixin
from salestui.widgets.theme import LookMixin

SAMPLE: Final = "sample"
"""What the app ends with when the user wants to look at sample data."""
AT_REST: Final = 0.5
"""Seconds after its start in which the app leaves the processor to who is in a hurry."""


class SalesApp(LookMixin, EnduringMixin[str], TypingAheadMixin[str], LightDrawingMixin[str]):
    """Sales by the handbook, in the terminal."""

    TITLE = "salestui"
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["screens/look.tcss", "screens/board.tcss"]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "palette", show=False, id="app.palette"),
        Binding("ctrl+l", "redraw", show=False, id="app.redraw"),
    ]

    def __init__(self, desk: Desk, *, first_start: bool = False) -> None:
        alt_digits.let_through()
        super().__init__()
        self.desk = desk
        self._first_start = first_start
        self.animation_level = "none"
        wearing.use_signs(desk.config)
        self.look(wearing.theme_of(desk.config))
        self.set_keymap(dict(desk.config.keymap))

    def get_default_screen(self) -> Screen[Any]:
        """The board is home."""
        return BoardScreen(self.desk)

    def on_mount(self) -> None:
        """Leave in order when the line drops; welcome a new user."""
        system.on_hangup(asyncio.get_running_loop(), self.hang_up)
        for finding in self.desk.place.findings:
            self.notify(finding, severity="warning", timeout=20, markup=False)
        if self._first_start:
            self.action_welcome()
        watch(self.desk, self).on_each_tick(lambda: self.lay_over(self.desk.waits()))
        self.set_timer(AT_REST, self._at_rest)

    def _at_rest(self) -> None:
        self.run_worker(self._read_ahead, group="reading ahead")  # type: ignore[arg-type]  # takes what makes a coroutine

    async def _read_ahead(self) -> None:
        """Load a deal's screen while nobody asks for it, so that the first one opens as quickly as the others."""
        await asyncio.to_thread(places.load, "deal")
        if self.is_running:
            self._load_screen_css(places.make("deal", self.desk, 0))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key asks; what the screen does not do itself, the app does: the places, help, the palette."""
        if await super().run_action(action, default_namespace, namespaces):
            return True
        return default_namespace is not None and await super().run_action(action, None, namespaces)

    def action_sample(self) -> None:
        """Leave for the sample data, which the program opens next."""
        self.exit(SAMPLE)

    # -- places -------------------------------------------------------------------------------------------------

    def _visit(self, place: str, *args: object, **kwargs: object) -> None:
        """Go to a place, over the present one; a place that is open already is not opened twice."""
        visited = places.make(place, self.desk, *args, **kwargs)
        if type(visited) is not type(self.screen):
            self.push_screen(visited)

    def action_welcome(self) -> None:
        """The first start: sample data, an empty pipeline, or an import."""
        self._visit("welcome")

    def action_agenda(self) -> None:
        """What is due."""
        self._visit("agenda")

    def action_waiting(self) -> None:
        """Reviews that wait for the user's vote."""
        self._visit("waiting")

    def action_customers(self) -> None:
        """Customers and contacts."""
        self._visit("customers")

    def action_campaigns(self) -> None:
        """Campaigns."""
        self._visit("campaigns")

    def action_handbook(self) -> None:
        """The handbook."""
        self._visit("handbook")

    def action_history(self) -> None:
        """The history."""
        self._visit("history")

    def action_care(self) -> None:
        """The care list."""
        self._visit("closed", care=True)

    def action_closed(self) -> None:
        """Completed, lost and parked deals."""
        self._visit("closed")

    def action_report(self) -> None:
        """Figures of the team and of each rep."""
        self._visit("report")

    def action_upgrade(self) -> None:
        """Playbook versions."""
        self._visit("upgrade")

    def action_import(self) -> None:
        """Import customers from a file."""
        self._visit("import")

    def action_settings(self) -> None:
        """Language, theme, density."""
        self._visit("settings")

    def action_back_up(self) -> None:
        """Back up the database; the work goes on meanwhile."""
        from salestui.screens.backing_up import back_up

        self.run_worker(back_up(self, self.desk), group="backup", exclusive=True)

    def action_help(self) -> None:
        """Keys of the present place."""
        self._visit("help", getattr(self.screen, "PLACES", ("board",)))

    def action_palette(self) -> None:
        """Every command by name."""
        from salestui.screens import palette

        below = self.screen
        if "palette" in getattr(below, "PLACES", ()):
            return

        def do(action: str | None) -> None:
            if action:
                self.call_later(self.run_action, action, below)

        self.push_screen(places.make("palette", self.desk, palette.commands(below)), do)

    def action_help_quit(self) -> None:
        """Many press ctrl+c to leave: say what leaves here."""
        self.notify(_("ctrl+q quits"), markup=False)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open a web or mail link; where there is no desktop, or it is any other link, only put it on the clipboard."""
        if system.is_openable_link(url):
            super().open_url(url, new_tab=new_tab)
            return
        self.copy_to_clipboard(url)
        self.notify(_("The link is on the clipboard: {link}").format(link=clean(url)), markup=False)

    # -- the user's settings --------------------------------------------------------------------------------------

    def use_language(self, wish: str) -> None:
        """Speak another language on every open screen; "auto" means that of the environment."""
        wearing.speak(wish)
        wearing.redraw(self)

    def use_theme(self, theme: str) -> None:
        """Wear other colours on every open screen: dark, light or auto."""
        wearing.follow(self, self.desk, replace(self.desk.config, theme=theme))

    def _handle_exception(self, error: Exception) -> None:
        """A fault ends the app with its own words; anything unexpected is told without the user's data.

        What it can outlive is told, and it goes on. Only the first of the others is told: what follows from it would
        bring Textual's own English note.
        """
        if self.outlives(error):
            return
        from salestui.services.crash import report

        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self.panic(Text(error.text() if isinstance(error, SalestuiError) else report(error)))
            self._exception_event.set()


class Ending(NamedTuple):
    """How the app ended: the exit code, and what is wanted next ("" or `SAMPLE`)."""

    code: int
    wanted: str


def run(desk: Desk, *, first_start: bool = False) -> Ending:
    """Run the app until the user leaves."""
    app = SalesApp(desk, first_start=first_start)
    try:
        wanted = app.run(mouse=desk.config.mouse)
    finally:
        desk.close()
    sys.stdout.flush()
    return Ending(app.return_code or 0, wanted or "")
