"""`salestui init` for a laptop and for a team: places, modes, groups, administrators, and what it refuses."""

import grp
import os
import stat
from pathlib import Path

import pytest

from salestui import system
from tests.cli.shell import Shell

GROUP = grp.getgrgid(os.getgid()).gr_name


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_laptop_gets_a_database_for_its_user_alone(shell: Shell, tmp_path: Path) -> None:
    made = shell("init", str(tmp_path / "mine.db"))
    assert made.code == 0, made.err
    assert f"salestui --database {tmp_path}/mine.db" in made.out
    assert mode(tmp_path / "mine.db") == 0o600
    (tmp_path / "folder").mkdir()
    assert shell.ok("init", str(tmp_path / "folder"))["database"] == f"{tmp_path}/folder/salestui.db"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_team_gets_a_directory_whatever_the_umask(shell: Shell, tmp_path: Path, language: str) -> None:
    shell.language = language
    place = tmp_path / "new" / "team"
    before = os.umask(0o077)
    try:
        made = shell("init", "--shared", "--group", GROUP, str(place))
        assert shell("init", "--shared", "--group", GROUP, str(place)).code == 0
    finally:
        os.umask(before)
    assert made.code == 0, made.err
    assert f"SALESTUI_DATABASE={place}/salestui.db" in made.out
    assert GROUP in made.out
    assert (mode(place.parent), mode(place)) == (0o755, 0o2770)
    assert {name.name: mode(name) for name in place.iterdir()} == {
        "salestui.db": 0o660,
        "salestui.db.files": 0o2770,
        "salestui.db.gate": 0o660,
        "salestui.db.lock": 0o660,
    }


def test_wrong_modes_are_set_right_by_the_same_command(shell: Shell, tmp_path: Path) -> None:
    words = ("init", "--shared", "--group", GROUP, str(tmp_path / "team"))
    shell.ok(*words)
    database = tmp_path / "team" / "salestui.db"
    database.chmod(0o600)
    database.parent.chmod(0o755)
    shell.ok(*words)
    assert (mode(database), mode(database.parent)) == (0o660, 0o2770)


def test_what_cannot_be_shared_is_refused_and_nothing_is_made(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").touch()
    before = mode(tmp_path / "used")

    def refused(*words: str) -> str:
        return shell.refused("init", *words)[1]

    assert refused("--group", GROUP, str(tmp_path / "a")) == "usage"
    assert refused("--shared", "--group", "nobody-has-this-group", str(tmp_path / "a")) == "unknown_group"
    assert refused("--shared", "--group", GROUP, str(tmp_path / "used")) == "directory_in_use"
    assert refused("--admin", "nobody-has-this-login", str(tmp_path / "a")) == "unknown_account"
    assert not (tmp_path / "a").exists()
    assert mode(tmp_path / "used") == before
    assert [each.name for each in (tmp_path / "used").iterdir()] == ["letter.txt"]


def test_the_administrator_is_the_account_that_is_named(shell: Shell, tmp_path: Path) -> None:
    login = system.account("root") or pytest.skip("this machine has no account root")
    assert shell.ok("init", "--admin", login.login, str(tmp_path / "team.db"))["user"] == "root"


def test_whoever_calls_sudo_administers_and_not_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setenv("SUDO_UID", "1")
    assert system.caller().uid == 1
    monkeypatch.setattr(os, "getuid", lambda: 1)
    monkeypatch.setenv("SUDO_UID", "0")
    assert system.caller().uid == 1


def test_a_place_that_is_not_right_is_told_with_the_command_that_mends_it(shell: Shell) -> None:
    shell.ok("init")
    shell.database.chmod(0o644)
    result = shell("customer", "list", "--json")
    assert result.code == 0
    assert f"chmod 600 {shell.database}" in result.err
    assert result.document["format"]
    shell.database.chmod(0o600)
    assert shell("customer", "list").err == ""


def test_a_shared_database_needs_a_group_or_a_directory_that_one_shares(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "team"
    place.mkdir()
    assert "--group NAME" in shell("init", "--shared", str(place / "sales.db")).err
    assert not list(place.iterdir())
    place.chmod(0o2770)  # what is_shared asks for
    assert shell("init", "--shared", str(place / "sales.db")).code == 0
