"""Every backup made while three processes write comes back whole: nothing half done, nothing acknowledged lost."""

from pathlib import Path

from tests.torture import crowd


def test_every_backup_under_load_is_consistent(tmp_path: Path) -> None:
    found = crowd.run("backups", tmp_path / "sales.db", crowd.size(3, 50), crowd.SEED)
    assert found["wrong"] == []
    assert found["written"] > 0
