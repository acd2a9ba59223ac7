import pytest

from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.errors import BadInput, NotFound
from salestui.services import customers
from salestui.services.memberships import campaigns_of
from salestui.services.request import Request
from salestui.storage import tables
from tests.services.desk import NOW, Desk, changes, number, wrong

QIMING = "苏州启明食品有限公司"


def test_a_customer_is_entered_clean_and_recorded(desk: Desk):
    given = {"name": f"  {QIMING}\x1b[2J\u202e ", "industry": "食品加工", "need": "换线\r\n提速"}
    assert customers.new(desk.rep, given) == Done("C1", 1, 1)
    made = customers.get(desk.rep, 1)
    assert (made.name, made.label, made.need) == (f"{QIMING}[2J", f"{QIMING}[2J", "换线\n提速")
    assert (made.owner_name, made.merged_into, made.version) == ("王磊", None, 1)
    event = desk.events("customer.created")[0]
    assert (event.subject, event.customer_id, event.campaign_id, event.before) == ("C1", 1, None, None)
    assert event.after == {"name": f"{QIMING}[2J", "industry": "食品加工", "need": "换线\n提速", "owner": "王磊"}


@pytest.mark.parametrize(
    "name", ["[/]", "[@click=app.quit]x", "客" * 200, "👨\u200d👩\u200d👧 公司", "O'Neil; DROP TABLE"]
)
def test_names_of_every_kind_are_kept_as_they_are(desk: Desk, name):
    assert customers.get(desk.rep, desk.customer(name=name)).name == name
    assert customers.find(desk.rep, name).name == name


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, [("name", "missing")]),
        ({"name": "\u200b \x00"}, [("name", "missing")]),
        ({"name": "A", "colour": "red"}, [("colour", "unknown_field")]),
        ({"name": ["A"]}, [("name", "wrong_type")]),
        ({"name": "A", "owner": "李雷"}, [("owner", "unknown_person")]),
    ],
)
def test_a_customer_that_cannot_be_is_refused(desk: Desk, given, problems):
    assert wrong(customers.new(desk.rep, given)) == problems
    assert customers.all(desk.rep) == ()


def test_a_rep_enters_customers_of_his_own_and_a_manager_for_anybody(desk: Desk):
    assert customers.new(desk.rep, {"name": "A", "owner": "赵敏"}) == NotAllowed("only_manager")
    assert (
        customers.get(desk.rep, number(customers.new(desk.manager, {"name": "A", "owner": "赵敏"}))).owner_name
        == "赵敏"
    )


def test_a_name_is_refused_twice_in_a_campaign_and_without_one(desk: Desk):
    campaign = desk.campaign()
    desk.customer(campaign=campaign)
    for target in (campaign, None):
        outcome = customers.new(desk.other, {"name": "苏州 启明食品有限公司"}, target)
        assert wrong(outcome) == [("name", "same_name")]
        assert outcome.problems[0].params == {"id": "C1", "name": QIMING}


def test_a_customer_of_another_campaign_joins_as_it_is_and_what_it_lacked_is_filled_in(desk: Desk):
    first, second = desk.campaign(), desk.campaign(desk.other, name="第二次")
    customer = desk.customer(campaign=first, industry="食品")
    assert customers.new(desk.other, {"name": QIMING, "industry": "饮料", "region": "苏州"}, second) == Done("C1", 2, 1)
    joined = customers.get(desk.rep, customer)
    assert (joined.industry, joined.region, joined.owner_name) == ("食品", "苏州", "王磊")
    assert campaigns_of(desk.rep, customer) == (first, second)
    assert [changes(event) for event in desk.events("customer.changed")] == [
        ({"campaigns": ["M1"]}, {"campaigns": ["M1", "M2"]}),
        ({"region": ""}, {"region": "苏州"}),
    ]


def test_a_customer_that_lacks_nothing_joins_unchanged(desk: Desk):
    customer = desk.customer()
    campaign = desk.campaign()
    assert customers.new(desk.rep, {"name": QIMING}, campaign) == Done("C1", 1, customer)
    assert customers.membership(desk.rep, customer, campaign).classification == ""


def test_a_change_touches_what_is_given_and_records_it(desk: Desk):
    customer = desk.customer(region="苏州")
    assert customers.change(desk.rep, customer, {"region": "", "short_name": " 启明 \n 食品 "}) == Done("C1", 2, 1)
    assert (customers.get(desk.rep, 1).region, customers.get(desk.rep, 1).label) == ("", "启明 食品")
    event = desk.events("customer.changed")[0]
    assert changes(event) == ({"region": "苏州", "short_name": ""}, {"region": "", "short_name": "启明 食品"})
    assert customers.change(desk.rep, customer, {"short_name": "启明 食品"}) == Done("C1", 2, 1, changed=False)


def test_a_renamed_customer_is_found_under_its_new_name_only(desk: Desk):
    customer = desk.customer()
    customers.change(desk.rep, customer, {"name": "启明控股"})
    assert customers.find(desk.rep, "启明 控股").id == customer
    assert customers.same_name(desk.rep, QIMING) == ()


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": ""}, [("name", "missing")]),
        ({"name": "宏远机械"}, [("name", "same_name")]),
        ({"owner": "李雷"}, [("owner", "unknown_person")]),
        ({"id": 7}, [("id", "unknown_field")]),
        ({"industry": {"a": 1}}, [("industry", "wrong_type")]),
    ],
)
def test_a_change_that_cannot_be_is_refused(desk: Desk, given, problems):
    customer = desk.customer()
    desk.customer(name="宏远机械")
    assert wrong(customers.change(desk.rep, customer, given)) == problems
    assert customers.get(desk.rep, customer).version == 1


def test_those_who_work_on_a_customer_change_it_and_nobody_else(desk: Desk):
    campaign = desk.campaign(desk.manager)
    customer = desk.customer(desk.rep, campaign)
    refused = NotAllowed("only_owner_or_manager", {"customer": "C1", "owner": "王磊"})
    assert customers.change(desk.other, customer, {"note": "x"}) == refused
    desk.deal(desk.other, customer, campaign)
    assert customers.change(desk.other, customer, {"note": "x"}).version == 2
    assert customers.change(desk.manager, customer, {"note": "y"}).version == 3


def test_the_owner_of_a_campaign_works_on_its_customers(desk: Desk):
    customer = desk.customer(desk.rep, desk.campaign(desk.other))
    assert customers.change(desk.other, customer, {"note": "x"}).version == 2


def test_only_a_manager_gives_a_customer_to_somebody_else(desk: Desk):
    customer = desk.customer()
    assert customers.change(desk.rep, customer, {"owner": "赵敏"}) == NotAllowed("only_manager")
    assert customers.change(desk.rep, customer, {"owner": "wang"}).changed is False
    assert customers.change(desk.manager, customer, {"owner": "赵敏"}).version == 2
    assert changes(desk.events("customer.changed")[0]) == ({"owner": "王磊"}, {"owner": "赵敏"})


def test_two_changes_of_the_same_version_conflict(desk: Desk):
    customer = desk.customer()
    customers.change(desk.rep, customer, {"note": "first"}, expected_version=1)
    assert customers.change(desk.rep, customer, {"note": "second"}, 1) == Conflict("C1", 1, 2)
    assert customers.get(desk.rep, customer).note == "first"


@pytest.mark.parametrize("text", ["C1", "c1", "1", "苏州 启明食品有限公司"])
def test_a_customer_is_found_by_id_or_name(desk: Desk, text):
    desk.customer()
    assert customers.find(desk.rep, text).id == 1


@pytest.mark.parametrize("text", ["C9", "D1", "启明", ""])
def test_what_is_no_customer_is_not_found(desk: Desk, text):
    desk.customer()
    with pytest.raises(NotFound):
        customers.find(desk.rep, text)
    with pytest.raises(NotFound):
        customers.change(desk.rep, 9, {"note": "x"})


def test_a_name_that_two_have_asks_for_the_id(desk: Desk):
    desk.customer()
    with desk.store.transaction(desk.rep.actor, now=NOW):
        row = tables.Customer.get()
        tables.Customer.create(name=row.name, name_key=row.name_key, core_key=row.core_key, owner=1, created_at=NOW)
    with pytest.raises(BadInput, match="C1, C2"):
        customers.find(desk.rep, QIMING)
    assert [customer.id for customer in customers.same_name(desk.rep, QIMING)] == [1, 2]


def test_possible_doubles_differ_in_company_suffixes_only(desk: Desk):
    for name in (QIMING, "苏州启明食品", "Qiming Foods Co., Ltd.", "苏州启明食品机械"):
        desk.customer(name=name)
    assert [customer.id for customer in customers.possible_doubles(desk.rep, "苏州启明食品股份有限公司")] == [1, 2]
    assert [customer.id for customer in customers.possible_doubles(desk.rep, QIMING)] == [2]
    assert [customer.id for customer in customers.possible_doubles(desk.rep, "QIMING FOODS")] == [3]


def test_customers_are_listed_by_name_in_windows(desk: Desk):
    campaign = desk.campaign()
    for name, target in (("Delta", None), ("alpha", campaign), ("Ｂeta", campaign), ("Gamma", None)):
        desk.customer(name=name, campaign=target)
    assert [customer.name for customer in customers.all(desk.rep)] == ["alpha", "Ｂeta", "Delta", "Gamma"]
    assert [customer.name for customer in customers.all(desk.rep, limit=2, offset=1)] == ["Ｂeta", "Delta"]
    assert [customer.name for customer in customers.all(desk.rep, campaign=campaign)] == ["alpha", "Ｂeta"]
    assert (customers.count(desk.rep), customers.count(desk.rep, "eta", campaign=campaign)) == (4, 1)


@pytest.mark.parametrize("text", ["启明", "ＱＭ", "qm", "食品加工", "江 苏", "苏州启明"])
def test_customers_are_filtered_by_any_part_of_what_they_are_called(desk: Desk, text):
    desk.customer(short_name="QM启明", industry="食品加工", region="江苏")
    desk.customer(name="宏远机械")
    assert [customer.id for customer in customers.all(desk.rep, text)] == [1]


def test_a_merged_customer_is_in_no_list(desk: Desk):
    desk.customer()
    desk.customer(name="启明")
    with desk.store.transaction(desk.rep.actor, now=NOW):
        tables.Customer.update(merged_into=1).where(tables.Customer.id == 2).execute()
    assert [customer.id for customer in customers.all(desk.rep)] == [1]
    assert customers.same_name(desk.rep, "启明") == ()


def test_a_customer_joins_a_campaign_once(desk: Desk):
    customer, campaign = desk.customer(), desk.campaign()
    with desk.store.transaction(desk.rep.actor, now=NOW) as tx:
        made = customers.ensure_membership(tx, customer, campaign)
        assert customers.ensure_membership(tx, customer, campaign) == made
    assert customers.membership(desk.rep, customer, campaign) == made


@pytest.mark.parametrize(("customer", "campaign", "kind"), [(9, 1, "customer"), (1, 9, "campaign")])
def test_only_what_is_there_joins(desk: Desk, customer, campaign, kind):
    desk.customer(), desk.campaign()
    with (
        pytest.raises(NotFound, match=f"no {kind}"),
        desk.store.transaction(desk.rep.actor, now=NOW) as tx,
    ):
        customers.ensure_membership(tx, customer, campaign)
    with pytest.raises(NotFound):
        customers.membership(desk.rep, customer, campaign)


def test_a_customer_enters_no_campaign_that_is_not_there(desk: Desk):
    with pytest.raises(NotFound):
        customers.new(desk.rep, {"name": "A"}, 9)


def test_the_form_has_what_a_customer_has(desk: Desk):
    desk.customer()
    assert {field.key for field in customers.customer_fields()} == set(
        customers.form_values(customers.get(desk.rep, 1))
    )


def test_a_repeated_command_enters_one_customer(desk: Desk):
    twice = Request(desk.store, desk.rep.actor, NOW, "c-1")
    assert customers.new(twice, {"name": "A"}) == customers.new(twice, {"name": "A"}) == Done("C1", 1, 1)
