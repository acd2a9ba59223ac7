"""A prepared database with a small team."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import Desk, open_desk


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
