"""Copies a database while others write in it, and puts another one in its place: as one consistent file, or not at all.

SQLite itself reads and writes the files here; nothing else may touch a database in use (`storage.connection`).
"""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from salestui import system
from salestui.errors import DatabaseInUse
from salestui.storage.connection import BUSY_SECONDS
from salestui.storage.driver import sqlite3
from salestui.storage.examining import DAMAGE
from salestui.storage.faults import database_faults, fault_of_os

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from salestui.storage.location import Location

__all__ = ["copy_database", "put_in_place"]

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


def copy_database(source: Path, target: Path) -> None:
    """Write the state of one instant of a database to the new private file `target`, whoever writes meanwhile.

    The copy is one file without a journal beside it, safe on the disk. Raises a storage fault, and then leaves nothing.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
    except OSError as error:
        raise fault_of_os(error, target) from error
    try:
        uri = f"file:{quote(str(source))}?mode=ro"
        with (
            database_faults(source),
            closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as reading,
            database_faults(target),
            closing(sqlite3.connect(str(target), isolation_level=None)) as writing,
        ):
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode = delete").fetchall()
        _flush(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(new: Path, location: Location, kept: Location) -> None:
    """Let the file `new` take the place of the database at `location`, which stays beside it as `kept`.

    At every instant a whole database stands at the place. Raises DatabaseInUse, with nothing changed, while others have
    it open: what they save would be lost.
    """
    path = location.path
    with _alone(location) as readable:
        beside = _SIDE_FILES if not readable else ()
        try:
            os.link(path, kept.path)
            _rename(location, kept, beside)
            system.flush_directory(path.parent)
            new.replace(path)
            system.flush_directory(path.parent)
        except OSError as error:
            _undo(location, kept, beside)
            raise fault_of_os(error, path) from error


def _rename(source: Location, target: Location, endings: tuple[str, ...]) -> None:
    for ending in endings:
        with suppress(FileNotFoundError):
            source.beside(ending).rename(target.beside(ending))


def _undo(location: Location, kept: Location, endings: tuple[str, ...]) -> None:
    """Bring back what stood at the place before."""
    if not kept.path.exists():
        return
    _rename(kept, location, endings)
    if kept.path.samefile(location.path):
        kept.path.unlink()
    else:
        kept.path.replace(location.path)


@contextmanager
def _alone(location: Location) -> Iterator[bool]:
    """Hold a database against everybody, all of it in its one file; yield False for one that SQLite cannot read."""
    with closing(sqlite3.connect(str(location.path), timeout=1.0, isolation_level=None)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode = delete").fetchone()[0]
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise DatabaseInUse(location.path, str(error)) from error
            mode = ""
        except DAMAGE:
            mode = ""
        if mode == "wal":
            raise DatabaseInUse(location.path, "wal")
        yield mode == "delete"
