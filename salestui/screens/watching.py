"""Tells the screen in front what others do; nothing is read, written or drawn while nothing happens.

One number is asked twice a second (a few microseconds); only when another session has written, the history tells what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from textual.app import App
from textual.timer import Timer

from salestui.domain.news import News
from salestui.domain.presence import Doing
from salestui.errors import SalestuiError, StorageFault, UnknownUser
from salestui.screens.desk import Desk
from salestui.services import users
from salestui.services.loading import team_of

__all__ = ["MARKED", "PERIOD", "Watcher", "watch", "watcher_of"]

PERIOD: Final = 0.5
"""Seconds from one look at the database to the next."""
SHARE: Final = 9
"""So many times as long as a screen took to take something in, it is then left alone."""
MARKED: Final = 4.0
"""Seconds for which a card that others changed is marked, from when it is first in sight."""


@runtime_checkable
class Follows(Protocol):
    """A screen that follows what others do."""

    async def on_changed(self, news: News) -> None:
        """Take it in."""

    def show_marks(self) -> None:
        """Draw the marks anew."""

    def show_present(self) -> None:
        """Draw anew who else is here."""

    def before_me(self) -> tuple[str, Doing]:
        """Return the shown id of what the user has before him here, "" for nothing of its own, and what he does."""

    async def keep_drafts(self) -> None:
        """Keep what was typed."""


class Watcher:
    """Looks for news of one desk while its app runs; `look` may be called at any time."""

    def __init__(self, desk: Desk, app: App[Any]) -> None:
        self._desk, self._app = desk, app
        self._looking: asyncio.Task[None] | None = None
        self._saying: asyncio.Task[None] | None = None
        self._fresh: dict[int, float | None] = {}
        self._fading: Timer | None = None
        self._fault = ""
        self._untold: News | None = None
        self._not_before = 0.0
        self._on_tick: Callable[[], None] | None = None
        app.set_interval(PERIOD, self._tick)

    def on_each_tick(self, act: Callable[[], None]) -> None:
        """Do this at every tick too, which must cost next to nothing."""
        self._on_tick = act

    def _tick(self) -> None:
        if self._on_tick is not None:
            self._on_tick()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.look())

    async def look(self) -> None:
        """Look once, and tell the screen in front what is new; those below read again when they come back."""
        try:
            await self._look()
        except SalestuiError as error:
            self._complain(error)
        else:
            self._fault = ""

    async def _look(self) -> None:
        news, came_or_went = await self._desk.look()
        if came_or_went:
            for screen in self._screens()[-1:]:
                screen.show_present()
        if not self._app.is_running:
            return
        if news is not None:
            self._fresh |= dict.fromkeys(news.deals - self._fresh.keys())
            self._untold = news.after(self._untold)
            await self._take_in(news)
        await self._tell()

    async def _tell(self) -> None:
        """Tell what is untold; a screen that takes long is told seldom, so that it is at work a tenth of the time."""
        began = asyncio.get_running_loop().time()
        if self._untold is None or began < self._not_before:
            return
        news, self._untold = self._untold, None
        try:
            for screen in self._screens()[-1:]:
                await screen.on_changed(news)
        except StorageFault:
            self._untold = news
            raise
        ended = asyncio.get_running_loop().time()
        self._not_before = ended + SHARE * (ended - began) - PERIOD

    def _screens(self) -> Sequence[Follows]:
        """The screens that follow, that in front last; empty where another one is in front."""
        stack = self._app.screen_stack if self._app.is_running else []
        if not stack or not isinstance(stack[-1], Follows) or not stack[-1].is_attached:
            return ()
        return [screen for screen in stack if isinstance(screen, Follows)]

    def _complain(self, error: SalestuiError) -> None:
        """Say once that the database cannot be read; the next look that succeeds ends it."""
        said = error.text()
        if said != self._fault and self._app.is_running and not getattr(self._app, "leaving", False):
            self._fault = said
            self._app.notify(said, markup=False, timeout=6)

    async def _take_in(self, news: News) -> None:
        """Follow what is changed about the team, and about oneself."""
        desk = self._desk
        if news.of_kind("setting"):
            desk.refresh_team(await desk.ask(team_of))
        if news.of_kind("user"):
            try:
                desk.actor = await desk.ask(users.still)
            except UnknownUser as error:
                await self._leave(error)

    async def _leave(self, error: UnknownUser) -> None:
        """Somebody took this person out of the team: keep what is typed, then end and say so."""

        def end() -> None:
            raise error

        for screen in self._screens():
            await screen.keep_drafts()
        self._app.call_later(end)

    def say_where(self) -> None:
        """Tell the other sessions what the user has before him: that of the screen in front, or of those below it."""
        placed = (screen.before_me() for screen in reversed(self._screens()))
        subject, doing = next((place for place in placed if place[0]), ("", Doing.LOOKING))
        self._saying = asyncio.create_task(self._say(subject, doing))

    async def _say(self, subject: str, doing: Doing) -> None:
        with suppress(StorageFault):  # the next look tells of it
            await self._desk.show(subject, doing)

    # -- marks --------------------------------------------------------------------------------------------------

    def fresh(self) -> frozenset[int]:
        """Return the deals to mark as changed by others, for whoever draws them now; the marks go by themselves."""
        if self._fresh:
            now = asyncio.get_running_loop().time()
            self._fresh = {deal: now if since is None else since for deal, since in self._fresh.items()}
            if self._fading is None:
                self._fading = self._app.set_timer(MARKED, self._fade)
        return frozenset(self._fresh)

    def _fade(self) -> None:
        now = asyncio.get_running_loop().time()
        self._fading = None
        self._fresh = {deal: since for deal, since in self._fresh.items() if since is None or now - since < MARKED}
        for screen in self._screens()[-1:]:
            screen.show_marks()


_watchers: Final[WeakKeyDictionary[App[Any], Watcher]] = WeakKeyDictionary()


def watch(desk: Desk, app: App[Any]) -> Watcher:
    """Return the watcher of a running app, which the first call starts."""
    if app not in _watchers:
        _watchers[app] = Watcher(desk, app)
    return _watchers[app]


def watcher_of(app: App[Any]) -> Watcher | None:
    """Return the watcher of an app, None where none was started."""
    return _watchers.get(app)
