import pytest

from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.errors import NotFound
from salestui.services import contacts
from tests.services.desk import Desk, changes, number, wrong

WANG = {"name": "王建国", "title": "采购经理", "phone": "139-0000-1234", "role": "采购", "stance": "supports"}


def test_a_person_is_entered_at_a_customer(desk: Desk):
    customer = desk.customer()
    assert contacts.new(desk.rep, customer, {**WANG, "cares_about": "交期\n别停线\x1b"}) == Done("P1", 1, 1)
    person = contacts.get(desk.rep, 1)
    assert (person.customer, person.name, person.role, person.stance) == (customer, "王建国", "purchasing", "supports")
    assert person.cares_about == "交期\n别停线"
    event = desk.events("contact.created")[0]
    assert (event.subject, event.customer_id, event.before) == ("P1", customer, None)
    assert event.after == {**WANG, "role": "purchasing", "cares_about": "交期\n别停线"}


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, [("name", "missing")]),
        ({"name": "王建国", "role": "king"}, [("role", "unknown_choice")]),
        ({"name": "王建国", "stance": 7}, [("stance", "wrong_type")]),
        ({"name": "王建国", "age": 40}, [("age", "unknown_field")]),
    ],
)
def test_a_person_that_cannot_be_is_refused(desk: Desk, given, problems):
    customer = desk.customer()
    assert wrong(contacts.new(desk.rep, customer, given)) == problems
    assert contacts.of(desk.rep, customer) == ()


def test_a_change_touches_what_is_given_and_records_it(desk: Desk):
    contact = number(contacts.new(desk.rep, desk.customer(), WANG))
    assert contacts.change(desk.rep, contact, {"title": "采购总监", "phone": ""}) == Done("P1", 2, 1)
    assert changes(desk.events("contact.changed")[0]) == (
        {"title": "采购经理", "phone": "139-0000-1234"},
        {"title": "采购总监", "phone": ""},
    )
    assert contacts.change(desk.rep, contact, {"title": "采购总监"}) == Done("P1", 2, 1, changed=False)
    assert wrong(contacts.change(desk.rep, contact, {"name": ""})) == [("name", "missing")]


def test_a_removed_person_is_in_no_list_and_in_the_history(desk: Desk):
    customer = desk.customer()
    contact = number(contacts.new(desk.rep, customer, WANG))
    assert contacts.remove(desk.rep, contact) == Done("P1", 2, 1)
    assert contacts.of(desk.rep, customer) == ()
    assert changes(desk.events("contact.removed")[0]) == ({**WANG, "role": "purchasing"}, None)
    with pytest.raises(NotFound):
        contacts.remove(desk.rep, contact)


def test_people_stand_in_the_order_they_were_entered(desk: Desk):
    customer = desk.customer()
    for name in ("王建国", "李娜", "张伟"):
        contacts.new(desk.rep, customer, {"name": name})
    contacts.new(desk.rep, desk.customer(name="宏远机械"), {"name": "别家的人"})
    assert [person.name for person in contacts.of(desk.rep, customer)] == ["王建国", "李娜", "张伟"]


def test_those_who_do_not_work_on_the_customer_leave_its_people_alone(desk: Desk):
    customer = desk.customer()
    contact = number(contacts.new(desk.rep, customer, WANG))
    refused = NotAllowed("only_owner_or_manager", {"customer": "C1", "owner": "王磊"})
    assert contacts.new(desk.other, customer, WANG) == refused
    assert contacts.change(desk.other, contact, {"title": "x"}) == refused
    assert contacts.remove(desk.other, contact) == refused
    assert contacts.change(desk.manager, contact, {"title": "x"}).version == 2


def test_two_changes_of_the_same_version_conflict(desk: Desk):
    contact = number(contacts.new(desk.rep, desk.customer(), WANG))
    contacts.change(desk.rep, contact, {"title": "采购总监"}, 1)
    assert contacts.change(desk.rep, contact, {"title": "总经理"}, 1) == Conflict("P1", 1, 2)
    assert contacts.remove(desk.rep, contact, 1) == Conflict("P1", 1, 2)
    assert contacts.get(desk.rep, contact).title == "采购总监"


@pytest.mark.parametrize("text", ["P1", "p1", "1"])
def test_a_contact_is_found_by_its_id(desk: Desk, text):
    contacts.new(desk.rep, desk.customer(), WANG)
    assert contacts.find(desk.rep, text).name == "王建国"


@pytest.mark.parametrize("text", ["P9", "王建国", "C1"])
def test_what_is_no_contact_is_not_found(desk: Desk, text):
    contacts.new(desk.rep, desk.customer(), WANG)
    with pytest.raises(NotFound):
        contacts.find(desk.rep, text)
    with pytest.raises(NotFound):
        contacts.new(desk.rep, 9, WANG)


def test_the_form_has_what_a_contact_has(desk: Desk):
    contacts.new(desk.rep, desk.customer(), WANG)
    assert {field.key for field in contacts.contact_fields()} == set(contacts.form_values(contacts.get(desk.rep, 1)))
