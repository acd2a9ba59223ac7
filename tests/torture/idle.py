"""Sessions at one shared database, each in a terminal of its own, in which nobody does anything.

    .venv/bin/python -m tests.torture.idle DATABASE SESSIONS SECONDS [heartbeat]

`heartbeat` plants a mistake that must be found: twenty times a second each session reads its board and says that it
is still there, as a clock in the corner would.
Each is a program started for itself. Linux alone tells what a process costs; elsewhere only the bytes are counted.
"""

import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from functools import partial
from pathlib import Path
from typing import Any

from salestui import system
from salestui.domain.people import Actor, Permission
from salestui.services import users
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.services.desk import number
from tests.torture.crowd import ROOT, fork_all, percentile
from tests.torture.office import NOW, furnish

QUIET = 3.0
"""Seconds without a byte after which a session counts as ready."""
PATIENCE = 600.0
AT_ONCE = 4
BOARD = 1500
"""Bytes that a drawn board has at the least."""


HEARTBEAT = """
import sys
from salestui.__main__ import main
from salestui.app import SalesApp
from salestui.services import campaigns

async def beat(app):
    await app.desk.ask(campaigns.all)
    app._driver.write(chr(27) + "7" + chr(27) + "8")

begun = SalesApp.on_mount

def on_mount(app):
    begun(app)
    app.set_interval(0.05, lambda: app.run_worker(beat(app)))

SalesApp.on_mount = on_mount
sys.exit(main())
"""


def admit(path: Path) -> None:
    """Let the person who runs this into the database."""
    login = system.person().login
    with Store.open(path) as store:
        found = Request(store, Actor(0, "", ""), NOW)
        lin = users.find(found, "lin").actor()
        if login not in {each.login for each in users.all(found)}:
            number(users.add(Request(store, lin, NOW), login, login, Permission.MANAGER))


def begin(path: Path, fault: str = "") -> tuple[int, int]:
    """Start a session in a terminal of 120 columns and 40 rows; return its process and the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("LD_PRELOAD", "COVERAGE_PROCESS_START"):
            environment.pop(name, None)
        program = ["-c", HEARTBEAT] if fault == "heartbeat" else ["-m", "salestui"]
        os.execve(sys.executable, [sys.executable, *program, "--database", str(path)], environment)  # noqa: S606
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return pid, terminal


def listen(terminals: list[int], until: Callable[[dict[int, int], float], bool]) -> dict[int, int]:
    """Read until what each has said, in bytes, and the seconds since the last of them are enough."""
    said = dict.fromkeys(terminals, 0)
    last = began = time.monotonic()
    while not until(said, time.monotonic() - last):
        assert time.monotonic() - began < PATIENCE, f"after {PATIENCE:.0f} s: {said}"
        ready, _, _ = select.select(terminals, [], [], 0.2)
        for terminal in ready:
            said[terminal] += len(os.read(terminal, 65536))
            last = time.monotonic()
    return said


def drawn(said: dict[int, int], silence: float) -> bool:
    """Whether every session has drawn its board and has said nothing more for a while."""
    return min(said.values()) > BOARD and silence > QUIET


def restless(said: dict[int, int], _silence: float) -> bool:
    """Whether every session has drawn its board, of sessions that are never silent."""
    return min(said.values()) > 2 * BOARD


def cost(pid: int) -> tuple[float, float]:
    """Return the seconds of processor time a process has used, and the megabytes that are its own."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        memory = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0, 0.0
    own = next(int(line.split()[1]) for line in memory.splitlines() if line.startswith("Pss:"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), own / 1024


def main(path: Path, sessions: int, seconds: float, fault: str = "") -> dict[str, Any]:
    """Start them, a few at a time; when all have been quiet for half as long, watch them for so long.

    What is drawn when the cursor has rested somewhere comes late on a machine that is busy starting others.
    """
    fork_all([partial(furnish, path, deal_count=64)])
    fork_all([partial(admit, path)])
    running: list[tuple[int, int]] = []
    try:
        shown: list[int] = []
        for start in range(0, sessions, AT_ONCE):
            running += (fresh := [begin(path, fault) for _ in range(min(AT_ONCE, sessions - start))])
            shown += listen([terminal for _, terminal in fresh], restless if fault else drawn).values()
        if not fault:
            listen([terminal for _, terminal in running], lambda _said, silence: silence > max(QUIET, seconds / 2))
        before = [cost(pid)[0] for pid, _ in running]
        began = time.monotonic()
        said = listen([terminal for _, terminal in running], lambda _said, _silence: time.monotonic() - began > seconds)
        took = time.monotonic() - began
        after = [cost(pid) for pid, _ in running]
        ended = [pid for pid, _ in running if os.waitpid(pid, os.WNOHANG) != (0, 0)]
    finally:
        for pid, terminal in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)
    share = [(now - then) / took * 100 for (now, _), then in zip(after, before, strict=True)]
    return {
        "sessions": sessions,
        "seconds": round(took, 1),
        "drawn": min(shown, default=0),
        "bytes": sum(said.values()),
        "ended": len(ended),
        "percent_of_a_core": {"median": round(percentile(share, 0.5), 2), "most": round(max(share), 2)},
        "megabytes_each": round(sum(memory for _, memory in after) / sessions, 1),
    }


if __name__ == "__main__":
    where, count, length, *planted = sys.argv[1:]
    print(json.dumps(main(Path(where).resolve(), int(count), float(length), *planted)))
