"""A store on a real SQLite file, someone who acts, and a clock that stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.storage.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database of this test lies."""
    return tmp_path / "sales.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Return an open, empty store."""
    with Store.open(path) as opened:
        yield opened
