"""Stories of one deal: its conditions, its fixes, its way through the stages."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.services import deals
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import Story, running


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_a_deal_shows_its_conditions_with_digits_and_verbs(story, size, language):
    async with running(story, size=size, language=language) as seen:
        await seen.press("enter")
        zh = language == "zh"
        seen.shows("过关条件" if zh else "Conditions", "产出" if zh else "Outputs")
        assert "1" in seen.line("需求深度分析" if zh else "needs analysis")


async def test_the_cursor_starts_at_the_first_unmet_line_and_enter_goes_to_its_form(story):
    async with running(story) as seen:
        await seen.press("enter")
        await seen.press("enter")
        seen.shows("《客户需求深度分析报告》", "必填")
        await seen.press("escape")
        seen.shows("过关条件")


async def test_space_ticks_a_key_action_with_its_note(story):
    async with running(story) as seen:
        await seen.press("enter")
        for _row in range(12):
            requirement = seen.app.screen._requirement()
            if requirement and requirement.action == "implicit_needs_probed":
                break
            await seen.press("j")
        await seen.press("space")
        await seen.type("asked about night shifts")
        await seen.press("ctrl+s")
        assert story.loaded.facts.actions["implicit_needs_probed"].note == "asked about night shifts"
        await seen.press("space")
        assert "implicit_needs_probed" not in story.loaded.facts.actions


async def test_space_on_a_line_that_the_data_meet_says_so(story):
    async with running(story) as seen:
        await seen.press("enter", "space")
        seen.shows("只有关键动作可以勾选")


async def test_a_closed_gate_is_told_in_numbers_and_the_deal_stays(story):
    async with running(story) as seen:
        await seen.press("enter", ">")
        seen.shows(f"还缺 {len(story.unmet)} 项条件")
        assert story.loaded.deal.stage == "solution"


async def test_a_lost_deal_says_why_and_can_be_reopened(story):
    done(deals.lose(story.ask(), story.deal, "price", "某对手", "报价高"))
    async with running(story) as seen:
        await seen.press("z")
        await seen.press("enter")
        seen.shows("已丢单")
        await seen.press("z")
        await seen.press("ctrl+s")
    assert story.loaded.deal.status is Status.OPEN if not story.store.database.is_closed() else True


async def test_tab_shows_the_customer_on_a_narrow_screen(story):
    async with running(story, size=stories.NARROW) as seen:
        await seen.press("enter")
        seen.hides("王建国")
        await seen.press("tab")
        seen.shows("王建国", "采购总监")
        await seen.press("tab")
        seen.hides("采购总监")


async def test_a_move_by_somebody_else_meanwhile_is_a_conflict_and_nothing_is_moved_twice(story):
    async with running(story) as seen:
        await seen.press("enter")
        done(deals.change(story.ask("fang"), story.deal, {"need": "新的需求"}))
        await seen.press(">")
        seen.shows("刚才有人改过")
        assert story.loaded.deal.stage == "solution"
