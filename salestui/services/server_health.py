"""Whether a PostgreSQL server has the rules of this version and a standby in step: for the doctor and the start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from salestui.errors import CorruptValue
from salestui.services.health import Finding, Level, clock
from salestui.storage import events
from salestui.storage.postgres import integrity
from salestui.storage.store import Store

if TYPE_CHECKING:
    from salestui.storage.postgres.connection import PostgresDatabase

__all__ = ["at_start", "check"]

_TOLD: Final = 5


def check(store: Store, now: datetime) -> Iterator[Finding]:
    """Look at everything on the server of an open database; nothing is changed."""
    database = cast("PostgresDatabase", store.database)
    with store.reading():
        installed = integrity.installed(database)
        yield Finding("server", params={"version": _version(database)})
        foreign = tuple(_of_another_version(database, installed))
        yield from foreign or _rules(database)
        yield from _passing(database)
        if not foreign:
            yield from _standby(database)
        with suppress(CorruptValue):  # the check of the history names it
            yield from clock(now, events.last_at())


def at_start(store: Store) -> tuple[Finding, ...]:
    """Return what is wrong with the server of an open database; takes about a millisecond where nothing is."""
    database = cast("PostgresDatabase", store.database)
    with store.reading():
        installed = integrity.installed(database)
        found = tuple(_of_another_version(database, installed))
        if not found:
            found = (*(() if installed.complete else _rules(database)), *_standby(database))
    return tuple(each for each in found if each.level is not Level.GOOD)


def _version(database: PostgresDatabase) -> str:
    return str(database.execute_sql("SELECT current_setting('server_version')").fetchone()[0])


def _of_another_version(database: PostgresDatabase, installed: integrity.Installed) -> Iterator[Finding]:
    """Say so where definitions cannot be compared: another salestui installed them, or another server words them."""
    place = {"database": database.location.name}
    if installed.source != integrity.source():
        yield Finding("rules_of_other_version", Level.BAD, place)
    elif installed.server != installed.then:
        yield Finding("server_upgraded", Level.WARNING, {**place, "now": installed.server, "then": installed.then})


def _rules(database: PostgresDatabase) -> Iterator[Finding]:
    drift = integrity.drift(database)
    kinds = (("rules_gone", drift.gone), ("rules_changed", drift.changed), ("rules_added", drift.added))
    for code, names in kinds:
        if names:
            where = ", ".join(names[:_TOLD]) + (" …" if len(names) > _TOLD else "")
            params = {"n": len(names), "where": where, "database": database.location.name}
            yield Finding(code, Level.BAD, params)
    if not any(names for _code, names in kinds):
        yield Finding("rules", params={"n": drift.known})


def _passing(database: PostgresDatabase) -> Iterator[Finding]:
    roles = integrity.passing(database)
    if roles:
        remedy = "; ".join(
            f'ALTER ROLE "{name}" NOBYPASSRLS' if bypasses else f'REVOKE salestui_owner FROM "{name}"'
            for name, bypasses in roles
        )
        yield Finding("rules_passed", Level.WARNING, {"who": ", ".join(name for name, _ in roles), "remedy": remedy})


def _standby(database: PostgresDatabase) -> Iterator[Finding]:
    standbys = integrity.standbys(database)
    names = ", ".join(standbys.in_step)
    if not standbys.wanted:
        yield Finding("standby_none")
    elif standbys.enough:
        yield Finding("standby", params={"names": names})
    else:
        yield Finding("standby_missing", Level.BAD, {"wanted": standbys.wanted})
