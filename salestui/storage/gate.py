"""The gate of a shared database: a lock file at which its writers queue, with a limit, and which names who is inside.

SQLite's own lock is not fair: with many writers one of them may wait until it gives up. The kernel's queue at a lock
file is. A blocking wait cannot be ended, so a thread of its own stands in the queue: whoever loses patience goes on,
and the thread keeps the place for the next try, or lets the next one in.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from salestui import system
from salestui.domain.hold_up import HoldUp
from salestui.domain.text import clean
from salestui.errors import DatabaseBusy
from salestui.storage.faults import fault_of_os

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["GATE_SECONDS", "TOLD_AFTER", "Gate"]

GATE_SECONDS: Final = 30.0
"""How long a writer waits for its turn before the database is reported as busy."""
TOLD_AFTER: Final = 1.0
"""How long a writer waits before it says what for."""
_SIGNED: Final = 64
"""Bytes in which the holder signs: process, login, spaces."""


class _Turn:
    """One place in the queue; `wanted` and `over` change under `state` alone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.state = threading.Lock()
        self.arrived = threading.Lock()
        self.arrived.acquire()
        self.wanted = True
        self.over = False

    def stand(self) -> None:
        """Wait for the lock, then hand it over; nobody there any more: let the next one in."""
        system.lock(self.descriptor)
        with self.state:
            if not self.wanted:
                os.close(self.descriptor)
                self.over = True
                return
            self.arrived.release()

    def resume(self) -> bool:
        """Want it again; False when it was given away meanwhile."""
        with self.state:
            self.wanted = not self.over
            return self.wanted

    def leave(self) -> bool:
        """Want it no more; False when it has just arrived, and is had."""
        with self.state:
            if self.arrived.acquire(blocking=False):
                return False
            self.wanted = False
            return True


class Gate:
    """The gate of the database at `place`: the lock file `path`, made with `mode`. One thread at a time uses it.

    `on_wait` is called once a wait has lasted a second, with who holds it.
    """

    def __init__(self, path: Path, place: Path, mode: int, seconds: float = GATE_SECONDS) -> None:
        self._path, self._place, self._mode, self._seconds = path, place, mode, seconds
        self._turn: _Turn | None = None
        self._waiting = False
        self._queue: SimpleQueue[_Turn | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._signature = b""
        self._signed_by = 0
        self.on_wait: Callable[[HoldUp], None] | None = None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be the one writer while the block runs.

        Raises DatabaseBusy, which names the holder, when the turn does not come in time, and the fault of a lock file
        that cannot be opened.
        """
        try:
            descriptor = system.open_lock(self._path, self._mode)
            had = system.lock_now(descriptor)
        except OSError as error:
            raise fault_of_os(error, self._path) from error
        if not had:
            descriptor = self._wait(descriptor)
        try:
            self._sign(descriptor)
            yield
        finally:
            os.close(descriptor)

    def hold_up(self) -> HoldUp | None:
        """Return who holds the gate while this session waits for it, None while it does not; for any thread."""
        return self._holder() if self._waiting else None

    def close(self) -> None:
        """End the thread that stands in the queue, as soon as it can be ended."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread = None

    # -- waiting --------------------------------------------------------------------------------------------------

    def _wait(self, descriptor: int) -> int:
        """Wait for the lock; return the descriptor that has it, which is this one or that of an earlier try."""
        earlier, self._turn = self._turn, None
        if earlier is not None and earlier.resume():
            turn = earlier
            os.close(descriptor)
        else:
            turn = _Turn(descriptor)
            self._stand(turn)
        self._waiting = True
        try:
            if self._arrives(turn):
                return turn.descriptor
        except BaseException:  # an impatient ctrl+c: the turn is for nobody now
            if turn.leave():
                self._turn = turn
            else:
                os.close(turn.descriptor)
            raise
        finally:
            self._waiting = False
        if not turn.leave():
            return turn.descriptor
        self._turn = turn
        holder = self._holder()
        raise DatabaseBusy(self._place, "gate", holder=holder.holder, pid=holder.pid)

    def _arrives(self, turn: _Turn) -> bool:
        """Wait until it is this session's turn; False when that takes too long."""
        if turn.arrived.acquire(timeout=min(TOLD_AFTER, self._seconds)):
            return True
        if self.on_wait is not None:
            self.on_wait(self._holder())
        return turn.arrived.acquire(timeout=max(self._seconds - TOLD_AFTER, 0.0))

    def _stand(self, turn: _Turn) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._queue = SimpleQueue()
            self._thread = threading.Thread(target=_serve, args=(self._queue,), name="gate", daemon=True)
            self._thread.start()
        self._queue.put(turn)

    # -- who is inside --------------------------------------------------------------------------------------------

    def _sign(self, descriptor: int) -> None:
        """Let the file name this process; it is written only where it names another."""
        if self._signed_by != os.getpid():
            self._signed_by = os.getpid()
            words = f"{self._signed_by} {system.person().login}".encode("utf-8", "replace")
            self._signature = words[: _SIGNED - 1].ljust(_SIGNED - 1) + b"\n"
        if os.pread(descriptor, _SIGNED, 0) != self._signature:
            with suppress(OSError):  # a full disk keeps nobody out
                os.pwrite(descriptor, self._signature, 0)

    def _holder(self) -> HoldUp:
        """Return who holds the gate: as the kernel says where it does, else as the file says."""
        pid = system.lock_holder(self._path)
        signed, login = self._read_signature()
        if pid is None:
            pid, known = signed, login
        else:
            known = login if pid == signed else system.login_of(pid)
        return HoldUp(known, pid) if pid and pid != os.getpid() else HoldUp()

    def _read_signature(self) -> tuple[int, str]:
        try:
            with self._path.open("rb") as file:
                number, _space, login = file.read(_SIGNED).decode("utf-8", "replace").partition(" ")
        except OSError:
            return 0, ""
        return (int(number), clean(login).strip()) if number.isascii() and number.isdecimal() else (0, "")


def _serve(queue: SimpleQueue[_Turn | None]) -> None:
    while (turn := queue.get()) is not None:
        turn.stand()
