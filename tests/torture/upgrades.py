"""A migration that is killed at random points, from the schema of every release; there is one release so far.

    .venv/bin/python -m tests.torture.upgrades FOLDER KILLS SEED [FAULT]

The step after the newest release is made up: it rebuilds a table and writes to many rows of others. FAULT `loose` runs
it without the transaction, which must be found.
"""

import json
import os
import select
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui.storage import migrations
from salestui.storage.connection import SalesDatabase
from salestui.storage.location import Location
from salestui.storage.store import Store
from tests.torture.crowd import fork, fork_all
from tests.torture.office import furnish

DEALS = 24
PARTS = 150


def step(database: SalesDatabase) -> None:
    """Rebuild the table of contacts, then change customers and deals in many small parts."""
    [(sql,)] = database.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'contact'").fetchall()
    indices = database.execute_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'contact' AND type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    database.execute_sql(sql.replace('"contact"', '"contact_new"', 1))
    database.execute_sql("INSERT INTO contact_new SELECT * FROM contact")
    database.execute_sql("DROP TABLE contact")
    database.execute_sql("ALTER TABLE contact_new RENAME TO contact")
    for (index,) in indices:
        database.execute_sql(index)
    for part in range(PARTS):
        for table in ("customer", "deal"):
            database.execute_sql(f"UPDATE {table} SET note = note || 'x' WHERE id % ? = ?", (PARTS, part))  # noqa: S608


@contextmanager
def next_release(fault: str = "") -> Iterator[None]:
    """Let this process be the release after the newest."""
    steps = migrations._STEPS
    migrations._STEPS = (*steps, ("made_up", step))  # type: ignore[misc]
    migrations.LATEST = len(steps) + 1  # type: ignore[misc]
    if fault == "loose":
        SalesDatabase.writing = _loosely  # type: ignore[method-assign, assignment]
    yield


@contextmanager
def _loosely(database: SalesDatabase, lock_type: str = "") -> Iterator[None]:
    database.in_transaction = lambda: True  # type: ignore[method-assign]
    with nullcontext(lock_type):
        yield
    del database.in_transaction  # type: ignore[method-assign]


def upgrade(path: Path, fault: str, ready: int) -> None:
    """Say that the upgrade begins, and upgrade."""
    with next_release(fault):
        os.write(ready, b"!")
        Store.open(path).close()


def look(path: Path, released: int) -> tuple[int, list[str]]:
    """Return the version that a kill left and what does not agree with it; then upgrade to the end and look again."""
    version = _version(path)
    with next_release():
        half = _half(path, version - released)
        try:
            Store.open(path).close()
        except Exception as fault:  # noqa: BLE001  # however it fails, the next start does not come up
            return version, [*half, f"{type(fault).__name__}: {fault}"]
        return version, half + _half(path, 1)


def _version(path: Path) -> int:
    database = SalesDatabase(Location(path))
    database.connect()
    try:
        with database.snapshot():
            return migrations.applied(database)
    finally:
        database.close()


def _half(path: Path, times: int) -> list[str]:
    """Return what is not as it is after so many of the steps made up."""
    database = SalesDatabase(Location(path))
    database.connect()
    try:
        with database.snapshot():
            rows = [
                note
                for table in ("customer", "deal")
                for (note,) in database.execute_sql(f"SELECT note FROM {table}").fetchall()  # noqa: S608
            ]
            drift = list(migrations.differences(database))
    finally:
        database.close()
    return drift + [f"a row of {note!r} after {times}" for note in set(rows) if note != "x" * times]


def main(folder: Path, kills: int, seed: int, fault: str = "") -> dict[str, Any]:
    """Kill so many upgrades, each on a fresh copy of the released schema."""
    random, released = Random(seed), migrations.LATEST
    model, path = folder / "model.db", folder / "sales.db"
    fork_all([partial(furnish, model, deal_count=DEALS)])
    versions: Counter[int] = Counter()
    wrong: list[str] = []
    took = 0.3
    for number in range(kills):
        for ending in ("", "-wal", "-shm", ".lock", ".gate"):
            Location(path).beside(ending).unlink(missing_ok=True)
        shutil.copy(model, path)
        reading, writing = os.pipe()
        worker = fork(partial(upgrade, path, fault, writing))
        os.close(writing)
        os.read(reading, 1)
        began = time.monotonic()
        select.select([worker.pipe], [], [], None if number == 0 else random.random() * took)
        if number == 0:
            took = (time.monotonic() - began) * 1.1
        os.kill(worker.pid, signal.SIGKILL)
        os.waitpid(worker.pid, 0)
        os.close(worker.pipe)
        os.close(reading)
        version, mistakes = fork_all([partial(look, path, released)])[0]
        versions[version - released] += 1
        wrong += mistakes
    return {"kills": kills, "before": versions[0], "after": versions[1], "half": len(wrong), "mistakes": wrong[:5]}


if __name__ == "__main__":
    where, count, chance, *planted = sys.argv[1:]
    print(json.dumps(main(Path(where).resolve(), int(count), int(chance), *planted)))
