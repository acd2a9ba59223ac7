"""Counts what a database does, without a clock: statements, rows handed over, and steps of its virtual machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from salestui.storage.store import Store

_STEP = 50


@dataclass
class Work:
    """What was done: statements, rows read, and steps (a row that is passed over takes about five)."""

    statements: int = 0
    rows: int = 0
    steps: int = 0
    asked: list[str] = field(default_factory=list, repr=False)


@contextmanager
def metered(store: Store) -> Iterator[Work]:
    """Count what the block has the store's connection do; statements of triggers are not counted."""
    connection: Any = store.database.connection()
    work = Work()

    asked = False

    def on_row(_cursor: object, row: tuple[object, ...]) -> tuple[object, ...]:
        work.rows += asked
        return row

    def on_statement(sql: str) -> None:
        nonlocal asked
        asked = sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
        work.statements += asked
        if asked:
            work.asked.append(sql)

    def on_step() -> int:
        work.steps += _STEP
        return 0

    connection.row_factory = on_row
    connection.set_trace_callback(on_statement)
    connection.set_progress_handler(on_step, _STEP)
    try:
        yield work
    finally:
        if not store.database.is_closed():
            connection.row_factory = None
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, 0)
