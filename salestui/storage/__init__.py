"""The database and the file store; rows never leave this package."""

from __future__ import annotations

import sys


def _import_peewee() -> None:
    """Import Peewee without the driver of PostgreSQL, which takes longer than Peewee and most databases do not need.

    `storage.postgres` brings it in when an address asks for it.
    """
    unwanted = [name for name in ("psycopg", "psycopg2") if name not in sys.modules]
    for name in unwanted:
        sys.modules[name] = None  # type: ignore[assignment]  # what the import system takes for: there is none
    try:
        import peewee  # noqa: F401  # for the modules of this package
    finally:
        for name in unwanted:
            del sys.modules[name]


if "peewee" not in sys.modules:
    _import_peewee()
