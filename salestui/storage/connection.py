"""One SQLite connection as the product wants it: safe pragmas, our own files only, honest errors.

Nothing but SQLite itself may open a database file while it is in use: closing any other descriptor drops SQLite's
locks, and acknowledged changes can vanish.
"""

from __future__ import annotations

import threading
import weakref
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Final

import peewee

from salestui.errors import NotADatabase
from salestui.storage import seals
from salestui.storage.driver import sqlite3
from salestui.storage.faults import database_faults
from salestui.storage.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from salestui.domain.hold_up import HoldUp
    from salestui.storage.driver import Connection, Cursor
    from salestui.storage.location import Location

__all__ = ["APPLICATION_ID", "BUSY_SECONDS", "SalesDatabase", "sqlite_is_safe"]

APPLICATION_ID: Final = 0x53_41_4C_45
"""`SALE` in the header of every database of ours, see https://sqlite.org/pragma.html#pragma_application_id."""

BUSY_SECONDS: Final = 10.0
"""How long a connection waits for another process before it reports the database as busy."""

_FIXED_FROM: Final = (3, 51, 3)
_FIXED_BACKPORTS: Final = ((3, 44, 6), (3, 50, 7))
_FIRST_AFFECTED: Final = (3, 7, 0)

_PRAGMAS: Final = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("fullfsync", 1),  # on macOS a plain fsync leaves the data in the drive's cache
    ("foreign_keys", 1),
    ("cell_size_check", 1),
    ("cache_size", -16_000),  # KiB: the whole of a usual database
    ("journal_size_limit", 64 * 1024 * 1024),
    ("temp_store", 2),  # in memory; set once, for a change of it drops what is temporary
)


def sqlite_is_safe(version: tuple[int, ...] | None = None) -> bool:
    """Whether this SQLite is free of the WAL-reset fault, which can corrupt a database with several connections."""
    version = version or sqlite3.sqlite_version_info
    if version >= _FIXED_FROM or version < _FIRST_AFFECTED:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_BACKPORTS)


class SalesDatabase(peewee.SqliteDatabase):
    """A SQLite database of ours: one connection, used by one thread at a time.

    Statements run inside `snapshot()` or `writing()` alone, so that nothing is read half old and half new and nothing
    is written without its history. `busy_seconds` is how long it waits for other processes; with `gate_mode` every
    write transaction first queues at a lock file of that mode, which shares a busy database out fairly.
    """

    def __init__(self, location: Location, *, busy_seconds: float = BUSY_SECONDS, gate_mode: int | None = None) -> None:
        self.location = location
        self.guard = threading.RLock()
        self.gate = Gate(location.beside(".gate"), location.path, gate_mode) if gate_mode is not None else None
        self._seals = self._watched = False
        self._cursors: weakref.WeakSet[Cursor] = weakref.WeakSet()
        super().__init__(
            str(location.path),
            lock_type="IMMEDIATE",
            thread_safe=False,
            autoconnect=False,
            timeout=busy_seconds,
            check_same_thread=False,
        )

    @property
    def shared(self) -> bool:
        """Whether several people work in it on this machine."""
        return self.gate is not None

    def _add_conn_hooks(self, conn: Connection) -> None:
        # The checks come first: a pragma such as journal_mode would already change a foreign file.
        self._watched = False
        conn.execute("PRAGMA trusted_schema = 0")
        if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NotADatabase(self.location.path)
        for name, value in _PRAGMAS:
            conn.execute(f"PRAGMA {name} = {value}").fetchall()
        super()._add_conn_hooks(conn)  # type: ignore[misc]  # Peewee's types leave it out

    def cursor(self, named_cursor: str | None = None) -> Cursor:
        """Return a new cursor, remembered so that the end of the transaction can close it."""
        cursor = super().cursor(named_cursor)  # type: ignore[no-untyped-call]  # Peewee's types leave it out
        self._cursors.add(cursor)
        return cursor

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Cursor:
        """Run one statement; raises RuntimeError outside of `snapshot()` and `writing()`."""
        if not self.in_transaction():
            raise RuntimeError("A query outside of store.reading() and store.transaction()")
        return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def commit(self) -> None:
        """Commit, with every cursor closed: an open one would keep the snapshot and block checkpoints."""
        self._close_cursors()
        super().commit()

    def rollback(self) -> None:
        """Roll back; where SQLite did it already, on a full disk say, leave its error to be seen."""
        self._close_cursors()
        if not self.is_closed() and self._raw().in_transaction:
            super().rollback()

    def _close_cursors(self) -> None:
        for cursor in list(self._cursors):
            cursor.close()
        self._cursors.clear()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the database, whatever others write meanwhile; writing inside fails as read-only."""
        with self.guard, database_faults(self.location.path):
            connection = self._raw()
            connection.execute("PRAGMA query_only = 1")
            try:
                with self.transaction("DEFERRED"):
                    yield
            finally:
                connection.execute("PRAGMA query_only = 0")

    @contextmanager
    def seen_through(self, views: Mapping[str, str]) -> Iterator[None]:
        """Let what is read in the block find these views, by name, in the place of the tables of that name."""
        with self.guard, database_faults(self.location.path):
            connection = self._raw()
            try:
                for name, query in views.items():
                    connection.execute(f'CREATE TEMP VIEW "{name}" AS {query}')
                yield
            finally:
                for name in reversed(list(views)):
                    connection.execute(f'DROP VIEW IF EXISTS temp."{name}"')

    @contextmanager
    def writing(self, lock_type: str = "IMMEDIATE") -> Iterator[None]:
        """Write alone: all of the block is kept, or nothing when an exception leaves it."""
        with self.guard, self._gate(), database_faults(self.location.path):
            if self._seals and not self._watched:
                seals.watch(self._raw())
                self._watched = True
            with self.transaction(lock_type):
                yield
                if self._watched:
                    seals.seal_touched(self._raw())

    def _gate(self) -> AbstractContextManager[None]:
        return self.gate.passed() if self.gate is not None else nullcontext()

    def keep_seals(self) -> None:
        """From now on seal every row that is written (`storage.seals`); the database must have all its tables."""
        self._seals = True

    @contextmanager
    def foreign_keys_off(self) -> Iterator[None]:
        """Do not enforce foreign keys in the transactions of this block: a migration may rebuild a table."""
        self._raw().execute("PRAGMA foreign_keys = 0")
        try:
            yield
        finally:
            self._raw().execute("PRAGMA foreign_keys = 1")

    def overwrite_deleted(self) -> None:
        """From now on let this connection overwrite with zeros what it deletes or replaces in the file."""
        self._raw().execute("PRAGMA secure_delete = 1").fetchall()

    def hold_up(self) -> HoldUp | None:
        """Return who has the database while this session waits at its gate, None while it does not; for any thread."""
        return self.gate.hold_up() if self.gate is not None else None

    def tell_waits(self, tell: Callable[[HoldUp], None] | None) -> None:
        """Let `tell` be called once a wait has lasted a second, in the thread that waits."""
        if self.gate is not None:
            self.gate.on_wait = tell

    def close(self) -> bool:
        """Close the database; closing twice does nothing."""
        if self.gate is not None:
            self.gate.close()
        return bool(super().close())  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def _raw(self) -> Connection:
        """The connection itself, for pragmas; raises RuntimeError once the database is closed."""
        if self.is_closed():
            raise RuntimeError("The database is closed")
        return self.connection()  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def data_version(self) -> int:
        """Return a number that changes whenever another connection has written; own writes leave it."""
        with self.guard, database_faults(self.location.path):
            return int(self._raw().execute("PRAGMA data_version").fetchone()[0])
