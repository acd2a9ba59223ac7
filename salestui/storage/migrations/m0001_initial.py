"""Version 1: all tables of the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.storage.migrations.schema import model_sql

if TYPE_CHECKING:
    from salestui.storage.connection import SalesDatabase


def up(database: SalesDatabase) -> None:
    """Create the tables and their indices."""
    for statement in model_sql():
        database.execute_sql(statement)
