import os
import re
import stat

import pytest

from salestui import i18n
from salestui.errors import (
    CorruptDatabase,
    DatabaseMissing,
    DatabaseUnreadable,
    NetworkFilesystem,
    NewerDatabase,
    NotADatabase,
    SchemaMismatch,
    StorageFault,
    UnsafeSQLite,
)
from salestui.storage import opening
from salestui.storage.connection import APPLICATION_ID, sqlite_is_safe
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.storage.helpers import ROOT, open_directory, save_setting, setting_keys, start_python, without_privileges


def raw(path, *statements):
    connection = sqlite3.connect(str(path), isolation_level=None)
    try:
        return [connection.execute(statement).fetchall() for statement in statements]
    finally:
        connection.close()


def names_in(directory):
    return sorted(file.name for file in directory.iterdir())


def everything_in(directory):
    return {
        str(file.relative_to(directory)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(directory.rglob("*"))
        if file.is_file() and not file.name.endswith((".lock", "-shm", "-wal"))
    }


def test_a_missing_database_is_made_with_its_directories(tmp_path):
    path = tmp_path / "a" / "b" / "sales.db"
    with Store.open(path) as store:
        assert store.location == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert names_in(path.parent) == ["sales.db", "sales.db.lock"]


def test_the_connection_keeps_the_rules_that_lose_nothing(store):
    wanted = {
        "application_id": APPLICATION_ID,
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
        "query_only": 0,
    }
    with store.database.writing():
        assert {name: store.database.pragma(name) for name in wanted} == wanted


def test_every_pragma_is_set_again_on_a_second_connection(store, path):
    with Store.open(path) as other, other.database.writing():
        assert other.database.pragma("foreign_keys") == 1
        assert other.database.pragma("synchronous") == 2


def test_a_missing_database_is_not_made_when_none_is_wanted(path):
    with pytest.raises(DatabaseMissing, match="salestui init"):
        Store.open(path, create=False)
    assert not path.exists()


def test_what_is_not_ours_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "text").write_text("Dear customer, \n" * 500)
    (tmp_path / "short").write_text("x")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    raw(tmp_path / "foreign", "CREATE TABLE songs (title)", "INSERT INTO songs VALUES ('x')")
    raw(tmp_path / "foreign_wal", "PRAGMA journal_mode = wal", "CREATE TABLE songs (title)")
    raw(tmp_path / "other_id", "PRAGMA application_id = 99", "CREATE TABLE songs (title)")
    before = everything_in(tmp_path)
    for name in ("text", "short", "empty", "folder", "pipe", "foreign", "foreign_wal", "other_id"):
        with pytest.raises(NotADatabase, match=name):
            Store.open(tmp_path / name)
    assert everything_in(tmp_path) == before


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(store, path, tmp_path):
    store.close()
    raw(path, "UPDATE schema_version SET number = number + 1")
    before = everything_in(tmp_path)
    with pytest.raises(NewerDatabase, match="Upgrade salestui"):
        Store.open(path)
    assert everything_in(tmp_path) == before


def test_a_damaged_database_is_reported_as_damaged(store, path):
    store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * (size - 100))
    with pytest.raises(CorruptDatabase, match="restore the last backup"):
        Store.open(path)


def test_a_truncated_database_is_reported_as_damaged(store, path):
    store.close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(CorruptDatabase), Store.open(path) as opened:
        setting_keys(opened)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="file modes are Unix's")
@pytest.mark.parametrize(
    ("directory_mode", "file_mode", "fault"),
    [(0o555, None, "DirectoryNotWritable"), (0o555, 0o666, "DirectoryNotWritable"), (0o777, 0o444, "ReadOnlyDatabase")],
)
def test_a_place_without_write_permission_is_refused(directory_mode, file_mode, fault):
    with open_directory() as directory:
        path = directory / "sales.db"
        if file_mode is not None:
            Store.open(path).close()
            path.chmod(file_mode)
        directory.chmod(directory_mode)
        assert without_privileges(lambda: Store.open(path)) == fault


def test_a_directory_that_may_not_be_entered_is_refused():
    with open_directory() as directory:
        (directory / "closed").mkdir(mode=0o700)
        if os.getuid() != 0:
            (directory / "closed").chmod(0)
        assert without_privileges(lambda: Store.open(directory / "closed" / "sales.db")) == "DatabaseUnreadable"
        (directory / "closed").chmod(0o700)


def test_a_name_that_leads_nowhere_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for given in (tmp_path / "loop", "~nobody-has-this-name/sales.db", tmp_path / ("x" * 300)):
        with pytest.raises(DatabaseUnreadable):
            Store.open(given)


def test_a_database_under_a_file_cannot_be_made(tmp_path):
    (tmp_path / "plain").touch()
    with pytest.raises(StorageFault):
        Store.open(tmp_path / "plain" / "sales.db")


def test_what_a_killed_creation_left_is_cleared_away(path):
    path.with_name("sales.db.new").write_bytes(b"half")
    path.with_name("sales.db.new-wal").write_bytes(b"half")
    with Store.open(path) as store:
        save_setting(store, "a")
    assert names_in(path.parent) == ["sales.db", "sales.db.lock"]


def test_a_creation_that_fails_leaves_nothing(path, monkeypatch):
    def fail(database):
        raise StorageFault

    monkeypatch.setattr(opening.migrations, "migrate", fail)
    with pytest.raises(StorageFault):
        Store.open(path)
    assert names_in(path.parent) == ["sales.db.lock"]


START = """
import sys
from salestui.storage.store import Store
from tests.storage.helpers import save_setting
sys.stdin.readline()
with Store.open(sys.argv[1]) as store:
    save_setting(store, sys.argv[2])
"""


def test_eight_processes_may_start_a_missing_database_at_once(path):
    starters = [start_python(START, path, number) for number in range(8)]
    for starter in starters:
        starter.stdin.write("go\n")
        starter.stdin.flush()
    errors = [starter.communicate(timeout=60)[1] for starter in starters]
    assert errors == [""] * 8
    with Store.open(path) as store:
        assert setting_keys(store) == [str(number) for number in range(8)]


def test_a_shared_database_is_for_its_group(tmp_path):
    path = tmp_path / "sales.db"
    with Store.open(path, shared=True) as store:
        save_setting(store, "a")
        assert stat.S_IMODE(path.with_name("sales.db-wal").stat().st_mode) == 0o660
    for name in ("sales.db", "sales.db.lock", "sales.db.gate"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o660


def test_a_shared_database_is_known_as_such_by_its_mode(tmp_path):
    Store.open(tmp_path / "team.db", shared=True).close()
    with Store.open(tmp_path / "team.db") as team, Store.open(tmp_path / "own.db") as own:
        assert team.database.shared
        assert not own.database.shared
        save_setting(team, "a")
        assert stat.S_IMODE((tmp_path / "team.db-wal").stat().st_mode) == 0o660


def test_a_shared_database_is_refused_on_a_network_file_system(path, monkeypatch):
    monkeypatch.setattr(opening.system, "is_network_filesystem", lambda place: True)
    with pytest.raises(NetworkFilesystem, match="local disk"):
        Store.open(path, shared=True)
    Store.open(path).close()


def test_a_shared_database_is_refused_on_a_sqlite_that_may_corrupt_it(path, monkeypatch):
    monkeypatch.setattr(opening, "sqlite_is_safe", lambda: False)
    with pytest.raises(UnsafeSQLite, match="pysqlite3"):
        Store.open(path, shared=True)
    Store.open(path).close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((4, 0, 0), True),
    ],
)
def test_the_versions_with_the_wal_reset_fault_are_known(version, safe):
    assert sqlite_is_safe(version) is safe


def test_only_the_driver_module_names_a_sqlite_library():
    named = re.compile(r"^\s*(?:import|from) (?:py)?sqlite3\b|peewee\.sqlite3\b|\bpw\.sqlite3\b", re.MULTILINE)
    found = {file.name for file in (ROOT / "salestui").rglob("*.py") if named.search(file.read_text("utf-8"))}
    assert found == {"driver.py"}


def test_every_storage_fault_says_what_happened_in_both_languages():
    faults = [
        fault("/srv/sales.db", "why")
        for fault in _leaves(StorageFault)
        if fault.__init__.__qualname__.startswith("AtPath")
    ]
    assert len(faults) > 12
    for language in ("en", "zh"):
        i18n.use(language)
        for fault in faults:
            assert "/srv/sales.db" in fault.text()
            assert "{" not in fault.text()
            assert fault.exit_code == 1
    i18n.use("en")
    english = [fault.text() for fault in faults]
    i18n.use("zh")
    assert all(text != fault.text() for text, fault in zip(english, faults, strict=True))


def _leaves(kind):
    return [leaf for child in kind.__subclasses__() for leaf in _leaves(child) or [child]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE card", "card: missing"),
        ("ALTER TABLE deal DROP COLUMN competitor", r"deal\.competitor: missing"),
    ],
)
def test_a_database_of_an_unreleased_version_is_told_from_ours(store, path, change, told):
    store.close()
    raw(path, change)
    with pytest.raises(SchemaMismatch, match=told):
        Store.open(path)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="groups are Unix's")
def test_who_is_not_in_the_group_is_told_to_join_it():
    with open_directory() as directory:
        (directory / "team").mkdir()
        Store.open(directory / "team" / "sales.db", shared=True).close()
        (directory / "team").chmod(0o2770 if os.getuid() == 0 else 0o2070)
        opening.system.group_name(opening.system.person().uid)  # who has no rights may find no module either
        assert without_privileges(lambda: Store.open(directory / "team" / "sales.db")) == "NotInGroup"
        (directory / "team").chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="file modes are Unix's")
@pytest.mark.parametrize(("mode", "fault"), [(0o444, "ReadOnlyDatabase"), (0, "DatabaseUnreadable")])
def test_a_file_without_the_right_to_it_is_named(mode, fault):
    with open_directory() as directory:
        path = directory / "sales.db"
        Store.open(path, shared=True).close()
        directory.chmod(0o777)
        path.chmod(mode)
        assert without_privileges(lambda: Store.open(path)) == fault
