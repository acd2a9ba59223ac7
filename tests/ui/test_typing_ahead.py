"""Keys that come faster than they are taken in, as over a slow line: none is lost, none does anything unmeant."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from salestui.domain.outcomes import Done
from salestui.screens import deal_forms
from salestui.screens.output import OutputScreen
from salestui.services import deals, outputs
from tests.ui.stories import Seen, Story, make, opened, running


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return make(tmp_path, "solution")


async def at_once(seen: Seen, *pieces: str | list[str]) -> None:
    """Send texts, and keys in lists, without waiting between them."""
    for piece in pieces:
        for key in piece:
            name = _character_to_key(key) if len(key) == 1 else key
            seen.app.post_message(events.Key(name, key if len(key) == 1 else None))
    await seen.settle()


async def test_what_is_typed_stands_in_the_field_where_it_was_typed(story: Story) -> None:
    async with opened(story, lambda desk: OutputScreen(desk, story.deal, "solution")) as seen:
        await at_once(seen, "涂覆机", ["tab"], "2", ["tab"], "590000", ["tab", "enter"], "收卷机", ["tab"], "1")
        await seen.press("escape")
        draft = outputs.sheet(story.ask(), story.deal, "solution").draft
        assert draft is not None
        assert draft.values["configuration"] == [
            {"item": "涂覆机", "quantity": "2", "unit_price": "590000"},
            {"item": "收卷机", "quantity": "1"},
        ]


async def test_a_form_takes_what_is_typed_while_it_opens(story: Story) -> None:
    async with running(story) as seen:
        await at_once(seen, "n", "宁波海图", ["tab"], "45万", ["tab"], "2027-01-31", ["ctrl+s"])
        made = deals.listed(story.ask())[-1]
        assert (made.customer_label, made.amount.minor if made.amount else 0) == ("宁波海图", 45_000_000)


async def test_a_text_pasted_between_keys_keeps_its_turn(story: Story) -> None:
    async with opened(story, lambda desk: deal_forms.lose(desk, story.deal)) as seen:
        for event in (events.Key("1", "1"), events.Key("tab", None), events.Paste("华德"), events.Key("tab", None)):
            seen.app.post_message(event)
        await at_once(seen, "价格", ["ctrl+s"])
        assert isinstance(seen.outcome, Done)
        lost = deals.get(story.ask(), story.deal)
        assert (lost.reason, lost.competitor, lost.note) == ("price", "华德", "价格")


async def test_a_key_that_comes_when_the_app_is_leaving_is_let_go(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(story) as seen:
        with monkeypatch.context() as leaving:
            leaving.setattr(seen.app, "_screen_stacks", {seen.app.current_mode: []})
            await seen.app.on_event(events.Key("j", "j"))
        seen.shows("恒岳新材")


async def test_a_key_whose_widget_went_away_with_it_keeps_no_other_back(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(story) as seen:
        with monkeypatch.context() as going:
            going.setattr(seen.screen, "call_later", lambda *_given: True)  # taken, and never done
            going.setattr(seen.screen, "_running", False)
            await seen.press("j")
        assert not seen.app.at_work
