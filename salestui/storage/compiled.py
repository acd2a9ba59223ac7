"""Queries whose SQL is written once: composing it in Python takes longer than running it.

A write transaction reads everything that the gate judges while others wait for their turn, so it pays there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final

from salestui.storage import tables

__all__ = ["compiled", "update"]

_FIRST: Final = 7_000_000_000_000_000
"""The first of the numbers that stand for the ids not known yet; no id comes near it."""

_MOST: Final = 512
"""Ids beyond which a query is composed anew, so that not every length of a list is kept for ever."""

_updates: Final[dict[tuple[object, ...], str]] = {}

_Source = tuple[int, int] | None


def compiled(build: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function, which composes a SELECT of lists of ids, compose it once for each length of the lists.

    It returns the rows of that query. All its parameters are lists of ids, and the query must depend on them in no
    other way than by holding them.
    """
    known: dict[tuple[object, ...], tuple[Any, str, list[object], list[_Source]]] = {}
    makers: dict[tuple[object, ...], Any] = {}

    @wraps(build)
    def query(*lists: Sequence[int]) -> Sequence[Any]:
        database = tables.SchemaVersion._meta.database  # noqa: SLF001  # Peewee's documented name
        lengths = tuple(len(each) for each in lists)
        if sum(lengths) > _MOST:
            return list(build(*lists))
        shape = (type(database), *lengths)
        if shape not in known:
            known[shape] = _compose(build, lengths)
        template, sql, constants, sources = known[shape]
        values = [
            constant if source is None else lists[source[0]][source[1]]
            for constant, source in zip(constants, sources, strict=True)
        ]
        cursor = database.execute_sql(sql, values)
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


def _compose(build: Callable[..., Any], lengths: tuple[int, ...]) -> tuple[Any, str, list[object], list[_Source]]:
    """Return the query with numbers in place of the ids, its SQL and its parameters with where each comes from."""
    places = [(which, index) for which, length in enumerate(lengths) for index in range(length)]
    stand_ins = {place: _FIRST + count for count, place in enumerate(places)}
    template = build(*([stand_ins[which, index] for index in range(length)] for which, length in enumerate(lengths)))
    sql, parameters = template.sql()
    back = {number: place for place, number in stand_ins.items()}
    return template, sql, list(parameters), [back.get(each) if type(each) is int else None for each in parameters]
