"""A prepared database with a small team."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import Desk, open_desk

_OF_FILES = {"test_backup", "test_doctor", "test_health", "test_invariant"}
_OF_ONE_FILE = {
    "test_a_file_that_was_lost_cannot_be_kept",
    "test_a_file_that_was_lost_before_is_named_and_the_rest_moves",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what is about the files of SQLite, and say so."""
    if not databases.on_postgres():
        return
    for item in items:
        module = item.module.__name__.rpartition(".")[2] if isinstance(item, pytest.Function) else ""
        if module in _OF_FILES or item.name in _OF_ONE_FILE:
            item.add_marker(pytest.mark.skip(reason="about the files of SQLite"))


@pytest.fixture(scope="session", autouse=True)
def _server_ends() -> Iterator[None]:
    yield
    databases.stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an open, empty store; on PostgreSQL where SALESTUI_TEST_DATABASE=postgresql asks for it."""
    place = databases.store() if databases.on_postgres() else Store.open(tmp_path / "sales.db")
    with place as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """Return a database in use, with four people."""
    return open_desk(store)
