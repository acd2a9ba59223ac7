"""What is due: summaries, follow-ups, scores, reviews and care, each where the agenda lists it."""

from datetime import timedelta

import pytest

from salestui.domain.agenda import AgendaLine, Due, gate_slot
from salestui.domain.views import AgendaKind, GateState
from salestui.services import activities, agenda, deals, reviews, sample, scores
from salestui.services.request import Request
from salestui.storage import agenda as rows
from salestui.storage.store import Store
from tests.services.desk import NOW, Desk, number

POINTS = {"company_size": 4, "industry_fit": 4, "urgency": 4, "budget": 4, "decision_chain": 4}


@pytest.fixture
def deal(desk: Desk) -> int:
    """Return a deal of the rep, whom it takes no time to find."""
    campaign = desk.campaign()
    customer = desk.customer(desk.rep, campaign, short_name="启明")
    return number(deals.new(desk.rep, customer, campaign, {"amount": "68万"}))


QUIET = {Due.CONTACT, Due.IDLE, Due.NEXT_STEP}
"""What is due although nothing was promised: tests/services/test_agenda_steps.py is about it."""


def lines(request: Request, **words: object) -> list[AgendaLine]:
    asked: dict[str, object] = {"owner": request.actor.id, **words}
    found = agenda.due(request, **asked)  # type: ignore[arg-type]  # a table of words
    return [line for line in found if line.kind not in QUIET]


def talk(request: Request, deal: int, at: str, subject: str = "") -> int:
    return number(activities.log(request, [deal], {"channel": "phone", "at": at}, subject=subject))


def test_a_summary_is_due_24_hours_after_its_talk_and_shows_the_hours(desk: Desk, deal: int) -> None:
    talk(desk.rep, deal, "2026-11-21T15:00:00+08:00", "初次电话")
    (line,) = lines(desk.rep)
    assert (line.kind, line.section, line.late, line.minutes) == (Due.SUMMARY, AgendaKind.TOMORROW, False, 22 * 60)
    assert (line.what, line.label, line.channel, line.activity) == (
        "send the summary of 21 Nov: 初次电话",
        "启明",
        "phone",
        1,
    )
    later = desk.later(desk.rep, hours=24)
    (line,) = lines(later)
    assert (line.section, line.late, line.minutes) == (AgendaKind.LATE, True, -120)
    assert agenda.counts(later, later.actor.id) == (1, 0, 0)


def test_a_sent_summary_and_one_of_a_closed_deal_are_not_due(desk: Desk, deal: int) -> None:
    first = talk(desk.rep, deal, "2026-11-21T15:00:00+08:00")
    talk(desk.rep, deal, "2026-11-21T16:00:00+08:00")
    sent = {"sent_at": "2026-11-21T16:00:00+08:00", "text": "x", "material": "y"}
    activities.send_summary(desk.rep, first, sent)
    assert [line.what for line in lines(desk.rep)] == ["send the summary of the talk on 21 Nov"]
    number(deals.lose(desk.rep, deal, "price"))
    assert lines(desk.rep) == []


def test_the_summary_of_a_colleagues_talk_is_due_for_both(desk: Desk, deal: int) -> None:
    talk(desk.other, deal, "2026-11-21T15:00:00+08:00")
    assert len(lines(desk.rep)) == len(lines(desk.other)) == 1
    assert lines(desk.manager) == []
    assert len(lines(desk.manager, owner=None)) == 1


@pytest.mark.parametrize(
    ("at", "all_day", "section"),
    [
        ("2026-11-21 16:59", False, AgendaKind.LATE),
        ("2026-11-20", True, AgendaKind.LATE),
        ("2026-11-21 17:01", False, AgendaKind.TODAY),
        ("2026-11-21", True, AgendaKind.TODAY),
        ("2026-11-22 00:00", False, AgendaKind.TOMORROW),
        ("2026-11-23 09:00", False, AgendaKind.LATER),
        ("2026-12-05", True, AgendaKind.LATER),
        ("2026-12-06", True, None),
    ],
)
def test_follow_ups_stand_under_late_today_tomorrow_or_later(
    desk: Desk, deal: int, at: str, all_day: bool, section: AgendaKind | None
) -> None:
    activities.plan(desk.rep, [deal], at=at, subject="电话", all_day=all_day)
    found = lines(desk.rep)
    assert [line.section for line in found] == ([section] if section else [])
    assert [line.late for line in found] == ([section is AgendaKind.LATE] if section else [])
    late, today, _reviews = agenda.counts(desk.rep, desk.rep.actor.id)
    assert (late, today) == (int(section is AgendaKind.LATE), int(section is AgendaKind.TODAY))


def test_lines_come_section_by_section_and_by_time(desk: Desk, deal: int) -> None:
    for at, what in (("+3", "d"), ("2026-11-21 18:00", "b"), ("2026-11-20 10:00", "a"), ("2026-11-21 19:00", "c")):
        activities.plan(desk.rep, [deal], at=at, subject=what, all_day=at == "+3")
    assert [line.what for line in lines(desk.rep)] == ["a", "b", "c", "d"]
    assert [line.what for line in lines(desk.rep, limit=2)] == ["a", "b"]
    assert [line.what for line in lines(desk.rep, until_days=0)] == ["a", "b", "c"]


def test_a_conversation_that_serves_two_deals_is_one_line(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    second = number(deals.new(desk.rep, known.customer, known.campaign, {}))
    activities.plan(desk.rep, [second, deal], at="+1", all_day=True, subject="电话")
    assert [line.deal for line in lines(desk.rep)] == [deal]


def test_scores_are_due_on_their_last_valid_day_and_stay_under_today_when_expired(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    second = number(deals.new(desk.rep, known.customer, known.campaign, {}))
    evidence = dict.fromkeys(POINTS, "访谈")
    number(scores.record(desk.rep, known.customer, known.campaign, POINTS, evidence))
    assert lines(desk.rep) == []
    (line,) = lines(desk.later(desk.rep, days=20))
    assert (line.kind, line.section, line.all_day, line.grade) == (Due.SCORE, AgendaKind.LATER, True, "A")
    assert line.what == "the score is valid until 21 Dec: score again"
    assert line.deal in {deal, second}
    expired = desk.later(desk.rep, days=40)
    (line,) = lines(expired)
    assert (line.section, line.late, line.what) == (
        AgendaKind.TODAY,
        False,
        "the score expired on 21 Dec: score again",
    )
    assert agenda.counts(expired, expired.actor.id) == (0, 4, 0), "two scores, two deals to contact"


def test_reviews_that_wait_for_me_are_listed_apart(store: Store) -> None:
    me = sample.fill(store, "en", NOW)
    request = Request(store, me, NOW)
    waiting = [line for line in lines(request) if line.section is AgendaKind.REVIEW]
    assert [line.review for line in waiting] == [line.review for line in reviews.waiting_for_me(request)]
    assert {line.output for line in waiting} == {"solution", "contract_approval"}
    assert all(line.kind is Due.REVIEW and "asked by" in line.what for line in waiting)
    assert agenda.counts(request, me.id)[2] == len(waiting) == 2
    care = [line for line in lines(request, until_days=30) if line.kind is Due.CARE]
    assert care
    assert all(line.output == "relationship_plan" and not line.late for line in care)
    late, today, _count = agenda.counts(request, me.id)
    found = agenda.due(request, owner=me.id)
    assert late == sum(line.section is AgendaKind.LATE for line in found)
    assert today == sum(line.section is AgendaKind.TODAY for line in found)


def test_the_next_contact_of_a_relationship_plan_is_due_once_the_deal_is_won(store: Store) -> None:
    me = sample.fill(store, "zh", NOW)
    later = Request(store, me, NOW + timedelta(days=60))
    late = [line for line in agenda.due(later, owner=None) if line.kind is Due.CARE]
    assert late
    assert all(line.late and line.section is AgendaKind.LATE for line in late)


def test_the_gates_of_the_lines_are_those_of_the_cards(desk: Desk, deal: int) -> None:
    activities.plan(desk.rep, [deal], at="+1", all_day=True, subject="电话")
    (line,) = lines(desk.rep)
    assert (line.gate.state, line.stage, line.owner_name) == (GateState.UNMET, "research", "王磊")
    with desk.store.reading():
        known = rows.deals([deal])[deal]
    made = {"unmet": 0, "excepted": 0, "hopeless": False, "waiting": False}
    table = (
        ({}, GateState.READY),
        ({"excepted": 1}, GateState.EXCEPTION),
        ({"unmet": 2, "waiting": True}, GateState.WAITING),
        ({"unmet": 2, "hopeless": True}, GateState.CANNOT_PASS),
    )
    for words, state in table:
        slots = {name: getattr(known, name) for name in known.__slots__}
        assert gate_slot(type(known)(**{**slots, **made, **words})).state is state


def test_nothing_is_due_in_an_empty_database(desk: Desk) -> None:
    assert lines(desk.rep, owner=None) == []
    assert agenda.counts(desk.rep, None) == (0, 0, 0)
