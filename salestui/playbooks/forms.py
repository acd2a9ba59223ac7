"""What the fields of a form may and may not carry, by type, and what their rules refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.playbooks.models import FieldModel, RequiredWhenModel, RuleModel

Problem = tuple[str, str]

PREFILLS = tuple(
    f"customer.{name}"
    for name in ("name", "short_name", "industry", "region", "size", "website", "address", "source", "need")
)
"""What of the customer's card may stand in a field when its form is opened for the first time."""

RESERVED = ("files", "today")
"""Keys no field may have: attached files and the day of judgement are called so."""

_CHOOSING = {"choice", "choices"}
_DATES = {"date", "datetime"}
_NUMBERS = {"integer", "decimal", "money"}
_KINDS = ("distinct", "covers", "after", "required_when", "answers")
"""What a rule can be; each rule is exactly one of them."""
_WORDS = {"text", "long_text", "person"}
_BELONGS = {
    "choices": _CHOOSING,
    "columns": {"table"},
    "min_rows": {"table"},
    "min": _NUMBERS,
    "max": _NUMBERS,
    "decimals": {"decimal"},
    "passes": _CHOOSING | {"yes_no"},
    "prefill": _WORDS,
}


def repeated(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that stand more than once."""
    return tuple(key for key, count in Counter(keys).items() if count > 1)


def repeated_problem(path: str) -> Problem:
    """Say that the key at `path` stands twice."""
    return path, _("stands more than once; every key must be different")


def form_problems(fields: Sequence[FieldModel], path: str, *, columns: bool = False) -> Iterator[Problem]:
    """Judge the fields of one form, or the columns of one table; `path` is that of the list."""
    for key in repeated(field.key for field in fields):
        yield repeated_problem(f"{path}.{key}")
    for field in fields:
        where = f"{path}.{field.key}"
        yield from _attribute_problems(field, where)
        yield from _choice_problems(field, where)
        if field.key in RESERVED and not columns:
            yield f"{where}.key", _("is a word of the program itself; choose another key")
        if columns:
            yield from _column_problems(field, where)
        elif field.columns:
            yield from form_problems(field.columns, f"{where}.columns", columns=True)
        for number, rule in enumerate(field.rules, 1):
            yield from _rule_problems(field, rule, fields, f"{where}.rules[{number}]", columns=columns)


def _attribute_problems(field: FieldModel, where: str) -> Iterator[Problem]:
    for name, types in _BELONGS.items():
        if getattr(field, name) not in (None, []) and field.type not in types:
            yield (
                f"{where}.{name}",
                _("does not belong to a field of type {type}, only to: {types}").format(
                    type=field.type, types=", ".join(sorted(types))
                ),
            )
    if field.type in _CHOOSING and not field.choices:
        yield f"{where}.choices", _("is missing; a field of type {type} lists its answers").format(type=field.type)
    if field.type == "table" and not field.columns:
        yield f"{where}.columns", _("is missing; a table lists its columns, which are fields")
    if field.min is not None and field.max is not None and field.min > field.max:
        yield f"{where}.max", _("must not be below min ({min})").format(min=field.min)
    if field.prefill is not None and field.prefill not in PREFILLS:
        yield f"{where}.prefill", _("must be one of {choices}").format(choices=", ".join(PREFILLS))


def _column_problems(field: FieldModel, where: str) -> Iterator[Problem]:
    if field.type == "table":
        yield f"{where}.type", _("a table cannot stand inside a table")
    if field.passes:
        yield f"{where}.passes", _("does not belong to a column; put it on a field of the form")
    if field.prefill is not None:
        yield f"{where}.prefill", _("does not belong to a column; put it on a field of the form")


def _choice_problems(field: FieldModel, where: str) -> Iterator[Problem]:
    for key in repeated(choice.key for choice in field.choices):
        yield repeated_problem(f"{where}.choices.{key}")
    if field.type in _CHOOSING | {"yes_no"}:
        for number, value in enumerate(field.passes, 1):
            if value not in _answers(field):
                yield f"{where}.passes[{number}]", _not_an_answer(value, field)


def _answers(field: FieldModel) -> tuple[str, ...]:
    return ("yes", "no") if field.type == "yes_no" else tuple(choice.key for choice in field.choices)


def _not_an_answer(value: str, field: FieldModel) -> str:
    return _("{value} is not an answer of {field}; its answers: {answers}").format(
        value=value, field=field.key, answers=", ".join(_answers(field))
    )


def _rule_problems(
    field: FieldModel, rule: RuleModel, form: Sequence[FieldModel], where: str, *, columns: bool
) -> Iterator[Problem]:
    kinds = [name for name in _KINDS if getattr(rule, name) is not None]
    if len(kinds) != 1:
        yield where, _("must hold exactly one of {kinds}").format(kinds=", ".join(_KINDS))
    elif rule.at_least is not None and kinds != ["distinct"]:
        yield f"{where}.at_least", _("belongs to distinct only")
    elif rule.values and kinds not in (["covers"], ["answers"]):
        yield f"{where}.values", _("belongs to covers and answers, or stands inside required_when")
    elif (rule.since is not None or rule.unless is not None) and kinds != ["answers"]:
        name = "since" if rule.since is not None else "unless"
        yield f"{where}.{name}", _("belongs to answers only")
    elif kinds == ["answers"]:
        yield from _answers_problems(field, rule, form, where, columns=columns)
    elif kinds == ["after"]:
        yield from _after_problems(field, rule, form, where)
    elif rule.required_when is not None:
        yield from _required_when_problems(field, rule.required_when, form, f"{where}.required_when")
    else:
        yield from _table_rule_problems(field, rule, where)


def _answers_problems(
    field: FieldModel, rule: RuleModel, form: Sequence[FieldModel], where: str, *, columns: bool
) -> Iterator[Problem]:
    others = {each.key: each for each in form if each.key != field.key}
    lacking = _("the table has no column {key} of type {type}")
    since, unless = others.get(rule.since or ""), others.get(rule.unless or "")
    if not columns or field.type != "integer":
        yield f"{where}.answers", _("belongs to a column of type integer only")
    elif field.required:
        yield f"{where}.answers", _("cannot be required: the answer comes after what it answers")
    elif rule.since is not None and (since is None or since.type != "date"):
        yield f"{where}.since", lacking.format(key=rule.since, type="date")
    elif rule.unless is not None and (unless is None or unless.type != "choice"):
        yield f"{where}.unless", lacking.format(key=rule.unless, type="choice")
    elif (rule.unless is None) != (not rule.values):
        yield where, _("unless (a column) and values (its answers) go together")
    elif unless is not None:
        for number, value in enumerate(rule.values, 1):
            if value not in _answers(unless):
                yield f"{where}.values[{number}]", _not_an_answer(value, unless)


def _table_rule_problems(field: FieldModel, rule: RuleModel, where: str) -> Iterator[Problem]:
    name, key = ("distinct", rule.distinct) if rule.distinct is not None else ("covers", rule.covers)
    if field.type != "table":
        yield f"{where}.{name}", _("belongs to a table only")
        return
    column = next((column for column in field.columns if column.key == key), None)
    if column is None:
        yield (
            f"{where}.{name}",
            _("the table has no column {key}; its columns: {keys}").format(
                key=key, keys=", ".join(each.key for each in field.columns)
            ),
        )
    elif name == "distinct" and rule.at_least is None:
        yield f"{where}.at_least", _("is missing; say how many different values the column needs")
    elif name == "covers" and column.type not in _CHOOSING:
        yield f"{where}.covers", _("the column must be of type choice or choices")
    elif name == "covers" and not rule.values:
        yield f"{where}.values", _("is missing; list the answers that must occur in the column")
    elif name == "covers":
        for number, value in enumerate(rule.values, 1):
            if value not in _answers(column):
                yield f"{where}.values[{number}]", _not_an_answer(value, column)


def _after_problems(field: FieldModel, rule: RuleModel, form: Sequence[FieldModel], where: str) -> Iterator[Problem]:
    others = [each.key for each in form if each.type in _DATES and each.key != field.key]
    if field.type not in _DATES:
        yield f"{where}.after", _("belongs to a date or datetime only")
    elif rule.after != "today" and rule.after not in others:
        yield f"{where}.after", _("must be one of {choices}").format(choices=", ".join(["today", *others]))


def _required_when_problems(
    field: FieldModel, when: RequiredWhenModel, form: Sequence[FieldModel], where: str
) -> Iterator[Problem]:
    other = next((each for each in form if each.key == when.field and each.key != field.key), None)
    if other is None:
        yield f"{where}.field", _("the form has no other field {key}").format(key=when.field)
    elif (when.below is None) == (not when.values):
        yield where, _("must hold either below (a number) or values (answers)")
    elif when.below is not None and other.type not in _NUMBERS:
        yield f"{where}.below", _("{field} is no number; use values instead").format(field=other.key)
    elif when.values and other.type not in _CHOOSING | {"yes_no"}:
        yield f"{where}.values", _("{field} has no answers to choose from; use below instead").format(field=other.key)
    else:
        for number, value in enumerate(when.values, 1):
            if value not in _answers(other):
                yield f"{where}.values[{number}]", _not_an_answer(value, other)
