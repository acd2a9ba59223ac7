"""Every command by name: what works in the place one comes from, and the places to go to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, Label

from salestui import keys
from salestui.dataclass import dataclass
from salestui.domain.views import DealHeadView, KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.desk import Desk
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.quiet import QuietInput
from salestui.widgets.topbar import TopBar

__all__ = ["Command", "PaletteScreen", "commands"]

LOW = 30
COLUMNS = (Column(20), Column(30, share=1), Column(10, at_right=True))
LEFT_OUT = frozenset({"app.palette"})


@dataclass(frozen=True, slots=True)
class Command:
    """One action by name: its place in the table, the action to run, what it is called and does, and its key."""

    place: str
    action: str
    title: str
    help: str
    key: str

    def says(self, words: Iterable[str]) -> bool:
        """Tell whether all these words (case-folded) stand in its name or its help."""
        said = f"{self.title} {self.help}".casefold()
        return all(word in said for word in words)


def commands(screen: Screen[Any]) -> tuple[Command, ...]:
    """Return what can be done on a screen, then what can be done everywhere; every action once."""
    found: dict[str, Command] = {}
    for place in (*getattr(screen, "PLACES", ()), "app"):
        for key in keys.of(place):
            known = hasattr(screen, f"action_{key.action}") or hasattr(screen.app, f"action_{key.action}")
            digits = all(pressed.isdigit() for pressed in key.keys.split(","))
            if known and not digits and place != "move" and key.id not in LEFT_OUT and not key.leaving:
                command = Command(place, key.action, _(key.verb), _(key.help), keys.names(key.keys)[0])
                found.setdefault(key.action, command)
    return tuple(found.values())


class PaletteScreen(SalesScreen[str | None]):
    """Typing narrows the commands; Enter dismisses with the action of the one under the cursor."""

    PLACES: ClassVar[tuple[str, ...]] = ("palette",)
    CSS_PATH = "palette.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("palette"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, desk: Desk, found: Iterable[Command] = ()) -> None:
        super().__init__(desk)
        self._commands = tuple(found)

    def compose(self) -> ComposeResult:
        """The line to type in, the commands, the keys."""
        yield TopBar(DealHeadView(name=_("Commands")))
        with Horizontal():
            yield Label(Content("/"))
            yield QuietInput(placeholder=_("what do you want to do?"))
        yield Listing()
        yield KeyFooter(self.hints())

    @property
    def listing(self) -> Listing:
        """The commands."""
        return self.query_one(Listing)

    def on_mount(self) -> None:
        """Show all commands, ready to type."""
        self.set_class(self.app.size.height < LOW, "-low")
        self.query_one(Input).focus()
        self._draw("")

    def on_resize(self, event: Resize) -> None:
        """Low screens lose their air."""
        self.set_class(event.size.height < LOW, "-low")

    def hints(self) -> Iterable[KeyHint]:
        """Choosing and leaving."""
        yield KeyHint("enter", _("do it"))
        yield from (hint(key) for key in keys.of("palette"))

    def _draw(self, text: str) -> None:
        words = text.casefold().split()
        fitting = [command for command in self._commands if command.says(words)]
        places = dict.fromkeys(command.place for command in fitting)
        self.listing.set_hint(_("No command fits"), ("esc", _("return")))
        self.listing.show(
            [
                Section(
                    [_row(command) for command in fitting if command.place == place], COLUMNS, _(keys.PLACES[place])
                )
                for place in places
            ]
        )
        self.listing.home()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every character narrows the commands."""
        self._draw(event.value)

    def on_input_submitted(self) -> None:
        """Enter takes the command under the cursor."""
        row = self.listing.selected
        if row is not None:
            self.dismiss(str(row.key))

    def on_listing_chosen(self) -> None:
        """A click on the command under the cursor takes it."""
        self.on_input_submitted()

    def action_move(self, step: int) -> None:
        """One command up or down."""
        self.listing.move_cursor(step)

    def action_page(self, step: int) -> None:
        """Half a page up or down."""
        self.listing.page(step)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)


def _row(command: Command) -> Row:
    cells = (Cell(command.title, Tone.NORMAL), Cell(command.help, Tone.MUTED), Cell(command.key, Tone.PRIMARY))
    return Row(command.action, cells)
