"""The board draws cards in fixed corners, keeps its cursor on a deal, and redraws only what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen

from salestui import i18n
from salestui.domain.money import Money
from salestui.domain.views import CardView, CardWindow, ColumnView, GateSlot, GateState, TimeKind, TimeSlot
from salestui.widgets.board import BoardView, board_layout
from salestui.widgets.card import CardLook, card_lines
from salestui.widgets.column import BoardColumn
from salestui.widgets.theme import DARK, LookMixin, Palette, _tokens
from tests.ui import samples

PAGE = 32
PALETTE = Palette(_tokens(DARK), colorless=False)
HENGYUE = CardView(
    402, "D402", "恒岳新材", GateSlot(GateState.UNMET, 3), TimeSlot(TimeKind.SUMMARY_LATE, 2), "A", 22,
    Money(118_0000_00, "CNY"), "林", "林悦", (True, True, False), (4, 5),
)  # fmt: skip
OUTAI = CardView(
    7, "D7", "瓯泰智能电气股份", GateSlot(GateState.UNMET, 1), TimeSlot(TimeKind.DUE_TODAY, at=time(13, 30)), "A", None,
    Money(210_0000_00, "CNY"), "林", "林悦", (True, True),
)  # fmt: skip


def lines(card: CardView, text: int, **look: bool) -> tuple[str, str]:
    first, second = card_lines(card, CardLook(text + 2, **look), PALETTE)
    assert first.cell_length == second.cell_length == text + 2
    return first.text[1:-1], second.text[1:-1]


@pytest.mark.parametrize(
    ("card", "text", "first", "second"),
    [
        (HENGYUE, 40, "恒岳新材                             缺3", "A 22  118万  林悦  ✓✓◦ 4/5       纪要+2h"),
        (OUTAI, 28, "瓯泰智能电气股份         缺1", "A 210万 林  ✓✓         13:30"),
        (OUTAI, 22, "瓯泰智能电气股份   缺1", "A 210万 林  ✓✓   13:30"),
        (OUTAI, 18, "瓯泰智能电气.. 缺1", "A 210万 林   13:30"),
    ],
)
def test_a_card_has_four_fixed_corners_at_every_width(card, text, first, second):
    i18n.use("zh")
    assert lines(card, text) == (first, second)


def test_an_english_card_fits_eighteen_cells():
    card = replace(HENGYUE, name="Hengyue Alloys", owner_short="LY")
    assert lines(card, 18) == ("Hengyue Alloys  -3", "A 1.2M LY mail +2h")


@pytest.mark.parametrize(
    ("amount", "when", "second"),
    [
        (118_0000_00, TimeSlot(TimeKind.AGE, 6), "A 118万 林     6天"),
        (12345_0000_00, TimeSlot(TimeKind.SCORE_EXPIRED), "A 1.2亿   评分过期"),
        (12345_6789_00, TimeSlot(TimeKind.FOLLOWUP_LATE, 12), "A 1.2亿 逾期12天"),
    ],
)
def test_grade_amount_and_flag_stay_when_the_owner_has_to_go(amount, when, second):
    i18n.use("zh")
    card = replace(HENGYUE, amount=Money(amount, "CNY"), time=when)
    assert lines(card, len(second) + sum(1 for char in second if ord(char) > 0x2E80))[1] == second


def test_mine_hides_the_owner_and_a_plain_age_goes_last():
    card = replace(HENGYUE, mine=True, time=TimeSlot(TimeKind.AGE, 6))
    assert "林" not in lines(card, 40)[1]
    foreign = replace(HENGYUE, amount=Money(123_4567_00, "USD"), time=TimeSlot(TimeKind.AGE, 120))
    assert lines(foreign, 11)[1].rstrip() == "A USD 1.2M"


@pytest.mark.parametrize(
    ("gate", "zh", "en"),
    [
        (GateSlot(GateState.READY), "✓", "✓"),
        (GateSlot(GateState.UNMET, 12), "缺12", "-12"),
        (GateSlot(GateState.WAITING), "评审", "wait"),
        (GateSlot(GateState.EXCEPTION), "例外✓", "exc✓"),
        (GateSlot(GateState.CANNOT_PASS), "✗", "✗"),
    ],
)
def test_the_gate_slot_is_never_cut(gate, zh, en):
    card = replace(HENGYUE, name="恒" * 200, gate=gate)
    assert lines(card, 18)[0].endswith(en)
    i18n.use("zh")
    assert lines(card, 18)[0].endswith(zh)


@pytest.mark.parametrize(
    ("slot", "zh", "en"),
    [
        (TimeSlot(TimeKind.SUMMARY_LATE, 2), "纪要+2h", "mail +2h"),
        (TimeSlot(TimeKind.SUMMARY_LATE, 240), "纪要+10天", "mail +10d"),
        (TimeSlot(TimeKind.SUMMARY_LEFT, 17), "纪要17h", "mail 17h"),
        (TimeSlot(TimeKind.FOLLOWUP_LATE, 3), "逾期3天", "3d late"),
        (TimeSlot(TimeKind.DUE_TODAY, at=time(14)), "14:00", "14:00"),
        (TimeSlot(TimeKind.DUE_TODAY), "今天", "today"),
        (TimeSlot(TimeKind.SCORE_EXPIRED), "评分过期", "rescore"),
        (TimeSlot(TimeKind.OVER_AGE, 21), "停21天", "idle 21d"),
        (TimeSlot(TimeKind.AGE, 6), "6天", "6d"),
    ],
)
def test_the_time_slot_says_what_is_most_urgent(slot, zh, en):
    card = replace(HENGYUE, time=slot)
    assert lines(card, 18)[1].endswith(en)
    i18n.use("zh")
    assert lines(card, 18)[1].endswith(zh)


def test_the_gutter_shows_the_bar_the_mark_and_the_change():
    marked = replace(HENGYUE, changed=True)
    first, second = card_lines(marked, CardLook(20, marked=True), PALETTE)
    assert (first.text[0], second.text[0]) == ("*", "~")
    first, second = card_lines(HENGYUE, CardLook(20, cursor=True, marked=True), PALETTE)
    assert (first.text[0], second.text[0]) == ("▐", "*")


@pytest.mark.parametrize(
    "name", ["[/]", "[@click=app.quit]x", "\x1b]52;c;eA==\x07", "恒" * 200, "👨\u200d👩\u200d👧" * 20]
)
def test_a_hostile_name_keeps_the_card_in_its_cells(name):
    first, _second = card_lines(replace(HENGYUE, name=name), CardLook(20), PALETTE)
    assert first.cell_length == 20
    assert first.text.endswith("-3 ")


@pytest.mark.parametrize(
    ("width", "stages", "pitch", "visible", "pane"),
    [(120, 6, 20, 6, 0), (80, 6, 20, 4, 0), (60, 6, 20, 3, 0), (119, 6, 23, 5, 0), (120, 3, 40, 3, 0),
     (160, 6, 20, 6, 40), (240, 6, 28, 6, 72), (19, 6, 19, 1, 0)],
)  # fmt: skip
def test_columns_share_the_width_at_a_pitch_of_twenty_or_more(width, stages, pitch, visible, pane):
    layout = board_layout(width, stages)
    assert (layout.pitch, layout.visible, layout.pane) == (pitch, visible, pane)


class Board(LookMixin, App[None]):
    """Only a board, filled with what a test gives it."""

    CSS = "BoardView { margin: 2 0 0 0; height: 33; } .low BoardView { margin: 1 0 0 0; height: 21; }"

    def __init__(self, columns: tuple[ColumnView, ...]) -> None:
        super().__init__()
        self.look("salestui-dark")
        self.columns = columns
        self.heard: list[str] = []
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield BoardView()

    def on_mount(self) -> None:
        self.screen.set_class(self.size.height < 30, "low")
        self.board.show(self.columns)

    @property
    def board(self) -> BoardView:
        return self.query_one(BoardView)

    def on_board_view_card_highlighted(self, message: BoardView.CardHighlighted) -> None:
        self.heard.append(f"highlighted {message.card.deal_id if message.card else None}")

    def on_board_view_card_chosen(self, message: BoardView.CardChosen) -> None:
        self.heard.append(f"chosen {message.card.deal_id}")

    def text(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.sent.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)


async def test_the_board_shows_six_columns_with_ten_cards_each():
    i18n.use("zh")
    app = Board(samples.columns())
    async with app.run_test(size=(120, 40)) as pilot:
        app.board.select(samples.SELECTED)
        await pilot.pause()
        text = app.text()
    assert text[2].split() == [
        "1",
        "市场调研",
        "12",
        "2",
        "筛选分级",
        "31",
        "3",
        "客户接洽",
        "18",
        "4",
        "方案制定",
        "2/9",
        "5",
        "谈判签约",
        "5",
        "6",
        "履约维护",
        "7",
    ]
    assert text[3].split()[:6] == ["340万", "!1", "✓2", "912万", "!1", "✓2"]
    assert "▐恒岳新材       缺3  戚江机车" in text[8]
    assert text[34].split("╌")[0].strip() == "▾ 还有 2"


@pytest.mark.parametrize(("size", "columns"), [((120, 40), 6), ((80, 24), 4), ((60, 24), 3), ((20, 24), 1)])
async def test_as_many_whole_columns_as_fit_are_shown(size, columns):
    app = Board(samples.columns())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = [column for column in app.query(BoardColumn) if column.display]
        assert len(shown) == columns
        assert {column.size.width for column in shown} == {size[0] // columns}


async def test_signs_at_the_ends_tell_of_further_stages_and_the_cursor_brings_them():
    app = Board(samples.columns())
    async with app.run_test(size=(80, 24)) as pilot:
        app.board.move_cursor(dx=1)
        await pilot.pause()
        assert app.text()[1].startswith(" 1")
        assert app.text()[1].endswith("›")
        for _step in range(4):
            app.board.move_cursor(dx=1)
        await pilot.pause()
        assert app.text()[1].startswith("‹3 First contact")
        assert app.text()[1].endswith("7 ")
        assert app.board.move_cursor(dx=1) is False


@pytest.mark.parametrize(("rows", "airy", "compact"), [(40, 10, 15), (24, 6, 9)])
async def test_the_compact_density_shows_half_as_many_cards_again(rows, airy, compact):
    app = Board(samples.columns())
    async with app.run_test(size=(120, rows)) as pilot:
        await pilot.pause()
        column = app.query(BoardColumn).first()
        assert column.capacity == airy
        app.board.compact = True
        await pilot.pause()
        assert column.capacity == compact
        second = app.query(BoardColumn)[1]
        assert second._above() == f"▾ {31 - compact} more"


def _flat(count: int, read: set[int] | None = None) -> tuple[ColumnView, ...]:
    pages = {
        page: [replace(HENGYUE, deal_id=number) for number in range(page * PAGE, min((page + 1) * PAGE, count))]
        for page in range((count - 1) // PAGE + 1)
        if read is None or page in read
    }
    window = CardWindow(count, pages, PAGE)
    return (ColumnView("s1", 1, "Research", count, None, 0, 0, window), replace(samples.columns()[1], number=2))


async def test_a_step_redraws_two_cards_and_a_count_whatever_the_number_of_cards():
    sizes: list[int] = []
    for count in (50, 60_000):
        app = Board(_flat(count))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            app.sent.clear()
            app.board.move_cursor(dy=1)
            await pilot.pause()
            sizes.append(len("".join(app.sent).encode()))
    assert 0 < sizes[0] < 1100
    assert abs(sizes[0] - sizes[1]) < 40


async def test_a_window_tells_which_cards_are_to_be_read_before_the_cursor_comes_there():
    columns = _flat(60_000, read={0})
    app = Board(columns)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        window = columns[0].cards
        assert isinstance(window, CardWindow)
        assert not app.board.unread()
        assert app.board.toward(dy=60_000) == (0, 59_999)
        assert app.board.unread((0, 59_999)) == {"s1": (1874,)}
        first, after = app.board.windows()["s1"]
        assert first < 0
        assert after == 20
        assert not app.board.select(59_999)
        assert app.board.end()
        assert app.board.selected is None
        assert window.missing == {1874}
        await pilot.pause()
        window.put(1874, [replace(HENGYUE, deal_id=number, name="Zuletzt") for number in range(1874 * PAGE, 60_000)])
        app.board.redraw(["s1", "gone"])
        await pilot.pause()
        assert app.board.selected is not None
        assert app.board.selected.deal_id == 59_999
        assert sum("Zuletzt" in line for line in app.text()) > 5
        assert not app.board.unread_at_cursor()
        assert app.board.home()


async def test_the_cursor_scrolls_by_half_a_page_and_comes_back_to_where_a_column_was():
    app = Board(_flat(100))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        column = app.query(BoardColumn).first()
        for _step in range(10):
            app.board.move_cursor(dy=1)
        assert column.offset_index == 5
        app.board.move_cursor(dx=1)
        app.board.move_cursor(dx=-1)
        assert column.offset_index == 5
        app.board.page(1)
        assert app.board.selected_index == 15
        app.board.home()
        assert column.offset_index == 0


async def test_the_selection_follows_its_deal_when_the_board_is_shown_anew():
    first, second, *rest = samples.columns()
    app = Board((first, second, *rest))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=3)
        moving = app.board.selected
        assert moving is not None
        left = replace(first, cards=tuple(card for card in first.cards if card != moving))
        app.board.show((left, replace(second, cards=(moving, *second.cards)), *rest))
        assert app.board.selected == moving
        assert app.board.selected_column is not None
        assert app.board.selected_column.key == second.key
        app.board.show((left, second, *rest))
        assert app.board.selected == second.cards[0]


async def test_showing_the_same_board_again_redraws_nothing():
    app = Board(samples.columns())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.sent.clear()
        app.board.show(samples.columns())
        await pilot.pause()
        assert app.sent == []


async def test_empty_columns_and_an_empty_board_say_so():
    column = ColumnView("s1", 1, "Research", 0, None, 0, 0)
    app = Board((column,))
    async with app.run_test(size=(80, 24)) as pilot:
        app.board.set_hint("No deals yet", ("n", "new"), ("I", "import"))
        await pilot.pause()
        assert app.text()[4].strip() == "No deals yet  n new   I import"
        app.board.set_hint("")
        await pilot.pause()
        assert app.text()[4].strip() == "empty"
        assert app.board.selected is None
        assert app.board.move_cursor(dy=1) is False


async def test_marks_are_kept_by_deal_and_drawn_in_the_gutter():
    app = Board(samples.columns())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.board.toggle_mark()
        app.board.move_cursor(dy=1)
        await pilot.pause()
        assert app.board.marks == {101}
        assert app.text()[5].startswith("*Changle")
        app.board.toggle_mark(101)
        assert app.board.marks == frozenset()


async def test_a_click_selects_and_a_second_click_chooses():
    app = Board(samples.columns())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(BoardView, offset=(25, 6))
        await pilot.click(BoardView, offset=(25, 6))
        await pilot.pause()
        assert app.heard[-2:] == ["highlighted 202", "chosen 202"]
        column = app.query(BoardColumn)[1]
        column.scroll_cards(3)
        assert column.offset_index == 3


async def test_a_board_without_the_focus_keeps_its_bar_and_loses_its_ground():
    app = Board(samples.columns())
    async with app.run_test(size=(120, 40)) as pilot:
        app.board.active = False
        await pilot.pause()
        assert app.text()[5].startswith("▐Changle")
        assert app.text()[2].split()[:3] == ["1", "Research", "12"]


async def test_a_bad_column_window_index_is_an_error():
    window = CardWindow(3, {0: [replace(HENGYUE, deal_id=n) for n in range(3)]}, 8)
    assert [card.deal_id for card in window[1:]] == [1, 2]
    assert window[-1].deal_id == 2
    assert window.locate(2) == 2
    assert window.locate(9) is None
    with pytest.raises(IndexError):
        window[3]
    with pytest.raises(LookupError, match="was not read"):
        CardWindow(3, {}, 8)[1]
    window.mark({1})
    assert [card.changed for card in window] == [False, True, False]
