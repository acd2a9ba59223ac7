"""The schema's history: numbered steps, all pending ones applied in one transaction together with their record.

A step is a module `mNNNN_name` with `up(database)`, written in frozen SQL so that it does the same for ever. Never
change one that was released: add the next.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final, cast

import peewee

from salestui.errors import SchemaMismatch
from salestui.storage import seals
from salestui.storage.faults import fault_of
from salestui.storage.migrations import m0001_initial
from salestui.storage.migrations.schema import differences, missing_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from salestui.storage.connection import SalesDatabase

__all__ = ["LATEST", "applied", "check_columns", "differences", "migrate"]

_STEPS: Final[tuple[tuple[str, Callable[[SalesDatabase], None]], ...]] = (("initial", m0001_initial.up),)

# The machine's own clock, for this says when this copy was upgraded and is no fact of the product.
_RECORD: Final = "INSERT INTO schema_version (number, name, at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"

LATEST: Final = len(_STEPS)
"""The schema version that this program works with."""


def applied(database: SalesDatabase) -> int:
    """Return the schema version of a database, 0 for one without any; inside a transaction."""
    if "schema_version" not in database.get_tables():
        return 0
    return int(database.execute_sql("SELECT COALESCE(MAX(number), 0) FROM schema_version").fetchone()[0])


def expected_sql() -> frozenset[str]:
    """Return the statements of the schema as the steps write them, each with single blanks."""
    memory = peewee.SqliteDatabase(":memory:")
    with closing(memory.connection()):  # type: ignore[no-untyped-call]  # Peewee's types leave it out
        for _name, up in _STEPS:
            up(cast("SalesDatabase", memory))
        found = memory.execute_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")  # type: ignore[no-untyped-call]
        return frozenset(" ".join(sql.split()) for (sql,) in found.fetchall())


def migrate(database: SalesDatabase) -> int:
    """Bring a database to the latest schema, wholly or not at all; return how many steps that took.

    Foreign keys are not enforced meanwhile, so that a step may rebuild tables; they are checked before the commit.
    Raises SchemaMismatch when the result is not what the models say, and then changes nothing.
    """
    with database.foreign_keys_off(), database.writing("EXCLUSIVE"):
        version = applied(database)
        if version >= LATEST:
            return 0
        for number, (name, up) in enumerate(_STEPS[version:], start=version + 1):
            try:
                up(database)
            except peewee.OperationalError as error:
                if fault_of(error, database.location.path) is None:
                    raise SchemaMismatch(database.location.path, str(error)) from error
                raise
            database.execute_sql(_RECORD, (number, name))
        _check(database)
        seals.seal_all(database.connection())  # type: ignore[no-untyped-call]  # Peewee's types leave it out
        return LATEST - version


def _check(database: SalesDatabase) -> None:
    orphans = database.execute_sql("PRAGMA foreign_key_check").fetchall()
    wrong = tuple(f"{table}: row {row} → {parent}" for table, row, parent, _ in orphans) or differences(database)
    if wrong:
        raise SchemaMismatch(database.location.path, "; ".join(wrong[:5]))


def check_columns(database: SalesDatabase) -> None:
    """Raise SchemaMismatch where a table or column that this program asks for is not there; quick enough for a start.

    So it is with a database of an unreleased version, which has the number of a released one.
    """
    with database.snapshot():
        missing = missing_columns(database)
    if missing:
        raise SchemaMismatch(database.location.path, "; ".join(missing[:5]))
