"""What every screen works with: the store, who is at the keyboard, the clock, and the settings.

The desk owns the one storage thread: services run there, one at a time, and the screens await them.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from salestui.config import Config
from salestui.domain.clock import TeamCalendar
from salestui.domain.people import Actor
from salestui.services import draft_files
from salestui.services.loading import team_of
from salestui.services.request import Request
from salestui.storage.store import Store

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Place:
    """What the user sees about where he is: the label of the database, and whether it is sample data."""

    label: str
    sample: bool = False


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
        """Run a writing service in the storage thread, with a command id of its own."""
        call = partial(service, self.request(str(uuid.uuid4())), *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def write(self, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what waits for the disk but not for the database in the storage thread, after what was asked before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(act, *args, **kwargs))

    def refresh_team(self, team: TeamCalendar) -> None:
        """Take over the team's calendar after its settings changed."""
        self.team = team

    def close(self) -> None:
        """Wait for what is being written, then close the store."""
        self._thread.shutdown(wait=True)
        self.store.close()
