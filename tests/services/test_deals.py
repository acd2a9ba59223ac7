"""The life of a deal: made, changed, moved through its gates, closed, reopened; who may, and what is kept of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.outcomes import Blocked, Completed, Conflict, Done, Invalid, Moved, NotAllowed
from salestui.errors import CommandIdTaken, NotFound
from salestui.field_texts import problem_text
from salestui.services import campaigns, deal_page, deals, outputs, playbooks, users
from salestui.services.loading import judge
from salestui.services.request import Request, writes
from tests.services.desk import number, wrong
from tests.services.market import Market
from tests.services.papers import refused


@pytest.fixture
def market(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Open a market of its own for the test."""
    opened = Market.open(tmp_path / "market", tmp_path_factory.getbasetemp())
    yield opened
    opened.close()


def new(market: Market, login: str = "wang", **values: object) -> int:
    """Put a deal of 苏州启明 on the board."""
    return number(deals.new(market.ask(login), 1, 1, values))


def at(market: Market, stage: str) -> int:
    """Return the deal of 王磊 that was led to a stage before the test."""
    market.restart(stage)
    return 1


def status(market: Market, deal: int) -> tuple[str, Status]:
    """Return where a deal stands."""
    known = deals.get(market.ask("chen"), deal)
    return known.stage, known.status


# Made and found


def test_a_new_deal_stands_in_the_first_stage_and_belongs_to_who_made_it(market: Market):
    outcome = deals.new(market.ask("wang"), 1, 1, {"title": " 二号线 ", "amount": "68万", "expected_on": "2026-12-18"})
    assert outcome == Done("D1", 1, 1)
    deal = deals.get(market.ask("zhao"), 1)
    assert (deal.title, deal.amount, str(deal.expected_on)) == ("二号线", Money(68000000, "CNY"), "2026-12-18")
    assert (deal.stage, deal.status, deal.owner_name, deal.version) == ("research", Status.OPEN, "王磊", 1)
    event = market.events()[-1]
    assert (event.action, event.subject, event.actor_name, event.before) == ("deal.created", "D1", "王磊", None)
    assert event.after["expected_on"] == "2026-12-18"


@pytest.mark.parametrize(
    ("login", "owner", "answer"),
    [
        ("wang", "wang", "王磊"),
        ("wang", "赵敏", "only_manager"),
        ("chen", "赵敏", "赵敏"),
        ("lin", "王磊", "王磊"),
        ("chen", "", "陈默"),
    ],
)
def test_a_rep_makes_deals_for_himself_and_a_manager_for_anybody(market: Market, login, owner, answer):
    outcome = deals.new(market.ask(login), 1, 1, {"owner": owner})
    if isinstance(outcome, NotAllowed):
        assert outcome.code == answer
        assert market.deals() == ()
    else:
        assert deals.get(market.ask(login), number(outcome)).owner_name == answer


def test_nobody_makes_a_deal_for_somebody_who_left_or_in_a_closed_campaign(market: Market):
    admin = market.ask("lin")
    assert isinstance(users.change(admin, market.people["zhao"].id, active=False), Done)
    assert refused(deals.new(admin, 1, 1, {"owner": "zhao"})) == "user_inactive"
    assert isinstance(campaigns.change(admin, 1, {"closed": "yes"}), Done)
    assert refused(deals.new(market.ask("wang"), 1, 1, {})) == "campaign_closed"


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"amount": "viel"}, [("amount", "bad_money")]),
        ({"amount": "-5"}, [("amount", "too_small")]),
        ({"expected_on": "31.13."}, [("expected_on", "bad_date")]),
        ({"colour": "red"}, [("colour", "unknown_field")]),
    ],
)
def test_what_cannot_be_read_makes_no_deal(market: Market, values, problems):
    assert wrong(deals.new(market.ask("wang"), 1, 1, values)) == problems
    assert market.deals() == ()


@pytest.mark.parametrize(("customer", "campaign", "owner"), [(9, 1, ""), (1, 9, ""), (1, 1, "niemand")])
def test_what_is_not_there_makes_no_deal(market: Market, customer, campaign, owner):
    with pytest.raises(NotFound):
        deals.new(market.ask("chen"), customer, campaign, {"owner": owner})


def test_a_deal_is_found_by_its_number_or_by_a_name_that_is_its_own(market: Market):
    one = new(market, title="二号线")
    other = number(deals.new(market.ask("wang"), 2, 1, {}))
    request = market.ask("zhao")
    for text in ("D1", " d1 ", "1", "二号线", "苏州 启明"):
        assert deals.find(request, text).id == one
    assert deals.find(request, "杭州同创").id == other
    number(deals.new(market.ask("wang"), 2, 1, {}))
    for text in ("杭州同创", "nobody", "", " ", "D99"):
        with pytest.raises(NotFound):
            deals.find(request, text)


def test_deals_are_listed_by_what_they_have(market: Market):
    first, second = new(market), new(market, "zhao")
    third = number(deals.new(market.ask("wang"), 2, 2, {}))
    request = market.ask("wang")

    def ids(**conditions: object) -> list[int]:
        return [deal.id for deal in deals.listed(request, **conditions)]

    assert ids() == [first, second, third]
    assert ids(campaign=1) == [first, second]
    assert ids(owner=market.people["wang"].id) == [first, third]
    assert ids(customer=2) == [third]
    assert ids(stage="research") == [first, second]
    assert ids(statuses=[Status.LOST]) == []
    assert ids(limit=1, offset=1) == [second]


# Changed


def test_a_change_keeps_what_was_and_says_nothing_of_the_rest(market: Market):
    deal = new(market, title="一号线", amount="100")
    assert deals.change(market.ask("wang"), deal, {"title": "二号线", "amount": "100"}, 1) == Done("D1", 2, 1)
    event = market.events()[-1]
    assert (event.action, event.before, event.after) == ("deal.changed", {"title": "一号线"}, {"title": "二号线"})


def test_a_change_that_changes_nothing_is_none(market: Market):
    deal = new(market, title="一号线")
    before = len(market.events())
    assert deals.change(market.ask("wang"), deal, {"title": "一号线", "owner": "zhao"}) == Done(
        "D1", 1, 1, changed=False
    )
    assert len(market.events()) == before
    assert deals.get(market.ask("wang"), deal).owner_name == "王磊"


@pytest.mark.parametrize(
    ("given", "amount"),
    [("", None), ("5 EUR", Money(500, "EUR")), ("0", Money(0, "CNY")), ("12.5", Money(1250, "CNY"))],
)
def test_the_amount_can_be_taken_away_or_given_in_another_currency(market: Market, given, amount):
    deal = new(market, amount="100")
    assert isinstance(deals.change(market.ask("wang"), deal, {"amount": given}), Done)
    assert deals.get(market.ask("wang"), deal).amount == amount


def test_two_people_do_not_overwrite_each_other(market: Market):
    deal = new(market)
    assert isinstance(deals.change(market.ask("chen"), deal, {"title": "新"}, 1), Done)
    assert deals.change(market.ask("wang"), deal, {"title": "旧"}, 1) == Conflict("D1", 1, 2)
    assert deals.advance(market.ask("wang"), deal, 1) == Conflict("D1", 1, 2)
    assert deals.move_left(market.ask("wang"), deal, "research", "x", 1) == Conflict("D1", 1, 2)
    assert deals.lose(market.ask("wang"), deal, "price", expected_version=1) == Conflict("D1", 1, 2)
    assert deals.reassign(market.ask("chen"), deal, "zhao", 1) == Conflict("D1", 1, 2)
    assert wrong(deals.change(market.ask("wang"), deal, {"amount": "x"}, 2)) == [("amount", "bad_money")]


def test_only_its_owner_or_a_manager_touches_a_deal(market: Market):
    deal, other = new(market), market.ask("zhao")
    assert [
        refused(outcome)
        for outcome in (
            deals.change(other, deal, {"title": "x"}),
            deals.advance(other, deal),
            deals.move_left(other, deal, "research", "x"),
            deals.lose(other, deal, "price"),
            deals.park(other, deal, "grade_c"),
            deals.tick(other, deal, "handover_talk"),
            deals.untick(other, deal, "handover_talk"),
        )
    ] == ["only_owner_or_manager"] * 7
    assert refused(deals.reassign(market.ask("wang"), deal, "zhao")) == "only_manager"


def test_a_deal_is_given_to_somebody_else(market: Market):
    deal = new(market)
    manager = market.ask("chen")
    assert deals.reassign(manager, deal, "赵敏", 1) == Done("D1", 2, 1)
    assert deals.reassign(manager, deal, "zhao") == Done("D1", 2, 1, changed=False)
    event = market.events()[-1]
    assert (event.action, event.before["owner_name"], event.after["owner_name"]) == ("deal.reassigned", "王磊", "赵敏")
    assert isinstance(users.change(market.ask("lin"), market.people["wang"].id, active=False), Done)
    assert refused(deals.reassign(manager, deal, "wang")) == "user_inactive"
    with pytest.raises(NotFound):
        deals.reassign(manager, deal, "niemand")


# Key actions


def test_an_action_is_ticked_with_its_note_and_taken_back(market: Market):
    deal, request = new(market), market.ask("wang")
    assert wrong(deals.tick(request, deal, "implicit_needs_probed")) == [("note", "missing")]
    assert deals.tick(request, deal, "implicit_needs_probed", "问了三年后的事") == Done("D1", 2, 1)
    assert deals.tick(request, deal, "implicit_needs_probed", "问了三年后的事") == Done("D1", 2, 1, changed=False)
    assert deals.tick(request, deal, "implicit_needs_probed", "再问一次") == Done("D1", 3, 1)
    assert market.load(deal).facts.actions["implicit_needs_probed"].note == "再问一次"
    assert deals.untick(request, deal, "implicit_needs_probed") == Done("D1", 4, 1)
    assert deals.untick(request, deal, "implicit_needs_probed") == Done("D1", 4, 1, changed=False)
    assert [event.action for event in market.events()[-3:]] == ["action.ticked", "action.ticked", "action.unticked"]
    assert market.events()[-2].before == {"note": "问了三年后的事", "by": "王磊"}


def test_what_the_data_meet_is_ticked_by_nobody(market: Market):
    deal = new(market)
    assert refused(deals.tick(market.ask("wang"), deal, "three_lists")) == "met_by_data"
    with pytest.raises(NotFound):
        deals.tick(market.ask("wang"), deal, "nothing")


def test_actions_of_a_closed_deal_stand(market: Market):
    deal, request = new(market), market.ask("wang")
    deals.lose(request, deal, "price", "科瑞")
    assert refused(deals.tick(request, deal, "handover_talk")) == "deal_is_lost"
    assert refused(deals.untick(request, deal, "handover_talk")) == "deal_is_lost"


# Right


def test_a_shut_gate_says_what_is_missing_and_leaves_no_trace(market: Market):
    deal = new(market)
    before = len(market.events())
    outcome = deals.advance(market.ask("wang"), deal)
    assert isinstance(outcome, Blocked)
    assert {r.key for r in outcome.report.unmet} == market.held_up(deal)
    assert (status(market, deal), len(market.events())) == (("research", Status.OPEN), before)


def test_an_open_gate_lets_the_deal_through_and_the_history_says_what_it_saw(market: Market):
    deal = new(market)
    market.filler(deal).meet()
    version = deals.get(market.ask("wang"), deal).version
    outcome = deals.advance(market.ask("wang"), deal, version)
    assert isinstance(outcome, Moved)
    assert (outcome.source, outcome.target, outcome.won, outcome.version) == ("research", "grading", False, version + 1)
    event = market.events()[-1]
    assert event.before == {"stage": "research", "status": "open"}
    assert event.after == {"stage": "grading", "gate": {"met": 5, "excepted": []}}


def test_entering_delivery_wins_and_passing_the_last_gate_completes(market: Market):
    deal = at(market, "contract")
    market.filler(deal).meet()
    won = deals.advance(market.ask("wang"), deal)
    assert isinstance(won, Moved)
    assert won.won
    assert status(market, deal) == ("fulfilment", Status.WON)
    market.filler(deal).meet()
    outcome = deals.advance(market.ask("wang"), deal)
    assert isinstance(outcome, Completed)
    assert status(market, deal) == ("fulfilment", Status.COMPLETED)
    known = deals.get(market.ask("wang"), deal)
    assert known.closed_at == known.won_at == market.now
    for closing in (
        deals.advance(market.ask("wang"), deal),
        deals.lose(market.ask("chen"), deal, "price"),
        deals.reopen(market.ask("chen"), deal, "又来问了"),
        deals.move_left(market.ask("chen"), deal, "contract", "x"),
    ):
        assert refused(closing) == "deal_is_completed"


def test_a_won_deal_is_not_held_up_by_what_held_until_then(market: Market):
    deal = at(market, "fulfilment")
    market.pass_time(timedelta(days=60))
    assert judge(market.ask("wang"), deal).requirement("grading.scoring_sheet.fresh") is None
    assert isinstance(outputs.withdraw(market.ask("chen"), deal, "market_report", "旧了"), Done)
    market.filler(deal).meet()
    assert isinstance(deals.advance(market.ask("wang"), deal), Completed)


def test_a_withdrawn_output_of_an_earlier_stage_shuts_the_gate_again(market: Market):
    deal = at(market, "contact")
    market.filler(deal).meet()
    assert isinstance(outputs.withdraw(market.ask("chen"), deal, "market_report", "数据错了"), Done)
    outcome = deals.advance(market.ask("wang"), deal)
    assert isinstance(outcome, Blocked)
    assert {r.stage for r in outcome.report.unmet} == {"research"}


@pytest.mark.parametrize("command", ["move", "complete"])
def test_a_repeated_command_does_nothing_and_answers_as_the_first_time(market: Market, command):
    deal = at(market, "research" if command == "move" else "fulfilment")
    market.filler(deal).meet()
    request = replace(market.ask("wang"), command_id="c-1")
    first = deals.advance(request, deal)
    assert isinstance(first, Moved | Completed)
    events = len(market.events())
    assert deals.advance(request, deal) == replace(first, gate=None)
    assert len(market.events()) == events


@pytest.mark.parametrize("result", [None, True, 7, "D7"])
def test_a_repeated_command_answers_with_a_plain_result_as_well(market: Market, result: object):
    done: list[int] = []

    @writes
    def act(_tx: object) -> object:
        done.append(1)
        return result

    request = replace(market.ask("wang"), command_id="plain")
    assert (act(request), act(request), done) == (result, result, [1])


def test_an_id_that_was_used_for_something_else_is_refused_and_nothing_is_done(market: Market):
    deal = at(market, "research")
    market.filler(deal).meet()
    request = replace(market.ask("wang"), command_id="c-1")
    assert isinstance(deals.advance(request, deal), Moved)
    events = len(market.events())
    with pytest.raises(CommandIdTaken, match="c-1"):
        deals.change(request, deal, {"title": "二期"})
    assert len(market.events()) == events


def test_what_cannot_be_kept_for_a_repetition_is_a_fault_and_keeps_nothing(market: Market):
    act = writes(lambda tx: tx.record("deal.changed", subject="D1", before=None, after=None) and (1, 2))
    before = len(market.events())
    with pytest.raises(TypeError, match="tuple"):
        act(replace(market.ask("wang"), command_id="odd"))
    assert len(market.events()) == before


def test_a_refused_command_may_be_tried_again(market: Market):
    deal = new(market)
    request = replace(market.ask("wang"), command_id="c-1")
    assert isinstance(deals.advance(request, deal), Blocked)
    market.filler(deal).meet()
    assert isinstance(deals.advance(request, deal), Moved)


def test_two_stores_cannot_both_move_a_deal_from_one_version(market: Market):
    deal = new(market)
    market.filler(deal).meet()
    version = deals.get(market.ask("wang"), deal).version
    assert isinstance(deals.advance(market.ask("chen"), deal, version), Moved)
    assert isinstance(deals.advance(market.ask("wang"), deal, version), Conflict)


# Left


def test_moving_left_takes_a_reason_and_keeps_everything(market: Market):
    deal, request = at(market, "contact"), market.ask("wang")
    assert wrong(deals.move_left(request, deal, "research", " \n")) == [("reason", "missing")]
    outcome = deals.move_left(request, deal, "research", "客户换人了")
    assert isinstance(outcome, Moved)
    assert (outcome.source, outcome.target) == ("contact", "research")
    assert market.events()[-1].note == "客户换人了"
    assert isinstance(deals.advance(request, deal), Moved)


def test_going_right_again_asks_the_same_gates(market: Market):
    deal, request = at(market, "contact"), market.ask("wang")
    deals.move_left(request, deal, "grading", "要重评")
    market.pass_time(timedelta(days=40))
    outcome = deals.advance(market.ask("wang"), deal)
    assert isinstance(outcome, Blocked)
    assert "grading.scoring_sheet.fresh" in {r.key for r in outcome.report.unmet}


@pytest.mark.parametrize("stage", ["contact", "solution", "fulfilment"])
def test_left_is_left(market: Market, stage):
    deal = at(market, "contact")
    assert refused(deals.move_left(market.ask("chen"), deal, stage, "x")) == "not_a_stage_to_the_left"


def test_there_is_no_moving_to_a_stage_that_is_not_there(market: Market):
    with pytest.raises(NotFound):
        deals.move_left(market.ask("chen"), new(market), "nowhere", "x")


def test_taking_a_deal_out_of_delivery_is_a_managers_act_and_no_longer_won(market: Market):
    deal = at(market, "fulfilment")
    assert refused(deals.move_left(market.ask("wang"), deal, "contract", "客户反悔")) == "only_manager"
    assert isinstance(deals.move_left(market.ask("chen"), deal, "contract", "客户反悔"), Moved)
    assert status(market, deal) == ("contract", Status.OPEN)
    assert deals.get(market.ask("chen"), deal).won_at is None
    assert market.events()[-1].after == {"stage": "contract", "status": "open", "cancelled": True}
    market.pass_time(timedelta(days=40))
    outcome = deals.advance(market.ask("wang"), deal)
    assert isinstance(outcome, Blocked)
    assert "grading.scoring_sheet.fresh" in {r.key for r in outcome.report.unmet}


# Closed, reopened


def test_a_lost_deal_keeps_reason_competitor_and_note_and_comes_back_where_it_stood(market: Market):
    deal, request = at(market, "grading"), market.ask("wang")
    assert isinstance(deals.lose(request, deal, "competitor", " 科瑞 ", "低 15%"), Done)
    known = deals.get(request, deal)
    assert (known.status, known.reason, known.competitor, known.note) == (Status.LOST, "competitor", "科瑞", "低 15%")
    assert (known.closed_at, known.cancelled) == (market.now, False)
    assert refused(deals.advance(request, deal)) == refused(deals.park(request, deal, "grade_c")) == "deal_is_lost"
    assert isinstance(deals.reopen(request, deal, "又来问了"), Done)
    assert status(market, deal) == ("grading", Status.OPEN)
    event = market.events()[-1]
    assert (event.before["reason"], event.before["competitor"], event.note) == ("competitor", "科瑞", "又来问了")
    assert refused(deals.reopen(request, deal, "又来问了")) == "deal_is_open"


@pytest.mark.parametrize(
    ("reason", "days", "problems"),
    [
        ("", 30, [("reason", "missing")]),
        (" ", 30, [("reason", "missing")]),
        ("price", 30, [("reason", "unknown_choice")]),
        ("grade_c", 0, [("look_again_on", "not_after")]),
        ("grade_c", -3, [("look_again_on", "not_after")]),
    ],
)
def test_parking_takes_a_reason_of_the_handbook_and_a_day_ahead(market: Market, reason, days, problems):
    deal = new(market)
    day = market.now.date() + timedelta(days=days)
    outcome = deals.park(market.ask("wang"), deal, reason, look_again_on=day)
    assert wrong(outcome) == problems
    assert problem_text(outcome.problems[0], (), "en")
    assert status(market, deal) == ("research", Status.OPEN)


def test_a_parked_deal_is_looked_at_again(market: Market):
    deal, request = new(market), market.ask("wang")
    day = market.now.date() + timedelta(days=30)
    assert isinstance(deals.park(request, deal, "grade_c", "明年再看", day), Done)
    known = deals.get(request, deal)
    assert (known.status, known.look_again_on) == (Status.IN_CARE, day)
    assert isinstance(deals.reopen(request, deal, "又来问了"), Done)
    assert deals.get(request, deal).look_again_on is None
    assert market.events()[-1].before["look_again_on"] == day.isoformat()


@pytest.mark.parametrize("lost", [True, False])
def test_closing_a_won_deal_is_a_managers_act_reported_as_cancelled(market: Market, lost):
    deal = at(market, "fulfilment")

    def close(request: Request) -> object:
        return deals.lose(request, deal, "price") if lost else deals.park(request, deal, "not_yet")

    assert refused(close(market.ask("wang"))) == "only_manager"
    assert isinstance(close(market.ask("chen")), Done)
    assert deals.get(market.ask("chen"), deal).cancelled
    assert refused(deals.reopen(market.ask("wang"), deal, "又来问了")) == "only_manager"
    assert isinstance(deals.reopen(market.ask("chen"), deal, "又来问了"), Done)
    assert status(market, deal) == ("fulfilment", Status.WON)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_who_reopens_a_deal_says_why(market: Market, note: str):
    deal = new(market)
    deals.lose(market.ask("wang"), deal, market.playbook(deal).lost_reasons[0].key)
    outcome = deals.reopen(market.ask("wang"), deal, note)
    assert isinstance(outcome, Invalid)
    assert [(problem.where, problem.code) for problem in outcome.problems] == [("note", "missing")]
    assert status(market, deal)[1] is Status.LOST


def test_only_the_owner_or_a_manager_reopens(market: Market):
    deal = new(market)
    deals.lose(market.ask("wang"), deal, "price")
    assert refused(deals.reopen(market.ask("zhao"), deal, "又来问了")) == "only_owner_or_manager"
    assert deals.reopen(market.ask("wang"), deal, expected_version=1) == Conflict("D1", 1, 2)


SHORT = """
format = "salestui.playbook/1"
key = "short"
version = 1
title = { zh = "短", en = "Short" }
description = { zh = "短", en = "Short" }

[[stages]]
key = "old"
title = { zh = "旧", en = "Old" }
short = { zh = "旧", en = "Old" }
goal = { zh = "旧", en = "Old" }
owners = [{ zh = "销售", en = "Sales" }]
retired = true

[[stages]]
key = "only"
title = { zh = "做", en = "Do" }
short = { zh = "做", en = "Do" }
goal = { zh = "做完", en = "Do it" }
owners = [{ zh = "销售", en = "Sales" }]

[[stages.actions]]
key = "done"
title = { zh = "做完了", en = "Done" }
"""


def test_without_a_delivery_stage_completing_is_winning_and_any_reason_closes(market: Market):
    admin, request = market.ask("lin"), market.ask("wang")
    assert isinstance(playbooks.install(admin, SHORT, "short.toml"), Done)
    campaign = number(campaigns.new(admin, {"name": "短", "playbook": "short"}))
    deal, other = (number(deals.new(request, 1, campaign, {})) for _ in range(2))
    assert refused(deals.move_left(request, deal, "old", "x")) == "not_a_stage_to_the_left"
    assert [stage.title for stage in deal_page.page(request, deal).rail] == ["Do"]
    deals.tick(request, deal, "done")
    assert isinstance(deals.advance(request, deal), Completed)
    assert deals.get(request, deal).won_at == market.now
    assert isinstance(deals.lose(request, other, " 客户搬走了 "), Done)
    assert deal_page.page(request, other).head.notice == "lost: 客户搬走了"


PLANS = """
[[stages.outputs]]
key = "relationship_plan"
title = { zh = "计划", en = "Plan" }
owner = "deal"
holds = "always"

[[stages.outputs.fields]]
key = "contact_rhythm"
type = "text"
required = true
label = { zh = "节奏", en = "Rhythm" }
"""


def test_a_customers_output_is_none_of_a_deal_whose_handbook_has_its_own_of_that_name(market: Market):
    admin, request = market.ask("lin"), market.ask("wang")
    assert isinstance(playbooks.install(admin, SHORT + PLANS, "short.toml"), Done)
    campaign = number(campaigns.new(admin, {"name": "短", "playbook": "short"}))
    mine, other = new(market), number(deals.new(request, 1, campaign, {}))
    market.filler(mine).fill("relationship_plan")
    assert market.load(mine).facts.outputs["relationship_plan"].revision is not None
    assert "relationship_plan" not in market.load(other).facts.outputs
    assert "only.relationship_plan.complete" in market.held_up(other)
