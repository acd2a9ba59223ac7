"""Reviews: who may vote on what, in which order, and nobody on his own work."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Decision
from salestui.domain.outcomes import Done, NotAllowed
from salestui.errors import NotFound
from salestui.services import history, outputs, reviews, users
from salestui.services.loading import judge
from salestui.services.request import Request
from salestui.storage import reviews as review_rows
from salestui.storage import tables
from tests.services.desk import wrong
from tests.services.papers import Office, office_in, refused

TODAY = date(2026, 11, 21)


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


@pytest.fixture
def asked(office: Office) -> int:
    """Submit the offer and ask for its review."""
    office.offer()
    return office.asked("offer")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "draft.pdf"
    path.write_bytes(b"%PDF-1 draft")
    return path


def after(request: Request, **length: float) -> Request:
    return Request(request.store, request.actor, request.now + timedelta(**length))


def approve(who: Request, review: int, role: str) -> object:
    return reviews.vote(who, review, role, Decision.APPROVE)


def gate(office: Office) -> str:
    found = judge(office.rep, office.deal).requirement("plan.offer_review.approved")
    assert found is not None
    return found.code


def as_now(office: Office, request: Request) -> Request:
    """Return the same person with the roles that the user table gives now."""
    return Request(office.store, users.get(office.admin, request.actor.id).actor(), request.now)


# Asking


def test_asking_opens_one_review_of_the_current_revision(office: Office) -> None:
    office.offer()
    assert reviews.ask(office.rep, office.deal, "offer", "please\x07") == Done("R1", 1, 1)
    review = reviews.get(office.rep, 1)
    assert (review.revision, review.requested_by_name, review.note, review.stale) == (1, "王磊", "please", False)
    assert gate(office) == "review_waiting"
    event = history.events(office.rep, deal=office.deal)[0]
    assert (event.action, event.subject, event.before) == ("review.requested", "R1", None)
    assert event.after == {"output": "offer", "revision": 1, "roles": ["technical", "legal"]}


def test_the_review_record_stands_for_what_it_reviews(office: Office) -> None:
    office.offer()
    review = office.asked("offer_review")
    assert reviews.get(office.rep, review).output.key == "offer"
    assert [found.id for found in reviews.of_output(office.rep, office.deal, "offer_review")] == [review]
    assert reviews.of_output(office.rep, office.deal, "minutes") == ()


def test_asking_is_refused_where_there_is_nothing_to_review(office: Office) -> None:
    assert refused(reviews.ask(office.rep, office.deal, "market_note")) == "no_review"
    assert refused(reviews.ask(office.rep, office.deal, "offer")) == "submit_first"
    office.offer()
    assert refused(reviews.ask(office.other, office.deal, "offer")) == "only_owner_or_manager"
    outputs.withdraw(office.rep, office.deal, "offer", "x")
    assert refused(reviews.ask(office.rep, office.deal, "offer")) == "submit_first"
    with pytest.raises(NotFound):
        reviews.ask(office.rep, office.deal, "poem")


def test_a_draft_is_not_reviewed(office: Office) -> None:
    outputs.save_draft(office.rep, office.deal, "offer", {"price": "1"})
    assert refused(reviews.ask(office.rep, office.deal, "offer")) == "submit_first"


def test_one_revision_is_reviewed_once_at_a_time_and_until_it_is_decided(office: Office, asked: int) -> None:
    assert refused(reviews.ask(office.manager, office.deal, "offer")) == "review_open"
    reviews.vote(office.technical, asked, "technical", Decision.ASK_CHANGE, "shorter")
    assert refused(reviews.ask(office.rep, office.deal, "offer")) == "change_first"
    office.offer()
    again = office.asked("offer")
    office.voted(office.technical, again, "technical")
    office.voted(office.legal, again, "legal")
    assert refused(reviews.ask(office.rep, office.deal, "offer")) == "already_approved"


# Voting


def test_the_gate_opens_when_all_roles_approve(office: Office, asked: int) -> None:
    assert approve(office.technical, asked, "technical") == Done("R1", 2, asked)
    assert gate(office) == "review_waiting"
    assert approve(office.legal, asked, "legal") == Done("R1", 3, asked)
    assert gate(office) == "review_approved"
    event = history.events(office.rep, deal=office.deal)[0]
    assert event.before is None
    assert event.after == {"output": "offer", "revision": 1, "role": "legal", "decision": "approve", "name": "孙律"}


def test_any_role_is_enough_where_the_playbook_says_so(office: Office) -> None:
    office.submitted("memo", {"text": "x"})
    review = office.asked("memo")
    office.voted(office.many, review, "finance")
    assert refused(approve(office.technical, review, "technical")) == "review_closed"
    office.submitted("memo", {"text": "y"})
    again = office.asked("memo")
    reviews.vote(office.technical, again, "technical", Decision.REJECT, "no")
    assert refused(approve(office.many, again, "finance")) == "change_first"


def test_the_order_of_a_sequence_is_kept(office: Office, pdf: Path) -> None:
    office.submitted("contract", {}, None, pdf)
    review = office.asked("contract")
    outcome = approve(office.many, review, "finance")
    assert outcome == NotAllowed("not_your_turn", {"role": "finance", "review": f"R{review}", "first": "legal"})
    assert reviews.waiting_for_me(office.legal)[0].roles == ("legal",)
    reviews.vote(office.legal, review, "legal", Decision.REJECT, "liability")
    assert refused(approve(office.many, review, "finance")) == "change_first"


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.ASK_CHANGE, "reject"])
def test_a_refusal_needs_a_comment_and_closes_the_gate(office: Office, asked: int, decision: Decision | str) -> None:
    for comment in ("", "  \n"):
        assert wrong(reviews.vote(office.technical, asked, "technical", decision, comment)) == [("comment", "missing")]
    assert isinstance(reviews.vote(office.technical, asked, "technical", decision, "too heavy"), Done)
    assert gate(office) == "review_refused"


def test_who_refused_may_be_convinced_and_others_may_still_speak(office: Office, asked: int) -> None:
    reviews.vote(office.technical, asked, "technical", Decision.REJECT, "no")
    office.voted(office.legal, asked, "legal")
    assert gate(office) == "review_refused"
    assert isinstance(approve(office.technical, asked, "technical"), Done)
    assert gate(office) == "review_approved"
    event = history.events(office.rep, deal=office.deal)[0]
    assert event.before == {"role": "technical", "decision": "reject", "name": "钱工"}


def test_unknown_roles_decisions_and_reviews_are_named(office: Office, asked: int) -> None:
    assert wrong(approve(office.many, asked, "finance")) == [("role", "unknown_choice")]
    assert wrong(reviews.vote(office.technical, asked, "technical", "perhaps")) == [("decision", "unknown_choice")]
    with pytest.raises(NotFound):
        approve(office.technical, 99, "technical")


# Who may not


def test_only_who_holds_the_role_votes(office: Office, asked: int) -> None:
    outcome = approve(office.legal, asked, "technical")
    assert outcome == NotAllowed("no_role", {"role": "technical", "review": "R1"})
    assert refused(approve(office.admin, asked, "technical")) == "no_role"


def test_nobody_approves_own_work_nor_that_of_a_revision_since_the_last_approval(office: Office) -> None:
    outputs.submit(office.manager, office.deal, "offer", {"price": "1"})
    users.change(office.admin, office.manager.actor.id, roles=("technical",))
    users.change(office.admin, office.rep.actor.id, roles=("technical",))
    author, owner = as_now(office, office.manager), as_now(office, office.rep)
    office.offer()
    review = office.asked("offer")
    assert refused(approve(author, review, "technical")) == "own_work"
    assert refused(approve(owner, review, "technical")) == "own_work"
    office.voted(office.technical, review, "technical")
    office.voted(office.legal, review, "legal")
    office.offer()
    following = office.asked("offer")
    assert isinstance(approve(author, following, "technical"), Done)


def test_the_deals_owner_does_not_vote_on_what_somebody_else_wrote(office: Office) -> None:
    users.change(office.admin, office.rep.actor.id, roles=("technical",))
    outputs.submit(office.manager, office.deal, "offer", {"price": "1"})
    review = office.asked("offer")
    outcome = approve(as_now(office, office.rep), review, "technical")
    assert outcome == NotAllowed("own_deal", {"role": "technical", "review": f"R{review}", "deal": "D1"})


def test_one_person_fills_one_role_unless_the_playbook_allows_more(office: Office, asked: int) -> None:
    office.voted(office.many, asked, "technical")
    assert refused(approve(office.many, asked, "legal")) == "one_role_only"
    office.submitted("minutes", {"text": "x"})
    both = office.asked("minutes")
    office.voted(office.many, both, "technical", "legal")


def test_a_role_that_has_voted_is_not_voted_in_by_somebody_else(office: Office, asked: int) -> None:
    office.voted(office.technical, asked, "technical")
    outcome = approve(office.many, asked, "technical")
    assert outcome == NotAllowed("role_voted", {"role": "technical", "review": "R1", "name": "钱工"})


def test_votes_on_what_is_no_longer_current_are_refused(office: Office, asked: int) -> None:
    reviews.vote(office.technical, asked, "technical", Decision.REJECT, "no")
    office.offer()
    stale = approve(office.legal, asked, "legal")
    assert stale == NotAllowed("review_stale", {"review": "R1", "revision": 1, "latest": 2})
    assert gate(office) == "review_outdated"
    outputs.withdraw(office.rep, office.deal, "offer", "x")
    assert refused(approve(office.legal, asked, "legal")) == "review_stale"


def test_a_new_revision_voids_the_votes(office: Office, asked: int) -> None:
    office.voted(office.technical, asked, "technical")
    office.voted(office.legal, asked, "legal")
    assert refused(approve(office.legal, asked, "legal")) == "review_closed"
    office.offer()
    assert gate(office) == "review_outdated"


# Recalling


def test_the_requester_and_managers_recall(office: Office, asked: int) -> None:
    outcome = reviews.recall(office.technical, asked)
    assert outcome == NotAllowed("only_requester_or_manager", {"review": "R1", "by": "王磊"})
    assert reviews.recall(office.rep, asked, "wrong file") == Done("R1", 2, asked)
    assert gate(office) == "review_not_requested"
    event = history.events(office.rep, deal=office.deal)[0]
    assert (event.action, event.note, event.after) == (
        "review.recalled",
        "wrong file",
        {"output": "offer", "revision": 1, "recalled": True},
    )
    assert refused(approve(office.technical, asked, "technical")) == "review_recalled"
    assert refused(reviews.recall(office.rep, asked)) == "review_recalled"
    again = office.asked("offer")
    assert isinstance(reviews.recall(office.manager, again), Done)


def test_what_is_decided_is_not_recalled(office: Office, asked: int) -> None:
    reviews.vote(office.technical, asked, "technical", Decision.REJECT, "no")
    assert refused(reviews.recall(office.rep, asked)) == "change_first"
    approve(office.technical, asked, "technical")
    office.voted(office.legal, asked, "legal")
    assert refused(reviews.recall(office.rep, asked)) == "review_closed"


def test_a_review_that_changed_meanwhile_is_a_conflict(office: Office, asked: int) -> None:
    with office.store.transaction(office.rep.actor, now=office.rep.now) as tx:
        stale = reviews.get(tx, asked)
        assert review_rows.change(tx, stale)
        assert not review_rows.change(tx, stale)


# Waiting for me


def test_everybody_sees_the_reviews_that_wait_for_him(office: Office, asked: int) -> None:
    (line,) = reviews.waiting_for_me(office.technical)
    assert (line.review, line.deal, line.customer, line.output) == (asked, 1, "苏州启明食品有限公司", "offer")
    assert (line.revision, line.roles, line.requested_by) == (1, ("technical",), "王磊")
    assert line.title.zh == "《offer》"
    assert reviews.waiting_for_me(office.rep) == ()
    assert [found.roles for found in reviews.waiting_for_me(office.many)] == [("technical", "legal")]
    office.voted(office.technical, asked, "technical")
    assert reviews.waiting_for_me(office.technical) == ()
    assert [found.roles for found in reviews.waiting_for_me(office.many)] == [("legal",)]
    reviews.vote(office.legal, asked, "legal", Decision.REJECT, "no")
    assert reviews.waiting_for_me(office.many) == ()


def test_who_asked_sees_what_still_waits_for_others_and_for_whom(office: Office, asked: int) -> None:
    (line,) = reviews.asked_by_me(office.rep)
    assert (line.review, line.roles, line.requested_by) == (asked, ("technical", "legal"), "王磊")
    assert reviews.asked_by_me(office.technical) == ()
    office.voted(office.technical, asked, "technical")
    assert [found.roles for found in reviews.asked_by_me(office.rep)] == [("legal",)]
    office.voted(office.legal, asked, "legal")
    assert reviews.asked_by_me(office.rep) == (), "decided"
    office.offer()
    again = office.asked("offer")
    assert [found.review for found in reviews.asked_by_me(office.rep)] == [again]
    reviews.recall(office.rep, again)
    assert reviews.asked_by_me(office.rep) == (), "recalled"


def test_recalled_and_outdated_reviews_wait_for_nobody(office: Office, asked: int) -> None:
    reviews.recall(office.rep, asked)
    assert reviews.waiting_for_me(office.technical) == ()
    again = office.asked("offer")
    assert [line.review for line in reviews.waiting_for_me(office.technical)] == [again]
    reviews.recall(office.rep, again)
    office.offer()
    assert reviews.waiting_for_me(office.technical) == ()


def test_own_work_waits_for_others_only(office: Office) -> None:
    users.change(office.admin, office.rep.actor.id, roles=("technical",))
    office.offer()
    office.asked("offer")
    assert reviews.waiting_for_me(as_now(office, office.rep)) == ()


def test_a_review_whose_rule_is_gone_takes_no_votes(office: Office, asked: int) -> None:
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Deal.update(playbook="role").execute()
    assert wrong(approve(office.technical, asked, "technical")) == [("role", "unknown_choice")]


# Recorded votes


def record(office: Office, review: int, name: str = "外聘专家", **more: object) -> object:
    given: dict[str, object] = {"recorded_for": name, "voted_on": TODAY, "evidence": "signed copy", **more}
    role = str(given.pop("role", "technical"))
    decision = str(given.pop("decision", "approve"))
    who = given.pop("who", office.rep)
    assert isinstance(who, Request)
    return reviews.vote(who, review, role, decision, str(given.pop("comment", "")), **given)  # type: ignore[arg-type]


def test_a_shared_database_takes_no_recorded_votes(office: Office, asked: int) -> None:
    assert refused(record(office, asked)) == "recorded_votes_off"


def test_a_recorded_vote_counts_and_is_shown_as_recorded(office: Office, asked: int, pdf: Path) -> None:
    office.recording()
    assert isinstance(record(office, asked, evidence="", files=[pdf]), Done)
    (vote,) = reviews.get(office.rep, asked).votes
    assert (vote.fact.name, vote.fact.user, vote.fact.recorded_by) == ("外聘专家", None, "王磊")
    assert vote.voted_on == TODAY
    assert [file.name for file in vote.files] == ["draft.pdf"]
    event = history.events(office.rep, deal=office.deal)[0]
    assert event.after is not None
    assert (event.after["name"], event.after["recorded_by"]) == ("外聘专家", "王磊")
    assert "recorded by 王磊" in history.describe(event, None, "en")
    assert isinstance(record(office, asked, "法律顾问", role="legal"), Done)
    assert gate(office) == "review_approved"


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"voted_on": None}, [("voted_on", "missing")]),
        ({"voted_on": date(2026, 11, 22)}, [("voted_on", "in_future")]),
        ({"voted_on": date(2026, 11, 20)}, [("voted_on", "before_submission")]),
        ({"evidence": " "}, [("evidence", "missing")]),
        ({"decision": "reject"}, [("comment", "missing")]),
        ({"files": [Path("/nowhere.pdf")]}, [("files.1", "file_unreadable")]),
    ],
)
def test_a_recorded_vote_needs_day_and_evidence(
    office: Office, asked: int, more: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    office.recording()
    assert wrong(record(office, asked, **more)) == problems
    assert reviews.get(office.rep, asked).votes == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("陈默", "own_work"),
        (" CHEN ", "own_work"),
        ("王磊", "own_deal"),
        ("Ｗang", "own_deal"),
        ("林悦", "record_for_yourself"),
        ("lin", "record_for_yourself"),
    ],
)
def test_no_vote_is_recorded_for_owner_author_or_recorder(office: Office, name: str, code: str) -> None:
    office.recording()
    outputs.submit(office.manager, office.deal, "offer", {"price": "1"})
    review = office.asked("offer")
    assert refused(record(office, review, name, who=office.admin)) == code


def test_one_recorded_person_fills_one_role_and_may_change_it(office: Office, asked: int) -> None:
    office.recording()
    record(office, asked, decision="reject", comment="too heavy")
    assert refused(record(office, asked, "外聘 专家", role="legal")) == "one_role_only"
    assert refused(record(office, asked, "别人")) == "role_voted"
    assert isinstance(record(office, asked), Done)
    office.voted(office.legal, asked, "legal")
    assert refused(record(office, asked)) == "review_closed"


def test_a_recorded_vote_does_not_repeat_that_of_a_user(office: Office, asked: int) -> None:
    office.recording()
    office.voted(office.many, asked, "technical")
    assert refused(record(office, asked, "zhou", role="legal")) == "one_role_only"


def test_only_who_works_on_the_deal_records(office: Office, asked: int) -> None:
    office.recording()
    assert refused(record(office, asked, who=office.other)) == "only_owner_or_manager"
    assert isinstance(record(office, asked, who=office.manager), Done)


def test_a_recorded_approval_counts_on_its_own_day(office: Office, pdf: Path) -> None:
    office.recording()
    office.submitted("contract", {}, None, pdf)
    review = office.asked("contract")
    later = after(office.rep, days=3)
    for role, name in (("legal", "法律顾问"), ("finance", "老板")):
        assert isinstance(record(office, review, name, role=role, who=later), Done)
    values = {"sent_on": "2026-11-22", "sent_to": "王"}
    assert isinstance(outputs.mark_sent(later, office.deal, "contract", values), Done)


# The form of a vote


def test_the_form_offers_the_roles_open_to_this_person(office: Office, asked: int) -> None:
    role, decision, comment = reviews.vote_fields(office.technical, asked)
    assert [choice.key for choice in role.choices] == ["technical"]
    assert role.choices[0].text.zh == "技术"
    assert [choice.key for choice in decision.choices] == ["approve", "reject", "ask_change"]
    assert not comment.required


def test_the_form_asks_for_whom_only_where_the_database_allows_it(office: Office, asked: int) -> None:
    office.recording()
    own = {field.key: field for field in reviews.vote_fields(office.rep, asked)}
    assert list(own) == ["role", "decision", "comment", "recorded_for", "voted_on", "evidence"]
    assert [choice.key for choice in own["role"].choices] == ["technical", "legal"]
    assert own["recorded_for"].required
    assert not {field.key: field for field in reviews.vote_fields(office.technical, asked)}["recorded_for"].required
