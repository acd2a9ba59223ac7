"""Strip, panel, top row and footer say what is missing and what to press, at both sizes and in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from salestui import i18n
from salestui.domain.views import KeyHint, StripView
from salestui.widgets import symbols
from salestui.widgets.footer import KeyFooter
from salestui.widgets.gatepanel import GatePanel, panel_rows
from salestui.widgets.strip import GateStrip, NextStrip
from salestui.widgets.theme import LookMixin
from salestui.widgets.topbar import TopBar
from tests.ui import samples, samples_deal

if TYPE_CHECKING:
    from textual.widget import Widget


class Stage(LookMixin, App[None]):
    """One widget on an empty screen."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.look("salestui-dark")
        self.widgets = widgets
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_gate_panel_fix_chosen(self, message: GatePanel.FixChosen) -> None:
        self.heard.append(message.line.number)

    def text(self) -> list[str]:
        rows = [strip.text for strip in self.screen._compositor.render_strips()]
        assert all(cell_len(row) == self.size.width for row in rows)
        return [row.rstrip() for row in rows]


async def test_the_strip_numbers_what_is_unmet_and_names_the_fix():
    i18n.use("zh")
    app = Stage(GateStrip(samples.strip()))
    async with app.run_test(size=(120, 10)) as pilot:
        await pilot.pause()
        assert app.text()[:4] == [
            " 恒岳新材   4 方案制定 ▸ 5 谈判签约   还缺 3   已满足 9",
            " 1 ✗《方案评审记录表》           法务未签 r3，已等 2 天           催办       下次  今天 14:30  电话  确认质保条款",  # noqa: E501 - a row of the screen
            " 2 ✗  11-18 沟通的纪要           超出 24 小时限 2 小时            发送       上次  11-18 上门  复核报价与验收标准",  # noqa: E501 - a row of the screen
            " 3 ✗  关键动作：记录客户反馈     未完成                           登记       联系  王建国  采购总监  138 0000 6612",  # noqa: E501 - a row of the screen
        ]


async def test_one_row_is_enough_for_a_low_screen():
    i18n.use("zh")
    strip = GateStrip(samples.strip())
    strip.styles.height = 1
    app = Stage(strip)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        assert app.text()[0] == " 缺3   1 法务未签 r3   2 11-18 纪要超时   3 登记客户反馈                 g 关卡"


@pytest.mark.parametrize("height", [1, 4])
async def test_a_met_gate_says_so_and_a_notice_takes_its_place(height):
    strip = GateStrip(replace(samples.strip(), unmet=0, lines=()))
    strip.styles.height = height
    app = Stage(strip)
    async with app.run_test(size=(120, 10)) as pilot:
        await pilot.pause()
        assert "✓ all met" in app.text()[0 if height == 1 else 1]
        strip.show(StripView("", notice="Not now"))
        await pilot.pause()
        assert app.text()[0].startswith(" Not now")
        strip.show(None)
        await pilot.pause()
        assert app.text()[0] == ""


async def test_a_refused_card_keeps_its_digits_in_the_panel_and_shows_the_ways_out():
    app = Stage(GatePanel(samples.panel()))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        text = app.text()
        assert text[0].startswith(" ✗ Hengyue Alloys cannot advance yet   4 Solution ▸ 5 Contract")
        assert text[0].endswith("9 met   3 unmet")
        assert text[2].startswith("▐ 1 ✗  Solution review record: legal has not signed")
        assert "Why" in text[2]
        assert any("ask for an exception" in row for row in text)
        panel = app.query_one(GatePanel)
        assert panel.move_cursor(1)
        await pilot.pause()
        assert app.text()[5].startswith("▐ 2 ✗  Summary of the 18 Nov talk was not sent")
        assert panel.selected is not None
        assert panel.selected.number == 2
        assert panel.move_cursor(-5)
        assert not panel.move_cursor(-1)


async def test_the_panel_folds_what_is_met_and_unfolds_it():
    panel = GatePanel(samples.panel())
    panel.styles.height = 13
    app = Stage(panel)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.text()[11].startswith("  ✓    9 met   score A 22   plan r1")
        panel.toggle_met()
        await pilot.pause()
        assert app.text()[12].startswith("    ✓  score A 22 until 2 Dec")
        assert panel.move_cursor(2)
        assert panel.move_cursor(1)
        await pilot.pause()
        assert app.text()[12].startswith("    ✓  account plan r1")
        panel.toggle_met()
        await pilot.pause()
        assert app.text()[11].startswith("  ✓    9 met")


async def test_more_lines_than_fit_scroll_with_the_cursor():
    view = samples.panel()
    many = replace(view, lines=tuple(replace(view.lines[1], number=n) for n in range(1, 10)), unmet=9)
    panel = GatePanel(many)
    panel.styles.height = 13
    app = Stage(panel)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _step in range(8):
            panel.move_cursor(1)
        await pilot.pause()
        assert any(row.startswith("▐ 9 ✗") for row in app.text()[:13])
        panel.show(replace(view, name="other"))
        await pilot.pause()
        assert app.text()[2].startswith("▐ 1 ✗")


async def test_a_click_on_the_selected_line_goes_to_its_fix():
    app = Stage(GatePanel(samples.panel()))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.click(GatePanel, offset=(10, 5))
        await pilot.click(GatePanel, offset=(10, 6))
        await pilot.pause()
        assert app.heard == [2]


@pytest.mark.parametrize(("rows", "expected"), [(24, 13), (40, 19), (20, 9), (29, 18)])
def test_the_panel_takes_at_most_half_or_all_but_two_rows_of_cards(rows, expected):
    assert panel_rows(rows) == expected


async def test_the_top_row_keeps_what_is_late_when_the_screen_is_narrow():
    i18n.use("zh")
    app = Stage(TopBar(samples.top_bar()))
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        assert app.text()[0].endswith("逾期 7   今天 5   待我评审 1     林悦")
        await pilot.resize_terminal(60, 5)
        await pilot.pause()
        assert app.text()[0].endswith("逾期 7  今天 5  评审 1")
        assert app.text()[0].startswith(" 销售看板   华东新市场进入 ▾")


async def test_a_filter_a_notice_and_waiting_show_in_the_top_row():
    app = Stage(TopBar(replace(samples.top_bar(), filter="瓯", waiting=True, notice="sample data", marked=0, deals=1)))
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        assert "/ 瓯   sample data   loading" in app.text()[0]


async def test_the_deals_top_row_gives_the_score_where_the_class_has_no_room():
    i18n.use("zh")
    app = Stage(TopBar(samples_deal.deal_head()))
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        assert app.text()[0].startswith(" 恒岳新材   A 重点拓展   118万   林悦   预计 12-18 签约")
        await pilot.resize_terminal(80, 5)
        await pilot.pause()
        assert app.text()[0].startswith(" 恒岳新材   A 22   118万   林悦   预计 12-18")
        assert app.text()[0].endswith("方案制定 2/9")


async def test_leaving_and_help_are_never_dropped_from_the_footer():
    hints = [*(KeyHint(str(n), "something", enabled=n != 2) for n in range(14)), KeyHint("?", "help", leaving=True)]
    app = Stage(KeyFooter(hints))
    async with app.run_test(size=(200, 5)) as pilot:
        await pilot.pause()
        assert app.text()[4].count("something") == 10
        await pilot.resize_terminal(40, 5)
        await pilot.pause()
        assert app.text()[4] == " 0 something  1 something        ? help"


async def test_the_panel_is_drawn_in_ascii_too():
    symbols.use(symbols.ASCII)
    try:
        app = Stage(GatePanel(samples.panel()))
        async with app.run_test(size=(120, 24)) as pilot:
            await pilot.pause()
            assert all(row.isascii() for row in app.text())
            assert app.text()[2].startswith("> 1 x  Solution review record")
    finally:
        symbols.use(symbols.UNICODE)


async def test_a_low_deal_screen_tells_the_next_follow_up_in_one_row():
    i18n.use("zh")
    strip = NextStrip(*samples_deal.follow_up(), more=("i", "客户与历史"))
    app = Stage(strip)
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        assert app.text()[0] == " 今天 14:30   电话王建国，确认质保   138 0000 6612                 i 客户与历史"
        strip.show(*samples_deal.follow_up()[:1])
        await pilot.pause()
        assert app.text()[0] == " 今天 14:30"


async def test_the_panel_tells_what_is_hidden_below_and_what_to_press_when_all_is_met():
    i18n.use("zh")
    app = Stage(GatePanel(samples.panel()))
    async with app.run_test(size=(80, 40)) as pilot:
        app.query_one(GatePanel).styles.height = 7
        await pilot.pause()
        low = app.text()
        hidden = len(samples.unmet_lines()) - 2
        assert low[6].rstrip().endswith(f"▾ 还有 {hidden}"), low
        app.query_one(GatePanel).styles.height = 40
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert not any("▾ 还有" in row for row in app.text())
        assert any("处理一项" in row for row in app.text())
        app.query_one(GatePanel).show(replace(samples.panel(), lines=(), unmet=0))
        await pilot.pause()
        assert any("条件都满足了，按 > 推进" in row for row in app.text())
        assert not any("处理一项" in row for row in app.text())
