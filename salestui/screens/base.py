"""The base of all screens: the desk, keys from the one table, the footer, and how outcomes are told."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Mount, ScreenResume
from textual.message import Message

from salestui import keys
from salestui.domain.news import News
from salestui.domain.presence import Doing, at
from salestui.domain.views import KeyHint
from salestui.errors import StorageFault
from salestui.i18n import gettext as _
from salestui.screens.desk import Desk
from salestui.screens.telling import present_text, refusal_text
from salestui.screens.watching import watch, watcher_of
from salestui.widgets.footer import KeyFooter
from salestui.widgets.quiet import QuietScreen

R = TypeVar("R")


def bindings(*places: str) -> list[BindingType]:
    """Return the bindings of places of the key table, each with its id so that users can remap it.

    A key of several digits hands its action the digit.
    """
    found: list[BindingType] = []
    for place in places:
        for key in keys.of(place):
            digits = key.keys.split(",")
            if len(digits) > 1 and all(digit.isdigit() for digit in digits):
                found.extend(Binding(n, f"{key.action}({n})", key.verb, id=f"{key.id}_{n}", show=False) for n in digits)
            else:
                found.append(Binding(key.keys, key.action, key.verb, id=key.id, show=False))
    return found


class SalesScreen(QuietScreen[R]):
    """A place or a form of the app.

    `PLACES` names the parts of the key table that work here. Subclasses yield their own widgets and a `KeyFooter`,
    and tell people things through `notice`.
    """

    PLACES: ClassVar[tuple[str, ...]] = ()
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def _on_mount(self, event: Mount) -> None:
        """Follow what others do from the first screen on; Textual calls this beside each screen's own `on_mount`."""
        del event
        watch(self.desk, self.app)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Let the others know what is before the user now; Textual calls this beside each screen's own handler."""
        del event
        watch(self.desk, self.app).say_where()

    def compose(self) -> ComposeResult:
        """Only the footer; subclasses put their widgets above it."""
        yield KeyFooter(self.hints())

    def hints(self) -> Iterable[KeyHint]:
        """Return the footer's keys: those of `PLACES` in their order of use."""
        return [hint(key) for place in self.PLACES for key in keys.of(place) if key.footer]

    def show_hints(self) -> None:
        """Draw the footer anew."""
        self.query_one(KeyFooter).show(self.hints())

    async def reload(self) -> None:
        """Read again what is shown, keeping cursor and scroll; forms have nothing to read again."""

    async def on_changed(self, news: News) -> None:
        """Take in what others changed; called for the screen in front alone."""
        if news:
            await self.reload()

    @property
    def fresh(self) -> frozenset[int]:
        """The deals that others changed a moment ago, to be marked where they are drawn."""
        watcher = watcher_of(self.app)
        return watcher.fresh() if watcher is not None else frozenset()

    def before_me(self) -> tuple[str, Doing]:
        """Return the shown id of what the user has before him here, "" for nothing of its own, and what he does."""
        return "", Doing.LOOKING

    def present(self, subject: str = "") -> str:
        """Return who else is at what is shown here, or at `subject`, in words; "" where nobody is."""
        return present_text(at(self.desk.attendance.others, subject or self.before_me()[0]))

    def show_present(self) -> None:
        """Draw anew who else is here."""

    def show_marks(self) -> None:
        """Draw anew what marks changes of others: some have stood long enough."""

    async def _dispatch_message(self, message: Message) -> None:
        """A fault of the database or a disk is told, and the screen goes on; one that cannot begin gives way."""
        try:
            await super()._dispatch_message(message)
        except StorageFault as fault:
            begins = isinstance(message, Mount)
            tell = getattr(self.app, "tell_fault", None)
            if tell is None or (begins and len(self.app.screen_stack) == 1):
                raise
            tell(fault)
            if begins:
                self.call_later(self._give_way)

    def _give_way(self) -> None:
        if self.is_current:
            self.dismiss(None)

    async def keep_drafts(self) -> None:
        """Keep what was typed and not saved; the app asks every open screen before it leaves.

        It never waits for the database for more than a moment.
        """

    async def set_aside(self) -> None:
        """Write what was typed, and what the database does not have yet, to a file."""

    def relabel(self) -> None:
        """Draw everything anew: the language or the look has changed; what comes from the data follows on resume."""
        self.show_hints()
        for widget in self.query("*"):
            widget.refresh()

    def notice(self, text: str) -> None:
        """Tell the user something in passing; screens with a strip show it there."""
        self.notify(text, markup=False, timeout=6)

    def tell_refusal(self, outcome: object) -> None:
        """Say why something was refused; raises TypeError for anything that is no refusal."""
        self.notice(refusal_text(outcome))

    def wait_for(self, work: Awaitable[Any]) -> None:
        """Run a conversation with dialogs beside the keys, one at a time."""
        self.run_worker(work, group="conversation", exclusive=True)


def hint(key: keys.Key, *, enabled: bool = True) -> KeyHint:
    """Return a key of the table for the footer."""
    return KeyHint(key.label, _(key.verb), enabled=enabled, leaving=key.leaving, action=key.id)
