"""What a key sends to the terminal, in bytes, on a fixed screen: the same at ten deals and at ten thousand.

The limits are those of docs/rendering.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from salestui import i18n
from salestui.config import Config
from salestui.domain.views import GateState
from salestui.screens import board
from salestui.screens.desk import Place
from salestui.storage.store import Store
from salestui.widgets.column import BoardColumn
from tests.services.desk import NOW
from tests.speed.bulk import actor_of, grown
from tests.ui.stories import Seen, WatchedDesk
from tests.ui.wire import Wire, at_desk

FULL = {
    "step down": 600, "strip": 1_500, "next column": 600, "panel open": 8_000, "panel close": 8_000,
    "filter character": 4_000, "form character": 300, "move": 5_000, "deal": 20_000, "nothing": 0,
}  # fmt: skip
SSH = {**FULL, "step down": 250, "next column": 250, "strip": 800, "panel open": 4_000, "panel close": 4_000}
PROFILES = {"full": FULL, "ssh": SSH}


async def _costs(seen: Seen, wire: Wire) -> dict[str, int]:
    """Press the keys of a day and return what each sent."""
    costs: dict[str, int] = {}

    async def spend(name: str, act: Callable[[], Awaitable[object]]) -> None:
        wire.sent()
        await act()
        await seen.settle()
        costs[name] = max(costs.get(name, 0), wire.cost())

    home = seen.app.screen
    assert isinstance(home, board.BoardScreen)
    for _step in range(3):
        await spend("step down", lambda: seen.press("j"))
        await spend("strip", home._load_gate)
    for _step in range(3):
        await spend("next column", lambda: seen.press("l"))
        await spend("strip", home._load_gate)
    for _time in range(2):
        await spend("panel open", lambda: seen.press("g"))
        await spend("panel close", lambda: seen.press("g"))
    await seen.press("slash")
    for character in "al":
        await spend("filter character", lambda typed=character: seen.press(typed))  # type: ignore[misc]
    await seen.press("escape")
    await spend("deal", lambda: seen.press("enter"))
    await seen.press("escape", "t", "tab", "tab", "x")
    for character in "yz ab":
        await spend("form character", lambda typed=character: seen.type(typed))  # type: ignore[misc]
    await spend("nothing", seen.settle)
    await seen.press("escape", "escape")
    if found := _ready(seen):
        home.board_view.select(found[0])
        await home._load_gate()
        await spend("move", lambda: seen.press(">"))
    return costs


def _ready(seen: Seen) -> list[int]:
    """Return the deals in sight whose gate is open."""
    return [
        card.deal_id
        for column in seen.app.screen.query(BoardColumn)
        for slot in range(column.capacity)
        if (card := column.card(column.offset_index + slot)) is not None and card.gate.state is GateState.READY
    ]


@pytest.mark.parametrize(("profile", "deals"), [("full", 10), ("full", 10_000), ("ssh", 10_000)])
async def test_a_key_sends_few_bytes_whatever_the_number_of_deals(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, profile: str, deals: int
) -> None:
    costs = await _measured(_copied(tmp_path_factory, deals), monkeypatch, profile)
    print(f"{profile}, {deals} deals: {costs}")
    assert {name: spent for name, spent in costs.items() if spent > PROFILES[profile][name]} == {}
    assert "move" in costs or deals > 10, "no card among the ten can move"


async def test_whole_regions_as_textual_sends_them_would_break_these_limits(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = await _measured(_copied(tmp_path_factory, 10), monkeypatch, "full", light=False)
    print(f"whole regions: {costs}")
    assert {"panel open", "panel close", "filter character"} <= {
        name for name, spent in costs.items() if spent > FULL[name]
    }


def _copied(factory: pytest.TempPathFactory, deals: int) -> Path:
    """Return a database of one's own: a card is moved in it."""
    made = grown(factory.getbasetemp(), deals)
    return Path(shutil.copytree(made.parent, factory.mktemp("bytes") / "data")) / made.name


async def _measured(
    database: Path, monkeypatch: pytest.MonkeyPatch, profile: str, *, light: bool = True
) -> dict[str, int]:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(board, "REST", 3600.0)
    i18n.use("en")
    with Store.open(database) as store:
        config = Config(theme="dark", profile=profile)
        desk = WatchedDesk(store, actor_of(store), lambda: NOW, config, Place("sales.db"))
        async with at_desk(desk, light=light) as (seen, wire):
            found = await _costs(seen, wire)
            assert not wire.faults()
        desk.close()
    return found
