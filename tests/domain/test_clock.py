"""Deadlines in the team's calendar: months, their ends, working days, holidays, make-up workdays, summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.clock import TeamCalendar, add_months, deadline
from salestui.domain.playbook import Duration, DurationUnit
from tests.domain.builders import SHANGHAI, TEAM

GOLDEN_WEEK = TeamCalendar(
    SHANGHAI,
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 27), date(2026, 10, 10)}),
)


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 1, 31), 2, (2026, 3, 31)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 3, 31), -1, (2026, 2, 28)),
        ((2026, 1, 15), -1, (2025, 12, 15)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day, count, later):
    assert add_months(date(*day), count) == date(*later)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ((2026, 9, 25), True),
        ((2026, 9, 26), False),
        ((2026, 9, 27), True),
        ((2026, 10, 1), False),
        ((2026, 10, 8), True),
        ((2026, 10, 10), True),
        ((2026, 10, 11), False),
    ],
)
def test_a_make_up_workday_wins_over_a_weekend_and_a_holiday_over_a_weekday(day, works):
    assert GOLDEN_WEEK.is_workday(date(*day)) is works


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-11-02 10:00", Duration(24, DurationUnit.HOURS), "2026-11-03 10:00"),
        ("2026-11-02 10:00", Duration(1, DurationUnit.DAYS), "2026-11-04 00:00"),
        ("2026-11-02 23:59", Duration(1, DurationUnit.MONTHS), "2026-12-03 00:00"),
        ("2026-01-31 00:00", Duration(1, DurationUnit.MONTHS), "2026-03-01 00:00"),
        ("2026-11-06 18:00", Duration(1, DurationUnit.WORKING_DAYS), "2026-11-10 00:00"),
        ("2026-09-30 09:00", Duration(1, DurationUnit.WORKING_DAYS), "2026-10-09 00:00"),
        ("2026-09-30 09:00", Duration(3, DurationUnit.WORKING_DAYS), "2026-10-11 00:00"),
        ("2026-09-30 09:00", Duration(0, DurationUnit.WORKING_DAYS), "2026-10-01 00:00"),
        ("2026-02-10 09:00", Duration(1, DurationUnit.MONTH_END), "2026-03-01 00:00"),
        ("2026-01-31 09:00", Duration(2, DurationUnit.MONTH_END), "2026-03-01 00:00"),
        ("2026-12-31 09:00", Duration(1, DurationUnit.MONTH_END), "2027-01-01 00:00"),
    ],
)
def test_a_length_of_time_runs_out_at_the_end_of_its_last_day(start, length, end):
    begun = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    assert deadline(begun, length, GOLDEN_WEEK) == datetime.fromisoformat(end).replace(tzinfo=SHANGHAI)


def test_a_deadline_is_told_in_utc():
    assert deadline(datetime(2026, 11, 2, 2, tzinfo=UTC), Duration(1, DurationUnit.DAYS), TEAM).tzinfo is UTC


def test_the_day_is_that_of_the_team():
    assert TEAM.today(datetime(2026, 11, 20, 17, tzinfo=UTC)) == date(2026, 11, 21)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_a_day_of_summer_time_is_as_long_as_it_is(day, hours):
    berlin = TeamCalendar(ZoneInfo("Europe/Berlin"))
    assert berlin.end_of(date(*day)) - berlin.end_of(date(*day) - timedelta(days=1)) == timedelta(hours=hours)


@given(
    st.integers(1_600_000_000, 2_200_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(1, 36),
    st.sampled_from(DurationUnit),
)
def test_a_longer_time_runs_out_no_sooner_and_never_before_it_began(start, count, unit):
    end = deadline(start, Duration(count, unit), GOLDEN_WEEK)
    assert start < end <= deadline(start, Duration(count + 1, unit), GOLDEN_WEEK)
