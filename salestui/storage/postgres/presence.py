"""Who has what before him just now, on a server: a shared advisory lock for each session, which names what it is at.

The server frees it when the session ends, however it ends, and tells everybody which role holds which. Nothing is
written. Who comes or goes is told by the same notification as changes are.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import peewee
import psycopg

from salestui.domain.presence import Doing
from salestui.storage.claims import Claim
from salestui.storage.postgres.connection import CHANNEL

if TYPE_CHECKING:
    from salestui.storage.postgres.connection import PostgresDatabase

__all__ = ["ServerPresence"]

_FIRST: Final = 0x53_41_00_00
"""The first half of our locks: from here on two numbers for each kind of thing, one to look and one to edit."""

_OTHERS: Final = """
SELECT DISTINCT session.usename, held.classid::bigint, held.objid::bigint
FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
WHERE held.locktype = 'advisory' AND held.objsubid = 2 AND held.classid::bigint BETWEEN %s AND %s
  AND held.pid <> pg_backend_pid() AND session.datname = current_database()
"""


class ServerPresence:
    """The presence of one session on a server. It never raises: while the server is away nobody is seen."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._held: tuple[int, int] | None = None

    def tell(self, claim: Claim | None) -> None:
        """Say what this session has before it; None: nothing."""
        wanted = _lock_of(claim) if claim is not None else None
        if wanted == self._held:
            return
        before, self._held = self._held, wanted
        if wanted is not None:
            self._run("SELECT pg_advisory_lock_shared(%s, %s)", wanted)
        if before is not None:
            self._run("SELECT pg_advisory_unlock_shared(%s, %s)", before)
        self._run(f"NOTIFY {CHANNEL}")

    def token(self) -> int:
        """Return a number that changes when somebody comes, goes on or goes; made to be polled."""
        return self._database.data_version()

    def others(self) -> tuple[Claim, ...]:
        """Return what the other sessions have before them, by the role that each of them is."""
        found = self._run(_OTHERS, (_FIRST, _FIRST + 2 * 127))
        return tuple(_claim(login, int(kind) - _FIRST, int(number)) for login, kind, number in found)

    def close(self) -> None:
        """The session ends; the server frees its lock itself."""

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        database = self._database
        with database.guard, suppress(psycopg.Error, peewee.PeeweeException, RuntimeError):
            if not database.is_closed():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
                cursor = database.connection().execute(sql, values)  # type: ignore[no-untyped-call]  # the same
                return list(cursor.fetchall()) if cursor.description else []
        return []


def _lock_of(claim: Claim) -> tuple[int, int]:
    kind = _FIRST + 2 * ord(claim.subject[0]) + (claim.doing == Doing.EDITING.value)
    return kind, int(claim.subject[1:])


def _claim(login: str, kind: int, number: int) -> Claim:
    doing = Doing.EDITING if kind % 2 else Doing.LOOKING
    return Claim(0, f"{chr(kind // 2)}{number}", doing.value, login)
