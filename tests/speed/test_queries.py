"""An action asks the database the same, whether ten deals are in it or ten thousand: nothing here watches a clock."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from salestui.screens import board as board_screen
from salestui.screens.board import BoardScreen
from salestui.services import board, board_counts, customer_pages, deal_list
from salestui.services.board import Selection
from salestui.storage import agenda, agenda_steps, cards, customers, tables
from salestui.storage import board as boards
from salestui.storage.board import Pool
from salestui.storage.store import Store
from salestui.storage.words import words
from tests.services.desk import NOW
from tests.speed.bulk import actor_of, grown
from tests.speed.meter import Work, metered
from tests.ui.stories import Seen, Story, running

SIZES = (10, 10_000)
POOL = Pool(1, "expansion")
NARROWED = Pool(1, "expansion", words=words("a b", ((1, "Ab"),)))
Action = Callable[[Seen], Awaitable[None]]


def large(tmp_path: Path, factory: pytest.TempPathFactory, deals: int) -> Story:
    """Return a database of so many deals, to be worked in by who administers it."""
    folder = tmp_path / "data"
    shutil.copytree(grown(factory.getbasetemp(), deals).parent, folder)
    store = Store.open(folder / "sales.db")
    return Story(folder, store, {"lin": actor_of(store)}, 1, 1, 1, now=NOW)


@asynccontextmanager
async def at_work(story: Story, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Seen]:
    """Open the board; the strip does not follow by itself, so that only the action itself is counted."""
    monkeypatch.setattr(board_screen, "REST", 3600)
    async with running(story, language="en") as seen:
        yield seen


def board_of(seen: Seen) -> BoardScreen:
    """Return the board under whatever is open."""
    screen = seen.app.screen_stack[0]
    assert isinstance(screen, BoardScreen)
    return screen


async def down(seen: Seen) -> None:
    await seen.press("j")


async def beside(seen: Seen) -> None:
    await seen.press("l")


async def move(seen: Seen) -> None:
    """Move the card under the cursor, which may, through its gate."""
    view = board_of(seen).board_view
    deal, before = board_of(seen).selected_deal(), view.selected_column
    await seen.press(">")
    assert board_of(seen).selected_deal() == deal
    assert view.selected_column is not None
    assert before is not None
    assert view.selected_column.key != before.key


def ready_deal(store: Store) -> int:
    """Return a deal that may move, of those in the middle of a column."""
    with store.reading():
        card = tables.Card
        found = card.select(card.deal).where((card.unmet == 0) & (card.shown_in == "grading")).order_by(card.place)
        numbers = [number for (number,) in found.tuples()]
        return int(numbers[len(numbers) // 2])


async def filter_character(seen: Seen) -> None:
    await seen.press("slash")
    await seen.type("a")


async def open_deal(seen: Seen) -> None:
    await seen.press("enter")
    assert seen.screen is not board_of(seen)


async def open_agenda(seen: Seen) -> None:
    await seen.press("A")
    assert seen.screen is not board_of(seen)


async def open_customers(seen: Seen) -> None:
    await seen.press("C")
    assert seen.screen is not board_of(seen)


START = Work(statements=80, rows=4000, steps=300_000)
ACTIONS: dict[Action, Work] = {
    down: Work(),
    beside: Work(),
    move: Work(statements=160, rows=4000, steps=400_000),
    filter_character: Work(statements=16, rows=700, steps=500_000),
    open_deal: Work(statements=40, rows=100, steps=20_000),
    open_agenda: Work(statements=110, rows=15_000, steps=1_000_000),
    open_customers: Work(statements=12, rows=500, steps=150_000),
}
"""The most that an action may ask, with ten deals or with ten thousand.

A filter looks at every card once, in an index; the agenda reads up to 500 things of each kind. All 10,000 deals of the
large database are due like those of the sample, 68 times over.
"""


def within(work: Work, most: Work) -> bool:
    """Tell whether no more was asked than is allowed."""
    return work.statements <= most.statements and work.rows <= most.rows and work.steps <= most.steps


@pytest.mark.parametrize("deals", SIZES)
async def test_every_action_asks_a_bounded_number_of_things_whatever_the_number_of_deals(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, deals: int
) -> None:
    story = large(tmp_path, tmp_path_factory, deals)
    over = []
    with metered(story.store) as start:
        async with at_work(story, monkeypatch) as seen:
            started = Work(start.statements, start.rows, start.steps)
            for action, most in ACTIONS.items():
                if action is move:
                    await board_of(seen).reload(ready_deal(story.store))
                    await seen.settle()
                with metered(story.store) as work:
                    await action(seen)
                if not within(work, most):
                    over.append(f"{action.__name__}: {work}")
                while seen.screen is not board_of(seen) or board_of(seen).filter_line.value:
                    await seen.press("escape")
    assert not over
    assert within(started, START), started


# Without a screen


PLANS = {
    "kept counts": lambda: boards.counts(POOL, "CNY"),
    "a window": lambda: boards.window(POOL, "grading", 0, 32),
    "a window of one owner": lambda: boards.window(replace(POOL, owner=2), "grading", 0, 32),
    "a window of all campaigns of a playbook": lambda: boards.window(Pool(None, "expansion"), "grading", 0, 32),
    "a window that a filter narrows": lambda: boards.window(NARROWED, "grading", 0, 32),
    "the sums that a filter narrows": lambda: boards.counts(NARROWED, "CNY"),
    "the place of a card": lambda: boards.place_of(NARROWED, 17),
    "cards to judge anew": lambda: cards.outdated(NOW, 1),
    "cards that time has moved": lambda: cards.misplaced(NOW, 1),
    "customers": lambda: customers.listed(words("a", ()), 0, 40),
    "how many customers": lambda: customers.count_listed(words("a", ())),
    "expired scores": lambda: agenda.count_scores(owner=1, until=NOW),
    "planned conversations of all": lambda: agenda.count_planned(owner=None, until=NOW),
    "talks without summary": lambda: agenda.unsummed_talks(owner=1, limit=500),
    "quiet deals": lambda: agenda_steps.count_quiet(owner=1, now=NOW),
    "clocks": lambda: agenda_steps.clocks(owner=None, until=NOW, limit=500),
    "unanswered comments": lambda: agenda_steps.count_unanswered(owner=1),
}


@pytest.mark.parametrize("name", PLANS)
def test_an_index_serves_every_query_of_the_board_and_of_what_is_due(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    story = large(tmp_path, tmp_path_factory, 10)
    with metered(story.store) as work, story.store.reading():
        PLANS[name]()
        asked = list(work.asked)
        plans = [
            detail
            for sql in asked
            for *_ids, detail in story.store.database.connection().execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]
    story.store.close()
    assert asked
    large_tables = ("card", "deal", "customer", "activity", "board_count", "t1", "t2", "t3")
    scans = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in large_tables]
    assert not scans, plans


@pytest.mark.parametrize("select", [None, 40])
def test_a_list_of_all_deals_and_of_all_customers_takes_as_many_statements_as_of_ten(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, select: int | None
) -> None:
    asked = []
    for deals in SIZES:
        story = large(tmp_path / str(deals), tmp_path_factory, deals)
        request = story.ask()
        with metered(story.store) as work:
            rows = deal_list.listed(request)
            customer_pages.window(request, "", 0, 40, select)
            board.load(request, Selection(1), select=select)
        assert len(rows) >= deals
        assert not board_counts.counts_wrong(story.store)
        asked.append(work.statements)
        story.close()
    assert asked[1] <= asked[0] + 6
