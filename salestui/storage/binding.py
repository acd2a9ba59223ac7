"""Which database the models speak to: one at a time in the whole process, settled by whoever holds this lock."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

import peewee

from salestui.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["models_on"]

_lock: Final = threading.RLock()


class _Nowhere(peewee.SqliteDatabase):
    """Where the models point when no store is in use: nowhere."""

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> NoReturn:  # noqa: ARG002  # as Peewee calls it
        """Refuse, whatever is asked."""
        raise RuntimeError("A query outside of store.reading() and store.transaction()")


_nowhere: Final = _Nowhere(None)


@contextmanager
def models_on(database: peewee.Database, *, keep: bool = True) -> Iterator[None]:
    """Bind all models to a database while the block runs; other threads wait, an outer block gets its own back.

    With `keep` the binding stays afterwards, so that using one database again and again costs nothing; that database
    must refuse queries outside of its transactions.
    """
    with _lock:
        outer = _bound()
        _bind(database)
        try:
            yield
        finally:
            if outer is not None and outer.in_transaction():
                _bind(outer)
            elif not keep:
                _bind(_nowhere)


def _bound() -> peewee.Database | None:
    database: peewee.Database | None = tables.MODELS[-1]._meta.database  # noqa: SLF001  # Peewee's documented name
    return database


def _bind(database: peewee.Database) -> None:
    if _bound() is not database:
        for model in tables.MODELS:
            model.bind(database, bind_refs=False, bind_backrefs=False)
