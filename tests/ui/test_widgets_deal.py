"""The deal's rail, conditions and side pane, and the agenda, stand on the cells of the mockups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal

from salestui import i18n
from salestui.domain.deal_views import SideSection
from salestui.widgets.agenda import AgendaList, AgendaStrip
from salestui.widgets.conditions import ConditionList
from salestui.widgets.rail import StageRail
from salestui.widgets.sidepane import SidePane
from salestui.widgets.theme import LookMixin
from tests.ui import samples_deal


class Deal(LookMixin, App[None]):
    """The deal's parts, or the agenda's, one below the other."""

    CSS = "SidePane { margin-left: 3; } .low SidePane { display: none; } .low StageRail { height: 2; }"

    def __init__(self, *, agenda: bool = False) -> None:
        super().__init__()
        self.look("salestui-dark")
        self.agenda = agenda
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        low = self.size.height < 30
        self.screen.set_class(low, "low")
        if self.agenda:
            yield AgendaList(samples_deal.agenda())
            yield AgendaStrip(samples_deal.agenda_strip())
            return
        yield StageRail(samples_deal.rail())
        with Horizontal():
            yield ConditionList(samples_deal.conditions(), brief=low)
            yield SidePane(samples_deal.side())

    def on_condition_list_condition_chosen(self, message: ConditionList.ConditionChosen) -> None:
        self.heard.append(message.row.key)

    def on_agenda_list_row_chosen(self, message: AgendaList.RowChosen) -> None:
        self.heard.append(message.row.name)

    @property
    def conditions(self) -> ConditionList:
        return self.query_one(ConditionList)

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_the_rail_stands_where_the_boards_heads_stand():
    i18n.use("zh")
    app = Deal()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.text()[:2] == [
            " 1 市场调研       ✓  2 筛选分级       ✓  3 客户接洽       ✓  4 方案制定     缺3  5 谈判签约          6 履约维护",  # noqa: E501 - a row of the screen
            " 08-21          9天  08-30         14天  09-13         60天  11-12   第7天 限20",
        ]


async def test_the_rail_is_one_line_on_a_low_screen():
    i18n.use("zh")
    app = Deal()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.text()[0] == " 1✓   2✓   3✓   4 方案制定 第7天 限20    5 谈判签约    6 履约维护"


async def test_unmet_conditions_carry_the_digits_and_titles_hang():
    i18n.use("zh")
    app = Deal()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = app.text()
        assert text[3].startswith(" 目标  摸清客户的核心需求，拿出客户愿意采纳的定制方案")
        assert text[6].startswith(" 过关条件   去 5 谈判签约")
        assert text[9].startswith("    ✓《客户需求深度分析报告》      r2   11-12 林悦  三个层级齐全")
        assert text[11].startswith("▐ 1 ✗《方案评审记录表》            r3   ✓ 技术  ✓ 销售  ✗ 法务 等 2 天    催办")
        assert text[18].startswith("  2 ✗  记录客户反馈，作为下一版的依据")
        assert app.conditions.numbered(3) is not None
        assert app.conditions.numbered(9) is None


async def test_met_actions_fold_into_one_line_on_a_low_screen_and_unfold():
    i18n.use("zh")
    app = Deal()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\n".join(app.text())
        assert "✓  走访、比较、对应、演示           4 项已完成" in text
        assert "摸清客户" not in text
        conditions = app.conditions
        conditions.move_cursor(1)
        assert conditions.selected is None
        assert conditions.toggle_fold()
        await pilot.pause()
        assert "走访现场，三个层级都谈到" in "\n".join(app.text())
        assert conditions.selected is not None


async def test_the_cursor_walks_conditions_and_groups_and_scrolls():
    app = Deal()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        conditions = app.conditions
        assert conditions.move_cursor(-9)
        assert not conditions.move_cursor(-1)
        while conditions.move_cursor(1):
            pass
        await pilot.pause()
        assert any(row.startswith("▐") and "Research, Grading" in row for row in app.text())
        assert conditions.move_group(-1)
        assert conditions.selected is not None
        assert conditions.selected.key.startswith("A 22/25")
        assert not conditions.select("nothing")
        assert conditions.select("Record feedback for the next version")
        conditions.move_group(-1)
        await pilot.pause()
        assert app.text()[2].startswith(" Conditions")


async def test_the_cursor_stays_on_its_condition_when_it_is_met():
    app = Deal()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        view = samples_deal.conditions()
        outputs = view.groups[0]
        mended = replace(outputs, done=3, rows=(*outputs.rows[:2], replace(outputs.rows[2], number=None)))
        app.conditions.show(replace(view, unmet=2, met=10, groups=(mended, *view.groups[1:])))
        await pilot.pause()
        assert app.conditions.selected == mended.rows[2]
        assert (
            app.text()[6].endswith("10 met   2 unmet   Contacts                            3")
            or "2 unmet" in app.text()[6]
        )
        app.conditions.active = False
        await pilot.pause()
        assert app.text()[11].startswith("▐")


async def test_a_click_selects_a_condition_and_a_second_one_chooses_it():
    app = Deal()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(ConditionList, offset=(10, 6))
        await pilot.click(ConditionList, offset=(10, 6))
        await pilot.pause()
        assert app.heard == ["In-depth needs analysis"]


async def test_the_side_pane_sets_words_at_columns_and_scrolls():
    i18n.use("zh")
    app = Deal()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        pane = app.query_one(SidePane)
        side = [row[-200:] for row in app.text()]
        assert side[8].endswith("王建国  采购总监   决策          支持")
        assert side[13].endswith("规模4   匹配5   紧急5   预算4   决策4")
        assert not pane.scroll_rows(5)
        empty = SideSection("联系人", empty=("还没有联系人", (("c", "添加"),)))
        pane.show((empty,))
        pane.active = True
        await pilot.pause()
        assert app.text()[4].endswith("还没有联系人  c 添加")


async def test_a_long_side_pane_tells_how_much_is_below():
    app = Deal()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        assert "▾ 4 more" in app.text()[-1]
        pane = app.query_one(SidePane)
        assert pane.scroll_rows(99)
        await pilot.pause()
        assert app.text()[-1].endswith("评分 A 22")


async def test_the_agenda_is_one_line_each_on_fixed_columns():
    i18n.use("zh")
    app = Deal(agenda=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = app.text()
        assert text[0] == " 逾期  7"
        assert text[1].startswith("▐   +2h  纪要    恒岳新材            A  118万     发出 11-18 上门复核报价的纪要")
        assert text[1].endswith("4 方案制定            缺3")
        assert text[17].startswith("    1天  评审    盐悦纺机            B   33万   《定制化解决方案》r2，陈立送审")
        assert text[19] == " 明天 11-20 周五  3"
        assert text[29] == " ▾ 还有 10"
        assert text[36].startswith(" 恒岳新材   发出 11-18 上门复核报价的纪要   应在 11-19 10:20 前，已超 2 小时")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_agendas_cursor_walks_rows_and_sections_and_stays_on_its_row(size):
    app = Deal(agenda=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        agenda = app.query_one(AgendaList)
        assert not agenda.move_cursor(-1)
        assert agenda.move_group(1)
        assert agenda.selected is not None
        assert agenda.selected.when == "13:30"
        chosen = agenda.selected
        late, *rest = samples_deal.agenda()
        agenda.show((replace(late, rows=late.rows[1:], total=6), *rest))
        assert agenda.selected == chosen
        while agenda.page(1):
            pass
        await pilot.pause()
        assert any(row.startswith("▐ 11-27") for row in app.text())
        agenda.show(())
        await pilot.pause()
        assert app.text()[0] == " nothing due today"
        assert agenda.selected is None
        assert not agenda.move_cursor(1)


async def test_a_click_in_the_agenda_selects_and_chooses():
    app = Deal(agenda=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(AgendaList, offset=(30, 2))
        await pilot.click(AgendaList, offset=(30, 2))
        await pilot.click(AgendaList, offset=(30, 0))
        await pilot.pause()
        assert app.heard == ["明远医疗"]
