"""Disks that are full, quotas that are used up, files that may not be written or read: what is said, and what is kept.

.venv/bin/python -m tests.torture.troubles FOLDER KIND POINTS SEED [FAULT]

KIND: full, pages, limit, readonly, denied. FAULT plants a mistake that must be found: `rollback` leaves rolling back to
Peewee, whose error hides that of the disk; `blind` does not look at modes before SQLite does.
"""

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import peewee

from salestui.errors import StorageFault
from salestui.storage import opening
from salestui.storage.connection import SalesDatabase
from salestui.storage.location import Location
from salestui.storage.store import Store
from tests.torture.crowd import fork
from tests.torture.office import Books, Clerk, furnish

DEALS = 8
NAME = "sales.db"
NOBODY = 65534
MOST = 80
"""Changes after which a point counts as not having met the trouble."""

RIGHT = {
    "full": {"DiskFull"},
    "pages": {"DiskFull"},
    "limit": {"DiskFault", "DiskFull"},
    ("readonly", ""): {"ReadOnlyDatabase"},
    ("readonly", "-wal"): {"ReadOnlyDatabase", "DatabaseUnreadable"},
    ("readonly", "-shm"): {"ReadOnlyDatabase", "DatabaseUnreadable", ""},
    ("readonly", ".gate"): {"ReadOnlyDatabase"},
    ("readonly", ".files"): {"DirectoryNotWritable"},
    ("readonly", "."): {"DirectoryNotWritable"},
    ("denied", ""): {"DatabaseUnreadable"},
    ("denied", "-wal"): {"DatabaseUnreadable"},
    ("denied", "-shm"): {"DatabaseUnreadable", "ReadOnlyDatabase", ""},
    ("denied", ".gate"): {"ReadOnlyDatabase"},
    ("denied", ".files"): {"DirectoryNotWritable"},
    ("denied", "."): {"DatabaseUnreadable", "NotInGroup"},
}
"""Which faults tell the truth about each trouble; for modes by the ending of what is locked, `.` for the directory.

SQLite can do without what an earlier process left of its shared memory, so that may also go unnoticed.
"""


class Sitting:
    """One session at the database: works until something is refused, and remembers what was acknowledged."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.clerk = Clerk.begin(folder / NAME, seed, DEALS)
        self.commands: list[str] = []
        self.files: list[str] = []
        self.paper = folder.parent / f"paper-{os.getpid()}"

    def change(self) -> None:
        """Add one to a deal."""
        command = self.clerk.new_id()
        if self.clerk.add_one(self.clerk.read(), command):
            self.commands.append(command)

    def attach(self, size: int) -> None:
        """Keep a file of so many bytes."""
        self.paper.write_bytes(self.clerk.random.randbytes(size))
        self.files.append(self.clerk.store.files.put(self.paper).sha256)

    def until_refused(self) -> str:
        """Work; return the name of the fault that ended it, "" where nothing was refused."""
        try:
            for count in range(MOST):
                self.change()
                if count % 3 == 2:
                    self.attach(self.clerk.random.randrange(1, 60_000))
        except StorageFault as fault:
            return _named(fault, self.folder)
        except peewee.PeeweeException as error:
            return f"{type(error).__name__} ({error})"
        return ""

    def mistakes(self) -> list[str]:
        """Return what was lost or half done of what this session did."""
        for digest in self.files:
            self.clerk.store.files.verify(digest)
        return Books.read(self.clerk.store).mistakes(set(self.commands))


def squeeze(folder: Path, points: int, seed: int, hinder: Callable[[Sitting, Random], Callable[[], None]]) -> Any:
    """Hinder one session again and again, at random points of its work; it must go on as soon as it is let."""
    random, met = Random(seed), Counter[str]()
    sitting, wrong = Sitting(folder, seed), []
    for _ in range(points):
        relieve = hinder(sitting, random)
        met[sitting.until_refused()] += 1
        wrong += sitting.mistakes()
        relieve()
        sitting.change()
        sitting.attach(1000)
        wrong += sitting.mistakes()
    done = len(sitting.commands)
    sitting.clerk.store.close()
    return {"met": met, "acknowledged": done, "mistakes": wrong[:5]}


def fill_disk(sitting: Sitting, random: Random) -> Callable[[], None]:
    """Leave little space on the disk."""
    filler = sitting.folder / "filler"
    free = os.statvfs(sitting.folder)
    room = max(0, free.f_bavail * free.f_frsize - random.randrange(500_000))
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, room))
    return filler.unlink


def limit_pages(sitting: Sitting, random: Random) -> Callable[[], None]:
    """Leave little space in the database."""
    raw = sitting.clerk.store.database._raw()
    used = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {used + random.randrange(3)}").fetchall()
    return lambda: raw.execute("PRAGMA max_page_count = 1000000").fetchall()


def limit_size(sitting: Sitting, random: Random) -> Callable[[], None]:
    """Let no file grow beyond a size, as a quota does."""
    journal = sitting.folder / f"{NAME}-wal"
    used = journal.stat().st_size if journal.exists() else 0
    most = random.randrange(max(60_000, used))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def locked(folder: Path, points: int, seed: int, kind: str) -> Any:
    """Take the right to write or to read away from one part of the database after the other, before each start."""
    random, met, wrong = Random(seed), Counter[str](), []
    commands: list[str] = []
    for number in range(points):
        ending = random.choice([each[1] for each in RIGHT if each[0] == kind])
        crash = number % 2 == 0
        commands += as_nobody(partial(_visit, folder, random.getrandbits(32), crash))["commands"]
        place = folder if ending == "." else Location(folder / NAME).beside(ending)
        before = place.stat().st_mode if place.exists() else None
        if before is not None:
            place.chmod((0o555 if place.is_dir() else 0o444) if kind == "readonly" else 0)
        try:
            found = as_nobody(partial(_visit, folder, random.getrandbits(32), False))
        finally:
            if before is not None:
                place.chmod(before)
        commands += found["commands"]
        met[f"{ending}: {found['fault']}"] += 1
        if before is not None and found["fault"] not in RIGHT[kind, ending]:
            wrong.append(f"{ending} {kind}: {found['fault'] or 'nothing'} was said")
        wrong += as_nobody(partial(_audit, folder, commands))
    return {"met": met, "acknowledged": len(commands), "mistakes": wrong[:5]}


def _visit(folder: Path, seed: int, crash: bool) -> dict[str, Any]:
    """Open, change, attach; a crash leaves the journal where it is."""
    fault, commands = "", []
    try:
        sitting = Sitting(folder, seed)
        commands = sitting.commands
        sitting.change()
        sitting.attach(500)
        if not crash:
            sitting.clerk.store.close()
    except StorageFault as found:
        fault = _named(found, folder)
    return {"fault": fault, "commands": commands}


def _named(fault: StorageFault, folder: Path) -> str:
    """Return the fault's name, which is wrong where its text does not say at which place it occurred."""
    return type(fault).__name__ if str(folder) in fault.text() else f"{type(fault).__name__} without a place"


def _audit(folder: Path, commands: list[str]) -> list[str]:
    with Store.open(folder / NAME, create=False) as store:
        return Books.read(store).mistakes(set(commands))


def as_nobody(body: Callable[[], Any]) -> Any:
    """Run it in a fork without the superuser's rights, whom no mode keeps out."""

    def unprivileged() -> Any:
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return body()

    return fork(unprivileged).result()


def main(folder: Path, kind: str, points: int, seed: int) -> dict[str, Any]:
    """Try one kind of trouble at so many points."""
    work = folder / "work"
    work.mkdir(mode=0o755, parents=True)
    if kind == "full":
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(work)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            return {"skipped": f"a disk of our own cannot be mounted: {done.stderr.strip()}"}
    try:
        furnish(work / NAME, deal_count=DEALS)
        if kind in {"readonly", "denied"}:
            Sitting(work, seed).attach(10)
            folder.chmod(0o777)
            for path in (work, *work.rglob("*")):
                if os.getuid() == 0:
                    os.chown(path, NOBODY, NOBODY)
            return locked(work, points, seed, kind)
        hinder = {"full": fill_disk, "pages": limit_pages, "limit": limit_size}[kind]
        found: dict[str, Any] = squeeze(work, points, seed, hinder)
        wrong = [f"{fault} was said" for fault in found["met"] if fault and fault not in RIGHT[kind]]
        return found | {"mistakes": found["mistakes"] + wrong}
    finally:
        if kind == "full":
            subprocess.run(["umount", str(work)], check=False)


def plant(fault: str) -> None:
    """Break the program as told."""
    if fault == "rollback":
        SalesDatabase.rollback = peewee.Database.rollback  # type: ignore[method-assign]
    elif fault == "blind":
        opening.writable = opening.readable = lambda _path: True  # type: ignore[attr-defined]


if __name__ == "__main__":
    where, what, count, chance, *planted = sys.argv[1:]
    plant("".join(planted))
    print(json.dumps(main(Path(where).resolve(), what, int(count), int(chance))))
