"""Many first starts at once on a database that is not there, again and again.

.venv/bin/python -m tests.torture.starts FOLDER PROCESSES ROUNDS SEED [unlocked]

`unlocked` plants a mistake that must be found: a new database is made without the lock that all first starters share.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui.errors import StorageFault
from salestui.services import session
from salestui.storage import chain, opening
from salestui.storage.store import Store
from tests.torture.crowd import fork, fork_all
from tests.torture.office import NOW, t


def start(path: Path, shared: bool, gun: int) -> str:
    """Wait for the gun, then start as a person does; return what went wrong."""
    os.read(gun, 1)
    try:
        if shared:
            Store.open(path, shared=True).close()
        session.begin(str(path), NOW).store.close()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is counted
        return f"{type(error).__name__}: {error}"
    return ""


def together(bodies: list[Callable[[int], str]]) -> list[str]:
    """Run all from one instant on; return what went wrong with any."""
    gun, trigger = os.pipe()
    workers = [fork(partial(body, gun)) for body in bodies]
    os.write(trigger, b"!" * len(workers))
    found = [worker.result() for worker in workers]
    os.close(gun)
    os.close(trigger)
    return [each for each in found if each]


def look(path: Path) -> list[str]:
    """Return what is not as one single first start would have left it."""
    try:
        with Store.open(path, create=False) as store, store.reading():
            counts = {"users": t.User.select().count(), "playbooks": t.Playbook.select().count()}
            wrong = [] if counts == {"users": 1, "playbooks": 2} else [str(counts)]
            broken = chain.verify(store)
    except StorageFault as fault:
        return [f"{type(fault).__name__}: {fault}"]
    left = sorted(each.name for each in path.parent.iterdir() if ".new" in each.name)
    return wrong + ([str(broken)] if broken else []) + left


def main(folder: Path, processes: int, rounds: int, seed: int) -> dict[str, Any]:
    """Start a new database in every round, every other one shared."""
    random, failed, wrong = Random(seed), [], []
    for number in range(rounds):
        path = folder / str(number) / "sales.db"
        bodies = [partial(start, path, number % 2 == 1) for _ in range(processes)]
        random.shuffle(bodies)
        failed += together(bodies)
        wrong += fork_all([partial(look, path)])[0]
    return {"starts": processes * rounds, "failed": len(failed), "first": failed[:3], "mistakes": wrong[:5]}


def unlock() -> None:
    """Break the lock of creation."""
    opening._side_lock = lambda _location, _mode: nullcontext()  # type: ignore[assignment]


if __name__ == "__main__":
    where, *numbers = sys.argv[1:]
    if numbers[3:] == ["unlocked"]:
        unlock()
        del numbers[3]
    print(json.dumps(main(Path(where).resolve(), *map(int, numbers))))
