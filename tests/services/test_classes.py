import pytest

from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.errors import NotFound
from salestui.services import customers
from salestui.services.memberships import campaigns_of
from salestui.storage import tables
from tests.services.desk import NOW, Desk, changes, wrong

REASON = "包装线年底扩产，预算已立项"


@pytest.mark.parametrize("key", ["high_potential", "高潜力机会", "High potential"])
def test_a_customer_is_put_on_a_list_with_the_reason(desk: Desk, key):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    assert customers.classify(desk.rep, customer, campaign, key, f"{REASON}\x07\n二期") == Done("C1", 2, 1)
    place = customers.membership(desk.rep, customer, campaign)
    assert (place.classification, place.reason) == ("high_potential", f"{REASON}\n二期")
    event = desk.events("customer.classified")[0]
    assert changes(event) == (None, {"class": "high_potential", "reason": f"{REASON}\n二期"})
    assert (event.subject, event.customer_id, event.campaign_id) == ("C1", customer, campaign)


def test_a_new_class_keeps_the_old_one_in_the_history(desk: Desk):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    customers.classify(desk.rep, customer, campaign, "risky", "付款慢")
    assert customers.classify(desk.rep, customer, campaign, "risky", "付款慢") == Done("C1", 2, 1, changed=False)
    customers.classify(desk.rep, customer, campaign, "not_now", "停产了")
    assert changes(desk.events("customer.classified")[-1]) == (
        {"class": "risky", "reason": "付款慢"},
        {"class": "not_now", "reason": "停产了"},
    )


def test_the_class_belongs_to_the_campaign(desk: Desk):
    first, second = desk.campaign(), desk.campaign(name="第二次")
    customer = desk.customer(campaign=first)
    customers.classify(desk.rep, customer, first, "risky", "付款慢")
    customers.classify(desk.rep, customer, second, "high_potential", REASON)
    assert customers.membership(desk.rep, customer, first).classification == "risky"
    assert campaigns_of(desk.rep, customer) == (first, second)


@pytest.mark.parametrize(
    ("key", "reason", "problems"),
    [
        ("high_potential", "", [("reason", "missing")]),
        ("high_potential", " \u200b\n", [("reason", "missing")]),
        ("", REASON, [("class", "missing")]),
        ("splendid", REASON, [("class", "unknown_choice")]),
        ("", "", [("class", "missing"), ("reason", "missing")]),
    ],
)
def test_a_class_needs_a_list_and_a_reason(desk: Desk, key, reason, problems):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    assert wrong(customers.classify(desk.rep, customer, campaign, key, reason)) == problems
    assert customers.membership(desk.rep, customer, campaign).version == 1


def test_a_playbook_without_classes_has_no_lists(desk: Desk):
    campaign = desk.campaign(name="日常", playbook="role")
    customer = desk.customer()
    assert wrong(customers.classify(desk.rep, customer, campaign, "high_potential", REASON)) == [
        ("class", "no_classes")
    ]
    assert campaigns_of(desk.rep, customer) == ()


def test_those_who_work_on_a_customer_in_the_campaign_classify_it(desk: Desk):
    campaign, elsewhere = desk.campaign(desk.manager), desk.campaign(desk.other, name="第二次")
    customer = desk.customer(desk.rep, campaign)
    desk.deal(desk.other, customer, elsewhere)
    refused = NotAllowed("only_owner_or_manager", {"customer": "C1", "owner": "王磊"})
    assert customers.classify(desk.other, customer, campaign, "risky", "付款慢") == refused
    assert customers.classify(desk.other, customer, elsewhere, "risky", "付款慢").version == 2
    desk.deal(desk.other, customer, campaign)
    assert customers.classify(desk.other, customer, campaign, "risky", "付款慢").version == 2
    assert customers.classify(desk.manager, customer, campaign, "not_now", "停产了").version == 3


def test_two_classes_for_the_same_version_conflict(desk: Desk):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    customers.classify(desk.rep, customer, campaign, "risky", "付款慢", 1)
    assert customers.classify(desk.rep, customer, campaign, "not_now", "停产了", 1) == Conflict("C1", 1, 2)
    assert customers.membership(desk.rep, customer, campaign).classification == "risky"


@pytest.mark.parametrize(("customer", "campaign"), [(9, 1), (1, 9)])
def test_what_is_not_there_is_not_classified(desk: Desk, customer, campaign):
    desk.campaign(), desk.customer()
    with pytest.raises(NotFound):
        customers.classify(desk.admin, customer, campaign, "risky", "付款慢")


def test_the_lists_of_a_campaign_show_everybody_in_it(desk: Desk):
    campaign = desk.campaign()
    for name, key in (("乙", "high_potential"), ("甲", "high_potential"), ("丙", "not_now"), ("丁", "")):
        customer = desk.customer(name=name, campaign=campaign)
        if key:
            customers.classify(desk.rep, customer, campaign, key, f"{name}的理由")
    lists = customers.classes_of(desk.rep, campaign)
    shown = [(each.cls.key if each.cls else None, [member.name for member in each.members]) for each in lists]
    assert shown == [("high_potential", ["乙", "甲"]), ("risky", []), ("not_now", ["丙"]), (None, ["丁"])]
    member, unclassified = lists[2].members[0], lists[3].members[0]
    assert (member.reason, member.by_name, member.at) == ("丙的理由", "王磊", NOW)
    assert (unclassified.reason, unclassified.by_name, unclassified.at) == ("", "", None)


def test_a_class_opens_the_gate_on_the_board(desk: Desk):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    desk.deal(desk.rep, customer, campaign)
    with desk.store.transaction(desk.rep.actor, now=NOW):
        tables.Card.create(deal=1, hopeless=False)
    customers.classify(desk.rep, customer, campaign, "not_now", "停产了")
    with desk.store.reading():
        assert tables.Card.get().hopeless
