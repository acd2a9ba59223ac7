"""The line where a search or filter is typed: it lies over the footer and shows only while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from salestui.widgets.quiet import QuietInput

if TYPE_CHECKING:
    from typing import Unpack

    from salestui.widgets.drawn import WidgetOptions

__all__ = ["SearchLine"]


class SearchLine(QuietInput):
    """Always there and mostly hidden, because opening it then costs a few hundred bytes; its screen has two layers."""

    DEFAULT_CSS = """
    SearchLine { layer: over; dock: bottom; visibility: hidden; }
    SearchLine.-open { visibility: visible; }
    """

    def __init__(self, placeholder: str, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False, **options)
        self.can_focus = False

    @property
    def is_open(self) -> bool:
        """Whether it is being typed in."""
        return self.has_class("-open")

    def open(self) -> None:
        """Show it and take the keys."""
        self.can_focus = True
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Hide it and give the keys back; what was typed stays."""
        self.remove_class("-open")
        self.screen.set_focus(None)
        self.can_focus = False

    def clear_quietly(self) -> None:
        """Forget what was typed, without telling."""
        with self.prevent(Input.Changed):
            self.value = ""
