"""The draft of an output: in the database, where its files are, and in a file while the database cannot take it.

Nothing here waits for the database without a limit, and nothing that goes wrong with it loses what was typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from textual.timer import Timer

from salestui.domain.outcomes import Done
from salestui.errors import StorageFault
from salestui.screens.base import SalesScreen
from salestui.services.draft_files import FormDraft

__all__ = ["AGAIN", "SLOW", "OutputDraft"]

SLOW: Final = 1.0
"""Seconds for which the database may keep a draft waiting before it is written to a file as well."""
AGAIN: Final = 5.0
"""Seconds after which a draft that the database did not take is offered to it again."""


class OutputDraft:
    """What is typed into the form of an output, on its way to the disk.

    `content` returns the form as it stands, `save` keeps it in the database, and `told` hears what came of it: the
    outcome of `save`, the StorageFault it raised, or the OSError of a file that could not be written.
    """

    def __init__(
        self,
        screen: SalesScreen[object],
        content: Callable[[], FormDraft],
        save: Callable[[FormDraft], Awaitable[object]],
        told: Callable[[object], None],
    ) -> None:
        self._screen, self._desk = screen, screen.desk
        self._content, self._save, self._told = content, save, told
        self._key = ""
        self.timer: Timer | None = None
        self._typed = False
        self._next: FormDraft | None = None
        self._under_way: FormDraft | None = None
        self._aside: FormDraft | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, key: str) -> FormDraft | None:
        """Keep drafts under `key` from now on; return what a file of an earlier visit holds, None without one."""
        self._key = key
        self._typed, self._next = False, None
        self._aside = self._desk.drafts.load(key)
        return self._aside

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that the database does not have."""
        return self._typed or self._next is not None or self._under_way is not None

    @property
    def in_file(self) -> bool:
        """Whether the newest draft is in a file alone."""
        return self._aside is not None

    def touched(self, rest: float) -> None:
        """Keep the draft in `rest` seconds, however long the typing goes on."""
        self._typed = True
        if self.timer is None:
            self.timer = self._screen.set_timer(rest, self._rested)

    def _rested(self) -> None:
        self.timer = None
        if self._task is None or self._task.done():
            self._begin_saving()
        else:
            self._screen.run_worker(self.put_aside(), group="draft")

    async def keep(self) -> bool:
        """Keep what was typed since the last time; False when the database did not take it, and a file has it."""
        self._stop()
        if not self.unsaved:
            return True
        done, _pending = await asyncio.wait({self._begin_saving()}, timeout=SLOW)
        if not done:
            await self.put_aside()
        return not self.unsaved

    async def put_aside(self) -> None:
        """Write what the database does not have to a file, which is on the disk when this returns, or `told` heard."""
        self._take()
        content = self._next or self._under_way
        if content is None or content is self._aside:
            return
        try:
            await self._desk.write(self._desk.drafts.keep, self._key, content)
        except OSError as error:
            self._told(error)
        else:
            self._aside = content

    async def forget(self) -> None:
        """Nothing that was typed is a draft any more: it was submitted, or given up."""
        self._stop()
        self._typed, self._next = False, None
        await self.drop_file()

    async def drop_file(self) -> None:
        """Remove the file: the database has what it holds, or something newer."""
        if self._aside is not None:
            self._aside = None
            await self._desk.write(self._desk.drafts.drop, self._key)

    # -- saving ---------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        if self._typed:
            self._next, self._typed = self._content(), False

    def _begin_saving(self) -> asyncio.Task[None]:
        """Let one task save what there is; it outlives the screen, which need not wait for it."""
        self._take()
        if self._task is None or self._task.done():
            app = self._screen.app
            self._task = asyncio.create_task(self._save_all())
            self._task.add_done_callback(lambda task: _raise_in(app._handle_exception, task))  # noqa: SLF001  # a bug
        return self._task

    async def _save_all(self) -> None:
        while self._next is not None:
            content, self._next = self._next, None
            self._under_way = content
            try:
                outcome = await self._save_slowly(content)
            finally:
                self._under_way = None
            if not isinstance(outcome, Done):
                self._give_back(content)
                await self.put_aside()
                self._told(outcome)
                if isinstance(outcome, StorageFault) and self._screen.is_attached and self.timer is None:
                    self.timer = self._screen.set_timer(AGAIN, self._rested)
                return
            if not self.unsaved:
                await self.drop_file()
            self._told(outcome)

    def _give_back(self, content: FormDraft) -> None:
        self._next = self._next or content

    async def _save_slowly(self, content: FormDraft) -> object:
        """Return what came of saving, a fault too; what takes long is put aside meanwhile."""
        saving = asyncio.ensure_future(self._save(content))
        done, _pending = await asyncio.wait({saving}, timeout=SLOW)
        if not done:
            await self.put_aside()
        try:
            return await saving
        except StorageFault as fault:
            return fault

    def _stop(self) -> None:
        if self.timer is not None:
            self.timer.stop()
            self.timer = None


def _raise_in(handle: Callable[[Exception], None], task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, Exception):
        handle(error)
