"""The floor: the smallest Textual app there is, one widget with one text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Floor(App[None]):
    """Shows one word."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Static("floor")


if __name__ == "__main__":
    Floor().run()
