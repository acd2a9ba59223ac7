"""A leaver's work goes to a colleague from the settings, with one key and one choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.screens import places
from salestui.services import deals
from tests.ui import stories
from tests.ui.stories import Seen, opened


async def to_person(seen: Seen, number: int) -> None:
    """Put the cursor on a person of the team."""
    while seen.app.screen.rows.selected.key != f"user.{number}":
        await seen.press("j")


@pytest.mark.parametrize(("size", "language"), [(stories.WIDE, "zh"), (stories.NARROW, "en")])
async def test_a_manager_hands_the_work_of_somebody_over(tmp_path: Path, size, language):
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: places.make("settings", desk), "fang", size=size, language=language) as seen:
        await to_person(seen, story.people["lin"].id)
        await seen.press("o")
        seen.shows("移交 林悦 的工作" if language == "zh" else "Hand over from 林悦", "陈立")
        await seen.press("enter")
        seen.shows("已接手" if language == "zh" else "has taken over")
        assert deals.get(story.ask("boss"), story.deal).owner != story.people["lin"].id


async def test_a_person_without_work_has_nothing_to_hand_over(tmp_path: Path):
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: places.make("settings", desk), "boss", language="en") as seen:
        await to_person(seen, story.people["zhou"].id)
        await seen.press("o")
        seen.shows("has nothing to hand over")
