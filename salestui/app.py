"""The app: one desk, the board as home, the places that capital letters go to, and a clean way out."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, ClassVar, Final, NamedTuple

from rich.text import Text
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from salestui import keys, system
from salestui.config import Config
from salestui.errors import SalestuiError
from salestui.i18n import gettext as _
from salestui.screens import places
from salestui.screens.base import SalesScreen
from salestui.screens.board import BoardScreen
from salestui.screens.desk import Desk
from salestui.widgets.theme import LookMixin, choose_theme

SAMPLE: Final = "sample"
"""What the app ends with when the user wants to look at sample data."""


def sixteen_colours(config: Config) -> bool:
    """Tell whether to draw with the terminal's own 16 colours: the SSH profile, or NO_COLOR."""
    if os.environ.get("NO_COLOR"):
        return True
    if config.profile == "auto":
        return bool(os.environ.get("SSH_CONNECTION"))
    return config.profile == "ssh"


def dark_terminal(config: Config) -> bool:
    """Tell whether to draw light on dark; "auto" reads COLORFGBG, which many terminals set."""
    if config.theme != "auto":
        return config.theme == "dark"
    ground = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground not in {"7", "15"}


class SalesApp(LookMixin, App[str]):
    """Sales by the handbook, in the terminal."""

    TITLE = "salestui"
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["screens/look.tcss", "screens/board.tcss"]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, desk: Desk, *, first_start: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self._first_start = first_start
        self.animation_level = "none"
        self.look(choose_theme(dark=dark_terminal(desk.config), sixteen=sixteen_colours(desk.config)))
        self.set_keymap(dict(desk.config.keymap))

    def get_default_screen(self) -> Screen[Any]:
        """The board is home."""
        return BoardScreen(self.desk)

    def on_mount(self) -> None:
        """Leave in order when the line drops; welcome a new user."""
        system.on_hangup(asyncio.get_running_loop(), self._hang_up)
        if self._first_start:
            self.action_welcome()

    def _hang_up(self) -> None:
        self.run_worker(self.action_quit(), group="leaving")

    async def action_quit(self) -> None:
        """Leave; every form keeps what was typed first."""
        for screen in self.screen_stack:
            if isinstance(screen, SalesScreen):
                await screen.keep_drafts()
        self.exit()

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

    def action_import(self) -> None:
        """Import customers from a file."""
        self._visit("import")

    def action_settings(self) -> None:
        """Language, theme, density."""
        self._visit("settings")

    def action_help(self) -> None:
        """Keys of the present place."""
        self._visit("help", getattr(self.screen, "PLACES", ("board",)))

    def action_palette(self) -> None:
        """Every command by name."""
        self.action_command_palette()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Fill the palette from the key table: what works on this screen, and the places."""
        yield from self._commands(screen, (*getattr(screen, "PLACES", ()), "app"))

    def _commands(self, screen: Screen[Any], places: Iterable[str]) -> Iterator[SystemCommand]:
        for place in places:
            for key in keys.of(place):
                target = screen if hasattr(screen, f"action_{key.action}") else self
                callback = getattr(target, f"action_{key.action}", None)
                if callback is not None and key.id != "app.palette":
                    yield SystemCommand(f"{_(key.verb)}  {key.label}", _(key.help), callback)

    def _handle_exception(self, error: Exception) -> None:
        """A fault ends the app with its own words; anything unexpected is told without the user's data."""
        from salestui.screens.crash import report

        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.panic(Text(error.text() if isinstance(error, SalestuiError) else report(error)))


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
