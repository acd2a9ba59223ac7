"""The playbook as frozen data: what a handbook asks at every stage. It is built by `playbooks.loader` from TOML.

Fields, outputs and scoring live in modules of their own; their names are given here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.playbook_fields import (
    EMPTY,
    After,
    Answers,
    Choice,
    Covers,
    Distinct,
    Field,
    FieldType,
    RequiredWhen,
    Rule,
    Text,
)
from salestui.domain.playbook_outputs import (
    Condition,
    DataCheck,
    Duration,
    DurationUnit,
    FileRule,
    Holds,
    KeyAction,
    MetBy,
    Output,
    ReviewMode,
    ReviewRule,
    Scope,
    SendRule,
    SummaryRule,
)
from salestui.domain.playbook_scoring import Criterion, Grade, ScoreWarning, Scoring

__all__ = [
    "EMPTY",
    "After",
    "Answers",
    "Choice",
    "Clock",
    "Condition",
    "Covers",
    "Criterion",
    "CustomerClass",
    "DataCheck",
    "Distinct",
    "Duration",
    "DurationUnit",
    "Field",
    "FieldType",
    "FileRule",
    "Grade",
    "Holds",
    "KeyAction",
    "MetBy",
    "Output",
    "Playbook",
    "Reason",
    "RequiredWhen",
    "ReviewMode",
    "ReviewRule",
    "ReviewerRole",
    "Rule",
    "Scenario",
    "Scope",
    "ScoreWarning",
    "Scoring",
    "SendRule",
    "Stage",
    "SummaryRule",
    "Text",
    "Verdict",
]


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

    def asked_at(self, key: str) -> tuple[Stage, ...]:
        """Return the stages that ask something of a deal at stage `key`: a retired one only while it stands there."""
        return tuple(stage for stage in self.through(key) if not stage.retired or stage.key == key)

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

    def review_of(self, output_key: str) -> ReviewRule | None:
        """Return the rule by which output `output_key` is reviewed, its own or that of a review record, or None."""
        rules = (output.review for _, output in self.outputs())
        return next((rule for rule in rules if rule is not None and rule.of == output_key), None)

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
        """Return the first stage marked delivery: entering it wins the deal. One in use comes before a retired one."""
        delivering = sorted((stage for stage in self.stages if stage.delivery), key=lambda stage: stage.retired)
        return next(iter(delivering), None)
