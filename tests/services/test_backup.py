"""A backup is whole or none, and bringing it back says what it costs and keeps what it replaces."""

import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salestui import system
from salestui.domain.outcomes import NotAllowed
from salestui.errors import BackupUnusable, BadInput, CopyUnsound, DatabaseInUse, DiskFull, FileThere
from salestui.services import backup, backup_format, customers, restore
from salestui.services.backup import Made
from salestui.services.restore import Plan, Restored
from salestui.storage import examining, tables
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.services.desk import Desk, open_desk

LATER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def made(desk: Desk, to: Path | None = None, **options: int) -> Made:
    found = backup.back_up(desk.admin, to, **options)
    assert isinstance(found, Made)
    return found


def attach(desk: Desk, path: Path, content: bytes = b"offer") -> str:
    """Keep a file that a record names."""
    path.write_bytes(content)
    fact = desk.store.files.put(path)
    named = [{"name": fact.name, "sha256": fact.sha256, "size": fact.size, "type": fact.type}]
    with desk.store.transaction(desk.admin.actor, now=desk.admin.now):
        tables.Draft.create(
            scope="deal", owner_id=1, key=fact.sha256[:8], author=1, values={}, files=named, at=desk.admin.now
        )
    return fact.sha256


def names(path: Path) -> set[str]:
    with Store.open(path, create=False) as store, store.reading():
        return {row.name for row in tables.Customer.select()}


@pytest.fixture(autouse=True)
def lin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "person", lambda: system.Person(1, "lin", "林悦"))


def test_a_backup_holds_rows_history_and_files_and_can_be_brought_back_elsewhere(desk: Desk, tmp_path: Path) -> None:
    customer = desk.customer()
    digest = attach(desk, tmp_path / "offer.pdf")
    found = made(desk, tmp_path / "b.zip")
    told = backup_format.read(found.path)
    assert (found.files, told.files, told.rows["customer"], told.damage) == (1, (digest,), 1, ())
    assert told.anchor.count == len(desk.events())
    back = restore.restore(found.path, str(tmp_path / "other" / "new.db"), LATER)
    assert isinstance(back, Restored)
    assert (back.kept, back.files, customer) == (None, 1, 1)
    assert names(back.place) == {"苏州启明食品有限公司"}
    with Store.open(back.place) as store:
        store.files.verify(digest)
    assert examining.examine(back.place).sound


def test_any_unzip_program_opens_it_and_only_its_owner_may_read_it(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    assert zipfile.ZipFile(path).namelist() == ["salestui.db", "backup.json"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_place_it_goes_beside_the_database_under_its_time(desk: Desk) -> None:
    path = made(desk).path
    assert path.parent == Path(desk.store.location + ".backups")
    assert path.name == "sales-20261121T090000Z.zip"
    assert made(desk).path.name == "sales-20261121T090000Z-2.zip"
    assert [each.name[0] for each in path.parent.iterdir()] == ["s", "s"]


def test_only_the_newest_are_kept_and_never_what_is_not_a_backup_of_this_database(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    stranger = open_desk(Store.open(tmp_path / "strange" / "sales.db"))
    foreign = made(stranger, folder).path
    (folder / "sales-20200101T000000Z.zip").write_bytes(b"mine")
    paths = [
        made(Desk(desk.store, desk.later(desk.admin, days=day), desk.manager, desk.rep, desk.other), folder, keep=2)
        for day in range(1, 5)
    ]
    assert [len(each.removed) for each in paths] == [0, 0, 1, 1]
    left = {path.name for path in folder.iterdir()}
    assert left == {foreign.name, "sales-20200101T000000Z.zip", paths[2].path.name, paths[3].path.name}
    stranger.store.close()


@pytest.mark.parametrize("keep", [0, -1])
def test_keeping_none_is_refused(desk: Desk, tmp_path: Path, keep: int) -> None:
    with pytest.raises(BadInput):
        backup.back_up(desk.admin, tmp_path, keep=keep)


def test_a_file_is_never_replaced_and_a_missing_folder_is_named(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    with pytest.raises(FileThere):
        backup.back_up(desk.admin, path)
    with pytest.raises(BadInput, match="no folder"):
        backup.back_up(desk.admin, tmp_path / "none" / "b.zip")


def test_only_an_administrator_makes_and_restores_backups(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(backup.back_up(desk.manager, tmp_path / "b.zip"), NotAllowed)
    path = made(desk, tmp_path / "b.zip").path
    for login in ("chen", "stranger"):
        monkeypatch.setattr(system, "person", lambda login=login: system.Person(2, login, login))
        assert isinstance(restore.restore(path, desk.store.location, LATER, replace=True), NotAllowed)


def test_a_missing_or_damaged_attachment_is_told_and_no_older_backup_goes(desk: Desk, tmp_path: Path) -> None:
    lost, changed = (attach(desk, tmp_path / name, name.encode()) for name in ("a.pdf", "b.pdf"))
    folder = tmp_path / "backups"
    folder.mkdir()
    made(desk, folder)
    root = Path(desk.store.location + ".files")
    (root / lost[:2] / lost[2:]).unlink()
    (root / changed[:2] / changed[2:]).write_bytes(b"other")
    found = made(desk, folder, keep=1)
    assert (found.files, found.removed, len(found.damage)) == (0, (), 2)
    assert "a.pdf (draft 1)" in found.damage[0]
    assert len(list(folder.iterdir())) == 2


def test_rows_that_something_else_changed_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    with closing(sqlite3.connect(desk.store.location, isolation_level=None)) as connection:
        connection.execute("UPDATE customer SET region = '华南'")
    found = made(desk, tmp_path / "b.zip")
    assert found.damage == ("1 row is not what salestui wrote.",)
    assert isinstance(restore.plan(found.path, str(tmp_path / "x.db")), Plan)


def test_a_damaged_database_makes_no_backup_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    location = Path(desk.store.location)
    desk.store.close()
    content = bytearray(location.read_bytes())
    content[4096 * 4 : 4096 * 5] = bytes(4096)
    location.write_bytes(content)
    with Store.open(location) as store, pytest.raises(CopyUnsound, match="doctor"):
        backup.back_up(type(desk.admin)(store, desk.admin.actor, desk.admin.now), tmp_path / "b.zip")
    assert not list(tmp_path.glob("*b.zip*"))


@pytest.mark.parametrize("seed", range(12))
def test_a_backup_of_which_a_byte_changed_is_refused(desk: Desk, tmp_path: Path, seed: int) -> None:
    attach(desk, tmp_path / "a.pdf", bytes(range(256)) * 20)
    path = made(desk, tmp_path / "b.zip").path
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        part = packed.infolist()[seed % 3]
        at = part.header_offset + 120 + seed
    content[at] ^= 1 << seed % 8
    path.write_bytes(content)
    with pytest.raises(BackupUnusable):
        restore.plan(path, str(tmp_path / "x.db"))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(BackupUnusable, match="no archive"):
        restore.plan(path, str(tmp_path / "x.db"))


def test_restoring_says_what_would_be_lost_and_changes_nothing_until_told(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    path = made(desk, tmp_path / "b.zip").path
    customers.new(desk.later(desk.rep, hours=3), {"name": "后来的客户"})
    customers.new(desk.later(desk.manager, hours=4), {"name": "再后来的客户"})
    attach(desk, tmp_path / "a.pdf")
    found = restore.restore(path, desk.store.location, LATER)
    assert isinstance(found, Plan)
    loss = found.loss
    assert loss is not None
    assert (loss.readable, loss.related, loss.events) == (True, True, 2)
    assert sorted(loss.by) == [("王磊", 1), ("陈默", 1)]
    assert loss.last == desk.manager.now + timedelta(hours=4)
    assert len(names(Path(desk.store.location))) == 3


def test_the_database_replaced_is_kept_whole_with_its_files(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    path = made(desk, tmp_path / "b.zip").path
    desk.customer(name="后来的客户")
    digest = attach(desk, tmp_path / "later.pdf")
    location = Path(desk.store.location)
    desk.store.close()
    back = restore.restore(path, str(location), LATER, replace=True)
    assert isinstance(back, Restored)
    assert back.kept == location.with_name("sales.db.before-20261122T090000Z")
    assert names(location) == {"苏州启明食品有限公司"}
    assert names(back.kept) == {"苏州启明食品有限公司", "后来的客户"}
    with Store.open(back.kept) as store:
        store.files.verify(digest)
    assert examining.examine(location).sound
    assert examining.examine(back.kept).sound


def test_the_history_tells_of_the_restoring(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    desk.customer()
    location = desk.store.location
    desk.store.close()
    restore.restore(path, location, LATER, replace=True)
    with Store.open(location) as store, store.reading():
        last = tables.Event.select().order_by(tables.Event.id.desc()).get()
        assert (last.action, last.actor_name, last.after["lost"]) == ("database.restored", "林悦", 1)


def test_nothing_is_replaced_while_somebody_has_the_database_open(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    desk.customer()
    with pytest.raises(DatabaseInUse, match="let everybody leave"):
        restore.restore(path, desk.store.location, LATER, replace=True)
    assert len(names(Path(desk.store.location))) == 1
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000])
def test_a_database_that_cannot_be_read_is_replaced_and_kept_as_it_is(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    path = made(desk, tmp_path / "b.zip").path
    place = tmp_path / "broken.db"
    place.write_bytes(content)
    found = restore.restore(path, str(place), LATER)
    assert isinstance(found, Plan)
    assert found.loss is not None
    assert not found.loss.readable
    back = restore.restore(path, str(place), LATER, replace=True)
    assert isinstance(back, Restored)
    assert back.kept is not None
    assert back.kept.read_bytes() == content
    assert examining.examine(place).sound


def test_another_teams_database_is_named_as_such(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    other = tmp_path / "strange" / "sales.db"
    with Store.open(other) as store:
        open_desk(store)
    found = restore.plan(path, str(other))
    assert found.loss is not None
    assert not found.loss.related
    assert found.loss.events


def test_a_shared_database_stays_shared_and_its_backups_are_for_who_made_them(tmp_path: Path) -> None:
    with Store.open(tmp_path / "shared" / "sales.db", shared=True) as store:
        desk = open_desk(store)
        path = made(desk).path
        desk.customer()
    assert path.parent.name == f"sales.db.backups-{desk.admin.actor.login}"
    assert path.parent.stat().st_mode & 0o7777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    back = restore.restore(path, store.location, LATER, replace=True)
    assert isinstance(back, Restored)
    assert back.place.stat().st_mode & 0o777 == 0o660
    assert names(back.place) == set()


@pytest.mark.parametrize("when", ["backup", "restore"])
def test_a_full_disk_is_named_and_leaves_everything_as_it_was(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    path = made(desk, tmp_path / "b.zip").path
    location = desk.store.location
    if when == "restore":
        desk.store.close()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    attempts = {
        "backup": lambda: made(desk, tmp_path / "c.zip"),
        "restore": lambda: restore.restore(path, location, LATER, replace=True),
    }
    with pytest.raises(DiskFull, match="make space"):
        attempts[when]()
    assert {each.name for each in tmp_path.iterdir() if not each.name.endswith(("-wal", "-shm", ".lock"))} == {
        "sales.db", "b.zip",
    }  # fmt: skip


def test_lost_files_alone_are_brought_back(desk: Desk, tmp_path: Path) -> None:
    digests = [attach(desk, tmp_path / name, name.encode()) for name in ("a.pdf", "b.pdf", "c.pdf")]
    path = made(desk, tmp_path / "b.zip").path
    root = Path(desk.store.location + ".files")
    (root / digests[0][:2] / digests[0][2:]).unlink()
    (root / digests[1][:2] / digests[1][2:]).write_bytes(b"other")
    assert restore.restore_files(path, desk.store.location) == 2
    for digest in digests:
        desk.store.files.verify(digest)


def test_for_a_server_the_command_that_brings_a_dump_back_is_named(desk: Desk, tmp_path: Path) -> None:
    path = made(desk, tmp_path / "b.zip").path
    with pytest.raises(BadInput, match="salestui load") as refused:
        restore.plan(path, "postgresql://lin:secret@db/sales")
    assert "secret" not in refused.value.text()
