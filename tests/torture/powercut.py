"""Writers whose every write and flush is recorded, and the power cut at random points of the record.

    .venv/bin/python -m tests.torture.powercut FOLDER CUTS SEED [FAULT]

FAULT plants a mistake that must be found: `normal` writes with synchronous=NORMAL, `unflushed` does not flush files.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salestui.errors import FileFault
from salestui.storage.store import Store
from tests.torture.crowd import ROOT, fork_all
from tests.torture.disk import Disk, Step, steps
from tests.torture.office import Books, Clerk, furnish

DEALS = 4
NAME = "sales.db"
LEDGER = "ledger"
SOURCE = Path(__file__).with_name("recorder.c")


def build(target: Path) -> str:
    """Compile the recorder; return why that is not possible here, "" when it was."""
    if not sys.platform.startswith("linux"):
        return "the recorder is for Linux"
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return "there is no C compiler"
    command = [compiler, "-O1", "-shared", "-fPIC", "-w", "-o", str(target), str(SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def write(folder: Path, changes: int, seed: int, fault: str) -> None:
    """Make so many changes, some with a file; what came back as done is noted in the ledger."""
    noted = os.open(folder / LEDGER, os.O_WRONLY | os.O_APPEND)
    clerk = Clerk.begin(folder / NAME, seed, DEALS)
    if fault == "normal":
        clerk.store.database._raw().execute("PRAGMA synchronous = normal")
    if fault == "unflushed":
        os.fsync = lambda _descriptor: None  # type: ignore[assignment]
    paper = folder.parent / f"paper-{seed}"
    for count in range(changes):
        command = clerk.new_id()
        if clerk.add_one(clerk.read(), command):
            os.write(noted, f"command {command}\n".encode())
        if count % 8 == 0:
            paper.write_bytes(clerk.random.randbytes(3000))
            digest = clerk.store.files.put(paper).sha256
            os.write(noted, f"file {digest}\n".encode())
    clerk.store.close()


def record(folder: Path, processes: int, changes: int, seed: int, fault: str) -> list[Step]:
    """Let writers work on the database in `folder` with the recorder preloaded; return what they did."""
    recorder, log = folder.parent / "recorder.so", folder.parent / "record"
    reason = "" if recorder.exists() else build(recorder)
    assert not reason, reason
    environment = os.environ | {
        "LD_PRELOAD": str(recorder), "RECORD_DIRECTORY": str(folder), "RECORD_LOG": str(log)
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.torture.powercut", "--write", str(folder), processes, changes, seed, fault]
    subprocess.run([str(each) for each in command], cwd=ROOT, env=environment, check=True)
    return list(steps(log.read_bytes()))


def cuts(before: Path, done: list[Step], count: int, seed: int, target: Path) -> Iterator[tuple[int, set[str]]]:
    """Yield each random step with what was acknowledged by then, and `target` as the cut after it left it."""
    random, disk, told = Random(seed), Disk(before), ""
    points = Counter(random.choices(range(len(done) + 1), k=count))
    for index in range(len(done) + 1):
        for _ in range(points[index]):
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            disk.cut(target, random)
            yield index, set(told.splitlines())
        if index < len(done):
            disk.play(done[index])
            if done[index].path == LEDGER and done[index].kind == "W":
                told += done[index].data.decode()


def look(target: Path, acknowledged: set[str]) -> list[str]:
    """Open what the cut left, as the next start would, and compare it with what was acknowledged."""
    commands = {line.split()[1] for line in acknowledged if line.startswith("command")}
    files = {line.split()[1] for line in acknowledged if line.startswith("file")}
    with Store.open(target / NAME, create=False) as store:
        mistakes = Books.read(store).mistakes(commands)
        return mistakes + [f"lost: file {each}" for each in sorted(files) if not _kept(store, each)]


def _kept(store: Store, digest: str) -> bool:
    try:
        store.files.verify(digest)
    except FileFault:
        return False
    return True


def examine(folder: Path, done: list[Step], count: int, seed: int) -> dict[str, Any]:
    """Cut so many times; return what was wrong afterwards."""
    wrong: list[str] = []
    lossy = 0
    for index, acknowledged in cuts(folder.with_name("before"), done, count, seed, folder.with_name("after")):
        mistakes = look(folder.with_name("after"), acknowledged)
        lossy += bool(mistakes)
        wrong += [f"after step {index}: {mistake}" for mistake in mistakes][: max(0, 5 - len(wrong))]
    return {"cuts": count, "lossy": lossy, "mistakes": wrong}


def main(place: Path, count: int, seed: int, fault: str = "", processes: int = 3, changes: int = 120) -> dict[str, Any]:
    """Record, cut, look."""
    folder = place / "work"
    folder.mkdir(parents=True)
    fork_all([partial(furnish, folder / NAME, deal_count=DEALS)])
    (folder / LEDGER).touch()
    shutil.copytree(folder, place / "before")
    done = record(folder, processes, changes, seed, fault)
    told = sum(step.data.count(b"\n") for step in done if step.path == LEDGER)
    merged = sum(step.kind == "S" and step.path == NAME for step in done)
    return {"steps": len(done), "checkpoints": merged, "acknowledged": told, **examine(folder, done, count, seed)}


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        where, processes, changes, chance, fault = sys.argv[2:]
        fork_all(
            [partial(write, Path(where), int(changes), int(chance) + each, fault) for each in range(int(processes))]
        )
    else:
        where, count, chance, *more = sys.argv[1:]
        numbers = [int(each) for each in more[1:]]
        print(json.dumps(main(Path(where).resolve(), int(count), int(chance), *more[:1], *numbers)))
