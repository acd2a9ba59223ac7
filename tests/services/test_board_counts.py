"""The board's kept counts and places say what counting and sorting all deals says, whatever was done before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from salestui.domain.clock import TeamCalendar
from salestui.domain.money import Money
from salestui.services import activities, board, board_counts, cards, customers, deals, follow_ups, users
from salestui.services.board import Selection
from salestui.services.board_counts import CountsWrong, counts_wrong, recount
from salestui.services.loading import Loaded, judge_loaded, load_many, team_of
from salestui.services.request import Request
from salestui.storage import tables
from tests.effort import examples
from tests.services.desk import NOW, number
from tests.services.market import Market

LATE, TODAY, READY, UNMET, HOPELESS = range(5)


@pytest.fixture
def market(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Open a market of its own for the test."""
    opened = Market.open(tmp_path / "market", tmp_path_factory.getbasetemp())
    yield opened
    opened.close()


# What the board should show, counted and sorted deal by deal


def order(figures: dict[str, Any], team: TeamCalendar, request: Request) -> tuple[int, int, float, int]:
    """Return where a card stands: late, today, ready, fewest unmet, those that cannot pass."""
    now, unmet = request.now, figures["unmet"]
    due, planned = figures["summary_due"], figures["next_at"]
    if unmet and figures["hopeless"]:
        return HOPELESS, unmet, 0, 0
    if due is not None and due <= now:
        return LATE, 0, int(due.timestamp()), 0
    summary_soon = due is not None and due - now <= timedelta(hours=48)
    day = None if planned is None else team.today(planned)
    if not summary_soon and planned is not None and day is not None and day < team.today(now):
        since = team.end_of(day) if figures["next_all_day"] else planned
        return LATE, 0, int(since.timestamp()), 0
    if summary_soon or (day is not None and day == team.today(now)):
        local = None if summary_soon or figures["next_all_day"] or planned is None else planned.astimezone(team.zone)
        return TODAY, unmet, 0, local.hour * 60 + local.minute + 1 if local else 0
    return (UNMET, unmet, 0, 0) if unmet else (READY, 0, 0, 0)


def expected(request: Request, loaded: dict[int, Loaded], text: str, owner: int | None) -> dict[str, Any]:
    """Return for each column its deals from top to bottom, their sum in CNY, and how many are late and ready."""
    team = team_of(request)
    columns: dict[str, list[tuple[tuple[Any, ...], Loaded, int]]] = {}
    for deal in loaded.values():
        said = f"{deal.deal.customer_label} {deal.deal.customer_name} {deal.deal.title} d{deal.deal.id}".casefold()
        fits = all(word in said or word in deal.deal.owner_name for word in text.casefold().split())
        if deal.deal.status not in deals.ON_BOARD or not fits or (owner is not None and deal.deal.owner != owner):
            continue
        figures: dict[str, Any] = cards.figures(deal, judge_loaded(deal, request))
        place = order(figures, team, request)
        columns.setdefault(deal.deal.stage, []).append(((place, deal.deal.id), deal, figures["unmet"]))
    return {
        stage: (
            [deal.deal.id for _place, deal, _unmet in sorted(column, key=lambda card: card[0])],
            _sum(deal.deal.amount for _place, deal, _unmet in column),
            sum(unmet == 0 for _p, _d, unmet in column),
        )
        for stage, column in columns.items()
    }


def _sum(amounts: Iterable[Money | None]) -> int | None:
    """Add up what is in the board's currency; None where there is no such amount."""
    added = [amount.minor for amount in amounts if amount is not None and amount.currency == "CNY"]
    return sum(added) if added else None


def found(request: Request, text: str, owner: int | None) -> dict[str, Any]:
    """Return what the board says of the same, put together from windows."""
    shown = board.load(request, Selection(1, owner=owner), text=text)
    pages = {
        stage: [
            card.deal_id
            for start in range(0, column.count, 3)
            for card in board.cards_of(request, shown, stage, start, min(start + 3, column.count))
        ]
        for stage, column in shown.columns.items()
    }
    for view in board.columns(shown):
        assert [card.deal_id for card in view.cards] == pages.get(view.key, [])
    whole = board.load(request, Selection(1, owner=owner))
    assert whole.deals == sum(column.count for column in whole.columns.values())
    return {
        stage: (pages[stage], column.sum.minor if column.sum else None, column.ready)
        for stage, column in shown.columns.items()
    }


# Any operations in any order

Act = Callable[[Market, Request, int, int], object]


def _new(market: Market, ask: Request, _deal: int, n: int) -> object:
    amount = {"amount": {"minor": n * 100, "currency": "EUR" if n % 5 == 0 else "CNY"}} if n % 3 else {}
    return deals.new(market.ask("wang" if n % 2 else "zhao"), 1 + n % 2, 1, {"title": f"Linie {n}", **amount})


def _advance(market: Market, ask: Request, deal: int, n: int) -> object:
    if n % 2 and market.load(deal).deal.status in deals.ON_BOARD and market.load(deal).deal.stage == "research":
        market.filler(deal).go_to("grading")
        return None
    return deals.advance(ask, deal)


def _plan(market: Market, ask: Request, deal: int, n: int) -> object:
    at = ask.now + timedelta(hours=5 * n - 20)
    return follow_ups.plan(ask, [deal], channel="phone", at=at, all_day=n % 2 == 0, subject="anrufen")


def _talk(market: Market, ask: Request, deal: int, n: int) -> object:
    at = (ask.now - timedelta(hours=n)).isoformat()
    return activities.log(ask, [deal], {"channel": "phone", "at": at})


def _wait(market: Market, ask: Request, _deal: int, n: int) -> object:
    market.pass_time(timedelta(hours=n * n))
    return None


def _rename(market: Market, ask: Request, deal: int, n: int) -> object:
    return customers.change(ask, market.load(deal).deal.customer, {"short_name": f"Kurz{n}"})


ACTS: tuple[Act, ...] = (
    _new,
    _new,
    _advance,
    _plan,
    _talk,
    _wait,
    _rename,
    lambda market, ask, deal, n: deals.move_left(ask, deal, "research", "zurück"),
    lambda market, ask, deal, n: deals.lose(ask, deal, "price"),
    lambda market, ask, deal, n: deals.park(ask, deal, "grade_c"),
    lambda market, ask, deal, n: deals.reopen(ask, deal, "wieder da"),
    lambda market, ask, deal, n: deals.reassign(ask, deal, "wang" if n % 2 else "zhao"),
    lambda market, ask, deal, n: deals.change(ask, deal, {"amount": str(n) if n % 2 else ""}),
    lambda market, ask, deal, n: users.change(market.ask("lin"), market.people["wang"].id, name=f"王{n}"),
)


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
@examples(10, deadline=None, suppress_health_check=list(HealthCheck))
def test_windows_and_counts_equal_a_full_recount_after_any_operations(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Act, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "market"
    market = Market.open(folder, tmp_path_factory.getbasetemp())
    try:
        for n in (1, 2, 4):
            number(_new(market, market.ask("chen"), 0, n))
        for act, nth, n in steps:
            act(market, market.ask("chen"), market.deals()[nth % len(market.deals())], n)
            assert not counts_wrong(market.ours)
        boss = market.ask("chen")
        loaded = load_many(boss, market.deals())
        for text, owner in (("", None), ("linie", None), ("d1", None), ("王", None), ("", market.people["zhao"].id)):
            assert found(boss, text, owner) == expected(boss, loaded, text, owner)
        assert not counts_wrong(market.theirs)
    finally:
        market.close()
        shutil.rmtree(folder.parent, ignore_errors=True)


# The check itself


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: tables.BoardCount.update(deals=tables.BoardCount.deals + 1).execute(),
        lambda: tables.BoardCount.update(minor=1).execute(),
        lambda: tables.BoardCount.delete().execute(),
        lambda: tables.Card.update(late=True).execute(),
        lambda: tables.Card.update(shown_in="grading").execute(),
        lambda: tables.Card.update(owner=99).execute(),
        lambda: tables.Deal.update(amount_minor=5).execute(),
        lambda: tables.Card.delete().execute(),
    ],
)
def test_a_wrong_count_is_found_and_put_right(market: Market, spoil: Callable[[], object]) -> None:
    for n in (1, 2, 4):
        number(_new(market, market.ask("chen"), 0, n))
    assert counts_wrong(market.ours) == CountsWrong()
    with market.ours.transaction(market.people["chen"], now=NOW):
        spoil()
    assert counts_wrong(market.ours)
    recount(market.ask("wang"))
    shown = board.load(market.ask("wang"), Selection(1))
    assert not counts_wrong(market.ours)
    assert shown.deals == 3


def test_an_amount_in_another_currency_is_counted_but_not_added(market: Market) -> None:
    number(_new(market, market.ask("chen"), 0, 5))
    number(_new(market, market.ask("chen"), 0, 1))
    shown = board.load(market.ask("wang"), Selection(1))
    assert (shown.deals, shown.total) == (2, Money(100, "CNY"))
    assert board_counts.counts_wrong(market.ours).columns == ()
