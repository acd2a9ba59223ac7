"""Two sessions in two real terminals at one deal: what the other does is seen, and nothing typed is lost.

Nothing here asserts how fast it goes; `SALESTUI_TEST_EFFORT=2` (make torture) prints how long it took and what idle
sessions cost.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from salestui import system
from salestui.services import deals, users
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.effort import EFFORT
from tests.ui import stories
from tests.ui.filling import done
from tools.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(900)]

BOARD = "4 Solution"
SESSIONS = 2 if EFFORT == 1 else int(os.environ.get("SALESTUI_IDLE_SESSIONS", "64"))
IDLE = 2.0 if EFFORT == 1 else 20.0
"""Seconds that the sessions are left alone."""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which whoever runs the test is a manager called Me, and one deal stands in stage 4."""
    now = datetime.now(UTC)
    monkeypatch.setattr(stories, "NOW", now)
    story = replace(stories.prepared(tmp_path, "expansion", "solution"), now=now)
    done(users.add(story.ask("boss"), system.person().login, "Me", "manager"))
    story.close()
    return tmp_path / "sales.db"


@contextmanager
def program(database: Path) -> Iterator[Terminal]:
    """Start the app on a database, in English, with drafts of its own: two people share no home."""
    command = [sys.executable, "-m", "salestui", "--database", database, "--language", "en"]
    state = {"XDG_STATE_HOME": str(database.parent / f"state-{time.monotonic_ns()}")}
    with Terminal(command, columns=120, rows=40, environment=state) as terminal:
        terminal.wait_for(BOARD)
        yield terminal


def type_title(terminal: Terminal, text: str) -> None:
    """Open the deal's own fields and type into the first, its title."""
    terminal.press("i")
    terminal.wait_for("Deal D1")
    terminal.type(text)
    terminal.wait_for(text)


def title(database: Path) -> str:
    """Return the deal's title, as the database has it."""
    with Store.open(database) as store:
        me = users.identify(store, datetime.now(UTC), system.person().login, "")
        return deals.get(Request(store, me, datetime.now(UTC)), 1).title


def test_both_edit_one_deal_and_the_slower_one_sees_yours_theirs_and_before(database: Path) -> None:
    with program(database) as first, program(database) as second:
        type_title(first, "what I typed")
        type_title(second, "what he typed")
        first.wait_for("Me is editing")
        second.press("ctrl+s")
        first.wait_for("Me meanwhile")
        assert "what I typed" in first.text()
        first.press("ctrl+s")
        first.wait_for("Changed by both", "before", "what he typed", "what I typed")
        assert title(database) == "what he typed"
        first.press("ctrl+s")
        first.wait_for(BOARD)
        assert title(database) == "what I typed"


def test_a_change_appears_in_the_other_terminal_with_nothing_pressed_there(database: Path) -> None:
    taken = []
    with program(database) as watching, Store.open(database) as store:
        me = users.identify(store, datetime.now(UTC), system.person().login, "")
        for number in range(1 if EFFORT == 1 else 20):
            amount = 300 + 10 * number
            since = time.monotonic()
            done(deals.change(Request(store, me, datetime.now(UTC)), 1, {"amount": f"{amount}万"}))
            watching.wait_for(f"{amount / 100:.2g}M", "~")
            taken.append(time.monotonic() - since)
    if EFFORT > 1:
        print(f"\nseen elsewhere after: median {median(taken):.2f} s, slowest {max(taken):.2f} s of {len(taken)}")


def test_sessions_with_nothing_to_do_write_nothing(database: Path) -> None:
    with ExitStack() as running:
        idle = [running.enter_context(program(database)) for _session in range(SESSIONS)]
        for terminal in idle:
            terminal.settle(1.0)
        written = [len(terminal.raw) for terminal in idle]
        spent, since = [terminal._processor_seconds() for terminal in idle], time.monotonic()
        idle[0].wait_until(lambda: time.monotonic() - since >= IDLE, "the time to pass")
        for terminal in idle:
            terminal.settle(0.1)
        lasted = time.monotonic() - since
        assert [len(terminal.raw) for terminal in idle] == written
        if EFFORT > 1:
            shares = [
                (terminal._processor_seconds() - before) / lasted for terminal, before in zip(idle, spent, strict=True)
            ]
            memory = [resident(terminal.process.pid) for terminal in idle]
            print(
                f"\n{SESSIONS} idle sessions for {lasted:.0f} s: 0 bytes written, of one core median"
                f" {median(shares):.2%}, most {max(shares):.2%}; memory median {median(memory):.0f} MB"
            )


def resident(pid: int) -> float:
    """Return the memory that a process holds, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
