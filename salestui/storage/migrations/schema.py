"""Compares the tables of a database with those the models describe, column by column."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import peewee

from salestui.storage import tables
from salestui.storage.binding import models_on
from salestui.storage.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from salestui.storage.connection import SalesDatabase
    from salestui.storage.driver import Connection

    Query = Callable[[str], list[tuple[Any, ...]]]

_COLUMNS: Final = (
    "SELECT tables.name, columns.name FROM sqlite_master AS tables "
    "JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
)

__all__ = ["differences", "missing_columns", "model_sql"]


def model_sql() -> tuple[str, ...]:
    """Return the statements that create what the models describe: parents first, each table before its indices."""
    return tuple(sql for (sql,) in _from_models("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"))


def differences(database: SalesDatabase) -> tuple[str, ...]:
    """Return where a database differs from the models, as `table.column: has … instead of …`; empty if nowhere."""
    with closing(_scratch()) as scratch:
        wanted = _describe(lambda sql: scratch.execute(sql).fetchall())
    found = _describe(lambda sql: list(database.execute_sql(sql).fetchall()))
    lines: list[str] = []
    for table in sorted(wanted.keys() | found.keys()):
        if table not in found or table not in wanted:
            lines.append(f"{table}: {'missing' if table not in found else 'not in the models'}")
            continue
        for part in sorted(wanted[table].keys() | found[table].keys()):
            has, should = found[table].get(part, "nothing"), wanted[table].get(part, "nothing")
            if has != should:
                lines.append(f"{table}.{part}: has {has} instead of {should}")
    return tuple(lines)


def missing_columns(database: SalesDatabase) -> tuple[str, ...]:
    """Return the tables and columns of the models that a database lacks, as `table: missing`, `table.column: missing`.

    One query, inside a snapshot or transaction.
    """
    found = {(table, column) for table, column in database.execute_sql(_COLUMNS).fetchall()}
    known = {table for table, _ in found}
    lines: list[str] = []
    for model in tables.MODELS:
        table, columns = model._meta.table_name, model._meta.columns  # noqa: SLF001  # Peewee's documented name
        if table not in known:
            lines.append(f"{table}: missing")
        else:
            lines += [f"{table}.{name}: missing" for name in columns if (table, name) not in found]
    return tuple(lines)


def _scratch() -> Connection:
    """Return a connection to a database in memory with all tables of the models."""
    memory = peewee.SqliteDatabase(":memory:")
    with models_on(memory, keep=False):
        memory.create_tables(tables.MODELS)
        for trigger in TRIGGERS:
            memory.execute_sql(trigger)
    connection: Connection = memory.connection()
    return connection


def _from_models(sql: str) -> list[tuple[Any, ...]]:
    with closing(_scratch()) as scratch:
        return list(scratch.execute(sql).fetchall())


def _describe(query: Query) -> Mapping[str, Mapping[str, str]]:
    """Return for each table its columns, indices (by what they cover), foreign keys and triggers, with properties."""
    names = [name for (name,) in query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        name: _columns(query, name) | _indices(query, name) | _foreign_keys(query, name) | _triggers(query, name)
        for name in names
        if not name.startswith("sqlite_")
    }


def _columns(query: Query, table: str) -> dict[str, str]:
    return {
        name: " ".join(
            part
            for part in (
                str(kind).upper(),
                "NOT NULL" if required else "",
                f"DEFAULT {default}" if default is not None else "",
                f"KEY {key}" if key else "",
            )
            if part
        )
        for _, name, kind, required, default, key, _ in query(f'PRAGMA table_xinfo("{table}")')
    }


def _indices(query: Query, table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    statements: dict[str, str] = dict(query("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    for _, name, unique, _, partial in query(f'PRAGMA index_list("{table}")'):
        columns = ", ".join(str(column) for _, _, column in query(f'PRAGMA index_info("{name}")'))
        where = ""
        if partial:
            sql = statements[name]
            where = " " + sql[sql.upper().index(" WHERE ") + 1 :]
        found[f"index({columns}){where}"] = "unique" if unique else "plain"
    return found


def _foreign_keys(query: Query, table: str) -> dict[str, str]:
    return {
        f"{column}→": f"{parent}({key}) on delete {on_delete} on update {on_update}"
        for _, _, parent, column, key, on_update, on_delete, _ in query(f'PRAGMA foreign_key_list("{table}")')
    }


def _triggers(query: Query, table: str) -> dict[str, str]:
    found = query("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {f"trigger({name})": " ".join(str(sql).split()) for owner, name, sql in found if owner == table}
