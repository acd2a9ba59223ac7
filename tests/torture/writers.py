"""Many writers at one shared database, through the services and with bare SQL of the same shape under the same gate.

.venv/bin/python -m tests.torture.writers DATABASE PROCESSES SECONDS SEED
"""

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui import system
from salestui.storage.driver import sqlite3
from salestui.storage.location import Location
from salestui.storage.store import Store
from tests.torture.crowd import fork_all, percentile, stopwatch
from tests.torture.office import Books, Clerk, furnish

DEALS = 64
_LAST = "SELECT id, chain FROM event ORDER BY id DESC LIMIT 1"
_EVENT = (
    "INSERT INTO event (id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, before, "
    "after, note, command_id, salt, digest, chain) "
    "VALUES (?, ?, 2, ?, 'deal.changed', ?, ?, ?, 1, ?, ?, '', ?, ?, ?, ?)"
)


def through_services(path: Path, seed: int, until: float) -> dict[str, Any]:
    """Write until the time is over; return what was acknowledged and how long each change took."""
    clerk = Clerk.begin(path, seed, DEALS)
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


def bare_sql(path: Path, seed: int, until: float) -> dict[str, Any]:
    """Write the same rows with nothing around it: the deal, its card, the event, the command, in one transaction."""
    random = Random(seed)
    gate = Location(path).beside(".gate")
    connection = sqlite3.connect(str(path), timeout=10, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = 1", "cache_size = -16000"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    acknowledged: Counter[int] = Counter()
    times: list[float] = []
    conflicts = 0
    while time.monotonic() < until:
        deal = random.randrange(DEALS) + 1
        title, version = connection.execute("SELECT title, version FROM deal WHERE id = ?", (deal,)).fetchone()
        with stopwatch(took := []), system.exclusive_lock(gate, mode=0o660):
            done = _change(connection, deal, title, version, random.getrandbits(128))
        conflicts += not done
        if done:
            acknowledged[deal] += 1
            times += took
    connection.close()
    return {"acknowledged": acknowledged, "times": times, "conflicts": conflicts}


def _change(connection: Any, deal: int, title: str, version: int, command: int) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    changed = connection.execute(
        "UPDATE deal SET title = ?, version = version + 1 WHERE id = ? AND version = ?",
        (str(int(title) + 1), deal, version),
    ).rowcount
    if not changed:
        connection.execute("ROLLBACK")
        return False
    number, link = connection.execute(_LAST).fetchone()
    at, text = "2026-11-21T09:00:00.000000Z", f"{command:064x}"
    before, after = json.dumps({"title": title}), json.dumps({"title": str(int(title) + 1)})
    connection.execute(
        _EVENT, (number + 1, at, "陈默", f"D{deal}", deal, deal, before, after, text[:36], text[:32], text, link)
    )
    connection.execute("UPDATE card SET stale = 0, last_touch = ? WHERE deal_id = ?", (at, deal))
    connection.execute("INSERT INTO command (id, at, actor_id, result) VALUES (?, ?, 2, ?)", (text[-36:], at, after))
    connection.execute("COMMIT")
    return True


def arm(path: Path, work: Callable[[Path, int, float], Any], processes: int, seconds: float, seed: int) -> Any:
    """Let all work for so many seconds; return what became of it, summed up."""
    until = time.monotonic() + seconds
    found = fork_all([partial(work, path, seed * 1000 + number, until) for number in range(processes)])
    acknowledged: Counter[str] = Counter()
    for each in found:
        acknowledged.update(each["acknowledged"])
    times = [one for each in found for one in each["times"]]
    return {
        "acknowledged": acknowledged,
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
    runs = [
        arm(bare, bare_sql, processes, seconds / 2, seed),
        arm(path, through_services, processes, seconds, seed),
        arm(bare, bare_sql, processes, seconds / 2, seed + 1),
    ]
    ours, theirs = runs[1], (runs[0], runs[2])
    with Store.open(path) as store:
        books = Books.read(store)
    acknowledged = ours.pop("acknowledged")
    lost = {deal: count for deal, count in books.counts.items() if count != acknowledged[str(deal)]}
    for run in theirs:
        del run["acknowledged"]
    bare_p99, bare_rate = (sum(run[key] for run in theirs) / 2 for key in ("p99_ms", "per_second"))
    return {
        "services": ours,
        "bare": theirs,
        "p99_ratio": round(ours["p99_ms"] / bare_p99, 2) if bare_p99 else 0,
        "rate_ratio": round(ours["per_second"] / bare_rate, 2) if bare_rate else 0,
        "lost": len(lost),
        "mistakes": books.mistakes(),
    }


if __name__ == "__main__":
    where, *figures = sys.argv[1:]
    print(json.dumps(main(Path(where), int(figures[0]), float(figures[1]), int(figures[2]))))
    sys.stdout.flush()
    os._exit(0)
