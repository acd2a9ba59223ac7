"""All rows of a team as lines of JSON that mean the same on every kind of database, and back.

Values stand as they are stored, so that what the history hashes stays what it was; only truth values, which not every
database has, are made alike. Seals and schema versions belong to one database and stay out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import peewee

from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.storage import tables
from salestui.storage.binding import models_on
from salestui.storage.store import Store

__all__ = ["TABLES", "blank", "fill", "filling", "in_use", "lines"]

_OWN: Final = {tables.Seal, tables.SchemaVersion}
_BATCH: Final = 500

_MODELS: Final[dict[str, Any]] = {
    model._meta.table_name: model  # noqa: SLF001  # Peewee's documented name for a model's options
    for model in peewee.sort_models(tables.MODELS)
    if model not in _OWN
}

TABLES: Final = tuple(_MODELS)
"""The names of the tables that move, each after those its rows point at."""


def lines(store: Store, table: str) -> Iterator[str]:
    """Yield the rows of a table in the order of their keys, each a line of JSON; inside `store.reading()`."""
    options = _MODELS[table]._meta  # noqa: SLF001
    columns = sorted(field.column_name for field in options.sorted_fields)
    truths = _truths(options)
    key = ", ".join(f'"{field.column_name}"' for field in options.get_primary_keys())
    quoted = ", ".join(f'"{column}"' for column in columns)
    found = store.database.execute_sql(f'SELECT {quoted} FROM "{table}" ORDER BY {key}')  # noqa: S608  # names of ours
    while rows := found.fetchmany(_BATCH):
        for values in rows:
            row = dict(zip(columns, values, strict=True))
            row |= {column: bool(row[column]) for column in truths if row[column] is not None}
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _truths(options: Any) -> tuple[str, ...]:
    fields = options.sorted_fields
    return tuple(field.column_name for field in fields if isinstance(field, peewee.BooleanField))


def in_use(store: Store) -> bool:
    """Whether anybody has begun to work in a database: it has a campaign, a customer or a deal."""
    with store.reading():
        return any(_count(store, table) for table in ("campaign", "customer", "deal"))


def blank(store: Store) -> bool:
    """Whether a database has no row at all."""
    with store.reading():
        return not any(_count(store, table) for table in TABLES)


def _count(store: Store, table: str) -> int:
    return int(store.database.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])  # noqa: S608  # ours


@contextmanager
def filling(store: Store) -> Iterator[None]:
    """Fill a database without its own rules of writing, wholly or not at all; on a server a superuser's act.

    Whatever its making has put into it is taken out first.
    """
    database: Any = store.database
    if store.on_server:
        with models_on(database), database.installing():
            database.execute_sql("SET LOCAL session_replication_role = replica")
            for table in reversed(TABLES):
                database.execute_sql(f'DELETE FROM "{table}"')  # noqa: S608  # names of ours
            yield
            _count_on(database)
    else:
        with models_on(database), database.writing():
            database.execute_sql("PRAGMA defer_foreign_keys = 1")
            yield


def _count_on(database: Any) -> None:
    """Let the server number new rows after those that came."""
    for table, model in _MODELS.items():
        key = model._meta.primary_key  # noqa: SLF001
        if isinstance(key, peewee.AutoField):
            database.execute_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), "  # noqa: S608  # names of ours
                f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}"), false)'
            )


def fill(store: Store, table: str, rows: Iterable[bytes]) -> int:
    """Write the rows of a table from their lines, inside `filling`; return how many. Raises BadInput."""
    options = _MODELS[table]._meta  # noqa: SLF001
    columns = sorted(field.column_name for field in options.sorted_fields)
    database = store.database
    marks = ", ".join([database.param] * len(columns))
    quoted = ", ".join(f'"{column}"' for column in columns)
    insert = f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})'  # noqa: S608  # names of ours
    count = 0
    for line in rows:
        row = _row(line, table, count + 1)
        if sorted(row) != columns:
            raise BadInput(f"{table}, {count + 1}", _("Its columns are not those of this version."))
        database.execute_sql(insert, [row[column] for column in columns])
        count += 1
    return count


def _row(line: bytes, table: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{table}, {number}", _("This is not a row.")) from error
    plain = isinstance(row, dict) and all(value is None or isinstance(value, str | int) for value in row.values())
    if not plain:
        raise BadInput(f"{table}, {number}", _("This is not a row."))
    return dict(row)


def _no_number(word: str) -> None:
    raise ValueError(word)
