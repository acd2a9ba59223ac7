"""What is wrong with the place of the database is told once, at the start, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from salestui import i18n
from salestui.app import SalesApp
from salestui.config import Config
from salestui.screens.desk import Place
from salestui.services import health
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.ui.stories import BOTH, NOW, Seen, WatchedDesk


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_a_place_that_is_not_right_is_told_at_the_start(
    tmp_path: Path, size: tuple[int, int], language: i18n.Language
) -> None:
    i18n.use(language)
    store = Store.open(tmp_path / "sales.db")
    actor = prepare(store, NOW, "lin", "", "Asia/Shanghai")
    facts = replace(health.measure(tmp_path / "sales.db", NOW), free=5_000_000, path=Path("/srv/sales.db"))
    facts = replace(facts, directory=replace(facts.directory, path=Path("/srv")))
    told = tuple(f"{each.text()} {each.advice()}" for each in health.judge(facts) if each.advice())
    desk = WatchedDesk(store, actor, lambda: NOW, Config(theme="dark"), Place("sales.db", findings=told))
    app = SalesApp(desk)
    async with app.run_test(size=size) as pilot:
        seen = Seen(None, app, desk, pilot)  # type: ignore[arg-type]  # there is no story yet
        await seen.settle()
        seen.shows("只剩 5 MB" if language == "zh" else "Only 5 MB", "/srv")
    desk.close()
