"""A few choices that need explaining: a digit and a title, and below it what choosing it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.widgets.cells import compose, cut, wrap
from salestui.widgets.drawn import DrawnWidget

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["ExplainedChoices", "Explanation"]

TITLE_AT = 4
WIDEST = 84


@dataclass(frozen=True, slots=True)
class Explanation:
    """One choice: its title, what it means, and a faint line of detail where there is one."""

    title: str
    text: str = ""
    detail: str = ""


class ExplainedChoices(DrawnWidget):
    """Draws the choices with a cursor over all lines of one of them."""

    DEFAULT_CSS = "ExplainedChoices { height: 1fr; }"

    @dataclass
    class Chosen(Message):
        """The choice under the cursor was clicked."""

        index: int

    def __init__(self, choices: Sequence[Explanation] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._choices = tuple(choices)
        self._cursor = 0
        self._lines: list[tuple[int, int, str]] = []
        self._first = 0

    @property
    def cursor(self) -> int:
        """The choice under the cursor, counted from 0."""
        return self._cursor

    def show(self, choices: Sequence[Explanation], cursor: int = 0) -> None:
        """Draw other choices."""
        self._choices, self._cursor = tuple(choices), cursor
        self.fit()
        self.refresh()

    def move_cursor(self, step: int) -> None:
        """Move to another choice; at either end it stays."""
        self._cursor = min(max(self._cursor + step, 0), len(self._choices) - 1)
        self._settle()
        self.refresh()

    def fit(self) -> None:
        """Break the texts for the present width."""
        across = min(self.size.width - TITLE_AT - 1, WIDEST)
        self._lines = []
        if across <= 0:
            return
        for index, choice in enumerate(self._choices):
            if index:
                self._lines.append((-1, 0, ""))
            self._lines.append((index, 0, choice.title))
            self._lines += [(index, 1, row) for row in wrap(choice.text, across)]
            self._lines += [(index, 2, row) for row in wrap(choice.detail, across)]
        self._settle()

    def _settle(self) -> None:
        rows = [at for at, line in enumerate(self._lines) if line[0] == self._cursor]
        if not rows or not self.size.height:
            return
        self._first = min(self._first, rows[0])
        self._first = max(self._first, min(rows[-1] - self.size.height + 1, rows[0]))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        at = self._first + y
        if at >= len(self._lines):
            return self.line([])
        index, part, text = self._lines[at]
        if index < 0:
            return self.line([])
        here = index == self._cursor
        ground: Ground = "cursor" if here else "background"
        style = self.palette.style
        pieces: list[Piece] = [self.bar()] if here else []
        if part == 0:
            pieces.append((2, str(index + 1), style("primary", ground, bold=True)))
            pieces.append((TITLE_AT, cut(text, self.size.width - 5), style("strong", ground)))
        else:
            pieces.append((TITLE_AT, text, style("muted" if part == 1 else "faint", ground)))
        return compose(pieces, self.size.width, style("foreground", ground))

    def on_click(self, event: events.Click) -> None:
        """Select the choice under the pointer; choose it when it is selected already."""
        at = self._first + event.y
        index = self._lines[at][0] if at < len(self._lines) else -1
        if index < 0:
            return
        event.stop()
        if index == self._cursor:
            self.post_message(self.Chosen(index))
        else:
            self.move_cursor(index - self._cursor)
