"""Starting: without a terminal the board is printed; what is wrong is told in one message, and nothing is changed."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.effort import some

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile("[\u4e00-\u9fff]")
LANGUAGES = ("zh", "en")


AS_NOBODY = """
import encodings.idna, importlib, os, pkgutil, sys
import salestui, salestui.__main__
for module in pkgutil.walk_packages(salestui.__path__, "salestui."):
    if module.name != "salestui.__main__":
        importlib.import_module(module.name)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.exit(salestui.__main__.main(sys.argv[1:]))
"""
"""Everything is read first: the interpreter may lie where only root may read."""


def start(*words: str, nobody: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program without a terminal; as root, `nobody` gives all rights up first."""
    program = ["-c", AS_NOBODY] if nobody and os.getuid() == 0 else ["-m", "salestui"]
    return subprocess.run(
        [sys.executable, "-B", *program, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its content, but for what SQLite leaves beside a database it cannot close."""
    files = {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: content
        for name, content in files.items()
        if not name.endswith("-shm") and (content or "-wal" not in name)
    }


def told(result: subprocess.CompletedProcess[str], language: str, *codes: int) -> str:
    """Return the one message that was told: on standard error, in this language, with one of these exit codes."""
    assert result.returncode in (codes or (1, 2)), result
    assert result.stdout == "", result
    message = result.stderr.strip()
    assert message, result
    assert "Traceback" not in message
    assert len(message.splitlines()) <= 3, message
    assert bool(HAN.search(message)) is (language == "zh"), message
    return message


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_terminal_the_board_is_printed_with_how_to_go_on(tmp_path: Path, language: str) -> None:
    result = start("--database", str(tmp_path / "sales.db"), "--language", language)
    assert (result.returncode, result.stderr) == (0, "")
    assert "salestui" in result.stdout
    assert bool(HAN.search(result.stdout)) is (language == "zh")
    again = start("--database", str(tmp_path / "sales.db"), "--language", language)
    assert (again.returncode, again.stdout) == (0, result.stdout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_board_is_printed_too(language: str) -> None:
    result = start("demo", "--language", language)
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) > 60


def test_make_run_prints_the_board_and_exits_with_0(tmp_path: Path) -> None:
    if shutil.which("make") is None or not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("make, and the environment it builds, are needed")
    result = subprocess.run(
        ["make", "-s", "run", f"ARGS=--database {tmp_path / 'sales.db'} --language en"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        check=False,
    )
    assert result.returncode == 0, result
    assert "salestui" in result.stdout


# -- what is wrong with the database ------------------------------------------------------------------------------


def _new(path: Path) -> None:
    assert start("--database", str(path)).returncode == 0


def corrupt(path: Path) -> None:
    """A database whose pages are overwritten."""
    _new(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad\xbe\xef" * ((size - 4096) // 4))


def cut_short(path: Path) -> None:
    """A database of which a copy was broken off."""
    _new(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 3)


def foreign(path: Path) -> None:
    """A database of another program."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
    connection.close()


def newer(path: Path) -> None:
    """A database that a later version wrote."""
    _new(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET number = number + 1")
    connection.close()
    start("--database", str(path))


def nothing(path: Path) -> None:
    """A file of no bytes."""
    path.touch()


def text(path: Path) -> None:
    """A text."""
    path.write_text("尊敬的客户：\n" * 400, "utf-8")


def folder(path: Path) -> None:
    """A directory."""
    path.mkdir()


def under_a_file(path: Path) -> None:
    """A path that goes through a file."""
    path.parent.rmdir()
    path.parent.write_text("a file", "utf-8")


BROKEN = (corrupt, cut_short, foreign, newer, nothing, text, folder, under_a_file)


@pytest.mark.parametrize(
    ("broken", "language"),
    some([(fault, language) for fault in BROKEN for language in LANGUAGES], 0, 3, 4, 7, 8, 11, 12, 15),
    ids=lambda given: given if isinstance(given, str) else given.__name__,
)
def test_a_database_that_is_none_is_told_and_left_as_it_is(
    tmp_path: Path, broken: Callable[[Path], None], language: str
) -> None:
    path = tmp_path / "data" / "sales.db"
    path.parent.mkdir()
    broken(path)
    before = everything_in(tmp_path)
    for words in ((), ("agenda",), ("deal", "list")):
        message = told(start("--database", str(path), "--language", language, *words), language)
        assert str(path) in message or str(path.parent) in message
        assert everything_in(tmp_path) == before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a directory that every user may enter."""
    made = Path(tempfile.mkdtemp(prefix="start-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def at_home(place: Path) -> dict[str, str]:
    """Return an environment in which a directory is everybody's home."""
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return dict.fromkeys(folders, str(place))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_directory_that_cannot_be_written_is_told(open_folder: Path, language: str) -> None:
    place = open_folder / "closed"
    place.mkdir(mode=0o555)
    message = told(
        start("--database", str(place / "sales.db"), "--language", language, nobody=True, **at_home(open_folder)),
        language,
    )
    assert str(place) in message
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_database_that_may_only_be_read_is_told(open_folder: Path, language: str) -> None:
    path = open_folder / "sales.db"
    _new(path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    before = everything_in(open_folder)
    message = told(
        start("--database", str(path), "--language", language, nobody=True, **at_home(open_folder)), language
    )
    assert str(path) in message or str(open_folder) in message
    assert everything_in(open_folder) == before
    open_folder.chmod(0o755)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start the program as another user")
@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_who_is_no_user_of_the_database_is_told_whom_to_ask(open_folder: Path, language: str) -> None:
    path = open_folder / "sales.db"
    _new(path)
    open_folder.chmod(0o777)
    for file in open_folder.iterdir():
        if file.is_file():
            file.chmod(0o666)
    events = _count(path)
    result = start("--database", str(path), "--language", language, nobody=True, **at_home(open_folder))
    assert "nobody" in told(result, language, 5)
    assert _count(path) == events


def _count(path: Path) -> int:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM user)").fetchone()[0]
    connection.close()
    return int(found)


# -- what is wrong with the settings, the call, a playbook ----------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('langauge = "zh"', "langauge"),
        ('theme = "pink"', "theme"),
        ("[[[", "config.toml"),
        ('[keymap]\n"x.y" = "a"', "x.y"),
    ],
    ids=["wrong key", "wrong value", "not TOML", "unknown action"],
)
def test_wrong_settings_are_told_with_file_and_key(tmp_path: Path, content: str, said: str, language: str) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(content, "utf-8")
    database = tmp_path / "sales.db"
    for environment, words in (({"SALESTUI_CONFIG": str(settings)}, ()), ({}, ("--config", str(settings)))):
        result = start("--database", str(database), "--language", language, *words, **environment)
        message = told(result, language)
        assert said in message
        assert str(settings) in message
    assert settings.read_text("utf-8") == content
    assert not database.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_that_are_not_there_are_told(tmp_path: Path, language: str) -> None:
    wanted = str(tmp_path / "none.toml")
    assert wanted in told(start("--config", wanted, "--language", language), language, 2)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_an_unknown_language_is_told_with_the_known_ones(tmp_path: Path, spoken: str) -> None:
    locale = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[spoken]
    result = start("--database", str(tmp_path / "sales.db"), "--language", "fr", LC_ALL=locale, LANG=locale)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "zh" in result.stderr
    assert "en" in result.stderr
    assert bool(HAN.search(result.stderr)) is (spoken == "zh")
    assert not (tmp_path / "sales.db").exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace("[[stages]]", "[[stages", 1), "TOML"),
        (lambda text: text.replace("owners =", "owned_by =", 1), "owned_by"),
        (lambda text: text.replace('key = "', 'key = "Ä ', 1), "key"),
    ],
    ids=["not TOML", "unknown key", "bad key"],
)
def test_a_broken_playbook_is_told_with_its_place_and_not_installed(
    tmp_path: Path, spoil: Callable[[str], str], said: str, language: str
) -> None:
    database, book = tmp_path / "sales.db", tmp_path / "own.toml"
    _new(database)
    book.write_text(spoil(Path(__file__).with_name("eight_stages.toml").read_text("utf-8")), "utf-8")
    before = _count(database)
    for verb in ("check", "install"):
        result = start("--database", str(database), "--language", language, "playbook", verb, str(book))
        assert result.returncode in {1, 2}, result
        assert "Traceback" not in result.stderr
        assert str(book) in result.stderr
        assert said in result.stderr
        assert bool(HAN.search(result.stderr.replace(book.read_text("utf-8"), ""))) is (language == "zh"), result.stderr
    assert _count(database) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_command_is_told(language: str) -> None:
    message = told(start("--language", language, "fly"), language, 2)
    assert "fly" in message
