"""Stories of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui import config, i18n, paths
from salestui.screens.board import BoardScreen
from salestui.screens.settings import SettingsScreen
from salestui.services import deals, settings, users
from tests.ui.stories import BOTH, NARROW, Seen, make, opened, running


async def to_row(seen: Seen, key: str) -> None:
    """Put the cursor on a row."""
    screen = seen.screen
    assert isinstance(screen, SettingsScreen)
    await seen.press("home")
    while screen.rows.selected is not None and screen.rows.selected.key != key:
        assert screen.rows.move_cursor(1), f"{key} not there"
    await seen.settle()


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_all_settings_are_there_with_what_they_are_for(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with opened(make(tmp_path), SettingsScreen, "boss", size=size, language=language) as seen:
        seen.shows("我的设置" if language == "zh" else "My settings", "Asia/Shanghai")
        await seen.press("end")
        seen.shows("周敏", "zhou", "法务" if language == "zh" else "Legal")


async def test_the_language_changes_on_every_open_screen_and_in_the_file(tmp_path: Path) -> None:
    story = make(tmp_path)
    before = deals.get(story.ask(), story.deal)
    async with running(story) as seen:
        seen.shows("销售看板", "方案制定")
        await seen.press("S")
        await to_row(seen, "mine.language")
        await seen.press("3")
        seen.shows("My settings", "Language")
        seen.hides("我的设置")
        assert i18n.language() == "en"
        assert config.load(paths.config_file()).language == "en"
        await seen.press("escape")
        assert isinstance(seen.screen, BoardScreen)
        seen.shows("Solution", "open")
        seen.hides("销售看板", "方案制定")
        await seen.press("S")
        await to_row(seen, "mine.language")
        await seen.press("2", "escape")
        seen.shows("销售看板", "方案制定")
        assert deals.get(story.ask(), story.deal) == before


async def test_colours_and_signs_change_at_once_and_keep_the_rest_of_the_file(tmp_path: Path) -> None:
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    path.write_text('# mine\ndensity = "air" # roomy\n', "utf-8")
    async with opened(make(tmp_path), SettingsScreen) as seen:
        await to_row(seen, "mine.theme")
        await seen.press("3")
        assert seen.app.theme == "salestui-light"
        await seen.press("2")
        assert seen.app.theme == "salestui-dark"
        await to_row(seen, "mine.symbols")
        await seen.press("right", "right")
        seen.shows("+ 自动" if "+ 自动" in seen.text else "+ + x >")
        await seen.press("1")
    text = path.read_text("utf-8")
    assert text.startswith('# mine\ndensity = "air" # roomy\n')
    assert 'theme = "dark"' in text


async def test_a_file_that_cannot_be_changed_is_told_and_nothing_changes(tmp_path: Path) -> None:
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    path.write_text("theme = [\n", "utf-8")
    async with opened(make(tmp_path), SettingsScreen) as seen:
        await to_row(seen, "mine.theme")
        await seen.press("3")
        seen.shows("config.toml")
        assert seen.app.theme == "salestui-dark"


async def test_somebody_alone_gives_himself_a_name_and_roles(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, SettingsScreen, "boss") as seen:
        await to_row(seen, "me.name")
        await seen.press("enter")
        await seen.press(*("backspace" for _letter in "管理员"))
        await seen.type("王明")
        await seen.press("ctrl+s")
        seen.shows("王明")
        await to_row(seen, "me.roles")
        await seen.press("enter", "1", "ctrl+s")
        me = users.find(story.ask(), "boss")
        assert (me.name, len(me.roles)) == ("王明", 1)
        assert seen.desk.actor == me.actor()


async def test_a_rep_is_told_who_changes_the_team_and_the_users(tmp_path: Path) -> None:
    async with opened(make(tmp_path), SettingsScreen, size=NARROW) as seen:
        for row in ("team.zone", "me.name"):
            await to_row(seen, row)
            await seen.press("enter")
            seen.shows("管理员")
            assert isinstance(seen.screen, SettingsScreen)
        await seen.press("n")
        seen.shows("管理员")


async def test_an_administrator_changes_the_team_and_adds_a_user(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, SettingsScreen, "boss") as seen:
        await to_row(seen, "team.currency")
        await seen.press("enter")
        await seen.press("backspace", "backspace", "backspace")
        await seen.type("EUR")
        await seen.press("ctrl+s")
        seen.shows("EUR")
        assert settings.team(story.ask()).currency == "EUR"
        await seen.press("n")
        await seen.type("wang")
        await seen.press("ctrl+s")
        seen.shows("wang")
        assert users.find(story.ask(), "wang").permission.value == "rep"


async def test_the_last_administrator_cannot_lock_himself_out(tmp_path: Path) -> None:
    async with opened(make(tmp_path), SettingsScreen, "boss") as seen:
        await to_row(seen, "me.permission")
        await seen.press("enter")
        seen.shows("另一位管理员")
