"""The moves of deals are held against what was there: those of the program hold, what went past it is named."""

from datetime import timedelta

import pytest

from salestui.services import deals, history_check, move_check
from salestui.storage import tables
from tests.services.desk import Desk, number
from tests.services.test_importing import imported

FORGED = {"met": 9, "excepted": []}


@pytest.fixture
def deal(desk: Desk) -> int:
    """A deal of 王磊 in the first stage, with nothing its gate asks."""
    campaign = desk.campaign(desk.rep)
    return number(deals.new(desk.rep, desk.customer(desk.rep, campaign), campaign, {"amount": "50万"}))


def told(desk: Desk, deal: int, action: str, after: dict[str, object]) -> int:
    """Write by hand what somebody with other tools would, and return the event's number."""
    with desk.store.transaction(desk.rep.actor, now=desk.rep.now + timedelta(minutes=1)) as tx:
        return tx.record(action, subject=f"D{deal}", before=None, after=after, deal=deal)


@pytest.mark.parametrize(
    ("action", "after", "reason"),
    [
        ("deal.moved", {"stage": "grading"}, "no_gate"),
        ("deal.moved", {"stage": "grading", "gate": "open"}, "no_gate"),
        ("deal.moved", {"stage": "grading", "gate": FORGED}, "no_paper"),
        ("deal.moved", {"stage": "contact", "gate": FORGED}, "skipped"),
        (
            "deal.moved",
            {"stage": "grading", "gate": {"met": 1, "excepted": ["research.market_report.submitted"]}},
            "no_exception",
        ),
        ("deal.completed", {"status": "completed", "gate": FORGED}, "skipped"),
        ("database.changed", {"stage": "contract"}, "past"),
        ("database.changed", {"status": "won"}, "past"),
    ],
)
def test_a_move_past_the_gate_is_named(desk, deal, action, after, reason):
    assert move_check.check(desk.manager) == ()
    event = told(desk, deal, action, after)
    (found,) = move_check.check(desk.manager)
    assert (found.event, found.deal, found.reason) == (event, deal, reason)
    assert f"D{deal}" in move_check.sentence(found)
    assert history_check.check(desk.manager).moves == (found,)


def test_a_deal_entered_straight_into_a_later_stage_is_named(desk, deal):
    with desk.store.transaction(desk.rep.actor, now=desk.rep.now) as tx:
        row = tables.Deal.get(tables.Deal.id == deal)
        made = tables.Deal.create(**{**row.__data__, "id": None, "stage": "contract"})
        tx.record("deal.created", subject="D2", before=None, after={"stage": "contract"}, deal=made.id)
    (found,) = move_check.check(desk.manager)
    assert (found.deal, found.reason, found.what) == (made.id, "created", "contract")


def test_moves_by_exceptions_to_the_left_and_of_imports_hold(desk):
    text = "公司,进展,负责人,状态,关闭日期,原因\n甲公司,contact,王磊,,,\n"
    (made,) = imported(desk.manager, text, desk.campaign(), stage_column="进展").created
    deal = int(made.deal.removeprefix("D"))
    assert deals.get(desk.manager, deal).stage == "contact"
    deals.move_left(desk.manager, deal, "research", "try again")
    assert move_check.check(desk.manager) == ()
