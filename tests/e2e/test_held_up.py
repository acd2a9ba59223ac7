"""In a real terminal: a full disk, and a colleague whose session hangs with the database in its hands."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestui import system
from salestui.services import outputs, session
from salestui.services.request import Request
from tests.e2e.test_hangup import LEAVES, SHOWS_CURSOR, choose_output, opened
from tools.terminal import Terminal

pytestmark = pytest.mark.terminal

FULL = """
import os, sys
from salestui.errors import DiskFull
from salestui.services import outputs
real = outputs.save_draft
def save(*given, **named):
    if os.path.exists(sys.argv[2] + ".full"):
        raise DiskFull(sys.argv[2], "full")
    return real(*given, **named)
outputs.save_draft = save
from salestui.__main__ import main
sys.exit(main())
"""
"""The program on a disk that is full while a file of that name is there."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shared database with one deal, and a home of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (folder := tmp_path / "team").mkdir()
    path, me = opened(folder)
    me.store.close()
    for each in folder.iterdir():
        each.chmod(0o2770 if each.is_dir() else 0o660)
    folder.chmod(0o2770)
    return path


def drafts(place: Path) -> list[Path]:
    """The draft files of the person who runs the tests."""
    return [*(place.parent.parent / "state").rglob("drafts/*/*.json")]


def in_database(place: Path) -> object:
    """What the database has of the draft."""
    begun = session.begin(str(place), datetime.now(UTC))
    with closing(begun.store):
        draft = outputs.sheet(Request(begun.store, begun.actor, datetime.now(UTC)), 1, "market_report").draft
    return draft.values["market_size"] if draft else None


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Hold the gate, as a session does that was stopped in the middle of a change."""
    with Path(f"{place}.gate").open("a+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def form(command: list[str], typed: str = "", *, columns: int = 120, rows: int = 40) -> Terminal:
    """Open the form of an output."""
    terminal = Terminal([sys.executable, *command, "--language", "en"], columns=columns, rows=rows)
    choose_output(terminal)
    terminal.wait_for("ctrl+s", "Market size")
    if typed:
        terminal.type(typed)
        terminal.wait_for(typed, "draft kept")
    return terminal


def program(place: Path) -> list[str]:
    """The program at this database."""
    return ["-m", "salestui", "--database", str(place)]


def test_while_the_gate_is_held_it_is_told_typing_goes_on_and_a_dropped_line_ends_the_session(place: Path) -> None:
    with form(program(place), "about 4.2", columns=80, rows=24) as terminal, held(place):
        terminal.type(" bil")
        terminal.wait_for(f"Waiting: {system.person().login} (process {os.getpid()}) holds the database")
        terminal.type("lion")
        terminal.wait_for("about 4.2 billion")
        os.killpg(terminal.process.pid, signal.SIGHUP)
        assert terminal.wait_exit() == 0
        assert LEAVES in terminal.raw
        assert SHOWS_CURSOR in terminal.raw
        assert b"Traceback" not in terminal.raw
        assert len(drafts(place)) == 1
    with form(program(place)) as again:
        again.wait_for("about 4.2 billion")
        again.wait_until(lambda: not drafts(place), "the draft in the database")
    assert in_database(place) == "about 4.2 billion"


def test_the_line_goes_when_the_gate_is_free_and_the_draft_is_in_the_database(place: Path) -> None:
    with form(program(place), "about 4.2") as terminal:
        with held(place):
            terminal.type(" billion")
            terminal.wait_for("holds the database")
        terminal.wait_until(lambda: "holds the database" not in terminal.text(), "the line gone")
        terminal.wait_until(lambda: not drafts(place), "the draft in the database")
        terminal.wait_for("about 4.2 billion", "8 to go")


def test_a_session_leaves_by_its_key_while_the_gate_is_held(place: Path) -> None:
    with form(program(place), typed="about 4.2") as terminal:
        with held(place):
            terminal.type(" billion")
            terminal.wait_for("holds the database")
            terminal.press("ctrl+q")
            assert terminal.wait_exit() == 0
        assert len(drafts(place)) == 1


def test_a_full_disk_ends_nothing_and_the_draft_is_saved_when_there_is_room(place: Path, tmp_path: Path) -> None:
    script = tmp_path / "full.py"
    script.write_text(FULL)
    full = Path(f"{place}.full")
    with form([str(script), "--database", str(place)], typed="about 4.2") as terminal:
        full.touch()
        terminal.type(" billion")
        terminal.wait_for("The disk is full", "draft in a file")
        assert terminal.process.poll() is None
        assert len(drafts(place)) == 1
        full.unlink()
        terminal.wait_for("The draft is in the database now.", "draft kept")
        assert not drafts(place)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert in_database(place) == "about 4.2 billion"


def test_the_command_line_says_what_it_waits_for(place: Path) -> None:
    command = [sys.executable, *program(place), "--language", "en", "customer", "new", "--set", "name=Qiming"]
    with held(place):
        writing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert writing.stderr is not None
        said = next(line for line in writing.stderr if line.startswith("Waiting"))
    out, rest = writing.communicate(timeout=60)
    assert f"(process {os.getpid()}) holds the database" in said
    assert (writing.returncode, out, rest) == (0, "C2 is entered.\n", "")
