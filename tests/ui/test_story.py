"""The whole job by keyboard alone, from an empty database to a completed deal; then one lost, one parked, reopened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from salestui import i18n
from salestui.app import SalesApp
from salestui.config import Config
from salestui.domain.facts import Status
from salestui.screens.board import BoardScreen
from salestui.screens.desk import Place
from salestui.services import campaigns, deals, history
from salestui.services.loading import load
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.e2e.hands import Hands
from tests.effort import EFFORT
from tests.ui.stories import BOTH, NOW, Seen, WatchedDesk

LEADS = """公司,行业,地区,联系人,职位,电话,金额
常州恒岳新材料有限公司,新材料,常州,王建国,采购总监,138 0000 6612,118万
苏州启明电子有限公司,电子,苏州,李娜,工艺主任,139 0000 1212,76万
宁波海图精密有限公司,精密制造,宁波,周志远,财务经理,137 0000 3434,45万
"""
STAGES = ["research", "grading", "contact", "solution", "contract", "fulfilment"]


@dataclass
class PilotKeyboard:
    """The keyboard of a pilot."""

    seen: Seen
    pressed: list[str] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they start."""
        self.pressed += keys
        for key in keys:
            self._post(key)
            await self._processed()

    async def type(self, text: str) -> None:
        """Type a text in one go."""
        self.pressed += text
        for character in text:
            self._post(character)
        await self._processed()

    def _post(self, key: str) -> None:
        name = _character_to_key(key) if len(key) == 1 else key
        self.seen.app.post_message(events.Key(name, key if len(key) == 1 else None))

    async def _processed(self) -> None:
        """Wait until the keys are taken in and what they started is done."""
        quiet, calls, desk = 0, -1, self.seen.desk
        while quiet < 3:
            await self.seen.pilot._wait_for_screen()
            await asyncio.gather(*desk.running)
            quiet = quiet + 1 if calls == desk.calls and not self.seen.app.at_work else 0
            calls = desk.calls

    async def sees(self, *texts: str) -> None:
        """See texts."""
        self.seen.shows(*texts)

    async def waits(self, claim: Callable[[], bool], wanted: str) -> None:
        """Everything has happened already."""
        assert claim(), f"{wanted} did not come:\n{self.seen.text}"


@asynccontextmanager
async def from_nothing(folder: Path, size: tuple[int, int], language: i18n.Language) -> AsyncIterator[PilotKeyboard]:
    """Start the app on an empty database."""
    i18n.use(language)
    store = Store.open(folder / "sales.db")
    actor = prepare(store, NOW, "lin", "", "Asia/Shanghai")
    desk = WatchedDesk(store, actor, lambda: NOW, Config(theme="dark", language=language), Place("sales.db"))
    app = SalesApp(desk, first_start=True)
    async with app.run_test(size=size) as pilot:
        seen = Seen(None, app, desk, pilot)  # type: ignore[arg-type]  # there is no story yet
        await seen.settle()
        yield PilotKeyboard(seen)
    desk.close()


@asynccontextmanager
async def watching(folder: Path, keyboard: PilotKeyboard, language: str) -> AsyncIterator[Hands]:
    """Open the same database a second time, to look on."""
    with Store.open(folder / "sales.db") as store:

        def eyes() -> Request:
            return Request(store, keyboard.seen.desk.actor, NOW)

        papers = folder / "papers"
        papers.mkdir()
        yield Hands(keyboard, eyes, papers, language, thorough=EFFORT > 1)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("size", "language"), [BOTH[0], BOTH[3]] if EFFORT > 1 else [BOTH[0]])
async def test_a_rep_works_from_an_empty_database_to_a_completed_deal(
    tmp_path: Path, size: tuple[int, int], language: i18n.Language
) -> None:
    (tmp_path / "leads-2026.csv").write_text(LEADS, "utf-8")
    async with from_nothing(tmp_path, size, language) as keyboard, watching(tmp_path, keyboard, language) as hands:
        seen = keyboard.seen
        await keyboard.press("2", "1")
        await keyboard.type("华东新市场进入")
        await keyboard.press("tab", "ctrl+u")
        await keyboard.type("林悦")
        await keyboard.press("tab", "1", "ctrl+s")
        assert isinstance(seen.screen, BoardScreen), seen.text
        await keyboard.press("I")
        await keyboard.type(str(tmp_path / "leads-"))
        await keyboard.press("tab", "enter")
        seen.shows("常州恒岳新材料有限公司")
        await keyboard.press("ctrl+s", "escape")
        assert isinstance(seen.screen, BoardScreen), seen.text
        known = {deal.customer_label: deal.id for deal in deals.listed(hands.eyes())}
        assert len(known) == 3
        won, lost, parked = (known[row.partition(",")[0]] for row in LEADS.splitlines()[1:])
        assert campaigns.all(hands.eyes())[0].owner_name == "林悦"

        await hands.find("恒岳")
        assert await hands.walk(won) == STAGES
        assert load(hands.eyes(), won).deal.status is Status.COMPLETED
        playbook = load(hands.eyes(), won).playbook
        assert set(hands.filled) == {o.key for _s, o in playbook.outputs() if o.met_by is None}
        await keyboard.press("escape", "escape")

        await hands.find("启明")
        await keyboard.press("d", "1", "tab")
        await keyboard.type("华德")
        await keyboard.press("tab")
        await keyboard.type("价格差两成")
        await keyboard.press("ctrl+s")
        assert load(hands.eyes(), lost).deal.status is Status.LOST
        await keyboard.press("escape", "escape")

        await hands.find("海图")
        await keyboard.press("p", "1", "tab")
        await keyboard.type("+90")
        await keyboard.press("ctrl+s")
        assert load(hands.eyes(), parked).deal.status is Status.IN_CARE
        await keyboard.press("escape", "escape", "L")
        seen.shows("海图")
        await keyboard.press("z")
        await keyboard.type("预算批了")
        await keyboard.press("ctrl+s", "escape")
        assert isinstance(seen.screen, BoardScreen)
        seen.shows("海图")
        again = load(hands.eyes(), parked).deal
        assert (again.status, again.stage) == (Status.OPEN, "research")
        actions = {event.action for event in history.events(hands.eyes(), limit=1000)}
        assert {"deal.completed", "deal.lost", "deal.parked", "deal.reopened", "output.sent", "review.voted"} <= actions
