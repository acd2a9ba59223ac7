"""What a form's values must satisfy: completeness, bounds and the rules of the playbook, as pure functions.

The same judgement serves the gate, the forms of the app and the command line. Values are in the stored form of
`domain.values`, which reads what people type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import PurePath

from salestui.dataclass import dataclass
from salestui.domain.money import digits
from salestui.domain.playbook import After, Covers, Distinct, Field, FieldType, FileRule, RequiredWhen
from salestui.domain.problems import Problem
from salestui.domain.showing import show
from salestui.domain.text import same_name
from salestui.domain.values import normalise

__all__ = [
    "check",
    "check_files",
    "complete_rows",
    "distinct_values",
    "failing",
    "is_filled",
    "is_required",
    "normalise",
    "show",
]

Values = Mapping[str, object]
_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PERSON, FieldType.CHOICE}


@dataclass(frozen=True, slots=True)
class _Scope:
    """One form, or one row of a table: its values, the way to it, and the day it is judged."""

    fields: Sequence[Field]
    values: Values
    path: str
    today: date
    row: int | None = None


def is_filled(field: Field, value: object) -> bool:
    """Tell whether `value` says anything: no empty text, list or table of blank rows."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    if field.type is FieldType.TABLE:
        return isinstance(value, list | tuple) and any(not _is_blank(field, row) for row in value)
    if isinstance(value, list | tuple | Mapping):
        return bool(value)
    return True


def _is_blank(field: Field, row: object) -> bool:
    if not isinstance(row, Mapping):
        return row is None
    return not any(is_filled(column, row.get(column.key)) for column in field.columns)


def is_required(field: Field, values: Values) -> bool:
    """Tell whether `field` must be filled, given the other values of its form (rule `RequiredWhen`)."""
    if field.required:
        return True
    return any(isinstance(rule, RequiredWhen) and _applies(rule, values) for rule in field.rules)


def _applies(rule: RequiredWhen, values: Values) -> bool:
    other = values.get(rule.field)
    if other is None or other == "":
        return False
    if rule.below is not None and (number := _number(other)) is not None and number < rule.below:
        return True
    return bool(set(_as_keys(other)) & set(rule.values))


def _number(value: object) -> Decimal | None:
    if isinstance(value, Mapping):
        minor = value.get("minor")
        if not isinstance(minor, int):
            return None
        return Decimal(minor).scaleb(-digits(str(value.get("currency", ""))))
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _as_keys(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    return (str(value),)


def failing(fields: Sequence[Field], values: Values) -> tuple[str, ...]:
    """Return the keys of the fields whose value does not let the gate pass (`passes`), an unanswered one included.

    A field that is asked only in some cases (rule `RequiredWhen`) does not fail while it is not asked.
    """
    keys = []
    for field in fields:
        if not field.passes:
            continue
        value = values.get(field.key)
        if not is_filled(field, value):
            conditional = any(isinstance(rule, RequiredWhen) for rule in field.rules)
            if not conditional or is_required(field, values):
                keys.append(field.key)
        elif not set(_as_keys(value)) <= set(field.passes):
            keys.append(field.key)
    return tuple(keys)


def _rows(values: Values, key: str) -> Sequence[object]:
    rows = values.get(key)
    return rows if isinstance(rows, list | tuple) else ()


def distinct_values(values: Values, field: str, column: str) -> tuple[str, ...]:
    """Return the different values in `column` of table `field`, in order; texts that read the same count once."""
    found: dict[str, str] = {}
    for row in _rows(values, field):
        value = row.get(column) if isinstance(row, Mapping) else None
        for key in _as_keys(value) if value not in (None, "") else ():
            found.setdefault(same_name(key), key)
    return tuple(found.values())


def complete_rows(field: Field, values: Values) -> int:
    """Count the rows of table `field` whose required cells are all filled."""
    return sum(
        1
        for row in _rows(values, field.key)
        if isinstance(row, Mapping) and not _is_blank(field, row) and not _empty_cells(field, row)
    )


def _empty_cells(field: Field, row: Values) -> tuple[Field, ...]:
    return tuple(
        column for column in field.columns if is_required(column, row) and not is_filled(column, row.get(column.key))
    )


def check(
    fields: Sequence[Field],
    values: Values,
    *,
    today: date,
    files: int | Sequence[str] | None = None,
    file_rule: FileRule | None = None,
) -> tuple[Problem, ...]:
    """Return everything that keeps `values` from being complete and right, in the order of the fields.

    `today` is the day the rule "after today" is judged against. `files` is the number of attached files or their
    names (their types are judged too); with None they are not asked about. `where` of a problem is a path such as
    "sources.2.kind", rows counted from 1.
    """
    problems = [
        Problem(str(key), "unknown_field", {"field": str(key)})
        for key in values
        if not any(field.key == key for field in fields)
    ]
    problems.extend(_scope_problems(_Scope(fields, values, "", today)))
    if file_rule is not None and files is not None:
        problems.extend(check_files(files, file_rule))
    return tuple(problems)


def check_files(files: int | Sequence[str], rule: FileRule) -> tuple[Problem, ...]:
    """Return what is wrong with the attached files: too few, too many, or of a type the playbook does not take."""
    count = files if isinstance(files, int) else len(files)
    problems = []
    if count < rule.min:
        problems.append(Problem("files", "too_few_files", {"min": rule.min, "count": count}))
    if rule.max is not None and count > rule.max:
        problems.append(Problem("files", "too_many_files", {"max": rule.max, "count": count}))
    if rule.types and not isinstance(files, int):
        for number, name in enumerate(files, 1):
            if PurePath(name).suffix.lower().lstrip(".") not in rule.types:
                params = {"name": PurePath(name).name, "types": rule.types}
                problems.append(Problem(f"files.{number}", "wrong_file_type", params))
    return tuple(problems)


def _scope_problems(scope: _Scope) -> Iterator[Problem]:
    for field in scope.fields:
        where = f"{scope.path}{field.key}"
        value = scope.values.get(field.key)
        if not is_filled(field, value):
            if is_required(field, scope.values):
                if scope.row is None:
                    yield Problem(where, "missing", {"field": field.key})
                else:
                    yield Problem(where, "row_incomplete", {"row": scope.row, "column": field.key})
            continue
        if not _has_type(field, value):
            yield Problem(where, "wrong_type", {"type": field.type.value})
            continue
        if field.type is FieldType.TABLE:
            yield from _table_problems(field, scope, where)
        else:
            yield from _value_problems(field, value, where)
            yield from _order_problems(field, value, scope, where)


def _has_type(field: Field, value: object) -> bool:
    if field.type in _TEXTS:
        return isinstance(value, str)
    match field.type:
        case FieldType.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case FieldType.DECIMAL:
            return isinstance(value, str) and _number(value) is not None
        case FieldType.MONEY:
            return (
                isinstance(value, Mapping)
                and set(value) == {"minor", "currency"}
                and isinstance(value["minor"], int)
                and not isinstance(value["minor"], bool)
                and isinstance(value["currency"], str)
            )
        case FieldType.DATE | FieldType.DATETIME:
            return isinstance(value, str)
        case FieldType.YES_NO:
            return isinstance(value, bool)
        case FieldType.CHOICES:
            return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
        case _:
            return isinstance(value, list | tuple) and all(isinstance(row, Mapping) for row in value)


def _value_problems(field: Field, value: object, where: str) -> Iterator[Problem]:
    if field.type in {FieldType.CHOICE, FieldType.CHOICES}:
        for key in _as_keys(value):
            if field.choice(key) is None:
                yield Problem(where, "unknown_choice", {"value": key})
    elif field.type is FieldType.DATE and _day(value) is None:
        yield Problem(where, "bad_date", {"value": str(value)})
    elif field.type is FieldType.DATETIME and _moment(value) is None:
        yield Problem(where, "bad_datetime", {"value": str(value)})
    elif field.type in {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY}:
        number = _number(value)
        if number is None:
            return
        if field.min is not None and number < field.min:
            yield Problem(where, "too_small", {"min": field.min, "max": field.max})
        if field.max is not None and number > field.max:
            yield Problem(where, "too_large", {"min": field.min, "max": field.max})
        exponent = number.normalize().as_tuple().exponent
        if field.decimals is not None and isinstance(exponent, int) and -exponent > field.decimals:
            yield Problem(where, "too_many_decimals", {"decimals": field.decimals})


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == 10 else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _order_problems(field: Field, value: object, scope: _Scope, where: str) -> Iterator[Problem]:
    for rule in field.rules:
        if not isinstance(rule, After):
            continue
        mine = _moment(value) if field.type is FieldType.DATETIME else None
        day = mine.date() if mine else _day(value)
        if rule.what == "today":
            if day is not None and day <= scope.today:
                yield Problem(where, "not_after", {"what": "today", "date": scope.today.isoformat()})
            continue
        other = scope.values.get(rule.what)
        other_moment = _moment(other) if mine else None
        other_day = other_moment.date() if other_moment else _day(str(other)[:10])
        too_early = (
            mine <= other_moment
            if mine and other_moment
            else day is not None and other_day is not None and day <= other_day
        )
        if too_early:
            yield Problem(where, "not_after", {"what": rule.what, "date": str(other)})


def _table_problems(field: Field, scope: _Scope, where: str) -> Iterator[Problem]:
    rows = [row for row in _rows(scope.values, field.key) if isinstance(row, Mapping)]
    started = 0
    for number, row in enumerate(rows, 1):
        if _is_blank(field, row):
            continue
        started += 1
        for key in row:
            if not any(column.key == key for column in field.columns):
                yield Problem(f"{where}.{number}.{key}", "unknown_field", {"field": str(key)})
        yield from _scope_problems(_Scope(field.columns, row, f"{where}.{number}.", scope.today, number))
    needed = field.min_rows or 0
    if started < needed:
        yield Problem(where, "too_few_rows", {"min": needed, "count": started})
    for rule in field.rules:
        found = distinct_values(scope.values, field.key, rule.column) if isinstance(rule, Distinct | Covers) else ()
        if isinstance(rule, Distinct) and len(found) < rule.at_least:
            params: dict[str, object] = {"column": rule.column, "at_least": rule.at_least, "count": len(found)}
            yield Problem(where, "not_distinct", params)
        elif isinstance(rule, Covers) and (left := tuple(key for key in rule.values if key not in found)):
            yield Problem(where, "not_covered", {"column": rule.column, "missing": left})
