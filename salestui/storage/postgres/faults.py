"""Turns what a PostgreSQL server reports into the faults of `errors`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import peewee
import psycopg

from salestui.errors import (
    AtPath,
    ConnectionLost,
    CorruptDatabase,
    DatabaseBusy,
    DiskFault,
    DiskFull,
    NotPrepared,
    ServerRefused,
    ServerUnreachable,
    StorageFault,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from salestui.storage.postgres.address import Address

__all__ = ["fault_of", "server_faults", "words_of"]

# Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_CODE: Final[Mapping[str, type[AtPath]]] = {
    "42501": ServerRefused,
    "40001": DatabaseBusy,
    "40P01": DatabaseBusy,
    "55P03": DatabaseBusy,
    "57014": DatabaseBusy,
    "53100": DiskFull,
    "58030": DiskFault,
    "XX001": CorruptDatabase,
    "XX002": CorruptDatabase,
    "3F000": NotPrepared,
    "42P01": NotPrepared,
}
_LOST: Final = ("08", "57P")
"""Classes of codes by which the server ends sessions."""


def words_of(error: BaseException) -> str:
    """Return the first line of what the server said."""
    diagnosis = getattr(error, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(error)
    return str(said).strip().partition("\n")[0]


def fault_of(error: BaseException, address: Address, *, reading: bool = False) -> StorageFault | None:
    """Return the fault that an error of the server means, None where it is no storage fault.

    `reading`: inside a snapshot, where writing is a mistake of the program.

    A broken constraint and a wrong statement are none: they are mistakes of the program or the caller's business.
    """
    cause = getattr(error, "orig", error)
    if not isinstance(cause, psycopg.Error):
        return None
    code = cause.sqlstate or ""
    if code == "25006" and not reading:  # the primary of before is a standby now
        return ConnectionLost(str(address), words_of(cause))
    kind = _BY_CODE.get(code)
    if kind is not None:
        return kind(str(address), words_of(cause))
    lost = code.startswith(_LOST) or (not code and isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError))
    return ConnectionLost(str(address), words_of(cause)) if lost else None


@contextmanager
def server_faults(address: Address, *, connecting: bool = False, reading: bool = False) -> Iterator[None]:
    """Raise the storage fault in place of the server's error that leaves this block."""
    try:
        yield
    except (peewee.PeeweeException, psycopg.Error) as error:
        cause = getattr(error, "orig", error)
        fault: StorageFault | None = ServerUnreachable(str(address), words_of(cause)) if connecting else None
        fault = fault or fault_of(error, address, reading=reading)
        if fault is None:
            raise
        raise fault from error
