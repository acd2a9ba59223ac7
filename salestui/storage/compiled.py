"""Queries whose SQL is written once: composing it in Python takes longer than running it.

A write transaction reads everything that the gate judges while others wait for their turn, and the board reads itself
anew after each change, so it pays there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Final, NamedTuple

from salestui.storage import tables
from salestui.storage.fields import utc_text

__all__ = ["compiled", "update"]

_FIRST: Final = 7_000_000_000_000_000
"""The first of the numbers that stand for those not known yet; no id comes near it."""
_DAY: Final = datetime(7000, 1, 1, tzinfo=UTC)
"""The first of the times and days that stand for those not known yet."""

_MOST: Final = 512
"""Values beyond which a query is composed anew, so that not every length of a list is kept for ever."""
_WILD: Final = frozenset("%_\\")
"""What means something within a pattern, where a text is but a part of it."""

_updates: Final[dict[tuple[object, ...], str]] = {}


class _Source(NamedTuple):
    """Which of the values given a parameter is, between which texts, if it is but a part of it."""

    value: int
    before: str = ""
    after: str = ""


class _Composed(NamedTuple):
    """A query with other values in place of those given, its SQL, and its parameters or where each comes from.

    `patterns` are the values that are but a part of a parameter.
    """

    query: Any
    sql: str
    parameters: tuple[object, ...]
    patterns: tuple[int, ...]


def compiled(build: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function, which composes a SELECT, compose it once for each shape of what it is given.

    It returns the rows of that query. Numbers, texts, days and (aware) times it is given, and those in lists, may
    differ from call to call: the query must depend on them in no other way than by holding each of them, a text also as
    part of a pattern. None, truths and tuples belong to the shape, as do the lengths of lists.
    """
    known: dict[tuple[object, ...], _Composed] = {}
    makers: dict[tuple[object, ...], Any] = {}

    @wraps(build)
    def query(*given: object) -> Sequence[Any]:
        database = tables.SchemaVersion._meta.database  # noqa: SLF001  # Peewee's documented name
        values = [_stored(value) for value in _values(given)]
        if len(values) > _MOST:
            return list(build(*given))
        shape = (type(database), *map(_kind, given))
        if shape not in known:
            known[shape] = _compose(build, given)
        template, sql, parameters, patterns = known[shape]
        if any(_WILD.intersection(str(values[index])) for index in patterns):
            return list(build(*given))
        filled = [_filled(each, values) if type(each) is _Source else each for each in parameters]
        cursor = database.execute_sql(sql, filled)
        rows = cursor.fetchall()
        if rows and shape not in makers:
            makers[shape] = template._get_cursor_wrapper(cursor)  # noqa: SLF001  # what Peewee makes rows with
            makers[shape].initialize()
        return [makers[shape].process_row(row) for row in rows]

    return query


def update(model: Any, key: int, values: Mapping[str, object], *, version: int | None = None) -> int:
    """Change fields, given by name, of the row with this key; return how many rows that was: 1 or 0.

    A model with a `version` has it counted up; where `version` is given, only the row at that version is changed.
    """
    options = model._meta  # noqa: SLF001  # Peewee's documented name for a model's options
    fields = [options.combined[name] for name in values]
    names = (options.table_name, *(field.column_name for field in fields), version is not None)
    sql = _updates.get(names)
    if sql is None:
        counted = ['"version" = "version" + 1'] if "version" in options.fields else []
        changed = ", ".join([*(f'"{field.column_name}" = ?' for field in fields), *counted])
        where = f'"{options.primary_key.column_name}" = ?' + (' AND "version" = ?' if version is not None else "")
        sql = _updates[names] = f'UPDATE "{options.table_name}" SET {changed} WHERE {where}'  # noqa: S608  # names of ours
    database = options.database
    stored = [field.db_value(value) for field, value in zip(fields, values.values(), strict=True)]
    stored += [key] if version is None else [key, version]
    done: int = database.execute_sql(sql.replace("?", database.param), stored).rowcount
    return done


def _is_constant(value: object) -> bool:
    return value is None or isinstance(value, bool | tuple)


def _kind(value: object) -> object:
    """Return what of a value belongs to the shape of a query."""
    if isinstance(value, list):
        return len(value)
    return (value,) if _is_constant(value) else type(value)


def _values(given: Sequence[object]) -> Iterator[object]:
    """Yield what may differ from call to call."""
    for value in given:
        if isinstance(value, list):
            yield from value
        elif not _is_constant(value):
            yield value


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _filled(source: _Source, values: Sequence[object]) -> object:
    value = values[source.value]
    return f"{source.before}{value}{source.after}" if source.before or source.after else value


def _compose(build: Callable[..., Any], given: Sequence[object]) -> _Composed:
    """Compose a query with stand-ins and find them in its parameters; raises TypeError where it does not hold one."""
    stand_ins: list[object] = []

    def stand_in(value: object) -> object:
        count = len(stand_ins)
        other: object
        match value:
            case datetime():
                other = _DAY + timedelta(microseconds=count)
            case date():
                other = _DAY.date() + timedelta(days=count)
            case str():
                other = f"\0{count}\0"
            case _:
                other = _FIRST + count
        stand_ins.append(_stored(other))
        return other

    others = [
        [stand_in(each) for each in value]
        if isinstance(value, list)
        else value
        if _is_constant(value)
        else stand_in(value)
        for value in given
    ]
    template = build(*others)
    sql, parameters = template.sql()
    found = tuple(_source(parameter, stand_ins) for parameter in parameters)
    held = [each for each in found if isinstance(each, _Source)]
    if len({each.value for each in held}) < len(stand_ins):
        raise TypeError(f"{build.__name__} composes a query that does not hold all it is given")
    return _Composed(template, sql, found, tuple(each.value for each in held if each.before or each.after))


def _source(parameter: object, stand_ins: Sequence[object]) -> object:
    """Return where a parameter comes from, or the parameter itself where it is the same each time."""
    for index, other in enumerate(stand_ins):
        if type(parameter) is not type(other):
            continue
        if parameter == other:
            return _Source(index)
        if isinstance(parameter, str) and isinstance(other, str) and other.startswith("\0") and other in parameter:
            before, _, after = parameter.partition(other)
            return _Source(index, before, after)
    return parameter
