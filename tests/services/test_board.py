"""The board: which cards stand where and in which order, their corners, the filter; figures kept in step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Playbook
from salestui.domain.records import CardRow
from salestui.domain.views import GateSlot, GateState, TimeKind, TimeSlot
from salestui.errors import NotFound
from salestui.playbooks.loader import builtin
from salestui.services import activities, board, campaigns, cards, customers, deals, outputs
from salestui.services.board import Board, Card, Column, Selection
from salestui.services.board_counts import counts_wrong
from salestui.storage import cards as card_rows
from salestui.storage import tables
from tests.domain.builders import DAY, HOUR, NOW, TEAM
from tests.services.desk import number
from tests.services.market import Market
from tests.ui.filling import complete

HANDBOOK = builtin("expansion")


@pytest.fixture
def market(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Open a market of its own for the test."""
    opened = Market.open(tmp_path / "market", tmp_path_factory.getbasetemp())
    yield opened
    opened.close()


def row(number: int = 1, **rest: object) -> CardRow:
    """Return the figures of a card: three requirements unmet, nothing due."""
    known: dict[str, object] = {
        "label": "启明", "stage": "research", "status": Status.OPEN, "owner": 2, "owner_name": "王磊", "amount": None,
        "grade": "", "score": None, "stage_since": NOW - 5 * DAY, "unmet": 3, "met": 2, "waiting": False, "excepted": 0,
        "hopeless": False, "outputs_done": "01", "actions_done": 1, "actions_total": 2, "next_at": None,
        "next_all_day": False, "summary_due": None, "score_until": None, "last_touch": None, "gate_changes_at": None,
        "campaign": 1, "version": 1,
    }  # fmt: skip
    return CardRow(number, **{**known, **rest})  # type: ignore[arg-type]


def card(number: int = 1, **rest: object) -> Card:
    """Return a card as the board makes it."""
    return board._card(row(number, **rest), HANDBOOK, TEAM, NOW)


def stacked(*shown: Card, me: int = 9, owner: int | None = None, playbook: Playbook = HANDBOOK) -> Board:
    """Return a board with these cards in its first column."""
    columns = {"research": Column(len(shown), pages={0: shown})} if shown else {}
    return Board(Selection(1, owner=owner), playbook, "华东", "CNY", NOW, columns, {"王磊": "王"}, me)


def lay(market: Market, figures: dict[int, dict[str, object]]) -> None:
    """Keep other figures of cards than those that were judged, with the place that belongs to them."""
    plain = {
        "unmet": 3, "hopeless": False, "summary_due": None, "next_at": None, "next_all_day": False, "changes_at": None,
    }  # fmt: skip
    with market.theirs.transaction(market.people["chen"], now=market.now) as tx:
        for deal, given in figures.items():
            values = {**plain, **given}
            where = card_rows.Misplaced(deal, *(values[name] for name in tuple(plain)[:5]))  # type: ignore[arg-type]
            card_rows.save({deal: {**values, **cards._place(where, tx.now, TEAM)}})


def shown_cards(of: Board, stage: str = "research") -> list[int]:
    """Return the deals in a column from top to bottom."""
    return [each.row.id for each in of.columns.get(stage, Column())]


# Corners


@pytest.mark.parametrize(
    ("figures", "slot"),
    [
        ({}, GateSlot(GateState.UNMET, 3)),
        ({"waiting": True}, GateSlot(GateState.WAITING)),
        ({"hopeless": True, "waiting": True}, GateSlot(GateState.CANNOT_PASS)),
        ({"unmet": 0}, GateSlot(GateState.READY)),
        ({"unmet": 0, "excepted": 1}, GateSlot(GateState.EXCEPTION)),
    ],
)
def test_a_corner_says_whether_the_card_may_move(figures, slot):
    assert card(**figures).gate == slot


@pytest.mark.parametrize(
    ("figures", "slot"),
    [
        ({}, TimeSlot(TimeKind.AGE, 5)),
        ({"stage_since": NOW + DAY}, TimeSlot(TimeKind.AGE, 0)),
        ({"stage": "gone"}, TimeSlot(TimeKind.AGE, 5)),
        ({"summary_due": NOW}, TimeSlot(TimeKind.SUMMARY_LATE, 0)),
        ({"summary_due": NOW - 30 * HOUR}, TimeSlot(TimeKind.SUMMARY_LATE, 30)),
        ({"summary_due": NOW + 3 * HOUR, "next_at": NOW - 9 * DAY}, TimeSlot(TimeKind.SUMMARY_LEFT, 3)),
        ({"summary_due": NOW + 9 * DAY}, TimeSlot(TimeKind.AGE, 5)),
        ({"next_at": NOW - 2 * DAY}, TimeSlot(TimeKind.FOLLOWUP_LATE, 2)),
        ({"next_at": NOW - HOUR}, TimeSlot(TimeKind.DUE_TODAY, 0, time(16))),
        ({"next_at": NOW + HOUR, "next_all_day": True}, TimeSlot(TimeKind.DUE_TODAY)),
        ({"next_at": NOW + 2 * DAY}, TimeSlot(TimeKind.AGE, 5)),
        ({"score_until": NOW}, TimeSlot(TimeKind.SCORE_EXPIRED)),
        ({"score_until": NOW, "status": Status.WON}, TimeSlot(TimeKind.AGE, 5)),
        ({"score_until": NOW + HOUR}, TimeSlot(TimeKind.AGE, 5)),
        ({"score_until": NOW, "next_at": NOW - DAY}, TimeSlot(TimeKind.FOLLOWUP_LATE, 1)),
    ],
)
def test_the_most_urgent_date_of_a_card_wins(figures, slot):
    assert card(**figures).time == slot


def test_a_card_that_stands_still_for_too_long_says_how_long():
    found = card(stage_since=NOW - 30 * DAY, idle_at=NOW - 9 * DAY).time
    assert found.kind is TimeKind.OVER_AGE
    assert found.value >= 20


# Order


def test_cards_stand_late_today_ready_fewest_unmet_and_hopeless_last(market: Market):
    deals_made = [number(deals.new(market.ask("wang"), 1, 1, {})) for _ in range(12)]
    in_order: list[dict[str, object]] = [
        {"next_at": NOW - 20 * DAY},
        {"summary_due": NOW - 30 * HOUR},
        {"next_at": NOW - DAY, "unmet": 9},
        {"summary_due": NOW - HOUR},
        {"unmet": 1, "next_at": NOW + 2 * HOUR},
        {"unmet": 2, "next_at": NOW + HOUR},
        {"unmet": 2, "next_at": NOW + 3 * HOUR},
        {"unmet": 0},
        {"unmet": 0, "excepted": 1},
        {"unmet": 1},
        {"unmet": 4},
        {"unmet": 1, "hopeless": True, "next_at": NOW - 90 * DAY},
    ]
    for mixed in (deals_made, [*deals_made[6:8], *deals_made[:6], *deals_made[8:]]):
        lay(market, dict(zip(mixed, in_order, strict=True)))
        read = board.load(market.ask("chen"), Selection(1))
        assert shown_cards(read) == mixed
        (column, *_) = board.columns(read)
        assert (column.late, column.ready, column.count) == (5, 2, 12)
        assert not counts_wrong(market.ours)


def test_time_alone_moves_a_card_to_its_new_place(market: Market):
    first, second, third = (number(deals.new(market.ask("wang"), 1, 1, {})) for _ in range(3))
    lay(market, {first: {}, second: {"next_at": NOW + DAY}, third: {"summary_due": NOW + 50 * HOUR}})
    assert shown_cards(board.load(market.ask("chen"), Selection(1))) == [first, second, third]
    market.pass_time(DAY)
    assert shown_cards(board.load(market.ask("chen"), Selection(1))) == [third, second, first]
    market.pass_time(2 * DAY)
    read = board.load(market.ask("chen"), Selection(1))
    assert shown_cards(read) == [second, third, first]
    assert read.columns["research"].late == 2


# Windows


def test_of_a_long_column_only_what_is_wanted_is_read(market: Market):
    everything = [number(deals.new(market.ask("wang"), 1, 1, {})) for _ in range(3 * board.PAGE + 1)]
    request = market.ask("chen")
    first = board.load(request, Selection(1))
    assert shown_cards(first) == everything[: board.PAGE]
    assert first.columns["research"].count == len(everything)
    (column, *_) = board.columns(first)
    assert column.card(board.PAGE) is None
    assert [view.deal_id for view in board.cards_of(request, first, "research", 40, 42)] == everything[40:42]
    deep = board.load(request, Selection(1), windows={"research": (60, 70)}, select=everything[5])
    assert sorted(deep.columns["research"].pages) == [0, 1, 2]
    assert deep.found == (everything[5], "research", 5)
    beyond = board.load(request, Selection(1), windows={"research": (400, 420)}, select=999)
    assert sorted(beyond.columns["research"].pages) == [2, 3]
    assert beyond.found is None
    assert shown_cards(board.load(request, Selection(1), whole=True)) == everything


# Columns, sums, filter


def test_a_column_adds_up_what_is_in_the_currency_of_the_board(market: Market):
    request = market.ask("wang")
    for amount in ("100", "50", {"minor": 700, "currency": "EUR"}, None):
        number(deals.new(request, 1, 1, {"amount": amount} if amount else {}))
    shown = board.load(request, Selection(1))
    assert board.columns(shown)[0].sum == shown.total == Money(15000, "CNY")
    assert board.columns(shown)[1].sum is None
    assert shown.deals == 4
    narrowed = board.narrowed(request, shown, "D1")
    assert (board.columns(narrowed)[0].sum, narrowed.total) == (Money(10000, "CNY"), shown.total)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [1, 2, 3]),
        ("启明", [1]),
        ("ＡＣＭＥ", [2]),
        ("acme", [2]),
        ("100%_", [2]),
        ("1_0", []),
        ("王磊", [1, 2]),
        ("王磊 acme", [2]),
        ("王磊　启明", [1]),
        ("d3", [3]),
        ("Ｄ３", [3]),
        ("(华东)", [3]),
        ("  ", [1, 2, 3]),
        ("nobody", []),
    ],
)
def test_a_filter_finds_words_whatever_their_width_and_case(market: Market, text: str, found: list[int]):
    boss = market.ask("chen")
    for name, seller in (("启明食品", "wang"), ("Acme 包装 100%_", "wang"), ("同创（华东）", "zhao")):
        customer = number(customers.new(boss, {"name": name}))
        number(deals.new(market.ask(seller), customer, 1, {}))
    shown = board.load(boss, Selection(1), text=text)
    again = board.narrowed(boss, board.load(boss, Selection(1)), text)
    assert shown_cards(shown) == shown_cards(again) == found
    (column, *_) = board.columns(shown)
    assert column.count == len(found)
    assert [column.locate(each) for each in found] == list(range(len(found)))
    assert shown.deals == 3


def test_a_card_shows_what_its_row_says():
    shown = stacked(card(1, grade="A", score=21), card(2, actions_total=0, owner_name="新人"), me=2, owner=2)
    (column, *_) = board.columns(shown, changed=frozenset({2}))
    one, two = column.cards
    assert (one.code, one.grade, one.score, one.outputs, one.actions) == ("D1", "A", 21, (False, True), (1, 2))
    assert (one.owner_short, one.owner, one.version, one.changed, one.mine) == ("王", "王磊", 1, False, True)
    assert (two.owner_short, two.grade, two.actions, two.changed) == ("新人", None, None, True)


def test_a_retired_stage_has_a_column_only_while_a_deal_stands_there():
    stages = (replace(HANDBOOK.stages[0], retired=True), *HANDBOOK.stages[1:])
    old = replace(HANDBOOK, stages=stages)
    assert [column.number for column in board.columns(stacked(card(), playbook=old))] == [1, 2, 3, 4, 5, 6]
    empty = replace(stacked(playbook=old), columns={})
    assert [column.number for column in board.columns(empty)] == [2, 3, 4, 5, 6]


# On a database


def test_a_board_shows_the_deals_of_a_campaign_of_one_or_of_all(market: Market):
    mine = number(deals.new(market.ask("wang"), 1, 1, {"amount": "100"}))
    other = number(deals.new(market.ask("zhao"), 2, 1, {}))
    number(deals.new(market.ask("wang"), 1, 2, {}))
    request = market.ask("wang")
    assert board.load(request, Selection()).campaign_name == "老客户"
    shown = board.load(request, Selection(1))
    assert (shown.campaign_name, shown.deals, shown.currency) == ("华东包装", 2, "CNY")
    assert board.load(request, Selection(1, owner=request.actor.id)).deals == 1
    assert board.load(request, Selection(2)).playbook.key == "role"
    assert board.find(shown, other).row.owner_name == "赵敏"
    with pytest.raises(NotFound):
        board.find(shown, 99)
    deals.lose(market.ask("wang"), mine, "price")
    assert board.load(request, Selection(1)).deals == 1


def test_the_board_can_be_set_to_campaigns_and_to_all_of_a_handbook(market: Market):
    request = market.ask("lin")
    assert [name for _, name in board.choices(request)] == ["老客户", "华东包装"]
    third = number(campaigns.new(request, {"name": "华南", "playbook": "expansion", "scenario": "new_offer"}))
    number(deals.new(request, 1, third, {}))
    number(deals.new(request, 1, 1, {}))
    assert [name for _, name in board.choices(request)][-1] == "Business development"
    everything = board.load(request, Selection(playbook="expansion"))
    assert (everything.campaign_name, everything.deals) == ("Business development", 2)
    i18n.use("zh")
    assert board.load(request, Selection(playbook="expansion")).campaign_name == "业务拓展"
    assert isinstance(campaigns.change(request, third, {"closed": "yes"}), Done)
    assert [name for _, name in board.choices(request)] == ["老客户", "华东包装"]


def test_a_board_without_campaigns_shows_the_stages_of_the_handbook(market: Market):
    for campaign in (1, 2):
        assert isinstance(campaigns.change(market.ask("lin"), campaign, {"closed": "yes"}), Done)
    shown = board.load(market.ask("wang"), Selection())
    assert (shown.campaign_name, shown.deals, shown.total) == ("", 0, None)
    with market.ours.transaction(market.people["wang"], now=market.now):
        tables.Campaign.delete().where(tables.Campaign.playbook == "role").execute()
    unused = board.load(market.ask("wang"), Selection(playbook="role"))
    assert (unused.playbook.key, unused.campaign_name, unused.currency) == ("role", "", "CNY")
    assert len(board.columns(shown)) == 6


def test_time_alone_brings_a_card_up_to_date(market: Market):
    deal = number(deals.new(market.ask("wang"), 1, 1, {}))
    values = {"channel": "phone", "at": market.now.isoformat()}
    assert isinstance(activities.log(market.ask("wang"), [deal], values), Done)
    before = board.find(board.load(market.ask("wang"), Selection(1)), deal)
    assert before.time.kind is TimeKind.SUMMARY_LEFT
    market.pass_time(timedelta(hours=25))
    assert cards.outdated(market.ask("wang")) == (deal,)
    again = replace(market.ask("wang"), command_id="a repeated look")
    after = board.find(board.load(again, Selection(1)), deal)
    assert (after.time.kind, after.row.unmet) == (TimeKind.SUMMARY_LATE, before.row.unmet + 1)
    assert cards.outdated(market.ask("wang")) == ()
    assert board.load(again, Selection(1)).deals == 1


def test_a_change_for_many_deals_is_judged_when_it_is_read(market: Market):
    request = market.ask("chen")
    for _ in range(cards.EAGER + 1):
        number(deals.new(request, 1, 1, {}))
    first = market.deals()[0]
    met = board.find(board.load(request, Selection(1)), first).row.met
    output = HANDBOOK.output("market_report")
    assert isinstance(outputs.submit(request, first, "market_report", complete(output.fields, request)), Done)
    assert len(cards.outdated(request, 999)) == cards.EAGER + 1
    assert board.find(board.load(request, Selection(1)), first).row.met > met
    customers.change(request, 1, {"region": "华南"})
    with market.theirs.transaction(request.actor, now=request.now) as tx:
        cards.refresh_for(tx, customer=1)
        assert len(card_rows.outdated(request.now, 999)) == cards.EAGER + 1
    assert cards.catch_up(request) == cards.EAGER + 1
    assert cards.catch_up(request) == 0


def test_a_closed_deal_is_not_judged(market: Market):
    deal = number(deals.new(market.ask("wang"), 1, 1, {}))
    deals.park(market.ask("wang"), deal, "grade_c")
    with market.ours.transaction(market.people["wang"], now=market.now):
        tables.Card.update(stale=True).execute()
    assert cards.outdated(market.ask("wang")) == ()
    assert board.load(market.ask("wang"), Selection(1)).deals == 0


def test_a_clock_set_back_changes_no_order_of_things(market: Market):
    deal = number(deals.new(market.ask("wang"), 1, 1, {}))
    market.pass_time(timedelta(days=-30))
    shown = board.find(board.load(market.ask("wang"), Selection(1)), deal)
    assert shown.time == TimeSlot(TimeKind.AGE, 0)
    assert shown.row.stage_since > datetime(2026, 11, 1, tzinfo=UTC)
