"""Stories of moving deals to another version of their playbook, and of the forms about the history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salestui.domain.outcomes import NotAllowed
from salestui.playbooks import loader
from salestui.screens import history_forms
from salestui.screens.deal import DealScreen
from salestui.screens.upgrade import UpgradeScreen
from salestui.services import campaigns, contacts, customers, deals, history_check, playbooks
from salestui.storage import chain
from tests.ui.filling import done
from tests.ui.stories import BOTH, Story, make, opened

PERMIT = (
    '[[stages.outputs]]\nkey = "permit"\ntitle = { zh = "《许可》", en = "Permit" }\nowner = "deal"\nholds = "always"\n'
    '[[stages.outputs.fields]]\nkey = "number"\ntype = "text"\nlabel = { zh = "号", en = "No" }\nrequired = true\n\n'
)


def asks_more(folder: Path) -> Story:
    """Return a story with two deals under handbook B; a second version asks for a permit in the first stage."""
    story = make(folder, "discovery", playbook="role")
    text = loader.builtin_text("role")
    second = text.index("[[stages]]", text.index("[[stages]]") + 5)
    newer = (text[:second] + PERMIT + text[second:]).replace("version = 1", "version = 2", 1)
    playbooks.install(story.ask("boss"), newer, "role.toml")
    other = done(customers.new(story.ask(), {"name": "苏州启明食品有限公司", "short_name": "启明"}, story.campaign))
    done(deals.new(story.ask(), other, story.campaign, {}))
    return story


def versions(story: Story) -> list[int]:
    return [deal.playbook_version for deal in deals.listed(story.ask())]


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_each_deal_tells_what_it_would_meet(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    async with opened(asks_more(tmp_path), UpgradeScreen, "fang", size=size, language=language) as seen:
        seen.shows("恒岳新材", "启明", "1 ▸ 2")
        seen.shows("会缺" if language == "zh" else "also lack")
        seen.shows("Permit" if language == "en" else "许可")


async def test_marked_deals_alone_are_moved(tmp_path: Path) -> None:
    story = asks_more(tmp_path)
    async with opened(story, UpgradeScreen, "fang", language="en") as seen:
        await seen.press("space")
        seen.shows("1 marked") if "marked" in seen.text else None
        await seen.press("ctrl+s")
        seen.shows("Move 1 deal to version 2?", "The deals alone", "华东新市场进入")
        await seen.press("escape")
        assert versions(story) == [1, 1]
        await seen.press("ctrl+s", "1")
        assert sorted(versions(story)) == [1, 2]
        assert campaigns.get(story.ask(), story.campaign).playbook_version == 1
        seen.shows("1 moved to version 2.", "Stay as they are")


async def test_all_are_moved_and_their_campaign_with_them(tmp_path: Path) -> None:
    story = asks_more(tmp_path)
    async with opened(story, UpgradeScreen, "fang", language="en") as seen:
        await seen.press("a", "ctrl+s")
        seen.shows("Move 2 deals to version 2?")
        await seen.press("2")
        assert versions(story) == [2, 2]
        assert campaigns.get(story.ask(), story.campaign).playbook_version == 2
        await seen.press("ctrl+s")
        seen.shows("There is nothing to move to this version.")
        await seen.press("space")
        seen.shows("has version 2 already")


async def test_another_version_is_chosen_and_a_deal_opened(tmp_path: Path) -> None:
    story = asks_more(tmp_path)
    async with opened(story, UpgradeScreen, "fang", language="en") as seen:
        await seen.press("m")
        seen.shows("Move to which version?", "2 running deals on another version")
        await seen.press("escape", "m", "1")
        seen.shows("No running deal follows this playbook")
        await seen.press("enter", "space", "m")
        await seen.press("2")
        seen.shows("启明")
        await seen.press("enter")
        assert isinstance(seen.screen, DealScreen)
        await seen.press("escape")
        assert isinstance(seen.screen, UpgradeScreen)
        await seen.press("a", "escape")
        assert not seen.closed
        await seen.press("a", "a", "escape")
        assert seen.closed


async def test_a_rep_sees_the_preview_and_moves_nothing(tmp_path: Path) -> None:
    story = asks_more(tmp_path)
    async with opened(story, UpgradeScreen, "lin", language="en") as seen:
        await seen.press("ctrl+s", "1")
        seen.shows("Only a manager may do this.")
        assert versions(story) == [1, 1]


async def test_the_history_is_exported_from_a_form(tmp_path: Path) -> None:
    story = make(tmp_path)
    path = tmp_path / "h.jsonl"
    async with opened(story, lambda desk: history_forms.export(desk, deal=story.deal), language="en") as seen:
        seen.shows("恒岳新材", "Save to")
        await seen.press("ctrl+u")
        await seen.type(str(path))
        await seen.press("ctrl+s")
        assert seen.closed
    head, *events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert head["filter"] == {"deal": story.deal}
    assert events


async def test_the_form_of_an_export_names_its_customer_and_keeps_a_bad_path(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: history_forms.export(desk, customer=story.customer), language="en") as seen:
        await seen.press("ctrl+u")
        await seen.type(str(tmp_path / "h.txt"))
        await seen.press("ctrl+s")
        seen.shows("The name must end in")
        await seen.press("ctrl+u", "ctrl+s")
        assert not seen.closed


async def test_a_person_is_erased_from_a_form_that_says_what_will_go(tmp_path: Path) -> None:
    story = make(tmp_path)
    [first, *_others] = contacts.of(story.ask(), story.customer)
    done(customers.new(story.ask(), {"name": "别家公司", "note": first.name}))
    async with opened(story, lambda desk: history_forms.erase(desk, f"P{first.id}"), "boss", language="en") as seen:
        seen.shows(first.name, "cannot be taken back", "elsewhere")
        await seen.press("ctrl+s")
        assert not seen.closed
        await seen.type("letter")
        await seen.press("ctrl+s")
        assert seen.closed
        assert first.name not in {each.name for each in contacts.of(story.ask(), story.customer)}


async def test_the_check_is_told_in_one_sentence_and_only_an_administrator_erases(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, UpgradeScreen, "lin", language="en") as seen:
        assert "all as they were written" in await history_forms.checked(seen.desk)
        assert await history_forms.erase(seen.desk, "P1") == NotAllowed("only_admin")
        with story.store.transaction(story.people["boss"], now=story.now):
            story.store.database.execute_sql("DROP TRIGGER event_unchanged")
            story.store.database.execute_sql("UPDATE event SET note = 'x' WHERE id = 2")
        assert await history_forms.checked(seen.desk) == history_check.sentence(chain.BrokenEvent(2, "edited"))
