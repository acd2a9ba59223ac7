"""Stories of scoring a customer: digits, evidence, what the grade brings, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.screens.score import ScoreScreen
from salestui.services import scores
from tests.ui import stories
from tests.ui.stories import NARROW, Seen, Story, opened


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "grading")


def card(story: Story):
    return lambda desk: ScoreScreen(desk, story.deal)


def earlier(story: Story, days: int, points: tuple[int, ...]) -> None:
    """Score the customer so many days ago."""
    replace(story.fill, owner=story.ask(days=-days)).score(story.loaded, points)


async def write_evidence(seen: Seen) -> None:
    """Write one evidence after the other, as the card asks for them."""
    await seen.press("home")
    for _criterion in range(5):
        await seen.press("e")
        await seen.type("call")
        await seen.press("enter")


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_the_first_score_shows_every_criterion_and_what_is_missing(story, size, language):
    async with opened(story, card(story), size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("恒岳新材", "客户评分" if zh else "Customer score", "第一次评分" if zh else "first score")
        seen.shows("企业规模" if zh else "Company size", "决策链清晰度" if zh else "Clarity of the d")
        seen.shows("还缺 10" if zh else "10 to go", "ctrl+s", "林悦")
        seen.hides("score" if zh else "评分")


async def test_digits_score_and_move_on_evidence_follows_and_saving_gives_the_grade(story):
    async with opened(story, card(story)) as seen:
        await seen.press("4", "4", "5", "4", "5")
        seen.shows("22", "重点拓展")
        await write_evidence(seen)
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        known = scores.latest(story.ask(), story.customer, story.campaign)
        assert (known.total, known.grade) == (22, "A")
        assert set(known.evidence.values()) == {"call"}
        seen.shows("恒岳新材  A 22", "《A级客户专项拓展计划》尚未写")


async def test_before_saving_an_a_says_which_plan_the_gate_will_ask_for(story):
    async with opened(story, card(story)) as seen:
        await seen.press("4", "4", "5", "4")
        seen.shows("若是 A", "《A级客户专项拓展计划》尚未写", "过关条件会多出这一项", "每 7 天至少跟进一次")
        seen.shows("若是 B", "每 14 天至少跟进一次")


async def test_a_plan_that_is_there_is_not_asked_again(story):
    story.fill.fill("account_plan")
    async with opened(story, card(story)) as seen:
        await seen.press("4", "4", "5", "4", "5")
        seen.shows("《A级客户专项拓展计划》 r1 已写")
        seen.hides("尚未写")


async def test_a_c_says_before_saving_that_it_cannot_pass(story):
    async with opened(story, card(story)) as seen:
        await seen.press("1", "1", "1", "1", "1")
        seen.shows("不能过关，转入长期维护名单", "✗")


async def test_an_incomplete_card_is_not_saved_and_the_cursor_goes_to_what_is_missing(story):
    async with opened(story, card(story)) as seen:
        await seen.press("4", "4")
        await seen.press("ctrl+s")
        assert not seen.closed
        seen.shows("没有保存：每项都要有分数和依据")
        assert scores.history(story.ask(), story.customer, story.campaign) == ()


async def test_earlier_scores_stand_below_with_when_the_last_one_expired(story):
    earlier(story, 63, (4, 4, 3, 3, 2))
    earlier(story, 32, (4, 4, 3, 3, 3))
    async with opened(story, card(story)) as seen:
        seen.shows("复评，上次的分昨天到期", "历次", "B 16", "B 17", "10-18", "1 个月有效")


async def test_u_takes_over_value_and_evidence_of_last_time(story):
    earlier(story, 10, (4, 4, 3, 3, 3))
    async with opened(story, card(story)) as seen:
        seen.shows("还有 20 天有效")
        for _criterion in range(5):
            await seen.press("u")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert [score.total for score in scores.history(story.ask(), story.customer, story.campaign)] == [17, 17]


async def test_what_was_scored_and_not_saved_is_there_again_until_it_is_dropped_twice(story):
    async with opened(story, card(story)) as seen:
        await seen.press("4", "e")
        await seen.type("电话")
        await seen.press("enter", "escape")
        assert seen.outcome is None
        for _time in range(2):
            await seen.app.push_screen(ScoreScreen(seen.desk, story.deal))
            await seen.settle()
            assert seen.screen.card.values
            seen.shows("草稿已恢复", "电话")
            await seen.press("f8", "escape")
        await seen.app.push_screen(ScoreScreen(seen.desk, story.deal))
        await seen.settle()
        await seen.press("f8", "f8")
        assert not seen.screen.card.values
        seen.hides("草稿已恢复", "电话")
        assert not list(seen.desk.drafts._directory.iterdir())


async def test_a_saved_score_leaves_no_draft(story):
    async with opened(story, card(story)) as seen:
        await seen.press("4", "4", "5", "4", "5")
        await write_evidence(seen)
        await seen.screen.keep_drafts()
        assert list(seen.desk.drafts._directory.iterdir())
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert not list(seen.desk.drafts._directory.iterdir())


async def test_escape_leaves_an_untouched_card_at_once(story):
    async with opened(story, card(story)) as seen:
        await seen.press("escape")
        assert seen.outcome is None


@pytest.mark.parametrize("size", stories.SIZES)
async def test_somebody_elses_customer_cannot_be_scored_and_the_screen_says_so_first(story, size):
    async with opened(story, card(story), "chen", size=size) as seen:
        seen.shows("林悦", "经理")
        await seen.press("4", "4", "5", "4", "5")
        await write_evidence(seen)
        await seen.press("ctrl+s")
        assert not seen.closed
        assert scores.history(story.ask(), story.customer, story.campaign) == ()


async def test_a_narrow_screen_keeps_saving_in_its_footer(story):
    earlier(story, 10, (4, 4, 3, 3, 3))
    async with opened(story, card(story), size=NARROW, language="en") as seen:
        assert "ctrl+s save" in seen.lines[-1]
