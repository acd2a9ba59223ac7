"""A screen that does not draw itself anew when the focus moves: widgets show their focus themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.reactive import Reactive
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.widget import Widget

__all__ = ["QuietScreen"]

R = TypeVar("R")


class QuietScreen(Screen[R]):
    """A `Screen` whose focus may move without 10 to 16 KB being sent: Textual's own redraws everything each time."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
