"""Attention nobody was promised: the rhythm of a grade, and ageing that talks reset and planned steps pause."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.facts import PlannedFact, ScoreFact, Status
from salestui.domain.rhythm import Attention, attention, idle_days, idle_from, last_day
from salestui.playbooks.loader import builtin
from tests.domain.builders import DAY, NOW, SHANGHAI, TEAM, facts, talk

BOOK = builtin("expansion")
LIMIT = 20
NOVEMBER = date(2026, 11, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def score(grade: str) -> ScoreFact:
    return ScoreFact(1, NOW - DAY, "王磊", {}, {}, 20, grade)


def wants(grade: str = "", status: Status = Status.OPEN, **known: object) -> Attention:
    given = facts(BOOK, "contact", status=status, score=score(grade) if grade else None, **known)
    return attention(BOOK, given, TEAM, created_at=at("11-01 10:00"), stage_since=at("11-05 10:00"))


@pytest.mark.parametrize(("grade", "due"), [("A", "11-09"), ("B", "11-16"), ("C", "12-02"), ("", None), ("Z", None)])
def test_the_grade_says_how_often_a_customer_is_contacted(grade, due):
    assert wants(grade).contact_due == (at(f"{due} 00:00") if due else None)


def test_the_rhythm_counts_from_the_last_talk_and_a_won_deal_has_none():
    talks = (talk(1, at=at("11-12 09:00")), talk(2, at=at("11-10 09:00")))
    assert wants("A", talks=talks).contact_due == at("11-20 00:00")
    assert wants("A", Status.WON, talks=talks).contact_due is None


def test_ageing_counts_from_the_stage_or_the_last_talk_whichever_is_later():
    assert wants().idle_at == at("11-26 00:00")
    assert wants(talks=(talk(at=at("11-15 09:00")),)).idle_at == at("12-06 00:00")
    assert wants(talks=(talk(at=at("11-02 09:00")),)).idle_at == at("11-26 00:00")


def test_a_stage_without_a_limit_does_not_age():
    known = facts(BOOK, "fulfilment")
    limit = BOOK.stage("fulfilment").ageing_limit
    found = attention(BOOK, known, TEAM, created_at=NOW, stage_since=NOW)
    assert (found.idle_at is None) is (limit is None)


def test_a_planned_activity_pauses_ageing_until_it_is_overdue():
    plan = PlannedFact(at("11-23 14:00"), all_day=False, planned_at=at("11-14 09:00"))
    found = wants(planned=(plan,))
    assert found.idle_at == at("12-06 00:00"), "the ten days from 14 to 23 November do not count"


@pytest.mark.parametrize(
    ("pauses", "last"),
    [
        ([], 21),
        ([(5, 9)], 26),
        ([(5, 9), (8, 12)], 29),
        ([(5, 9), (6, 7)], 26),
        ([(22, 25)], 25),
        ([(23, 25)], 21),
        ([(-9, 1)], 21),
        ([(-9, 3)], 23),
        ([(2, 2), (21, 30)], 32),
    ],
)
def test_days_of_pauses_do_not_count(pauses, last):
    def day(n):
        return NOVEMBER + (n - 1) * DAY

    found = last_day(NOVEMBER, LIMIT, [(day(begin), day(end)) for begin, end in pauses])
    assert found == day(last)


@given(
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(-20, 80), st.integers(0, 30)), max_size=6),
)
def test_exactly_the_days_that_no_pause_covers_are_counted(limit, spans):
    pauses = [(NOVEMBER + start * DAY, NOVEMBER + (start + length) * DAY) for start, length in spans]
    last = last_day(NOVEMBER, limit, pauses)

    def counted(day):
        return not any(begin <= day <= end for begin, end in pauses)

    days = [NOVEMBER + n * DAY for n in range(1, (last - NOVEMBER).days + 1)]
    assert sum(counted(day) for day in days) == limit
    assert counted(last + DAY), "the day after is the first too many"


@pytest.mark.parametrize(
    ("now", "days"), [("11-21 09:00", 20), ("11-22 00:00", 21), ("11-30 09:00", 29), ("10-20 09:00", 0)]
)
def test_idle_days_go_on_counting_and_are_never_negative(now, days):
    idle_at = idle_from(at("11-01 10:00"), LIMIT, (), TEAM)
    assert idle_at == at("11-22 00:00")
    assert idle_days(idle_at, LIMIT, at(now), TEAM) == days
    assert idle_days(idle_at, LIMIT, at(now) - timedelta(days=400), TEAM) == 0
