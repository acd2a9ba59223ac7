"""Crowds, kills, power cuts, full disks: a short form of each in `make test`, the long one in `make torture`.

Each is also a program of its own, which tells its figures; docs/reliability.md has them and how they are called.
"""

import re
import sys
from pathlib import Path

import pytest

from tests.storage.helpers import open_directory
from tests.torture import crowd, powercut
from tests.torture.crowd import SEED, run, size

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked, which Windows cannot"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
LONG = crowd.EFFORT > 1


def test_of_many_writers_none_is_lost_and_none_is_told_that_the_database_is_locked(tmp_path: Path) -> None:
    found = run("writers", tmp_path / "sales.db", size(4, 32), 60 if LONG else 1.5, SEED)
    assert found["lost"] == 0
    assert found["mistakes"] == []
    assert found["services"]["changes"] > 0


def test_a_kill_anywhere_loses_nothing_acknowledged_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    found = run("killing", tmp_path / "sales.db", size(10, 500), SEED)
    assert found["mistakes"] == []
    assert found["acknowledged"] > 0


@pytest.mark.parametrize("fault", ["early", "apart"])
def test_the_kills_find_what_keeps_its_promises_badly(tmp_path: Path, fault: str) -> None:
    turns = (run("killing", tmp_path / f"{turn}.db", 10, SEED + turn, fault)["wrong"] for turn in range(10))
    assert any(turns)


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    reason = powercut.build(tmp_path / "recorder.so")
    if reason:
        pytest.skip(reason)
    writers, changes = size(1, 3), size(12, 120)
    found = run("powercut", tmp_path, size(25, 2000), SEED, "", writers, changes)
    assert found["mistakes"] == []
    careless = run("powercut", tmp_path / "normal", 25, SEED, "normal", writers, size(12, 40))
    assert careless["lossy"] > 0


@pytest.mark.parametrize("kind", ["full", "pages", "limit", "readonly", "denied"])
def test_a_disk_that_refuses_is_named_and_work_goes_on_when_it_is_mended(tmp_path: Path, kind: str) -> None:
    with open_directory() as folder:
        found = run("troubles", folder, kind, size(3, 100), SEED)
    if "skipped" in found:
        pytest.skip(found["skipped"])
    assert found["mistakes"] == []
    assert any(re.search(r"[A-Z]\w+$", each) for each in found["met"]), "it met no trouble at all"


def test_of_many_first_starts_none_fails(tmp_path: Path) -> None:
    found = run("starts", tmp_path, size(6, 32), size(2, 20), SEED)
    assert (found["failed"], found["mistakes"]) == (0, [])


def test_a_migration_that_is_killed_is_done_wholly_or_not_at_all(tmp_path: Path) -> None:
    found = run("upgrades", tmp_path, size(6, 200), SEED)
    assert found["mistakes"] == []


def test_sessions_in_which_nobody_does_anything_write_nothing(tmp_path: Path) -> None:
    found = run("idle", tmp_path / "sales.db", size(2, 64), 60 if LONG else 3)
    assert found["bytes"] == found["ended"] == 0
    assert found["drawn"] > 1000
