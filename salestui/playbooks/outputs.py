"""Judges the outputs of a stage: their parts must fit each other, and what they name must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.playbooks.forms import Problem, form_problems

if TYPE_CHECKING:
    from salestui.playbooks.models import (
        ConditionModel,
        FieldModel,
        OutputModel,
        PlaybookModel,
        ReviewModel,
        StageModel,
    )

RESERVED = ("grade",)
"""Keys no output may have: the gate names a requirement of its own so."""

TALK_CHANNELS = ("phone", "email", "visit", "video")
_OWNERS = {
    "score": ("customer_in_campaign",),
    "classification": ("campaign", "customer_in_campaign"),
    "talk": ("deal",),
}
_FORM_ONLY = ("files", "valid_for", "send", "requires_sent", "sent_before")


def output_problems(book: PlaybookModel, stage: StageModel) -> Iterator[Problem]:
    """Judge every output of `stage`."""
    known = [output.key for output in _through(book, stage)]
    for output in stage.outputs:
        where = f"stages.{stage.key}.outputs.{output.key}"
        if output.key in RESERVED:
            yield f"{where}.key", _("is a word of the program itself; choose another key")
        yield from _kind_problems(book, output, where)
        yield from form_problems(output.fields, f"{where}.fields")
        yield from _answer_problems(known, book, output, f"{where}.fields")
        if output.required_when is not None:
            yield from _condition_problems(book, output.required_when, f"{where}.required_when")
        if output.review is not None:
            yield from _review_problems(book, known, output, output.review, f"{where}.review")
        if output.send is not None:
            yield from form_problems(output.send.fields, f"{where}.send.fields")
            yield from _needs_field(output.send.fields, ("date", "datetime"), None, f"{where}.send.fields")
        yield from _sending_order_problems(book, known, output, where)


def _answer_problems(known: list[str], book: PlaybookModel, output: OutputModel, where: str) -> Iterator[Problem]:
    """What answers rows is a form of its own, asked by then, of the same deal or of something that many deals share."""
    forms = {other.key: other for stage in book.stages for other in stage.outputs if other.met_by is None}
    for field in output.fields:
        for column in field.columns:
            for number, rule in enumerate(column.rules, 1):
                of = rule.answers
                if of is not None and (of not in known or of not in forms or of == output.key):
                    yield (
                        f"{where}.{field.key}.columns.{column.key}.rules[{number}].answers",
                        _("must be another form of this stage or of one before it"),
                    )


def _through(book: PlaybookModel, stage: StageModel) -> list[OutputModel]:
    index = next(number for number, other in enumerate(book.stages) if other is stage)
    return [output for other in book.stages[: index + 1] for output in other.outputs]


def _kind_problems(book: PlaybookModel, output: OutputModel, where: str) -> Iterator[Problem]:
    kind = output.met_by
    if kind is None:
        yield from _form_kind_problems(output, where)
        return
    for name in (*_FORM_ONLY, *(() if kind == "talk" else ("fields",))):
        if getattr(output, name) not in (None, []):
            yield (
                f"{where}.{name}",
                _('does not go with met_by = "{kind}": nobody fills in a form there').format(kind=kind),
            )
    if kind != "review" and output.review is not None:
        yield f"{where}.review", _('goes with a form or with met_by = "review" only')
    if kind != "talk" and output.summary is not None:
        yield f"{where}.summary", _('goes with met_by = "talk" only')
    if kind in _OWNERS and output.owner not in _OWNERS[kind]:
        yield f"{where}.owner", _("must be one of {choices}").format(choices=", ".join(_OWNERS[kind]))
    if kind == "score":
        yield from _score_kind_problems(book, output, where)
    elif kind == "classification" and not book.classes:
        yield f"{where}.met_by", _("this playbook has no classes")
    elif kind == "review" and output.review is None:
        yield f"{where}.review", _("is missing; say whose approval is needed, and of which output")
    elif kind == "talk":
        yield from _talk_problems(output, where)


def _form_kind_problems(output: OutputModel, where: str) -> Iterator[Problem]:
    if output.summary is not None:
        yield f"{where}.summary", _('goes with met_by = "talk" only')
    files = output.files.min if output.files else 0
    asked = any(field.required for field in output.fields) or files > 0
    if not asked and not output.optional:
        yield f"{where}.fields", _("an empty form would pass: make a field required, or ask for a file")
    if output.files and output.files.max is not None and output.files.max < output.files.min:
        yield f"{where}.files.max", _("must not be below min ({min})").format(min=output.files.min)


def _score_kind_problems(book: PlaybookModel, output: OutputModel, where: str) -> Iterator[Problem]:
    if book.scoring is None:
        yield f"{where}.met_by", _("this playbook has no scoring")
        return
    stage = next((each for each in book.stages if each.key == book.scoring.stage), None)
    if stage is not None and all(each.key != output.key for each in stage.outputs):
        yield f"{where}.met_by", _("must stand in stage {key}, which scoring.stage names").format(key=stage.key)


def _talk_problems(output: OutputModel, where: str) -> Iterator[Problem]:
    yield from _needs_field(output.fields, ("datetime",), "at", f"{where}.fields")
    channel = next((field for field in output.fields if field.key == "channel"), None)
    if channel is not None and {choice.key for choice in channel.choices} - set(TALK_CHANNELS):
        yield (
            f"{where}.fields.channel.choices",
            _("a talk's channels are: {choices}").format(choices=", ".join(TALK_CHANNELS)),
        )
    if output.summary is not None:
        path = f"{where}.summary.fields"
        yield from form_problems(output.summary.fields, path)
        yield from _needs_field(output.summary.fields, ("datetime",), "sent_at", path)


def _needs_field(fields: list[FieldModel], types: tuple[str, ...], key: str | None, where: str) -> Iterator[Problem]:
    """Ask for a required field of one of `types`, called `key` where that is given."""
    if not any(field.required and field.type in types and key in (None, field.key) for field in fields):
        if key is None:
            yield (
                where,
                _("a required field of type {types} is missing: when was it sent?").format(types=" / ".join(types)),
            )
        else:
            yield (
                f"{where}.{key}",
                _("is missing; a required field of type {types} is needed").format(types=" / ".join(types)),
            )


def _condition_problems(book: PlaybookModel, condition: ConditionModel, where: str) -> Iterator[Problem]:
    grades = [grade.key for grade in book.scoring.grades] if book.scoring else []
    scenarios = [scenario.key for scenario in book.scenarios]
    for number, grade in enumerate(condition.grades, 1):
        if grade not in grades:
            yield (
                f"{where}.grades[{number}]",
                _("there is no grade {key}; the grades: {keys}").format(key=grade, keys=", ".join(grades) or "-"),
            )
    for number, scenario in enumerate(condition.scenarios, 1):
        if scenario not in scenarios:
            yield (
                f"{where}.scenarios[{number}]",
                _("there is no scenario {key}; the scenarios: {keys}").format(
                    key=scenario, keys=", ".join(scenarios) or "-"
                ),
            )
    if (condition.amount_at_least is None) != (condition.currency is None):
        yield where, _('amount_at_least and currency belong together, such as 500000 and "CNY"')
    if not condition.grades and not condition.scenarios and condition.amount_at_least is None:
        yield where, _("must name grades, scenarios or an amount; without it the output is always required")


def _review_problems(
    book: PlaybookModel, known: list[str], output: OutputModel, review: ReviewModel, where: str
) -> Iterator[Problem]:
    roles = [role.key for role in book.roles]
    for number, role in enumerate(review.roles, 1):
        if role not in roles:
            yield (
                f"{where}.roles[{number}]",
                _("there is no reviewer role {key}; the roles: {keys}").format(key=role, keys=", ".join(roles) or "-"),
            )
    if len(set(review.roles)) < len(review.roles):
        yield f"{where}.roles", _("names a role twice")
    if output.met_by is None and review.of != output.key:
        yield f"{where}.of", _("must be {key}: a form's review is of the form itself").format(key=output.key)
        return
    reviewed = next((each for stage in book.stages for each in stage.outputs if each.key == review.of), None)
    if reviewed is None or review.of not in known:
        yield f"{where}.of", _("there is no output {key} up to this stage").format(key=review.of)
    elif reviewed.met_by is not None:
        yield f"{where}.of", _("output {key} is no form, so it has no revisions to review").format(key=review.of)
    elif reviewed is not output and reviewed.review is not None:
        yield f"{where}.of", _("output {key} has a review of its own already").format(key=review.of)
    elif reviewed.owner != output.owner:
        yield (
            f"{where}.of",
            _("output {key} belongs to another owner ({owner})").format(key=review.of, owner=reviewed.owner),
        )


def _sending_order_problems(
    book: PlaybookModel, known: list[str], output: OutputModel, where: str
) -> Iterator[Problem]:
    if output.requires_sent is not None:
        sent = next((each for stage in book.stages for each in stage.outputs if each.key == output.requires_sent), None)
        if sent is None or sent.key not in known or sent.key == output.key:
            yield (
                f"{where}.requires_sent",
                _("there is no other output {key} up to this stage").format(key=output.requires_sent),
            )
        elif sent.send is None:
            yield f"{where}.requires_sent", _("output {key} is never sent: it has no send table").format(key=sent.key)
    if output.sent_before is not None:
        dates = [field.key for field in output.fields if field.type == "date"]
        if output.requires_sent is None:
            yield f"{where}.sent_before", _("needs requires_sent beside it")
        if output.sent_before not in dates:
            yield (
                f"{where}.sent_before",
                _("must be a field of type date of this output; there are: {keys}").format(
                    keys=", ".join(dates) or "-"
                ),
            )
