"""Backup, restore, doctor, dump and load as scripts and cron jobs call them: documents, exit codes, no tracebacks."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell, people


@pytest.fixture
def office(shell: Shell) -> Shell:
    people(shell)
    shell.ok("customer", "new", values={"name": "苏州启明食品有限公司"})
    return shell


def test_a_backup_says_where_it_is_and_holds_an_anchor_that_a_check_takes(office: Shell, tmp_path: Path) -> None:
    made = office.ok("backup", str(tmp_path), "--keep", "3")
    assert (made["format"], made["damage"], made["removed"]) == ("salestui.backup_made/1", [], [])
    assert Path(made["path"]).stat().st_size == made["size"]
    (tmp_path / "anchor.json").write_text(str(made["anchor"]).replace("'", '"'), "utf-8")
    assert office.ok("history", "--verify", "--anchor", str(tmp_path / "anchor.json"))["sound"]
    assert "read again and checked" in office("backup", str(tmp_path / "b.zip")).out


def test_restoring_refuses_with_what_would_be_lost_until_told(office: Shell, tmp_path: Path) -> None:
    path = office.ok("backup", str(tmp_path / "b.zip"))["path"]
    office.later(hours=2).ok("customer", "new", values={"name": "后来的"})
    refused = office.json("restore", path)
    assert (refused.code, refused.document["code"]) == (6, "would_replace")
    assert refused.document["loss"] == {
        "readable": True, "related": True, "events": 1, "by": {"林悦": 1}, "last": "2026-11-20T04:00:00+00:00",
        "drafts": 0,
    }  # fmt: skip
    assert "1 event" in office("restore", path).err
    done = office.ok("restore", path, "--yes")
    assert Path(done["kept"]).exists()
    assert [each["name"] for each in office.ok("customer", "list")["customers"]] == ["苏州启明食品有限公司"]
    assert "brought back" in office("history").out


def test_a_rep_makes_no_backup_and_restores_none(office: Shell, tmp_path: Path) -> None:
    path = office.ok("backup", str(tmp_path / "b.zip"))["path"]
    office.as_person("wang")
    assert office.refused("backup", str(tmp_path / "c.zip"))[0] == 5
    assert office.refused("dump", str(tmp_path / "d.zip"))[0] == 5
    assert office.refused("restore", path, "--yes")[0] == 5


def test_the_doctor_answers_one_document_and_fails_where_something_is_wrong(office: Shell) -> None:
    assert office.ok("doctor")["sound"] is True
    content = office.database.read_bytes()
    office.database.write_bytes(content.replace("苏州启明".encode(), "苏州启朋".encode()))
    found = office.json("doctor")
    assert (found.code, found.document["sound"]) == (1, False)
    assert {each["code"] for each in found.document["findings"] if each["level"] == "bad"} >= {"rows_changed"}
    assert "✗" in office("doctor").out


@pytest.mark.parametrize("command", [["doctor"], ["doctor", "--repair"], ["doctor", "--salvage", "NEW"], ["backup"]])
@pytest.mark.parametrize("content", [b"", b"rubbish" * 999, None])
def test_a_damaged_database_is_told_without_a_traceback(
    office: Shell, tmp_path: Path, command: list[str], content: bytes | None
) -> None:
    whole = office.database.read_bytes()
    office.database.write_bytes(whole[: len(whole) // 3] if content is None else content)
    result = office.json(*(str(tmp_path / "new.db") if word == "NEW" else word for word in command))
    assert result.code in {0, 1}
    assert "Traceback" not in result.out + result.err
    assert result.document["format"].startswith("salestui.")


def test_wrong_calls_are_usage_or_input_faults(office: Shell, tmp_path: Path) -> None:
    assert office.refused("backup", str(tmp_path / "b.zip"), "--keep", "3") == (1, "bad_input")
    assert office.refused("restore", str(tmp_path / "none.zip")) == (1, "backup_unusable")
    assert office.refused("load", str(office.database)) == (1, "backup_unusable")
    assert office.refused("doctor", "--repair", "--salvage", "x")[0] == 2


def test_a_team_is_dumped_and_loaded_elsewhere(office: Shell, tmp_path: Path) -> None:
    path = office.ok("dump", str(tmp_path / "team.zip"))["path"]
    assert office.refused("dump", path) == (1, "file_there")
    before = office.ok("history", "--verify")["anchor"]["head"]
    office.database = tmp_path / "elsewhere.db"
    assert office.ok("load", path)["anchor"]["head"] == before
    assert office.refused("load", path) == (1, "backup_unusable")
    assert office.ok("history", "--verify")["anchor"]["head"] == before
