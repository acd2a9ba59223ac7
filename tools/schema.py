"""Writes the first migration anew from the models, as frozen SQL: allowed until the first release, never after it.

Run it whenever `storage/tables.py` changed, or every new database is refused: `python -m tools.schema`. After the first
release a change of the tables is a migration of its own. SQLite and PostgreSQL have a module each.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from salestui.storage.migrations import m0001_initial
from salestui.storage.migrations.schema import model_sql
from salestui.storage.postgres import m0001_tables
from salestui.storage.postgres.model_sql import postgres_sql

HEAD = '''"""Version 1: all tables of the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from salestui.storage.connection import SalesDatabase

_SQL: Final = """
'''
TAIL = '''
"""


def up(database: SalesDatabase) -> None:
    """Create the tables, their indices and triggers."""
    for statement in _SQL.split(";\\n\\n"):
        database.execute_sql(statement)
'''


POSTGRES_HEAD = '''"""Version 1 on PostgreSQL: all tables of the first release."""

from __future__ import annotations

from typing import Final

__all__ = ["SQL"]

SQL: Final = """
'''
POSTGRES_TAIL = '''
"""
'''


def wrapped(statements: tuple[str, ...]) -> str:
    """Return the statements in lines that fit, a blank line between them."""
    return ";\n\n".join(
        "\n".join(textwrap.wrap(sql, 118, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False))
        for sql in statements
    )


def main() -> None:
    """Write the modules."""
    Path(m0001_initial.__file__).write_text(HEAD + wrapped(model_sql()) + TAIL, "utf-8")
    Path(m0001_tables.__file__).write_text(POSTGRES_HEAD + wrapped(postgres_sql()) + POSTGRES_TAIL, "utf-8")


if __name__ == "__main__":
    main()
