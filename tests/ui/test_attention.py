"""What nobody was promised, in the agenda and on the deal: enter plans the next step, d logs the talk."""

import pytest

from salestui.domain.agenda import Due
from salestui.screens import places
from salestui.services import activities, agenda
from tests.ui.stories import BOTH, Story, make, opened, running


@pytest.fixture
def story(tmp_path) -> Story:
    """Return an open deal without a next step."""
    made = make(tmp_path, "contact")
    for known in activities.of(made.ask(), made.deal):
        if known.state == "planned":
            activities.cancel(made.ask(), known.id)
    return made


def kinds(story: Story, **later: float) -> set[Due]:
    return {line.kind for line in agenda.due(story.ask(**later), owner=story.people["lin"].id)}


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_a_deal_to_contact_is_listed_by_its_rhythm(story, size, language):
    story.now = story.ask(days=9).now
    words = {"zh": ("联系", "每 7 天联系一次"), "en": ("contact", "grade A every 7 days")}
    async with running(story, size=size, language=language) as seen:
        await seen.press("A")
        seen.shows(words[language][0], words[language][1][:14])


async def test_enter_plans_the_next_step_and_the_line_goes(story):
    story.now = story.ask(days=9).now
    async with running(story) as seen:
        await seen.press("A")
        while seen.screen._line().kind is not Due.CONTACT:
            await seen.press("j")
        await seen.press("enter")
        seen.shows("做什么")
        await seen.press("escape")
        assert Due.CONTACT in kinds(story), "left without a plan, it is still due"


async def test_d_logs_the_talk_that_settles_it(story):
    story.now = story.ask(days=9).now
    async with running(story) as seen:
        await seen.press("A")
        while seen.screen._line().kind is not Due.CONTACT:
            await seen.press("j")
        await seen.press("d")
        seen.shows("记一次沟通")


async def test_the_rail_of_a_deal_that_stands_still_says_for_how_long(story):
    story.now = story.ask(days=29).now
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        seen.shows("停31天 限20")


async def test_the_rail_of_a_deal_within_its_limit_says_the_day(story):
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        seen.shows("第2天 限20")
