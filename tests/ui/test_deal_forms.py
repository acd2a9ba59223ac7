"""From `n` to a card in a few keys; back, lost, parked and reopened, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.screens.board import BoardScreen
from salestui.screens.deal_forms import NewDealForm
from salestui.services import campaigns, customers, deals, users
from tests.ui.filling import done
from tests.ui.stories import BOTH, make, running


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_a_name_and_one_key_make_a_card_which_is_then_selected(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path)
    async with running(story, size=size, language=language) as seen:
        await seen.press("n")
        await seen.type("宁斯自动化设备")
        seen.shows("新客户" if language == "zh" else "A new customer")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        assert "宁斯自动化" in seen.line("▐")
        made = deals.listed(story.ask())[-1]
        assert (made.customer_name, made.campaign, made.owner_name) == ("宁斯自动化设备", story.campaign, "林悦")


async def test_a_known_customer_is_completed_and_told_and_a_new_person_joins_its_contacts(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("n")
        await seen.type("恒岳")
        seen.shows("江苏恒岳新材料股份有限公司")
        await seen.press("tab")
        seen.shows("已有客户：C1", "1 张进行中的单子")
        await seen.press("enter")
        await seen.type("36万")
        await seen.press("enter")
        await seen.type("+30")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        made = deals.listed(story.ask(), customer=story.customer)[-1]
        assert made.amount is not None
        assert (made.amount.minor, str(made.expected_on)) == (36_000_000, "2026-12-19")


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_left_behind(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("n", "ctrl+s")
        assert isinstance(seen.screen, NewDealForm)
        await seen.type("盐悦纺机")
        await seen.press("enter")
        await seen.type("很多")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, NewDealForm)
        seen.shows("盐悦纺机", "很多", "不是金额")
        assert customers.same_name(story.ask(), "盐悦纺机") == ()
        await seen.press("escape")
        assert isinstance(seen.screen, BoardScreen)


async def test_a_double_is_told_before_the_card_is_made(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("n")
        await seen.type("江苏恒岳新材料有限公司")
        seen.shows("可能与 C1 江苏恒岳新材料股份有限公司 是同一家公司")


async def test_only_managers_choose_an_owner_and_the_choice_holds(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("n")
        seen.hides("负责人")
    story = make(tmp_path / "again")
    async with running(story, "fang") as seen:
        await seen.press("n")
        seen.shows("负责人")
        await seen.press("escape", "i")
        seen.screen.form.go_to("owner")  # type: ignore[attr-defined]  # the deal's form
        await seen.settle()
        await seen.press("3", "ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        assert deals.get(story.ask(), story.deal).owner_name == users.all(story.ask())[2].name != "林悦"


async def test_its_own_fields_are_changed_and_emptied(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("i")
        seen.shows("1,180,000", "2026-12-18")
        await seen.type("二期")
        await seen.press("enter", "ctrl+u", "enter", "ctrl+u", "ctrl+s")
        known = deals.get(story.ask(), story.deal)
        assert (known.title, known.amount, known.expected_on) == ("二期", None, None)


async def test_a_card_goes_back_only_with_a_reason(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("less_than_sign")
        seen.shows("退回到", "3 客户接洽")
        await seen.press("ctrl+s")
        seen.shows("没有写")
        await seen.type("决策人换了")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        loaded = story.loaded
        assert loaded.playbook.stage(loaded.deal.stage).number == 3


async def test_a_lost_deal_leaves_the_board_with_reason_and_competitor(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("d", "ctrl+s")
        seen.shows("没有写")
        await seen.press("1", "enter")
        await seen.type("远望重工")
        await seen.press("enter")
        await seen.type("价格低两成")
        await seen.press("ctrl+s")
        known = deals.get(story.ask(), story.deal)
        assert (known.status, known.competitor, known.note) == (Status.LOST, "远望重工", "价格低两成")
        seen.hides("118万")


async def test_a_parked_deal_has_a_day_to_look_again_and_comes_back_where_it_stood(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        stage = deals.get(story.ask(), story.deal).stage
        await seen.press("p", "1", "enter")
        await seen.type("昨天")
        await seen.press("ctrl+s")
        seen.shows("昨天")
        await seen.press("ctrl+u")
        await seen.type("+90")
        await seen.press("ctrl+s")
        known = deals.get(story.ask(), story.deal)
        assert (known.status, str(known.look_again_on)) == (Status.IN_CARE, "2027-02-17")
        from salestui.screens import deal_forms

        await seen.app.push_screen(await deal_forms.reopen(seen.desk, story.deal), seen.outcomes.append)
        await seen.settle()
        seen.shows("方案制定")
        await seen.type("客户回来了")
        await seen.press("ctrl+s")
        known = deals.get(story.ask(), story.deal)
        assert (known.status, known.stage) == (Status.OPEN, stage)


async def test_without_a_campaign_one_is_made_on_the_way(tmp_path: Path) -> None:
    story = make(tmp_path)
    done(campaigns.change(story.ask(), story.campaign, {"closed": True}))
    async with running(story) as seen:
        await seen.press("n")
        seen.shows("业务拓展", "销售岗位", "客户开发")
        await seen.press("2")
        await seen.type("大客户深耕")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, NewDealForm)
        await seen.type("戚江机车")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        made = deals.listed(story.ask())[-1]
        assert (made.campaign_name, made.playbook) == ("大客户深耕", "role")


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x", "长" * 190, "👨‍👩‍👧‍👦公司"])
async def test_a_hostile_name_becomes_a_card_like_any_other(tmp_path: Path, name: str) -> None:
    story = make(tmp_path)
    async with running(story) as seen:
        await seen.press("n")
        form = seen.screen
        assert isinstance(form, NewDealForm)
        form.form.set_values({"customer": name})
        await seen.settle()
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, BoardScreen)
        assert deals.listed(story.ask())[-1].customer_name == customers.get(story.ask(), 2).name
        assert seen.app.is_running
