"""A store: one open database with its files. All reading and writing goes through its snapshots and transactions."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

import peewee

from salestui.errors import CommandIdTaken, DriverMissing
from salestui.storage import chain, tables
from salestui.storage.binding import models_on
from salestui.storage.compiled import update
from salestui.storage.connection import BUSY_SECONDS
from salestui.storage.files import DirectoryFileStore
from salestui.storage.opening import open_database
from salestui.storage.postgres.address import is_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import ModuleType, TracebackType
    from typing import TypeVar

    from salestui.domain.hold_up import HoldUp
    from salestui.domain.people import Actor
    from salestui.storage.connection import SalesDatabase
    from salestui.storage.files import FileStore
    from salestui.storage.postgres.connection import PostgresDatabase

    R = TypeVar("R")

__all__ = ["Store", "Transaction"]


_KEEP: Final = 'INSERT INTO "command" ("id", "at", "actor_id", "result") VALUES (?, ?, ?, ?)'
_EARLIER: Final = 'SELECT "actor_id", "result" FROM "command" WHERE "id" = ?'


class _Abandoned(Exception):  # a signal that never leaves this module
    """Leaves a transaction without keeping it and without an error."""


class Store:
    """One open database and its file store.

    Use it from one thread at a time, any thread; several stores may be open in a process, on one database or on many.
    `reading()` and `transaction()` bind the models to this store while they last.
    """

    def __init__(self, database: SalesDatabase | PostgresDatabase, files: FileStore) -> None:
        self.database = database
        self.files = files
        self._given_up = False

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        create: bool = True,
        shared: bool | None = None,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Open the database at a path or `sqlite:///path`, made when missing and `create` allows it.

        One on a server, `postgresql:///name`, must have been prepared (`salestui init`); no other argument but
        `busy_seconds` is about it.
        `shared` is for a database of several people on one machine; None: as it was made, and private for a new one.
        `busy_seconds` is how long it waits for others.
        Raises a StorageFault that says what is wrong, where, and what to do.
        """
        if isinstance(location, str) and is_address(location):
            return cls(*_open_server(location, busy_seconds))
        database = open_database(location, create=create, shared=shared, busy_seconds=busy_seconds)
        return cls(database, DirectoryFileStore.beside(database.location, shared=database.shared))

    @staticmethod
    def is_on_server(location: str) -> bool:
        """Whether this is the address of a database on a server."""
        return is_address(location)

    @staticmethod
    def prepare_server(location: str, *, files: str | None = None) -> None:
        """Make a database on a server, with its roles and rights, or bring it to this version: a superuser's act.

        `files` is the directory of attached files, which everybody of the team must reach; None: in the database.
        """
        _server_module().prepare_server(location, files=files)

    def close(self) -> None:
        """Close the database; closing twice does nothing."""
        if not self._given_up:
            self.database.close()

    def give_up(self) -> None:
        """Never close the database: another thread is still waiting for it, and the process is about to end.

        What was not committed is undone by whoever opens it next, or by the server.
        """
        self._given_up = True

    def hold_up(self) -> HoldUp | None:
        """Return what a call under way in another thread waits for, as far as is known; None for nothing known."""
        return self.database.hold_up()

    def tell_waits(self, tell: Callable[[HoldUp], None] | None) -> None:
        """Let `tell` be called, in the thread that waits, once a wait for others or the server has lasted a second."""
        self.database.tell_waits(tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def location(self) -> str:
        """The absolute path of the database."""
        return str(self.database.location)

    @property
    def location_label(self) -> str:
        """The place of the database as shown to people, without secrets."""
        return self.database.location.label

    def data_version(self) -> int:
        """Return a number that changes whenever another process, or another store, has written; made to be polled."""
        return self.database.data_version()

    @property
    def on_server(self) -> bool:
        """Whether a server keeps the database, which says who acts and may be away for a while."""
        return not isinstance(self.database, peewee.SqliteDatabase)

    def login(self) -> str | None:
        """Return who acts as the server proves it, None where the operating system says it."""
        return None if isinstance(self.database, peewee.SqliteDatabase) else self.database.login()

    def persist(self, work: Callable[[], R]) -> R:
        """Do `work`, which may be done again when the connection to a server broke; inside a transaction just once."""
        if isinstance(self.database, peewee.SqliteDatabase) or self.database.in_transaction():
            return work()
        return self.database.persist(work)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one consistent state; joins the snapshot or transaction of this store under way. Writing inside fails.

        Query results must be read to the end inside; afterwards their cursors are closed.
        """
        with models_on(self.database):
            if self.database.in_transaction():
                yield
            else:
                with self.database.snapshot():
                    yield

    @contextmanager
    def transaction(self, actor: Actor, *, now: datetime, command_id: str | None = None) -> Iterator[Transaction]:
        """Change the database as `actor` at the aware time `now`: wholly as the block ends, not at all if it raises.

        Keep it short and never wait for a person inside. One at a time: raises RuntimeError inside another, or inside
        `reading()`, of this store. `command_id` makes a repeated command recognisable.
        """
        with models_on(self.database):
            if self.database.in_transaction():
                raise RuntimeError("A transaction inside another one")
            with suppress(_Abandoned), self.database.writing():
                change = Transaction(self, actor, now, command_id)
                yield change
                if change.abandoned:
                    raise _Abandoned


def _server_module() -> ModuleType:
    """Return what opens databases on a server; raises DriverMissing. Imported late: most databases are files."""
    try:
        from salestui.storage.postgres import opening
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise DriverMissing from error
    return opening


def _open_server(address: str, busy_seconds: float) -> tuple[PostgresDatabase, FileStore]:
    opened: tuple[PostgresDatabase, FileStore] = _server_module().open_server(address, busy_seconds=busy_seconds)
    return opened


class Transaction:
    """One change under way: who makes it and when, and the history it writes. Made by `Store.transaction` alone."""

    def __init__(self, store: Store, actor: Actor, now: datetime, command_id: str | None) -> None:
        self.store = store
        self.actor = actor
        self.now = now
        self.command_id = command_id
        self.abandoned = False

    def record(
        self,
        action: str,
        *,
        subject: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object] | None,
        deal: int | None = None,
        customer: int | None = None,
        campaign: int | None = None,
        note: str = "",
    ) -> int:
        """Write one event of the history and return its id.

        `action` is a stable word such as `deal.moved`, `subject` the shown id of what changed; `before` and `after`
        hold the changed values, as JSON knows them.
        """
        return chain.append(
            self.store.database,
            {
                "at": self.now,
                "actor_id": self.actor.id,
                "actor_name": self.actor.name,
                "action": action,
                "subject": subject,
                "deal_id": deal,
                "customer_id": customer,
                "campaign_id": campaign,
                "before": before,
                "after": after,
                "note": note,
                "command_id": self.command_id or "",
            },
        )

    def bump(
        self, model: type[tables.Table], number: int, expected_version: int | None, changes: Mapping[str, object]
    ) -> bool:
        """Change fields of the row `number` of a model with a `version`, and count its version up.

        Returns False, with nothing changed, when the row is not at `expected_version` any more (None: any version will
        do) or not there.
        """
        return bool(update(model, number, changes, version=expected_version))

    def earlier_result(self) -> object:
        """Return what `keep_result` kept for this command id, None for a new command or one without an id.

        Raises CommandIdTaken when another person's command has the id.
        """
        if self.command_id is None:
            return None
        database = self.store.database
        row = database.execute_sql(_EARLIER.replace("?", database.param), (self.command_id,)).fetchone()
        if row is None:
            return None
        if row[0] != self.actor.id:
            raise CommandIdTaken(self.command_id)
        return tables.Command.result.python_value(row[1])

    def keep_result(self, result: object) -> None:
        """Keep a JSON value as the result of this command, for its repetition; does nothing for one without an id."""
        if self.command_id is not None:
            command, database = tables.Command, self.store.database
            values = (self.command_id, command.at.db_value(self.now), self.actor.id, command.result.db_value(result))
            database.execute_sql(_KEEP.replace("?", database.param), values)

    def abandon(self) -> None:
        """Keep nothing of this transaction when its block ends, without an error."""
        self.abandoned = True
