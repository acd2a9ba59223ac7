"""Stories of the board: what it shows, how cards are moved, and why they are not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.services import customers, deals
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import Story, running


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def more_deals(story: Story, *names: str) -> list[int]:
    """Put further customers with a deal each into the first stage."""
    made = []
    for name in names:
        customer = done(customers.new(story.ask(), {"name": name}, story.campaign))
        made.append(done(deals.new(story.ask(), customer, story.campaign, {"amount": "68万"})))
    return made


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_the_board_shows_where_the_deal_stands_and_what_it_lacks(story, size, language):
    async with running(story, size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("恒岳新材", "方案制定" if zh else "Solution", "118万" if zh else "1.2M")
        seen.shows("缺7" if zh else "-7", "推进" if zh else "advance")


async def test_a_refused_advance_unfolds_the_panel_and_a_digit_goes_to_the_fix(story):
    async with running(story) as seen:
        await seen.press("greater_than_sign")
        seen.shows("还不能推进", "为什么", "怎么办")
        assert story.loaded.deal.stage == "solution"
        first = story.unmet[0]
        assert first == "solution.needs_analysis.complete"
        await seen.press("1")
        seen.shows("客户需求深度分析报告", "必填")
        await seen.press("escape")
        seen.shows("还不能推进")
        await seen.press("q")
        seen.hides("还不能推进")


@pytest.mark.parametrize("key", [">", "》", "＞", "shift+right", "f8"])
async def test_an_open_gate_moves_the_card_whatever_the_input_method_makes_of_the_key(story, key):
    story.fill.meet()
    assert story.unmet == ()
    async with running(story) as seen:
        await seen.press(key)
        seen.shows("已推进到 谈判签约")
        assert story.loaded.deal.stage == "contract"


async def test_the_filter_narrows_at_once_and_escape_brings_everything_back(story):
    more_deals(story, "瓯泰智能电气", "申浦重工")
    async with running(story) as seen:
        seen.shows("瓯泰智能电气", "申浦重工")
        await seen.press("slash")
        await seen.type("申浦")
        seen.shows("申浦重工")
        await seen.until(lambda: "瓯泰智能电气" not in seen.text)
        await seen.press("enter", "escape")
        seen.shows("瓯泰智能电气")


async def test_the_filter_knows_the_whole_name_of_a_company(story):
    async with running(story) as seen:
        await seen.press("slash")
        await seen.type("江苏恒岳新材料")
        assert "恒岳新材" in seen.lines[5] or any("118万" in line for line in seen.lines)


async def test_a_filter_that_nothing_fits_says_how_to_clear_it(story):
    async with running(story) as seen:
        await seen.press("slash")
        await seen.type("zzz")
        seen.shows("没有符合的单子", "清除")


async def test_marked_cards_are_moved_together_and_those_that_cannot_stay_marked(story):
    more_deals(story, "瓯泰智能电气", "申浦重工")
    async with running(story) as seen:
        await seen.press("home", "x", "x")
        seen.shows("已标记 2")
        await seen.press(">")
        seen.shows("2 单未过关", "已标记 2")
        await seen.press("escape")
        seen.hides("已标记")


async def test_the_owner_choice_shows_only_his_deals(story):
    more_deals(story, "瓯泰智能电气")
    done(deals.reassign(story.ask("fang"), story.deal, "chen"))
    async with running(story) as seen:
        await seen.press("w", "2")
        seen.shows("我的", "瓯泰智能电气")
        seen.hides("恒岳新材")


async def test_moving_left_asks_for_a_reason_and_the_deal_keeps_everything(story):
    async with running(story) as seen:
        await seen.press("<")
        await seen.type("x")
        assert story.loaded.deal.stage == "solution"
        await seen.press("escape")
        assert story.loaded.deal.stage == "solution"


async def test_a_rep_who_does_not_own_the_deal_is_told_who_may_move_it(story):
    async with running(story, "chen") as seen:
        await seen.press(">")
        assert story.loaded.deal.stage == "solution"
        seen.shows("林悦")


async def test_an_expired_score_shows_by_itself_when_the_board_is_read_again(story):
    async with running(story) as seen:
        seen.hides("评分过期")
        story.now += timedelta(days=40)
        await seen.app.screen.reload()
        await seen.settle()
        assert any(requirement == "grading.scoring_sheet.fresh" for requirement in story.unmet)


async def test_a_key_without_a_card_says_what_to_do(tmp_path):
    story = stories.make(tmp_path, "solution")
    done(deals.lose(story.ask(), story.deal, "price"))
    assert story.loaded.deal.status is Status.LOST
    async with running(story) as seen:
        seen.shows("还没有单子")
        await seen.press("t")
        seen.shows("按 n 新建")


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x", "ab\x1b[31mc", "汉" * 200, "👨‍👩‍👧‍👦公司"])
async def test_hostile_names_are_text_on_the_board(story, name):
    more_deals(story, name)
    async with running(story) as seen:
        assert "\x1b" not in seen.text
        await seen.press("g", "q", "enter")
        assert "\x1b" not in seen.text
        seen.shows("过关条件")


@pytest.mark.parametrize("width", [60, 80, 120, 160, 200])
async def test_every_width_shows_whole_columns(story, width):
    async with running(story, size=(width, 40)) as seen:
        seen.shows("恒岳新材", "方案制定")
