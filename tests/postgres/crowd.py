"""Many processes at work on one database at once, and what they say was acknowledged."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Crowd:
    """Processes of `tests.postgres.writer`, with their notes in a folder."""

    def __init__(self, folder: Path, url: str, login: str, size: int, kinds: Sequence[str]) -> None:
        self.folder = folder
        self.size = size
        self._processes = [self._start(worker, url, login, kinds) for worker in range(size)]

    def _start(self, worker: int, url: str, login: str, kinds: Sequence[str]) -> "subprocess.Popen[bytes]":
        words = (url, login, str(worker), str(self.folder), ",".join(kinds))
        with (self.folder / f"errors.{worker}").open("wb") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.postgres.writer", *words],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def counts(self) -> list[int]:
        """Return how much each process has noted."""
        return [len(self._lines(worker)) for worker in range(self.size)]

    def _lines(self, worker: int) -> list[str]:
        notes = self.folder / f"acks.{worker}"
        return notes.read_text("utf-8").splitlines() if notes.exists() else []

    def noted(self, kind: str) -> list[str]:
        """Return what was acknowledged of a kind."""
        lines = (line.partition(" ") for worker in range(self.size) for line in self._lines(worker))
        return [rest for first, _, rest in lines if first == kind]

    def alive(self) -> list[bool]:
        """Return which processes are still at work."""
        return [process.poll() is None for process in self._processes]

    def wait_for(self, more: int) -> None:
        """Wait until each process that works has noted `more` than now."""
        before = self.counts()
        for _ in range(12000):
            if all(now >= was + more for now, was in zip(self.counts(), before, strict=True)):
                return
            assert all(self.alive()), self.errors()
            _breathe()
        raise AssertionError(f"no progress: {before} {self.counts()} {self.errors()}")

    def errors(self) -> str:
        """Return what the processes complained of."""
        return "".join(
            (self.folder / f"errors.{worker}").read_text("utf-8", "replace")[-1500:] for worker in range(self.size)
        )

    def stop(self) -> None:
        """Let each end what it does, and end."""
        (self.folder / "stop").touch()
        for process in self._processes:
            assert process.wait(180) == 0, self.errors()

    def kill(self) -> None:
        """End them all at once."""
        for process in self._processes:
            process.kill()
            process.wait()


def _breathe() -> None:
    """Leave the processors to the processes that are waited for."""
    import threading

    threading.Event().wait(0.05)


@contextmanager
def crowd(folder: Path, url: str, login: str, size: int, kinds: Sequence[str]) -> Iterator[Crowd]:
    """Let processes work while the block runs; they are gone afterwards."""
    folder.mkdir(exist_ok=True)
    people = Crowd(folder, url, login, size, kinds)
    try:
        yield people
    finally:
        people.kill()
