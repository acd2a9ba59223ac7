"""The reports in the app: the team, one person, another month, an exception; and a change at the customer."""

from datetime import date
from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.screens import customer_event, places
from salestui.services import customer_events, deals, exceptions
from tests.ui.stories import BOTH, NARROW, Story, make, opened, running

FIT = "contact.fit_assessment.complete"


def with_exception(folder: Path) -> Story:
    """Return a deal in first contact with an exception in force."""
    story = make(folder, "contact")
    granted = exceptions.grant(story.ask("fang"), story.deal, FIT, "客户停产检修", date(2026, 11, 25))
    assert isinstance(granted, Done)
    return story


def report(user: int | None = None):
    return lambda desk: places.make("report", desk, user)


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_team_stands_first_and_enter_leads_to_a_person_and_back(tmp_path, size, language):
    names = {"zh": ("报表", "全团队", "生效中", "纪要及时率"), "en": ("Reports", "Whole team", "in force", "summaries")}
    place, team, state, figure = names[language]
    async with opened(with_exception(tmp_path), report(), size=size, language=language) as seen:
        seen.shows(place, "2026-11", team, "林悦", state, "恒岳新材")
        await seen.press("enter")
        seen.shows(figure, "林悦", "恒岳新材")
        seen.hides(team)
        await seen.press("escape")
        seen.shows(team)
        await seen.press("escape")
        assert seen.outcome is None


async def test_every_figure_says_in_the_strip_how_it_is_counted(tmp_path):
    async with opened(make(tmp_path, "contact"), report(1)) as seen:
        seen.shows("算法", "这段时间内沟通的纪要")
        await seen.press("j", "j", "j")
        seen.shows("右移和完成的次数")
        await seen.press("enter")
        seen.shows("没有可打开的")
        await seen.press("q")
        assert seen.closed, "opened on a person, it goes back to where one came from"


async def test_on_a_low_screen_the_strip_has_the_reason_alone(tmp_path):
    async with opened(make(tmp_path, "contact"), report(1), size=NARROW) as seen:
        seen.shows("这段时间内沟通的纪要")
        seen.hides("算法")


async def test_the_stages_say_what_standing_still_means(tmp_path):
    story = make(tmp_path, "contact")
    async with opened(story, report(story.people["lin"].id)) as seen:
        await seen.press("G")
        assert "3 客户接洽" in seen.line("3 客户接洽")
        seen.shows("停滞指没有沟通的天数超过阶段上限")


async def test_months_quarters_and_years(tmp_path):
    async with opened(make(tmp_path, "contact"), report()) as seen:
        await seen.press("h")
        seen.shows("2026-10")
        await seen.press("l", "right")
        seen.shows("2026-12")
        await seen.press("v")
        seen.shows("2026 Q4")
        await seen.press("left")
        seen.shows("2026 Q3")
        await seen.press("v")
        assert " 2026 " in seen.lines[0]
        await seen.press("v")
        seen.shows("2026-01")


async def test_an_exception_leads_to_its_deal(tmp_path):
    story = with_exception(tmp_path)
    async with opened(story, report()) as seen:
        await seen.press("G")
        seen.shows("客户停产检修", "方总")
        await seen.press("enter")
        assert "deal" in seen.screen.PLACES
        await seen.press("escape")
        seen.shows("全团队")


async def test_a_recorded_exception_names_who_recorded_it(tmp_path):
    story = make(tmp_path, "contact")
    story.recording(allowed=True)
    words = {"recorded_for": "方总", "evidence": "电话里同意"}
    exceptions.grant(story.ask(), story.deal, FIT, "停产检修", date(2026, 12, 25), **words)
    async with opened(story, report()) as seen:
        await seen.press("G")
        seen.shows("方总，由 林悦 代记")


async def test_a_person_is_chosen_by_name(tmp_path):
    story = make(tmp_path, "contact")
    async with opened(story, report()) as seen:
        await seen.press("w")
        seen.shows("看谁的数字？", "赵工")
        await seen.press("escape")
        seen.shows("全团队")
        await seen.press("w", "down", "enter")
        seen.hides("全团队")
        await seen.press("w", "1")
        seen.shows("全团队")


async def test_r_opens_the_reports_from_the_board_and_nobody_has_figures_in_an_empty_month(tmp_path):
    async with running(make(tmp_path, "contact")) as seen:
        await seen.press("R")
        seen.shows("报表", "全团队")
        await seen.press("question_mark")
        seen.shows("数字都从记录里算出")
        await seen.press("escape", "escape")
        seen.hides("报表")


# Something moved at the customer


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_a_change_at_the_customer_is_recorded_from_the_deal(tmp_path, size, language):
    words = {"zh": ("客户有变", "最迟 11-24 重新评分"), "en": ("Something moved at the customer", "by 24 Nov")}
    story = make(tmp_path, "contact")
    known = deals.get(story.ask(), story.deal)
    async with opened(story, lambda desk: places.make("deal", desk, story.deal), size=size, language=language) as seen:
        await seen.press("m")
        seen.shows(*words[language])
        await seen.press("1", "ctrl+s")
        (event,) = customer_events.of(story.ask(), known.customer, known.campaign)
        assert (event.kind, event.day) == ("budget", date(2026, 11, 19))
        assert "deal" in seen.screen.PLACES


async def test_what_moved_must_be_said_and_earlier_changes_stand_above(tmp_path):
    story = make(tmp_path, "contact")
    known = deals.get(story.ask(), story.deal)
    place = (known.customer, known.campaign)
    customer_events.record(story.ask(), *place, "people", "王建国调走", date(2026, 11, 18))
    async with opened(story, lambda desk: customer_event.record(desk, story.deal)) as seen:
        seen.shows("关键人换了", "王建国调走", "A 22" if "A 22" in seen.text else "A ")
        await seen.press("ctrl+s")
        assert not seen.closed
        assert len(customer_events.of(story.ask(), *place)) == 1


async def test_a_handbook_without_scores_says_so(tmp_path):
    story = make(tmp_path, "discovery", playbook="role")
    async with opened(story, lambda desk: customer_event.record(desk, story.deal)) as seen:
        seen.shows("这本手册不评分")
