"""What is half typed stays, whatever the form, and is offered when it opens again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salestui.screens import campaign_forms, customer_event, customer_forms, deal_forms, dialogs, talks
from salestui.screens.drafting import REST
from salestui.screens.form import FormScreen
from salestui.services import contacts, customers
from salestui.services.loading import judge
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import Seen, Story, opened


@dataclass(frozen=True)
class Asked:
    """A form, and the field to type into."""

    opens: Callable[[Any, Story], Any]
    field: str


async def _exception(desk: Any, story: Story) -> Any:
    requirement = next(each for each in judge(story.ask("fang"), story.deal).unmet if each.exceptable)
    return await dialogs.exception(desk, story.deal, requirement)


FORMS = {
    "talk": Asked(lambda desk, story: talks.talk(desk, story.deal), "needs"),
    "plan": Asked(lambda desk, story: talks.plan(desk, story.deal), "subject"),
    "customer": Asked(lambda desk, story: customer_forms.edit(desk, story.customer), "website"),
    "new customer": Asked(lambda desk, _story: customer_forms.new(desk), "website"),
    "new contact": Asked(lambda desk, story: customer_forms.new_contact(desk, story.customer), "note"),
    "deal": Asked(lambda desk, story: deal_forms.edit(desk, story.deal), "title"),
    "lost": Asked(lambda desk, story: deal_forms.lose(desk, story.deal), "competitor"),
    "campaign": Asked(lambda desk, story: campaign_forms.edit(desk, story.campaign), "note"),
    "customer event": Asked(lambda desk, story: customer_event.record(desk, story.deal), "note"),
    "exception": Asked(_exception, "reason"),
}


def field_of(screen: FormScreen, wanted: str) -> str:
    """Return the field to type into, the first text where there is none of that name."""
    keys = screen.form.model.keys
    texts = [key for key in keys if screen.form.model.field(key).type.value in {"text", "long_text"}]
    return wanted if wanted in keys else texts[0]


async def again(seen: Seen, asked: Asked) -> FormScreen:
    """Open the form anew, over what is there."""
    screen = await asked.opens(seen.app.desk, seen.story)
    await seen.app.push_screen(screen, seen.outcomes.append)
    await seen.settle()
    assert isinstance(screen, FormScreen)
    return screen


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_that_was_left_goes_on_where_it_stood_and_its_draft_can_be_dropped(
    tmp_path: Path, name: str
) -> None:
    asked, story = FORMS[name], stories.make(tmp_path)
    async with opened(story, lambda desk: asked.opens(desk, story), "fang") as seen:
        first = seen.screen
        assert isinstance(first, FormScreen)
        key = field_of(first, asked.field)
        before = str(first.form.raw.get(key) or "")
        first.form.go_to(key)
        await seen.type("半句")
        typed = first.form.raw[key]
        await seen.press("escape")
        assert seen.outcome is None

        second = await again(seen, asked)
        assert second.form.raw[key] == typed
        seen.shows("草稿已恢复")
        await seen.press("f8")
        assert second.form.raw[key] == typed, "one key alone drops nothing"
        await seen.press("f8")
        assert str(second.form.raw.get(key) or "") == before
        seen.hides("草稿已恢复")
        await seen.press("escape")

        third = await again(seen, asked)
        assert str(third.form.raw.get(key) or "") == before
        seen.hides("草稿已恢复")


async def test_a_draft_is_on_the_disk_half_a_second_after_a_key_without_anything_else(tmp_path: Path) -> None:
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: talks.plan(desk, story.deal)) as seen:
        await seen.type("a")
        path = seen.desk.drafts.path(f"plan:D{story.deal}")
        await seen.until(path.exists)
        assert REST <= 0.5


async def test_saving_leaves_no_draft(tmp_path: Path) -> None:
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: customer_forms.new_contact(desk, story.customer)) as seen:
        await seen.type("钱总")
        await seen.screen.keep_drafts()
        path = seen.desk.drafts.path(f"new_contact:C{story.customer}")
        assert path.exists()
        await seen.press("ctrl+s")
        assert seen.outcome is not None
        assert not path.exists()


async def test_a_draft_brings_back_only_what_was_typed_so_that_others_keep_their_changes(tmp_path: Path) -> None:
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: customer_forms.edit(desk, story.customer)) as seen:
        first = seen.screen
        assert isinstance(first, FormScreen)
        first.form.go_to("website")
        await seen.type("example.cn")
        await seen.press("escape")
        done(customers.change(story.ask(), story.customer, {"region": "无锡"}))
        screen = await again(seen, FORMS["customer"])
        assert (screen.form.raw["website"], screen.form.raw["region"]) == ("example.cn", "无锡")
        await seen.press("ctrl+s")
        known = customers.get(story.ask(), story.customer)
        assert (known.website, known.region) == ("example.cn", "无锡")


async def test_nobody_else_sees_the_draft(tmp_path: Path) -> None:
    story = stories.make(tmp_path)
    async with opened(story, lambda desk: customer_forms.new_contact(desk, story.customer)) as seen:
        await seen.type("钱总")
        await seen.press("escape")
        assert contacts.of(story.ask(), story.customer)
        theirs, mine = story.desk("chen").drafts, seen.desk.drafts
        key = f"new_contact:C{story.customer}"
        assert mine.load(key) is not None
        assert theirs.load(key) is None


async def test_the_files_that_were_named_come_back_with_the_draft(tmp_path: Path) -> None:
    story = stories.make(tmp_path)
    story.recording(allowed=True)
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF")

    async with opened(story, lambda desk: _exception(desk, story), "fang") as seen:
        first = seen.screen
        assert isinstance(first, FormScreen)
        first.on_form_file_added(first.form.FileAdded(first.form, proof))
        await seen.press("escape")
        screen = await again(seen, FORMS["exception"])
        assert [file.name for file in screen.form.files] == ["proof.pdf"]
        await seen.press("escape")
        proof.unlink()
        screen = await again(seen, FORMS["exception"])
        assert not screen.form.files
