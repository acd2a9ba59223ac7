"""A crowd of processes at one database, each in a fork of one that has imported everything and opened nothing."""

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.effort import EFFORT

ROOT = Path(__file__).resolve().parents[2]
FULL_EFFORT = 334
SEED = int(os.environ.get("SALESTUI_TEST_SEED", "5"))


def size(short: int, full: int) -> int:
    """Return how much to try: `short` in `make test`, `full` in `make torture`, its share with less effort."""
    return short if EFFORT == 1 else max(short, full * min(EFFORT, FULL_EFFORT) // FULL_EFFORT)


def run(module: str, *options: object, preload: Path | None = None, timeout: float = 3600) -> dict[str, Any]:
    """Run one of the modules here in a Python of its own; return what it found, which it prints as JSON at its end."""
    environment = os.environ | ({"LD_PRELOAD": str(preload)} if preload else {})
    done = subprocess.run(
        [sys.executable, "-m", f"tests.torture.{module}", *map(str, options)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{module} {' '.join(map(str, options))}: {json.dumps(found, ensure_ascii=False)}")
    return found


@dataclass
class Worker:
    """A forked process and the pipe on which it reports."""

    pid: int
    pipe: int

    def result(self) -> Any:
        """Wait for its end; return what it returned, or raise what it reported instead."""
        with os.fdopen(self.pipe, "rb") as pipe:
            said = pipe.read()
        os.waitpid(self.pid, 0)
        told = json.loads(said) if said else {"error": "it died without a word"}
        if "error" in told:
            raise AssertionError(told["error"])
        return told["result"]


def fork(body: Callable[[], object]) -> Worker:
    """Run `body` in a fork of this process, which must have no database open."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Worker(pid, reading)
    os.close(reading)
    try:
        try:
            told = {"result": body()}
        except BaseException:  # noqa: BLE001  # whatever ends the worker is its result
            told = {"error": traceback.format_exc()}
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(told).encode())
    finally:
        os._exit(0)


def fork_all(bodies: Sequence[Callable[[], object]]) -> list[Any]:
    """Run all in forks at the same time; return their results in order."""
    workers = [fork(body) for body in bodies]
    return [worker.result() for worker in workers]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed, 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@contextmanager
def stopwatch(times: list[float]) -> Iterator[None]:
    """Add the seconds that the block took."""
    began = time.monotonic()
    yield
    times.append(time.monotonic() - began)
