"""What is true of one deal at one instant: everything the gate reads, loaded before it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.money import Money

Values = Mapping[str, object]


class Status(StrEnum):
    """Where a deal is in its life (design §2)."""

    OPEN = "open"
    WON = "won"
    COMPLETED = "completed"
    LOST = "lost"
    IN_CARE = "in_care"


class Decision(StrEnum):
    """What a reviewer says."""

    APPROVE = "approve"
    REJECT = "reject"
    ASK_CHANGE = "ask_change"


@dataclass(frozen=True, slots=True)
class FileFact:
    """A stored file: shown name, content hash (SHA-256, hex), size in bytes, lower-case extension."""

    name: str
    sha256: str
    size: int
    type: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class Revision:
    """A submitted revision of an output; numbers count from 1, times are UTC."""

    id: int
    number: int
    values: Values
    files: tuple[FileFact, ...]
    author: int
    author_name: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoteFact:
    """One vote in one role; `recorded_by` names who recorded it for somebody else, empty when voted in person.

    `deputy_for` names the absent person for whom a deputy voted, and `absent` is that person's user number.
    """

    role: str
    name: str
    decision: Decision
    at: datetime
    user: int | None = None
    comment: str = ""
    recorded_by: str = ""
    evidence: str = ""
    deputy_for: str = ""
    absent: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """The newest review of an output: which revision it reads, and the votes so far."""

    id: int
    revision: int
    requested_by: int
    requested_by_name: str
    requested_at: datetime
    votes: tuple[VoteFact, ...] = ()
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class SentFact:
    """A revision that went to the customer: the fields of the playbook's send rule, and when it was recorded."""

    revision: int
    values: Values
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class OutputFacts:
    """One output as it stands: the latest submitted revision unless withdrawn, its review and its sending."""

    key: str
    revision: Revision | None = None
    withdrawn: bool = False
    has_draft: bool = False
    review: ReviewFact | None = None
    sent: SentFact | None = None


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """One scorecard of (customer, campaign)."""

    id: int
    at: datetime
    by_name: str
    values: Mapping[str, int]
    evidence: Mapping[str, str]
    total: int
    grade: str


@dataclass(frozen=True, slots=True)
class CustomerEventFact:
    """Something that moved at a customer in a campaign, such as its budget: the score counts as due from `at` (UTC).

    `after_score` is the number of the newest scorecard when it was recorded, 0 without one.
    """

    id: int
    kind: str
    day: date
    at: datetime
    after_score: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """A conversation that is planned for `at`, since `planned_at`."""

    at: datetime
    all_day: bool
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class ClassFact:
    """On which list of the campaign the customer stands, and why."""

    key: str
    reason: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class SummaryFact:
    """The written summary of a talk: when it was sent, and its fields."""

    sent_at: datetime
    values: Values


@dataclass(frozen=True, slots=True)
class TalkFact:
    """A talk that took place; `values` are the fields of the playbook's communication record."""

    id: int
    at: datetime
    channel: str
    subject: str
    values: Values
    summary: SummaryFact | None = None


@dataclass(frozen=True, slots=True)
class ActionFact:
    """A key action ticked for this deal."""

    key: str
    at: datetime
    by_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionFact:
    """A manager's override of one requirement; in force until `expires_at` (UTC, exclusive)."""

    id: int
    requirement: str
    reason: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class DealFacts:
    """Everything true of one deal that its playbook may ask about.

    `outputs` are those of the playbook, each from what owns it there. `next_activity` is the first planned one, overdue
    or not; `planned_until` the last, `planned` all of them. `customer_events` stand in the order they were recorded in.
    """

    id: int
    stage: str
    status: Status
    owner: int
    version: int
    scenario: str = ""
    amount: Money | None = None
    outputs: Mapping[str, OutputFacts] = field(default_factory=dict)
    score: ScoreFact | None = None
    classification: ClassFact | None = None
    talks: tuple[TalkFact, ...] = ()
    actions: Mapping[str, ActionFact] = field(default_factory=dict)
    exceptions: tuple[ExceptionFact, ...] = ()
    customer: Values = field(default_factory=dict)
    next_activity: datetime | None = None
    next_all_day: bool = False
    planned_until: datetime | None = None
    customer_events: tuple[CustomerEventFact, ...] = ()
    planned: tuple[PlannedFact, ...] = ()

    @property
    def won(self) -> bool:
        """Whether the deal is won: requirements that hold until won are no longer asked."""
        return self.status in {Status.WON, Status.COMPLETED}
