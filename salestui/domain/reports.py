"""Figures per rep for performance reviews (handbook B): pure sums over what happened, nothing that anybody typed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.clocks import ClockRun, ClockState
from salestui.domain.money import Money

__all__ = [
    "Aged",
    "DealEvent",
    "ExceptionLine",
    "ExceptionState",
    "Happened",
    "Hits",
    "Outcome",
    "RepReport",
    "StageAge",
    "Sum",
    "TeamReport",
    "ends",
    "hits",
    "sum_of",
]


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a clock was kept, stopped late, or missed; `running` ones are not decided yet and do not count."""

    kept: int = 0
    late: int = 0
    missed: int = 0
    running: int = 0

    @property
    def rate(self) -> int | None:
        """The hit rate in percent, rounded down so that 100 means all; None where nothing is decided."""
        decided = self.kept + self.late + self.missed
        return self.kept * 100 // decided if decided else None


def hits(runs: Iterable[ClockRun]) -> Hits:
    """Count how runs of clocks ended."""
    found = Counter(run.state for run in runs)
    return Hits(found[ClockState.KEPT], found[ClockState.LATE], found[ClockState.MISSED], found[ClockState.RUNNING])


@dataclass(frozen=True, slots=True)
class Sum:
    """How many deals, and their amounts added up per currency."""

    count: int = 0
    amounts: tuple[Money, ...] = ()


def sum_of(amounts: Iterable[Money | None]) -> Sum:
    """Add up deals by their amounts, None where a deal has none; currencies in the order of their codes."""
    totals: Counter[str] = Counter()
    count = 0
    for amount in amounts:
        count += 1
        if amount is not None:
            totals[amount.currency] += amount.minor
    return Sum(count, tuple(Money(totals[code], code) for code in sorted(totals)))


class Outcome(StrEnum):
    """How a deal ended in a span of time; a deal reopened again has not ended."""

    WON = "won"
    LOST = "lost"
    CANCELLED = "cancelled"
    IN_CARE = "in_care"


class Happened(StrEnum):
    """What an event did to a deal, as far as figures are concerned."""

    WON = "won"
    COMPLETED = "completed"
    LOST = "lost"
    CANCELLED = "cancelled"
    IN_CARE = "in_care"
    REOPENED = "reopened"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class DealEvent:
    """Something that happened to a deal, and who owned it then. `excepted`: a gate that an exception held open."""

    deal: int
    owner: int
    what: Happened
    excepted: bool = False


def ends(events: Sequence[DealEvent]) -> Mapping[int, tuple[Outcome, int]]:
    """Return how deals ended, with who owned them then; `events` stand in the order in which they happened.

    The last end counts. A deal that was won, then closed and reopened in the same span, is won again.
    """
    found: dict[int, tuple[Outcome, int]] = {}
    won: dict[int, int] = {}
    for event in events:
        if event.what is Happened.GATE or event.what is Happened.COMPLETED:
            continue
        if event.what is Happened.REOPENED:
            found.pop(event.deal, None)
            if event.deal in won:
                found[event.deal] = (Outcome.WON, won[event.deal])
            continue
        if event.what is Happened.WON:
            won[event.deal] = event.owner
        found[event.deal] = (Outcome(event.what.value), event.owner)
    return found


class ExceptionState(StrEnum):
    """Whether an exception holds: expired and revoked ones do not, and what they covered is unmet again."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception: for which deal and requirement, why, by whom, until when (`expires_at` exclusive, UTC)."""

    id: int
    deal: int
    label: str
    owner: int
    owner_name: str
    requirement: str
    title: str
    reason: str
    granted_by: str
    recorded_by: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    state: ExceptionState


@dataclass(frozen=True, slots=True)
class Aged:
    """One deal on the board: days since it entered its stage, and whether it stands still for too long."""

    days: int
    idle: bool
    amount: Money | None


@dataclass(frozen=True, slots=True)
class StageAge:
    """The deals of a rep in one stage now: how many, days in the stage on average (rounded), how many stand still."""

    playbook: str
    stage: str
    number: int
    title: str
    deals: int
    days: int
    idle: int


@dataclass(frozen=True, slots=True)
class RepReport:
    """One rep's figures from `since` to `until` (local days, both inclusive).

    `summaries` are those of his talks in that time, `scores` those whose renewal was settled then; `stages`, `open`
    and `without_step` are as of now. `gates` counts gates passed, `by_exception` how many of them with an exception.
    """

    user: int
    login: str
    name: str
    since: date
    until: date
    summaries: Hits
    scores: Hits
    gates: int
    by_exception: int
    completed: int
    outcomes: Mapping[Outcome, Sum]
    talks: tuple[tuple[str, int], ...]
    open: Sum
    without_step: int
    stages: tuple[StageAge, ...]
    exceptions: tuple[ExceptionLine, ...]


@dataclass(frozen=True, slots=True)
class TeamReport:
    """The team's figures: one report per rep, and every exception that was in force in that time."""

    since: date
    until: date
    reps: tuple[RepReport, ...]
    exceptions: tuple[ExceptionLine, ...]
