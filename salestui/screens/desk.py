"""What every screen works with: the store, who is at the keyboard, the clock, and the settings.

The desk owns the one storage thread: services run there, one at a time, and the screens await them.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Concatenate, Final, ParamSpec, TypeVar

from salestui.config import Config
from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.news import News
from salestui.domain.people import Actor
from salestui.screens.lookout import Lookout
from salestui.services import draft_files
from salestui.services.loading import team_of
from salestui.services.presence import Attendance
from salestui.services.request import Request
from salestui.storage.store import Store

P = ParamSpec("P")
R = TypeVar("R")

_command: Final[ContextVar[Iterator[str] | None]] = ContextVar("command", default=None)
"""The ids of the command under way, where a form has given it one."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the user sees about where he is: the label of the database, and whether it is sample data.

    `findings` say what is wrong there and what to do; they are shown once, at the start.
    """

    label: str
    sample: bool = False
    findings: tuple[str, ...] = ()


class Desk:
    """Store, person, clock and settings of one running app; `clock` returns aware UTC."""

    def __init__(self, store: Store, actor: Actor, clock: Callable[[], datetime], config: Config, place: Place) -> None:
        self.store = store
        self.actor = actor
        self.clock = clock
        self.config = config
        self.place = place
        self.team = team_of(Request(store, actor, clock()))
        self.drafts = draft_files.of(Request(store, actor, clock()))
        self.lookout = Lookout(self.request)
        self.attendance = Attendance(self.request())
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")

    @property
    def now(self) -> datetime:
        """The instant now (UTC)."""
        return self.clock()

    def request(self, command_id: str | None = None) -> Request:
        """Return a request by the person at the keyboard, now."""
        return Request(self.store, self.actor, self.clock(), command_id)

    async def ask(self, service: Callable[Concatenate[Request, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a reading service in the storage thread."""
        call = partial(service, self.request(), *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def tell(self, service: Callable[Concatenate[Request, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a writing service in the storage thread, under the id of the `command` under way or one of its own."""
        given = _command.get()
        command_id = next(given) if given is not None else str(uuid.uuid4())
        self.lookout.own(command_id)
        call = partial(service, self.request(command_id), *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    @contextmanager
    def command(self, command_id: str) -> Iterator[None]:
        """Let what is told inside bear this id, so that it is recognised and not done again when it is tried again."""
        token = _command.set(_numbered(command_id))
        try:
            yield
        finally:
            _command.reset(token)

    async def look(self) -> tuple[News | None, bool]:
        """Return what others did since the last look, None when nothing; and whether other people came or went."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look)

    def _look(self) -> tuple[News | None, bool]:
        return self.lookout.read(), self.attendance.look(self.request())

    async def write(self, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what waits for the disk but not for the database in the storage thread, after what was asked before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(act, *args, **kwargs))

    def refresh_team(self, team: TeamCalendar) -> None:
        """Take over the team's calendar after its settings changed."""
        self.team = team

    def close(self) -> None:
        """Wait for what is being written, then close the store."""
        self._thread.shutdown(wait=True)
        self.attendance.close()
        self.store.close()


def _numbered(command_id: str) -> Iterator[str]:
    """Yield the id, then one for each further part of the same command."""
    yield command_id
    number = 2
    while True:
        yield f"{command_id}.{number}"
        number += 1
