"""The board: as many columns side by side as fit, one cursor, and the memory of where each column was scrolled to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from salestui.dataclass import dataclass
from salestui.domain.views import CardView, CardWindow, ColumnView
from salestui.widgets.board_layout import PANE_FROM, PITCH, USUAL_STAGES, WIDEST_PITCH, BoardLayout, board_layout
from salestui.widgets.column import BoardColumn
from salestui.widgets.hint import HintLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Unpack

    from textual import events
    from textual.app import ComposeResult

    from salestui.widgets.drawn import WidgetOptions

__all__ = ["PANE_FROM", "BoardLayout", "BoardView", "board_layout"]


class BoardView(Widget):
    """The columns of a pipeline with one cursor.

    Set its data with `show`; move with `move_cursor`, `page`, `home`, `end`, `select`. Selection is by deal: it stays
    on the same deal when the board is shown anew, wherever that deal went; if it is gone, on the card in its place.
    """

    DEFAULT_CSS = """
    BoardView { height: 1fr; layers: base over; }
    BoardView > Horizontal { height: 1fr; }
    BoardView > HintLine { layer: over; position: absolute; offset: 1 3; width: 70; display: none; }
    """

    @dataclass
    class CardHighlighted(Message):
        """The cursor moved to another card (None on an empty column)."""

        card: CardView | None
        column: ColumnView | None

    @dataclass
    class CardChosen(Message):
        """A card was chosen with the mouse: open it."""

        card: CardView

    def __init__(self, *, compact: bool = False, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._views: tuple[ColumnView, ...] = ()
        self._first = 0
        self._at = 0
        self._cursors: dict[str, int] = {}
        self._offsets: dict[str, int] = {}
        self._marks: frozenset[int] = frozenset()
        self._compact = compact
        self._active = True
        self._layout = BoardLayout(PITCH, 1, 0)

    def compose(self) -> ComposeResult:
        """Lay out as many columns as may be needed; `show` fills them."""
        yield Horizontal(*(BoardColumn() for _column in range(min(self.app.size.width // PITCH, USUAL_STAGES))))
        yield HintLine()

    # -- what is selected ---------------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[ColumnView, ...]:
        """All columns, in sight or not."""
        return self._views

    @property
    def selected_column(self) -> ColumnView | None:
        """The column of the cursor."""
        return self._views[self._at] if self._at < len(self._views) else None

    @property
    def selected_index(self) -> int | None:
        """The cursor's index in its column, None when the column is empty."""
        view = self.selected_column
        if view is None or not view.cards:
            return None
        return min(self._cursors.get(view.key, 0), len(view.cards) - 1)

    @property
    def selected(self) -> CardView | None:
        """The card under the cursor."""
        view, index = self.selected_column, self.selected_index
        return view.card(index) if view is not None and index is not None else None

    # -- what the screen sets -----------------------------------------------------------------------------------

    @property
    def marks(self) -> frozenset[int]:
        """The ids of the deals marked by hand."""
        return self._marks

    @marks.setter
    def marks(self, marks: frozenset[int]) -> None:
        self._marks = marks
        self._draw()

    def toggle_mark(self, deal_id: int | None = None) -> None:
        """Mark or unmark a deal, the selected one by default."""
        if deal_id is None and self.selected is not None:
            deal_id = self.selected.deal_id
        if deal_id is not None:
            self.marks = self._marks ^ {deal_id}

    @property
    def compact(self) -> bool:
        """Whether cards stand without air between them."""
        return self._compact

    @compact.setter
    def compact(self, compact: bool) -> None:
        if compact != self._compact:
            self._compact = compact
            self._draw()

    @property
    def active(self) -> bool:
        """Whether the board has the focus among the panes of its screen."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self._draw()

    @property
    def arrangement(self) -> BoardLayout:
        """How the columns are laid out now."""
        return self._layout

    def set_hint(self, text: str, *keys: tuple[str, str]) -> None:
        """Say something where the cards would be (an empty board or filter), with the keys that help; "" hides it."""
        hint = self.query_one(HintLine)
        hint.show(text, *keys)
        hint.display = bool(text)

    def show(self, columns: Sequence[ColumnView], select: int | None = None) -> None:
        """Show the columns anew. The cursor goes to deal `select`, else stays on its deal, else on its place."""
        before = self.selected
        wanted = select if select is not None else before.deal_id if before else None
        here = self.selected_column
        self._views = tuple(columns)
        keys = [view.key for view in self._views]
        self._at = (
            keys.index(here.key) if here is not None and here.key in keys else min(self._at, max(len(keys) - 1, 0))
        )
        if wanted is not None:
            found = self._find(wanted)
            if found is not None:
                self._at, index = found
                self._cursors[self._views[self._at].key] = index
        if here is None and wanted is None:
            self._at = next((at for at, view in enumerate(self._views) if view.cards), 0)
        self._arrange()
        if self.selected != before:
            self._announce()

    def select(self, deal_id: int) -> bool:
        """Move the cursor to a deal; False when it is not on the board."""
        found = self._find(deal_id)
        if found is None:
            return False
        self._go(*found)
        return True

    def seek(self) -> None:
        """Leave an empty column for the nearest one with cards, as a filter that found some elsewhere asks for."""
        found = [at for at, view in enumerate(self._views) if view.cards]
        if self.selected is None and found:
            at = min(found, key=lambda at: abs(at - self._at))
            self._go(at, self._level(at))

    def toward(self, dx: int = 0, dy: int = 0) -> tuple[int, int] | None:
        """Return the column and the place where a move of the cursor leads, None when there is nothing that way."""
        view = self.selected_column
        if view is None:
            return None
        at = min(max(self._at + dx, 0), len(self._views) - 1)
        if at != self._at:
            return at, self._level(at)
        index = self.selected_index
        if index is None:
            return None
        wanted = min(max(index + dy, 0), len(view.cards) - 1)
        return None if wanted == index else (at, wanted)

    def move_cursor(self, dx: int = 0, dy: int = 0) -> bool:
        """Move the cursor by columns and cards; False when there is nothing further that way."""
        target = self.toward(dx, dy)
        if target is not None:
            self._go(*target)
        return target is not None

    @property
    def half_page(self) -> int:
        """Half the cards of a column that are in sight, at least one."""
        column = self._widget(self._at)
        return max((column.capacity if column else 2) // 2, 1)

    @property
    def length(self) -> int:
        """How many cards the column of the cursor holds."""
        return len(self.selected_column.cards) if self.selected_column else 0

    def page(self, direction: int) -> bool:
        """Move half a page of cards down (1) or up (-1)."""
        return self.move_cursor(0, direction * self.half_page)

    def home(self) -> bool:
        """Move to the first card of the column."""
        return self.move_cursor(0, -self.length)

    def end(self) -> bool:
        """Move to the last card of the column."""
        return self.move_cursor(0, self.length)

    # -- which cards must have been read --------------------------------------------------------------------------

    def windows(self) -> dict[str, tuple[int, int]]:
        """Return for each column, by its key, the cards in sight with as many above and below: from, to before."""
        return {view.key: self._window(at) for at, view in enumerate(self._views)}

    def _window(self, at: int, index: int | None = None) -> tuple[int, int]:
        """Return the window of a column as it stands, or as a cursor at `index` may need it."""
        column = self._widget(at)
        height = column.capacity if column is not None else self._capacity
        if index is not None:
            return index - height, index + height + 1
        first = column.offset_index if column is not None else self._offsets.get(self._views[at].key, 0)
        return first - height, first + 2 * height

    @property
    def _capacity(self) -> int:
        return max((column.capacity for column in self._widgets), default=1)

    def unread(self, target: tuple[int, int] | None = None) -> dict[str, tuple[int, ...]]:
        """Return for each column, by its key, the pages that were not read: those in sight and beside it.

        With `target`, a column and a place in it: those that the cursor needs there.
        """
        if target is not None:
            wanted = {target[0]: self._window(*target)}
        else:
            shown = range(self._first, min(self._first + self._layout.visible, len(self._views)))
            wanted = {at: self._window(at) for at in shown}
        found = {}
        for at, (start, stop) in wanted.items():
            cards = self._views[at].cards
            pages = cards.unread(start, stop) if isinstance(cards, CardWindow) else ()
            if pages:
                found[self._views[at].key] = pages
        return found

    def unread_at_cursor(self) -> dict[str, tuple[int, ...]]:
        """Return the pages that the cursor needs where it stands and that were not read."""
        index = self.selected_index
        return self.unread((self._at, index)) if index is not None else {}

    def redraw(self, keys: Iterable[str]) -> None:
        """Draw the columns with these keys anew where they are in sight: more of their cards were read."""
        for key in keys:
            at = next((at for at, view in enumerate(self._views) if view.key == key), None)
            column = self._widget(at) if at is not None else None
            if column is not None:
                column.refresh_changed()

    # -- how ----------------------------------------------------------------------------------------------------

    def _find(self, deal_id: int) -> tuple[int, int] | None:
        """Return column and index of a deal: the column of the cursor first, and there the cursor's place first."""
        order = sorted(range(len(self._views)), key=lambda at: at != self._at)
        for at in order:
            view = self._views[at]
            index = self._cursors.get(view.key, 0)
            card = view.card(index)
            if card is not None and card.deal_id == deal_id:
                return at, index
            place = view.locate(deal_id)
            if place is not None:
                return at, place
        return None

    def _level(self, at: int) -> int:
        """Return the card of another column that stands beside the cursor, so that the eye does not have to jump."""
        view = self._views[at]
        here, there = self._widget(self._at), self._widget(at)
        index = self.selected_index
        if here is None or there is None or index is None:
            return min(self._cursors.get(view.key, 0), max(len(view.cards) - 1, 0))
        row = index - here.offset_index
        return min(there.offset_index + max(row, 0), max(len(view.cards) - 1, 0))

    def _go(self, at: int, index: int) -> None:
        left = self._at
        self._at = at
        self._cursors[self._views[at].key] = index
        if self._scroll_sideways():
            self._draw()
        else:
            for column_at in {left, at}:
                column = self._widget(column_at)
                if column is not None:
                    column.set_cursor(self.selected_index if column_at == at else None)
        self._announce()

    def _announce(self) -> None:
        self.post_message(self.CardHighlighted(self.selected, self.selected_column))

    def _scroll_sideways(self) -> bool:
        """Bring the cursor's column into sight, and one beside it; true when other columns came into sight."""
        visible = self._layout.visible
        beside = 1 if visible > 2 else 0
        first = min(max(self._first, self._at - visible + 1 + beside), self._at - beside)
        first = min(max(first, 0), max(len(self._views) - visible, 0))
        moved, self._first = first != self._first, first
        return moved

    @property
    def _widgets(self) -> list[BoardColumn]:
        return [column for row in self.children for column in row.children if isinstance(column, BoardColumn)]

    def _widget(self, at: int) -> BoardColumn | None:
        widgets = self._widgets
        slot = at - self._first
        return widgets[slot] if 0 <= slot < len(widgets) else None

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns to the new width."""
        self._arrange(event.size.width)

    def _arrange(self, width: int | None = None) -> None:
        across = self.size.width if width is None else width
        if not across or not self._views:
            return
        # A pane beside the board is the screen's: what the board gets is what its columns divide.
        visible = max(min(across // PITCH, len(self._views)), 1)
        self._layout = BoardLayout(min(across // visible, self._widest()), visible, 0)
        self._scroll_sideways()
        widgets = self._widgets
        row = self.query_one(Horizontal)
        for slot, column in enumerate(widgets):
            column.display = slot < visible
        if len(widgets) < visible:
            row.mount(*(BoardColumn() for _more in range(visible - len(widgets))))
        for column in self._widgets[:visible]:
            if column.styles.width is None or column.styles.width.value != self._layout.pitch:
                column.styles.width = self._layout.pitch
        self._draw()

    def _widest(self) -> int:
        return WIDEST_PITCH if self.app.size.width >= PANE_FROM else max(self.size.width, PITCH)

    def _draw(self) -> None:
        visible = self._layout.visible
        for slot, column in enumerate(self._widgets[:visible]):
            at = self._first + slot
            view = self._views[at] if at < len(self._views) else None
            changed_stage = column.view is None or view is None or column.view.key != view.key
            if column.view is not None and changed_stage:
                self._offsets[column.view.key] = column.offset_index
            column.compact, column.active, column.marks = self._compact, self._active, self._marks
            column.more_left = slot == 0 and self._first > 0
            column.more_right = slot == visible - 1 and at < len(self._views) - 1
            offset = self._offsets.get(view.key, 0) if view is not None and changed_stage else None
            column.show(view, self.selected_index if at == self._at else None, offset)

    # -- mouse --------------------------------------------------------------------------------------------------

    def on_board_column_card_highlighted(self, message: BoardColumn.CardHighlighted) -> None:
        """Select the card that was clicked."""
        message.stop()
        self._go(self._first + self._widgets.index(message.column), message.index)

    def on_board_column_card_chosen(self, message: BoardColumn.CardChosen) -> None:
        """Pass a chosen card on."""
        message.stop()
        card = message.column.card(message.index)
        if card is not None:
            self.post_message(self.CardChosen(card))
