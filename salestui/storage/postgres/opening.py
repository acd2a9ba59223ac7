"""Opens a database on a server: refuses what is not prepared, or is of a newer version, before anything is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import psycopg

from salestui.errors import NewerDatabase, NotLetIn, NotPrepared, ServerRefused, ServerUnreachable, WrongServer
from salestui.storage.postgres.address import Address
from salestui.storage.postgres.connection import LOST_SECONDS, PostgresDatabase
from salestui.storage.postgres.files import DatabaseFileStore, shared_folder
from salestui.storage.postgres.install import LATEST, applied, ensure_database, files_folder, install, keep_files_in

if TYPE_CHECKING:
    from salestui.storage.files import FileStore

__all__ = ["open_server", "prepare_server"]

_OLDEST: Final = 150_000
_STRANGER: Final = re.compile(r'(?:role|authentication failed for user) "([^"]*)"')


def open_server(
    given: str | Address, *, busy_seconds: float, lost_seconds: float = LOST_SECONDS
) -> tuple[PostgresDatabase, FileStore]:
    """Open a prepared database at a `postgresql://` URL; return it with its files.

    Raises a StorageFault that says what to do, and NotLetIn for a role that is nobody of the team.
    """
    address = given if isinstance(given, Address) else Address.parse(given)
    database = PostgresDatabase(address, busy_seconds=busy_seconds, lost_seconds=lost_seconds)
    _enter(database)
    try:
        _check_server(database)
        return database, _files(database)
    except BaseException:
        database.close()
        raise


def _enter(database: PostgresDatabase) -> None:
    try:
        database.reach()
    except ServerUnreachable as unreachable:
        stranger = _STRANGER.search(str(unreachable.params["reason"]))
        if stranger is None:
            raise
        raise NotLetIn(stranger[1], database.location.label) from unreachable


def _files(database: PostgresDatabase) -> FileStore:
    try:
        with database.snapshot():
            version = applied(database)
            if version > LATEST:
                raise NewerDatabase(str(database.location), version, LATEST)
            if version < LATEST:
                raise NotPrepared(str(database.location))
            folder = files_folder(database)
    except ServerRefused as refused:  # no right to the schema: this role is in none of the groups
        raise NotLetIn(database.connection().info.user, database.location.label) from refused
    return DatabaseFileStore(database) if folder is None else shared_folder(folder)


def _check_server(database: PostgresDatabase) -> None:
    connection: psycopg.Connection[object] = database.connection()
    version = connection.info.server_version
    encoding = connection.info.parameter_status("server_encoding")
    if version < _OLDEST:
        raise WrongServer(str(database.location), f"PostgreSQL {version // 10_000}")
    if encoding != "UTF8":
        raise WrongServer(str(database.location), str(encoding))


def prepare_server(given: str, *, files: str | None = None, busy_seconds: float = 10.0) -> None:
    """Make the database where it lacks, with roles, tables and rights; a superuser's act, which may be repeated.

    `files` is a directory for attached files; without one they lie in the database.
    """
    address = Address.parse(given)
    ensure_database(address)
    database = PostgresDatabase(address, busy_seconds=busy_seconds)
    database.reach()
    try:
        _check_server(database)
        install(database)
        if files is not None:
            keep_files_in(database, files)
    finally:
        database.close()
