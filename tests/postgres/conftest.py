"""The same prepared database as the tests of the services have, on a PostgreSQL server."""

from collections.abc import Iterator

import pytest

from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import Desk, open_desk


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process have all of these tests: each process starts a server."""
    for item in items:
        if "postgres" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session", autouse=True)
def _server_ends() -> Iterator[None]:
    yield
    databases.stop()


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an open, empty store on PostgreSQL."""
    with databases.store() as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """Return a database in use, with four people."""
    return open_desk(store)
