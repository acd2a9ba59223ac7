"""Deadlines: when a length of time that began at an instant has run out, in the team's calendar."""

from __future__ import annotations

import calendar as months
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from salestui.dataclass import dataclass
from salestui.domain.playbook import Duration, DurationUnit


@dataclass(frozen=True, slots=True)
class TeamCalendar:
    """The team's time zone, weekend days (Monday is 0), holidays, and make-up workdays (调休)."""

    zone: tzinfo = UTC
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def today(self, now: datetime) -> date:
        """Return the team's date at instant `now` (aware)."""
        return now.astimezone(self.zone).date()

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on `day`: a make-up workday wins over a weekend, a holiday over a weekday."""
        if day in self.workdays:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def end_of(self, day: date) -> datetime:
        """Return the first instant (UTC) after `day` has ended for the team."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or that month's last day: 31 January + 1 is 28 or 29 February."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _add_workdays(day: date, count: int, team: TeamCalendar) -> date:
    while count > 0:
        day += timedelta(days=1)
        if team.is_workday(day):
            count -= 1
    return day


def deadline(start: datetime, length: Duration, team: TeamCalendar) -> datetime:
    """Return the instant (UTC) from which `length`, begun at `start`, has run out.

    Hours count exactly. All other units count days of the team's calendar: the last day is included to its end, so a
    score given on 2 November with one month of validity is fresh through all of 2 December (handbook A, stage 2).
    """
    if length.unit is DurationUnit.HOURS:
        return start.astimezone(UTC) + timedelta(hours=length.count)
    day = team.today(start)
    if length.unit is DurationUnit.DAYS:
        last = day + timedelta(days=length.count)
    elif length.unit is DurationUnit.WORKING_DAYS:
        last = _add_workdays(day, length.count, team)
    elif length.unit is DurationUnit.MONTHS:
        last = add_months(day, length.count)
    else:
        month = add_months(day.replace(day=1), length.count)
        last = month - timedelta(days=1)
    return team.end_of(last)
