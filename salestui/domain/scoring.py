"""Scores and grades: the total of a scorecard decides the grade; warnings never change it (handbook A, stage 2)."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.domain.playbook import Grade, ScoreWarning, Scoring


def total(scoring: Scoring, values: Mapping[str, int]) -> int:
    """Return the weighted total of the criteria that have a value."""
    return sum(values[c.key] * c.weight for c in scoring.criteria if c.key in values)


def grade_for(scoring: Scoring, points: int) -> Grade:
    """Return the best grade whose threshold `points` reaches; the last grade where none is reached."""
    return next((grade for grade in scoring.grades if points >= grade.at_least), scoring.grades[-1])


def possible_range(scoring: Scoring, values: Mapping[str, int]) -> tuple[int, int]:
    """Return the lowest and highest total still possible when the criteria without a value are scored."""
    done = total(scoring, values)
    rest = [criterion for criterion in scoring.criteria if criterion.key not in values]
    low = sum(criterion.min * criterion.weight for criterion in rest)
    high = sum(criterion.max * criterion.weight for criterion in rest)
    return done + low, done + high


def warnings(scoring: Scoring, grade: str, values: Mapping[str, int]) -> tuple[ScoreWarning, ...]:
    """Return the warnings for a customer of `grade`: an A with urgency, budget or decision chain at 2 or less."""
    return tuple(
        warning
        for warning in scoring.warnings
        if warning.grade == grade and any(key in values and values[key] <= warning.at_most for key in warning.criteria)
    )


def missing(scoring: Scoring, values: Mapping[str, int], evidence: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (criterion, "value" | "range" | "evidence") for everything a complete scorecard still lacks."""
    lacks: list[tuple[str, str]] = []
    for criterion in scoring.criteria:
        if criterion.key not in values:
            lacks.append((criterion.key, "value"))
        elif not criterion.min <= values[criterion.key] <= criterion.max:
            lacks.append((criterion.key, "range"))
        if scoring.evidence_required and not evidence.get(criterion.key, "").strip():
            lacks.append((criterion.key, "evidence"))
    return tuple(lacks)
