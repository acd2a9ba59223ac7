"""Seals: a digest of every row, kept in the transaction that writes the row.

A value that a failing disk or another program changed does not fit its seal any more. The history seals itself
(`storage.chain`); only how far it goes is kept here, so that a lost end is found. Whoever writes the file may write
seals too: they find damage and mistakes, the chain finds forgers.

Triggers of the connection alone (TEMP) note which rows a transaction touches, so that none is forgotten and nothing of
it stands in the file; they are made with the first change.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from salestui.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from salestui.storage.driver import Connection

__all__ = ["HEAD", "SEALED", "Sealed", "digest_of", "head", "kept", "seal_all", "seal_touched", "watch"]

HEAD: Final = ("event", "head")
"""The table and key of the seal that says how far the history goes: its digest is the chain of the last event."""

_BATCH: Final = 400
_TOUCHED: Final = (
    "CREATE TEMP TABLE touched (of_table TEXT NOT NULL, row_key TEXT NOT NULL, PRIMARY KEY (of_table, row_key)) "
    "WITHOUT ROWID"
)
_KEEP: Final = "INSERT OR REPLACE INTO main.seal (of_table, row_key, digest) VALUES (?, ?, ?)"
_DROP: Final = "DELETE FROM main.seal WHERE of_table = ? AND row_key = ?"


class Sealed:
    """A table whose rows are sealed: its columns in the order of their names, and those of its key."""

    def __init__(self, model: Any) -> None:
        options = model._meta  # noqa: SLF001  # Peewee's documented name for a model's options
        self.name: str = options.table_name
        self.key: tuple[str, ...] = tuple(field.column_name for field in options.get_primary_keys())
        self.columns: tuple[str, ...] = tuple(sorted(field.column_name for field in options.sorted_fields))
        quoted = ", ".join(f'"{column}"' for column in self.columns)
        self.select: str = f'SELECT {_key_sql(self.key)}, {quoted} FROM main."{self.name}"'  # noqa: S608  # names of ours

    def rows(self, connection: Connection, keys: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield the key and the digest of all rows, or of those with these keys."""
        if keys is None:
            yield from self._digests(connection.execute(self.select))
            return
        for start in range(0, len(keys), _BATCH):
            chosen = [key.split("/") if len(self.key) > 1 else [key] for key in keys[start : start + _BATCH]]
            same = " AND ".join(f'"{column}" = ?' for column in self.key)
            if len(self.key) == 1:
                where, values = f'"{self.key[0]}" IN ({", ".join("?" * len(chosen))})', [key for (key,) in chosen]
                yield from self._digests(connection.execute(f"{self.select} WHERE {where}", values))
            else:
                for parts in chosen:
                    yield from self._digests(connection.execute(f"{self.select} WHERE {same}", parts))

    def _digests(self, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
        return ((str(key), digest_of(self.name, values)) for key, *values in found)


def _key_sql(key: Sequence[str], row: str = "") -> str:
    """Return the SQL of a row's key as text: its columns with a slash between them."""
    return " || '/' || ".join(f'CAST({row}"{column}" AS TEXT)' for column in key)


SEALED: Final = tuple(Sealed(model) for model in tables.MODELS if model not in {tables.Event, tables.Seal})
"""All tables but the history and the seals themselves."""


def digest_of(table: str, values: Sequence[object]) -> str:
    """Return the digest of a row: 32 hex digits over its table and its stored values with their types."""
    text = json.dumps([table, *values], ensure_ascii=False, separators=(",", ":"), default=repr)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def head(connection: Connection) -> str:
    """Return the chain of the last event, empty before the first."""
    last = connection.execute("SELECT chain FROM main.event ORDER BY id DESC LIMIT 1").fetchone()
    return str(last[0]) if last else ""


def kept(connection: Connection, table: str) -> dict[str, str]:
    """Return the seals of a table's rows by their keys."""
    return dict(connection.execute("SELECT row_key, digest FROM main.seal WHERE of_table = ?", (table,)).fetchall())


def watch(connection: Connection) -> None:
    """From now on note which rows this connection touches; outside of a transaction, on a database with all tables."""
    connection.execute(_TOUCHED)
    for table in SEALED:
        for what, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            notes = "; ".join(_note(table.name, _key_sql(table.key, f"{row}.")) for row in rows)
            connection.execute(
                f'CREATE TEMP TRIGGER "touched_{table.name}_{what.lower()}" AFTER {what} ON main."{table.name}" '
                f"BEGIN {notes}; END"
            )
    connection.execute(
        "CREATE TEMP TRIGGER touched_event AFTER INSERT ON main.event "
        "BEGIN INSERT OR IGNORE INTO touched VALUES ('event', 'head'); END"
    )


def _note(table: str, key: str) -> str:
    """Return the SQL that notes a row once; OR IGNORE would not do, an upsert puts its own rule in its place."""
    known = f"SELECT 1 FROM touched WHERE of_table = '{table}' AND row_key = {key}"  # noqa: S608  # names of ours
    return f"INSERT INTO touched SELECT '{table}', {key} WHERE NOT EXISTS ({known})"


def seal_touched(connection: Connection) -> None:
    """Seal the rows that the transaction under way has touched; drop the seals of those it deleted."""
    touched: dict[str, list[str]] = {}
    for name, key in connection.execute("SELECT of_table, row_key FROM temp.touched").fetchall():
        touched.setdefault(name, []).append(key)
    if not touched:
        return
    for table in SEALED:
        keys = touched.get(table.name)
        if keys:
            found = dict(table.rows(connection, keys))
            connection.executemany(_KEEP, [(table.name, key, digest) for key, digest in found.items()])
            connection.executemany(_DROP, [(table.name, key) for key in keys if key not in found])
    if HEAD[0] in touched:
        connection.execute(_KEEP, (*HEAD, head(connection)))
    connection.execute("DELETE FROM temp.touched")


def seal_all(connection: Connection) -> None:
    """Seal every row anew: after an upgrade, which may rebuild tables."""
    connection.execute("DELETE FROM main.seal")
    for table in SEALED:
        connection.executemany(_KEEP, [(table.name, key, digest) for key, digest in table.rows(connection)])
    connection.execute(_KEEP, (*HEAD, head(connection)))
