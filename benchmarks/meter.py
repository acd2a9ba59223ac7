"""A terminal that measures the program in it: when each byte came, what the processor did, how much memory it took.

The bytes are stamped as they are read, and drawn only when somebody looks at the screen: drawing holds nobody up.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import termios
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyte

from tools.terminal import Terminal

__all__ = ["Answer", "Meter", "Picture"]

QUIET: Final = 0.3
"""For how many seconds a program must rest to be taken as done; longer than the board's wait before its strip."""
_AT_ONCE: Final = 0.08
"""What comes within so many seconds of a key is its answer; what follows is what the program does at rest."""
_ROW: Final = re.compile(rb"\x1b\[(?:(\d+)(?:;\d+)?)?H(.*?)(?=\x1b\[[\d;]*H|$)", re.DOTALL)
"""How a program says in which row it goes on, and what follows there."""
_SILENT_CODES: Final = re.compile(rb"\x1b\[[?\d;]*[A-JL-WYZa-z]")
"""Colours, moves and modes: all codes but those that erase."""
_IDLE: Final = 0.15
_SILENT: Final = 0.6

Picture = tuple[tuple[tuple[object, ...], ...], ...]
"""Every cell of a screen with its colours and attributes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program did for what was sent: times in milliseconds since then, and bytes.

    `first` and `last` byte and `bytes` are of the answer itself, `later` the bytes that came after a rest, `processor`
    the time of all its threads until it rested. `settled` is False where it did not rest in time.
    """

    first: float
    last: float
    bytes: int
    later: int
    processor: float
    settled: bool


def _elsewhere(chunk: bytes, rows: range) -> bool:
    """Tell whether anything is written in other rows than these."""
    return any(_SILENT_CODES.sub(b"", rest) for row, rest in _ROW.findall(chunk) if int(row or 1) not in rows)


class Meter(Terminal):
    """A program under measurement."""

    def __init__(
        self,
        command: Iterable[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        deadline: float = 60.0,
    ) -> None:
        self.stamped: list[tuple[float, bytes]] = []
        self._drawn = 0
        self._peaks: dict[int, int] = {}
        self.started = 0.0
        super().__init__(command, environment=environment, directory=directory, deadline=deadline)

    def _start(
        self, command: list[str], slave: int, environment: Mapping[str, str], directory: Path | None
    ) -> subprocess.Popen[bytes]:
        """Start the program itself: an interpreter in between would be measured as well."""
        self.started = time.perf_counter()
        return subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=directory,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # this process has one thread
        )

    def _show(self, data: bytes) -> None:
        self.stamped.append((time.perf_counter(), data))

    def draw(self) -> None:
        """Bring the screen up to what was read."""
        for _at, data in self.stamped[self._drawn :]:
            super()._show(data)
        self._drawn = len(self.stamped)

    def lines(self) -> tuple[str, ...]:
        self.draw()
        return super().lines()

    # -- measuring ----------------------------------------------------------------------------------------------

    def settle(self, quiet: float = QUIET) -> None:
        """Read until the program and all it started rest."""
        self.rested(quiet)

    def rested(self, quiet: float = QUIET, *, answered: bool = False) -> bool:
        """Read until nothing comes for `quiet` seconds and the processor rests; False when the deadline passes first.

        `answered`: something is expected, so that silence alone is waited out a little longer.
        """
        begun, known = time.perf_counter(), len(self.stamped)
        since, spent = begun, self.processor()
        while not self.ended and time.perf_counter() - begun < self.deadline:
            if self._read(min(0.02, quiet / 4)):
                since, spent = time.perf_counter(), self.processor()
                continue
            now = time.perf_counter()
            if self._works():  # it wants to go on and waits for a processor, which others use
                since, spent = now, self.processor()
            if now - since < quiet:
                continue
            used = self.processor()
            mute = answered and len(self.stamped) == known and now - begun < _SILENT
            if used - spent < _IDLE * (now - since) and not mute:
                self._weigh()
                return True
            since, spent = now, used
        return False

    def answer(self, data: bytes, *, followed: bool = False, below: range = range(0)) -> Answer:
        """Send something and measure the answer.

        `followed`: what comes after a rest is counted apart. `below`: what comes last, and is in these rows alone (the
        first is 1), is counted apart; the answer ends with the last change elsewhere, however long that takes.
        """
        self.rested(0.05)
        known, spent, sent = len(self.stamped), self.processor(), time.perf_counter()
        self.send(data)
        settled = self.rested(answered=True)
        came = [(at - sent, len(chunk)) for at, chunk in self.stamped[known:]]
        if below:
            chunks = [chunk for _at, chunk in self.stamped[known:]]
            own = came[: max((at for at, chunk in enumerate(chunks, 1) if _elsewhere(chunk, below)), default=0)]
        else:
            own = [piece for piece in came if not followed or piece[0] < _AT_ONCE]
        return Answer(
            first=own[0][0] * 1e3 if own else 0.0,
            last=own[-1][0] * 1e3 if own else 0.0,
            bytes=sum(size for _at, size in own),
            later=sum(size for _at, size in came) - sum(size for _at, size in own),
            processor=(self.processor() - spent) * 1e3,
            settled=settled,
        )

    def watch(self, seconds: float) -> None:
        """Take in what comes for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0 and not self.ended:
            self._read(min(0.25, left))

    @property
    def last_byte(self) -> float:
        """Seconds from the start of the program to the last byte so far."""
        return self.stamped[-1][0] - self.started if self.stamped else 0.0

    def processor(self) -> float:
        """Return the processor time in seconds of the program, its threads and all it started."""
        spent = 0
        for number in self._family():
            for thread in _listed(f"/proc/{number}/task"):
                words = _read(f"/proc/{number}/task/{thread}/schedstat").split()
                spent += int(words[0]) if words else 0
        return spent / 1e9

    def _works(self) -> bool:
        """Whether any thread of the program wants the processor or waits for the disk at this instant."""
        for number in self._family():
            for thread in _listed(f"/proc/{number}/task"):
                state = _read(f"/proc/{number}/task/{thread}/stat").rpartition(")")[2].split()
                if state and state[0] in {"R", "D"}:
                    return True
        return False

    @property
    def memory(self) -> int:
        """The most memory that the program and all it started took, in KiB."""
        self._weigh()
        return sum(self._peaks.values())

    def _weigh(self) -> None:
        for number in self._family():
            for line in _read(f"/proc/{number}/status").splitlines():
                if line.startswith("VmHWM:"):
                    self._peaks[number] = max(self._peaks.get(number, 0), int(line.split()[1]))

    def _family(self) -> list[int]:
        known, todo = [], [self.process.pid]
        while todo:
            number = todo.pop()
            known.append(number)
            for thread in _listed(f"/proc/{number}/task"):
                todo += [int(child) for child in _read(f"/proc/{number}/task/{thread}/children").split()]
        return known

    # -- proving ------------------------------------------------------------------------------------------------

    def picture(self) -> Picture:
        """Return every cell of the screen as it is."""
        self.draw()
        return _cells(self.screen, self.columns, self.rows)

    def redrawn(self) -> Picture:
        """Have the program draw everything anew on an empty screen, by another width and back, and return that."""
        wide, high = self.columns, self.rows
        self.draw()
        self.resize(wide + 1, high)
        self.settle()
        self.draw()
        self.screen = pyte.Screen(wide + 1, high)
        self._stream = pyte.ByteStream(self.screen)
        self.resize(wide, high)
        self.screen = pyte.Screen(wide, high)
        self._stream = pyte.ByteStream(self.screen)
        self.settle()
        return self.picture()


def _cells(screen: pyte.Screen, columns: int, rows: int) -> Picture:
    return tuple(tuple(_seen(screen.buffer[row][column]) for column in range(columns)) for row in range(rows))


def _seen(cell: Any) -> tuple[object, ...]:  # noqa: ANN401  # pyte publishes no types
    """Return what is seen of a cell: of a plain blank that is its background alone."""
    if cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough):
        return (" ", cell.bg)
    return tuple(cell)


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  # a path of /proc, and this is on the watch
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123  # the same
            return file.read()
    except OSError:
        return ""
