"""Erasing a person: nothing of them is left anywhere in the file, and the history still holds."""

from pathlib import Path

import peewee
import pytest

from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.domain.problems import Problem
from salestui.errors import NotFound
from salestui.services import (
    activities,
    contacts,
    customers,
    deals,
    erasure,
    exceptions,
    history,
    history_check,
    outputs,
)
from salestui.services.history_check import check
from salestui.storage import erasure as rows
from salestui.storage import tables
from salestui.storage.fields import Json
from tests.services.papers import Office, number, office_in

SECRETS = ("王建国", "13800138000", "138 0013 8000", "wang@qiming.cn", "采购经理", "怕停线", "old@qiming.cn", "老王头")


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


@pytest.fixture
def person(office: Office) -> str:
    """Name a person everywhere the product takes texts."""
    values = {"name": "老王头", "title": "采购经理", "phone": "13800138000", "email": "old@qiming.cn"}
    contact = number(
        contacts.new(office.rep, office.customer, {**values, "cares_about": "怕停线", "stance": "against"})
    )
    contacts.change(office.rep, contact, {"name": "王建国", "email": "wang@qiming.cn"})
    customers.change(office.rep, office.customer, {"note": "王建国 说了算", "need": "先问老王头"})
    deals.change(office.rep, office.deal, {"need": "王建国 要 138 0013 8000"})
    office.submitted("offer", {"price": "680000", "pains": "王建国：停线"})
    office.submitted("profile", {"name": "王建国的公司"})
    outputs.submit(office.rep, office.deal, "account_note", {"goal": "请王建国吃饭"})
    outputs.save_draft(office.rep, office.deal, "memo", {"text": "王建国"})
    deals.tick(office.rep, office.deal, "warned", "提醒了王建国")
    number(
        activities.plan(office.rep, [office.deal], channel="phone", at=office.rep.now, all_day=True, subject="约王建国")
    )
    return f"P{contact}"


def everything(office: Office) -> str:
    """Return all that stands in the database as one text, but for the handbooks with their examples."""
    with office.store.reading():
        names = office.store.database.get_tables()
        return "\n".join(
            str(row)
            for name in names
            if name != "playbook"
            for row in office.store.database.execute_sql(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
        )


def test_nothing_of_the_person_is_left_and_the_history_holds(office: Office, person: str):
    assert all(secret in everything(office) for secret in SECRETS)
    kept = history_check.anchor(office.admin)
    outcome = erasure.erase(office.admin, person, "王建国 asked us to, by letter")
    assert isinstance(outcome, Done)
    assert outcome.changed
    left = everything(office)
    assert not [secret for secret in SECRETS if secret in left]
    found = check(office.admin, kept)
    assert found.broken is None
    assert found.redacted
    assert found.anchor.count == kept.count + 1


def test_the_erasure_is_an_event_that_says_who_why_and_which_events(office: Office, person: str):
    planned = erasure.plan(office.admin, person)
    erasure.erase(office.admin, person, "王建国 asked us to")
    event = history.events(office.rep, limit=1)[0]
    assert (event.action, event.subject, event.customer, event.actor_name) == (
        "person.erased", person, office.customer, "林悦",
    )  # fmt: skip
    assert event.note == "*** asked us to"
    assert event.after is not None
    assert list(event.after["events"]) == [hit.where for hit in planned.events]
    assert event.after["contacts"] == [person]
    assert event.after["rows"] == {
        "action_tick": 1, "activity": 1, "customer": 1, "deal": 1, "draft": 1, "revision": 3,
    }  # fmt: skip
    said = {event.id: event for event in history.events(office.rep, limit=1000)}
    created = next(each for each in said.values() if each.action == "contact.created")
    assert set(created.after.values()) == {"***"}


def test_what_is_not_about_the_person_stays(office: Office, person: str):
    erasure.erase(office.admin, person, "asked")
    sheet = outputs.sheet(office.rep, office.deal, "offer")
    assert sheet.values["pains"] == "***：停线"
    assert sheet.values["price"] == {"minor": 68000000, "currency": "CNY"}
    assert customers.get(office.rep, office.customer).note == "*** 说了算"
    assert contacts.of(office.rep, office.customer) == ()
    assert all(contact.name == "***" for contact in rows_of(office))


def rows_of(office: Office):
    with office.store.reading():
        return list(tables.Contact.select())


def test_a_form_opened_before_the_erasure_cannot_bring_the_texts_back(office: Office, person: str):
    before = customers.get(office.rep, office.customer).version
    erasure.erase(office.admin, person, "asked")
    assert customers.get(office.rep, office.customer).version == before + 1


def test_a_dry_run_lists_what_would_go_and_takes_nothing(office: Office, person: str):
    count = len(history.events(office.rep, limit=1000))
    planned = erasure.plan(office.admin, person)
    assert isinstance(planned, erasure.ErasurePlan)
    assert planned.contacts == (person,)
    assert planned.names == ("王建国", "老王头")
    assert {hit.where for hit in planned.rows} >= {f"C{office.customer}", f"D{office.deal}", "T1"}
    assert any(found.text == "王建国：停线" for hit in planned.rows for found in hit.found)
    assert all(hit.found for hit in (*planned.events, *planned.rows))
    assert "王建国" in everything(office)
    assert len(history.events(office.rep, limit=1000)) == count


def test_files_are_listed_for_a_person_to_look_into(office: Office, person: str, tmp_path: Path):
    paper = tmp_path / "王建国名片.pdf"
    paper.write_bytes(b"%PDF")
    office.submitted("offer", {"price": "1"}, None, paper)
    planned = erasure.plan(office.admin, person)
    assert planned.files == ("王建国名片.pdf",)
    erasure.erase(office.admin, person, "asked")
    assert [file.name for file in outputs.sheet(office.rep, office.deal, "offer").facts.revision.files] == [
        "***名片.pdf"
    ]


def test_the_same_name_elsewhere_is_told_and_left_unless_it_is_to_go_everywhere(office: Office, person: str):
    other = number(customers.new(office.rep, {"name": "另一家公司", "note": "也有个王建国，电话 138-0013-8000"}))
    planned = erasure.plan(office.admin, person)
    assert [hit.where for hit in planned.elsewhere if hit.where[0] == "C"] == [f"C{other}"]
    erasure.erase(office.admin, person, "asked")
    assert customers.get(office.rep, other).note == "也有个王建国，电话 ***"
    assert not erasure.erase(office.admin, person, "again").changed
    number(contacts.new(office.rep, office.customer, {"name": "王建国"}))
    again = f"P{max(row.id for row in rows_of(office))}"
    assert erasure.plan(office.admin, again, everywhere=True).elsewhere == ()
    erasure.erase(office.admin, again, "asked", everywhere=True)
    assert "王建国" not in everything(office)
    assert check(office.admin).broken is None


def test_of_a_customer_everyone_goes_who_is_named_in_a_person_field_but_our_own_people(office: Office, person: str):
    deal = office.deal
    with office.store.transaction(office.rep.actor, now=office.rep.now) as tx:
        output = tables.Output.create(scope="deal", owner_id=deal, key="contract", latest=1)
        tables.Sending.create(
            output=output, revision=1, values={"sent_to": "李雪梅、王磊", "rows": [{"sent_to": "周总"}]},
            at=office.rep.now, by=office.rep.actor.id,
        )  # fmt: skip
        tx.record(
            "output.sent", subject="D1.contract", deal=deal, before=None, after={"values": {"sent_to": "李雪梅、王磊"}}
        )
    contacts.remove(office.rep, int(person[1:]))
    planned = erasure.plan(office.admin, f"C{office.customer}")
    assert set(planned.names) == {"王建国", "老王头", "李雪梅", "周总"}
    erasure.erase(office.admin, "苏州启明食品有限公司", "the company asked")
    left = everything(office)
    assert not [secret for secret in (*SECRETS, "李雪梅", "周总") if secret in left]
    assert "王磊" in left
    assert "苏州启明食品有限公司" in left
    assert check(office.admin).broken is None


def test_an_event_is_erased_a_second_time_for_a_second_person(office: Office, person: str):
    second = number(contacts.new(office.rep, office.customer, {"name": "李雪梅", "phone": "13900139000"}))
    deals.change(office.rep, office.deal, {"need": "王建国 和 李雪梅"})
    erasure.erase(office.admin, person, "asked")
    erasure.erase(office.admin, f"P{second}", "asked, see 13900139000")
    assert "李雪梅" not in everything(office)
    assert "13900139000" not in everything(office)
    assert check(office.admin).broken is None
    assert deals.get(office.rep, office.deal).need == "*** 和 ***"


def test_an_earlier_erasure_keeps_its_list_when_its_reason_names_somebody_else(office: Office, person: str):
    second = number(contacts.new(office.rep, office.customer, {"name": "李雪梅"}))
    erasure.erase(office.admin, person, "李雪梅 told us")
    erasure.erase(office.admin, f"P{second}", "asked")
    assert "李雪梅" not in everything(office)
    assert check(office.admin).broken is None


def test_a_contact_of_whom_nothing_but_the_name_is_known_is_erased(office: Office):
    contact = number(contacts.new(office.rep, office.customer, {"name": "赵"}))
    assert erasure.erase(office.admin, f"P{contact}", "asked").changed
    assert "'赵'" not in everything(office)
    assert contacts.of(office.rep, office.customer) == ()


@pytest.mark.parametrize("who", ["manager", "rep"])
def test_only_an_administrator_erases_or_sees_what_would_go(office: Office, person: str, who: str):
    assert erasure.erase(getattr(office, who), person, "x") == NotAllowed("only_admin")
    assert erasure.plan(getattr(office, who), person) == NotAllowed("only_admin")


def test_an_erasure_needs_a_reason(office: Office, person: str):
    assert erasure.erase(office.admin, person, " \n") == Invalid((Problem("reason", "missing"),))
    assert "王建国" in everything(office)


@pytest.mark.parametrize("subject", ["P999", "C999", "nobody"])
def test_nobody_of_that_name_is_not_found(office: Office, subject: str):
    with pytest.raises(NotFound):
        erasure.plan(office.admin, subject)


def test_every_table_is_searched_or_known_to_name_nobody():
    """A new table is searched by itself; one without an id, or a relation, must be looked at here."""
    reachable = {"customer", "deal", "membership", "activity", "output", "review", "scope"}
    for model in tables.MODELS:
        options = model._meta
        texts = {field.name for field in options.sorted_fields if isinstance(field, peewee.TextField | Json)}
        if not texts - rows.KEYS:
            continue
        if options.table_name not in rows.WITHOUT_PEOPLE | {"customer", "campaign"}:
            assert reachable & set(options.fields), options.table_name
            assert options.primary_key.name == "id"


def test_votes_exceptions_and_reasons_are_searched_too(office: Office, person: str):
    office.offer()
    review = office.asked("offer")
    office.voted(office.technical, review, "technical")
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Vote.update(comment="王建国同意").execute()
        tables.Membership.update(reason="王建国").execute()
    exceptions.grant(
        office.manager, office.deal, "plan.profile.complete", "王建国 is away", office.rep.now.date().replace(month=12)
    )
    where = {hit.where for hit in erasure.plan(office.admin, person).rows}
    assert {"vote 1", "membership 1"} <= where
    erasure.erase(office.admin, person, "asked")
    assert "王建国" not in everything(office)
