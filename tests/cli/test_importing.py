"""`salestui import`: every option, and the report."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from salestui.cli import importing as command
from salestui.services.importing import Progress
from tests.cli.shell import Shell, people

LEADS = "公司,行业,联系人,电话,金额,负责人,阶段\n"


@pytest.fixture
def team(shell: Shell) -> Shell:
    """Return the shell with a team and a campaign."""
    people(shell)
    shell.ok("campaign", "new", values={"name": "华东", "scenario": "new_market"})
    return shell


def leads(folder: Path, *rows: str, name: str = "leads.csv", encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_text(LEADS + "\n".join(rows) + "\n", encoding)
    return str(path)


def test_a_list_is_imported_and_its_rejected_rows_are_written_beside_it(team: Shell, tmp_path: Path) -> None:
    path = leads(
        tmp_path,
        "启明食品,食品,王建国,138,68万,王磊,",
        "丰禾塑料,塑料,,,much,,",
        "启明 食品,食品,,,,,",
        "和鸿有限公司,,,,,,",
        "和鸿,,,,,,",
    )
    report = team.ok("import", path)
    assert report["format"] == "salestui.import/1"
    assert report["counts"] == {"created": 3, "skipped": 1, "rejected": 1, "possible_duplicates": 1}
    rejected = Path(report["rejected_file"])
    assert rejected.name == "leads-rejected.csv"
    rejected.write_text(rejected.read_text("utf-8-sig").replace("much", "20万"), "utf-8")
    again = team.ok("import", str(rejected))
    assert again["counts"]["created"] == 1
    assert len(team.ok("deal", "list")["deals"]) == 4
    assert (
        next(each for each in team.ok("deal", "list")["deals"] if each["owner"] == "王磊")["amount"]["minor"]
        == 68000000
    )


def test_a_dry_run_changes_nothing(team: Shell, tmp_path: Path) -> None:
    path = leads(tmp_path, "启明食品,食品,王建国,138,68万,王磊,", "丰禾塑料,塑料,,,much,,")
    assert team.ok("import", path, "--dry-run")["dry_run"] is True
    text = team("import", path, "--dry-run").out
    assert "Dry run: nothing was changed." in text
    assert "line 3: 丰禾塑料: rejected" in text
    team.language = "zh"
    assert "第 3 行 丰禾塑料：未收下" in team("import", path, "--dry-run").out
    assert team.ok("deal", "list")["deals"] == []
    assert not (tmp_path / "leads-rejected.csv").exists()


def test_other_headings_are_named_and_left_out(team: Shell, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes("厂名;备用;说法\n启明食品;x;y\n".encode("gb18030"))
    assert team.refused("import", str(path)) == (1, "bad_input")
    report = team.ok("import", str(path), "--map", "厂名=company", "--map", "备用=ignore")
    assert (report["counts"]["created"], report["unread"]) == (1, ["说法"])
    assert team.refused("import", str(path), "--map", "厂名") == (2, "usage")
    assert team.refused("import", str(path), "--map", "nothing=company") == (1, "bad_input")


def test_a_manager_puts_rows_further_right_by_exceptions(team: Shell, tmp_path: Path) -> None:
    path = leads(tmp_path, "启明食品,,,,,王磊,需求与方案", "丰禾塑料,,,,,,")
    team.as_person("wang")
    assert team.refused("import", path, "--stage-column", "阶段") == (5, "only_manager")
    team.as_person("chen")
    stages = {each["key"]: each for each in team.ok("playbook", "show", "expansion")["stages"]}
    team.language = "zh"
    title = next(
        each["title"] for each in team.ok("playbook", "show", "expansion")["stages"] if each["key"] == "solution"
    )
    team.language = "en"
    assert stages["solution"]["number"] == 4
    path = leads(tmp_path, f"启明食品,,,,,王磊,{title}", name="stages.csv")
    report = team.ok("import", path, "--stage-column", "阶段")
    row = report["rows"][0]
    assert row["stage"] == "solution"
    assert len(row["exceptions"]) >= 3
    assert len(team.ok("exception", "list", "D1")["exceptions"]) == len(
        [each for each in team.ok("deal", "show", "D1")["exceptions"] if each["revoked_at"] is None]
    )


def test_the_campaign_is_asked_for_where_there_are_several(team: Shell, tmp_path: Path) -> None:
    team.ok("campaign", "new", values={"name": "华南", "scenario": "new_market"})
    path = leads(tmp_path, "启明食品,,,,,,")
    assert team.refused("import", path) == (2, "usage")
    assert team.ok("import", path, "--campaign", "华南")["campaign"] == "M2"


def test_without_a_campaign_it_says_how_to_start_one(shell: Shell, tmp_path: Path) -> None:
    result = shell("import", leads(tmp_path, "启明食品,,,,,,"))
    assert result.code == 2
    assert "salestui campaign new" in result.err


def test_a_repeated_import_does_nothing(team: Shell, tmp_path: Path) -> None:
    path = leads(tmp_path, "启明食品,,,,,,")
    first = team.ok("import", path, "--command-id", "once")
    assert team.ok("import", path, "--command-id", "once") == first
    assert len(team.ok("deal", "list")["deals"]) == 1


def test_rejected_rows_go_where_they_are_wanted_and_nothing_is_overwritten(team: Shell, tmp_path: Path) -> None:
    path, place = leads(tmp_path, "启明食品,,,,much,,"), tmp_path / "mend.csv"
    assert team.ok("import", path, "--rejected", str(place))["rejected_file"] == str(place)
    assert team.refused("import", path, "--rejected", str(place)) == (2, "usage")
    text = team("import", path).out
    assert "Mend them there and import it again." in text


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04rest", b'a,b\n"open'])
def test_what_is_no_list_is_one_clear_message(team: Shell, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(content)
    assert team.refused("import", str(path)) == (1, "bad_input")
    assert team.refused("import", str(tmp_path / "none.csv")) == (1, "bad_input")


KILLED = """
import os, signal, sys
from pathlib import Path
from salestui import system
from salestui.cli.options import utc_now
from salestui.services import import_run, importing, session
from salestui.services.request import Request
system.person = lambda: system.Person(1000, "chen", "chen")
import_run.SLICE = 2
begun = session.begin(sys.argv[1], utc_now())
request = Request(begun.store, begun.actor, utc_now())
plan = importing.plan(request, importing.read(Path(sys.argv[2])), 1)
importing.run(request, plan, lambda progress: progress.done == 4 and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_an_import_that_was_killed_goes_on_when_it_is_run_again(
    team: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salestui.services.import_run.SLICE", 2)
    team.as_person("chen")
    path = leads(tmp_path, *(f"客户{number},,联系人{number},,,," for number in range(5)), "客户0,,另一位,,,,")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(team.database), path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(team.ok("deal", "list")["deals"]) == 4
    report = team.ok("import", path)
    assert report["counts"] == {"created": 5, "skipped": 1, "rejected": 0, "possible_duplicates": 0}
    assert [row["deal"] for row in report["rows"]] == ["D1", "D2", "D3", "D4", "D5", ""]
    assert len(team.ok("deal", "list")["deals"]) == 5
    assert {each["name"] for each in team.ok("contact", "list", "C1")["contacts"]} == {"联系人0", "另一位"}
    assert team("history", "--verify").code == 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_how_far_it_is_stands_in_one_line_of_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, shown, told in (
        (_Terminal(), True, "\r1,200 of 3,000\r200 of 300    \r" + " " * 10 + "\r"),
        (_Terminal(), False, ""),
        (io.StringIO(), True, ""),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        line = command._ProgressLine(shown=shown)
        line.show(Progress(1200, 3000))
        line.show(Progress(200, 300))
        line.end()
        assert stream.getvalue() == told
