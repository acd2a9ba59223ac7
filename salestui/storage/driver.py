"""The one SQLite library that may touch a database file: `pysqlite3` where it is installed, else Python's own.

Two SQLite libraries on one file drop each other's locks, so nothing else imports either of them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import peewee

__all__ = ["Connection", "Cursor", "sqlite3"]

sqlite3: Any = peewee.sqlite3  # type: ignore[attr-defined]  # Peewee's published types leave it out

Connection: TypeAlias = Any
"""A `sqlite3.Connection`, of whichever of the two libraries."""

Cursor: TypeAlias = Any
"""A cursor of such a connection."""
