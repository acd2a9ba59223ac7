"""Clerks at one shared database, and one of them after the other is killed (SIGKILL) wherever he happens to be.

    .venv/bin/python -m tests.torture.killing DATABASE ROUNDS SEED [FAULT]

FAULT plants a mistake that must be found: `early` acknowledges before the commit, `apart` writes the event in a
transaction of its own.
"""

import json
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui.storage.store import Store
from tests.torture.crowd import Worker, fork, fork_all
from tests.torture.office import Books, Clerk, furnish, t

DEALS = 8
CLERKS = 4
LONGEST = 0.03
"""Seconds that go by between a change and the next kill, at most: several changes' worth."""
PATIENCE = 5.0


def work(path: Path, ledger: Path, seed: int, fault: str) -> None:
    """Change deals until killed; each change that came back as done is noted in the ledger, which outlives us."""
    noted = os.open(ledger, os.O_WRONLY | os.O_APPEND)
    clerk = Clerk.begin(path, seed, DEALS)
    while True:
        command, seen = clerk.new_id(), clerk.read()
        line = f"{command}\n".encode()
        if fault == "early":
            os.write(noted, line)
        done = change_apart(clerk, seen, command) if fault == "apart" else clerk.add_one(seen, command)
        if done and fault != "early":
            os.write(noted, line)


def change_apart(clerk: Clerk, seen: tuple[int, int, int], command: str) -> bool:
    """Change a deal and tell the history afterwards: what must never be."""
    deal, count, version = seen
    with clerk.store.transaction(clerk.actor, now=clerk.ask().now, command_id=command) as tx:
        done = tx.bump(t.Deal, deal, version, {"title": str(count + 1)})
        tx.keep_result({"outcome": "Done"})
    if done:
        with clerk.store.transaction(clerk.actor, now=clerk.ask().now) as tx:
            tx.record("deal.changed", subject=f"D{deal}", deal=deal, before=None, after={"title": str(count + 1)})
    return done


def look(path: Path, ledger: Path) -> list[str]:
    """Compare the database with the ledger."""
    with Store.open(path, create=False) as store:
        return Books.read(store).mistakes(set(ledger.read_text("ascii").split()))


def _let_work(ledger: Path, changes: int, longer: float) -> None:
    """Wait until so many more changes are done, on a busy machine too, and a little longer."""
    enough, until = ledger.stat().st_size + changes * 37, time.monotonic() + PATIENCE
    while ledger.stat().st_size < enough and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(longer)


def main(path: Path, rounds: int, seed: int, fault: str = "") -> dict[str, Any]:
    """Kill and start again so many times; look after every tenth kill, with everybody dead, and at the end."""
    random, ledger = Random(seed), path.with_suffix(".ledger")
    fork_all([partial(furnish, path, deal_count=DEALS)])
    ledger.touch()
    mistakes: list[str] = []
    clerks: list[Worker] = []
    for number in range(rounds):
        clerks += [
            fork(partial(work, path, ledger, random.getrandbits(32), fault)) for _ in range(CLERKS - len(clerks))
        ]
        _let_work(ledger, random.randrange(4), random.random() * LONGEST)
        last = number % 10 == 9 or number == rounds - 1
        for victim in list(clerks) if last else [random.choice(clerks)]:
            os.kill(victim.pid, signal.SIGKILL)
            os.waitpid(victim.pid, 0)
            os.close(victim.pipe)
            clerks.remove(victim)
        if last and not mistakes:
            mistakes = fork_all([partial(look, path, ledger)])[0]
    acknowledged = len(ledger.read_text("ascii").split())
    return {"kills": rounds, "acknowledged": acknowledged, "mistakes": mistakes[:5], "wrong": len(mistakes)}


if __name__ == "__main__":
    where, count, chance, *planted = sys.argv[1:]
    print(json.dumps(main(Path(where), int(count), int(chance), *planted)))
