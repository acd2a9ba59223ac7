"""What a stage asks as frozen data: its outputs with their reviews and sendings, and its key actions."""

from __future__ import annotations

from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.playbook_fields import EMPTY, Field, Text


class DurationUnit(StrEnum):
    """Units of clocks and validities."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    MONTH_END = "month_end"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in calendar or working units; `MONTH_END` with count n means the end of the n-th month on."""

    count: int
    unit: DurationUnit


class Scope(StrEnum):
    """To whom an output belongs: the thing that owns its revisions."""

    CAMPAIGN = "campaign"
    CUSTOMER_IN_CAMPAIGN = "customer_in_campaign"
    CUSTOMER = "customer"
    DEAL = "deal"


class Holds(StrEnum):
    """Until when a requirement is asked."""

    UNTIL_WON = "until_won"
    ALWAYS = "always"


class MetBy(StrEnum):
    """Where an output lives that nobody fills in as a form, or what meets a key action."""

    OUTPUT = "output"
    SCORE = "score"
    CLASSIFICATION = "classification"
    TALK = "talk"
    SUMMARY = "summary"
    REVIEW = "review"
    SENT = "sent"
    CUSTOMER = "customer"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class FileRule:
    """How many files an output needs, and of which types (lower-case extensions; empty: any)."""

    min: int = 0
    max: int | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """When an output is required: all parts that are given must hold.

    `grades` and `scenarios` list the grades or scenarios it is required for. `amount_at_least` is in minor units of
    `currency`; an amount in another currency counts as reaching it, and so does an amount nobody gave.
    """

    grades: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    amount_at_least: int | None = None
    currency: str = ""


class ReviewMode(StrEnum):
    """Whose approval a review needs: of all its roles, of any one, or of all in the order given."""

    ALL = "all"
    ANY = "any"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """Who must approve which output before the gate passes.

    `of` is the key of the output whose current revision is reviewed. `required` False: it may be asked for, the gate
    does not need it. `one_person_many_roles` lets one person vote in more than one role of the same review.
    """

    of: str
    roles: tuple[str, ...]
    mode: ReviewMode = ReviewMode.ALL
    required: bool = True
    one_person_many_roles: bool = False


@dataclass(frozen=True, slots=True)
class SendRule:
    """An output that goes to the customer after its review: the fields asked when it is marked as sent."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SummaryRule:
    """The written summary of a talk: its fields, and within how long after the talk it is to be sent."""

    fields: tuple[Field, ...]
    within: Duration


@dataclass(frozen=True, slots=True)
class Output:
    """A required deliverable of a stage.

    `met_by` is None for a form; otherwise the output lives in the data: the score, the classification, a talk, or
    the review of another output. `requires_sent` names an output that must have been sent to the customer, on its
    current revision, before this one may be submitted; `sent_before` is the date field of this output that must not
    lie before that sending.
    """

    key: str
    title: Text
    owner: Scope
    holds: Holds
    goal: Text = EMPTY
    why: Text = EMPTY
    fields: tuple[Field, ...] = ()
    files: FileRule = FileRule()
    required_when: Condition | None = None
    valid_for: Duration | None = None
    met_by: MetBy | None = None
    review: ReviewRule | None = None
    send: SendRule | None = None
    summary: SummaryRule | None = None
    requires_sent: str = ""
    sent_before: str = ""
    exceptable: bool = True
    optional: bool = False
    derived: bool = False

    def field(self, key: str) -> Field:
        """Return the field `key`; raises KeyError where there is none."""
        for candidate in self.fields:
            if candidate.key == key:
                return candidate
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class DataCheck:
    """What in the data meets a key action.

    OUTPUT with `field`: that field of the output's current revision holds a complete value; with `column` and
    `at_least`, at least that many different values in the column. OUTPUT alone: the output is complete where required.
    TALK with `field`: the talk that fulfils the communication record holds it. SUMMARY: that talk's summary is sent.
    SENT: the output was approved and then sent. SCORE: fresh. CLASSIFICATION: any class with a reason.
    CUSTOMER with `field`: that field of the customer's card is filled. FOLLOW_UP: a planned activity lies ahead.
    """

    by: MetBy
    output: str = ""
    field: str = ""
    column: str = ""
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class KeyAction:
    """A line of a stage's checklist: ticked by a person (`data` None), or met by the data."""

    key: str
    title: Text
    why: Text = EMPTY
    note_required: bool = False
    data: DataCheck | None = None
    holds: Holds = Holds.ALWAYS
    exceptable: bool = True
    derived: bool = False
