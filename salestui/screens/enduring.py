"""An app that outlives what can go wrong with a database or a disk: it is told, and nothing that was typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from textual import events
from textual.actions import ActionParseResult
from textual.app import App, ReturnType
from textual.dom import DOMNode
from textual.message import Message
from textual.worker import WorkerFailed, get_current_worker

from salestui import keys
from salestui.errors import StorageFault
from salestui.screens.base import SalesScreen
from salestui.screens.desk import ENDING, Desk
from salestui.widgets.quiet import is_too_late

__all__ = ["EnduringMixin"]

SHOWN: Final = 20.0
"""Seconds for which a fault is shown."""


class EnduringMixin(App[ReturnType]):
    """Tells a storage fault that no screen has dealt with, wherever it comes up: a key, a worker, a timer, a message.

    Before the first screen is whole there is nothing to lose and nothing to see: then a fault ends the app, as any
    other exception always does.
    """

    desk: Desk
    leaving = False
    """Whether the app is about to end, and what comes too late is nobody's business any more."""

    def tell_fault(self, fault: StorageFault) -> None:
        """Say what is wrong, where, and what to do; the same once for as long as it is shown."""
        text = fault.text()
        if not self.leaving and self.is_running and all(text != each.message for each in self._notifications):
            self.notify(text, severity="error", markup=False, timeout=SHOWN)

    def outlives(self, error: Exception) -> bool:
        """Tell an exception that the app can outlive; False for every other.

        Not worth telling is what a screen that was left meanwhile had still to draw.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(error, WorkerFailed) and is_too_late(cause, get_current_worker().node):
            return True
        begun = bool(self.screen_stack) and getattr(self.screen_stack[0], "_whole", False)
        if not isinstance(cause, StorageFault) or not (begun or self.leaving):
            return False
        self.tell_fault(cause)
        return True

    def hang_up(self) -> None:
        """Leave without being asked by a key: the line has dropped, or the system ends us."""
        self.run_worker(self.action_quit(), group="leaving")

    async def action_quit(self) -> None:
        """Leave; every form keeps what was typed first, in a file where the database keeps it waiting."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, SalesScreen)]
        self.leaving = True
        await _all(screen.set_aside() for screen in screens)
        await _all(screen.keep_drafts() for screen in screens)
        self.desk.abandon()
        self.exit()

    async def on_event(self, event: events.Event) -> None:
        """Let the key that quits overtake all others while the database keeps them waiting."""
        if isinstance(event, events.Key) and event.key in self._quits and not event.is_forwarded and self.desk.waits():
            event.stop()
            self.hang_up()
        else:
            await super().on_event(event)

    def held_up(self) -> bool:
        """Tell whether the database keeps the screens waiting."""
        return bool(self.desk.waits())

    @property
    def _quits(self) -> list[str]:
        return dict(self.desk.config.keymap).get("app.quit", keys.BY_ID["app.quit"].keys).split(",")

    async def _dispatch_message(self, message: Message) -> None:
        """Go on after a fault: an exception here would end what handles the app's messages."""
        try:
            await super()._dispatch_message(message)
        except StorageFault as fault:
            if not self.outlives(fault):
                raise

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key asks; a fault on the way is told, wherever the key was handled."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except StorageFault as fault:
            if not self.outlives(fault):
                raise
            return True


async def _all(acts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of it, but wait for a moment only."""
    if tasks := [asyncio.ensure_future(act) for act in acts]:
        done, _pending = await asyncio.wait(tasks, timeout=2 * ENDING)
        for task in done:
            with suppress(StorageFault):
                task.result()
