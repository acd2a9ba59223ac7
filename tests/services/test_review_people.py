"""Whom a review asks: holders of a role, one person by name, deputies of the absent; and what a new revision voids."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Decision
from salestui.domain.outcomes import Done, NotAllowed
from salestui.errors import NotFound
from salestui.services import agenda, deputies, history, outputs, playbook_life, playbooks, refusals, reviews, users
from salestui.services.loading import judge
from salestui.services.request import Request
from salestui.storage import reviews as review_rows
from salestui.storage import tables
from tests.services.desk import number, wrong
from tests.services.papers import PLAYBOOK, Office, office_in, refused

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


@pytest.fixture
def asked(office: Office) -> int:
    office.offer()
    return office.asked("offer")


def later(request: Request, days: int) -> Request:
    return Request(request.store, request.actor, request.now + timedelta(days=days))


def as_now(request: Request, admin: Request) -> Request:
    """Return the same person with the roles that the user table gives now."""
    return Request(request.store, users.get(admin, request.actor.id).actor(), request.now)


def deputise(office: Office, absent: Request, deputy: Request, starts: date = TODAY, ends: date = TODAY + DAY) -> int:
    return number(deputies.name(absent, absent.actor.id, deputy.actor.id, starts, ends))


def approve(who: Request, review: int, role: str) -> object:
    return reviews.vote(who, review, role, Decision.APPROVE)


def waiting(who: Request) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.review, line.roles) for line in reviews.waiting_for_me(who)]


def seats(office: Office, review: int) -> dict[str, bool]:
    return {asked.role: asked.waiting for asked in reviews.get(office.rep, review).asked}


# The modes


def test_all_roles_are_awaited_at_once_and_each_until_it_has_voted(office: Office, asked: int) -> None:
    assert seats(office, asked) == {"technical": True, "legal": True}
    office.voted(office.technical, asked, "technical")
    assert seats(office, asked) == {"technical": False, "legal": True}
    office.voted(office.legal, asked, "legal")
    assert seats(office, asked) == {"technical": False, "legal": False}


def test_any_role_ends_the_waiting_of_all(office: Office) -> None:
    office.submitted("memo", {"text": "x"})
    review = office.asked("memo")
    assert seats(office, review) == {"technical": True, "finance": True}
    office.voted(office.many, review, "finance")
    assert seats(office, review) == {"technical": False, "finance": False}
    assert waiting(office.technical) == []


def test_in_sequence_one_role_after_the_other_is_awaited(office: Office, tmp_path: Path) -> None:
    draft = tmp_path / "draft.pdf"
    draft.write_bytes(b"%PDF-1 draft")
    office.submitted("contract", {}, None, draft)
    review = office.asked("contract")
    assert seats(office, review) == {"legal": True, "finance": False}
    assert waiting(office.many) == [(review, ("legal",))]
    office.voted(office.legal, review, "legal")
    assert seats(office, review) == {"legal": False, "finance": True}
    assert waiting(office.many) == [(review, ("finance",))]


def test_a_refusal_ends_the_waiting_and_a_changed_mind_brings_it_back(office: Office, asked: int) -> None:
    reviews.vote(office.technical, asked, "technical", Decision.REJECT, "no")
    assert seats(office, asked) == {"technical": False, "legal": False}
    approve(office.technical, asked, "technical")
    assert waiting(office.legal) == [(asked, ("legal",))]


def test_what_is_decided_is_not_read_for_the_list(office: Office, asked: int) -> None:
    office.voted(office.technical, asked, "technical")
    office.voted(office.legal, asked, "legal")
    with office.store.reading():
        found = review_rows.awaiting({office.many.actor.id: office.many.actor.roles}, lambda _sha: True, limit=10)
    assert found == ()


def test_the_list_is_cut_off_where_it_is_told_to(office: Office, asked: int) -> None:
    office.submitted("minutes", {"text": "x"})
    office.asked("minutes")
    assert len(reviews.waiting_for_me(office.many)) == 2
    assert [line.review for line in reviews.waiting_for_me(office.many, limit=1)] == [asked]


def test_a_playbook_version_with_other_roles_awaits_those(office: Office, asked: int) -> None:
    text = PLAYBOOK.replace("version = 1", "version = 2", 1).replace(
        'of = "offer", roles = ["technical", "legal"]', 'of = "offer", roles = ["technical", "finance"]'
    )
    assert isinstance(playbooks.install(office.admin, text, "papers.toml"), Done)
    assert isinstance(playbook_life.upgrade(office.manager, "papers", 2, deals=(office.deal,)), Done)
    assert seats(office, asked) == {"technical": True, "legal": False, "finance": True}
    assert waiting(office.legal) == []
    assert waiting(office.many) == [(asked, ("technical", "finance"))]


# Asking one person


def test_one_person_asked_by_name_is_waited_for_alone_and_others_may_still_vote(office: Office, asked: int) -> None:
    assert reviews.reassign(office.rep, asked, "legal", office.many.actor.id, "knows the case") == Done("R1", 2, asked)
    assert waiting(office.legal) == []
    assert waiting(office.many) == [(asked, ("technical", "legal"))]
    event = history.events(office.rep, deal=office.deal)[0]
    assert (event.action, event.note, event.before) == ("review.reassigned", "knows the case", None)
    assert event.after == {"output": "offer", "revision": 1, "role": "legal", "name": "周会"}
    assert "周会" in history.describe(event, None, "en")
    office.voted(office.legal, asked, "legal")
    assert waiting(office.many) == [(asked, ("technical",))]


def test_asking_the_same_person_again_changes_nothing_and_another_one_keeps_who_it_was(
    office: Office, asked: int
) -> None:
    reviews.reassign(office.rep, asked, "legal", office.many.actor.id)
    assert reviews.reassign(office.rep, asked, "legal", office.many.actor.id) == Done("R1", 2, asked, changed=False)
    assert isinstance(reviews.reassign(office.manager, asked, "legal", office.legal.actor.id), Done)
    assert history.events(office.rep, deal=office.deal)[0].before == {"role": "legal", "name": "周会"}


def test_who_can_be_asked_is_said_with_reasons(office: Office, asked: int) -> None:
    users.change(office.admin, office.rep.actor.id, roles=("legal",))
    found = {
        (each.role, each.user.name): each.refused and each.refused.code
        for each in reviews.candidates(office.rep, asked)
    }
    assert found == {
        ("technical", "钱工"): None,
        ("technical", "周会"): None,
        ("legal", "王磊"): "their_work",
        ("legal", "孙律"): None,
        ("legal", "周会"): None,
    }


def test_asking_somebody_else_is_refused_where_it_makes_no_sense(office: Office, asked: int) -> None:
    legal, many = office.legal.actor.id, office.many.actor.id
    assert refused(reviews.reassign(office.technical, asked, "legal", many)) == "only_requester_or_manager"
    assert refused(reviews.reassign(office.rep, asked, "legal", office.technical.actor.id)) == "not_their_role"
    office.voted(office.technical, asked, "technical")
    assert refused(reviews.reassign(office.rep, asked, "technical", many)) == "role_voted"
    reviews.vote(office.legal, asked, "legal", Decision.REJECT, "no")
    assert refused(reviews.reassign(office.rep, asked, "legal", legal)) == "change_first"
    assert reviews.candidates(office.rep, asked) == ()
    for role, user in (("poem", legal), ("legal", 99)):
        with pytest.raises(NotFound):
            reviews.reassign(office.rep, asked, role, user)
    approve(office.legal, asked, "legal")
    assert refused(reviews.reassign(office.rep, asked, "legal", many)) == "review_closed"


# Deputies


def test_a_deputy_votes_in_the_role_of_the_absent_and_the_vote_says_so(office: Office, asked: int) -> None:
    deputise(office, office.legal, office.other)
    (line,) = reviews.waiting_for_me(office.other)
    assert (line.roles, line.deputy_for) == (("legal",), {"legal": "孙律"})
    assert approve(office.other, asked, "legal") == Done("R1", 2, asked)
    (vote,) = reviews.get(office.rep, asked).votes
    assert (vote.fact.name, vote.fact.deputy_for, vote.fact.absent) == ("赵敏", "孙律", office.legal.actor.id)
    event = history.events(office.rep, deal=office.deal)[0]
    assert event.after is not None
    assert event.after["deputy_for"] == "孙律"
    assert "(for 孙律)" in history.describe(event, None, "en")
    office.voted(office.technical, asked, "technical")
    found = judge(office.rep, office.deal).requirement("plan.offer_review.approved")
    assert found is not None
    assert found.met


def test_a_deputy_counts_from_the_first_day_to_the_last(office: Office, asked: int) -> None:
    deputise(office, office.legal, office.other, TODAY + DAY, TODAY + 2 * DAY)
    may = [not isinstance(approve_only(later(office.other, days), asked), NotAllowed) for days in range(4)]
    assert may == [False, True, True, False]


def approve_only(who: Request, review: int) -> object:
    """Return what is said to an approval that is then not kept."""
    roles = [line.roles for line in reviews.waiting_for_me(who) if line.review == review]
    return roles or NotAllowed("no_role", {})


def test_a_deputy_who_is_ended_votes_no_more(office: Office, asked: int) -> None:
    known = deputise(office, office.legal, office.other)
    assert refused(deputies.end(office.other, known)) == "only_himself_or_admin"
    assert isinstance(deputies.end(office.legal, known), Done)
    assert refused(approve(office.other, asked, "legal")) == "no_role"
    assert refused(deputies.end(office.legal, known)) == "deputy_over"
    lines = [history.describe(event, None, "en") for event in history.events(office.admin)[:2]]
    assert lines == ["赵敏 does not vote for 孙律 any more", "赵敏 votes for 孙律 from 21 Nov to 22 Nov"]


def test_neither_an_author_nor_the_owner_votes_as_a_deputy(office: Office) -> None:
    outputs.submit(office.manager, office.deal, "offer", {"price": "1"})
    review = office.asked("offer")
    deputise(office, office.legal, office.manager)
    deputise(office, office.technical, office.rep)
    assert refused(approve(office.manager, review, "legal")) == "own_work"
    assert refused(approve(office.rep, review, "technical")) == "own_deal"
    assert waiting(office.manager) == []
    assert waiting(office.rep) == []


def test_nobody_votes_for_an_absent_author_or_owner(office: Office) -> None:
    users.change(office.admin, office.manager.actor.id, roles=("technical",))
    users.change(office.admin, office.rep.actor.id, roles=("legal",))
    outputs.submit(office.manager, office.deal, "offer", {"price": "1"})
    review = office.asked("offer")
    deputise(office, office.manager, office.other)
    deputise(office, office.rep, office.other)
    outcome = approve(office.other, review, "technical")
    assert refused(outcome) == "own_work"
    assert isinstance(outcome, NotAllowed)
    assert "陈默" in refusals.text(outcome)
    assert refused(approve(office.other, review, "legal")) == "own_deal"


def test_the_absent_and_his_deputy_are_one_voice_in_one_review(office: Office, asked: int) -> None:
    deputise(office, office.many, office.other)
    assert isinstance(approve(office.other, asked, "technical"), Done)
    assert refused(approve(office.other, asked, "legal")) == "one_role_only"
    assert refused(approve(office.many, asked, "legal")) == "one_role_only"
    office.voted(office.legal, asked, "legal")


def test_a_deputy_who_holds_the_role_votes_in_his_own_name(office: Office, asked: int) -> None:
    deputise(office, office.legal, office.many)
    approve(office.many, asked, "legal")
    assert reviews.get(office.rep, asked).votes[0].fact.deputy_for == ""


def test_what_is_asked_of_the_absent_by_name_waits_for_the_deputy(office: Office, asked: int) -> None:
    reviews.reassign(office.rep, asked, "legal", office.legal.actor.id)
    deputise(office, office.legal, office.other)
    assert waiting(office.other) == [(asked, ("legal",))]


def test_an_administrator_names_a_deputy_for_another_and_nobody_else_does(office: Office) -> None:
    given = {"deputy": "zhao", "starts": "2026-11-21", "ends": "2026-11-30"}
    other = office.other.actor
    given["deputy"] = other.login
    assert refused(deputies.name_given(office.manager, office.legal.actor.id, given)) == "only_himself_or_admin"
    assert isinstance(deputies.name_given(office.admin, office.legal.actor.id, given), Done)
    (known,) = deputies.in_force(office.rep)
    assert (known.user_name, known.deputy_name, known.named_by) == ("孙律", other.name, office.admin.actor.name)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, [("deputy", "missing"), ("starts", "missing"), ("ends", "missing")]),
        ({"deputy": "nobody", "starts": "2026-11-21", "ends": "2026-11-22"}, [("deputy", "unknown_person")]),
        ({"deputy": "sun", "starts": "2026-11-21", "ends": "2026-11-22"}, [("deputy", "own_deputy")]),
        ({"deputy": "zhou", "starts": "2026-11-23", "ends": "2026-11-22"}, [("ends", "before_start")]),
        ({"deputy": "zhou", "starts": "2026-11-01", "ends": "2026-11-20"}, [("ends", "in_past")]),
        ({"deputy": "zhou", "starts": "2026-12-10", "ends": "2026-12-20"}, [("starts", "deputy_there")]),
        ({"deputy": "zhou", "starts": "soon", "ends": "2026-12-20"}, [("starts", "bad_date")]),
    ],
)
def test_what_is_wrong_with_a_deputy_is_named(
    office: Office, values: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    deputise(office, office.legal, office.many, date(2026, 12, 15), date(2026, 12, 16))
    assert wrong(deputies.name_given(office.legal, office.legal.actor.id, values)) == problems


def test_deputies_of_the_past_are_told_where_asked(office: Office) -> None:
    deputise(office, office.legal, office.many)
    assert len(deputies.all(later(office.rep, 5))) == 0
    assert len(deputies.all(later(office.rep, 5), over=True)) == 1
    with pytest.raises(NotFound):
        deputies.get(office.rep, 9)
    with pytest.raises(NotFound):
        deputies.name(office.admin, 99, office.rep.actor.id, TODAY, TODAY)


# What a new revision voids


def test_a_new_revision_is_told_to_who_asked_and_who_voted_until_another_review(office: Office, asked: int) -> None:
    office.voted(office.technical, asked, "technical")
    office.voted(office.legal, asked, "legal")
    assert reviews.voided_for_me(office.rep) == ()
    office.offer()
    assert reviews.get(office.rep, asked).voided_by == 2
    told = {
        who.actor.name: [(line.revision, line.voided_by, line.mine) for line in reviews.voided_for_me(who)]
        for who in (office.rep, office.technical, office.legal, office.many)
    }
    assert told == {"王磊": [(1, 2, True)], "钱工": [(1, 2, False)], "孙律": [(1, 2, False)], "周会": []}
    lines = [line.what for line in agenda.due(office.technical, owner=None) if line.kind == "voided"]
    assert len(lines) == 1
    assert "r2" in lines[0]
    assert reviews.voided_for_me(later(office.rep, 8)) == ()
    office.asked("offer")
    assert reviews.voided_for_me(office.rep) == ()


def test_a_review_without_votes_or_recalled_voids_nothing(office: Office, asked: int) -> None:
    reviews.recall(office.rep, asked)
    office.offer()
    assert reviews.get(office.rep, asked).voided_by is None
    assert reviews.voided_for_me(office.rep) == ()


def test_a_playbook_that_asks_nothing_any_more_voids_nothing(office: Office, asked: int) -> None:
    reviews.vote(office.technical, asked, "technical", Decision.REJECT, "no")
    office.offer()
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Deal.update(playbook="role").execute()
        tables.Output.update(key="solution").execute()
    assert len(reviews.voided_for_me(office.rep)) == 1
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Output.update(key="discovery_record").execute()
    assert reviews.voided_for_me(office.rep) == ()
