"""One connection to a PostgreSQL server as the product wants it: one writer at a time, snapshots, and told of changes.

Every write transaction begins by taking the one row of `guard`, so writers follow each other as they do on SQLite and
a rule that was checked still holds when its change is written. Readers wait for nobody.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import peewee
from psycopg.pq import TransactionStatus

from salestui.domain.hold_up import HoldUp
from salestui.errors import ConnectionLost, DatabaseBusy, ServerUnreachable
from salestui.storage.gate import TOLD_AFTER
from salestui.storage.postgres.driver import adopt, psycopg
from salestui.storage.postgres.faults import server_faults, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    from salestui.storage.postgres.address import Address

    R = TypeVar("R")

__all__ = ["CHANNEL", "LOST_SECONDS", "SCHEMA", "PostgresDatabase"]

SCHEMA: Final = "salestui"
"""The schema that holds all tables and functions."""

CHANNEL: Final = "salestui_changed"
"""What the server notifies of every change."""

LOST_SECONDS: Final = 60.0
"""How long a lost connection is sought again before a fault is reported: a failover takes seconds."""

_CONNECT_SECONDS: Final = 5
_PAUSES: Final = (0.05, 0.1, 0.2, 0.5, 1.0)
_CONFLICTS: Final = 5


class PostgresDatabase(peewee.PostgresqlDatabase):
    """A database on a server: one connection, used by one thread at a time.

    Statements run inside `snapshot()` or `writing()` alone. `busy_seconds` is how long a statement waits for others;
    `lost_seconds` how long a broken connection is sought again by `persist`.
    """

    shared = True

    def __init__(self, address: Address, *, busy_seconds: float, lost_seconds: float = LOST_SECONDS) -> None:
        self.location = address
        self.guard = threading.RLock()
        self._lost_seconds = lost_seconds
        self._changes = 0
        self._away = ""
        self._tell: Callable[[HoldUp], None] | None = None
        self.changing = False
        self._ended = False
        settings = {
            "search_path": f"{SCHEMA},pg_temp",
            "lock_timeout": f"{int(busy_seconds * 1000)}ms",
            "TimeZone": "UTC",
            "client_min_messages": "warning",
        }
        adopt()
        super().__init__(  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            address.url,
            thread_safe=False,
            autoconnect=False,
            prefer_psycopg3=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="salestui",
        )
        self._settings = settings

    # Connection

    def _initialize_connection(self, conn: psycopg.Connection[Any]) -> None:
        """Settings come after the connection, so that those of the URL's `options` stay."""
        calls = ", ".join(["set_config(%s, %s, false)"] * len(self._settings))
        pairs = [text for pair in self._settings.items() for text in pair]
        conn.execute(f"SELECT {calls}", pairs)  # marks alone
        conn.execute(f"LISTEN {CHANNEL}")
        self._changes += 1

    def reach(self) -> None:
        """Connect; raises ServerUnreachable, and RuntimeError once it was closed for good."""
        if self._ended:
            raise RuntimeError("The database is closed")
        with server_faults(self.location, connecting=True):
            self.connect()  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def close(self) -> bool:
        """Close for good; closing twice does nothing."""
        self._ended = True
        return bool(super().close())  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def _drop(self) -> None:
        """Forget a connection that is of no use any more."""
        connection = self._state.conn
        self._state.reset()
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _raw(self) -> psycopg.Connection[Any]:
        if self._ended:
            raise RuntimeError("The database is closed")
        if self.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            raise ConnectionLost(str(self.location), "closed")
        connection: psycopg.Connection[Any] = self._state.conn
        return connection

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        """Run one statement; raises RuntimeError outside of `snapshot()` and `writing()`."""
        if not self.in_transaction():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            raise RuntimeError("A query outside of store.reading() and store.transaction()")
        return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def hold_up(self) -> HoldUp | None:
        """Return why the server cannot be asked just now, None while it answers; for any thread."""
        return HoldUp(away=self._away) if self._away else None

    def tell_waits(self, tell: Callable[[HoldUp], None] | None) -> None:
        """Let `tell` be called once the server has been sought for a second, in the thread that seeks it."""
        self._tell = tell

    # Transactions

    def commit(self) -> None:
        """Commit; a transaction in which a statement failed raises instead, for the server would undo it silently."""
        if self._raw().pgconn.transaction_status == TransactionStatus.INERROR:
            raise peewee.InternalError("A statement of this transaction failed")
        super().commit()  # type: ignore[no-untyped-call]  # Peewee's types leave it out

    def rollback(self) -> None:
        """Roll back; where the connection is gone the server did it already."""
        if self.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            return
        try:
            self._raw().execute("ROLLBACK")
        except psycopg.Error:
            self._drop()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the database, whatever others write meanwhile; writing inside fails as read-only."""
        faults = server_faults(self.location, reading=True)
        with self.guard, faults, self._transaction("REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write alone: all of the block is kept, or nothing when an exception leaves it.

        Raises ConnectionLost where it is not known whether the block was kept.
        """
        with self.guard, server_faults(self.location), self._transaction("READ COMMITTED READ WRITE"):
            self.execute_sql("SELECT begin_change()")
            self.changing = True
            try:
                yield
            finally:
                self.changing = False

    @contextmanager
    def installing(self) -> Iterator[None]:
        """Write alone where there may be no tables yet; serialised by a lock of its own."""
        with self.guard, server_faults(self.location), self._transaction("READ COMMITTED READ WRITE"):
            self.execute_sql("SELECT pg_advisory_xact_lock(%s)", (0x53_41_4C_45,))
            yield

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[None]:
        with self.transaction(mode):  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            yield

    def begin(self, mode: str | None = None) -> None:
        """Begin a transaction in a mode such as `READ COMMITTED READ WRITE`, connecting anew where that is needed."""
        words = f"BEGIN ISOLATION LEVEL {mode}" if mode else "BEGIN"
        if not self.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            try:
                self._raw().execute(words)
            except psycopg.OperationalError:
                self._drop()
            else:
                return
        self.reach()
        self._raw().execute(words)

    def overwrite_deleted(self) -> None:
        """Nothing to do: a server frees the space of what was replaced by VACUUM, in its own time."""

    def aside(self, sql: str, params: Sequence[object]) -> None:
        """Run one statement in a transaction of its own, whatever this connection is doing."""
        with (
            server_faults(self.location),
            psycopg.connect(self.location.url, connect_timeout=_CONNECT_SECONDS) as other,
        ):
            other.execute(f"SET search_path = {SCHEMA}, pg_temp")
            other.execute(sql, params)

    # A connection that breaks

    def persist(self, work: Callable[[], R]) -> R:
        """Do `work`, and do it again after the connection broke or others were in the way; it must bear repetition.

        Raises ConnectionLost or ServerUnreachable when the server does not come back within `lost_seconds`.
        """
        began, told = time.monotonic(), False
        until, pauses, conflicts = began + self._lost_seconds, iter(_PAUSES), 0
        while True:
            try:
                if self.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
                    self.reach()
                self._away = ""
                return work()
            except DatabaseBusy as busy:
                conflicts += 1
                if conflicts >= _CONFLICTS or getattr(getattr(busy.__cause__, "orig", None), "sqlstate", "") == "55P03":
                    raise
            except (ConnectionLost, ServerUnreachable) as lost:
                self._drop()
                self._away = str(lost.params["reason"])
                if not told and self._tell is not None and time.monotonic() >= began + TOLD_AFTER:
                    self._tell(HoldUp(away=self._away))
                    told = True
                if time.monotonic() >= until:
                    raise ConnectionLost(str(self.location), str(lost.params["reason"])) from lost
                time.sleep(next(pauses, _PAUSES[-1]))

    # What others do

    def data_version(self) -> int:
        """Return a number that changes whenever another connection has written; own writes leave it.

        While the server is away it stays, and changes once it is back.
        """
        with self.guard:
            try:
                if self.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
                    self.reach()
                own = self._raw().info.backend_pid
                self._changes += sum(1 for note in self._raw().notifies(timeout=0) if note.pid != own)
                self._away = ""
            except (psycopg.Error, ServerUnreachable) as error:
                self._drop()
                self._away = words_of(error) if isinstance(error, psycopg.Error) else str(error.params["reason"])
            return self._changes

    def login(self) -> str:
        """Return the role that the server let in: who acts, proven by the server."""
        with self.snapshot():
            return str(self.execute_sql("SELECT session_user").fetchone()[0])

    def sees_all(self) -> bool:
        """Whether the server hides nothing of the team's from this session; inside a transaction."""
        return bool(self.execute_sql("SELECT sees_all()").fetchone()[0])

    def record_event(self, row: Sequence[object]) -> int:
        """Add an event to the history; the server numbers and chains it, and says who acts where it trusts nobody."""
        marks = ", ".join(["%s"] * len(row))
        return int(self.execute_sql(f"SELECT record_event({marks})", tuple(row)).fetchone()[0])  # marks alone
