"""The playbook's clocks as pure rules: what starts each, what stops it, when it runs out, and how it ended (design §4).

A clock never asks the machine's time: `now` is passed in. A machine whose clock was set back loses no deadline, because
what is due depends on what started the clock alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.facts import CustomerEventFact, DealFacts, ScoreFact
from salestui.domain.playbook import Clock, Duration, Playbook, Scoring

__all__ = [
    "CUSTOMER_EVENT",
    "SCORE",
    "SUMMARY",
    "TALK",
    "ClockRun",
    "ClockState",
    "Mark",
    "ScoreLife",
    "evaluate",
    "event_clock",
    "marks_of",
    "next_due",
    "run_of",
    "runs",
    "score_life",
    "score_runs",
]

TALK: Final = "talk"
SUMMARY: Final = "summary"
SCORE: Final = "score"
CUSTOMER_EVENT: Final = "customer_event"
_ZERO: Final = timedelta(0)
_OF_ITS_OWN: Final = frozenset({(TALK, SUMMARY), ("review_requested", "vote")})
"""What is stopped by something about the same subject only: the summary of that talk, the vote of that review."""
_TOLD_APART: Final = frozenset({(TALK, SUMMARY), (SCORE, SCORE), (CUSTOMER_EVENT, SCORE)})
"""Clocks that the gate and the agenda have lines of their own for."""


class ClockState(StrEnum):
    """How a clock stands: running, or stopped in time, stopped too late, or run out and not stopped."""

    RUNNING = "running"
    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that starts or stops clocks: its kind as the playbook names it, when, and whose number it has."""

    kind: str
    at: datetime
    subject: int = 0


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One run of one clock. It is in time up to the instant `due_at` (UTC), inclusive for what stopped it."""

    clock: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    state: ClockState
    subject: int = 0

    @property
    def decided_at(self) -> datetime:
        """When it was settled how it ended: the stop when it was kept, else the instant it ran out."""
        if self.state is ClockState.KEPT and self.stopped_at is not None:
            return self.stopped_at
        return self.due_at

    def late_by(self, now: datetime) -> timedelta:
        """Return how long after its time it was stopped, or has been running over; never negative."""
        return max(_ZERO, (self.stopped_at or now) - self.due_at)


def run_of(
    clock: str, limit: Duration, started: datetime, stopped: datetime | None, now: datetime, team: TeamCalendar,
    subject: int = 0,
) -> ClockRun:  # fmt: skip
    """Return the run of a clock that was started once and stopped, or not yet."""
    due = deadline(started, limit, team)
    if stopped is not None:
        state = ClockState.KEPT if stopped <= due else ClockState.LATE
    else:
        state = ClockState.MISSED if now >= due else ClockState.RUNNING
    return ClockRun(clock, started, due, stopped, state, subject)


def runs(clock: Clock, marks: Sequence[Mark], now: datetime, team: TeamCalendar) -> tuple[ClockRun, ...]:
    """Return every run of a clock over `marks`, which stand in the order they were recorded in.

    Each start is a run; the first fitting stop ends it. Where the same kind starts and stops (a score renews a score),
    the next one recorded stops, whatever its time says.
    """
    return tuple(
        run_of(clock.key, clock.limit, mark.at, _stop(clock, marks, place), now, team, mark.subject)
        for place, mark in enumerate(marks)
        if mark.kind == clock.starts
    )


def _stop(clock: Clock, marks: Sequence[Mark], place: int) -> datetime | None:
    start = marks[place]
    if clock.starts == clock.stops:
        return next((mark.at for mark in marks[place + 1 :] if mark.kind == clock.stops), None)
    own = (clock.starts, clock.stops) in _OF_ITS_OWN
    stops = (
        mark.at
        for mark in marks
        if mark.kind == clock.stops and (mark.subject == start.subject if own else mark.at >= start.at)
    )
    return min(stops, default=None)


def marks_of(facts: DealFacts, stage_since: datetime | None = None) -> tuple[Mark, ...]:
    """Return what happened with a deal as marks, `stage_since` being when it entered the stage where it stands."""
    found = [Mark("stage_entered", stage_since)] if stage_since is not None else []
    for talk in facts.talks:
        found.append(Mark(TALK, talk.at, talk.id))
        if talk.summary is not None:
            found.append(Mark(SUMMARY, talk.summary.sent_at, talk.id))
    found += [Mark(CUSTOMER_EVENT, event.at, event.id) for event in facts.customer_events]
    if facts.score is not None:
        found.append(Mark(SCORE, facts.score.at, facts.score.id))
    for output in facts.outputs.values():
        review = output.review
        if review is not None and not review.recalled:
            found.append(Mark("review_requested", review.requested_at, review.id))
            found += [Mark("vote", vote.at, review.id) for vote in review.votes]
    return tuple(found)


def evaluate(
    playbook: Playbook, facts: DealFacts, now: datetime, team: TeamCalendar, stage_since: datetime | None = None
) -> tuple[ClockRun, ...]:
    """Return the runs of all clocks of the playbook over a deal's facts, clock by clock."""
    marks = marks_of(facts, stage_since)
    return tuple(run for clock in playbook.clocks for run in runs(clock, marks, now, team))


def next_due(
    playbook: Playbook, facts: DealFacts, now: datetime, team: TeamCalendar, stage_since: datetime | None = None
) -> ClockRun | None:
    """Return the first run that is due and not stopped, of the clocks that have no line of their own in the agenda.

    A clock that renews itself, such as score to score, is judged by its last start alone.
    """
    own = {clock.key for clock in playbook.clocks if (clock.starts, clock.stops) not in _TOLD_APART}
    found = (r for r in evaluate(playbook, facts, now, team, stage_since) if r.clock in own and r.stopped_at is None)
    return min(found, key=lambda run: run.due_at, default=None)


# Scores


@dataclass(frozen=True, slots=True)
class ScoreLife:
    """Until when (UTC, exclusive) a score is fresh, None for ever; `event` is what shortened it at the customer."""

    until: datetime | None
    event: CustomerEventFact | None = None


def event_clock(playbook: Playbook) -> Clock | None:
    """Return the clock that says how soon a customer is scored again after something moved there, or None."""
    return next((c for c in playbook.clocks if (c.starts, c.stops) == (CUSTOMER_EVENT, SCORE)), None)


def score_life(
    playbook: Playbook, score: ScoreFact, events: Iterable[CustomerEventFact], team: TeamCalendar
) -> ScoreLife:
    """Return how long the newest score lasts: a month, or less when something moved since (handbook A, stage 2).

    An event counts when the score is from before it, and was not given after it was recorded.
    """
    valid_for = playbook.scoring.valid_for if playbook.scoring else None
    life = ScoreLife(deadline(score.at, valid_for, team) if valid_for else None)
    clock = event_clock(playbook)
    if clock is None:
        return life
    for event in events:
        if score.at >= event.at or score.id > event.after_score:
            continue
        until = deadline(event.at, clock.limit, team)
        if life.until is None or until < life.until:
            life = ScoreLife(until, event)
    return life


def score_runs(
    scoring: Scoring, playbook: Playbook, scores: Sequence[tuple[int, datetime]], events: Sequence[CustomerEventFact],
    now: datetime, team: TeamCalendar,
) -> Iterator[ClockRun]:  # fmt: skip
    """Yield how each score of one customer in one campaign was renewed: (number, when), in the order recorded.

    A score runs until its validity or, where something moved at the customer, until that clock has run out.
    """
    clock = event_clock(playbook)
    for place, (number, at) in enumerate(scores):
        renewed = scores[place + 1][1] if place + 1 < len(scores) else None
        dues = [(deadline(at, scoring.valid_for, team), at, scoring.valid_for)] if scoring.valid_for else []
        if clock is not None:
            dues += [
                (deadline(event.at, clock.limit, team), event.at, clock.limit)
                for event in events
                if at < event.at and number <= event.after_score and _is_newest(scores, place, event)
            ]
        if dues:
            _due, started, limit = min(dues, key=lambda each: each[0])
            yield run_of(SCORE, limit, started, renewed, now, team, number)


def _is_newest(scores: Sequence[tuple[int, datetime]], place: int, event: CustomerEventFact) -> bool:
    """Tell whether this score was the one that counted when the event happened."""
    return place + 1 == len(scores) or scores[place + 1][1] >= event.at or scores[place + 1][0] > event.after_score
