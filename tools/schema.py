"""Writes the first migration anew from the models, as frozen SQL: allowed until the first release, never after it.

Run it whenever `storage/tables.py` changed, or every new database is refused: `python -m tools.schema`. After the first
release a change of the tables is a migration of its own.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from salestui.storage.migrations import m0001_initial
from salestui.storage.migrations.schema import model_sql

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


def main() -> None:
    """Write the module."""
    statements = [
        "\n".join(textwrap.wrap(sql, 118, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False))
        for sql in model_sql()
    ]
    Path(m0001_initial.__file__).write_text(HEAD + ";\n\n".join(statements) + TAIL, "utf-8")


if __name__ == "__main__":
    main()
