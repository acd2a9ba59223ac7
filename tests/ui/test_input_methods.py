"""Keys that a Chinese input method makes of others, and keys that none swallows: board, deal, and every list."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from salestui.screens import places
from salestui.screens.help import HelpScreen
from salestui.services.loading import load
from tests.ui.stories import Seen, Story, make, opened, running

ADVANCE = (">", "》", "＞", "shift+right", "f8")
BACK = ("<", "《", "shift+left", "f7")
HELP = ("?", "？", "f1")
FILTER = ("/", "、", "／", "ctrl+f")
LISTS = ("customers", "history", "closed")


def stage(story: Story) -> str:
    return load(story.ask(), story.deal).deal.stage


async def type_key(seen: Seen, key: str) -> None:
    """Press a key as it comes from a keyboard, or from an input method."""
    if len(key) == 1:
        seen.app.post_message(events.Key(_character_to_key(key), key))
        await seen.settle()
    else:
        await seen.press(key)


@pytest.mark.parametrize("where", ["board", "deal"])
@pytest.mark.parametrize("key", ADVANCE)
async def test_every_form_of_the_key_advances(tmp_path: Path, key: str, where: str) -> None:
    story = make(tmp_path, "grading")
    story.fill.meet()
    async with running(story) as seen:
        if where == "deal":
            await seen.press("enter")
        await type_key(seen, key)
        assert stage(story) == "contact"


@pytest.mark.parametrize("where", ["board", "deal"])
async def test_every_form_of_the_key_goes_back(tmp_path: Path, where: str) -> None:
    story = make(tmp_path, "grading")
    async with running(story) as seen:
        if where == "deal":
            await seen.press("enter")
        for key in BACK:
            seen.hides("退回到")
            await type_key(seen, key)
            seen.shows("退回到")
            await seen.press("escape")


@pytest.mark.parametrize("place", ["board", "deal", "agenda", "campaigns", *LISTS])
async def test_every_form_of_the_key_helps(tmp_path: Path, place: str) -> None:
    story = make(tmp_path, "grading")
    async with running(story) as seen:
        if place != "board":
            given = (story.deal,) if place == "deal" else ()
            await seen.app.push_screen(places.make(place, seen.desk, *given))
            await seen.settle()
        for key in HELP:
            assert not isinstance(seen.screen, HelpScreen)
            await type_key(seen, key)
            assert isinstance(seen.screen, HelpScreen)
            await seen.press("escape")


@pytest.mark.parametrize("place", LISTS)
async def test_every_form_of_the_key_filters(tmp_path: Path, place: str) -> None:
    story = make(tmp_path, "grading")
    async with opened(story, lambda desk: places.make(place, desk)) as seen:
        for key in FILTER:
            seen.hides("zzz")
            await type_key(seen, key)
            await seen.type("zzz")
            seen.shows("zzz")
            await seen.press("escape")


@pytest.mark.parametrize(("place", "title"), [("customers", "新客户"), ("campaigns", "手册")])
async def test_a_function_key_makes_a_new_one(tmp_path: Path, place: str, title: str) -> None:
    story = make(tmp_path, "grading")
    async with opened(story, lambda desk: places.make(place, desk)) as seen:
        for key in ("n", "f4", "insert"):
            before = seen.screen
            await seen.press(key)
            assert seen.screen is not before
            seen.shows(title)
            await seen.press("escape")
            assert seen.screen is before
