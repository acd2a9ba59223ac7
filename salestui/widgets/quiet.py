"""A screen and an input line that draw no more often, and no more, than there is something new to see."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from textual._callback import invoke
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widgets import Input

if TYPE_CHECKING:
    from textual._types import CallbackType
    from textual.events import Mount
    from textual.message_pump import MessagePump
    from textual.timer import Timer
    from textual.widget import Widget

__all__ = ["QuietInput", "QuietScreen", "is_too_late"]

R = TypeVar("R")
_LOST: Final = (NoMatches, NoScreen)
FRAME: Final = 1 / 240
"""Seconds from one drawing to the next at the earliest; what did not change is not sent, so many cost little."""


class QuietScreen(Screen[R]):
    """A `Screen` that appears once it is whole, and whose focus moves without everything being drawn anew.

    Textual draws a new screen four or five times while it is put together, first empty; here what was before it stays
    until `on_mount` has come to its end. Widgets show their focus themselves.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _whole = False
    _frames: Timer | None = None

    @property
    def _update_timer(self) -> Timer:
        """What paces the drawing; a second change right after the first would wait 16 ms for Textual's own."""
        if self._frames is None:
            self._frames = self.set_interval(FRAME, self._on_timer_update, name="screen_update", pause=True)
        return self._frames

    def _on_mount(self, event: Mount) -> None:
        """Draw from now on; Textual calls this after each screen's own `on_mount`."""
        del event
        self.call_after_refresh(self._draw_first)

    def _draw_first(self) -> None:
        self._whole = True
        self.refresh()
        self._on_timer_update()

    def _invoke_later(self, callback: CallbackType, sender: MessagePump) -> None:
        """Run something after the next drawing. Textual hands it to the screen on top, whoever asked for it."""
        super()._invoke_later(partial(_run, callback, sender), sender)

    def _compositor_refresh(self) -> None:
        if self._whole:
            super()._compositor_refresh()

    def _screen_resized(self, size: Size) -> None:
        """Arrange the widgets anew for another size; Textual tells a new screen the one it has."""
        if size != self._compositor.size:
            super()._screen_resized(size)


class QuietInput(Input):
    """An `Input` that sends nothing while nobody types, and whose text grows in the place it has.

    Textual lets the cursor blink, and arranges the whole screen anew for every character.
    """

    cursor_blink: Reactive[bool] = Reactive(False, init=False)
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))


async def _run(callback: CallbackType, asker: MessagePump) -> None:
    try:
        await invoke(callback)
    except _LOST as error:
        if not is_too_late(error, asker):
            raise


def is_too_late(error: BaseException, asker: MessagePump) -> bool:
    """Tell whether a widget failed to find its own parts, or its screen, only because it is being left meanwhile."""
    gone = getattr(asker, "_pruning", False) or not asker.is_attached
    return gone and isinstance(error, _LOST)
