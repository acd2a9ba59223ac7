"""A prepared database with a small team."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.storage.store import Store
from tests.services.desk import Desk, open_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an open, empty store."""
    with Store.open(tmp_path / "sales.db") as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """Return a database in use, with four people."""
    return open_desk(store)
