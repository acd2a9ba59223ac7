"""A thread that does one thing after the other for the screens, and that nobody has to wait for when the app ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

__all__ = ["Errands"]

R = TypeVar("R")


class _Errand:
    """One thing to be done; its caller waits for `done` in the event loop."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[Any] = self.loop.create_future()

    def run(self) -> None:
        """Do it, and tell the loop; a caller who was cancelled before it began does not want it any more."""
        if self.done.cancelled():
            return
        try:
            result, error = self.act(), None
        except BaseException as raised:  # whatever it is, it belongs to the caller  # noqa: BLE001
            result, error = None, raised
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: object, error: BaseException | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(result)
        else:
            self.done.set_exception(error)


class Errands:
    """One thread and its queue. The process ends without it, however long it is at work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[_Errand | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._awaited: set[_Errand] = set()
        self._began: float | None = None
        self._left: Exception | None = None

    async def do(self, act: Callable[[], R]) -> R:
        """Return what `act` returns, after what was asked before; raises what it raises, or the fault of `abandon`."""
        if self._left is not None:
            raise self._left
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        errand = _Errand(act)
        self._awaited.add(errand)
        self._queue.put(errand)
        try:
            result: R = await errand.done
        finally:
            self._awaited.discard(errand)
        return result

    @property
    def at_work(self) -> float:
        """Seconds for which the thread has been at one and the same errand; 0.0 while it has none."""
        began = self._began
        return monotonic() - began if began is not None else 0.0

    def abandon(self, fault: Exception) -> None:
        """Let who still waits, and who asks from now on, go on with this fault; what is begun is not ended."""
        self._left = fault
        for errand in self._awaited:
            if not errand.done.done():
                errand.done.set_exception(fault)

    def close(self, seconds: float) -> bool:
        """Ask for nothing more; False when the thread is still at work after so many seconds."""
        if self._thread is None:
            return True
        self._queue.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while (errand := self._queue.get()) is not None:
            self._began = monotonic()
            errand.run()
            self._began = None
            del errand
