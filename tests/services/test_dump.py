"""A dump moves a team whole: rows, history, attached files; what arrives is compared with what left."""

import json
import zipfile
from pathlib import Path

import pytest

from salestui.domain.outcomes import NotAllowed
from salestui.errors import BackupUnusable, FileThere
from salestui.services import dump, sample
from salestui.services.dump import Dumped
from salestui.services.request import Request
from salestui.storage import chain, examining, portable
from salestui.storage.store import Store
from tests.services.desk import NOW, Desk, open_desk
from tests.services.test_backup import attach


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dump of the sample data, with its files."""
    folder = tmp_path_factory.mktemp("dump")
    with Store.open(folder / "sales.db") as store:
        actor = sample.fill(store, "zh", NOW, login="lin", deals=6)
        found = dump.dump(Request(store, actor, NOW), folder / "team.zip")
    assert isinstance(found, Dumped)
    assert found.rows > 100
    assert found.files
    return found.path


def content(store: Store) -> dict[str, list[str]]:
    with store.reading():
        return {table: list(portable.lines(store, table)) for table in portable.TABLES}


def test_what_was_dumped_arrives_whole(dumped: Path, tmp_path: Path) -> None:
    done = dump.load(dumped, str(tmp_path / "new" / "sales.db"))
    with Store.open(tmp_path / "new" / "sales.db") as store, Store.open(dumped.parent / "sales.db") as old:
        assert content(store) == content(old)
        assert chain.head(store) == chain.head(old)
        assert chain.verify(store) is None
        assert (done.anchor.count, done.anchor.head) == (chain.head(old).count, chain.head(old).chain)
        assert sorted(store.files.stored()) == sorted(old.files.stored())  # type: ignore[attr-defined]
    assert examining.examine(tmp_path / "new" / "sales.db").sound


def test_it_can_be_read_without_the_program(dumped: Path) -> None:
    with zipfile.ZipFile(dumped) as packed:
        told = json.loads(packed.read("dump.json"))
        rows = [json.loads(line) for line in packed.read("tables/deal.jsonl").splitlines()]
    assert told["format"] == "salestui.dump/1"
    assert len(rows) == told["rows"]["deal"] == 6
    assert rows[0]["cancelled"] is False


@pytest.mark.parametrize("shared", [True, False])
def test_a_database_in_which_nobody_has_begun_is_filled_and_stays_shared(
    dumped: Path, tmp_path: Path, shared: bool
) -> None:
    place = tmp_path / "sales.db"
    with Store.open(place, shared=shared) as store:
        open_desk(store)
    done = dump.load(dumped, str(place))
    assert (place.stat().st_mode & 0o777, done.files > 0) == (0o660 if shared else 0o600, True)
    with Store.open(place) as store, Store.open(dumped.parent / "sales.db") as old:
        assert store.database.shared is shared
        assert content(store) == content(old)
        for digest in old.files.stored():  # type: ignore[union-attr]
            store.files.verify(digest)
    assert examining.examine(place).sound
    assert not list(tmp_path.glob(".salestui-*"))


def test_a_database_with_anything_in_it_is_never_filled(dumped: Path, desk: Desk) -> None:
    desk.customer()
    with pytest.raises(BackupUnusable, match="not empty"):
        dump.load(dumped, desk.store.location)


def changed(dumped: Path, target: Path, name: str, change: object) -> Path:
    """Write a dump of which one part was changed by somebody who knows how lists are made."""
    from hashlib import sha256

    with zipfile.ZipFile(dumped) as packed, zipfile.ZipFile(target, "w") as made:
        told = json.loads(packed.read("dump.json"))
        for part in told["parts"]:
            data = packed.read(part["name"])
            if part["name"] == name:
                data = change(data)  # type: ignore[operator]
                part.update(size=len(data), sha256=sha256(data).hexdigest())
            made.writestr(part["name"], data)
        made.writestr("dump.json", json.dumps(told))
    return target


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tables/event.jsonl", lambda data: data.replace(b'"subject":"D1"', b'"subject":"D2"', 1)),
        ("tables/event.jsonl", lambda data: data[: data.rindex(b"\n", 0, -1) + 1]),
        ("tables/deal.jsonl", lambda data: data + b'{"id":NaN}\n'),
        ("tables/deal.jsonl", lambda data: data + b"[1]\n"),
        ("tables/deal.jsonl", lambda data: data.replace(b'"customer_id":1,', b'"customer_id":99999,', 1)),
    ],
)
def test_what_was_changed_on_the_way_does_not_arrive(dumped: Path, tmp_path: Path, name: str, change: object) -> None:
    path = changed(dumped, tmp_path / "d.zip", name, change)
    with pytest.raises(Exception) as told:  # noqa: PT011  # of several kinds, each of ours
        dump.load(path, str(tmp_path / "x.db"))
    assert type(told.value).__module__.startswith(("salestui", "peewee"))
    assert not (tmp_path / "x.db").exists()


def test_a_dump_is_refused_to_whom_does_not_administer_and_never_replaces_unasked(desk: Desk, tmp_path: Path) -> None:
    assert isinstance(dump.dump(desk.manager, tmp_path / "d.zip"), NotAllowed)
    dump.dump(desk.admin, tmp_path / "d.zip")
    with pytest.raises(FileThere):
        dump.dump(desk.admin, tmp_path / "d.zip")
    assert isinstance(dump.dump(desk.admin, tmp_path / "d.zip", replace=True), Dumped)


def test_a_file_that_was_lost_before_is_named_and_the_rest_moves(desk: Desk, tmp_path: Path) -> None:
    lost, kept = attach(desk, tmp_path / "a.pdf", b"a"), attach(desk, tmp_path / "b.pdf", b"b")
    (Path(desk.store.location + ".files") / lost[:2] / lost[2:]).unlink()
    found = dump.dump(desk.admin, tmp_path / "d.zip")
    assert isinstance(found, Dumped)
    assert (found.files, found.missing) == (1, ("a.pdf (draft 1)",))
    assert dump.load(found.path, str(tmp_path / "x.db")).files == 1
    with Store.open(tmp_path / "x.db") as store:
        store.files.verify(kept)
