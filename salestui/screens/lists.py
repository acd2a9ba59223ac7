"""What screens with a list share: moving in it, a filter line, a row for notices, less on narrow screens."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widgets import Input

from salestui.domain.deal_views import Word
from salestui.screens.base import SalesScreen, bindings
from salestui.widgets.listing import Listing
from salestui.widgets.quiet import QuietInput
from salestui.widgets.strip import NextStrip

R = TypeVar("R")
LOW = 30
NARROW = 100


class ListScreen(SalesScreen[R]):
    """A screen with one `Listing`; a `NextStrip` shows when there is something to tell."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings("move", "app")

    @property
    def listing(self) -> Listing:
        """The list."""
        return self.query_one(Listing)

    def on_resize(self, event: Resize) -> None:
        """Low screens lose their air, narrow ones their second pane."""
        self.fit(event.size.width, event.size.height)

    def fit(self, width: int, height: int) -> None:
        """Settle what depends on the size."""
        self.set_class(height < LOW, "-low")
        self.set_class(width < NARROW, "-narrow")

    def notice(self, text: str) -> None:
        """Tell something above the keys until the cursor moves."""
        line = self.query_one(NextStrip)
        line.show(Word(text))
        line.set_class(bool(text), "-notice")

    def on_listing_highlighted(self) -> None:
        """What was told has been read."""
        self.notice("")

    def on_listing_chosen(self) -> None:
        """A click on the row under the cursor opens it."""
        self.action_open()

    def action_open(self) -> None:
        """Open the row under the cursor; each screen knows what that is."""
        raise NotImplementedError

    def action_up(self) -> None:
        """One line up."""
        self.listing.move_cursor(-1)

    def action_down(self) -> None:
        """One line down."""
        self.listing.move_cursor(1)

    def action_page_up(self) -> None:
        """Half a page up."""
        self.listing.page(-1)

    def action_page_down(self) -> None:
        """Half a page down."""
        self.listing.page(1)

    def action_top(self) -> None:
        """To the first line."""
        self.listing.home()

    def action_bottom(self) -> None:
        """To the last line."""
        self.listing.end()


class FilterScreen(ListScreen[R]):
    """A list that a typed text narrows: its screen yields an `Input` with the id "filter", which lies over the keys."""

    text = ""

    @property
    def filter_line(self) -> Input:
        """The line where the filter is typed."""
        return self.query_one("#filter", Input)

    @staticmethod
    def new_filter(placeholder: str) -> Input:
        """Return the line where the filter is typed; it waits until the filter's key is pressed."""
        return QuietInput(placeholder=placeholder, id="filter", select_on_focus=False)

    def draw(self) -> None:
        """Draw the rows that contain `text`; each screen knows its rows."""
        raise NotImplementedError

    def action_filter(self) -> None:
        """Type what the rows must contain."""
        self.filter_line.add_class("-open")
        self.filter_line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every character narrows the list at once."""
        self.text = event.value
        self.draw()

    def on_input_submitted(self) -> None:
        """Enter goes back to the rows; the filter stays."""
        self._close_filter()

    def _close_filter(self) -> None:
        self.filter_line.remove_class("-open")
        self.set_focus(None)

    def action_leave(self) -> None:
        """Clear the filter first; then back to where one came from."""
        if self.filter_line.has_class("-open") or self.text:
            self._close_filter()
            self.filter_line.value = ""
        else:
            self.dismiss(None)
