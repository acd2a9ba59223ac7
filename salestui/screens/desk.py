"""What every screen works with: the store, who is at the keyboard, the clock, and the settings.

The desk owns the one storage thread: services run there, one at a time, and the screens await them. Drafts are written
by another, so that what is typed is kept however long the database keeps the first one waiting.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
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
from salestui.domain.presence import Doing
from salestui.errors import DatabaseBusy
from salestui.screens.errands import Errands
from salestui.screens.lookout import Lookout
from salestui.services import draft_files, hold_ups
from salestui.services.loading import team_of
from salestui.services.presence import Attendance
from salestui.services.request import Request
from salestui.storage.store import Store

P = ParamSpec("P")
R = TypeVar("R")

TOLD_AFTER: Final = 1.0
"""Seconds for which the storage thread is at one call before the user is told what it waits for."""
ENDING: Final = 1.0
"""Seconds for which the end of the app waits for what is being written, at each of its steps."""

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
        self._storage = Errands("storage")
        self._files = Errands("drafts")
        store.tell_waits(None)

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
        return await self._storage.do(call)

    async def tell(self, service: Callable[Concatenate[Request, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a writing service in the storage thread, under the id of the `command` under way or one of its own."""
        given = _command.get()
        command_id = next(given) if given is not None else str(uuid.uuid4())
        self.lookout.own(command_id)
        call = partial(service, self.request(command_id), *args, **kwargs)
        return await self._storage.do(call)

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
        return await self._storage.do(self._look)

    def _look(self) -> tuple[News | None, bool]:
        return self.lookout.read(), self.attendance.look(self.request())

    async def show(self, subject: str, doing: Doing) -> None:
        """Let the other sessions know what the user has before him; "" for nothing of its own."""
        await self._storage.do(partial(self.attendance.show, self.request(), subject, doing))

    async def write(self, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what waits for the disk but not for the database, after what was written before."""
        return await self._files.do(partial(act, *args, **kwargs))

    def waits(self) -> str:
        """Return in words what the storage thread has been waiting for, "" while it does not wait for long."""
        known = self.store.hold_up()
        if self._storage.at_work < TOLD_AFTER and not (known and known.away):
            return ""
        return hold_ups.text(self.store, known)

    def refresh_team(self, team: TeamCalendar) -> None:
        """Take over the team's calendar after its settings changed."""
        self.team = team

    def abandon(self) -> None:
        """Let nobody wait for the database any longer: the app ends. What was told and is not done may still be."""
        self._storage.abandon(DatabaseBusy(self.store.location))

    def close(self) -> None:
        """Close the store once what is being written is written; when that takes too long, leave it as it is.

        The end of the process then undoes what is not committed, and drafts have kept what was typed.
        """
        self._files.close(ENDING)
        if self._storage.close(ENDING):
            self.attendance.close()
            self.store.close()
        else:
            self.store.give_up()


def _numbered(command_id: str) -> Iterator[str]:
    """Yield the id, then one for each further part of the same command."""
    yield command_id
    number = 2
    while True:
        yield f"{command_id}.{number}"
        number += 1
