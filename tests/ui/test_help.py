"""Stories of the help and of the commands by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui import keys
from salestui.config import Config
from salestui.i18n import gettext as _
from salestui.screens.board import BoardScreen
from salestui.screens.help import HelpScreen
from tests.ui.stories import BOTH, NARROW, make, opened, running


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_board_s_help_says_what_it_is_for_and_every_key(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with running(make(tmp_path), size=size, language=language) as seen:
        await seen.press("?")
        said = seen.text
        for _page in range(6):
            await seen.press("pagedown")
            said += seen.text
        folded = said.replace("\n", " ")
        for key in (*keys.of("board"), *keys.of("gate"), *keys.of("app")):
            assert _(key.help).split(",")[0].split("，")[0][:20] in folded, key.id
        assert seen.screen.PLACES == ("help",)
        await seen.press("q")
        assert seen.screen.PLACES == ("board",)


async def test_the_help_shows_the_keys_as_the_user_has_mapped_them(tmp_path: Path) -> None:
    config = Config(theme="dark", keymap={"board.talk": "f9"})
    async with running(make(tmp_path), config=config) as seen:
        await seen.press("?")
        assert "f9" in seen.line("记一次沟通")


async def test_the_help_scrolls_on_a_small_screen(tmp_path: Path) -> None:
    async with opened(make(tmp_path), lambda desk: HelpScreen(desk, ("deal", "move")), size=NARROW) as seen:
        seen.shows("还有")
        seen.hides("退出，草稿会保留")
        await seen.press("end")
        seen.shows("退出，草稿会保留")


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_commands_are_found_by_a_word_and_done(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    async with running(make(tmp_path), size=size, language=language) as seen:
        await seen.press("ctrl+p")
        seen.shows(
            "命令" if language == "zh" else "Commands", "想做什么" if language == "zh" else "hat do you want to do"
        )
        await seen.type("手册" if language == "zh" else "handbook")
        await seen.press("down", "up", "enter")
        seen.shows("目标" if language == "zh" else "Goal")


async def test_no_command_fits_says_so_and_escape_leads_back(tmp_path: Path) -> None:
    async with running(make(tmp_path)) as seen:
        await seen.press("ctrl+p")
        await seen.type("xyzzy")
        seen.shows("没有符合的命令")
        await seen.press("enter", "escape")
        assert isinstance(seen.screen, BoardScreen)


async def test_a_command_acts_on_the_screen_below(tmp_path: Path) -> None:
    async with running(make(tmp_path)) as seen:
        await seen.press("ctrl+p")
        await seen.type("缺什么")
        await seen.press("enter")
        seen.shows("还缺")
        assert isinstance(seen.screen, BoardScreen)
        assert seen.screen.panel.display


async def test_ctrl_c_says_what_leaves(tmp_path: Path) -> None:
    async with running(make(tmp_path)) as seen:
        await seen.press("ctrl+c")
        seen.shows("ctrl+q")
        seen.hides("Press")
