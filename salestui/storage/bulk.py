"""Adds rows by the thousand: one statement a table, with what the single writers would have filled in.

For who makes a whole pipeline at once. Everything else writes one thing at a time through the modules of its tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import peewee as pw

from salestui.storage import chain, customers, tables
from salestui.storage.store import Transaction

__all__ = ["Rows", "add", "record", "serve"]

Rows = Sequence[Mapping[str, object]]
"""Values by column, as Python values; columns that are left out get their default."""

_TABLES: Final[Mapping[str, Any]] = {
    "customer": tables.Customer,
    "membership": tables.Membership,
    "contact": tables.Contact,
    "deal": tables.Deal,
    "score": tables.Score,
    "output": tables.Output,
    "revision": tables.Revision,
    "activity": tables.Activity,
}
_PAGE: Final = 400


def add(tx: Transaction, table: str, rows: Rows) -> list[int]:
    """Add rows to a table and return their ids, in order. A deal brings its card, to be judged by who adds it."""
    if not rows:
        return []
    if table == "customer":
        rows = [{**row, **customers.keys(str(row["name"])), "searched": customers.searched_in(row)} for row in rows]
    numbers = _insert(tx, _TABLES[table], rows)
    if table == "deal":
        _insert(tx, tables.Card, [{"deal": number, "stale": True} for number in numbers], keyed=True)
    return numbers


def serve(tx: Transaction, pairs: Iterable[tuple[int, int]]) -> None:
    """Have conversations serve deals: pairs of their ids."""
    _insert(tx, tables.ActivityDeal, [{"activity": talk, "deal": deal} for talk, deal in pairs], keyed=True)


def record(tx: Transaction, events: Sequence[Mapping[str, object]]) -> None:
    """Write many events of the history, in order; each says when it was and who did it."""
    chain.append_many(tx.store.database, events)


def _insert(tx: Transaction, model: Any, rows: Rows, *, keyed: bool = False) -> list[int]:
    """Insert rows; `keyed` ones bring their key, the others get the next ids."""
    if not rows:
        return []
    if not isinstance(tx.store.database, pw.SqliteDatabase):
        return _insert_on_server(model, rows, keyed=keyed)
    options = model._meta  # noqa: SLF001  # Peewee's documented name for a model's options
    first = 0
    if not keyed:
        last = tx.store.database.execute_sql(f'SELECT MAX(id) FROM "{options.table_name}"').fetchone()  # noqa: S608
        first = int(last[0] or 0) + 1
        rows = [{**row, "id": number} for number, row in enumerate(rows, first)]
    defaults = {name: default for name, default in _defaults(options).items() if default is not None}
    fields = [options.fields[name] for name in dict.fromkeys(name for row in rows for name in (*defaults, *row))]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    tx.store.database.connection().executemany(
        f'INSERT INTO "{options.table_name}" ({columns}) VALUES ({marks})',  # noqa: S608  # names of our own tables
        [[field.db_value(row.get(field.name, defaults.get(field.name))) for field in fields] for row in rows],
    )
    return list(range(first, first + len(rows)))


def _defaults(options: Any) -> dict[str, object]:
    return {field.name: field.default for field in options.sorted_fields if not callable(field.default)}


def _insert_on_server(model: Any, rows: Rows, *, keyed: bool) -> list[int]:
    """Insert rows on a server, which numbers them itself; rows of one statement have the same columns."""
    known = dict.fromkeys(name for row in rows for name in row)
    defaults = _defaults(model._meta)  # noqa: SLF001  # Peewee's documented name for a model's options
    numbers: list[int] = []
    for start in range(0, len(rows), _PAGE):
        page = [{name: row.get(name, defaults.get(name)) for name in known} for row in rows[start : start + _PAGE]]
        query = model.insert_many(page)
        numbers += [] if keyed else [number for (number,) in query.returning(model.id).tuples().execute()]
        if keyed:
            query.execute()
    return numbers
