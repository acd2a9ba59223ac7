"""A new deal in one go, the first steps in an empty database, and the lists of customers and campaigns."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.services import (
    campaign_pages,
    campaigns,
    contacts,
    customer_pages,
    customers,
    deals,
    first_steps,
    import_preview,
    importing,
    new_deals,
    scores,
    users,
)
from tests.services.desk import Desk, number, wrong

NAME = "苏州启明食品有限公司"


@pytest.fixture
def campaign(desk: Desk) -> int:
    return desk.campaign()


def test_a_new_name_makes_customer_contact_and_card_in_one_transaction(desk: Desk, campaign: int) -> None:
    given = {
        "customer": NAME,
        "industry": "食品",
        "contact": "王建国",
        "phone": "138",
        "amount": "68万",
        "source": "展会",
    }
    made = deals.get(desk.rep, number(new_deals.start(desk.rep, campaign, given)))
    known = customers.get(desk.rep, made.customer)
    assert (known.name, known.industry, known.source, known.owner_name) == (NAME, "食品", "展会", "王磊")
    assert [(person.name, person.phone) for person in contacts.of(desk.rep, known.id)] == [("王建国", "138")]
    assert made.amount is not None
    assert (made.amount.minor, made.source) == (68_000_000, "展会")


def test_a_known_customer_keeps_its_card_and_gains_the_contact_only_once(desk: Desk, campaign: int) -> None:
    known = desk.customer(desk.rep, name=NAME, industry="食品")
    for _again in range(2):
        given = {"customer": " 苏州启明食品有限公司 ", "industry": "别的", "contact": "王建国"}
        assert deals.get(desk.rep, number(new_deals.start(desk.rep, campaign, given))).customer == known
    assert customers.get(desk.rep, known).industry == "食品"
    assert len(contacts.of(desk.rep, known)) == 1


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, [("customer", "missing")]),
        ({"customer": "  "}, [("customer", "missing")]),
        ({"customer": NAME, "amount": "很多"}, [("amount", "bad_money")]),
        ({"customer": NAME, "expected_on": "哪天"}, [("expected_on", "bad_date")]),
        ({"customer": NAME, "phone": "138"}, [("contact", "missing")]),
    ],
)
def test_a_refused_deal_leaves_no_customer_behind(
    desk: Desk, campaign: int, given: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    assert wrong(new_deals.start(desk.rep, campaign, given)) == problems
    assert customers.all(desk.rep) == ()


def test_a_closed_campaign_and_another_owner_are_refused(desk: Desk, campaign: int) -> None:
    assert isinstance(new_deals.start(desk.rep, campaign, {"customer": NAME, "owner": "zhao"}), NotAllowed)
    campaigns.change(desk.rep, campaign, {"closed": "yes"})
    assert isinstance(new_deals.start(desk.rep, campaign, {"customer": NAME}), NotAllowed)
    assert customers.all(desk.rep) == ()


def test_what_a_typed_name_means(desk: Desk, campaign: int) -> None:
    number(new_deals.start(desk.rep, campaign, {"customer": NAME}))
    found = new_deals.known(desk.rep, "苏州启明食品有限公司", campaign)
    assert (found.customer is not None, found.joined, found.open_deals) == (True, True, 1)
    double = new_deals.known(desk.rep, "苏州启明食品集团", campaign)
    assert (double.customer, [each.name for each in double.doubles]) == (None, [NAME])
    assert new_deals.known(desk.rep, " ", campaign) == new_deals.Known(None)


def test_only_a_manager_is_asked_for_an_owner_and_gives_the_deal_away(desk: Desk, campaign: int) -> None:
    assert "owner" not in {field.key for field in new_deals.fields(desk.rep)}
    assert "owner" in {field.key for field in new_deals.change_fields(desk.manager)}
    deal = number(new_deals.start(desk.rep, campaign, {"customer": NAME, "amount": "68万"}))
    values = new_deals.form_values(desk.manager, deal)
    assert (values["owner"], values["amount"]) == ("wang", {"minor": 68_000_000, "currency": "CNY"})
    assert isinstance(new_deals.change(desk.manager, deal, {"title": "二期", "owner": "zhao"}), Done)
    known = deals.get(desk.rep, deal)
    assert (known.title, known.owner_name) == ("二期", "赵敏")
    assert isinstance(new_deals.change(desk.rep, deal, {"title": "三期"}), NotAllowed)


def test_the_first_campaign_takes_over_the_own_name_or_neither_happens(desk: Desk) -> None:
    first = {"name": "华东", "scenario": "new_market", "own_name": "林小悦"}
    assert wrong(first_steps.begin(desk.admin, {**first, "name": ""})) == [("name", "missing")]
    assert wrong(first_steps.begin(desk.admin, {**first, "own_name": " "})) == [("own_name", "missing")]
    assert isinstance(first_steps.begin(desk.rep, first), NotAllowed)
    assert users.find(desk.admin, "lin").name == "林悦"
    made = number(first_steps.begin(desk.admin, first))
    assert campaigns.get(desk.admin, made).owner_name == "林小悦"
    assert first_steps.currency(desk.admin) == "CNY"


def test_the_list_of_customers_tells_grade_class_deals_and_last_talk(desk: Desk, campaign: int) -> None:
    deal = number(new_deals.start(desk.rep, campaign, {"customer": NAME, "region": "苏州"}))
    customer = deals.get(desk.rep, deal).customer
    other = desk.customer(desk.other, name="东曜集团", short_name="东曜")
    assert isinstance(customers.classify(desk.rep, customer, campaign, "high_potential", "扩产"), Done)
    card = scores.card_of(desk.rep, campaign)
    assert card is not None
    points = {criterion.key: criterion.max for criterion in card.criteria}
    evidence = dict.fromkeys(points, "现场看过")
    assert isinstance(scores.record(desk.rep, customer, campaign, points, evidence), Done)
    deals.lose(desk.rep, number(new_deals.start(desk.rep, campaign, {"customer": NAME})), "price")
    everybody = customer_pages.window(desk.rep, "", 0, 40)
    lines = {line.id: line for line, _facts in everybody.lines}
    facts = {line.id: told for line, told in everybody.lines}
    assert (facts[customer].grade, facts[customer].classification) == ("A", "High potential")
    assert (facts[customer].running, facts[customer].deals, facts[customer].last_talk) == (1, 2, None)
    assert (lines[other].label, facts[other].grade, facts[other].running) == ("东曜", "", 0)
    for text, found in (("苏州", customer), ("zhao", None), ("赵敏", other), ("东曜 赵", other), ("C1", customer)):
        narrowed = customer_pages.window(desk.rep, text, 0, 40)
        assert [line.id for line, _facts in narrowed.lines] == ([found] if found else [])
        assert (narrowed.count, narrowed.total) == (1 if found else 0, 2)
    assert customer_pages.window(desk.rep, "  ", 0, 40).count == 2
    around = customer_pages.window(desk.rep, "", 0, 1, select=customer)
    assert (around.place, around.start, [line.id for line, _facts in around.lines]) == (1, 1, [customer])
    assert customer_pages.window(desk.rep, "东曜", 7, 9, select=customer).place is None
    assert customer_pages.names(desk.rep) == ("东曜集团", NAME)


def test_one_customer_shows_its_running_deals_first_and_closed_ones_with_the_reason(desk: Desk, campaign: int) -> None:
    lost = number(new_deals.start(desk.rep, campaign, {"customer": NAME}))
    assert not isinstance(deals.lose(desk.rep, lost, "price"), Invalid)
    running = number(new_deals.start(desk.rep, campaign, {"customer": NAME}))
    page = customer_pages.page(desk.rep, deals.get(desk.rep, running).customer)
    assert [line.deal.id for line in page.deals] == [running, lost]
    assert [deal.id for deal in page.running] == [running]
    assert page.deals[0].state == ""
    assert page.deals[1].state.startswith("lost: ")
    assert page.places[0].sorts
    assert page.events[0][1]


def test_the_list_of_campaigns_sums_what_is_on_the_board(desk: Desk, campaign: int) -> None:
    for name, amount in (("甲公司", "68万"), ("乙公司", "32万"), ("丙公司", "1万 USD")):
        number(new_deals.start(desk.rep, campaign, {"customer": name, "amount": amount}))
    role = desk.campaign(name="大客户", playbook="role")
    lines = {line.campaign.id: line for line in campaign_pages.lines(desk.rep)}
    line = lines[campaign]
    assert line.total is not None
    assert (line.running, line.customers, line.total.minor, line.outputs) == (3, 3, 100_000_000, (0, 1))
    assert (lines[role].running, lines[role].total, lines[role].scenario) == (0, None, "")
    page = campaign_pages.page(desk.rep, campaign)
    assert [output.stands for output in page.outputs] == [False]
    assert len(page.deals) == 3
    assert page.lists[-1].cls is None


def test_the_columns_of_a_file_are_told_and_changed_without_two_of_one_meaning(desk: Desk) -> None:
    text = "公司,客户名称,电话,手机,甲方\n启明,启明食品,1,2,x\n"
    sheet = importing.read_content(text.encode(), Path("leads.csv"))
    mapping = import_preview.settled(sheet, {})
    lines = import_preview.columns(sheet, mapping)
    assert [line.field for line in lines] == ["company", "ignore", "phone", "phone", ""]
    assert import_preview.has_company(lines)
    changed = import_preview.mapped(sheet, mapping, "甲方", "company")
    assert [line.field for line in import_preview.columns(sheet, changed)][::4] == ["ignore", "company"]
    assert import_preview.stage_heading(lines) == ""
    assert ("company", "company", "公司") in import_preview.choices(lines)
    assert lines[0].sample == "启明"
