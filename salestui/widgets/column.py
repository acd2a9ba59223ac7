"""One stage of the board: a plain widget that draws its heading and the cards in sight, and scrolls by itself.

There is no widget per card and no virtual canvas: the column keeps the index of the first card in sight, so that a
step redraws two cards whether the stage holds ten or sixty thousand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.message import Message

from salestui.dataclass import dataclass
from salestui.i18n import gettext as _
from salestui.i18n import language, pgettext
from salestui.widgets.amounts import short_amount
from salestui.widgets.card import CardLook, card_lines
from salestui.widgets.cells import cut, right, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.domain.views import CardView, ColumnView
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["BoardColumn"]

HEAD = 3
CARD = 2
ACCENT = 3
_KEPT = 100
"""Cards whose lines are kept: more than any terminal shows of a column."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """What the first row of the heading shows."""

    number: int
    title: str
    count: int
    signs: tuple[bool, bool]
    active: bool
    cursor: int | None

    def differs_in_position_only(self, other: _Heading) -> bool:
        """True when both show the cursor's position and nothing else changed: then only the count is redrawn."""
        return None not in (self.cursor, other.cursor) and replace(self, cursor=other.cursor) == other


class BoardColumn(DrawnWidget):
    """Draws one `ColumnView`; the board tells it where the cursor is.

    `offset` is the index of the first card in sight, `cursor` the index of the selected card or None.
    """

    DEFAULT_CSS = "BoardColumn { height: 1fr; }"

    @dataclass
    class CardHighlighted(Message):
        """The mouse pointed a card out: the board should select it."""

        column: BoardColumn
        index: int

    @dataclass
    class CardChosen(Message):
        """The selected card was clicked again."""

        column: BoardColumn
        index: int

    @dataclass
    class Scrolled(Message):
        """Other cards came in sight without a move of the cursor."""

    def __init__(self, view: ColumnView | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self.view = view
        self.offset_index = 0
        self.cursor: int | None = None
        self.active = True
        self.compact = False
        self.marks: AbstractSet[int] = frozenset()
        self.more_left = False
        self.more_right = False
        self._drawn: list[object] = []
        self._made: dict[int, tuple[object, tuple[Strip, Strip]]] = {}

    @property
    def step(self) -> int:
        """Rows from one card to the next."""
        return CARD if self.compact else CARD + 1

    @property
    def capacity(self) -> int:
        """How many cards fit; at least one."""
        rows = max(self.size.height - HEAD - self._foot_rows, CARD)
        return max((rows + self.step - CARD) // self.step, 1)

    @property
    def _foot_rows(self) -> int:
        """The compact density gives the foot's row to the cards; the heading's rule then tells how many are hidden."""
        return 0 if self.compact else 1

    @property
    def _hidden(self) -> int:
        """How many cards lie below the last one in sight."""
        return max(self.length - self.offset_index - self.capacity, 0)

    @property
    def length(self) -> int:
        """How many cards the column holds."""
        return len(self.view.cards) if self.view else 0

    def card(self, index: int | None) -> CardView | None:
        """Return the card at an index, None when there is none or it was not read."""
        return self.view.card(index) if self.view is not None and index is not None else None

    # -- what the board sets ------------------------------------------------------------------------------------

    def show(self, view: ColumnView | None, cursor: int | None, offset: int | None = None) -> None:
        """Draw another view of the stage; only rows that look different are redrawn."""
        self.view = view
        self.cursor = cursor
        if offset is not None:
            self.offset_index = offset
        self._settle()
        self.refresh_changed()

    def set_cursor(self, cursor: int | None) -> None:
        """Move the cursor; scroll by half a page when it would leave the sight."""
        self.cursor = cursor
        self._settle()
        self.refresh_changed()

    def scroll_cards(self, by: int) -> None:
        """Scroll without moving the cursor, as the mouse wheel does."""
        last = max(self.length - self.capacity, 0)
        self.offset_index = min(max(self.offset_index + by, 0), last)
        self.refresh_changed()
        self.post_message(self.Scrolled())

    def _settle(self) -> None:
        capacity = self.capacity
        last = max(self.length - capacity, 0)
        first = min(max(self.offset_index, 0), last)
        if self.cursor is not None and self.size.height:
            half = max(capacity // 2, 1)
            if self.cursor < first:
                first = max(min(self.cursor, first - half), 0)
            elif self.cursor >= first + capacity:
                first = min(max(self.cursor - capacity + 1, first + half), last)
        self.offset_index = first

    # -- what is redrawn ----------------------------------------------------------------------------------------

    def _state(self) -> list[object]:
        """What the rows show: the heading's two rows and rule, each card slot, and the foot."""
        view = self.view
        if view is None:
            return []
        focused = self.cursor is not None and self.active
        signs = (self.more_left, self.more_right)
        state: list[object] = [
            _Heading(view.number, view.title, view.count, signs, self.active, self.cursor),
            (view.sum, view.late, view.ready),
            (focused, self.offset_index, self._hidden if self.compact else 0),
        ]
        for slot in range(self.capacity):
            index = self.offset_index + slot
            card = self.card(index)
            at_cursor = index == self.cursor
            state.append(
                card and (card, at_cursor, at_cursor and self.active, card.deal_id in self.marks, self.compact)
            )
        state.append((self._hidden, self.length == 0))
        return state

    def refresh_changed(self) -> None:
        """Redraw the rows that no longer show what they should."""
        before, after = self._drawn, self._state()
        self._drawn = after
        if len(before) != len(after) or not before:
            self.refresh()
            return
        across, step = self.size.width, self.step
        regions: list[Region] = []
        for at, (was, now) in enumerate(zip(before, after, strict=True)):
            if was == now:
                continue
            if at < HEAD:
                regions.append(self._head_region(at, was, now))
            elif at == len(after) - 1:
                regions += [Region(0, self.size.height - 1, across, 1), Region(0, HEAD, across, 1)]
            else:
                regions.append(Region(0, HEAD + (at - HEAD) * step, across, CARD))
        if regions:
            self.refresh(*regions)

    def _head_region(self, row: int, was: object, now: object) -> Region:
        if isinstance(was, _Heading) and isinstance(now, _Heading) and was.differs_in_position_only(now):
            longest = max(width(self._position(state.cursor)) for state in (was, now))
            return Region(self.size.width - 1 - longest, 0, longest, 1)
        return Region(0, row, self.size.width, 1)

    def fit(self) -> None:
        """Keep the cursor in sight at the new height."""
        self._settle()
        self._drawn = self._state()

    # -- drawing ------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        if self.view is None:
            return self.line([])
        if y < HEAD:
            return self.line(self._head(y, self.view))
        if y >= self.size.height - self._foot_rows:
            return self.line(self._foot())
        slot, row = divmod(y - HEAD, self.step)
        index = self.offset_index + slot
        card = self.card(index) if slot < self.capacity and row < CARD else None
        if card is None:
            empty = y == HEAD and self.length == 0
            return self.line([(1, _("empty"), self.palette.style("faint"))] if empty else [])
        look = CardLook(
            cells=self.size.width,
            cursor=index == self.cursor,
            active=self.active,
            strong=self.compact or self.palette.colorless,
            marked=card.marked or card.deal_id in self.marks,
        )
        return self._lines(card, look)[row]

    def _lines(self, card: CardView, look: CardLook) -> tuple[Strip, Strip]:
        """Return both lines of a card, as they were made before unless it looks different now."""
        seen = (card, look, self.palette, symbols(), language())
        known = self._made.get(card.deal_id)
        if known is None or known[0] != seen:
            if len(self._made) > _KEPT:
                self._made.clear()
            known = self._made[card.deal_id] = (seen, card_lines(card, look, self.palette))
        return known[1]

    def _position(self, cursor: int | None) -> str:
        count = self.view.count if self.view else 0
        return str(count) if cursor is None or not self.active else f"{cursor + 1}/{count}"

    def _head(self, row: int, view: ColumnView) -> list[Piece]:
        style = self.palette.style
        focused = self.cursor is not None and self.active
        edge = self.size.width - 1
        if row == 0:
            return self._title(view, focused=focused, edge=edge)
        if row == 1:
            late = f"{symbols().late}{view.late}" if view.late else ""
            ready = f"{symbols().tick}{view.ready}" if view.ready else ""
            at_ready = right(ready, edge)
            at_late = right(late, at_ready - 1 if ready else edge)
            amount = short_amount(view.sum)
            if width(amount) + 2 > min(at_late, at_ready):
                amount = short_amount(view.sum, rounded=True)
            return [
                (1, amount, style("muted")),
                (at_late, late, style("error")),
                (at_ready, ready, style("success")),
            ]
        return self._rule(self._above(), accent=focused and not self.palette.flat)

    def _above(self) -> str:
        """What the heading's rule tells: how many cards lie above, and in the compact density how many below."""
        signs, above, below = symbols(), self.offset_index, self._hidden if self.compact else 0
        if above and below:
            return f"{signs.above} {above}  {signs.below} {below}"
        if below:
            return f"{signs.below} {pgettext('below', '{n} more').format(n=below)}"
        return f"{signs.above} {_('{n} above').format(n=above)}" if above else ""

    def _rule(self, said: str, *, accent: bool = False) -> list[Piece]:
        """Draw a rule; the accent at its start is short because it is sent with every step to the next stage."""
        start = 2 + width(said) if said else 1
        rule = symbols().rule * (self.size.width - 1 - start)
        pieces = [(1, said, self.palette.style("faint")), (start, rule, self.palette.style("rule"))]
        if accent:
            lit = rule[:ACCENT]
            pieces[1:] = [
                (start, lit, self.palette.style("primary")),
                (start + width(lit), rule[ACCENT:], self.palette.style("rule")),
            ]
        return pieces

    def _title(self, view: ColumnView, *, focused: bool, edge: int) -> list[Piece]:
        style = self.palette.style
        number, count = str(view.number), self._position(self.cursor)
        at_count = right(count, edge)
        start = 2 + width(number)
        shown = focused and self.palette.flat  # elsewhere the number, the count and the accent show the focus
        pieces: list[Piece] = [
            (1, number, style("primary" if focused else "faint", bold=focused)),
            (start, cut(view.title, at_count - start - 1), style("primary" if shown else "foreground", bold=True)),
        ]
        if focused:
            here, slash, of = count.partition("/")
            pieces += [
                (at_count, here + slash, style("primary", bold=True)),
                (at_count + width(here + slash), of, style("muted")),
            ]
        else:
            pieces.append((at_count, count, style("muted")))
        if self.more_left:
            pieces.insert(0, (0, symbols().left, style("primary")))
        if self.more_right:
            pieces.append((edge, symbols().right, style("primary")))
        return pieces

    def _foot(self) -> list[Piece]:
        hidden = self._hidden
        more = f"{symbols().below} {pgettext('below', '{n} more').format(n=hidden)}" if hidden else ""
        return self._rule(more)

    # -- mouse --------------------------------------------------------------------------------------------------

    def index_at(self, y: int) -> int | None:
        """Return the index of the card drawn at a row of the widget, None where there is none."""
        slot, row = divmod(y - HEAD, self.step)
        index = self.offset_index + slot
        return index if y >= HEAD and row < CARD and slot < self.capacity and index < self.length else None

    def on_click(self, event: events.Click) -> None:
        """Select the card under the pointer; choose it when it is selected already."""
        index = self.index_at(event.y)
        if index is None:
            return
        event.stop()
        self.post_message(self.CardChosen(self, index) if index == self.cursor else self.CardHighlighted(self, index))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down by a few cards."""
        event.stop()
        self.scroll_cards(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up by a few cards."""
        event.stop()
        self.scroll_cards(-3)
