"""The first start: three ways to begin, in either language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from salestui import config, i18n, paths
from salestui.app import SAMPLE, SalesApp
from salestui.config import Config
from salestui.screens.board import BoardScreen
from salestui.screens.desk import Place
from salestui.screens.importing import ImportScreen
from salestui.screens.welcome import WelcomeScreen
from salestui.services import campaigns, users
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.ui.stories import BOTH, NOW, WIDE, Seen, WatchedDesk


@asynccontextmanager
async def first_start(
    folder: Path, size: tuple[int, int] = WIDE, language: i18n.Language = "zh"
) -> AsyncIterator[Seen]:
    """Start the app on an empty database."""
    i18n.use(language)
    store = Store.open(folder / "sales.db")
    actor = prepare(store, NOW, "lin", "", "Asia/Shanghai")
    desk = WatchedDesk(store, actor, lambda: NOW, Config(theme="dark"), Place("sales.db"))
    app = SalesApp(desk, first_start=True)
    async with app.run_test(size=size) as pilot:
        seen = Seen(None, app, desk, pilot)  # type: ignore[arg-type]  # there is no story yet
        await seen.settle()
        yield seen
    desk.close()


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_first_screen_offers_three_ways_and_says_where_the_data_lie(
    tmp_path: Path, size: tuple[int, int], language: i18n.Language
) -> None:
    async with first_start(tmp_path, size, language) as seen:
        assert isinstance(seen.screen, WelcomeScreen)
        if language == "zh":
            seen.shows("看看示例数据", "从空白开始", "导入文件", "你的数据", "sales.db")
        else:
            seen.shows("Look at sample data", "Start empty", "Import a file", "Your data", "sales.db")
        await seen.press("escape")
        assert isinstance(seen.screen, BoardScreen)
        seen.shows("还没有单子" if language == "zh" else "No deals yet")


async def test_starting_empty_asks_handbook_campaign_and_own_name_and_ends_on_its_board(tmp_path: Path) -> None:
    async with first_start(tmp_path) as seen:
        await seen.press("2")
        seen.shows("业务拓展", "市场调研 ▸ 筛选分级", "销售岗位")
        await seen.press("2")
        seen.shows("你的名字", "lin")
        await seen.type("大客户深耕")
        await seen.press("enter", "ctrl+u")
        await seen.type("林悦")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        seen.shows("大客户深耕", "客户开发", "还没有单子")
        made = campaigns.all(seen.desk.request())[0]
        assert (made.playbook, made.owner_name) == ("role", "林悦")
        assert users.get(seen.desk.request(), seen.desk.actor.id).name == seen.desk.actor.name == "林悦"


async def test_a_campaign_without_a_name_is_not_started_and_nobody_is_renamed(tmp_path: Path) -> None:
    async with first_start(tmp_path) as seen:
        await seen.press("2", "1", "tab", "ctrl+u")
        await seen.type("林悦")
        await seen.press("ctrl+s")
        seen.shows("新建拓展活动", "没有写")
        assert campaigns.all(seen.desk.request()) == ()
        assert users.get(seen.desk.request(), seen.desk.actor.id).name == "lin"
        await seen.press("escape")
        assert isinstance(seen.screen, WelcomeScreen)


async def test_the_language_changes_at_once_for_all_screens_and_for_the_next_start(tmp_path: Path) -> None:
    async with first_start(tmp_path) as seen:
        await seen.press("L")
        seen.shows("Look at sample data", "Start empty", "L 中文")
        assert config.load(paths.config_file()).language == "en"
        await seen.press("escape")
        seen.shows("No deals yet", "advance")
        seen.hides("推进")


async def test_sample_data_are_opened_by_the_program_after_the_app_has_left(tmp_path: Path) -> None:
    async with first_start(tmp_path) as seen:
        await seen.press("1")
        await seen.pilot.pause()
        assert seen.app.return_value == SAMPLE


async def test_a_file_can_be_brought_at_once_and_its_campaign_is_made_on_the_way(tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("公司,金额\n宁斯自动化设备,76万\n", "utf-8")
    async with first_start(tmp_path) as seen:
        await seen.press("3")
        assert isinstance(seen.screen, ImportScreen)
        seen.screen.path_line.value = str(leads)
        await seen.press("enter", "1")
        await seen.type("华东新市场进入")
        await seen.press("enter", "enter", "1", "ctrl+s")
        assert isinstance(seen.screen, ImportScreen)
        seen.shows("导入前试算", "宁斯自动化设备")
        await seen.press("ctrl+s")
        seen.shows("已导入 1 张单子")
        await seen.press("escape")
        assert isinstance(seen.screen, BoardScreen)
        seen.shows("宁斯自动化设备", "76万")


async def test_the_first_screens_have_their_help_and_the_choice_of_a_handbook_speaks_the_other_language(
    tmp_path: Path,
) -> None:
    async with first_start(tmp_path) as seen:
        await seen.press("?")
        assert seen.shows("帮助", "欢迎")
        await seen.press("escape", "2")
        assert seen.shows("按哪本手册")
        await seen.press("L")
        assert seen.shows("By which handbook?", "A campaign keeps its handbook.")
        await seen.press("?")
        assert seen.shows("Help", "Keys of this place")
        await seen.press("escape", "1")
        assert seen.hides("By which handbook?")
