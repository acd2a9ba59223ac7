"""Stories of the screens: a small team, a deal filled through the services up to a wanted stage, keys, what is seen.

`make(folder, "solution")` puts a deal there; `async with opened(story, Screen(...)) as seen:` opens a screen over the
board; `seen.press("ctrl+s")`, `seen.type("质保")`, `seen.lines`, `seen.shows("...")`, `seen.outcome` tell the story.
It is 2026-11-19 12:20 in Shanghai, and stays so.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from salestui import i18n
from salestui.app import SalesApp
from salestui.config import Config
from salestui.domain.people import Actor
from salestui.screens import output_keeping
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk, Place
from salestui.screens.drafting import REST
from salestui.screens.output_draft import OutputDraft
from salestui.services import campaigns, contacts, customers, deals, settings, users
from salestui.services.loading import Loaded, judge, load
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.ui.filling import Filler, done

NOW = datetime(2026, 11, 19, 4, 20, tzinfo=UTC)
"""2026-11-19 12:20 in Shanghai."""
WIDE, NARROW = (120, 40), (80, 24)
SIZES = (WIDE, NARROW)
TEAM = (
    ("lin", "林悦", "rep", ()),
    ("chen", "陈立", "rep", ()),
    ("zhao", "赵工", "rep", ("technical",)),
    ("sun", "孙洁", "rep", ("sales",)),
    ("zhou", "周敏", "rep", ("legal",)),
    ("fang", "方总", "manager", ("sales_manager",)),
)
"""The team: login, name, permission, reviewer roles. 林悦 owns the deal; "boss" administers."""
CONTACTS = (("王建国", "采购总监", "决策"), ("李娜", "工艺主任", "技术"), ("周志远", "财务经理", "预算"))


class WatchedDesk(Desk):
    """A desk that knows which services are under way, so that a story can wait for them."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.calls = 0
        self.running: set[asyncio.Future[None]] = set()

    async def ask(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a reading service, and be watched."""
        return await self._watched(super().ask(service, *args, **kwargs))

    async def tell(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a writing service, and be watched."""
        return await self._watched(super().tell(service, *args, **kwargs))

    async def write(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Write a file, and be watched."""
        return await self._watched(super().write(act, *args, **kwargs))

    async def _watched(self, call: Awaitable[Any]) -> Any:
        self.calls += 1
        ended = asyncio.get_running_loop().create_future()
        self.running.add(ended)
        try:
            return await call
        finally:
            self.running.discard(ended)
            if not ended.done():
                ended.set_result(None)


@dataclass
class Story:
    """A database in use, its people by login, and the deal the story is about."""

    folder: Path
    store: Store
    people: Mapping[str, Actor]
    campaign: int
    customer: int
    deal: int
    now: datetime = NOW
    desks: list[WatchedDesk] = field(default_factory=list)

    def ask(self, who: str = "lin", **later: float) -> Request:
        """Return a person's request, now or some time later (days=…, hours=…)."""
        return Request(self.store, self.people[who], self.now + timedelta(**later))

    def desk(self, who: str = "lin", config: Config | None = None) -> WatchedDesk:
        """Return the desk of a person; the clock stands still at `now`."""
        desk = WatchedDesk(
            self.store, self.people[who], lambda: self.now, config or Config(theme="dark"), Place("sales.db")
        )
        self.desks.append(desk)
        return desk

    def role(self, role: str) -> Request:
        """Return the request of who holds a reviewer role."""
        login = next(login for login, actor in self.people.items() if role in actor.roles)
        return self.ask(login)

    @property
    def fill(self) -> Filler:
        """What meets requirements of the deal, as its owner."""
        return Filler(self.folder, self.deal, self.ask(), self.role)

    @property
    def loaded(self) -> Loaded:
        """The deal with its playbook and facts, as they are now."""
        return load(self.ask(), self.deal)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The keys of what the gate does not find met."""
        return tuple(requirement.key for requirement in judge(self.ask(), self.deal).unmet)

    def recording(self, *, allowed: bool) -> None:
        """Let votes and exceptions be recorded for others, or not."""
        done(settings.change(self.ask("boss"), {"recorded_votes": allowed}))

    def close(self) -> None:
        """Close everything."""
        for desk in self.desks:
            desk.close()
        self.store.close()


def prepared(folder: Path, playbook: str, stage: str) -> Story:
    """Make the database of a story: a team, a campaign, one customer with contacts, and the deal in `stage`."""
    store = Store.open(folder / "sales.db")
    start = NOW - timedelta(days=2)
    boss = prepare(store, start, "boss", "管理员", "Asia/Shanghai")
    admin = Request(store, boss, start)
    for login, name, permission, roles in TEAM:
        done(users.add(admin, login, name, permission, roles))
    people = {"boss": boss, **{login: users.find(admin, login).actor() for login, *_rest in TEAM}}
    lin = Request(store, people["lin"], start)
    scenario = {"scenario": "new_market"} if playbook == "expansion" else {}
    campaign = done(campaigns.new(lin, {"name": "华东新市场进入", "playbook": playbook, **scenario}))
    company = {"name": "江苏恒岳新材料股份有限公司", "short_name": "恒岳新材", "industry": "新材料", "region": "常州"}
    customer = done(customers.new(lin, {**company, "size": "1200 人"}, campaign))
    for name, title, role in (
        ("王建国", "采购总监", "决策"),
        ("李娜", "工艺主任", "技术"),
        ("周志远", "财务经理", "预算"),
    ):
        done(contacts.new(lin, customer, {"name": name, "title": title, "role": role, "phone": "138 0000 6612"}))
    deal = done(deals.new(lin, customer, campaign, {"amount": "118万", "expected_on": "2026-12-18"}))
    story = Story(folder, store, people, campaign, customer, deal, now=start)
    story.recording(allowed=False)
    story.fill.go_to(stage)
    return replace(story, now=NOW)


@cache
def _model(playbook: str, stage: str) -> Story:
    """Prepare a story once for a whole run of tests; it is copied for each of them."""
    folder = Path(tempfile.mkdtemp(prefix="story-"))
    story = prepared(folder, playbook, stage)
    story.store.close()
    return story


def make(folder: Path, stage: str = "solution", *, playbook: str = "expansion") -> Story:
    """Return a story of its own in an empty `folder`, its deal in `stage` with everything before it met."""
    model = _model(playbook, stage)
    place = folder / "data"
    shutil.copytree(model.folder, place)
    return replace(
        model, folder=place, store=Store.open(place / "sales.db"), people=dict(model.people), now=NOW, desks=[]
    )


def reopened(story: Story, folder: Path) -> Story:
    """Return the same story with its database opened anew, as by the next start of the program."""
    return replace(story, store=Store.open(folder / "sales.db"), desks=[])


@dataclass
class Seen:
    """An open screen: keys go in, lines of text come out."""

    story: Story
    app: SalesApp
    desk: WatchedDesk
    pilot: Pilot[Any]
    outcomes: list[object] = field(default_factory=list)

    @property
    def screen(self) -> SalesScreen[Any]:
        """The screen on top."""
        screen = self.app.screen
        assert isinstance(screen, SalesScreen)
        return screen

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """What stands on the screen, with what is told in passing."""
        return "\n".join([*self.lines, *(notice.message for notice in self.app._notifications)])

    def shows(self, *texts: str) -> bool:
        """Tell whether all these texts are seen; on failure the whole screen is in the assertion."""
        lacking = [text for text in texts if text not in self.text]
        assert not lacking, f"{lacking} not on\n{self.text}"
        return True

    def hides(self, *texts: str) -> bool:
        """Tell whether none of these texts is seen."""
        there = [text for text in texts if text in self.text]
        assert not there, f"{there} on\n{self.text}"
        return True

    def line(self, text: str) -> str:
        """Return the first line that contains `text`."""
        found = [line for line in self.lines if text in line]
        assert found, f"{text} not on\n{self.text}"
        return found[0]

    @property
    def outcome(self) -> object:
        """What the screen that was opened came back with."""
        assert self.outcomes, f"still open:\n{self.text}"
        return self.outcomes[-1]

    @property
    def closed(self) -> bool:
        """Whether the screen that was opened has gone."""
        return bool(self.outcomes)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they start."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text, Chinese or not, into what has the focus."""
        for character in text:
            if character.isascii():
                await self.pilot.press("space" if character == " " else character)
            else:
                self.app.post_message(events.Key(character, character))
        await self.settle()

    async def settle(self) -> None:
        """Wait until what the keys started has been done: messages, services, and what is drawn afterwards."""
        quiet, calls = 0, -1
        while quiet < 2:
            await self.pilot.pause()
            await asyncio.gather(*self.desk.running)
            quiet = quiet + 1 if calls == self.desk.calls and not self._at_work else 0
            calls = self.desk.calls

    @property
    def _at_work(self) -> bool:
        """Whether a key is at work, or a draft about to be kept; a key that ends the app never comes to its end."""
        if not self.app.is_running or self.app._exit:
            return False
        draft = getattr(self.app.screen, "draft", None)
        return self.app.at_work or (isinstance(draft, OutputDraft) and draft._typed and output_keeping.REST < REST)

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait for something that a timer starts; a test that waits in vain ends by its timeout."""
        while not done():
            await self.settle()


Opens = Callable[[Desk], Any]


@asynccontextmanager
async def running(
    story: Story, who: str = "lin", *, size: tuple[int, int] = WIDE, language: str = "zh", config: Config | None = None
) -> AsyncIterator[Seen]:
    """Run the app of a person on the board."""
    i18n.use("zh" if language == "zh" else "en")
    desk = story.desk(who, config)
    app = SalesApp(desk)
    async with app.run_test(size=size) as pilot:
        seen = Seen(story, app, desk, pilot)
        await seen.settle()
        yield seen
    story.close()


@asynccontextmanager
async def opened(
    story: Story,
    opens: Opens,
    who: str = "lin",
    *,
    size: tuple[int, int] = WIDE,
    language: str = "zh",
    config: Config | None = None,
) -> AsyncIterator[Seen]:
    """Open a screen over the board: `opens(desk)` returns it, at once or as a coroutine."""
    async with running(story, who, size=size, language=language, config=config) as seen:
        screen = opens(seen.app.desk)
        screen = screen if isinstance(screen, SalesScreen) else await screen
        await seen.app.push_screen(screen, seen.outcomes.append)
        await seen.settle()
        yield seen


BOTH = tuple((size, language) for size in SIZES for language in ("zh", "en"))
"""Every size with every language, for parametrized tests."""
