"""The doctor finds what is wrong, mends what is safe, names the rest, and is never at a loss itself."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestui import i18n, paths, system
from salestui.errors import CorruptDatabase, DatabaseMissing, FileThere
from salestui.services import doctor, doctor_texts, draft_files, salvage
from salestui.services.doctor import Report
from salestui.storage import examining
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.services.desk import Desk
from tests.services.test_backup import attach, names

LATER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "person", lambda: system.Person(1, "lin", "林悦"))


def wrong(report: Report) -> set[str]:
    """Return the codes of what is not good, with every text and advice told in both languages."""
    for language in i18n.LANGUAGES:
        i18n.use(language)
        for each in report.findings:
            assert each.text()
            assert each.advice() or each.level.value == "good"
    i18n.use("en")
    return {each.code for each in report.findings if each.level.value != "good"}


def examined(desk: Desk, *, repair: bool = False) -> Report:
    return doctor.examine(desk.store.location, LATER, repair=repair)


def sql(desk: Desk, *statements: str) -> None:
    """Change the database with another program, which knows no rules."""
    with closing(sqlite3.connect(desk.store.location, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def without_triggers(desk: Desk, statement: str) -> None:
    """Change the history and put the triggers back, as somebody who wants to be unseen."""
    with closing(sqlite3.connect(desk.store.location, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _text in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
        for _name, text in triggers:
            connection.execute(text)


def test_a_database_in_use_is_sound(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    attach(desk, tmp_path / "a.pdf")
    report = examined(desk)
    assert wrong(report) == set()
    assert report.sound
    assert {each.check for each in report.findings} >= {"structure", "rows", "history", "files", "counts", "playbooks"}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE customer SET region = '华南'", "rows_changed"),
        ("DELETE FROM playbook WHERE id = 1", "rows_changed"),
        ("UPDATE playbook SET text = text || ' ' WHERE id = 1", "playbook_changed"),
        ("DROP TRIGGER event_kept", "schema_differs"),
        ("CREATE TABLE mine (a)", "schema_differs"),
        ("DROP INDEX card_stale", "schema_differs"),
        ("UPDATE customer SET owner_id = 77", "orphans"),
        ("PRAGMA application_id = 5", "unreadable"),
        ("DELETE FROM schema_version", "not_checked"),
        ("DROP TABLE seal", "unreadable"),
    ],
)
def test_what_another_program_did_is_found(desk: Desk, statement: str, code: str) -> None:
    desk.customer()
    sql(desk, statement)
    report = examined(desk)
    assert code in wrong(report)
    assert not report.sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET note = 'x' WHERE id = 2",
        "UPDATE event SET actor_name = replace(actor_name, '林', '陈') WHERE id = 2",
        "UPDATE event SET salt = iif(salt LIKE '0%', '1', '0') || substr(salt, 2) WHERE id = 2",
        "DELETE FROM event WHERE id = 2",
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
    ],
)
def test_a_changed_history_is_found_also_at_its_end(desk: Desk, statement: str) -> None:
    desk.customer()
    without_triggers(desk, statement)
    assert wrong(examined(desk)) & {"history_broken", "rows_changed"}


def test_one_changed_byte_of_a_history_row_is_found(desk: Desk) -> None:
    desk.customer(note="ein ganz eigener Satz")
    location = Path(desk.store.location)
    desk.store.close()
    content = location.read_bytes()
    at = content.rindex(b"ein ganz eigener Satz", 0, content.rindex(b"customer.created") + 4000)
    for place in [i for i in range(len(content)) if content.startswith(b"ein ganz eigener Satz", i)]:
        location.write_bytes(content[:place] + b"E" + content[place + 1 :])
        assert not doctor.examine(str(location), LATER).sound, place
    assert at > 0


def test_lost_and_changed_files_are_named(desk: Desk, tmp_path: Path) -> None:
    lost, changed = (attach(desk, tmp_path / name, name.encode()) for name in ("a.pdf", "b.pdf"))
    root = Path(desk.store.location + ".files")
    (root / lost[:2] / lost[2:]).unlink()
    (root / changed[:2] / changed[2:]).write_bytes(b"other")
    report = examined(desk)
    assert wrong(report) == {"files_lost"}
    told = next(each.text() for each in report.findings if each.code == "files_lost")
    assert "a.pdf (draft 1)" in told
    assert "b.pdf (draft 2)" in told


def test_damaged_indices_are_made_anew(desk: Desk) -> None:
    desk.customer()
    rename = "UPDATE sqlite_master SET sql = replace(sql, '{}', '{}') WHERE name = 'customer_name_key'"
    sql(desk, "PRAGMA writable_schema = 1", rename.format('name_key")', 'core_key")'))
    sql(desk, "REINDEX customer_name_key")
    sql(desk, "PRAGMA writable_schema = 1", rename.format('core_key")', 'name_key")'))
    assert "indices" in wrong(examined(desk))
    report = examined(desk, repair=True)
    assert any(each.code == "indices_mended" and each.mended for each in report.findings)
    assert wrong(examined(desk)) == set()


def test_wrong_counts_of_the_board_are_made_anew(desk: Desk) -> None:
    desk.campaign()
    with desk.store.transaction(desk.admin.actor, now=desk.admin.now):
        desk.store.database.execute_sql(
            "INSERT INTO board_count (campaign, playbook, shown_in, owner, currency, deals, amounts, "
            "minor, late, ready) VALUES (1, 'expansion', 'research', 1, 'CNY', 7, 7, 7, 0, 0)"
        )
    assert wrong(examined(desk)) == {"counts_wrong"}
    assert wrong(examined(desk, repair=True)) == set()
    assert wrong(examined(desk)) == set()


def test_what_was_left_by_writing_cut_off_is_removed_when_it_is_old(desk: Desk, tmp_path: Path) -> None:
    attach(desk, tmp_path / "a.pdf")
    left = Path(desk.store.location + ".files") / "new-0123"
    young = left.with_name("new-4567")
    for path in (left, young):
        path.write_bytes(b"half")
        os.utime(path, (LATER.timestamp() - (7200 if path == left else 60),) * 2)
    assert wrong(examined(desk)) == {"leftovers"}
    assert wrong(examined(desk, repair=True)) == set()
    assert (left.exists(), young.exists()) == (False, True)


def test_unfinished_forms_that_cannot_be_read_are_named(desk: Desk) -> None:
    folder = draft_files.of(desk.admin).path("x").parent
    assert folder.is_relative_to(paths.state_directory())
    folder.mkdir(parents=True)
    (folder / "broken.json").write_bytes(b"{")
    assert wrong(examined(desk)) == {"draft_unreadable"}


@pytest.mark.parametrize("content", [b"", b"x", b"rubbish" * 1000, b"SQLite format 3\0" + bytes(4080)])
def test_what_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    assert not doctor.examine(str(path), LATER).sound
    assert path.read_bytes() == content
    with pytest.raises(CorruptDatabase):
        salvage.salvage(str(path), tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_no_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        doctor.examine(str(tmp_path / "x.db"), LATER)


def test_all_that_can_be_read_is_saved_with_its_files(desk: Desk, tmp_path: Path) -> None:
    desk.customer()
    digest = attach(desk, tmp_path / "a.pdf")
    location = Path(desk.store.location)
    desk.store.close()
    content = bytearray(location.read_bytes())
    content[:4096] = bytes(4096)
    location.write_bytes(content)
    saved = salvage.salvage(str(location), tmp_path / "new.db")
    assert (saved.files, sum(each.lost or 0 for each in saved.tables)) == (1, 0)
    assert names(saved.path) == {"苏州启明食品有限公司"}
    assert examining.examine(saved.path).sound
    with Store.open(saved.path) as store:
        store.files.verify(digest)
    assert location.read_bytes() == bytes(content)
    with pytest.raises(FileThere):
        salvage.salvage(str(location), saved.path)


def test_rows_lost_and_changed_are_counted(desk: Desk, tmp_path: Path) -> None:
    for number in range(60):
        desk.customer(name=f"客户{number}", note="x" * 300)
    sql(desk, "UPDATE customer SET note = 'y' WHERE id = 1", "DELETE FROM customer WHERE id = 60")
    desk.store.close()
    saved = {each.table: each for each in salvage.salvage(desk.store.location, tmp_path / "new.db").tables}
    assert (saved["customer"].rows, saved["customer"].changed, saved["customer"].lost) == (59, 1, 1)


def test_every_code_has_words() -> None:
    for code in doctor_texts.CODES:
        assert doctor_texts.text_of(code)
