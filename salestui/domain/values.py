"""Reads field values the way people type and scripts send them, into the one stored form of the machine contract.

Stored: text, long text, choice, person: str; integer: int; decimal: str; money: {"minor", "currency"}; date:
"YYYY-MM-DD"; datetime: ISO with offset; yes_no: bool; choices: list of keys; table: list of dicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, tzinfo

from salestui.dataclass import dataclass
from salestui.domain.days import read_date, read_datetime
from salestui.domain.playbook import Field, FieldType
from salestui.domain.problems import Problem
from salestui.domain.reading import (
    Unreadable,
    plain,
    quoted,
    read_choice,
    read_choices,
    read_integer,
    read_money,
    read_number,
    read_yes_no,
    tidy,
)
from salestui.domain.text import clean_name


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading depends on: the day that "tomorrow" counts from, the default currency, the team's time zone."""

    today: date | None = None
    currency: str = "CNY"
    zone: tzinfo = UTC


def read_value(field: Field, raw: object, reading: Reading) -> object:
    """Read one value that is no table; returns "" or [] for nothing; raises Unreadable."""
    if raw is None or (isinstance(raw, str) and not tidy(raw, lines=True)):
        return ""
    if field.type in {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PERSON}:
        return _read_text(field, raw)
    match field.type:
        case FieldType.INTEGER:
            return read_integer(raw)
        case FieldType.DECIMAL:
            return plain(read_number(raw))
        case FieldType.MONEY:
            money = read_money(raw, reading.currency)
            return {"minor": money.minor, "currency": money.currency}
        case FieldType.DATE:
            return read_date(raw, reading.today).isoformat()
        case FieldType.DATETIME:
            return read_datetime(raw, reading.today, reading.zone).isoformat()
        case FieldType.YES_NO:
            return read_yes_no(raw)
        case FieldType.CHOICE:
            return read_choice(field.choices, raw)
        case FieldType.CHOICES:
            return read_choices(field.choices, raw)
    raise Unreadable("wrong_type")


def _read_text(field: Field, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Unreadable("wrong_type")
    if field.type is FieldType.PERSON:
        return clean_name(tidy(str(raw)))
    return tidy(str(raw), lines=field.type is FieldType.LONG_TEXT)


def normalise(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    today: date | None = None,
    currency: str = "CNY",
    zone: tzinfo = UTC,
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the stored form of `raw`, and what could not be read (it is left out of the values).

    Empty values and blank rows are dropped. Rows in problems count from 1 as given. Only types are judged here;
    completeness and bounds are `fields.check`'s. Applying it again changes nothing.
    """
    reading = Reading(today, currency, zone)
    values: dict[str, object] = {}
    problems = [
        Problem(str(key), "unknown_field", {"field": quoted(key)})
        for key in raw
        if not any(field.key == key for field in fields)
    ]
    for field in fields:
        if field.key in raw:
            _take(field, raw[field.key], field.key, reading, values, problems)
    return values, tuple(problems)


def _take(
    field: Field, raw: object, where: str, reading: Reading, values: dict[str, object], problems: list[Problem]
) -> None:
    if field.type is FieldType.TABLE:
        rows = _rows(field, raw, where, reading, problems)
        if rows:
            values[field.key] = rows
        return
    try:
        value = read_value(field, raw, reading)
    except Unreadable as error:
        problems.append(Problem(where, error.code, {"type": field.type.value, **error.params}))
        return
    if value not in ("", []):
        values[field.key] = value


def _rows(field: Field, raw: object, where: str, reading: Reading, problems: list[Problem]) -> list[dict[str, object]]:
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list | tuple):
        problems.append(Problem(where, "wrong_type", {"type": field.type.value}))
        return []
    rows: list[dict[str, object]] = []
    for number, given in enumerate(raw, 1):
        lone = len(field.columns) == 1 and isinstance(given, str | int | float)
        cells = {field.columns[0].key: given} if lone else given
        if not isinstance(cells, Mapping):
            problems.append(Problem(f"{where}.{number}", "wrong_type", {"type": "table", "row": number}))
            continue
        keys = {column.key for column in field.columns}
        problems.extend(
            Problem(f"{where}.{number}.{key}", "unknown_field", {"field": quoted(key)})
            for key in cells
            if key not in keys
        )
        row: dict[str, object] = {}
        for column in field.columns:
            if column.key in cells:
                _take(column, cells[column.key], f"{where}.{number}.{column.key}", reading, row, problems)
        if row:
            rows.append(row)
    return rows
