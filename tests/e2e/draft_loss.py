"""Measures how much typing a kill costs: types without a pause in a real terminal, kills, and looks at the disk.

.venv/bin/python -m tests.e2e.draft_loss [RUNS]     SIGKILL at a different instant in each run, in two forms
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from salestui import system
from salestui.services import outputs, users
from salestui.services.draft_files import of
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.e2e.test_drafts import FORMS, go, prepared, program

KEY_EVERY = 0.08
"""Seconds from key to key, as a fast typist has them."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typed_and_killed(database: Path, form: str, length: float) -> tuple[str, list[float], float]:
    """Type for `length` seconds and kill; return what was typed, when each key was sent, and when the kill was."""
    with program(database) as terminal:
        go(terminal, FORMS[form])
        terminal.settle()
        begun, text, sent = time.monotonic(), "", []
        while time.monotonic() - begun < length:
            letter = LETTERS[len(text) % len(LETTERS)]
            terminal.type(letter)
            text, sent = text + letter, [*sent, time.monotonic()]
            time.sleep(KEY_EVERY)
        os.killpg(terminal.process.pid, signal.SIGKILL)
        killed = time.monotonic()
        terminal.wait_exit()
    return text, sent, killed


def kept(database: Path, form: str) -> str:
    """Return the typed text as it lies on the disk."""
    with Store.open(database) as store:
        now = datetime.now(UTC)
        request = Request(store, users.identify(store, now, system.person().login, ""), now)
        if form == "output":
            draft = outputs.sheet(request, 1, "presentation_record").draft
            return str(draft.values.get("place", "")) if draft else ""
        found = of(request).load("talk:D1")
        return max((str(value) for value in found.values.values()), key=len) if found else ""


def main() -> None:
    """Print one line for each run, then the worst."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    lost = []
    for form in ("output", "talk"):
        for run in range(runs):
            with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
                for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
                    patch.setenv(name, home)
                prepared(Path(home), patch)
                database = Path(home) / "sales.db"
                text, sent, killed = typed_and_killed(database, form, 2.0 + 0.37 * run)
                on_disk = kept(database, form)
                assert text.startswith(on_disk), (text, on_disk)
                missing = killed - sent[len(on_disk)] if len(on_disk) < len(sent) else 0.0
                lost.append(missing)
                print(f"{form}: {len(text)} keys, {len(text) - len(on_disk)} not kept, the oldest {missing:.2f} s old")
    print(f"worst {max(lost):.2f} s, median {median(lost):.2f} s, {len(lost)} kills")


if __name__ == "__main__":
    main()
