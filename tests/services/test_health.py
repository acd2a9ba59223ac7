"""What is said about the place of a database: pure judgement of measured facts, and measuring a real place."""

import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.services import health
from salestui.services.health import Entry, Facts, Level, judge
from salestui.services.health_texts import CODES
from salestui.storage.store import Store
from tests.services.desk import NOW, Desk, open_desk

GROUP = os.getgid()
DATABASE = Path("/srv/sales/salestui.db")
FILES = Path("/srv/sales/salestui.db.files")
RIGHT = Facts(
    path=DATABASE,
    shared=True,
    sqlite_version="3.53.4",
    sqlite_safe=True,
    network="",
    directory=Entry(DATABASE.parent, 0o2770, GROUP),
    files=(Entry(DATABASE, 0o660, GROUP),),
    folders=(Entry(FILES, 0o2770, GROUP),),
    closed=(),
    free=10_000_000_000,
    size=1_000_000,
    now=NOW,
    last_change=NOW - timedelta(days=1),
)
PRIVATE = replace(
    RIGHT, shared=False, directory=Entry(DATABASE.parent, 0o700, GROUP), files=(Entry(DATABASE, 0o600, GROUP),)
)

WRONG = {
    "an old SQLite under a team": (RIGHT, {"sqlite_safe": False}, ["sqlite_unsafe:bad"]),
    "an old SQLite under one person": (PRIVATE, {"sqlite_safe": False}, ["sqlite_unsafe:warning"]),
    "a share under a team": (RIGHT, {"network": "nfs4"}, ["network:bad"]),
    "a share under one person": (PRIVATE, {"network": "nfs4"}, ["network:warning"]),
    "a directory for all": (RIGHT, {"directory": Entry(DATABASE.parent, 0o2775, GROUP)}, ["open_to_others:warning"]),
    "no group bit": (RIGHT, {"directory": Entry(DATABASE.parent, 0o770, GROUP)}, ["directory_mode:warning"]),
    "files of no group": (RIGHT, {"folders": (Entry(FILES, 0o700, GROUP),)}, ["directory_mode:warning"]),
    "another group": (RIGHT, {"files": (Entry(DATABASE, 0o660, GROUP + 1),)}, ["wrong_group:bad"]),
    "a journal for its owner": (
        RIGHT,
        {"files": (*RIGHT.files, Entry(Path(f"{DATABASE}-wal"), 0o600, GROUP))},
        ["group_locked_out:bad"],
    ),
    "a file for all": (RIGHT, {"files": (Entry(DATABASE, 0o666, GROUP),)}, ["open_to_others:warning"]),
    "a shut door above": (RIGHT, {"closed": (Path("/srv"),)}, ["parent_closed:warning"]),
    "shared no more": (PRIVATE, {"directory": RIGHT.directory}, ["group_locked_out:warning"]),
    "a private file for all": (PRIVATE, {"files": (Entry(DATABASE, 0o644, GROUP),)}, ["readable_by_others:warning"]),
    "a full disk": (RIGHT, {"free": 5_000_000}, ["little_space:warning"]),
    "no room for a copy": (RIGHT, {"free": 300_000_000, "size": 200_000_000}, ["no_space_for_copies:warning"]),
    "a clock that went back": (RIGHT, {"last_change": NOW + timedelta(hours=1)}, ["clock_back:warning"]),
    "a clock a little behind": (RIGHT, {"last_change": NOW + timedelta(minutes=1)}, []),
    "an empty history": (RIGHT, {"last_change": None}, []),
}


@pytest.mark.parametrize(("facts", "changes", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_place_is_named(facts: Facts, changes: dict[str, object], expected: list[str]) -> None:
    found = judge(replace(facts, **changes))  # type: ignore[arg-type]
    assert [f"{each.code}:{each.level}" for each in found if each.level is not Level.GOOD] == expected
    for language in ("zh", "en"):
        i18n.use(language)
        for each in found:
            assert "{" not in each.text() + each.advice()
            assert bool(each.advice()) == (each.level is not Level.GOOD)


def test_every_finding_occurs_and_a_right_place_has_five_good_ones() -> None:
    found = {each.code for facts, changes, _ in WRONG.values() for each in judge(replace(facts, **changes))}  # type: ignore[arg-type]
    assert found == CODES
    assert [each.code for each in judge(RIGHT)] == ["sqlite_safe", "local_disk", "modes_right", "space", "clock"]


def test_the_advice_is_the_command_to_type() -> None:
    [finding] = [each for each in judge(replace(RIGHT, files=(Entry(DATABASE, 0o640, GROUP),))) if each.advice()]
    assert finding.text().startswith(f"{DATABASE} (mode 0640) cannot be written by the group ")
    assert "sudo salestui init --shared --group " in finding.advice()
    assert finding.advice().endswith(" /srv/sales")


def test_a_real_place_is_measured(tmp_path: Path) -> None:
    with Store.open(tmp_path / "sales.db") as store:
        open_desk(store)
        assert health.at_start(store, NOW) == ()
        [back] = health.at_start(store, NOW - timedelta(days=1))
        assert back.code == "clock_back"
    (tmp_path / "sales.db").chmod(0o644)
    facts = health.measure(tmp_path / "sales.db", NOW)
    assert (facts.shared, facts.network, facts.files[0].mode) == (False, "", 0o644)
    assert facts.free > 0
    assert facts.size == (tmp_path / "sales.db").stat().st_size
    assert "readable_by_others" in [each.code for each in health.check(tmp_path / "sales.db", NOW)]


def test_the_place_of_a_shared_database_is_measured_with_its_side_files(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    with Store.open(tmp_path / "sales.db", shared=True) as store:
        open_desk(store)
        facts = health.measure(tmp_path / "sales.db", NOW)
    assert facts.shared
    assert {entry.path.name for entry in facts.files} >= {"sales.db", "sales.db-wal", "sales.db.lock", "sales.db.gate"}
    assert {stat.filemode(entry.mode) for entry in facts.files} == {"?rw-rw----"}


def test_a_session_begins_with_what_is_wrong(desk: Desk) -> None:
    assert health.at_start(desk.store, NOW + timedelta(days=1)) == ()
