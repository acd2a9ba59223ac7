"""Opens a database: makes a new one whole or not at all, refuses what is not ours, brings an older one up to date."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from salestui import system
from salestui.errors import (
    DatabaseMissing,
    DatabaseUnreadable,
    DirectoryNotWritable,
    DiskFault,
    NetworkFilesystem,
    NewerDatabase,
    NotADatabase,
    NotInGroup,
    ReadOnlyDatabase,
    UnsafeSQLite,
)
from salestui.storage import migrations
from salestui.storage.connection import APPLICATION_ID, BUSY_SECONDS, SalesDatabase, sqlite_is_safe
from salestui.storage.driver import sqlite3
from salestui.storage.faults import database_faults, fault_of_os, readable, writable
from salestui.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PRIVATE_MODE", "SHARED_MODE", "open_database"]

PRIVATE_MODE: Final = 0o600
SHARED_MODE: Final = 0o660


def open_database(
    given: str | Path | Location, *, create: bool = True, shared: bool | None = None, busy_seconds: float = BUSY_SECONDS
) -> SalesDatabase:
    """Open the database at a path or `sqlite:///path`, with the latest schema and connected.

    A missing one is made when `create` allows it, with its directories. `shared` is for several people on one machine:
    group-writable files, fair turns for writers, and a refusal where SQLite cannot keep such a database safe; None
    means as the file's mode says, and private for a new one.
    Raises a StorageFault that names the place and what to do; then nothing was changed.
    """
    location = given if isinstance(given, Location) else Location.parse(given)
    status = _status(location.path)
    if shared is None:
        shared = status is not None and _is_for_a_group(status)
    mode = SHARED_MODE if shared else PRIVATE_MODE
    if shared:
        _check_sharing(location.path)
    if status is None:
        if not create:
            raise DatabaseMissing(location.path)
        _create(location, mode)
        status = location.path.stat()
    _check_file(location.path, status)
    version = _inspect(location.path)
    database = SalesDatabase(location, busy_seconds=busy_seconds, gate_mode=mode if shared else None)
    with database_faults(location.path):
        database.connect()
    try:
        if version < migrations.LATEST:
            with _side_lock(location, mode):
                migrations.migrate(database)
        migrations.check_columns(database)
        database.keep_seals()
    except BaseException:
        database.close()
        raise
    return database


def _status(path: Path) -> os.stat_result | None:
    """Return what stands at the path, None for nothing."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise _kept_out(path) or DatabaseUnreadable(path, error.strerror or "") from error
    except OSError as error:
        raise DatabaseUnreadable(path, error.strerror or "") from error


def _kept_out(path: Path) -> NotInGroup | None:
    """Return the fault of a directory that is for a group alone and keeps this person out; None for any other."""
    for folder in reversed(path.parents):
        if not os.access(folder, os.X_OK):
            status = folder.stat()
            if stat.S_IMODE(status.st_mode) & 0o2070 == 0o2070:
                return NotInGroup(folder, system.group_name(status.st_gid), system.person().login)
            break
    return None


def _is_for_a_group(status: os.stat_result) -> bool:
    """Whether others than the owner may write the file: a database made as shared. Windows knows no such modes."""
    return sys.platform != "win32" and stat.S_ISREG(status.st_mode) and bool(status.st_mode & stat.S_IWGRP)


def _check_sharing(path: Path) -> None:
    if system.is_network_filesystem(path):
        raise NetworkFilesystem(path)
    if not sqlite_is_safe():
        raise UnsafeSQLite(sqlite3.sqlite_version)


def _check_file(path: Path, status: os.stat_result) -> None:
    """Refuse what cannot be a database of ours, or cannot be written, before SQLite touches it."""
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
        raise NotADatabase(path)
    if not readable(path):
        raise DatabaseUnreadable(path, os.strerror(errno.EACCES))
    if not writable(path):
        raise ReadOnlyDatabase(path)
    if not writable(path.parent):
        raise DirectoryNotWritable(path.parent)


def _inspect(path: Path) -> int:
    """Return the schema version of the database; refuse a foreign or newer one without writing to it.

    The read-only connection matters: an ordinary one would already move a foreign database's journal into it.
    """
    uri = f"file:{quote(str(path))}?mode=ro"
    with (
        database_faults(path),
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection,
    ):
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NotADatabase(path)
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").fetchone()
        found = connection.execute("SELECT COALESCE(MAX(number), 0) FROM schema_version").fetchone()[0] if known else 0
    if found > migrations.LATEST:
        raise NewerDatabase(path, found, migrations.LATEST)
    return int(found)


def _create(location: Location, mode: int) -> None:
    """Make a new database, complete, under a lock that all its first starters share.

    It is built under another name and appears at its own only when whole, so a kill or a full disk leaves no half-made
    database; whoever comes next clears what was left and begins again.
    """
    path = location.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise fault_of_os(error, path.parent) from error
    if not writable(path.parent):
        raise DirectoryNotWritable(path.parent)
    with _side_lock(location, mode):
        if path.exists():
            return
        draft = Location(location.beside(".new"))
        _remove(draft)
        try:
            _build(draft, mode)
            draft.path.rename(path)
            system.flush_directory(path.parent)
        except OSError as error:
            raise fault_of_os(error, path) from error
        finally:
            _remove(draft)


def _build(draft: Location, mode: int) -> None:
    descriptor = os.open(draft.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), mode)
    os.close(descriptor)
    system.set_mode(draft.path, mode)
    with database_faults(draft.path):
        with closing(sqlite3.connect(str(draft.path), isolation_level=None)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database = SalesDatabase(draft)
        database.connect()
        try:
            migrations.migrate(database)
        finally:
            database.close()
    if draft.beside("-wal").exists():
        raise DiskFault(draft.path, "journal not merged")


def _remove(draft: Location) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.beside(ending).unlink(missing_ok=True)


@contextmanager
def _side_lock(location: Location, mode: int) -> Iterator[None]:
    """Hold the lock of creation and upgrades, which all processes at this database share."""
    lock = location.beside(".lock")
    with ExitStack() as held:
        try:
            held.enter_context(system.exclusive_lock(lock, mode=mode))
        except OSError as error:
            raise fault_of_os(error, lock) from error
        yield
