"""The playbook file's format as strict pydantic models: every key, its type and its bounds.

What depends on more than one place of the file (references, unique keys, rules of a field's type) is judged afterwards
by `references` and `forms`. The docstring of each model is its entry in docs/playbook.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from salestui.playbooks.build import FORMAT

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
GradeKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*[+-]?$", max_length=8)]
Extension = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$", max_length=10)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Bound = Annotated[int, Field(ge=-(10**12), le=10**12)]

Event = Literal["talk", "summary", "score", "customer_event", "stage_entered", "review_requested", "vote"]


class Strict(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextModel(Strict):
    """A text in both languages."""

    zh: Words
    en: Words


class DurationModel(Strict):
    """A length of time."""

    count: Count
    unit: Literal["hours", "days", "working_days", "months", "month_end"]


class ChoiceModel(Strict):
    """One answer of a choice field."""

    key: Key
    text: TextModel


class RequiredWhenModel(Strict):
    """When a field is required because of another one."""

    field: Key
    below: Bound | None = None
    values: list[Key] = []


class RuleModel(Strict):
    """One rule of a field: exactly one of `distinct`, `covers`, `after`, `required_when`, `answers`."""

    distinct: Key | None = None
    at_least: Count | None = None
    covers: Key | None = None
    values: list[Key] = []
    after: Key | None = None
    required_when: RequiredWhenModel | None = None
    answers: Key | None = None
    since: Key | None = None
    unless: Key | None = None


class FieldModel(Strict):
    """One field of a form, or one column of a table."""

    key: Key
    type: Literal[
        "text",
        "long_text",
        "integer",
        "decimal",
        "money",
        "date",
        "datetime",
        "yes_no",
        "choice",
        "choices",
        "person",
        "table",
    ]
    label: TextModel
    help: TextModel | None = None
    example: TextModel | None = None
    why: TextModel | None = None
    required: bool = False
    choices: list[ChoiceModel] = []
    passes: list[Key] = []
    min: Bound | None = None
    max: Bound | None = None
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    columns: list[FieldModel] = []
    min_rows: Count | None = None
    rules: list[RuleModel] = []
    prefill: str | None = None


class FilesModel(Strict):
    """The files an output asks for or takes."""

    min: Annotated[int, Field(ge=0, le=100)] = 0
    max: Annotated[int, Field(ge=1, le=1000)] | None = None
    types: list[Extension] = []


class ConditionModel(Strict):
    """When an output is required; all parts that are given must hold."""

    grades: list[GradeKey] = []
    scenarios: list[Key] = []
    amount_at_least: Annotated[int, Field(ge=0, le=10**12)] | None = None
    currency: Currency | None = None


class ReviewModel(Strict):
    """Who approves an output before the gate passes."""

    of: Key
    roles: Annotated[list[Key], Field(min_length=1)]
    mode: Literal["all", "any", "sequence"] = "all"
    required: bool = True
    one_person_many_roles: bool = False


class SendModel(Strict):
    """What is asked when an output was sent to the customer."""

    fields: Annotated[list[FieldModel], Field(min_length=1)]


class SummaryModel(Strict):
    """The written summary of a talk."""

    within: DurationModel
    fields: Annotated[list[FieldModel], Field(min_length=1)]


class OutputModel(Strict):
    """A required deliverable of a stage."""

    key: Key
    title: TextModel
    owner: Literal["campaign", "customer_in_campaign", "customer", "deal"]
    holds: Literal["until_won", "always"]
    goal: TextModel | None = None
    why: TextModel | None = None
    fields: list[FieldModel] = []
    files: FilesModel | None = None
    required_when: ConditionModel | None = None
    valid_for: DurationModel | None = None
    met_by: Literal["score", "classification", "talk", "review"] | None = None
    review: ReviewModel | None = None
    send: SendModel | None = None
    summary: SummaryModel | None = None
    requires_sent: Key | None = None
    sent_before: Key | None = None
    exceptable: bool = True
    optional: bool = False
    derived: bool = False


class DataModel(Strict):
    """What in the data meets a key action, so that nobody needs to tick it."""

    by: Literal["output", "score", "classification", "talk", "summary", "sent", "customer", "follow_up"]
    output: Key | None = None
    field: Key | None = None
    column: Key | None = None
    at_least: Count | None = None


class ActionModel(Strict):
    """One key action of a stage."""

    key: Key
    title: TextModel
    why: TextModel | None = None
    note_required: bool = False
    data: DataModel | None = None
    holds: Literal["until_won", "always"] = "always"
    exceptable: bool = True
    derived: bool = False


class StageModel(Strict):
    """One column of the board."""

    key: Key
    title: TextModel
    short: TextModel
    goal: TextModel
    owners: Annotated[list[TextModel], Field(min_length=1)]
    tip: TextModel | None = None
    guidance: list[TextModel] = []
    actions: list[ActionModel] = []
    outputs: list[OutputModel] = []
    ageing_limit: Count | None = None
    win_probability: Annotated[int, Field(ge=0, le=100)] | None = None
    passing_grades: list[GradeKey] = []
    delivery: bool = False
    retired: bool = False
    derived: bool = False


class CriterionModel(Strict):
    """One criterion of the scorecard."""

    key: Key
    title: TextModel
    short: TextModel
    help: TextModel
    min: Annotated[int, Field(ge=-1000, le=1000)]
    max: Annotated[int, Field(ge=-1000, le=1000)]
    meanings: list[TextModel]
    weight: Annotated[int, Field(ge=1, le=1000)] = 1


class GradeModel(Strict):
    """One grade, best first."""

    key: GradeKey
    title: TextModel
    meaning: TextModel
    consequence: TextModel
    at_least: Bound
    follow_up_days: Annotated[int, Field(ge=1, le=3660)] | None = None


class WarningModel(Strict):
    """A warning about a low criterion behind a good grade."""

    grade: GradeKey
    criteria: Annotated[list[Key], Field(min_length=1)]
    at_most: Bound
    text: TextModel


class ScoringModel(Strict):
    """The scorecard. A playbook without this table does not score."""

    stage: Key
    criteria: Annotated[list[CriterionModel], Field(min_length=1)]
    grades: Annotated[list[GradeModel], Field(min_length=1)]
    warnings: list[WarningModel] = []
    valid_for: DurationModel | None = None
    evidence_required: bool = True


class RoleModel(Strict):
    """A role in which people review."""

    key: Key
    title: TextModel


class ClassModel(Strict):
    """One list the customers of a campaign are sorted into."""

    key: Key
    title: TextModel
    verdict: Literal["passes", "needs_exception", "never"]
    help: TextModel | None = None


class ScenarioModel(Strict):
    """One kind of campaign."""

    key: Key
    title: TextModel
    help: TextModel | None = None


class ReasonModel(Strict):
    """A reason for losing or parking a deal."""

    key: Key
    title: TextModel


class ClockModel(Strict):
    """A deadline, started by one kind of event and stopped by another."""

    key: Key
    title: TextModel
    starts: Event
    stops: Event
    limit: DurationModel


class PlaybookModel(Strict):
    """The whole file."""

    format: Literal[FORMAT]  # type: ignore[valid-type] # the constant is the one name of the format
    key: Key
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: TextModel
    description: TextModel
    source: TextModel | None = None
    roles: list[RoleModel] = []
    scenarios: list[ScenarioModel] = []
    classes: list[ClassModel] = []
    scoring: ScoringModel | None = None
    stages: Annotated[list[StageModel], Field(min_length=1)]
    lost_reasons: list[ReasonModel] = []
    care_reasons: list[ReasonModel] = []
    clocks: list[ClockModel] = []
