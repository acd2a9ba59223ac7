"""Stories of the deals off the board."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.screens.closed import ClosedScreen
from salestui.screens.deal import DealScreen
from salestui.services import deals
from tests.ui.filling import done
from tests.ui.stories import BOTH, Story, make, opened

CARE = partial(ClosedScreen, care=True)


def parked(folder: Path, look_again: date | None = date(2026, 12, 1)) -> Story:
    """Return a story whose deal is on the care list."""
    story = make(folder)
    done(deals.park(story.ask(days=-1), story.deal, "budget_later", "明年一季度再谈", look_again))
    return story


def lost(folder: Path) -> Story:
    """Return a story whose deal is lost."""
    story = make(folder)
    done(deals.lose(story.ask(), story.deal, "competitor", "科瑞机械", "价格低 15%"))
    return story


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_care_list_says_when_to_look_again_and_why(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with opened(parked(tmp_path), CARE, size=size, language=language) as seen:
        seen.shows("恒岳新材", "12-01" if language == "zh" else "1 Dec", "明年一季度再谈")
        seen.shows("长期维护名单 1" if language == "zh" else "Care list 1")
        seen.shows("一个月内" if language == "zh" else "Within a month")


async def test_a_day_to_look_again_that_has_come_warns(tmp_path: Path) -> None:
    story = parked(tmp_path)
    story.now += timedelta(days=20)
    async with opened(story, CARE) as seen:
        seen.shows("该再看了", "到了再看的日子")


async def test_without_a_day_it_stands_by_itself(tmp_path: Path) -> None:
    async with opened(parked(tmp_path, None), CARE) as seen:
        seen.shows("没定日期")


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_lost_deals_show_reason_and_competitor(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    async with opened(lost(tmp_path), ClosedScreen, size=size, language=language) as seen:
        seen.shows("恒岳新材", "科瑞机械", "118万" if language == "zh" else "1.2M")
        seen.shows("输给对手" if language == "zh" else "Lost to a comp")


async def test_z_brings_a_deal_back(tmp_path: Path) -> None:
    story = lost(tmp_path)
    async with opened(story, ClosedScreen) as seen:
        await seen.press("z")
        await seen.type("客户重新立项")
        await seen.press("ctrl+s")
        assert deals.get(story.ask(), story.deal).status is Status.OPEN
        seen.shows("没有丢单")


async def test_enter_opens_the_deal(tmp_path: Path) -> None:
    async with opened(lost(tmp_path), ClosedScreen) as seen:
        await seen.press("enter")
        assert isinstance(seen.screen, DealScreen)


async def test_tabs_digits_and_the_filter(tmp_path: Path) -> None:
    async with opened(lost(tmp_path), ClosedScreen) as seen:
        await seen.press("tab")
        seen.shows("还没有完成的单子")
        await seen.press("z")
        seen.shows("完成的单子不再恢复")
        await seen.press("1")
        seen.shows("维护名单是空的")
        await seen.press("2", "/")
        await seen.type("科瑞")
        await seen.press("enter")
        seen.shows("恒岳新材")
        await seen.press("escape", "/")
        await seen.type("别人")
        seen.shows("没有符合的单子", "丢单 0")


async def test_mine_leaves_out_what_others_own(tmp_path: Path) -> None:
    async with opened(lost(tmp_path), ClosedScreen, "chen") as seen:
        seen.shows("恒岳新材")
        await seen.press("w")
        seen.shows("没有丢单")
