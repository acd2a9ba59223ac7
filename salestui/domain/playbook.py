"""The playbook as frozen data: what a handbook asks at every stage. It is built by `playbooks.loader` from TOML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; proper names keep their Chinese beside the English."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        """Return the text in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


EMPTY = Text("", "")


class FieldType(StrEnum):
    """What a field holds; the names are those of the machine contract."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    TABLE = "table"


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
class Choice:
    """One answer of a choice field: a stable key and its text."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Distinct:
    """A table rule: at least `at_least` different values in column `column`."""

    column: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Covers:
    """A table rule: every one of `values` occurs in column `column` (a choice or choices column)."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class After:
    """A date rule: later than "today" (the day it is judged), or than another date field of the same form."""

    what: str


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """A field is required when another field of the form is below a number, or equals one of `values`."""

    field: str
    below: int | None = None
    values: tuple[str, ...] = ()


Rule = Distinct | Covers | After | RequiredWhen


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an output, or one column of a table field.

    `min` and `max` bound integers and decimals, inclusive; `decimals` is the most digits after the point.
    `passes` are the values (choice keys, or "yes") that let the gate pass. `min_rows` counts complete rows of a table.
    """

    key: str
    type: FieldType
    label: Text
    help: Text = EMPTY
    example: Text = EMPTY
    why: Text = EMPTY
    required: bool = False
    choices: tuple[Choice, ...] = ()
    passes: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    decimals: int | None = None
    columns: tuple[Field, ...] = ()
    min_rows: int | None = None
    rules: tuple[Rule, ...] = ()
    prefill: str = ""

    def column(self, key: str) -> Field:
        """Return the column `key` of a table field."""
        return next(column for column in self.columns if column.key == key)

    def choice(self, key: str) -> Choice | None:
        """Return the choice `key`, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)


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
    `currency`; an amount in another currency counts as reaching it.
    """

    grades: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    amount_at_least: int | None = None
    currency: str = ""


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


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of the board.

    `number` counts from 1. `ageing_limit` is in days without customer-facing activity; `win_probability` in percent;
    `passing_grades` empty means that the grade is not asked here. A retired stage takes no new deals.
    """

    key: str
    number: int
    title: Text
    short: Text
    goal: Text
    owners: tuple[Text, ...]
    guidance: tuple[Text, ...]
    actions: tuple[KeyAction, ...]
    outputs: tuple[Output, ...]
    tip: Text = EMPTY
    ageing_limit: int | None = None
    win_probability: int | None = None
    passing_grades: tuple[str, ...] = ()
    delivery: bool = False
    retired: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the scorecard: an integer from `min` to `max` (inclusive), times `weight` in the total.

    `meanings` has one text per value, from `min` on.
    """

    key: str
    title: Text
    short: Text
    help: Text
    min: int
    max: int
    meanings: tuple[Text, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade is given from total `at_least` (inclusive) up to the next better grade's threshold.

    `follow_up_days` is the rhythm in which a customer of this grade is to be contacted.
    """

    key: str
    title: Text
    meaning: Text
    consequence: Text
    at_least: int
    follow_up_days: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreWarning:
    """Warn when a customer of `grade` has one of `criteria` at `at_most` or below; the total decides all the same."""

    grade: str
    criteria: tuple[str, ...]
    at_most: int
    text: Text


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scorecard: criteria, grades from best to worst, warnings, and how long a score stays fresh."""

    criteria: tuple[Criterion, ...]
    grades: tuple[Grade, ...]
    warnings: tuple[ScoreWarning, ...] = ()
    valid_for: Duration | None = None
    evidence_required: bool = True

    @property
    def lowest(self) -> int:
        """The lowest possible total."""
        return sum(criterion.min * criterion.weight for criterion in self.criteria)

    @property
    def highest(self) -> int:
        """The highest possible total."""
        return sum(criterion.max * criterion.weight for criterion in self.criteria)

    def grade(self, key: str) -> Grade | None:
        """Return the grade `key`, or None."""
        return next((grade for grade in self.grades if grade.key == key), None)


class Verdict(StrEnum):
    """What a class of customers means for the gate."""

    PASSES = "passes"
    NEEDS_EXCEPTION = "needs_exception"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """One list a campaign's customers are sorted into (handbook A, stage 1)."""

    key: str
    title: Text
    verdict: Verdict
    help: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of campaign."""

    key: str
    title: Text
    help: Text = EMPTY


@dataclass(frozen=True, slots=True)
class ReviewerRole:
    """A role in which people review; given to users."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for losing or for parking a deal."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: started and stopped by a kind of fact, with its limit.

    `starts` and `stops` name events of the product: "talk", "summary", "score", "customer_event", "stage_entered",
    "review_requested", "vote".
    """

    key: str
    title: Text
    starts: str
    stops: str
    limit: Duration


@dataclass(frozen=True, slots=True)
class Playbook:
    """One version of one handbook, complete and checked: every reference in it points at something."""

    key: str
    version: int
    title: Text
    description: Text
    stages: tuple[Stage, ...]
    roles: tuple[ReviewerRole, ...] = ()
    scoring: Scoring | None = None
    scoring_stage: str = ""
    classes: tuple[CustomerClass, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    lost_reasons: tuple[Reason, ...] = ()
    care_reasons: tuple[Reason, ...] = ()
    clocks: tuple[Clock, ...] = ()
    source: Text = EMPTY
    _stages: dict[str, Stage] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stages", {stage.key: stage for stage in self.stages})

    def stage(self, key: str) -> Stage:
        """Return the stage `key`; raises KeyError where there is none."""
        return self._stages[key]

    def has_stage(self, key: str) -> bool:
        """Tell whether there is a stage `key`."""
        return key in self._stages

    def next_stage(self, key: str) -> Stage | None:
        """Return the first stage right of `key` that is not retired, or None at the last."""
        after = self.stages[self._stages[key].number :]
        return next((stage for stage in after if not stage.retired), None)

    def first_stage(self) -> Stage:
        """Return the stage where deals begin."""
        return next(stage for stage in self.stages if not stage.retired)

    def through(self, key: str) -> tuple[Stage, ...]:
        """Return the stages from the first to `key`, inclusive."""
        return self.stages[: self._stages[key].number]

    def outputs(self) -> Iterator[tuple[Stage, Output]]:
        """Walk all outputs with their stages, in order."""
        for stage in self.stages:
            for output in stage.outputs:
                yield stage, output

    def output(self, key: str) -> Output:
        """Return the output `key`; raises KeyError where there is none."""
        for _, output in self.outputs():
            if output.key == key:
                return output
        raise KeyError(key)

    def stage_of(self, output_key: str) -> Stage:
        """Return the stage that asks for output `output_key`; raises KeyError where there is none."""
        for stage, output in self.outputs():
            if output.key == output_key:
                return stage
        raise KeyError(output_key)

    def action(self, key: str) -> tuple[Stage, KeyAction]:
        """Return the key action `key` with its stage; raises KeyError where there is none."""
        for stage in self.stages:
            for action in stage.actions:
                if action.key == key:
                    return stage, action
        raise KeyError(key)

    def talk_output(self) -> Output | None:
        """Return the output that a talk fulfils (the communication record), or None."""
        return next((output for _, output in self.outputs() if output.met_by is MetBy.TALK), None)

    def customer_class(self, key: str) -> CustomerClass | None:
        """Return the class `key`, or None."""
        return next((cls for cls in self.classes if cls.key == key), None)

    def role(self, key: str) -> ReviewerRole | None:
        """Return the reviewer role `key`, or None."""
        return next((role for role in self.roles if role.key == key), None)

    def delivery_stage(self) -> Stage | None:
        """Return the first stage marked delivery: entering it wins the deal."""
        return next((stage for stage in self.stages if stage.delivery), None)
