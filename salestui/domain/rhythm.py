"""When a deal wants attention though nothing was promised: the rhythm of its grade, the ageing limit of its stage.

Both count days of the team's calendar from the last customer-facing activity. Nothing internal resets them: neither a
form that was filled in, nor a vote, nor a note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import DealFacts, PlannedFact, Status
from salestui.domain.playbook import Playbook

__all__ = ["Attention", "attention", "contact_due", "idle_days", "idle_from", "last_day"]

_DAY = timedelta(days=1)
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Attention:
    """The instants (UTC) from which a deal is to be contacted, and stands still for too long; None: never as it is."""

    contact_due: datetime | None = None
    idle_at: datetime | None = None


def attention(
    playbook: Playbook, facts: DealFacts, team: TeamCalendar, *, created_at: datetime, stage_since: datetime
) -> Attention:
    """Return when a deal on the board wants attention; the rhythm is for open deals, which a contract has not settled.

    Handbook A grades customers by what follows; the days of the rhythm and of the limits are derived.
    """
    touch = max((talk.at for talk in facts.talks), default=None)
    contact = contact_due(playbook, facts, team, touch or created_at) if facts.status is Status.OPEN else None
    limit = playbook.stage(facts.stage).ageing_limit
    since = max(stage_since, touch) if touch else stage_since
    return Attention(contact, None if limit is None else idle_from(since, limit, facts.planned, team))


def contact_due(playbook: Playbook, facts: DealFacts, team: TeamCalendar, since: datetime) -> datetime | None:
    """Return from when a customer of this grade is to be contacted again: A after 7 days, B 14, C 30 (derived)."""
    grade = playbook.scoring.grade(facts.score.grade) if playbook.scoring and facts.score else None
    if grade is None or grade.follow_up_days is None:
        return None
    return team.end_of(team.today(since) + grade.follow_up_days * _DAY)


def idle_from(since: datetime, limit: int, planned: Iterable[PlannedFact], team: TeamCalendar) -> datetime:
    """Return from when a deal without activity since `since` stands still for more than `limit` days.

    From the day an activity was planned to the day it is planned for, ageing pauses; once it is overdue it goes on.
    """
    pauses = [(team.today(plan.planned_at), team.today(plan.at)) for plan in planned]
    return team.end_of(last_day(team.today(since), limit, pauses))


def last_day(since: date, limit: int, pauses: Iterable[Days]) -> date:
    """Return the last day on which no more than `limit` days were counted after `since`; days of pauses do not count.

    Pauses are pairs of days, both inclusive, and may overlap.
    """
    counted, left = since, limit
    for begin, end in sorted(pauses):
        if end <= counted:
            continue
        free = max(0, (begin - counted).days - 1)
        if free > left:
            break
        counted, left = end, left - free
    return counted + left * _DAY


def idle_days(idle_at: datetime, limit: int, now: datetime, team: TeamCalendar) -> int:
    """Return how many days are counted at `now` for a deal that passes its `limit` at `idle_at`; 0 at least."""
    last = team.today(idle_at - timedelta(seconds=1))
    return max(0, limit + (team.today(now) - last).days)
