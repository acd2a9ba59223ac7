"""Databases of one server for the tests of a process: prepared once, copied for each test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TypeVar, cast
from urllib.parse import quote

import pytest

from salestui.storage.store import Store
from tests.postgres.server import Server, fresh_name, running, why_not

M = TypeVar("M")
VARIABLE = "SALESTUI_TEST_DATABASE"
QUIET = quote("-c salestui.roles=kept -c salestui.unaudited=on")
"""For tests that write past the services as a trusted role: make no roles, audit nothing."""

_open = ExitStack()


def on_postgres() -> bool:
    """Whether the tests of the services are asked to run on PostgreSQL."""
    return os.environ.get(VARIABLE, "") == "postgresql"


@cache
def server() -> Server:
    """Return the server of this process, with the database `prepared`; skips with the reason where there is none."""
    if why := why_not():
        pytest.skip(why)
    from salestui.storage.postgres.opening import prepare_server

    started = _open.enter_context(running())
    prepare_server(started.url("prepared"))
    return started


def stop() -> None:
    """End the server of this process."""
    _open.close()
    _free.clear()
    _models.clear()
    server.cache_clear()


_EMPTY = """
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'salestui'::regnamespace AND c.relkind = 'r'
        AND c.relname NOT IN ('schema_version', 'guard', 'about') LOOP
        EXECUTE format('DELETE FROM %s', each.name);
    END LOOP;
    FOR each IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'salestui'::regnamespace AND c.relkind = 'S' LOOP
        EXECUTE format('ALTER SEQUENCE %s RESTART', each.name);
    END LOOP;
END $$
"""
_free: list[str] = []


@contextmanager
def database() -> Iterator[str]:
    """Give the name of a prepared database of the server without any rows; others take it over afterwards."""
    if _free:
        name = _free.pop()
        server().sql(_EMPTY, name)
    else:
        name = fresh_name()
        server().sql(f"CREATE DATABASE {name} TEMPLATE prepared")
    try:
        yield name
    finally:
        _free.append(name)


_models: dict[str, object] = {}


@contextmanager
def copy_of(name: str, make: Callable[[Store], M]) -> Iterator[tuple[M, Store]]:
    """Give what `make` prepared, once for all tests, with a store on a copy of its own of the database."""
    source, copy = f"model_{name}", fresh_name()
    if name not in _models:
        server().sql(f"CREATE DATABASE {source} TEMPLATE prepared")
        with Store.open(server().url(source, options=QUIET)) as opened:
            _models[name] = make(opened)
    server().sql(f"CREATE DATABASE {copy} TEMPLATE {source}")
    try:
        with Store.open(server().url(copy, options=QUIET)) as opened:
            yield cast("M", _models[name]), opened
    finally:
        server().sql(f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def store() -> Iterator[Store]:
    """Give an open, empty store on PostgreSQL, as a role that is trusted to speak for anybody."""
    with database() as name, Store.open(server().url(name, options=QUIET)) as opened:
        yield opened
