"""A large database at the price of a small one: the sample, copied again and again inside SQLite."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from peewee import ForeignKeyField

from salestui.domain.people import Actor
from salestui.services import board_counts, sample, users
from salestui.services.request import Request
from salestui.storage import tables
from salestui.storage.store import Store
from tests.services.desk import NOW

_APART = 10_000
"""Numbers between one copy of a row and the next."""
_ONCE = frozenset(
    {"schema_version", "setting", "user", "deputy", "playbook", "campaign", "event", "command", "seal", "board_count"}
)
"""Tables that stay as they are: what all copies share, and what is not asked here."""
_OF_CAMPAIGN = "SELECT id FROM output WHERE scope = 'campaign'"


@cache
def _sample(folder: Path) -> Path:
    folder.mkdir()
    with Store.open(folder / "sales.db") as store:
        sample.fill(store, "en", NOW, deals=148)
    return folder


@cache
def grown(run: Path, deals: int) -> Path:
    """Return a database of about so many deals; made once in a run of tests, in a folder of its own under `run`."""
    folder = run / f"grown-{deals}"
    shutil.copytree(_sample(run / "grown"), folder)
    path = folder / "sales.db"
    with Store.open(path) as store:
        _grow(store, deals)
    return path


def actor_of(store: Store) -> Actor:
    """Return who administers the sample."""
    return users.all(Request(store, Actor(0, "", ""), NOW))[0].actor()


def _grow(store: Store, deals: int) -> None:
    connection = store.database.connection()
    connection.execute("PRAGMA foreign_keys = 0").fetchall()
    connection.execute("PRAGMA synchronous = 0").fetchall()
    known = connection.execute("SELECT COUNT(*) FROM deal").fetchone()[0]
    connection.execute("BEGIN")
    if deals < known:
        _shrink(connection, deals)
    else:
        connection.execute("CREATE TEMP TABLE copy (n INTEGER)")
        connection.executemany("INSERT INTO copy VALUES (?)", [(n,) for n in range(1, -(-deals // known))])
        for model in tables.MODELS:
            options: Any = model._meta  # type: ignore[attr-defined]
            if options.table_name not in _ONCE:
                connection.execute(_copying(options))
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = 1").fetchall()
    request = Request(store, actor_of(store), NOW)
    board_counts.recount(request)


def _shrink(connection: Any, deals: int) -> None:
    """Take most deals off the board as if they had never been there."""
    chosen = f"SELECT deal_id FROM card ORDER BY shown_in = '', unmet > 0 AND deal_id % 3 > 0, deal_id LIMIT {deals}"  # noqa: S608
    kept = ", ".join(str(number) for (number,) in connection.execute(chosen).fetchall())
    for table in ("card", "activity_deal", "action_tick", "waiver", "review"):
        connection.execute(f"DELETE FROM {table} WHERE deal_id NOT IN ({kept})")  # noqa: S608
    connection.execute(f"DELETE FROM deal WHERE id NOT IN ({kept})")  # noqa: S608


def _copying(options: Any) -> str:
    table, columns = options.table_name, [field.column_name for field in options.sorted_fields]
    shifted = {
        field.column_name
        for field in options.sorted_fields
        if field.primary_key or (isinstance(field, ForeignKeyField) and field.rel_model._meta.table_name not in _ONCE)
    }
    keys = options.get_primary_keys()
    if len(keys) > 1:
        shifted |= {field.column_name for field in keys}
    changed = {name: f'"{name}" + n * {_APART}' for name in shifted}
    if "scope" in columns:
        changed["owner_id"] = f"owner_id + n * {_APART}"
    if table == "customer":
        changed |= {"name": "name || ' ' || n", "name_key": "name_key || n", "searched": "searched || ' n' || n"}
    if table == "card":
        changed["searched"] = (
            f"replace(searched, ' d' || deal_id || ' ', ' d' || (deal_id + n * {_APART}) || ' ') || ' n' || n"
        )
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    where = "scope <> 'campaign'" if "scope" in columns else "1"
    if "output_id" in columns:
        where = f"output_id NOT IN ({_OF_CAMPAIGN})"
    if table in {"asked", "vote"}:
        where = f"review_id NOT IN (SELECT id FROM review WHERE output_id IN ({_OF_CAMPAIGN}))"  # noqa: S608
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", temp.copy WHERE {where}'  # noqa: S608
