"""What one part of a playbook says about another: every reference must point at something that can answer it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.playbooks.actions import action_problems
from salestui.playbooks.forms import Problem, repeated, repeated_problem
from salestui.playbooks.outputs import output_problems
from salestui.playbooks.retired import retired_problems

if TYPE_CHECKING:
    from salestui.playbooks.models import CriterionModel, PlaybookModel, ScoringModel, StageModel


def reference_problems(book: PlaybookModel) -> Iterator[Problem]:
    """Judge a playbook whose shape is right, in the order of the format."""
    yield from _unique_lists(book)
    if book.scoring is not None:
        yield from _scoring_problems(book, book.scoring)
    yield from _list_problems(book)
    yield from _stages_problems(book)
    for stage in book.stages:
        yield from _stage_problems(book, stage)
        yield from action_problems(book, stage)
        yield from output_problems(book, stage)
    yield from retired_problems(book)


def _unique(items: Iterable[object], path: str) -> Iterator[Problem]:
    for key in repeated(str(getattr(item, "key", "")) for item in items):
        yield repeated_problem(f"{path}.{key}")


def _unique_lists(book: PlaybookModel) -> Iterator[Problem]:
    for name in ("roles", "scenarios", "classes", "stages", "lost_reasons", "care_reasons", "clocks"):
        yield from _unique(getattr(book, name), name)
    for key in repeated(output.key for stage in book.stages for output in stage.outputs):
        yield f"outputs.{key}", _("stands more than once; an output's key must be different in the whole playbook")
    for key in repeated(action.key for stage in book.stages for action in stage.actions):
        yield f"actions.{key}", _("stands more than once; an action's key must be different in the whole playbook")
    actions = {action.key for stage in book.stages for action in stage.actions}
    for stage in book.stages:
        for output in stage.outputs:
            if output.key in actions:
                where = f"stages.{stage.key}.outputs.{output.key}.key"
                yield where, _("is also the key of a key action; choose another")


def _list_problems(book: PlaybookModel) -> Iterator[Problem]:
    met_by = [output.met_by for stage in book.stages for output in stage.outputs]
    if book.classes and "classification" not in met_by:
        yield "classes", _('nothing asks for the classes: add an output with met_by = "classification", or drop them')
    if book.scoring is not None and "score" not in met_by:
        yield "scoring", _('nothing asks for the score: add an output with met_by = "score", or drop the scoring')
    for kind in ("score", "classification", "talk"):
        if met_by.count(kind) > 1:
            yield "stages", _('only one output may have met_by = "{kind}"').format(kind=kind)


def _stages_problems(book: PlaybookModel) -> Iterator[Problem]:
    if all(stage.retired for stage in book.stages):
        yield "stages", _("all stages are retired; at least one must be in use")
    if book.stages[0].delivery:
        where = f"stages.{book.stages[0].key}.delivery"
        yield where, _("must not be true: a deal would be won the moment it is made")


def _stage_problems(book: PlaybookModel, stage: StageModel) -> Iterator[Problem]:
    where = f"stages.{stage.key}"
    if stage.passing_grades and book.scoring is None:
        yield f"{where}.passing_grades", _("this playbook has no scoring, so no grade can pass")
        return
    if book.scoring is None:
        return
    grades = [grade.key for grade in book.scoring.grades]
    for number, grade in enumerate(stage.passing_grades, 1):
        if grade not in grades:
            path = f"{where}.passing_grades[{number}]"
            yield path, _("there is no grade {key}; the grades: {keys}").format(key=grade, keys=", ".join(grades))
    order = [each.key for each in book.stages]
    scored_from = book.scoring.stage
    if stage.passing_grades and scored_from in order and order.index(stage.key) < order.index(scored_from):
        yield f"{where}.passing_grades", _("the score is only asked from stage {key} on").format(key=scored_from)


def _scoring_problems(book: PlaybookModel, scoring: ScoringModel) -> Iterator[Problem]:
    stages = [stage.key for stage in book.stages]
    if scoring.stage not in stages:
        yield (
            "scoring.stage",
            _("there is no stage {key}; the stages: {keys}").format(key=scoring.stage, keys=", ".join(stages)),
        )
    yield from _unique(scoring.criteria, "scoring.criteria")
    yield from _unique(scoring.grades, "scoring.grades")
    for criterion in scoring.criteria:
        yield from _criterion_problems(criterion)
    yield from _grade_problems(scoring)
    yield from _warning_problems(scoring)


def _criterion_problems(criterion: CriterionModel) -> Iterator[Problem]:
    where = f"scoring.criteria.{criterion.key}"
    if criterion.min >= criterion.max:
        yield f"{where}.max", _("must be above min ({min})").format(min=criterion.min)
        return
    values = criterion.max - criterion.min + 1
    if len(criterion.meanings) != values:
        yield (
            f"{where}.meanings",
            _("must hold one text per value: {values} from {min} to {max}, not {n}").format(
                values=values, min=criterion.min, max=criterion.max, n=len(criterion.meanings)
            ),
        )


def _grade_problems(scoring: ScoringModel) -> Iterator[Problem]:
    for better, worse in pairwise(scoring.grades):
        if worse.at_least >= better.at_least:
            where = f"scoring.grades.{worse.key}.at_least"
            yield (
                where,
                _("must be below {n}, the threshold of {key}: list the best grade first").format(
                    n=better.at_least, key=better.key
                ),
            )
    lowest = sum(criterion.min * criterion.weight for criterion in scoring.criteria)
    highest = sum(criterion.max * criterion.weight for criterion in scoring.criteria)
    last = scoring.grades[-1]
    if last.at_least > lowest:
        where = f"scoring.grades.{last.key}.at_least"
        yield where, _("must be {n} or less, the lowest total, so that every total has a grade").format(n=lowest)
    for grade in scoring.grades:
        if grade.at_least > highest:
            where = f"scoring.grades.{grade.key}.at_least"
            yield where, _("cannot be reached: the highest total is {n}").format(n=highest)


def _warning_problems(scoring: ScoringModel) -> Iterator[Problem]:
    grades = [grade.key for grade in scoring.grades]
    criteria = [criterion.key for criterion in scoring.criteria]
    for number, warning in enumerate(scoring.warnings, 1):
        where = f"scoring.warnings[{number}]"
        if warning.grade not in grades:
            yield (
                f"{where}.grade",
                _("there is no grade {key}; the grades: {keys}").format(key=warning.grade, keys=", ".join(grades)),
            )
        for place, key in enumerate(warning.criteria, 1):
            if key not in criteria:
                yield (
                    f"{where}.criteria[{place}]",
                    _("there is no criterion {key}; the criteria: {keys}").format(key=key, keys=", ".join(criteria)),
                )
