"""The machine contract is enough: a script that knows only it walks every playbook from the first stage to the last."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell, script
from tests.e2e.walker import Walker
from tests.effort import EFFORT, some

EIGHT_STAGES = Path(__file__).with_name("eight_stages.toml")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "sales.db", monkeypatch).as_person("lin", "林悦")


BOOKS = (("expansion", 6), ("role", 5), ("elevators", 8))


@pytest.mark.parametrize(
    ("playbook", "stages", "language"),
    some([(*book, language) for book in BOOKS for language in ("en", "zh")], 1, 2, 5),
)
def test_a_script_walks_a_deal_through_every_gate(
    shell: Shell, tmp_path: Path, playbook: str, stages: int, language: str
) -> None:
    shell.language = language
    if playbook == "elevators":
        shell.ok("playbook", "install", str(EIGHT_STAGES))
    walker = script(shell, tmp_path)
    deal = walker.make_deal(playbook)
    last = walker.walk(deal)
    assert last["outcome"] == "completed", json.dumps(
        [each for each in last["gate"]["requirements"] if each["state"] == "unmet"], ensure_ascii=False, indent=1
    )
    assert sum(step.startswith("moved") for step in walker.seen) == stages - 1
    assert shell.ok("deal", "show", deal)["status"] == "completed"
    assert shell.ok("history", "--verify")["sound"]


def test_a_walker_stops_where_a_round_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    """Nobody else is there to vote, and the database takes no recorded votes."""
    shell.ok("settings", "change", values={"recorded_votes": False})
    walker = script(shell, tmp_path)
    deal = walker.make_deal("expansion")
    last = walker.walk(deal)
    assert (last["outcome"], last["from"]) == ("blocked", "solution")
    unmet = [each for each in last["gate"]["requirements"] if each["state"] == "unmet"]
    assert [each["fix"]["kind"] for each in unmet] == ["vote"]


@pytest.mark.timeout(600)
def test_the_program_itself_is_walked_from_outside(tmp_path: Path) -> None:
    environment = {**os.environ, "SALESTUI_DATABASE": str(tmp_path / "sales.db"), "SALESTUI_LANGUAGE": "en"}

    def call(words: Sequence[str], stdin: str) -> tuple[int, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "salestui", *words],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)

    walker = Walker(call, tmp_path)
    deal = walker.make_deal("expansion")
    if EFFORT > 1:
        assert walker.walk(deal)["outcome"] == "completed"
    else:
        assert walker.walk(deal, "contact")["to"] == "contact"
