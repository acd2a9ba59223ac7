"""Mends what is safe to mend in a database file, and saves what can still be read of a damaged one to a new file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.errors import CorruptDatabase, FileThere
from salestui.storage import seals, tables
from salestui.storage.connection import BUSY_SECONDS
from salestui.storage.driver import Connection, sqlite3
from salestui.storage.examining import DAMAGE, readable
from salestui.storage.faults import database_faults, fault_of_os
from salestui.storage.opening import open_database
from salestui.storage.triggers import TRIGGERS

__all__ = ["Saved", "reindex", "salvage"]

_INTERIOR: Final = 5
_GAP: Final = 100_000
"""The most row numbers between two damaged places that are tried one by one."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved of one table: rows, how many of them are not what was written, and how many are known to be lost.

    `lost` is None where it is not known how many there were.
    """

    table: str
    rows: int
    changed: int
    lost: int | None


def reindex(path: Path) -> None:
    """Make all indices of a database anew from its tables; raises a storage fault."""
    with (
        database_faults(path),
        closing(sqlite3.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None)) as connection,
    ):
        connection.execute("REINDEX")


def salvage(path: Path, target: Path) -> tuple[Saved, ...]:
    """Write all rows of a damaged database that can be read to a new one at `target`; the damaged one stays as it is.

    Raises CorruptDatabase where nothing can be read, FileThere, and storage faults of the new file.
    """
    if target.exists():
        raise FileThere(target)
    open_database(target, shared=False).close()
    try:
        with database_faults(target), TemporaryDirectory(prefix=".salestui-", dir=target.parent) as scratch:
            source = path if _has_tables(path) else _with_tables_of(path, target, Path(scratch) / "copy.db")
            return _salvaged(source, target)
    except BaseException as error:
        for ending in ("", "-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise fault_of_os(error, target) from error
        raise


def _salvaged(source: Path, target: Path) -> tuple[Saved, ...]:
    with readable(source) as reading, closing(sqlite3.connect(str(target), isolation_level=None)) as writing:
        return tuple(_fill(writing, reading))


def _has_tables(path: Path) -> bool:
    """Whether the list of tables can be read."""
    try:
        with readable(path) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except DAMAGE:
        return False
    return {model._meta.table_name for model in tables.MODELS} <= {name for (name,) in found}  # type: ignore[attr-defined]  # noqa: SLF001


def _with_tables_of(path: Path, fresh: Path, copy: Path) -> Path:
    """Return a copy of a database whose list of tables is lost, with that of a new one, whose tables lie alike.

    All tables are made in one transaction, so they begin on the same pages in every database of one version. Raises
    CorruptDatabase where that cannot be.
    """
    content, new = bytearray(path.read_bytes()), fresh.read_bytes()
    size = int.from_bytes(new[16:18], "big")
    if len(content) < 2 * size:
        raise CorruptDatabase(path, "too short")
    pages = _pages_of_list(new)
    for page in pages:
        content[(page - 1) * size : page * size] = new[(page - 1) * size : page * size]
    content[18:20] = b"\x01\x01"  # no journal beside it
    content[24:28] = content[92:96]  # the size that follows counts
    content[28:32] = (len(content) // size).to_bytes(4, "big")
    content[32:40] = bytes(8)  # no list of free pages
    copy.write_bytes(content)
    return copy


def _pages_of_list(content: bytes) -> tuple[int, ...]:
    """Return the pages on which a sound database lists its tables (https://sqlite.org/fileformat2.html#b_tree_pages)."""

    def number(at: int, length: int) -> int:
        return int.from_bytes(content[at : at + length], "big")

    if content[100] != _INTERIOR:
        return (1,)
    cells = (number(112 + 2 * index, 2) for index in range(number(103, 2)))
    return (1, *(number(cell, 4) for cell in cells), number(108, 4))


def _fill(connection: Connection, source: Connection) -> Iterator[Saved]:
    connection.execute("PRAGMA foreign_keys = 0")
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for model in tables.MODELS:
        options: Any = model._meta  # type: ignore[attr-defined]  # noqa: SLF001  # Peewee's documented name
        if model not in {tables.Seal, tables.SchemaVersion}:
            yield _table(connection, source, options)
    for trigger in TRIGGERS:
        connection.execute(trigger)
    seals.seal_all(connection)
    connection.execute("COMMIT")


def _table(connection: Connection, source: Connection, options: Any) -> Saved:
    name, columns = options.table_name, [field.column_name for field in options.sorted_fields]
    kept = _kept(source, name)
    sealed = next((table for table in seals.SEALED if table.name == name), None)
    marks = ", ".join("?" * len(columns))
    quoted = ", ".join(f'"{column}"' for column in columns)
    insert = f'INSERT OR IGNORE INTO "{name}" ({quoted}) VALUES ({marks})'  # noqa: S608  # names of ours
    rows = changed = 0
    for values in _rows(source, name, quoted):
        row = dict(zip(columns, (_whole(value) for value in values), strict=True))
        try:
            if not connection.execute(insert, list(row.values())).rowcount:
                continue
        except sqlite3.Error:  # a value that the table does not take: the row is lost
            continue
        rows += 1
        changed += sealed is not None and kept is not None and _changed(sealed, row, kept)
    return Saved(name, rows, changed, None if kept is None or sealed is None else max(len(kept) - rows, 0))


def _kept(source: Connection, table: str) -> Mapping[str, str] | None:
    try:
        return seals.kept(source, table)
    except DAMAGE:
        return None


def _changed(table: seals.Sealed, row: Mapping[str, object], kept: Mapping[str, str]) -> bool:
    key = "/".join(str(row[column]) for column in table.key)
    return kept.get(key) != seals.digest_of(table.name, [row[column] for column in table.columns])


def _whole(value: object) -> object:
    """Return a value that can be stored: a text that was no UTF-8 with marks in place of what cannot be read."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value


def _rows(source: Connection, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """Yield all rows that can be read: from the beginning, from the end, and one by one between two damaged places."""
    select = f'SELECT rowid, {columns} FROM "{table}"'  # noqa: S608  # names of ours
    first: int | None = None
    last: int | None = None
    try:
        for number, *values in source.execute(f"{select} NOT INDEXED ORDER BY rowid"):
            first = number
            yield tuple(values)
    except DAMAGE:
        pass
    else:
        return
    try:
        for number, *values in source.execute(f"{select} NOT INDEXED ORDER BY rowid DESC"):
            if first is not None and number <= first:
                return
            last = number
            yield tuple(values)
    except DAMAGE:
        pass
    if last is not None:
        yield from _between(source, select, first or 0, last)


def _between(source: Connection, select: str, first: int, last: int) -> Iterator[tuple[object, ...]]:
    for number in range(first + 1, min(last, first + _GAP)):
        try:
            row = source.execute(f"{select} WHERE rowid = ?", (number,)).fetchone()
        except DAMAGE:
            continue
        if row is not None:
            yield tuple(row[1:])
