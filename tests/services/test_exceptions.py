"""Exceptions: one requirement, a manager who does not own the deal, a reason, an end; no other way round a gate."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from salestui.domain.outcomes import Blocked, Done, Moved, NotAllowed
from salestui.domain.requirement import State
from salestui.errors import NotFound
from salestui.services import campaigns, deals, exceptions, history, outputs, playbooks
from salestui.services.gate_texts import describe
from salestui.services.loading import judge, load
from salestui.services.request import Request
from salestui.storage import exceptions as exception_rows
from salestui.storage import tables
from tests.services.desk import number, wrong
from tests.services.papers import PLAYBOOK, Office, office_in, refused

OFFER = "plan.offer.complete"
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


def after(request: Request, **length: float) -> Request:
    return Request(request.store, request.actor, request.now + timedelta(**length))


def grant(office: Office, who: Request | None = None, key: str = OFFER, **more: object) -> object:
    given: dict[str, object] = {"reason": "price follows", "expires_on": FRIDAY, **more}
    reason, expires = str(given.pop("reason")), given.pop("expires_on")
    assert isinstance(expires, date)
    return exceptions.grant(who or office.manager, office.deal, key, reason, expires, **given)  # type: ignore[arg-type]


def state(office: Office, key: str = OFFER, request: Request | None = None) -> State:
    found = judge(request or office.rep, office.deal).requirement(key)
    assert found is not None
    return found.state


def test_an_exception_opens_one_requirement_until_the_end_of_its_last_day(office: Office) -> None:
    assert grant(office) == Done("E1", 1, 1)
    (known,) = exceptions.of(office.rep, office.deal)
    assert (known.requirement, known.reason, known.granted_by, known.recorded_by) == (
        OFFER,
        "price follows",
        "陈默",
        "",
    )
    assert known.expires_at == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    assert exceptions.get(office.rep, 1) == known
    assert state(office) is State.EXCEPTED
    assert state(office, "plan.profile.complete") is State.UNMET
    last_second = Request(office.store, office.rep.actor, known.expires_at - timedelta(seconds=1))
    assert state(office, request=last_second) is State.EXCEPTED
    assert state(office, request=after(last_second, seconds=1)) is State.UNMET
    assert known.in_force(last_second.now)
    assert not known.in_force(known.expires_at)


def test_granting_is_told_in_the_history(office: Office) -> None:
    grant(office)
    event = history.events(office.rep, deal=office.deal)[0]
    assert (event.action, event.subject, event.note, event.before) == ("exception.granted", "E1", "price follows", None)
    assert event.after == {"requirement": OFFER, "expires_on": "2026-11-27", "granted_by": "陈默"}


def test_exceptions_for_all_that_is_missing_let_the_deal_move_and_nothing_less(office: Office) -> None:
    deals.tick(office.rep, office.deal, "warned")
    open_keys = [requirement.key for requirement in exceptions.open_requirements(office.rep, office.deal)]
    for key in open_keys:
        assert isinstance(deals.advance(office.rep, office.deal), Blocked)
        assert isinstance(grant(office, key=key), Done)
    assert isinstance(deals.advance(office.rep, office.deal), Moved)


def test_an_expired_exception_closes_the_gate_again(office: Office) -> None:
    deals.tick(office.rep, office.deal, "warned")
    for requirement in exceptions.open_requirements(office.rep, office.deal):
        grant(office, key=requirement.key)
    later = after(office.rep, days=8)
    blocked = deals.advance(later, office.deal)
    assert isinstance(blocked, Blocked)
    loaded = load(later, office.deal)
    told = [describe(each, loaded.playbook, loaded.team, later.now).detail for each in blocked.report.unmet]
    assert any(" ended on " in detail for detail in told), told


@pytest.mark.parametrize(
    ("who", "code"), [("rep", "only_manager"), ("other", "only_manager"), ("legal", "only_manager")]
)
def test_only_managers_grant(office: Office, who: str, code: str) -> None:
    assert refused(grant(office, getattr(office, who))) == code


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_no_manager_grants_his_own_deal_an_exception(office: Office, who: str) -> None:
    boss: Request = getattr(office, who)
    deal = office.deal_of(boss)
    outcome = exceptions.grant(boss, deal, OFFER, "x", FRIDAY)
    assert refused(outcome) == "no_own_exception"


def test_an_exception_is_for_one_unmet_exceptable_requirement_that_is_asked_now(office: Office) -> None:
    with pytest.raises(NotFound):
        grant(office, key="close.signature.complete")
    with pytest.raises(NotFound):
        grant(office, key="*")
    assert refused(grant(office, key="plan.warned.done")) == "not_exceptable"
    grant(office)
    assert grant(office) == NotAllowed("already_excepted", {"requirement": OFFER, "output": "offer", "exception": "E1"})
    office.submitted("profile", {"name": "x"})
    assert refused(grant(office, key="plan.profile.complete")) == "requirement_met"
    with pytest.raises(NotFound):
        exceptions.grant(office.manager, 99, OFFER, "x", FRIDAY)


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"reason": " \n"}, [("reason", "missing")]),
        ({"expires_on": date(2026, 11, 21)}, [("expires_on", "not_after")]),
        ({"expires_on": date(2026, 11, 1)}, [("expires_on", "not_after")]),
        ({"expires_on": date(2027, 5, 21)}, [("expires_on", "too_far")]),
    ],
)
def test_an_exception_needs_a_reason_and_ends_within_half_a_year(
    office: Office, more: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    assert wrong(grant(office, **more)) == problems
    assert exceptions.of(office.rep, office.deal) == ()


def test_180_days_are_allowed(office: Office) -> None:
    assert isinstance(grant(office, expires_on=date(2027, 5, 20)), Done)


@pytest.mark.parametrize("close", ["lose", "park"])
def test_a_deal_off_the_board_takes_no_exceptions(office: Office, close: str) -> None:
    deal = number(deals.new(office.rep, office.customer, office.campaign, {}))
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        status = {"lose": "lost", "park": "in_care"}[close]
        tables.Deal.update(status=status).where(tables.Deal.id == deal).execute()
    assert refused(exceptions.grant(office.manager, deal, OFFER, "x", FRIDAY)) == "deal_not_on_board"


# Revoking


def test_a_manager_revokes_with_a_reason(office: Office) -> None:
    grant(office)
    assert refused(exceptions.revoke(office.rep, 1, "x")) == "only_manager"
    assert wrong(exceptions.revoke(office.manager, 1, "")) == [("reason", "missing")]
    assert exceptions.revoke(office.manager, 1, "price is known") == Done("E1", 2, 1)
    assert state(office) is State.UNMET
    assert not exceptions.get(office.rep, 1).in_force(office.rep.now)
    event = history.events(office.rep, deal=office.deal)[0]
    assert (event.action, event.note) == ("exception.revoked", "price is known")
    assert event.before == {"requirement": OFFER, "revoked": False, "granted_by": "陈默"}
    assert event.after == {"requirement": OFFER, "revoked": True}
    assert refused(exceptions.revoke(office.manager, 1, "x")) == "exception_over"
    with pytest.raises(NotFound):
        exceptions.revoke(office.manager, 2, "x")
    assert isinstance(grant(office), Done)


def test_what_expired_is_not_revoked_but_may_be_granted_anew(office: Office) -> None:
    grant(office)
    later = after(office.manager, days=10)
    assert refused(exceptions.revoke(later, 1, "x")) == "exception_over"
    assert isinstance(grant(office, later, expires_on=date(2026, 12, 24)), Done)


def test_an_exception_that_changed_meanwhile_stays_as_it_is(office: Office) -> None:
    grant(office)
    with office.store.transaction(office.manager.actor, now=office.manager.now) as tx:
        known = exceptions.get(tx, 1)
        assert exception_rows.revoke(tx, known, tx.now)
        assert not exception_rows.revoke(tx, known, tx.now)


# Recorded for somebody else


def test_a_shared_database_records_no_exceptions(office: Office) -> None:
    assert refused(grant(office, office.rep, recorded_for="总经理", evidence="mail")) == "recorded_votes_off"


def test_the_owner_records_what_a_named_person_granted(office: Office, tmp_path: Path) -> None:
    office.recording()
    proof = tmp_path / "mail.txt"
    proof.write_text("agreed")
    more = {"recorded_for": " 总经理 ", "granted_on": date(2026, 11, 19), "files": [proof]}
    assert isinstance(grant(office, office.rep, **more), Done)
    known = exceptions.get(office.rep, 1)
    assert (known.granted_by, known.recorded_by, known.evidence) == ("总经理", "王磊", "")
    assert known.granted_at == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
    assert [file.name for file in known.files] == ["mail.txt"]
    assert state(office) is State.EXCEPTED
    event = history.events(office.rep, deal=office.deal)[0]
    assert event.after is not None
    assert (event.after["granted_by"], event.after["recorded_by"]) == ("总经理", "王磊")
    assert "recorded by 王磊" in history.describe(event, None, "en")


def test_recorded_today_it_was_granted_at_this_instant(office: Office) -> None:
    office.recording()
    assert isinstance(grant(office, office.rep, recorded_for="总经理", evidence="said so"), Done)
    assert exceptions.get(office.rep, 1).granted_at == office.rep.now


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"granted_on": date(2026, 11, 22), "evidence": "mail"}, [("granted_on", "in_future")]),
        ({}, [("evidence", "missing")]),
        ({"files": [Path("/nowhere.pdf")]}, [("files.1", "file_unreadable")]),
    ],
)
def test_a_recorded_exception_needs_a_past_day_and_evidence(
    office: Office, more: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    office.recording()
    assert wrong(grant(office, office.rep, recorded_for="总经理", **more)) == problems


@pytest.mark.parametrize(
    ("who", "name", "code"),
    [
        ("rep", "王磊", "no_own_exception"),
        ("rep", "WANG", "no_own_exception"),
        ("manager", "王 磊", "no_own_exception"),
        ("manager", "陈默", "record_for_yourself"),
        ("other", "总经理", "only_owner_or_manager"),
    ],
)
def test_no_exception_is_recorded_for_the_owner_the_recorder_or_by_strangers(
    office: Office, who: str, name: str, code: str
) -> None:
    office.recording()
    assert refused(grant(office, getattr(office, who), recorded_for=name, evidence="mail")) == code


# The order of the contract stays


def test_an_exception_on_the_sending_is_not_known_where_the_playbook_forbids_it(office: Office) -> None:
    for_all(office)
    assert isinstance(deals.advance(office.rep, office.deal), Moved)
    assert refused(grant(office, key="close.contract.sent")) == "not_exceptable"
    outcome = outputs.submit(office.rep, office.deal, "signature", {"signed_on": "2026-11-21"})
    assert refused(outcome) == "send_first"


def test_where_the_playbook_allows_it_an_exception_on_the_sending_lets_it_be_signed(office: Office) -> None:
    text = PLAYBOOK.replace("exceptable = false\nfiles", "files").replace("version = 1", "version = 2")
    assert isinstance(playbooks.install(office.admin, text, "papers.toml"), Done)
    campaign = number(campaigns.new(office.manager, {"name": "Second", "playbook": "papers"}))
    deal = office.deal_of(office.rep, campaign=campaign)
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Deal.update(stage="close").where(tables.Deal.id == deal).execute()
    signature = {"signed_on": "2026-11-21"}
    assert refused(outputs.submit(office.rep, deal, "signature", signature)) == "send_first"
    assert isinstance(exceptions.grant(office.manager, deal, "close.contract.sent", "x", FRIDAY), Done)
    assert isinstance(outputs.submit(office.rep, deal, "signature", signature), Done)
    late = after(office.rep, days=10)
    assert refused(outputs.submit(late, deal, "signature", signature)) == "send_first"


def for_all(office: Office) -> None:
    deals.tick(office.rep, office.deal, "warned")
    for requirement in exceptions.open_requirements(office.rep, office.deal):
        grant(office, key=requirement.key)


# The form


def test_the_form_offers_what_may_be_excepted(office: Office) -> None:
    requirement, reason, expires = exceptions.fields(office.manager, office.deal)
    keys = [choice.key for choice in requirement.choices]
    assert OFFER in keys
    assert "plan.warned.done" not in keys
    assert {choice.text.zh for choice in requirement.choices} >= {"《offer》", "《offer_review》：评审通过"}
    assert reason.required
    assert expires.required


def test_the_form_asks_who_granted_it_where_it_can_be_recorded(office: Office) -> None:
    office.recording()
    own = {field.key: field.required for field in exceptions.fields(office.rep, office.deal)}
    assert own["recorded_for"]
    assert own["granted_on"]
    by_manager = {field.key: field.required for field in exceptions.fields(office.manager, office.deal)}
    assert not by_manager["recorded_for"]
