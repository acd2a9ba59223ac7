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


@pytest.mark.parametrize("way", [signal.SIGHUP, signal.SIGTERM], ids=["the line drops", "asked to end"])
def test_what_is_half_typed_is_kept_and_the_terminal_is_given_back(tmp_path: Path, way: signal.Signals) -> None:
    path, me = opened(tmp_path)
    command = [sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"]
    with Terminal(command) as terminal:
        terminal.wait_for("Hengyue")
        terminal.press("o")
        terminal.wait_for("Which output?")
        terminal.press("1")
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
        terminal.wait_for("Hengyue")
        terminal.press("o")
        terminal.wait_for("Which output?")
        terminal.press("1")
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
