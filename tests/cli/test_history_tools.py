"""The history verified, exported and, on request, redacted, from the command line."""

import csv
import json
from pathlib import Path

import pytest

from salestui.storage.driver import sqlite3
from tests.cli.shell import Shell, people


@pytest.fixture
def office(shell: Shell) -> Shell:
    people(shell)
    shell.ok("campaign", "new", values={"name": "B", "playbook": "role"})
    shell.ok("customer", "new", values={"name": "苏州启明食品有限公司", "note": "=1+1 王建国"})
    shell.ok("contact", "new", "C1", values={"name": "王建国", "phone": "13800138000"})
    return shell


def tamper(shell: Shell, *statements: str) -> None:
    connection = sqlite3.connect(shell.database, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_sound_history_is_verified_and_gives_an_anchor(office: Shell):
    document = office.ok("history", "--verify")
    assert document["sound"] is True
    assert document["anchor"]["count"] == document["events"]
    assert "all as they were written" in office("history", "--verify").out


@pytest.mark.parametrize(
    ("statement", "reason", "event"),
    [
        ("UPDATE event SET note = 'x' WHERE id = 3", "edited", 3),
        ("DELETE FROM event WHERE id = 3", "removed", 3),
        ("UPDATE event SET id = 99 WHERE id = 3", "removed", 3),
    ],
)
def test_a_broken_history_is_named_and_fails(office: Shell, statement: str, reason: str, event: int):
    tamper(office, statement)
    result = office.json("history", "--verify")
    assert result.code == 1
    assert result.document["code"] == "history_broken"
    assert (result.document["params"]["reason"], result.document["params"]["event"]) == (reason, event)
    assert str(event) in office("history", "--verify").err


@pytest.mark.parametrize("column", ["at", "after", "salt", "digest", "chain"])
@pytest.mark.parametrize("position", [0, 5, -1], ids=["first", "within", "last"])
def test_one_byte_of_one_history_row_in_the_file_is_found_and_named(office: Shell, column: str, position: int):
    office.later(minutes=7).ok("customer", "new", values={"name": "杭州同创"})
    number = office.ok("history", "--verify")["events"]
    connection = sqlite3.connect(office.database)
    (value,) = connection.execute(f"SELECT {column} FROM event WHERE id = ?", (number,)).fetchone()  # noqa: S608
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(office.database.read_bytes())
    row = str(value).encode()
    follows = "林悦".encode() if column == "at" else b""  # the customer's row has the same time
    content[content.index(row + follows) + position % len(row)] ^= 0x01
    office.database.write_bytes(content)
    for command in (("history", "--verify"), ("doctor",)):
        result = office(*command)
        assert result.code == 1, command
        assert str(number) in result.out + result.err, "it is named"


@pytest.mark.parametrize("kind", ["answer", "jsonl", "csv"])
def test_a_kept_anchor_finds_a_cut_off_tail(office: Shell, tmp_path: Path, kind: str):
    kept = tmp_path / f"history.{kind}"
    if kind == "answer":
        kept.write_text(office("history", "--verify", "--json").out, "utf-8")
    else:
        kept = Path(office.ok("history", "--export", str(kept))["anchor_path"] or kept)
    assert office("history", "--verify", "--anchor", str(kept)).code == 0
    count = office.ok("history", "--verify")["events"]
    tamper(office, f"DELETE FROM event WHERE id = {count}")  # noqa: S608
    assert office("history", "--verify").code == 0
    result = office.json("history", "--verify", "--anchor", str(kept))
    assert result.document["params"]["reason"] == "cut"
    assert result.document["params"]["event"] == count


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format":"salestui.anchor/1","count":-1,"head":"x"}',
                                  '{"format":"salestui.anchor/1","count":1,"head":"x","at":"never"}',
                                  '{"format":"salestui.anchor/1","count":1,"head":"x","at":"2026-01-01"}'])  # fmt: skip
def test_a_file_without_an_anchor_is_refused(office: Shell, tmp_path: Path, text: str):
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    assert office.refused("history", "--verify", "--anchor", str(path)) == (1, "bad_input")


def test_an_anchor_that_cannot_be_read_is_refused(office: Shell, tmp_path: Path):
    (tmp_path / "b").write_bytes(b"\xff\xfe\xff")
    assert office.refused("history", "--verify", "--anchor", str(tmp_path / "b")) == (1, "bad_input")
    assert office.refused("history", "--verify", "--anchor", str(tmp_path / "none")) == (1, "bad_input")


def test_json_lines_hold_the_anchor_the_conditions_and_every_event(office: Shell, tmp_path: Path):
    path = tmp_path / "all.jsonl"
    made = office.ok("history", "--export", str(path))
    head, *events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert head["anchor"] == made["anchor"]
    assert head["filter"] == {}
    assert [event["id"] for event in events] == list(range(1, made["events"] + 1))
    assert events[-1]["chain"] == head["anchor"]["head"]
    assert events[-1]["text"] == "New contact: 王建国"
    assert path.stat().st_mode & 0o77 == 0


def test_csv_opens_in_a_spreadsheet_and_no_cell_is_a_formula(office: Shell, tmp_path: Path):
    office.ok("campaign", "new", values={"name": "=HYPERLINK(1)", "playbook": "role"}, command_id="=1+1")
    path = tmp_path / "all.csv"
    office.ok("history", "--export", str(path))
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert json.loads(rows[-1]["after"])["name"] == "=HYPERLINK(1)"
    assert rows[-1]["command_id"] == "'=1+1"


def test_an_export_is_filtered_by_deal_person_day_and_action(office: Shell, tmp_path: Path):
    office.ok("deal", "new", "--customer", "C1", "--campaign", "M1", values={})
    office.later(days=2).as_person("chen", "陈默").ok("customer", "change", "C1", values={"industry": "x"})

    def exported(*words: str) -> list[str]:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.jsonl"
        office.ok("history", "--export", str(path), *words)
        return [json.loads(line)["action"] for line in path.read_text("utf-8").splitlines()[1:]]

    assert exported("--user", "chen") == ["customer.changed"]
    assert exported("--since", "2026-11-22") == ["customer.changed"]
    assert exported("--until", "2026-11-21") == exported()[:-1]
    assert exported("--since", "2026-11-22", "--until", "2026-11-22") == ["customer.changed"]
    assert exported("--action", "customer") == ["customer.created", "customer.changed", "customer.changed"]
    assert exported("--action", "deal.created") == ["deal.created"]
    assert exported("--action", "cust") == []
    assert set(exported("--deal", "D1")) >= {"deal.created", "customer.changed", "contact.created"}
    assert exported("--customer", "C1", "--text", "王建国") == ["customer.created", "contact.created"]
    assert exported("--since", "1900-01-01", "--until", "9999-12-31") == exported()


def test_an_export_spares_what_is_there_and_wants_a_known_ending(office: Shell, tmp_path: Path):
    path = tmp_path / "all.csv"
    office.ok("history", "--export", str(path))
    assert office.refused("history", "--export", str(path)) == (1, "file_there")
    assert office("history", "--export", str(path), "--force").code == 0
    assert office.refused("history", "--export", str(tmp_path / "all.xlsx")) == (1, "bad_input")


def test_a_person_is_erased_after_a_look_at_what_would_go(office: Shell):
    planned = office.ok("erase", "P1", "--dry-run")
    assert planned["contacts"] == ["P1"]
    assert [hit["where"] for hit in planned["rows"]] == ["C1"]
    told = office("erase", "P1", "--dry-run").out
    assert "C1  note  =1+1 王建国" in told
    assert office.refused("erase", "P1") == (2, "usage")
    assert office.ok("erase", "P1", "--reason", "letter of 20 November")["id"] == "P1"
    assert office.ok("contact", "list", "C1")["contacts"] == []
    assert office.ok("customer", "show", "C1")["note"] == "=1+1 ***"
    [event] = office.ok("history", "--action", "person")["events"]
    assert event["text"] == "Erased P1 from 2 events: letter of 20 November"
    checked = office.ok("history", "--verify")
    assert len(checked["redacted"]) == 2
    assert "2 of them are redacted" in office("history", "--verify").out
    assert "nothing to change" in office("erase", "P1", "--reason", "again").out


def test_what_is_left_elsewhere_and_files_are_told(office: Shell):
    office.ok("customer", "new", values={"name": "别家食品有限公司", "note": "也有王建国，" + "很长" * 60})
    told = office("erase", "P1", "--dry-run").out
    assert "--everywhere" in told
    assert "…" in told
    assert office.ok("erase", "P1", "--dry-run", "--everywhere")["elsewhere"] == []


def test_only_an_administrator_erases(office: Shell):
    office.as_person("chen", "陈默")
    assert office.refused("erase", "P1", "--reason", "x") == (5, "only_admin")
    assert office.refused("erase", "P1", "--dry-run") == (5, "only_admin")
