"""Many writers at one shared database, through the services and with bare SQL of the same shape under the same gate.

Bare SQL comes in two forms: `same` sends the very statements that a change through the services sends, `least` leaves
out all reading but what the history's chain and the seals need. Neither judges a gate, hashes or makes objects.

.venv/bin/python -m tests.torture.writers DATABASE PROCESSES SECONDS SEED [unversioned]

`unversioned` plants a mistake that must be found, and leaves bare SQL out: changes do not ask for the version seen.
"""

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui.services.loading import judge
from salestui.storage import seals
from salestui.storage.connection import SalesDatabase
from salestui.storage.driver import sqlite3
from salestui.storage.location import Location
from salestui.storage.opening import SHARED_MODE
from salestui.storage.store import Store
from tests.torture.crowd import fork, fork_all, percentile, stopwatch
from tests.torture.office import Books, Clerk, furnish

DEALS = 64
SAMPLE = 37
"""The deal whose change is recorded; its number occurs nowhere else in the statements."""

Statements = list[tuple[str, list[Any]]]


class Gun:
    """Lets all begin at one instant, when all are ready."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ready, self._gun = os.pipe(), os.pipe()

    def fire(self, processes: int) -> None:
        """Wait until so many are ready, and let them begin."""
        for _ in range(processes):
            os.read(self._ready[0], 1)
        os.write(self._gun[1], b"!" * processes)

    def wait(self) -> float:
        """Say that one is ready and wait for the others; return when the time is over."""
        os.write(self._ready[1], b"!")
        os.read(self._gun[0], 1)
        return time.monotonic() + self.seconds

    def close(self) -> None:
        """Close the pipes."""
        for each in (*self._ready, *self._gun):
            os.close(each)


def through_services(path: Path, seed: int, gun: Gun, *, versioned: bool = True) -> dict[str, Any]:
    """Write until the time is over; return what was acknowledged and how long each change took."""
    clerk = Clerk.begin(path, seed, DEALS)
    clerk.versioned = versioned
    judge(clerk.ask(), 1)  # who changes a deal has seen it and its gate
    until = gun.wait()
    acknowledged: Counter[int] = Counter()
    times: list[float] = []
    while time.monotonic() < until:
        seen = clerk.read()
        with stopwatch(took := []):
            done = clerk.add_one(seen, clerk.new_id())
        if done:
            acknowledged[seen[0]] += 1
            times += took
    clerk.store.close()
    return {"acknowledged": acknowledged, "times": times, "conflicts": clerk.conflicts}


def statements_of(path: Path) -> Statements:
    """Return what one change sends to the database, with its parameters."""
    clerk = Clerk.begin(path, 0, DEALS)
    sent: Statements = []
    database = clerk.store.database
    real = database.execute_sql

    def noting(sql: str, params: Sequence[Any] | None = None) -> Any:
        sent.append((sql, list(params or ())))
        return real(sql, params)

    database.execute_sql = noting  # type: ignore[method-assign]
    seen = (SAMPLE, 0, 1)
    assert clerk.add_one(seen, COMMAND)
    clerk.store.close()
    return sent


COMMAND = "recorded"


def bare_sql(path: Path, seed: int, gun: Gun, statements: Statements, *, least: bool) -> dict[str, Any]:
    """Send the same statements with nothing around them; with `least` those alone that write or are needed to write."""
    random = Random(seed)
    gate = SalesDatabase(Location(path), gate_mode=SHARED_MODE)
    connection = sqlite3.connect(str(path), timeout=10, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = 1", "cache_size = -16000"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    seals.digest_of = lambda _table, _values: "0" * 32
    seals.watch(connection)
    sent = [each for each in statements if not least or not each[0].startswith("SELECT") or "chain" in each[0]]
    acknowledged: Counter[int] = Counter()
    times: list[float] = []
    conflicts = 0
    until = gun.wait()
    while time.monotonic() < until:
        deal = random.randrange(DEALS) + 1
        title, version = connection.execute("SELECT title, version FROM deal WHERE id = ?", (deal,)).fetchone()
        with stopwatch(took := []), gate._gate():
            connection.execute("BEGIN IMMEDIATE")
            done = _send(connection, sent, deal, (title, version), f"{random.getrandbits(128):032x}")
            seals.seal_touched(connection)
            connection.execute("COMMIT" if done else "ROLLBACK")
        conflicts += not done
        if done:
            acknowledged[deal] += 1
            times += took
    connection.close()
    return {"acknowledged": acknowledged, "times": times, "conflicts": conflicts}


def _send(connection: Any, sent: Statements, deal: int, seen: tuple[str, int], command: str) -> bool:
    """Send one change: the recorded statements with this deal, its version and the place in the history put in."""
    title, version = str(int(seen[0]) + 1), seen[1]
    put_in = {SAMPLE: deal, f"D{SAMPLE}": f"D{deal}", COMMAND: command}
    last: tuple[int, str] = (0, "")
    for sql, recorded in sent:
        values = [put_in.get(value, value) for value in recorded]
        if sql.startswith('UPDATE "deal"'):
            values = [title, *values[1:-1], version]
        elif sql.startswith("INSERT INTO event"):
            values[0] = last[0] + 1
        cursor = connection.execute(sql, values)
        if sql.startswith('UPDATE "deal"') and cursor.rowcount == 0:
            return False
        found = cursor.fetchall()
        if sql.startswith("SELECT id, chain"):
            last = found[0]
    return True


def arm(
    path: Path, work: Callable[[Path, int, Gun], Any], processes: int, seconds: float, seed: int
) -> tuple[Counter[str], dict[str, Any]]:
    """Let all work for so many seconds; return the changes acknowledged of each deal, and the figures."""
    gun = Gun(seconds)
    workers = [fork(partial(work, path, seed * 1000 + number, gun)) for number in range(processes)]
    gun.fire(processes)
    found = [worker.result() for worker in workers]
    gun.close()
    acknowledged: Counter[str] = Counter()
    for each in found:
        acknowledged.update(each["acknowledged"])
    times = [one for each in found for one in each["times"]]
    return acknowledged, {
        "changes": len(times),
        "conflicts": sum(each["conflicts"] for each in found),
        "per_second": round(len(times) / seconds, 1),
        "p50_ms": round(percentile(times, 0.5) * 1000, 1),
        "p99_ms": round(percentile(times, 0.99) * 1000, 1),
        "max_ms": round(max(times, default=0) * 1000, 1),
    }


def main(path: Path, processes: int, seconds: float, seed: int) -> dict[str, Any]:
    """Run bare SQL, the services, bare SQL again; compare them and look for what was lost."""
    bare = path.with_name("bare.db")
    fork_all([partial(furnish, path, deal_count=DEALS)])
    shutil.copy(path, bare)
    [statements] = fork_all([partial(statements_of, path)])
    acknowledged, ours = arm(path, through_services, processes, seconds, seed)
    acknowledged[str(SAMPLE)] += 1
    same, least = (
        partial(bare_sql, statements=statements, least=False),
        partial(bare_sql, statements=statements, least=True),
    )
    runs = {
        "same": arm(bare, same, processes, seconds / 2, seed)[1],
        "least": arm(bare, least, processes, seconds / 2, seed + 1)[1],
    }
    with Store.open(path) as store:
        books = Books.read(store)
    lost = [deal for deal, count in books.counts.items() if count != acknowledged[str(deal)]]
    return {
        "services": ours,
        "bare": runs,
        "statements": len(statements),
        "p99_ratio": {name: _ratio(ours, run, "p99_ms") for name, run in runs.items()},
        "rate_ratio": {name: _ratio(ours, run, "per_second") for name, run in runs.items()},
        "lost": len(lost),
        "mistakes": books.mistakes(),
    }


def careless(path: Path, processes: int, seconds: float, seed: int) -> dict[str, Any]:
    """Let all change deals without asking for the version they have seen."""
    fork_all([partial(furnish, path, deal_count=DEALS)])
    acknowledged, ours = arm(path, partial(through_services, versioned=False), processes, seconds, seed)
    with Store.open(path) as store:
        books = Books.read(store)
    lost = {deal: acknowledged[str(deal)] - count for deal, count in books.counts.items()}
    return {"services": ours, "lost": sum(1 for count in lost.values() if count), "changes_lost": sum(lost.values())}


def _ratio(ours: dict[str, Any], theirs: dict[str, Any], figure: str) -> float:
    return round(ours[figure] / theirs[figure], 2) if theirs[figure] else 0.0


if __name__ == "__main__":
    where, *figures = sys.argv[1:]
    told = careless if figures[3:] == ["unversioned"] else main
    print(json.dumps(told(Path(where), int(figures[0]), float(figures[1]), int(figures[2]))))
    sys.stdout.flush()
    os._exit(0)
