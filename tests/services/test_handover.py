"""A leaver's work goes to somebody else in one act."""

from datetime import date, timedelta

import pytest

from salestui.domain.outcomes import Done, NotAllowed
from salestui.services import activities, campaigns, customers, deals, deputies, handover, users
from tests.services.desk import Desk, number

TODAY = date(2026, 11, 21)


@pytest.fixture
def work(desk: Desk) -> dict[str, int]:
    """王磊 has a campaign, a customer, a deal, a lost deal and a next step, and is 陈默's deputy."""
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    deal = number(deals.new(desk.rep, customer, campaign, {"amount": "50万"}))
    lost = number(deals.new(desk.rep, customer, campaign, {"title": "旧的"}))
    assert not isinstance(deals.lose(desk.rep, lost, "price"), NotAllowed)
    step = number(activities.plan(desk.rep, (deal,), at="2026-11-25 10:00", subject="回访", channel="phone"))
    deputy = number(deputies.name(desk.manager, desk.manager.actor.id, desk.rep.actor.id, TODAY, TODAY + timedelta(9)))
    return {"campaign": campaign, "customer": customer, "deal": deal, "lost": lost, "step": step, "deputy": deputy}


def test_all_that_runs_goes_to_the_successor_with_an_event_for_each_thing(desk, work):
    leaver, successor = desk.rep.actor.id, desk.other.actor.id
    assert handover.leaving(desk.manager, leaver).count >= 5
    assert isinstance(users.change(desk.admin, leaver, active=False), Done)
    outcome = handover.hand_over(desk.manager, leaver, successor)
    assert isinstance(outcome, Done), outcome
    assert deals.get(desk.manager, work["deal"]).owner == successor
    assert customers.get(desk.manager, work["customer"]).owner == successor
    assert campaigns.get(desk.manager, work["campaign"]).owner == successor
    assert activities.get(desk.manager, work["step"]).owner == successor
    assert [each.deputy for each in deputies.all(desk.manager)] == [successor]
    assert handover.leaving(desk.manager, leaver).count == 0
    assert [event.deal_id for event in desk.events("deal.reassigned")] == [work["deal"]]
    (told,) = desk.events("work.handed_over")
    assert (told.subject, told.after["to"], told.after["deals"]) == ("wang", "zhao", 1)


def test_what_is_over_stays_with_who_did_it(desk, work):
    handover.hand_over(desk.manager, desk.rep.actor.id, desk.other.actor.id)
    lost = deals.get(desk.manager, work["lost"])
    assert (lost.status.value, lost.owner) == ("lost", desk.rep.actor.id)


@pytest.mark.parametrize(
    ("who", "to", "code"),
    [("rep", "other", "only_manager"), ("manager", "rep", "same_person"), ("manager", "gone", "user_inactive")],
)
def test_only_a_manager_hands_over_and_only_to_somebody_who_is_there(desk, work, who, to, code):
    del work
    users.change(desk.admin, desk.other.actor.id, active=to != "gone")
    successor = desk.rep.actor.id if to == "rep" else desk.other.actor.id
    refused = handover.hand_over(getattr(desk, who), desk.rep.actor.id, successor)
    assert isinstance(refused, NotAllowed)
    assert refused.code == code
    assert handover.leaving(desk.manager, desk.rep.actor.id).deals


def test_handing_over_twice_changes_nothing_more(desk, work):
    del work
    handover.hand_over(desk.manager, desk.rep.actor.id, desk.other.actor.id)
    before = len(desk.events())
    again = handover.hand_over(desk.manager, desk.rep.actor.id, desk.other.actor.id)
    assert isinstance(again, Done)
    assert not again.changed
    assert len(desk.events()) == before
