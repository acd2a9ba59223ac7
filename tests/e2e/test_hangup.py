"""A dropped line and a polite end while a form is half filled: what was typed is kept, the terminal is given back."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestui import system
from salestui.services import campaigns, customers, deals, outputs
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.ui.filling import done
from tools.terminal import Terminal

pytestmark = pytest.mark.terminal

LEAVES = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"
NO_PASTE = b"\x1b[?2004l"


def opened(folder: Path) -> tuple[Path, Request]:
    """Make a database with one deal, of the person who runs the tests."""
    path, now = folder / "sales.db", datetime.now(UTC)
    store = Store.open(path)
    me = Request(store, prepare(store, now, system.person().login, ""), now)
    campaign = done(campaigns.new(me, {"name": "East China", "playbook": "expansion", "scenario": "new_market"}))
    customer = done(customers.new(me, {"name": "Hengyue Materials"}, campaign))
    done(deals.new(me, customer, campaign, {"amount": "1180000"}))
    return path, me


def choose_output(terminal: Terminal, customer: str = "Hengyue") -> None:
    """Go from the board, on which the customer's name is seen, to the form of the first output."""
    terminal.wait_for(customer)
    terminal.press("o")
    terminal.wait_for("Which output?")
    terminal.press("1")


@pytest.mark.parametrize("way", [signal.SIGHUP, signal.SIGTERM], ids=["the line drops", "asked to end"])
def test_what_is_half_typed_is_kept_and_the_terminal_is_given_back(tmp_path: Path, way: signal.Signals) -> None:
    path, me = opened(tmp_path)
    command = [sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"]
    with Terminal(command) as terminal:
        choose_output(terminal)
        terminal.wait_for("ctrl+s", "Market size")
        terminal.type("about 4.2 bil")
        terminal.wait_for("about 4.2 bil")
        os.killpg(terminal.process.pid, way)
        assert terminal.wait_exit() == 0
        for wanted in (LEAVES, SHOWS_CURSOR, NO_PASTE):
            assert wanted in terminal.raw
        assert b"Traceback" not in terminal.raw
    draft = outputs.sheet(me, 1, "market_report").draft
    assert draft is not None
    assert draft.values["market_size"] == "about 4.2 bil"
    me.store.close()
    with Terminal(command) as terminal:
        choose_output(terminal)
        terminal.wait_for("about 4.2 bil")


def test_a_small_form_keeps_what_was_typed_too(tmp_path: Path) -> None:
    path, me = opened(tmp_path)
    me.store.close()
    command = [sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"]
    for _start in range(2):
        with Terminal(command) as terminal:
            terminal.wait_for("Hengyue")
            terminal.press("t")
            terminal.wait_for("Log a talk", "ctrl+s")
            if _start == 0:
                terminal.press("1", "tab", "tab")
                terminal.type("Wang Jianguo, Li Na")
            terminal.wait_for("Wang Jianguo, Li Na")
            terminal.hang_up()
            assert terminal.wait_exit() == 0


def half_filled(folder: Path) -> Terminal:
    """Open the form of an output and type into it."""
    path, me = opened(folder)
    me.store.close()
    terminal = Terminal([sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"])
    choose_output(terminal)
    terminal.wait_for("ctrl+s", "Market size")
    terminal.type("about 4.2 bil")
    terminal.wait_for("about 4.2 bil", "draft kept")
    return terminal


def shown(terminal: Terminal) -> list[list[object]]:
    """Return every cell with what one sees of it."""
    columns, rows = range(terminal.columns), range(terminal.rows)
    cells = [[terminal.cell(column, row) for column in columns] for row in rows]
    return [[(cell.data, cell.bg, cell.data != " " and (cell.fg, cell.bold)) for cell in line] for line in cells]


def as_drawn_anew(terminal: Terminal) -> bool:
    """Tell whether the screen stays as it is when everything is drawn from scratch."""
    terminal.settle()
    before, written = shown(terminal), len(terminal.raw)
    terminal.press("ctrl+l")
    terminal.wait_until(lambda: b"\x1b[2J" in terminal.raw[written:], "everything being drawn anew")
    terminal.settle()
    return before == shown(terminal)


def test_a_storm_of_new_sizes_keeps_what_was_typed_and_ends_on_a_clean_screen(tmp_path: Path) -> None:
    with half_filled(tmp_path) as terminal:
        for step in range(40):
            terminal.resize(40 + step * 37 % 110, 8 + step * 17 % 45)
        terminal.resize(120, 40)
        terminal.wait_for("about 4.2 bil", "ctrl+s")
        assert as_drawn_anew(terminal)
        terminal.type("lion")
        terminal.wait_for("about 4.2 billion")
        assert b"Traceback" not in terminal.raw


def test_a_suspended_session_gives_the_terminal_back_and_comes_back_as_it_was(tmp_path: Path) -> None:
    with half_filled(tmp_path) as terminal:
        written = len(terminal.raw)
        os.kill(terminal.process.pid, signal.SIGTSTP)
        state = Path(f"/proc/{terminal.process.pid}/stat")
        terminal.wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "a stopped program")
        terminal.wait_until(lambda: LEAVES in terminal.raw[written:], "the terminal given back")
        assert SHOWS_CURSOR in terminal.raw[written:]
        terminal._show(b"\x1b[2J\x1b[Huser@server:~$ ls\r\ncontract.pdf\r\n")
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait_for("about 4.2 bil", "ctrl+s")
        assert "contract.pdf" not in terminal.text()
        assert as_drawn_anew(terminal)
        terminal.type("lion")
        terminal.wait_for("about 4.2 billion")


def test_a_line_that_is_gone_leaves_no_process_behind(tmp_path: Path) -> None:
    terminal = half_filled(tmp_path)
    master, terminal._master = terminal._master, -1
    os.close(master)
    terminal.ended = True
    assert terminal.process.wait(60) == 0
    terminal.close()
    with Terminal(
        [sys.executable, "-m", "salestui", "--database", str(tmp_path / "sales.db"), "--language", "en"]
    ) as again:
        choose_output(again)
        again.wait_for("about 4.2 bil")
