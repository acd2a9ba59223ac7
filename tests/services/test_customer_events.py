"""Something moved at a customer: recorded by who works on it, it makes the score due and, when it runs out, expired."""

from datetime import date

import pytest

from salestui import i18n
from salestui.domain.agenda import AgendaLine, Due
from salestui.domain.outcomes import NotAllowed
from salestui.domain.views import AgendaKind
from salestui.services import agenda, customer_events, deals, gate_texts, history, scores
from salestui.services.loading import load, team_of
from salestui.services.request import Request
from tests.services.desk import NOW, Desk, changes, number, wrong

POINTS = {"company_size": 4, "industry_fit": 4, "urgency": 4, "budget": 4, "decision_chain": 4}
FRESH = "grading.scoring_sheet.fresh"


@pytest.fixture
def deal(desk: Desk) -> int:
    """Return a deal of the rep whose customer was scored now, a Saturday at five in the afternoon."""
    campaign = desk.campaign()
    customer = desk.customer(desk.rep, campaign, short_name="启明")
    found = number(deals.new(desk.rep, customer, campaign, {}))
    score(desk.rep, found)
    return found


def score(request: Request, deal: int) -> None:
    known = deals.get(request, deal)
    number(scores.record(request, known.customer, known.campaign, POINTS, dict.fromkeys(POINTS, "访谈")))


def record(request: Request, deal: int, kind: str = "budget", note: str = "", on: date | None = None) -> object:
    known = deals.get(request, deal)
    return customer_events.record(request, known.customer, known.campaign, kind, note, on)


def fresh(request: Request, deal: int) -> bool:
    with request.store.reading():
        loaded = load(request, deal)
    from salestui.domain.clocks import score_life

    assert loaded.facts.score is not None
    life = score_life(loaded.playbook, loaded.facts.score, loaded.facts.customer_events, loaded.team)
    return life.until is None or request.now < life.until


def score_lines(request: Request) -> list[AgendaLine]:
    return [line for line in agenda.due(request, owner=request.actor.id) if line.kind is Due.SCORE]


def test_an_event_makes_the_score_due_within_three_working_days_and_expired_after_them(desk: Desk, deal: int) -> None:
    monday = desk.later(desk.rep, days=2)
    number(record(monday, deal, note="明年预算砍了一半，王建国说的"))
    (line,) = score_lines(monday)
    assert (line.section, line.all_day, line.late) == (AgendaKind.LATER, True, False)
    assert line.what == "budget changed: score again by 26 Nov"
    assert fresh(desk.later(desk.rep, days=5), deal)
    friday = desk.later(desk.rep, days=6)
    assert not fresh(friday, deal)
    (line,) = score_lines(friday)
    assert (line.section, line.what) == (AgendaKind.TODAY, "budget changed: the score expired on 26 Nov")
    score(friday, deal)
    assert fresh(friday, deal)
    assert score_lines(friday) == []


def test_a_score_of_the_same_day_as_an_earlier_change_does_not_know_of_it(desk: Desk, deal: int) -> None:
    tuesday = desk.later(desk.rep, days=3)
    number(record(tuesday, deal, "reorganisation", on=date(2026, 11, 21)))
    assert [line.what for line in score_lines(tuesday)] == ["reorganisation: score again by 25 Nov"]


def test_a_change_before_the_score_alters_nothing(desk: Desk, deal: int) -> None:
    number(record(desk.rep, deal, "people", on=date(2026, 11, 20)))
    assert score_lines(desk.later(desk.rep, days=7)) == []


def test_a_score_given_after_a_change_counts_even_when_the_clock_was_set_back(desk: Desk, deal: int) -> None:
    number(record(desk.later(desk.rep, hours=20), deal))
    score(desk.later(desk.rep, hours=1), deal)
    assert score_lines(desk.later(desk.rep, days=10)) == []


def test_the_history_says_what_moved_when_and_who_said_so(desk: Desk, deal: int) -> None:
    number(record(desk.rep, deal, "budget", "砍半", on=date(2026, 11, 19)))
    event = desk.events("customer.moved")[0]
    assert changes(event) == (None, {"kind": "budget", "on": "2026-11-19"})
    (told, *_rest) = history.events(desk.rep, deal=deal)
    assert history.describe(told, None, "en") == "Something moved at the customer on 19 Nov, budget changed: 砍半"
    known = deals.get(desk.rep, deal)
    (fact,) = customer_events.of(desk.rep, known.customer, known.campaign)
    assert (fact.kind, fact.day, fact.note, fact.after_score) == ("budget", date(2026, 11, 19), "砍半", 1)
    assert customer_events.of(desk.rep, known.customer, 99) == ()


@pytest.mark.parametrize(
    ("kind", "on", "problems"),
    [
        ("", None, [("kind", "missing")]),
        ("weather", None, [("kind", "unknown_choice")]),
        ("budget", date(2026, 11, 22), [("on", "in_future")]),
        ("weather", date(2026, 12, 1), [("kind", "unknown_choice"), ("on", "in_future")]),
    ],
)
def test_what_moved_must_be_known_and_have_happened(
    desk: Desk, deal: int, kind: str, on: date | None, problems: list[tuple[str, str]]
) -> None:
    assert wrong(record(desk.rep, deal, kind, on=on)) == problems
    assert desk.events("customer.moved") == []


def test_who_may_not_score_a_customer_may_not_record_its_changes(desk: Desk, deal: int) -> None:
    refused = record(desk.other, deal)
    assert isinstance(refused, NotAllowed)
    assert refused.code == "only_owner_or_manager"
    number(record(desk.manager, deal))


def test_it_is_told_beforehand_by_when_a_customer_is_to_be_scored_again(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    assert customer_events.due_by(desk.rep, known.campaign, date(2026, 11, 20)) == date(2026, 11, 25)
    plain = desk.campaign(playbook="role", name="日常")
    assert customer_events.due_by(desk.rep, plain, date(2026, 11, 20)) is None
    assert [field.key for field in customer_events.event_fields()] == ["kind", "on", "note"]


def test_a_playbook_without_scores_only_keeps_the_event(desk: Desk) -> None:
    campaign = desk.campaign(playbook="role", name="日常")
    customer = desk.customer(desk.rep, campaign, name="南京泰和机械有限公司")
    deal = number(deals.new(desk.rep, customer, campaign, {}))
    number(record(desk.rep, deal))
    assert score_lines(desk.later(desk.rep, days=13)) == []


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "score expired 25 Nov", "Something moved at the customer on 21 Nov (budget changed): score again."),
        ("zh", "评分 11-25 到期", "客户 11-21 有变（预算变了），请重新评分。"),
    ],
)
def test_the_gate_says_what_moved(desk: Desk, deal: int, language: i18n.Language, short: str, long: str) -> None:
    number(record(desk.later(desk.rep, hours=1), deal))
    request = desk.later(desk.rep, days=9)
    move_to_grading(request, deal)
    from salestui.services.loading import judge

    requirement = judge(request, deal).requirement(FRESH)
    assert requirement is not None
    i18n.use(language)
    told = gate_texts.describe(requirement, load(request, deal).playbook, team_of(request), request.now)
    assert (told.why, told.detail) == (short, long)


def move_to_grading(request: Request, deal: int) -> None:
    """Put the deal where the score is asked; the gate of research is not what this is about."""
    from salestui.storage import tables

    with request.store.transaction(request.actor, now=NOW):
        tables.Deal.update(stage="grading").where(tables.Deal.id == deal).execute()
