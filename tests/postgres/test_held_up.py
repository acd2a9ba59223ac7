"""The server goes away while somebody types: the session says so, leaves when the line drops, and loses nothing."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.test_hangup import choose_output
from tests.postgres.databases import server
from tests.postgres.team import team
from tools.terminal import Terminal


def test_what_is_typed_while_the_server_is_away_is_kept_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def drafts() -> list[Path]:
        return [*(tmp_path / "state").rglob("drafts/*/*.json")]

    with team(tmp_path) as people:
        command = [sys.executable, "-m", "salestui", "--database", people.url("wang"), "--language", "en"]
        with Terminal(command) as terminal:
            choose_output(terminal, "苏州启明")
            terminal.wait_for("ctrl+s", "to go")
            terminal.type("about 4.2")
            terminal.wait_for("启明about 4.2", "draft kept")
            people.close()
            server().stop(signal.SIGQUIT)
            try:
                terminal.type(" billion")
                terminal.wait_for("about 4.2 billion", "The server is away, trying again")
                os.killpg(terminal.process.pid, signal.SIGHUP)
                assert terminal.wait_exit() == 0
                assert b"Traceback" not in terminal.raw
                assert len(drafts()) == 1
            finally:
                server().start()
        with Terminal(command) as terminal:
            choose_output(terminal, "苏州启明")
            terminal.wait_for("about 4.2 billion", "draft kept")
            terminal.wait_until(lambda: not drafts(), "the draft on the server")
