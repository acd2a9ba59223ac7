"""How the program is called: wrong calls, help, faults, languages, interruption; never a traceback."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from salestui.cli.main import COMMANDS, group, run
from salestui.cli.options import Options
from tests.cli.shell import Shell

WRONG = [
    ("nonsense",),
    ("deal",),
    ("deal", "nonsense"),
    ("deal", "gate"),
    ("deal", "gate", "D1", "D2"),
    ("deal", "gate", "D1", "--nonsense"),
    ("deal", "gate", "D1", "--js"),
    ("deal", "list", "--limit", "many"),
    ("deal", "list", "--status", "asleep"),
    ("output", "set", "D1"),
    ("deal", "gate", "D1", "--config", "/nowhere/config.toml"),
    ("user", "change", "lin", "--active", "--inactive"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_wrong_call_exits_with_2_and_says_how_it_is_called(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err
    assert shell.refused(*words) == (2, "usage")


def test_an_unknown_language_is_a_wrong_call(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--language", "fr", "deal", "list"], open_app=lambda _options: 0) == 2
    assert "fr" in capsys.readouterr().err


def test_a_wrong_call_is_told_in_chinese_too(shell: Shell) -> None:
    shell.language = "zh"
    assert "缺少参数：单子" in shell("deal", "gate").err
    assert "不认识的参数：--nonsense" in shell("deal", "gate", "D1", "--nonsense").err
    assert shell("nonsense").err.startswith("没有 nonsense 这条命令。")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_tells_how_it_is_called(shell: Shell, language: str) -> None:
    shell.language = language
    calls = [(name, command) for name in COMMANDS for command in group(name).parsers]
    assert len(calls) > 70
    for name, command in calls:
        words = [name, command, "--help"] if command else [name, "--help"]
        result = shell(*words)
        assert (result.code, result.err) == (0, ""), words
        assert f"salestui {name}" in result.out


def test_help_in_chinese_is_chinese(shell: Shell) -> None:
    """What stays English are the words that are typed."""
    shell.language = "zh"
    for words in ([], *([name] for name in COMMANDS)):
        out = shell(*words, "--help").out
        for english in ("usage", "options", "positional", "arguments", "show ", "the "):
            assert english not in out, (words, english)


@pytest.mark.parametrize("words", [["--database", "X"], ["--language=zh"], []])
def test_global_options_stand_before_and_after_the_command(shell: Shell, words: list[str]) -> None:
    shell.ok("init")
    before = run([*words, "--database", str(shell.database), "deal", "list"], open_app=lambda _options: 0)
    after = run(["deal", *words, "list", "--database", str(shell.database)], open_app=lambda _options: 0)
    assert (before, after) == (0, 0)


def test_without_a_terminal_the_board_is_printed_and_how_to_go_on(shell: Shell) -> None:
    result = shell()
    assert result.code == 0
    assert "1 Research · 0" in result.out
    assert "salestui demo" in result.out
    assert "salestui import leads.csv" in result.out
    assert shell.opened == []


def test_in_a_terminal_the_board_is_opened(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Options] = []

    def open_app(options: Options) -> int:
        opened.append(options)
        return 7

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None: ...

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert run(["--database", str(shell.database)], open_app=open_app) == 7
    assert run(["demo", "--language", "zh"], open_app=open_app) == 7
    assert [(each.demo, each.language) for each in opened] == [(False, "en"), (True, "zh")]
    assert opened[0].database == str(shell.database)


def test_demo_prints_sample_data_that_go_away(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    result = shell("demo")
    assert result.code == 0
    assert "sample data" in result.out
    assert result.out.count("\n") > 60
    assert list(tmp_path.iterdir()) == []
    shell.language = "zh"
    assert "示例数据" in shell("demo").out


def test_init_makes_a_database_that_can_be_shared(shell: Shell) -> None:
    shell.database.parent.chmod(0o2770)
    made = shell.ok("init", "--shared", "--currency", "eur", "--zone", "Europe/Vienna")
    assert (made["user"], made["permission"]) == ("lin", "admin")
    values = shell.ok("settings", "show")["values"]
    assert (values["recorded_votes"], values["currency"], values["zone"]) == (False, "EUR", "Europe/Vienna")
    assert shell.database.stat().st_mode & 0o060
    assert shell.ok("init")["user"] == "lin"
    assert shell.refused("init", "--zone", "Nowhere/Land") == (1, "invalid")
    assert shell.refused("init", "--currency", "yuan") == (1, "invalid")


def test_what_only_reads_makes_no_database(shell: Shell) -> None:
    for words in (("deal", "list"), ("history",), ("agenda",), ("deal", "gate", "D1"), ("user", "list")):
        assert shell.refused(*words) == (1, "database_missing")
    assert not shell.database.exists()
    shell.ok("campaign", "template")
    assert shell.database.exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_broken_place_is_one_clear_message(shell: Shell, tmp_path: Path, language: str) -> None:
    shell.language = language
    text = tmp_path / "notes.txt"
    text.write_text("hello", "utf-8")
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    for path, code in ((text, "not_a_database"), (foreign, "not_a_database"), (tmp_path, "not_a_database")):
        before = path.read_bytes() if path.is_file() else b""
        result = shell("--database", str(path), "deal", "list", "--json")
        assert result.code == 1
        assert result.document["code"] in {code, "database_unreadable"}
        assert result.document["text"].isascii() is (language == "en")
        assert (path.read_bytes() if path.is_file() else b"") == before
    unknown = shell("--database", "mysql://root:secret@host/db", "deal", "list", "--json")
    assert (unknown.code, unknown.document["code"]) == (1, "unknown_location")
    assert "secret" not in unknown.out


def test_a_broken_settings_file_exits_with_2(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('colour = "red"\n', "utf-8")
    assert shell.refused("deal", "list", "--config", str(path)) == (2, "bad_config")
    path.write_text(f'language = "zh"\ndatabase = "{tmp_path / "set.db"}"\n', "utf-8")
    code = run(["--config", str(path), "init"], open_app=lambda _options: 0)
    assert (code, (tmp_path / "set.db").exists()) == (0, True)


def test_a_broken_playbook_is_told_with_its_place(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('format = "salestui.playbook/1"\ncolour = 1\n', "utf-8")
    for command in ("check", "install"):
        result = shell.json("playbook", command, str(path))
        assert (result.code, result.document["code"]) == (1, "bad_playbook")
        assert "colour" in result.document["text"]
    assert shell.refused("playbook", "check", str(tmp_path / "none.toml")) == (1, "bad_input")


def test_somebody_whom_nobody_let_in_is_told_whom_to_ask(shell: Shell) -> None:
    shell.ok("init")
    shell.as_person("stranger")
    result = shell("deal", "list")
    assert (result.code, result.out) == (5, "")
    assert "林悦" in result.err
    assert shell.refused("deal", "list") == (5, "unknown_user")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "salestui", *words]


def test_the_version_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(_command("--version"), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("salestui ")
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, salestui.__main__ as m; m.main(['--version']); print(*sorted(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not {"argparse", "dataclasses", "json", "peewee", "rich", "textual", "salestui.cli.main"} & set(
        loaded.split()
    )
    assert run(["--version", "--language", "zh"], open_app=lambda _options: 0) == 0
    assert capsys.readouterr().out.startswith("salestui ")


def test_scripts_load_neither_screens_nor_models_of_files(tmp_path: Path) -> None:
    program = (
        "import sys; from salestui.cli.main import run; code = run(sys.argv[1:], open_app=len); "
        "print(*sorted(sys.modules)); sys.exit(code)"
    )
    command = [sys.executable, "-c", program, "deal", "list", "--json", "--database", str(tmp_path / "own.db")]
    subprocess.run(_command("init", *command[-2:]), capture_output=True, check=True)
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"textual", "pydantic", "rich", "salestui.screens", "salestui.widgets", "salestui.app"} & set(loaded)


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    place = ("--database", str(tmp_path / "own.db"))
    subprocess.run(_command("init", *place), capture_output=True, check=True)
    words = _command("playbook", "show", "expansion", *place)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_leaves_without_a_word(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.ok("init")

    class Interrupted:
        def read(self, _size: int) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    words = ["--database", str(shell.database), "customer", "new", "--data", "-"]
    assert run(words, open_app=lambda _options: 0) == 130


def test_the_language_is_that_of_option_variable_setting_and_locale(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.ok("init")

    def said(*words: str) -> str:
        code = run(["--database", str(shell.database), *words, "deal", "list"], open_app=lambda _options: 0)
        assert code == 0
        from salestui import i18n

        return i18n.language()

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert said() == "zh"
    monkeypatch.setenv("SALESTUI_LANGUAGE", "en")
    assert said() == "en"
    assert said("--language", "zh") == "zh"
