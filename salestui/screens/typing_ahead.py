"""Keys typed faster than they are taken in, as over a slow line: each waits until the one before has done its work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App, ReturnType
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

PATIENCE: Final = 2.0
"""Seconds after which a key is let through although the one before is still at work."""
LOOK: Final = 0.1
"""Seconds between two looks whether the widget that works on a key is still there."""
PAUSE: Final = 0.01
"""Seconds between two looks at something that is under way."""


class TypingAheadMixin(App[ReturnType]):
    """Hands keys and pasted text on one at a time.

    Without it a key that moves (tab in a form, a digit that opens a dialog) overtakes the characters typed before it,
    and those typed after it end up where the user has left already: lost, in the wrong field, or taken as commands.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on to Textual
        super().__init__(*args, **kwargs)
        self._ahead: deque[events.Event] = deque()
        self._at_work = False
        self._turn = 0
        self._impatient = False
        self._step = 0
        self._carrier: MessagePump | None = None
        self._go: Callable[[], Any] = lambda: None
        self._since: WeakKeyDictionary[Worker[Any], float] = WeakKeyDictionary()

    @property
    def at_work(self) -> bool:
        """Whether a key is still at work, or others wait for it."""
        return self._at_work

    def held_up(self) -> bool:
        """Tell whether a screen may be waiting for something that takes its time; subclasses know."""
        return False

    async def on_event(self, event: events.Event) -> None:
        """Take a key at once when nothing is under way, else in its turn; when the screens have gone, not at all."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif not self.screen_stack:
            event.stop()
        elif event.is_forwarded:
            await super().on_event(event)
        elif self._at_work:
            self._ahead.append(event)
            self._lose_patience()
        else:
            await self._take(event)

    async def _take(self, event: events.Event) -> None:
        self._at_work = True
        self._turn += 1
        turn = self._turn
        screen = self.screen
        target = self.focused or screen
        self._watch(turn)
        try:
            await super().on_event(event)
        finally:
            self._climb(target, partial(self._arrived, turn, screen, monotonic() + PATIENCE))

    def _lose_patience(self) -> None:
        """Let the next key through when the one before does not come to its end, because its screen is held up."""
        if self._impatient:
            return
        turn, self._impatient = self._turn, True

        async def look() -> None:
            self._impatient = False
            if self._turn == turn and self._at_work and self.held_up():
                await self._next(turn)
            elif self._ahead:
                self._lose_patience()

        self.set_timer(PATIENCE, look)

    def _climb(self, node: MessagePump | None, then: Callable[[], Any]) -> None:
        """Follow a key from the widget that got it up to the app, behind everything that it set going on its way."""
        if node is None or node is self:
            self._hand(self, then)
        else:
            self._hand(node, partial(self._climb, node.parent if isinstance(node, DOMNode) else None, then))

    def _hand(self, carrier: MessagePump, then: Callable[[], Any], *, drawn: bool = False) -> None:
        """Have a widget go on with a key behind all it has to do, or once it is `drawn`; the app, where it has gone."""
        self._step += 1
        step = self._step

        def go() -> Any:  # noqa: ANN401  # Textual awaits what it is given
            return then() if step == self._step else None

        self._carrier, self._go = carrier, go
        if not (carrier.call_after_refresh(go) if drawn else carrier.call_later(go)):
            self.call_later(go)

    def _watch(self, turn: int) -> None:
        self.set_timer(LOOK, partial(self._look_after, turn))

    def _look_after(self, turn: int) -> None:
        """Take a key over from a widget that went away with it: its queue went with it, and all keys would wait."""
        if turn != self._turn or not self._at_work:
            return
        carrier = self._carrier
        if carrier is not None and carrier is not self and not carrier.is_running:
            self.call_later(self._go)
        self._watch(turn)

    def _arrived(self, turn: int, before: Screen[Any], until: float) -> None:
        """The key has done what it does at once; wait for what it began on this screen, then for one it opened."""
        if monotonic() < until and self._begun():
            self.set_timer(PAUSE, partial(self._arrived, turn, before, until))
            return
        settle = partial(self._settle, turn, self.screen)
        if self.screen is not before:
            self._hand(self.screen, settle, drawn=True)
        else:
            settle()

    def _begun(self) -> bool:
        """Tell whether a conversation is under way that has opened no screen yet, and not for long."""
        now = monotonic()
        return any(
            worker.group == "conversation" and worker.node is self.screen and not worker.is_finished
            and now - self._since.setdefault(worker, now) < PATIENCE
            for worker in self.workers
        )  # fmt: skip

    def _settle(self, turn: int, screen: Screen[Any]) -> None:
        """Let the focus come to rest in the place it was given."""
        self._climb(screen.focused or screen, partial(self._next, turn))

    async def _next(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._at_work = False
        if self._ahead:
            await self._take(self._ahead.popleft())
