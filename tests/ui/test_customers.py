"""Customers: found by a word, opened, changed, with their people and deals; hostile names are only text."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.screens import places
from salestui.screens.customer import CustomerScreen
from salestui.screens.customers import CustomersScreen
from salestui.services import contacts, customers, deals
from tests.ui.stories import BOTH, NARROW, SIZES, Story, make, opened, running

HOSTILE = ("[/]", "[@click=app.quit]x", "\x1b[31m红\x1b]52;c;aGk=\x07", "长" * 200, "👨‍👩‍👧‍👦公司", "\u202e倒过来")


def enter(story: Story, name: str, who: str = "lin", **values: object) -> int:
    outcome = customers.new(story.ask(who), {"name": name, **values}, story.campaign)
    assert isinstance(outcome, Done)
    return outcome.number


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_list_shows_who_they_are_and_opens_one_in_both_languages_and_sizes(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path)
    enter(story, "宁斯自动化设备有限公司", industry="自动化", region="宁波")
    async with running(story, size=size, language=language) as seen:
        await seen.press("C")
        seen.shows(
            "客户" if language == "zh" else "Customers",
            "恒岳新材",
            "新材料",
            "常州",
            "A",
            "11-17" if language == "zh" else "17 Nov",
        )
        await seen.press("home")
        while "恒岳" not in seen.line("▐"):
            await seen.press("j")
        await seen.press("enter")
        assert isinstance(seen.screen, CustomerScreen)
        seen.shows("王建国", "采购总监", "C1", "方案制定" if language == "zh" else "Solution")
        seen.shows("联系人" if language == "zh" else "Contacts", "华东新市场进入")


async def test_a_few_letters_find_a_customer_by_name_industry_region_or_owner(tmp_path: Path) -> None:
    story = make(tmp_path)
    enter(story, "宁斯自动化设备有限公司", industry="自动化", region="宁波")
    enter(story, "东曜集团", who="chen", industry="食品")
    async with opened(story, CustomersScreen) as seen:
        for typed, found, hidden in (
            ("宁波", "宁斯自动化", "东曜集团"),
            ("食品", "东曜集团", "宁斯自动化"),
            ("陈立", "东曜集团", "恒岳新材"),
            ("新材 常州", "恒岳新材", "东曜集团"),
        ):
            await seen.press("slash")
            await seen.type(typed)
            await seen.press("enter")
            seen.shows(found)
            seen.hides(hidden)
            await seen.press("escape")
        seen.shows("宁斯自动化", "东曜集团", "恒岳新材")
        await seen.press("slash")
        await seen.type("没有这家")
        seen.shows("没有符合的客户")
        await seen.press("escape", "escape")
        assert seen.closed


async def test_a_new_customer_warns_of_its_double_while_it_is_typed_and_after_it_is_saved(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, CustomersScreen) as seen:
        await seen.press("n")
        await seen.type("江苏恒岳新材料股份有限公司")
        seen.shows("已有这家客户：C1")
        await seen.press("ctrl+s")
        seen.shows("新客户")
        await seen.press("ctrl+u")
        await seen.type("江苏恒岳新材料集团")
        seen.shows("可能与 C1 江苏恒岳新材料股份有限公司 是同一家公司")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, CustomersScreen)
        assert "江苏恒岳新材料集团" in seen.line("▐")
        seen.shows("可能与 C1")


async def test_contacts_are_added_changed_and_removed_after_asking(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CustomerScreen(desk, story.customer)) as seen:
        await seen.press("a")
        await seen.type("钱经理")
        await seen.press("enter")
        await seen.type("财务")
        await seen.press("ctrl+s")
        assert "钱经理" in seen.line("▐")
        await seen.press("enter")
        await seen.press("enter")
        await seen.press("ctrl+u")
        await seen.type("财务总监")
        await seen.press("ctrl+s")
        seen.shows("财务总监")
        await seen.press("x")
        seen.shows("移除 钱经理")
        await seen.press("1")
        seen.shows("钱经理")
        await seen.press("x", "2")
        assert "钱经理" not in "\n".join(line for line in seen.lines if "移除" not in line and "历史" not in line[:60])
        assert [person.name for person in contacts.of(story.ask(), story.customer)] == ["王建国", "李娜", "周志远"]


async def test_only_what_was_changed_is_saved_and_emptied_fields_are_emptied(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CustomerScreen(desk, story.customer)) as seen:
        await seen.press("i")
        customers.change(story.ask("fang"), story.customer, {"address": "常州市新北区"})
        await seen.press("enter", "enter", "ctrl+u")
        await seen.press("ctrl+s")
        seen.shows("方总 刚才改了地址，你们改的都留下了。")
        assert isinstance(seen.screen, CustomerScreen)
        known = customers.get(story.ask(), story.customer)
        assert (known.industry, known.address, known.region) == ("", "常州市新北区", "常州")


async def test_a_deal_is_made_with_the_customer_and_opened_from_its_line(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CustomerScreen(desk, story.customer)) as seen:
        await seen.press("n")
        seen.shows("江苏恒岳新材料股份有限公司", "华东新市场进入")
        await seen.type("36万")
        await seen.press("ctrl+s")
        assert "36万" in seen.line("▐")
        await seen.press("enter")
        assert type(seen.screen) is type(places.make("deal", seen.desk, story.deal))
        seen.shows("市场调研", "36万")
        assert len(deals.listed(story.ask(), customer=story.customer)) == 2


async def test_a_narrow_screen_shows_company_and_history_instead_of_the_lists(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, lambda desk: CustomerScreen(desk, story.customer), size=NARROW) as seen:
        seen.shows("联系人", "单子", "沟通")
        await seen.press("tab")
        seen.shows("公司", "江苏恒岳新材料股份有限公司", "历史", "1200 人")
        seen.hides("采购总监")
        await seen.press("escape")
        seen.shows("采购总监")
        await seen.press("escape")
        assert seen.closed


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_shown_safely_in_list_page_and_form(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    story = make(tmp_path)
    number = enter(story, name, industry=name[:20])
    contacts.new(story.ask(), number, {"name": name, "title": name[:20]})
    async with opened(story, CustomersScreen, size=size) as seen:
        for screen in (None, CustomerScreen(seen.desk, number)):
            if screen is not None:
                await seen.app.push_screen(screen)
                await seen.settle()
            assert all(0 < len(line) <= size[0] for line in seen.lines if line)
            assert not {"\x1b", "\x07", "\u202e"} & set(seen.text)
            await seen.pilot.click(offset=(5, 4))
            await seen.settle()
            assert seen.app.is_running
        await seen.press("i")
        assert seen.app.is_running
        assert not {"\x1b", "\x07", "\u202e"} & set(seen.text)
