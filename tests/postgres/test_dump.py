"""A team moves from a file to a server and back: every row, the history's chain and every attached file."""

from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.domain.people import Actor
from salestui.errors import BackupUnusable, BadInput
from salestui.services import backup, customers, doctor, dump, sample, users
from salestui.services.dump import Dumped
from salestui.services.request import Request
from salestui.storage import chain, examining
from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import NOW, Desk
from tests.services.test_dump import content


def lin(store: Store) -> Request:
    """Return a request by the administrator of the sample data."""
    found = users.find(Request(store, Actor(0, "", ""), NOW), "lin")
    return Request(store, found.actor(), NOW)


def dumped(store: Store, path: Path) -> Path:
    made = dump.dump(lin(store), path)
    assert isinstance(made, Dumped)
    return made.path


@pytest.fixture(scope="module")
def from_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dump of the sample data of a SQLite database."""
    folder = tmp_path_factory.mktemp("sqlite")
    with Store.open(folder / "sales.db") as store:
        sample.fill(store, "zh", NOW, login="lin", deals=6)
        return dumped(store, folder / "team.zip")


def test_a_team_moves_to_a_server_and_back(from_file: Path, tmp_path: Path) -> None:
    with databases.database() as name:
        url = databases.server().url(name, options=databases.QUIET)
        loaded = dump.load(from_file, url)
        assert loaded.files
        with Store.open(from_file.parent / "sales.db") as old, Store.open(url) as store:
            assert content(store) == content(old)
            assert chain.head(store) == chain.head(old)
            again = dumped(store, tmp_path / "again.zip")
        dump.load(again, str(tmp_path / "back.db"))
    with Store.open(from_file.parent / "sales.db") as old, Store.open(tmp_path / "back.db") as back:
        assert content(back) == content(old)
        assert chain.verify(back) is None
    assert examining.examine(tmp_path / "back.db").sound


def test_the_server_numbers_on_after_what_was_loaded(from_file: Path) -> None:
    with databases.database() as name:
        url = databases.server().url(name, options=databases.QUIET)
        dump.load(from_file, url)
        with Store.open(url) as store:
            done = customers.new(lin(store), {"name": "后来的客户"})
            assert isinstance(done, Done)
            assert done.id == "C7"
            assert chain.verify(store) is None


def test_a_server_in_use_is_never_filled(from_file: Path, desk: Desk) -> None:
    desk.customer()
    with pytest.raises(BackupUnusable, match="not empty"):
        dump.load(from_file, desk.store.location)


def test_a_backup_of_a_server_is_a_dump_and_old_ones_make_room(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="where"):
        backup.back_up(desk.admin)
    made = []
    for day in range(3):
        found = backup.back_up(desk.later(desk.admin, days=day), tmp_path, keep=2)
        assert isinstance(found, backup.Made)
        made.append(found)
    assert [len(each.removed) for each in made] == [0, 0, 1]
    assert dump.load(made[2].path, str(tmp_path / "back.db")).anchor == made[2].anchor


def test_the_doctor_looks_over_a_database_on_a_server(from_file: Path) -> None:
    with databases.database() as name:
        url = databases.server().url(name, options=databases.QUIET)
        dump.load(from_file, url)
        report = doctor.examine(url, NOW)
        assert [each.text() for each in report.findings if each.level.value != "good"] == []
        assert {each.check for each in report.findings} >= {"history", "files", "counts", "playbooks"}
        databases.server().sql("SET session_replication_role = replica; DELETE FROM salestui.attachment", name)
        assert not doctor.examine(url, NOW).sound
