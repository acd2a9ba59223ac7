"""Two people at once: what the other does is seen, nothing typed is lost, and what both changed is put side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.domain.presence import Doing
from salestui.errors import DatabaseBusy, UnknownUser
from salestui.screens import customer_forms, deal_forms, places, talks
from salestui.screens.conflict import ConflictScreen
from salestui.screens.watching import watch
from salestui.services import activities, customers, deals, live, scores, users
from salestui.services.presence import Attendance
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import NOW, Seen, Story, opened, running


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path)


@pytest.fixture
def elsewhere(story: Story) -> Iterator[Request]:
    """方总, a manager, in another session on the same database."""
    with Store.open(story.folder / "sales.db") as store:
        yield Request(store, story.people["fang"], NOW)


async def look(seen: Seen) -> None:
    """Look once for what others did, and wait for what follows."""
    await watch(seen.desk, seen.app).look()
    await seen.settle()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_change_of_somebody_else_shows_on_the_board_and_is_marked(story, elsewhere, language):
    async with running(story, language=language) as seen:
        before = seen.app.screen.selected_deal()
        done(deals.change(elsewhere, story.deal, {"amount": "220万"}))
        await look(seen)
        seen.shows("220万" if language == "zh" else "2.2M", "~")
        assert seen.app.screen.selected_deal() == before


async def test_what_one_does_oneself_is_no_news(story):
    async with running(story) as seen:
        await seen.desk.tell(deals.change, story.deal, {"title": "二期"})
        assert await seen.desk.look() == (None, False)
        assert not live.since(story.ask(), 0, {""}).more


async def test_the_deal_on_screen_says_who_changed_it_and_stays_where_the_cursor_is(story, elsewhere):
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        await seen.press("j", "j")
        row = seen.app.screen.conditions.selected.key
        done(deals.change(elsewhere, story.deal, {"amount": "220万"}))
        await look(seen)
        seen.shows("方总 刚才", "220")
        assert seen.app.screen.conditions.selected.key == row


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_both_changed_a_field_and_see_yours_theirs_and_before(story, elsewhere, size, language):
    form = deal_forms.edit
    async with opened(story, lambda desk: form(desk, story.deal), size=size, language=language) as seen:
        zh = language == "zh"
        seen.app.screen.form.go_to("need")
        await seen.type("mine")
        done(deals.change(elsewhere, story.deal, {"need": "theirs", "title": "Line 2"}))
        await look(seen)
        seen.shows("方总 刚才" if zh else "方总 meanwhile")
        assert "mine" in str(seen.app.screen.form.raw["need"])
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, ConflictScreen)
        seen.shows("原来" if zh else "before", "theirs", "mine", "* 你的" if zh else "* yours", "Line 2")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        saved = deals.get(story.ask(), story.deal)
        assert (saved.need, saved.title) == ("mine", "Line 2")


async def test_a_digit_takes_theirs_and_escape_goes_back_to_what_was_typed(story, elsewhere):
    async with opened(story, lambda desk: deal_forms.edit(desk, story.deal)) as seen:
        seen.app.screen.form.go_to("need")
        await seen.type("mine")
        done(deals.change(elsewhere, story.deal, {"need": "theirs"}))
        await seen.press("ctrl+s", "escape")
        assert seen.app.screen.form.raw["need"] == "mine"
        done(deals.change(elsewhere, story.deal, {"need": "theirs again"}))
        await seen.press("ctrl+s", "1")
        seen.shows("* 方总")
        await seen.press("ctrl+s")
        assert deals.get(story.ask(), story.deal).need == "theirs again"


async def test_different_fields_merge_by_themselves_and_it_is_said(story, elsewhere):
    async with opened(story, lambda desk: customer_forms.edit(desk, story.customer)) as seen:
        seen.app.screen.form.go_to("website")
        await seen.type("a.cn")
        done(customers.change(elsewhere, story.customer, {"note": "总部关注"}))
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        seen.shows("方总 刚才改了备注")
        saved = customers.get(story.ask(), story.customer)
        assert (saved.website, saved.note) == ("a.cn", "总部关注")


async def test_a_draft_that_was_overtaken_is_a_conflict_and_not_the_last_word(story, elsewhere):
    async with opened(story, lambda desk: deal_forms.edit(desk, story.deal)) as seen:
        seen.app.screen.form.go_to("need")
        await seen.type("mine")
        await seen.press("escape")
        done(deals.change(elsewhere, story.deal, {"need": "theirs"}))
        await seen.app.push_screen(await deal_forms.edit(seen.desk, story.deal), seen.outcomes.append)
        await seen.settle()
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, ConflictScreen)
        seen.shows("theirs", "mine")


async def test_a_scorecard_written_meanwhile_is_shown_beside_ones_own(story, elsewhere):
    criteria = [criterion.key for criterion in story.loaded.playbook.scoring.criteria]
    theirs, evidence = dict.fromkeys(criteria, 4), dict.fromkeys(criteria, "他看到的")
    async with opened(story, lambda desk: places.make("score", desk, story.deal)) as seen:
        await seen.press(*["2"] * len(criteria))
        seen.app.screen._fill({**dict.fromkeys(criteria, 2), **{f"{key}.evidence": "我看到的" for key in criteria}})
        done(scores.record(elsewhere, story.customer, story.campaign, theirs, evidence))
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, ConflictScreen)
        seen.shows("他看到的", "我看到的")
        await seen.press("ctrl+s")
        assert scores.latest(story.ask(), story.customer, story.campaign).values[criteria[0]] == 2


async def test_who_edits_a_deal_is_shown_and_a_killed_session_is_gone(story, elsewhere):
    other = Attendance(elsewhere)
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        other.show(elsewhere, f"D{story.deal}", Doing.EDITING)
        await look(seen)
        seen.shows("方总 正在编辑")
        assert other.look(elsewhere)
        assert [(each.name, each.doing) for each in other.others] == [("林悦", Doing.LOOKING)]
        other.close()
        await look(seen)
        seen.hides("方总 正在编辑")


async def test_who_is_taken_out_of_the_team_is_told_so_and_what_he_typed_is_kept(story, elsewhere):
    boss = Request(elsewhere.store, story.people["boss"], NOW)
    with pytest.raises(UnknownUser):  # noqa: PT012  # Textual's test mode raises what ends the app, as it is left
        async with running(story) as seen:
            await seen.app.push_screen(await deal_forms.edit(seen.desk, story.deal))
            await seen.settle()
            seen.app.screen.form.go_to("need")
            await seen.type("mine")
            done(users.change(boss, story.people["lin"].id, active=False))
            await watch(seen.desk, seen.app).look()
            await seen.pilot.pause()
    assert seen.app.return_code == 1
    assert seen.desk.drafts.load(f"deal:D{story.deal}").values["need"] == "mine"
    story.close()


async def test_a_save_that_failed_half_way_is_not_done_twice(story, monkeypatch):
    """The answer of the first try is lost after the database kept it, as on a dropped connection."""
    log, lost = activities.log, []

    def losing(request, *args, **kwargs):
        outcome = log(request, *args, **kwargs)
        if not lost:
            lost.append(request.command_id)
            raise DatabaseBusy(story.folder / "sales.db")
        return outcome

    async with opened(story, lambda desk: talks.talk(desk, story.deal)) as seen:
        before = len(activities.of(story.ask(), story.deal))
        monkeypatch.setattr(activities, "log", losing)
        seen.app.screen.form.go_to("channel")
        await seen.press("space", "ctrl+s")
        assert not seen.closed
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done), seen.text
        assert len(activities.of(story.ask(), story.deal)) == before + 1
