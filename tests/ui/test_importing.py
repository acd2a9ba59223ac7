"""Importing from the app: the path, what columns mean, what would happen; then it is done, and told."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from salestui.errors import DiskFull
from salestui.screens.importing import ImportScreen
from salestui.services import customers, deals, import_run
from salestui.storage import importing as names
from tests.ui.stories import BOTH, SIZES, Seen, Story, make, opened

LEADS = """公司名称,行业,联系人,电话,预计金额（万元）,负责人,销售阶段,状态
苏州启明食品有限公司,食品,王建国,138 0000 6612,118,林悦,方案制定,
江苏恒岳新材料有限公司,新材料,李娜,139,30,,,
江苏恒岳新材料股份有限公司,新材料,李娜,139,30,,,
,食品,张三,,,,,
宁斯自动化设备,自动化,陈主任,,76,没这人,,
双澄节能,节能,周工,,88,,,赢单
"""


def file(folder: Path, text: str = LEADS, name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


async def read(seen: Seen, path: Path) -> None:
    """Name a file as by pasting its path, and read it."""
    assert isinstance(seen.screen, ImportScreen)
    seen.screen.path_line.value = str(path)
    await seen.press("enter")


async def to(seen: Seen, text: str) -> None:
    """Put the cursor on the line with this text."""
    await seen.press("home")
    for _line in range(60):
        if text in seen.line("▐"):
            return
        await seen.press("j")
    raise AssertionError(seen.text)


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_what_would_happen_is_shown_before_anything_does(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen, size=size, language=language) as seen:
        await read(seen, file(tmp_path))
        chinese = language == "zh"
        seen.shows(*(("导入前试算", "各列", "6 行") if chinese else ("What would happen", "Columns", "6 rows")))
        words = ("新建", "跳过", "可能重复", "未收下") if chinese else ("created", "skipped", "doubles", "rejected")
        assert [re.findall(r"(\d+)  " + word, seen.text)[0] for word in words] == ["3", "1", "1", "2"]
        assert len(deals.listed(story.ask())) == 1
        await to(seen, "未收下" if chinese else "rejected")
        await seen.press("enter")
        seen.shows("没这人")
        assert "5" in seen.line("▐")


async def test_the_import_is_told_and_the_rejected_rows_stand_in_a_file_beside_it(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen) as seen:
        await read(seen, file(tmp_path))
        await seen.press("ctrl+s")
        seen.shows("导入结果", "已导入 3 张单子", "leads-rejected.csv", "D2")
        assert (tmp_path / "leads-rejected.csv").exists()
        assert [deal.customer_name for deal in deals.listed(story.ask())][1:] == [
            "苏州启明食品有限公司", "江苏恒岳新材料有限公司", "双澄节能",
        ]  # fmt: skip
        await to(seen, "D2")
        await seen.press("enter")
        seen.shows("启明食品", "过关条件")
        await seen.press("escape", "ctrl+s")
        seen.shows("已经导入")
        assert len(deals.listed(story.ask())) == 4
        await seen.press("escape")
        assert seen.outcome is True


async def test_a_path_is_completed_and_what_fits_is_shown(tmp_path: Path) -> None:
    story = make(tmp_path)
    folder = tmp_path / "tables"
    folder.mkdir()
    file(folder, name="leads-1.csv")
    file(folder, name="leads-2.csv")
    file(folder, name="notes.md")
    async with opened(story, ImportScreen) as seen:
        assert isinstance(seen.screen, ImportScreen)
        seen.screen.path_line.value = f"{folder}/"
        await seen.press("tab")
        seen.shows("leads-1.csv", "leads-2.csv")
        seen.hides("notes.md")
        assert seen.screen.path_line.value.endswith("leads-")
        await seen.type("2")
        await seen.press("tab", "enter")
        seen.shows("导入前试算")


async def test_a_heading_nobody_knows_is_given_its_meaning(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen) as seen:
        await read(seen, file(tmp_path, "甲方,钱\n宁斯自动化设备,76万\n"))
        seen.shows("没有一列是公司名", "不认识")
        await to(seen, "甲方")
        await seen.press("enter", "2")
        seen.shows("导入前试算")
        await to(seen, "钱 ")
        await seen.press("enter")
        seen.shows("「钱」这一列是什么", "甲方")
        while "金额" not in seen.line("金额") or "金额" not in highlighted(seen):
            await seen.press("j")
        await seen.press("enter", "ctrl+s")
        made = deals.listed(story.ask())[-1]
        assert made.amount is not None
        assert (made.customer_name, made.amount.minor) == ("宁斯自动化设备", 76_000_000)


def highlighted(seen: Seen) -> str:
    """Return the choice under the cursor of a list of choices."""
    from textual.widgets import OptionList

    options = seen.screen.query_one(OptionList)
    assert options.highlighted is not None
    return str(options.get_option_at_index(options.highlighted).prompt)


async def test_two_columns_of_one_meaning_are_no_dead_end(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen) as seen:
        await read(seen, file(tmp_path, "公司,客户名称\n宁斯自动化设备,宁斯\n"))
        seen.shows("导入前试算", "不读取")
        await to(seen, "客户名称")
        await seen.press("enter", "2")
        await seen.press("ctrl+s")
        assert deals.listed(story.ask())[-1].customer_name == "宁斯"


async def test_rows_reach_their_stage_only_by_a_manager_and_by_exceptions_that_are_told(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen) as seen:
        await read(seen, file(tmp_path))
        await seen.press("s")
        seen.shows("经理")
        seen.hides("阶段按")
    story = make(tmp_path / "manager")
    async with opened(story, ImportScreen, "fang") as seen:
        await read(seen, file(tmp_path))
        await seen.press("s")
        assert "销售阶段" in highlighted(seen)
        await seen.press("enter")
        seen.shows("阶段按「销售阶段」")
        await seen.press("ctrl+s")
        seen.shows("靠例外放到后面阶段", "条例外")
        stages = {deal.customer_name: deal.stage for deal in deals.listed(story.ask())}
        assert stages["苏州启明食品有限公司"] == story.loaded.deal.stage


@pytest.mark.parametrize("content", [b"PK\x03\x04 spreadsheet", b"", b"a\0b"])
async def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    story = make(tmp_path)
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    async with opened(story, ImportScreen) as seen:
        await read(seen, path)
        seen.shows("odd.csv")
        seen.hides("导入前试算")
        await read(seen, tmp_path / "missing.csv")
        seen.shows("missing.csv")
        await seen.press("escape")
        assert seen.outcome is False


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_cells_are_only_text(tmp_path: Path, size: tuple[int, int]) -> None:
    story: Story = make(tmp_path)
    names = ("[/]", "[@click=app.quit]x", "\x1b[31m红", "长" * 190, "👨‍👩‍👧‍👦公司")
    rows = "\n".join(f"{name},{name},abc" for name in names)
    good = "\n".join(f"{name},{name}," for name in names)
    async with opened(story, ImportScreen, size=size) as seen:
        await read(seen, file(tmp_path, f"公司,[b]备注[/],金额\n{rows}\n{good}\n"))
        seen.shows("导入前试算")
        assert "\x1b" not in seen.text
        await seen.press("end", "ctrl+s")
        assert "\x1b" not in seen.text
        await seen.pilot.click(offset=(10, 8))
        assert seen.app.is_running
        assert len(customers.all(story.ask())) == 6


async def test_the_database_itself_is_no_table_and_is_not_opened(tmp_path: Path) -> None:
    story = make(tmp_path)
    async with opened(story, ImportScreen) as seen:
        await read(seen, Path(story.store.location))
        seen.hides("导入前试算")
        assert customers.get(story.ask(), story.customer).id == story.customer
        seen.shows(Path(story.store.location).name)


MANY = "公司\n" + "".join(f"客户{number}\n" for number in range(5))


async def test_an_import_that_ends_early_says_how_far_it_is_and_goes_on_when_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "SLICE", 2)
    story = make(tmp_path)
    written = itertools.count(1)
    kept = names.add_deal

    def full(values: Mapping[str, object]) -> int:
        if next(written) == 3:
            raise DiskFull("/sales.db")
        return kept(values)

    async with opened(story, ImportScreen) as seen:
        await read(seen, file(tmp_path, MANY))
        monkeypatch.setattr(names, "add_deal", full)
        await seen.press("ctrl+s")
        seen.shows("已导入 2 / 5 行", "从第 4 行接着做", "磁盘已满", "导入结果")
        assert len(deals.listed(story.ask())) == 3
        await seen.press("ctrl+s")
        seen.shows("导入结果", "已导入 5 张单子")
        assert len(deals.listed(story.ask())) == 6


async def test_leaving_stops_an_import_after_its_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_run, "SLICE", 2)
    story = make(tmp_path)
    kept = names.add_deal
    screens: list[ImportScreen] = []

    def stopping(values: Mapping[str, object]) -> int:
        screens[0].app.call_from_thread(screens[0].action_leave)
        return kept(values)

    async with opened(story, ImportScreen) as seen:
        assert isinstance(seen.screen, ImportScreen)
        screens.append(seen.screen)
        await read(seen, file(tmp_path, MANY))
        monkeypatch.setattr(names, "add_deal", stopping)
        await seen.press("ctrl+s")
        seen.shows("已停下", "已导入 2 / 5 行", "从第 4 行接着做")
        assert len(deals.listed(story.ask())) == 3
        await seen.press("escape")
        assert seen.outcome is True
