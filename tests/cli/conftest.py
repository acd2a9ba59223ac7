"""A shell on an empty database."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return the program on a database of its own; the first person, 林悦, administers it."""
    return Shell(tmp_path / "sales.db", monkeypatch).as_person("lin", "林悦")
