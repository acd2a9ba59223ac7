"""Prepares a database on a server: roles, tables, rights. A superuser does it, once for each version."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

import psycopg

from salestui.errors import NewerDatabase, ServerRefused
from salestui.storage.postgres import integrity, m0001_tables, rights
from salestui.storage.postgres.connection import SCHEMA, PostgresDatabase
from salestui.storage.postgres.faults import server_faults

if TYPE_CHECKING:
    from salestui.storage.postgres.address import Address

__all__ = ["LATEST", "applied", "ensure_database", "install", "keep_files_in"]

_STEPS: Final = (("initial", m0001_tables.SQL),)

LATEST: Final = len(_STEPS)
"""The schema version that this program works with; the same numbers as on SQLite."""

_FILES: Final = "files"


def applied(database: PostgresDatabase) -> int:
    """Return the schema version of a database, 0 for one without any; inside a transaction."""
    known = database.execute_sql("SELECT to_regclass('salestui.schema_version')").fetchone()[0]
    if known is None:
        return 0
    return int(database.execute_sql("SELECT coalesce(max(number), 0) FROM schema_version").fetchone()[0])


def ensure_database(address: Address) -> bool:
    """Create the database where the server has none of this name; return whether it did. Raises a StorageFault."""
    with server_faults(address, connecting=True):
        try:
            psycopg.connect(address.url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "does not exist" not in str(error) or f'"{address.name}"' not in str(error):
                raise
        else:
            return False
        with psycopg.connect(address.elsewhere("postgres").url, connect_timeout=5, autocommit=True) as connection:
            name = psycopg.sql.Identifier(address.name)
            make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            connection.execute(psycopg.sql.SQL(make).format(name))
    return True


def install(database: PostgresDatabase) -> int:
    """Bring a database to this version, wholly or not at all; return how many steps of the schema that took.

    The session must be of a superuser, or of a member of salestui_owner. Rights are set anew each time.
    """
    with database.installing():
        if not database.execute_sql("SELECT rolsuper FROM pg_roles WHERE rolname = session_user").fetchone()[0]:
            raise ServerRefused(str(database.location), "salestui init needs a superuser, such as postgres")
        _roles(database)
        integrity.clear(database)
        database.execute_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {rights.OWNER}")
        database.execute_sql(f"SET LOCAL ROLE {rights.OWNER}")
        version = applied(database)
        if version > LATEST:
            raise NewerDatabase(str(database.location), version, LATEST)
        for number, (name, sql) in enumerate(_STEPS[version:], start=version + 1):
            for statement in sql.split(";\n\n"):
                database.execute_sql(statement)
            _functions(database)
            database.execute_sql(
                "INSERT INTO schema_version (number, name, at) VALUES (%s, %s, utc_now())", (number, name)
            )
        _functions(database)
        for statement in rights.statements(_columns(database)):
            database.execute_sql(statement)
        database.execute_sql(f"GRANT EXECUTE ON FUNCTION standbys() TO {rights.GROUPS[0]}")
        integrity.remember(database)
        return LATEST - version


def keep_files_in(database: PostgresDatabase, folder: str | None) -> None:
    """Let attached files lie in a directory that everybody of the team reaches; None: in the database."""
    with database.writing():
        database.execute_sql("DELETE FROM about WHERE key = %s", (_FILES,))
        if folder is not None:
            database.execute_sql("INSERT INTO about (key, value) VALUES (%s, %s)", (_FILES, folder))


def files_folder(database: PostgresDatabase) -> str | None:
    """Return the directory of attached files, None where they lie in the database; inside a transaction."""
    row = database.execute_sql("SELECT value FROM about WHERE key = %s", (_FILES,)).fetchone()
    return str(row[0]) if row else None


def _roles(database: PostgresDatabase) -> None:
    """Make the roles that lack; they belong to the server and are shared by all its databases."""
    known = {name for (name,) in database.execute_sql("SELECT rolname FROM pg_roles").fetchall()}
    if rights.OWNER not in known:
        database.execute_sql(f"CREATE ROLE {rights.OWNER} NOLOGIN CREATEROLE")
    database.execute_sql(f"GRANT pg_read_all_stats TO {rights.OWNER}")  # for standbys() alone
    for number, group in enumerate(rights.GROUPS):
        if group not in known:
            database.execute_sql(f"CREATE ROLE {group} NOLOGIN")
            database.execute_sql(f"GRANT {group} TO {rights.OWNER} WITH ADMIN OPTION")
            if number:
                database.execute_sql(f"GRANT {rights.GROUPS[number - 1]} TO {group}")


def _functions(database: PostgresDatabase) -> None:
    connection: psycopg.Connection[object] = database.connection()
    for name in ("functions.sql", "standbys.sql"):
        source = resources.files(__package__).joinpath(name).read_text("utf-8")
        connection.execute(source)  # type: ignore[call-overload]  # one text with many statements, without parameters


def _columns(database: PostgresDatabase) -> dict[str, tuple[str, ...]]:
    order = "table_schema = %s ORDER BY table_name, ordinal_position"
    query = f"SELECT table_name, column_name FROM information_schema.columns WHERE {order}"  # noqa: S608  # ours
    found: dict[str, tuple[str, ...]] = {}
    for table, column in database.execute_sql(query, (SCHEMA,)).fetchall():
        found[table] = (*found.get(table, ()), column)
    return found
