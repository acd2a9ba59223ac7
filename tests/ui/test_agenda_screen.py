"""Stories of the agenda and of conversations: what is due is done from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from salestui.screens.output import OutputScreen
from salestui.screens.revisions import RevisionsScreen
from salestui.services import activities, outputs
from salestui.services.loading import load
from salestui.storage.store import Store
from salestui.widgets import alt_digits
from tests.ui import stories
from tests.ui.filling import complete, done
from tests.ui.stories import Story, running


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def planned(story: Story, **later: float) -> int:
    """Plan a call some time from now."""
    at = story.now + timedelta(**later)
    return done(activities.plan(story.ask(days=-1), (story.deal,), at=at, subject="确认质保条款", channel="phone"))


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_the_agenda_shows_late_today_and_later(story, size, language):
    planned(story, hours=-3)
    planned(story, hours=2)
    planned(story, days=3)
    async with running(story, size=size, language=language) as seen:
        await seen.press("A")
        zh = language == "zh"
        seen.shows("待办" if zh else "Agenda", "逾期" if zh else "late", "今天" if zh else "oday", "恒岳新材")


async def test_enter_logs_the_planned_talk_with_what_was_said(story):
    activity = planned(story, hours=-1)
    async with running(story) as seen:
        await seen.press("A", "enter")
        seen.shows("记一次沟通")
        await seen.press("ctrl+s")
        assert activities.get(story.ask(), activity).state == "done"


async def test_a_follow_up_is_put_off_to_another_day(story):
    activity = planned(story, hours=2)
    async with running(story) as seen:
        await seen.press("A", "p")
        await seen.type("+3")
        await seen.press("ctrl+s")
        assert activities.get(story.ask(), activity).at > story.now + timedelta(days=2)


async def test_a_summary_is_written_from_a_ready_text(story):
    at = story.now - timedelta(hours=2)
    talk = done(
        activities.log(
            story.ask(), (story.deal,), {"channel": "visit", "at": at.isoformat(), "pains": "换型停机 6 小时"}
        )
    )
    async with running(story) as seen:
        await seen.press("A")
        seen.shows("纪要")
        for _row in range(6):
            line = seen.app.screen._line()
            if line is not None and line.activity == talk:
                break
            await seen.press("j")
        await seen.press("enter")
        seen.shows("沟通纪要", "换型停机 6 小时")
        seen.app.screen.form.go_to("material")
        await seen.settle()
        await seen.type("brochure")
        await seen.press("ctrl+s")
        assert activities.get(story.ask(), talk).summary_sent_at is not None


async def test_the_next_step_is_planned_from_the_board(story):
    async with running(story) as seen:
        await seen.press("f")
        await seen.type("visit the plant")
        await seen.press("tab")
        await seen.type("+2")
        await seen.press("ctrl+s")
        assert load(story.ask(), story.deal).facts.next_activity is not None


async def test_an_empty_agenda_says_so(story):
    async with running(story, "zhou") as seen:
        await seen.press("A")
        seen.shows("没有到期的事")


async def test_a_comment_without_an_answer_leads_to_the_solution_which_then_says_what_it_answered(story):
    story.fill.fill("solution")
    record = story.loaded.playbook.output("presentation_record")
    said = {"date": "2026-11-18", "who": "王建国", "what": "质保要 24 个月", "decision": "adopted"}
    given = complete(record.fields, story.ask()) | {"feedback": [said]}
    done(outputs.submit(story.ask(), story.deal, "presentation_record", given))
    async with running(story) as seen:
        await seen.press("A")
        seen.shows("客户反馈未答复 1 条")
        await seen.press("enter")
        assert isinstance(seen.screen, OutputScreen)
        seen.shows("定制化解决方案", "待答复的反馈", "质保要 24 个月")
    story = replace(story, store=Store.open(story.folder / "sales.db"), desks=[])
    story.fill.fill("solution")
    given["feedback"] = [said | {"answered_in": 2}]
    done(outputs.submit(story.ask(), story.deal, "presentation_record", given))
    async with running(story) as seen:
        await seen.press("A")
        seen.hides("客户反馈未答复")
        await seen.app.push_screen(OutputScreen(seen.desk, story.deal, "solution"))
        await seen.settle()
        await seen.press("ctrl+o")
        assert isinstance(seen.screen, RevisionsScreen)
        seen.shows("答复了客户反馈", "质保要 24 个月")


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_the_agenda_leads_back_to_the_board(story, key):
    async with running(story) as seen:
        await seen.press("A")
        seen.shows("待办")
        await seen.press(key)
        seen.shows("销售看板")


def test_alt_and_a_digit_arrive_as_such_and_not_as_a_sign():
    alt_digits.let_through()
    parser = XTermParser()
    keys = [event.key for event in [*parser.feed("\x1b1"), *parser.feed("")] if isinstance(event, events.Key)]
    assert keys == ["alt+1"]
