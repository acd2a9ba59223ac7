"""Whatever a disk does to the database file: a changed value never goes unseen, and the doctor never falls over.

SALESTUI_TEST_EFFORT=334 .venv/bin/python -m pytest -s -o timeout=0 tests/torture/test_damage.py    1,002 damaged files
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from salestui.errors import CorruptDatabase
from salestui.services import doctor, salvage, sample
from salestui.storage import examining
from salestui.storage.store import Store
from tests.services.desk import NOW
from tests.torture.crowd import SEED, size
from tests.torture.damage import KINDS, values

EACH = size(12, 334)
"""How many of each kind."""
FLIPS = 36


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of twelve deals with their files, to be damaged again and again."""
    path = tmp_path_factory.mktemp("sound") / "sales.db"
    with Store.open(path) as store:
        sample.fill(store, "zh", NOW, login="lin", deals=12)
    assert doctor.examine(str(path), NOW).sound
    return path


@pytest.fixture(scope="module")
def sound(path: Path) -> bytes:
    """Return the database as it lies on the disk before any damage."""
    return path.read_bytes()


def damaged(sound: bytes, path: Path, kind: str, count: int) -> Iterator[str]:
    """Damage the file `count` times, each time anew, and yield the name of each case."""
    for number in range(count):
        for ending in ("-wal", "-shm", "-journal", ".lock"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        path.write_bytes(KINDS[kind](sound, Random(f"{SEED} {kind} {number}")))
        yield f"{kind} {number}"


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_value_goes_unseen_and_nothing_falls_over(sound: bytes, path: Path, kind: str) -> None:
    path.write_bytes(sound)
    told, unseen = values(path), []
    seen = harmless = 0
    for case in damaged(sound, path, kind, EACH):
        changed = values(path) != told
        report = doctor.examine(str(path), NOW)
        assert all(each.text() for each in report.findings), case
        if changed and report.sound:
            unseen.append(case)
        seen += changed and not report.sound
        harmless += not changed
    print(f"{kind}: {seen} found, {harmless} changed nothing that is read, {len(unseen)} unseen")
    assert unseen == []


def test_without_seals_changed_values_would_go_unseen(
    sound: bytes, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(sound)
    told = values(path)
    monkeypatch.setattr(examining, "_misfits", lambda _connection, _unreadable: ())
    unseen = [
        case
        for case in damaged(sound, path, "flip", FLIPS)
        if values(path) != told and doctor.examine(str(path), NOW).sound
    ]
    print(f"without seals: {len(unseen)} of {FLIPS} unseen")
    assert unseen


def test_salvage_gives_a_sound_database_or_says_that_nothing_can_be_read(
    sound: bytes, path: Path, tmp_path: Path
) -> None:
    saved = 0
    for kind in KINDS:
        for _case in damaged(sound, path, kind, size(2, 50)):
            target = tmp_path / "saved.db"
            with suppress(CorruptDatabase):
                salvage.salvage(str(path), target)
                saved += 1
                found = examining.examine(target)
                assert (found.unreadable, found.structure, found.schema, found.misfits) == ((), (), (), ())
            for ending in ("", "-wal", "-shm", ".lock"):
                target.with_name(target.name + ending).unlink(missing_ok=True)
    assert saved
