"""A screen that draws no more often than there is something new to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from textual.reactive import Reactive
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.events import Mount
    from textual.geometry import Size
    from textual.timer import Timer
    from textual.widget import Widget

__all__ = ["QuietScreen"]

R = TypeVar("R")
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

    def _compositor_refresh(self) -> None:
        if self._whole:
            super()._compositor_refresh()

    def _screen_resized(self, size: Size) -> None:
        """Arrange the widgets anew for another size; Textual tells a new screen the one it has."""
        if size != self._compositor.size:
            super()._screen_resized(size)
