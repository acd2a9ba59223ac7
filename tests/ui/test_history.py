"""Stories of the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.screens.deal import DealScreen
from salestui.screens.history import HistoryScreen
from salestui.services import deals, history
from tests.ui.filling import done
from tests.ui.stories import BOTH, make, opened


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_days_and_what_an_event_changed_are_shown(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    story = make(tmp_path)
    done(deals.change(story.ask(), story.deal, {"amount": "130万"}))
    async with opened(story, HistoryScreen, size=size, language=language) as seen:
        seen.shows("11-19 周四 今天" if language == "zh" else "19 Nov Thu today")
        seen.shows("12:20", "118万 ▸ 130万" if language == "zh" else "1.2M ▸ 1.3M")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("质保三年", "修改：需求"), ("周志远", "新建联系人"), ("管理员", "管理员"), ("zhao", "新建用户")],
)
async def test_the_filter_finds_words_of_lines_people_and_values(tmp_path: Path, word: str, expected: str) -> None:
    story = make(tmp_path)
    done(deals.change(story.ask(), story.deal, {"need": "质保三年"}))
    async with opened(story, HistoryScreen) as seen:
        await seen.press("/")
        await seen.type(word)
        await seen.press("enter")
        seen.shows(expected, f"/ {word}")
        seen.hides("推进到")


async def test_nothing_found_says_so_and_escape_shows_all_again(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HistoryScreen) as seen:
        await seen.press("/")
        await seen.type("xyzzy")
        await seen.press("enter")
        seen.shows("没有符合的历史")
        await seen.press("escape")
        seen.hides("没有符合的历史")
        await seen.press("escape")
        assert seen.closed


async def test_only_what_one_person_did(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HistoryScreen) as seen:
        await seen.press("w")
        seen.shows("看谁的历史？", "管理员")
        await seen.press(seen.line("管理员").split()[0].lstrip("▐"))
        rows = [line for line in seen.lines if line[1:6].strip().replace(":", "").isdigit()]
        assert rows
        assert [line for line in rows if line[8:].startswith("林悦")] == []


async def test_long_histories_are_read_on_when_the_cursor_comes_near_the_end(tmp_path: Path) -> None:
    story = make(tmp_path)
    for step in range(260):
        done(deals.change(story.ask(), story.deal, {"title": f"第 {step} 次"}))
    count = len(history.events(story.ask(), limit=1000))
    async with opened(story, HistoryScreen) as seen:
        screen = seen.screen
        assert isinstance(screen, HistoryScreen)
        first = screen.listing.position[1]
        assert first < count
        await seen.press("end")
        await seen.press("end")
        assert screen.listing.position == (count, count)


async def test_the_history_of_one_deal_opens_up_to_everything(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: HistoryScreen(desk, deal=story.deal)) as seen:
        seen.shows("恒岳新材 的历史")
        seen.hides("新建用户")
        await seen.press("a", "end")
        seen.shows("新建用户")


async def test_enter_opens_the_deal_and_a_key_goes_a_day_back(tmp_path: Path) -> None:
    story = make(tmp_path)
    done(deals.change(story.ask(), story.deal, {"amount": "130万"}))
    async with opened(story, HistoryScreen) as seen:
        await seen.press("J")
        assert "▐" in seen.line("▐")
        assert "今天" not in seen.lines[seen.lines.index(seen.line("▐")) - 1]
        await seen.press("K", "enter")
        assert isinstance(seen.screen, DealScreen)
