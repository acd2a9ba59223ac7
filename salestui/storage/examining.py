"""Examines a database file as it is, damaged or not: structure, schema, and every row against its seal.

It reads through a connection of its own that writes nothing, so that it works where the store cannot be opened.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

import peewee

from salestui.dataclass import dataclass
from salestui.storage import migrations, seals, tables
from salestui.storage.connection import APPLICATION_ID, BUSY_SECONDS
from salestui.storage.driver import sqlite3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from salestui.storage.driver import Connection

__all__ = ["DAMAGE", "Examination", "Misfit", "examine", "last_change", "readable", "row_counts"]

DAMAGE: Final = (sqlite3.Error, peewee.PeeweeException, OverflowError, MemoryError, UnicodeError)
"""What reading a damaged database may raise."""

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that is not what was written: changed, missing, or there without having been written by the product."""

    table: str
    key: str
    kind: Literal["changed", "missing", "unsealed"]


@dataclass(frozen=True, slots=True)
class Examination:
    """What a database file is worth: empty tuples where nothing is wrong.

    `unreadable` are the system's words where a part cannot be read at all, with the table in front of them; `structure`
    and `foreign_keys` are what SQLite finds, `schema` the statements that are missing (-) or too many (+).
    """

    unreadable: tuple[str, ...] = ()
    structure: tuple[str, ...] = ()
    foreign_keys: tuple[str, ...] = ()
    schema: tuple[str, ...] = ()
    misfits: tuple[Misfit, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.unreadable or self.structure or self.foreign_keys or self.schema or self.misfits)

    @property
    def indices_alone(self) -> bool:
        """Whether what is wrong with the structure concerns indices only, which can be made anew from their tables."""
        return bool(self.structure) and all(_is_of_an_index(line) for line in self.structure)


def _is_of_an_index(line: str) -> bool:
    return "missing from index" in line or "wrong # of entries in index" in line or "non-unique entry in index" in line


@contextmanager
def readable(path: Path) -> Iterator[Connection]:
    """Open a database file to read it; texts that are no UTF-8 are read nevertheless. Nothing is written."""
    uri = f"file:{quote(str(path))}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA cell_size_check = 1")
        yield connection


def examine(path: Path) -> Examination:
    """Examine the database file at `path`, whatever its state."""
    try:
        with readable(path) as connection:
            connection.execute("BEGIN")
            return _examined(connection)
    except DAMAGE as error:
        return Examination(unreadable=(str(error),))


def _examined(connection: Connection) -> Examination:
    unreadable: list[str] = []
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        unreadable.append("application_id")
    structure = _asked(connection, "PRAGMA integrity_check", unreadable)
    orphans = _asked(connection, "PRAGMA foreign_key_check", unreadable)
    return Examination(
        structure=() if structure == ("ok",) else structure,
        foreign_keys=orphans,
        schema=_schema(connection, unreadable),
        misfits=tuple(_misfits(connection, unreadable)),
        unreadable=tuple(unreadable),
    )


def _asked(connection: Connection, pragma: str, unreadable: list[str]) -> tuple[str, ...]:
    try:
        found = connection.execute(pragma).fetchmany(_MOST)
    except DAMAGE as error:
        unreadable.append(str(error))
        return ()
    return tuple(" ".join(str(value) for value in row) for row in found)


def _schema(connection: Connection, unreadable: list[str]) -> tuple[str, ...]:
    try:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    except DAMAGE as error:
        unreadable.append(f"sqlite_master: {error}")
        return ()
    has, wants = {" ".join(str(sql).split()) for (sql,) in found}, migrations.expected_sql()
    return (*(f"- {sql}" for sql in sorted(wants - has)), *(f"+ {sql}" for sql in sorted(has - wants)))


def _misfits(connection: Connection, unreadable: list[str]) -> Iterator[Misfit]:
    for table in seals.SEALED:
        try:
            kept, found = seals.kept(connection, table.name), dict(table.rows(connection))
        except DAMAGE as error:
            unreadable.append(f"{table.name}: {error}")
            continue
        for key in kept.keys() - found.keys():
            yield Misfit(table.name, key, "missing")
        for key, digest in found.items():
            if kept.get(key) != digest:
                yield Misfit(table.name, key, "changed" if key in kept else "unsealed")
    try:
        if seals.kept(connection, seals.HEAD[0]).get(seals.HEAD[1]) != seals.head(connection):
            yield Misfit(*seals.HEAD, "changed")
    except DAMAGE as error:
        unreadable.append(f"event: {error}")


def last_change(path: Path) -> datetime | None:
    """Return the time of the newest event, None where there is none or it cannot be read."""
    try:
        with readable(path) as connection:
            row = connection.execute("SELECT at FROM event ORDER BY id DESC LIMIT 1").fetchone()
            moment = datetime.fromisoformat(row[0]) if row else None
    except (*DAMAGE, ValueError, TypeError):
        return None
    return moment if moment is None or moment.tzinfo else None


def row_counts(path: Path) -> dict[str, int]:
    """Return how many rows each table has; raises one of DAMAGE."""
    with readable(path) as connection:
        return {
            name: int(connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0])  # noqa: S608  # names of ours
            for name in (model._meta.table_name for model in tables.MODELS)  # type: ignore[attr-defined]  # noqa: SLF001
        }
