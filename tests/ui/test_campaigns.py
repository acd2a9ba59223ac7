"""Campaigns: the list with what runs in them, one with its lists of customers and its own outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.screens.campaign import CampaignScreen
from salestui.screens.campaigns import CampaignsScreen
from salestui.screens.customer import CustomerScreen
from salestui.services import campaigns, customers, deals, memberships
from tests.ui.filling import done
from tests.ui.stories import BOTH, NARROW, SIZES, Story, make, opened, running


def member(story: Story, name: str) -> int:
    outcome = customers.new(story.ask(), {"name": name}, story.campaign)
    assert isinstance(outcome, Done)
    return outcome.number


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_list_tells_what_runs_in_a_campaign_and_opens_it(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path)
    member(story, "宁斯自动化设备")
    chinese = language == "zh"
    async with running(story, size=size, language=language) as seen:
        await seen.press("M")
        line = seen.line("华东新市场进入")
        assert ("118万" if chinese else "1.2M") in line
        assert "✓" in line
        seen.shows("业务拓展 1" if chinese else "Business development 1")
        await seen.press("enter")
        assert isinstance(seen.screen, CampaignScreen)
        seen.shows("还没分类" if chinese else "No class yet", "宁斯自动化设备", "r1", "恒岳新材")
        seen.shows("高潜力机会" if chinese else "High potential")


async def test_a_customer_without_a_class_is_put_on_a_list_from_here(tmp_path: Path) -> None:
    story = make(tmp_path)
    number = member(story, "宁斯自动化设备")
    async with opened(story, lambda desk: CampaignScreen(desk, story.campaign)) as seen:
        while "宁斯" not in seen.line("▐"):
            await seen.press("j")
        await seen.press("c", "2", "enter")
        await seen.type("预算要到明年")
        await seen.press("ctrl+s")
        place = memberships.membership(story.ask(), number, story.campaign)
        assert place.reason == "预算要到明年"
        assert "预算要到明年" in seen.line("▐")
        await seen.press("enter")
        assert isinstance(seen.screen, CustomerScreen)


async def test_an_output_of_the_campaign_opens_from_its_line(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CampaignScreen(desk, story.campaign)) as seen:
        await seen.press("o")
        seen.shows("市场调研分析报告")
        assert not isinstance(seen.screen, CampaignScreen)


async def test_customers_and_deals_are_added_where_they_belong(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CampaignScreen(desk, story.campaign)) as seen:
        await seen.press("a")
        await seen.type("盐悦纺机")
        await seen.press("ctrl+s")
        assert "盐悦纺机" in seen.line("▐")
        assert "◦" in seen.line("▐")
        await seen.press("n")
        seen.shows("盐悦纺机")
        await seen.press("ctrl+s")
        assert "◦" not in seen.line("▐")
        assert deals.listed(story.ask())[-1].customer_name == "盐悦纺机"


async def test_a_new_campaign_begins_with_its_handbook_and_an_old_one_is_closed_by_changing_it(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, CampaignsScreen) as seen:
        await seen.press("n")
        seen.shows("业务拓展", "市场调研 ▸ 筛选分级", "销售岗位")
        await seen.press("1")
        await seen.type("华南存量深耕")
        await seen.press("enter", "2", "ctrl+s")
        seen.shows("拓展活动「华南存量深耕」建好了")
        assert "华南存量深耕" in seen.line("▐")
        await seen.press("i")
        seen.screen.form.go_to("closed")  # type: ignore[attr-defined]  # the campaign's form
        await seen.settle()
        await seen.press("1", "ctrl+s")
        made = campaigns.find(story.ask(), "华南存量深耕")
        assert (made.closed, made.scenario) == (True, "existing_growth")
        assert "已结束" in seen.line("华南存量深耕")


async def test_a_handbook_without_lists_shows_its_customers_all_the_same(tmp_path: Path) -> None:
    story = make(tmp_path, "discovery", playbook="role")
    async with opened(story, lambda desk: CampaignScreen(desk, story.campaign)) as seen:
        seen.shows("恒岳新材")
        seen.hides("还没分类")
        while "恒岳" not in seen.line("▐"):
            await seen.press("j")
        await seen.press("c")
        seen.shows("不分清单")


async def test_the_narrow_screen_shows_what_the_campaign_is_about_on_tab(tmp_path: Path) -> None:
    story = make(tmp_path)
    done(campaigns.change(story.ask(), story.campaign, {"market": "华东食品加工企业"}))
    async with opened(story, lambda desk: CampaignScreen(desk, story.campaign), size=NARROW) as seen:
        seen.hides("华东食品加工企业")
        await seen.press("tab")
        seen.shows("华东食品加工企业")
        await seen.press("escape", "escape")
        assert seen.closed


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x", "\x1b[31m红", "长" * 200, "👨‍👩‍👧‍👦公司"])
async def test_a_hostile_name_is_shown_safely(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    story = make(tmp_path)
    member(story, name)
    done(campaigns.change(story.ask(), story.campaign, {"name": name, "market": name}))
    async with opened(story, CampaignsScreen, size=size) as seen:
        await seen.press("enter")
        assert isinstance(seen.screen, CampaignScreen)
        assert "\x1b" not in seen.text
        await seen.press("tab")
        assert "\x1b" not in seen.text
        await seen.pilot.click(offset=(5, 5))
        assert seen.app.is_running


async def test_a_new_campaign_is_confirmed_and_what_follows_is_said(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story, size=NARROW, language="en") as seen:
        await seen.press("M", "n", "1")
        await seen.type("Tianjin")
        await seen.press("enter", "2", "ctrl+s")
        seen.shows("The campaign Tianjin is made")
        assert [each.name for each in campaigns.all(story.ask())].count("Tianjin") == 1
