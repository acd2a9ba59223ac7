"""Turns what SQLite and the operating system report into the faults of `errors.py`."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import peewee

from salestui.errors import (
    AtPath,
    CorruptDatabase,
    DatabaseBusy,
    DatabaseUnreadable,
    DirectoryNotWritable,
    DiskFault,
    DiskFull,
    NotADatabase,
    ReadOnlyDatabase,
    StorageFault,
)
from salestui.storage.driver import sqlite3

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["database_faults", "fault_of", "fault_of_os", "readable", "writable"]

# Primary result codes of SQLite (https://sqlite.org/rescode.html); the higher bits only refine them.
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _AUTH, _NOTADB = (
    3,
    5,
    6,
    8,
    10,
    11,
    13,
    14,
    23,
    26,
)
_BY_CODE: Final[Mapping[int, type[AtPath]]] = {
    _PERM: DatabaseUnreadable,
    _BUSY: DatabaseBusy,
    _LOCKED: DatabaseBusy,
    _READONLY: ReadOnlyDatabase,
    _IOERR: DiskFault,
    _CORRUPT: CorruptDatabase,
    _FULL: DiskFull,
    _CANTOPEN: DatabaseUnreadable,
    _AUTH: DatabaseUnreadable,
    _NOTADB: NotADatabase,
}
_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NO_RIGHT: Final = {errno.EACCES, errno.EPERM, errno.EROFS}


def readable(path: Path) -> bool:
    """Whether this process may read the file at `path`."""
    return os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def writable(path: Path) -> bool:
    """Whether this process may write the file, or make files in the directory, at `path`."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def fault_of(error: BaseException, path: Path) -> StorageFault | None:
    """Return the fault that a peewee or SQLite error at database `path` means, None where it is no storage fault.

    A broken constraint and a wrong statement are none: they are mistakes of the program or the caller's business.
    """
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    words = str(cause)
    if code is None:
        return CorruptDatabase(path, words) if "decode to UTF-8" in words else None
    primary = code & 0xFF
    if primary == _CANTOPEN and path.parent.is_dir() and not writable(path.parent):
        return DirectoryNotWritable(path.parent, words)
    kind = _BY_CODE.get(primary)
    return kind(path, words) if kind else None


def fault_of_os(error: OSError, path: Path) -> StorageFault:
    """Return the fault that an error of the operating system means when writing the file at `path`."""
    words = error.strerror or str(error)
    if error.errno in _NO_SPACE:
        return DiskFull(path, words)
    if error.errno in _NO_RIGHT:
        if path.is_file() and not writable(path):
            return ReadOnlyDatabase(path, words)
        return DirectoryNotWritable(path if path.is_dir() else path.parent, words)
    return DiskFault(path, words)


@contextmanager
def database_faults(path: Path) -> Iterator[None]:
    """Raise the storage fault in place of the database error that leaves this block."""
    try:
        yield
    except (peewee.PeeweeException, sqlite3.Error) as error:
        fault = fault_of(error, path)
        if fault is None:
            raise
        raise fault from error
