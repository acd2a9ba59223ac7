"""The database and the file store; rows never leave this package.

Peewee is imported here first, with one library of SQLite where it would load two, and without the driver of PostgreSQL,
which takes longer than Peewee and which `storage.postgres` brings in when an address asks for it.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from salestui.imports import absent

_spared = ["psycopg", "psycopg2"]
with suppress(ImportError):
    import_module("pysqlite3.dbapi2")
    _spared.append("sqlite3")

with absent(*_spared):
    import peewee  # noqa: F401  # for the modules of this package
