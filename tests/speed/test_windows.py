"""Ten thousand cards in windows look as if all of them had been read: at both ends, after a filter, after the wheel."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from salestui.domain.views import CardWindow
from salestui.screens.board import BoardScreen
from salestui.services import board
from salestui.storage import board as rows
from salestui.storage.board import Pool
from salestui.widgets.column import BoardColumn
from tests.speed.test_queries import board_of, large
from tests.ui.stories import Seen, running

POOL = Pool(1, "expansion")


def deals_in_sight(seen: Seen) -> list[int | None]:
    """Return the deals in sight of the column under the cursor."""
    view = board_of(seen).board_view
    column = next(each for each in view.query(BoardColumn) if each.cursor is not None)
    shown = (column.card(column.offset_index + slot) for slot in range(column.capacity))
    return [card.deal_id if card else None for card in shown]


def stored(seen: Seen, start: int, count: int) -> list[int]:
    """Return the deals that the database has at these places of the column under the cursor."""
    view = board_of(seen).board_view.selected_column
    assert view is not None
    with seen.story.store.reading():
        return list(rows.window(POOL, view.key, start, start + count))


def _told(screen: BoardScreen) -> int | None:
    """Return the deal that the strip tells of."""
    return screen._gate.loaded.deal.id if screen._gate else None


async def as_drawn_from_scratch(seen: Seen) -> None:
    """Read and draw everything anew: nothing on the screen changes."""
    screen = board_of(seen)
    await seen.until(lambda: not screen._coming and _told(screen) == screen.selected_deal())
    before = seen.lines
    await board_of(seen).reload()
    seen.app.refresh(layout=True)
    await seen.settle()
    assert seen.lines == before


async def test_both_ends_and_the_middle_of_a_long_column_show_what_the_database_has(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with running(large(tmp_path, tmp_path_factory, 10_000), language="en") as seen:
        view = board_of(seen).board_view
        count = view.length
        assert count > 1000
        capacity = len(deals_in_sight(seen))
        assert deals_in_sight(seen) == stored(seen, 0, capacity)
        await seen.press("G")
        assert view.selected_index == count - 1
        assert view.selected is not None
        assert deals_in_sight(seen) == stored(seen, count - capacity, capacity)
        await as_drawn_from_scratch(seen)
        for _half_page in range(12):
            await seen.press("ctrl+b")
        assert None not in deals_in_sight(seen)
        assert view.selected.deal_id == stored(seen, view.selected_index or 0, 1)[0]
        await as_drawn_from_scratch(seen)
        await seen.press("home")
        assert deals_in_sight(seen) == stored(seen, 0, capacity)


async def test_a_long_way_down_card_by_card_never_stands_on_an_unknown_card(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with running(large(tmp_path, tmp_path_factory, 10_000), language="en") as seen:
        view = board_of(seen).board_view
        for _step in range(80):
            await seen.pilot.press("j")
            assert view.selected is not None
        await seen.settle()
        assert view.selected_index == 80
        assert view.selected.deal_id == stored(seen, 80, 1)[0]


async def test_the_wheel_brings_cards_in_sight_that_were_not_read(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with running(large(tmp_path, tmp_path_factory, 10_000), language="en") as seen:
        column = seen.app.screen.query(BoardColumn).first()
        for _turn in range(40):
            wheel = events.MouseScrollDown(column, 2, 8, 0, 0, 0, False, False, False)
            column.post_message(wheel)
        await seen.settle()
        assert column.offset_index == 120
        assert column.view is not None
        assert isinstance(column.view.cards, CardWindow)
        assert not column.view.cards.unread(120, 120 + column.capacity)
        assert column.card(120) is not None


async def test_a_filter_shows_everything_that_fits_and_escape_leads_back_to_the_card(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with running(large(tmp_path, tmp_path_factory, 10_000), language="en") as seen:
        screen = board_of(seen)
        await seen.press("j", "j")
        here = screen.selected_deal()
        await seen.press("slash")
        await seen.type("a b")
        found = board.load(seen.story.ask(), board.Selection(1), text="a b", whole=True)
        every = [card.row.id for column in found.columns.values() for card in column]
        assert 0 < len(every) < 9000
        assert sum(column.count for column in screen.board_view.columns) == len(every)
        await as_drawn_from_scratch(seen)
        await seen.press("escape")
        assert screen.selected_deal() == (here if here in every else screen.selected_deal())
        assert sum(column.count for column in screen.board_view.columns) == found.deals
        await as_drawn_from_scratch(seen)
