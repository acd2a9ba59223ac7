"""Where a card stands in its column, and until when time alone leaves it there.

Late first, the longest late at the top; then what is due today, then the ready ones, then those with the fewest unmet
requirements; those that cannot pass come last (look.md). The place is one number, so that a database can keep it and
read a column window by window.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.views import TimeKind, TimeSlot

__all__ = ["LATE", "SUMMARY_SHOWN", "Placement", "placement", "promised_slot"]

SUMMARY_SHOWN: Final = timedelta(hours=48)
"""Summaries are shown this long before they are due: twice the usual limit, so that a clock set back hides none."""

LATE: Final = frozenset({TimeKind.SUMMARY_LATE, TimeKind.FOLLOWUP_LATE})
_TODAY: Final = frozenset({TimeKind.DUE_TODAY, TimeKind.SUMMARY_LEFT})
_RANK: Final = 10**12
"""More than any value within a rank: seconds since 1970, or unmet requirements times the minutes of a day."""
_MINUTES: Final = 10**4


@dataclass(frozen=True, slots=True)
class Placement:
    """A card's place (smaller stands higher; equal ones by deal), and whether something about it is late.

    Both hold until `until` (UTC, exclusive; None: as long as nothing changes).
    """

    place: int
    late: bool
    until: datetime | None


def promised_slot(
    summary_due: datetime | None, next_at: datetime | None, *, all_day: bool, now: datetime, team: TeamCalendar
) -> TimeSlot | None:
    """Return what is late or due today by a promise: the summary of a talk, else the next planned conversation."""
    if summary_due is not None and summary_due <= now:
        return TimeSlot(TimeKind.SUMMARY_LATE, _hours(now - summary_due))
    if summary_due is not None and summary_due - now <= SUMMARY_SHOWN:
        return TimeSlot(TimeKind.SUMMARY_LEFT, _hours(summary_due - now))
    if next_at is None:
        return None
    local = next_at.astimezone(team.zone)
    days = (team.today(now) - local.date()).days
    if days > 0:
        return TimeSlot(TimeKind.FOLLOWUP_LATE, days)
    if days == 0:
        return TimeSlot(TimeKind.DUE_TODAY, 0, None if all_day else local.time().replace(second=0, microsecond=0))
    return None


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def placement(
    *,
    unmet: int,
    hopeless: bool,
    summary_due: datetime | None,
    next_at: datetime | None,
    all_day: bool,
    now: datetime,
    team: TeamCalendar,
) -> Placement:
    """Return where a card with these figures stands at `now`."""
    slot = promised_slot(summary_due, next_at, all_day=all_day, now=now, team=team)
    late = slot is not None and slot.kind in LATE
    until = _until(summary_due, next_at, now, team)
    if unmet and hopeless:
        return Placement(4 * _RANK + unmet, late, until)
    if slot is not None and late:
        since = summary_due if slot.kind is TimeKind.SUMMARY_LATE else _promised(next_at, team, all_day=all_day)
        return Placement(max(int(since.timestamp()), 0) if since else 0, late, until)
    if slot is not None and slot.kind in _TODAY:
        minute = slot.at.hour * 60 + slot.at.minute + 1 if slot.at else 0
        return Placement(_RANK + unmet * _MINUTES + minute, late, until)
    return Placement((3 if unmet else 2) * _RANK + unmet, late, until)


def _promised(next_at: datetime | None, team: TeamCalendar, *, all_day: bool) -> datetime | None:
    """When a planned conversation was to be held at the latest."""
    return team.end_of(team.today(next_at)) if next_at is not None and all_day else next_at


def _until(
    summary_due: datetime | None, next_at: datetime | None, now: datetime, team: TeamCalendar
) -> datetime | None:
    turns: list[datetime] = []
    if summary_due is not None:
        turns += [summary_due - SUMMARY_SHOWN, summary_due]
    if next_at is not None:
        day = team.today(next_at)
        turns += [team.end_of(day - timedelta(days=1)), team.end_of(day)]
    return min((turn for turn in turns if turn > now), default=None)
