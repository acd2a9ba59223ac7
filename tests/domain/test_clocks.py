"""The playbook's clocks: what starts and stops them, how each ends; neither calendar nor machine fools them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.clocks import (
    ClockState,
    Mark,
    ScoreLife,
    evaluate,
    event_clock,
    marks_of,
    next_due,
    run_of,
    runs,
    score_life,
    score_runs,
)
from salestui.domain.facts import CustomerEventFact, OutputFacts, ScoreFact
from salestui.domain.playbook import Clock, Criterion, Duration, DurationUnit, Grade, Playbook, Scoring
from salestui.playbooks.loader import builtin
from tests.domain.builders import (
    DAY,
    HOUR,
    NOW,
    SHANGHAI,
    TEAM,
    book,
    facts,
    holding,
    judge,
    lives,
    review,
    said,
    stage,
    summary,
    talk,
    vote,
)

HOURS_24 = Duration(24, DurationUnit.HOURS)
MONTH = Duration(1, DurationUnit.MONTHS)
THREE_DAYS = Duration(3, DurationUnit.WORKING_DAYS)
SUMMARY = Clock("summary", said("Summary"), "talk", "summary", HOURS_24)
RENEWAL = Clock("score", said("Score"), "score", "score", MONTH)
MOVED = Clock("customer_event", said("Moved"), "customer_event", "score", THREE_DAYS)
ANSWER = Clock("answer", said("Review answered"), "review_requested", "vote", Duration(2, DurationUnit.WORKING_DAYS))
FIRST_TALK = Clock("first_talk", said("First talk"), "stage_entered", "talk", Duration(5, DurationUnit.DAYS))
BERLIN, NEW_YORK = TeamCalendar(ZoneInfo("Europe/Berlin")), TeamCalendar(ZoneInfo("America/New_York"))


def instants(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Return any instant of these years, to the second."""
    low, high = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (first, last + 1))
    return st.integers(low, high - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def at(text: str) -> datetime:
    """Return an instant of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def states(clock: Clock, *marks: Mark, now: datetime = NOW) -> list[ClockState]:
    return [run.state for run in runs(clock, marks, now, TEAM)]


# How a clock ends


@pytest.mark.parametrize(
    ("sent", "now", "state", "late"),
    [
        (None, "11-21 09:59", ClockState.RUNNING, timedelta(0)),
        (None, "11-21 10:00", ClockState.MISSED, timedelta(0)),
        (None, "11-23 12:00", ClockState.MISSED, timedelta(hours=50)),
        ("11-21 10:00", "11-30 00:00", ClockState.KEPT, timedelta(0)),
        ("11-21 10:01", "11-30 00:00", ClockState.LATE, timedelta(minutes=1)),
        (None, "11-19 10:00", ClockState.RUNNING, timedelta(0)),
    ],
)
def test_a_summary_is_kept_late_missed_or_running_and_never_early_late(sent, now, state, late):
    stopped = at(f"2026-{sent}") if sent else None
    run = run_of("summary", HOURS_24, at("2026-11-20 10:00"), stopped, at(f"2026-{now}"), TEAM, 9)
    assert (run.state, run.late_by(at(f"2026-{now}"))) == (state, late)
    assert (run.due_at, run.subject) == (at("2026-11-21 10:00"), 9)
    assert run.decided_at == (stopped if state is ClockState.KEPT else run.due_at)


def test_only_the_summary_of_the_same_talk_stops_its_clock():
    marks = (Mark("talk", NOW - 3 * DAY, 1), Mark("talk", NOW - 2 * DAY, 2), Mark("summary", NOW - 2 * DAY, 2))
    assert states(SUMMARY, *marks) == [ClockState.MISSED, ClockState.KEPT]


def test_each_score_is_stopped_by_the_next_one_recorded_whatever_its_time_says():
    first, second, third = Mark("score", NOW - 70 * DAY, 1), Mark("score", NOW - 60 * DAY, 2), Mark("score", NOW, 3)
    assert states(RENEWAL, first, second, third) == [ClockState.KEPT, ClockState.LATE, ClockState.RUNNING]
    set_back = Mark("score", NOW - 71 * DAY, 2)
    (run, *_rest) = runs(RENEWAL, (first, set_back), NOW, TEAM)
    assert (run.state, run.late_by(NOW)) == (ClockState.KEPT, timedelta(0))


def test_an_event_at_the_customer_is_stopped_by_the_first_score_after_it():
    moved = Mark("customer_event", NOW - 10 * DAY, 4)
    assert states(MOVED, Mark("score", NOW - 11 * DAY, 1), moved) == [ClockState.MISSED]
    assert states(MOVED, moved, Mark("score", NOW - 9 * DAY, 2), Mark("score", NOW, 3)) == [ClockState.KEPT]
    assert states(MOVED, moved, Mark("score", NOW, 3)) == [ClockState.LATE]


# Clocks of a playbook over the facts of a deal


def small(*clocks: Clock) -> Playbook:
    return book(stage("one", lives("record", None)), clocks=clocks)  # type: ignore[arg-type]  # a form, in fact


def test_all_that_happened_with_a_deal_can_start_and_stop_clocks():
    under_review = OutputFacts("paper", review=review(vote("legal"), requested_at=NOW - 2 * HOUR))
    recalled = OutputFacts("other", review=replace(review(), recalled=True))
    known = facts(
        small(),
        talks=(talk(1, summary=summary()), talk(2)),
        score=ScoreFact(3, NOW, "王磊", {}, {}, 20, "A"),
        customer_events=(CustomerEventFact(5, "budget", date(2026, 11, 20), NOW - DAY),),
        outputs=holding(under_review, recalled),
    )
    assert [(mark.kind, mark.subject) for mark in marks_of(known, NOW - DAY)] == [
        ("stage_entered", 0),
        ("talk", 1),
        ("summary", 1),
        ("talk", 2),
        ("customer_event", 5),
        ("score", 3),
        ("review_requested", 7),
        ("vote", 7),
    ]
    assert marks_of(facts(small())) == ()


def test_a_playbooks_own_clocks_are_due_in_the_agenda_and_those_with_lines_of_their_own_are_not():
    playbook = small(SUMMARY, ANSWER, FIRST_TALK)
    waiting = facts(
        playbook, talks=(talk(1, at=NOW - 3 * DAY),), outputs=holding(OutputFacts("paper", review=review()))
    )
    assert [run.clock for run in evaluate(playbook, waiting, NOW, TEAM)] == ["summary", "answer"]
    run = next_due(playbook, waiting, NOW, TEAM, NOW - DAY)
    assert run is not None
    assert (run.clock, run.state) == ("answer", ClockState.RUNNING)
    voted = replace(waiting, outputs=holding(OutputFacts("paper", review=review(vote("legal")))))
    assert next_due(playbook, voted, NOW, TEAM, NOW - 5 * DAY) is None, "the talk came after the stage was entered"
    silent = facts(playbook)
    due = next_due(playbook, silent, NOW, TEAM, NOW - 9 * DAY)
    assert due is not None
    assert (due.clock, due.state) == ("first_talk", ClockState.MISSED)


# How long a score lasts

SCORING = Scoring(
    (Criterion("fit", said("Fit"), said("fit"), said("?"), 1, 5, ()),),
    (Grade("A", said("A"), said("A"), said("A"), 1),),
    valid_for=MONTH,
)


def scored(when: datetime, number: int = 1) -> ScoreFact:
    return ScoreFact(number, when, "王磊", {}, {}, 5, "A")


def moved(when: datetime, after_score: int = 1, number: int = 1) -> CustomerEventFact:
    return CustomerEventFact(number, "budget", TEAM.today(when), when, after_score)


def life(score: ScoreFact, *events: CustomerEventFact, clocks: tuple[Clock, ...] = (MOVED,)) -> ScoreLife:
    return score_life(book(stage("one"), scoring=SCORING, clocks=clocks), score, events, TEAM)


def test_a_change_at_the_customer_shortens_the_life_of_a_score_to_three_working_days():
    friday = at("2026-11-20 15:00")
    event = moved(friday)
    assert life(scored(at("2026-11-10 10:00")), event) == ScoreLife(at("2026-11-26 00:00"), event)
    assert life(scored(at("2026-11-10 10:00"))) == ScoreLife(at("2026-12-11 00:00"))


def test_a_score_given_after_the_change_or_after_it_was_recorded_is_fresh():
    friday = at("2026-11-20 15:00")
    assert life(scored(friday), moved(friday)).event is None
    assert life(scored(friday - 2 * DAY, 2), moved(friday, after_score=1)).event is None, "a clock set back"


def test_of_several_changes_the_first_counts_and_a_month_that_ends_sooner_wins():
    score = scored(at("2026-10-20 10:00"))
    early, late = moved(at("2026-11-02 10:00")), moved(at("2026-11-04 10:00"), number=2)
    assert life(score, late, early).event == early
    assert life(score, moved(at("2026-11-20 10:00"))) == ScoreLife(at("2026-11-21 00:00"))


def test_without_such_a_clock_or_a_validity_changes_alter_nothing():
    event = moved(at("2026-11-20 15:00"))
    assert life(scored(at("2026-11-10 10:00")), event, clocks=()).event is None
    plain = book(stage("one"), scoring=replace(SCORING, valid_for=None), clocks=(MOVED,))
    assert score_life(plain, scored(NOW), (), TEAM) == ScoreLife(None)
    assert score_life(plain, scored(NOW - 9 * DAY), (moved(NOW),), TEAM).event is not None
    assert score_life(book(stage("one")), scored(NOW), (), TEAM) == ScoreLife(None)
    assert event_clock(builtin("role")) is None
    assert event_clock(builtin("expansion")).limit == THREE_DAYS


def test_the_gate_closes_when_the_clock_of_a_change_has_run_out():
    playbook = builtin("expansion")
    event = moved(at("2026-11-20 15:00"))
    known = facts(playbook, "grading", score=scored(at("2026-11-10 10:00")), customer_events=(event,))
    open_until = at("2026-11-26 00:00")

    def fresh(now):
        return judge(playbook, known, now).requirement("grading.scoring_sheet.fresh")

    before = fresh(open_until - timedelta(seconds=1))
    assert (before.met, before.changes_at) == (True, open_until)
    after = fresh(open_until)
    assert (after.met, after.code) == (False, "score_expired")
    assert (after.params["event"], after.params["event_on"]) == ("budget", "2026-11-20")


def renewals(*scores: tuple[int, datetime], events=(), now=NOW) -> list[tuple[int, ClockState]]:
    playbook = book(stage("one"), scoring=SCORING, clocks=(MOVED,))
    return [(run.subject, run.state) for run in score_runs(SCORING, playbook, scores, events, now, TEAM)]


def test_every_score_is_judged_by_when_it_was_renewed():
    first, second = (1, at("2026-09-01 10:00")), (2, at("2026-10-20 10:00"))
    assert renewals(first, second) == [(1, ClockState.LATE), (2, ClockState.MISSED)]
    assert renewals(first, second, now=at("2026-11-20 23:59")) == [(1, ClockState.LATE), (2, ClockState.RUNNING)]
    event = moved(at("2026-10-26 10:00"), after_score=2)
    assert renewals(first, second, (3, at("2026-10-28 10:00")), events=(event,))[1] == (2, ClockState.KEPT)
    assert renewals(first, second, (3, at("2026-11-10 10:00")), events=(event,))[1] == (2, ClockState.LATE)
    assert renewals(first, second, (3, at("2026-11-10 10:00")), events=(event,))[0] == (1, ClockState.LATE)


def test_a_score_without_any_limit_has_no_runs():
    endless = replace(SCORING, valid_for=None)
    playbook = book(stage("one"), scoring=endless)
    assert list(score_runs(endless, playbook, [(1, NOW)], (), NOW, TEAM)) == []


# Calendars


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-01-31 18:00", MONTH, "2026-03-01 00:00"),
        ("2028-01-31 18:00", MONTH, "2028-03-01 00:00"),
        ("2028-02-29 18:00", Duration(12, DurationUnit.MONTHS), "2029-03-01 00:00"),
        ("2027-12-31 23:59", MONTH, "2028-02-01 00:00"),
        ("2028-02-28 23:00", HOURS_24, "2028-02-29 23:00"),
        ("2026-11-30 00:00", Duration(1, DurationUnit.MONTH_END), "2026-12-01 00:00"),
        ("2028-02-03 10:00", Duration(1, DurationUnit.MONTH_END), "2028-03-01 00:00"),
    ],
)
def test_months_end_and_leap_years_lose_no_day(start, limit, end):
    run = run_of("any", limit, at(start), None, at(start), TEAM)
    assert (run.due_at, run.state) == (at(end), ClockState.RUNNING)


@pytest.mark.parametrize(
    ("team", "talk_at", "due"),
    [
        (BERLIN, "2026-03-28 18:00", "2026-03-29 19:00"),
        (BERLIN, "2026-10-24 18:00", "2026-10-25 17:00"),
        (NEW_YORK, "2026-03-07 20:00", "2026-03-08 21:00"),
        (NEW_YORK, "2026-10-31 20:00", "2026-11-01 19:00"),
        (TEAM, "2026-03-28 18:00", "2026-03-29 18:00"),
    ],
)
def test_24_hours_are_24_hours_when_summer_time_begins_or_ends(team, talk_at, due):
    began = datetime.fromisoformat(talk_at).replace(tzinfo=team.zone)
    run = run_of("summary", HOURS_24, began, None, began, team)
    assert run.due_at == datetime.fromisoformat(due).replace(tzinfo=team.zone)
    assert run.due_at - began.astimezone(UTC) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("team", "start", "last_day"),
    [
        (BERLIN, "2026-03-27 10:00", "2026-04-01"),
        (BERLIN, "2026-10-23 10:00", "2026-10-28"),
        (NEW_YORK, "2026-03-06 10:00", "2026-03-11"),
        (NEW_YORK, "2026-10-30 23:30", "2026-11-04"),
    ],
)
def test_working_days_end_at_the_teams_midnight_on_both_sides_of_a_change_of_time(team, start, last_day):
    due = deadline(datetime.fromisoformat(start).replace(tzinfo=team.zone), THREE_DAYS, team)
    local = due.astimezone(team.zone)
    assert (local.hour, local.minute) == (0, 0)
    assert (local - timedelta(days=1)).date() == date.fromisoformat(last_day)


@given(
    instants(2020, 2032),
    st.integers(-48, 24 * 60),
    st.sampled_from([HOURS_24, MONTH, THREE_DAYS, Duration(1, DurationUnit.MONTH_END), Duration(2, DurationUnit.DAYS)]),
    st.sampled_from([TEAM, BERLIN, NEW_YORK]),
)
def test_a_clock_that_was_set_back_makes_no_age_negative_and_loses_no_deadline(start, hours, limit, team):
    now = start + timedelta(hours=hours)
    run, yesterday = run_of("any", limit, start, None, now, team), run_of("any", limit, start, None, now - DAY, team)
    assert run.due_at == yesterday.due_at
    assert run.late_by(now) >= timedelta(0)
    assert yesterday.late_by(now - DAY) >= timedelta(0)
    assert yesterday.state is ClockState.RUNNING or run.state is ClockState.MISSED


# Working days


def days(low=date(2026, 1, 1), high=date(2027, 12, 31)):
    return st.frozensets(st.dates(low, high), max_size=40)


calendars = st.builds(
    TeamCalendar,
    st.sampled_from([SHANGHAI, BERLIN.zone, NEW_YORK.zone]),
    st.frozensets(st.integers(0, 6), max_size=6),
    days(),
    days(),
)


@given(calendars, instants(2026, 2027), st.integers(0, 30))
def test_exactly_as_many_working_days_lie_after_the_start_as_the_clock_says(team, start, count):
    last = team.today(deadline(start, Duration(count, DurationUnit.WORKING_DAYS), team) - timedelta(microseconds=1))
    first = team.today(start)
    worked = [first + n * DAY for n in range(1, (last - first).days + 1) if team.is_workday(first + n * DAY)]
    assert len(worked) == count
    assert count == 0 or last == worked[-1], "the clock ends on a day that is worked"


@given(calendars, instants(2026, 2027), st.integers(0, 12))
def test_working_days_add_up_and_a_later_start_never_ends_sooner(team, start, count):
    def end(begun, n):
        return deadline(begun, Duration(n, DurationUnit.WORKING_DAYS), team)

    middle = end(start, count) - timedelta(microseconds=1)
    assert end(middle, 5) == end(start, count + 5)
    assert end(start, count) <= end(start + timedelta(hours=7), count)


@given(st.dates(date(2026, 1, 1), date(2027, 9, 1)), st.integers(1, 20))
def test_a_make_up_workday_brings_a_deadline_forward_and_a_holiday_puts_it_off(day, count):
    start = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    limit = Duration(count, DurationUnit.WORKING_DAYS)
    plain = deadline(start, limit, TEAM)
    inside = [TEAM.today(start) + n * DAY for n in range(1, (TEAM.today(plain) - TEAM.today(start)).days)]
    free = next((one for one in inside if not TEAM.is_workday(one)), None)
    worked = next(one for one in inside if TEAM.is_workday(one))
    if free is not None:
        assert deadline(start, limit, replace(TEAM, workdays=frozenset({free}))) < plain
    assert deadline(start, limit, replace(TEAM, holidays=frozenset({worked}))) > plain
