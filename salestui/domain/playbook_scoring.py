"""A handbook's scorecard as frozen data: criteria, grades, warnings, validity."""

from __future__ import annotations

from salestui.dataclass import dataclass
from salestui.domain.playbook_fields import Text
from salestui.domain.playbook_outputs import Duration


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
