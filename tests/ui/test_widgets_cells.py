"""Text in cells is cut and filled by width, and nothing typed by people reaches the terminal as a command."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea

from salestui import i18n
from salestui.domain.money import Money
from salestui.widgets import symbols
from salestui.widgets.amounts import short_amount
from salestui.widgets.cells import compose, cut, fill, guarded, hang, right, wrap
from salestui.widgets.theme import THEMES, LookMixin, palette_of

PLAIN, BOLD, BAR = Style(), Style(bold=True), Style(reverse=True)
ATTACKS = (
    "\x1b]52;c;c3RlYWw=\x07",
    "\x1b[2J\x1b[H",
    "\x1b]8;;file:///etc/passwd\x1b\\click\x1b]8;;\x1b\\",
    "a\x9b31mb",
    "one\rtwo\x08\x7f",
    "abc\u202edcba",
    "zero\u200bwidth\ufeff",
    "tag\U000e0041",
    "lone\ud800surrogate",
)


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("恒岳新材", 8, "恒岳新材"),
        ("浦江港机配套工程", 14, "浦江港机配套.."),
        ("浦江港机配套工程", 13, "浦江港机配.."),
        ("Hengyue Alloys", 9, "Hengyue.."),
        ("Hengyue", 2, ".."),
        ("Hengyue", 0, ""),
        ("", 3, ""),
    ],
)
def test_a_long_text_is_cut_at_its_end_and_never_inside_a_wide_character(text, cells, expected):
    assert cut(text, cells) == expected
    assert cell_len(fill(text, cells)) == cells


@pytest.mark.parametrize("text", ["恒" * 100, "👨\u200d👩\u200d👧" * 70, "e\u0301" * 50, "á恒x" * 40])
@pytest.mark.parametrize("cells", [0, 1, 2, 3, 7, 18])
def test_filled_text_has_exactly_the_width_asked_for(text, cells):
    assert cell_len(fill(text, cells)) == cells


def test_the_opening_mark_of_a_title_hangs_before_the_text_edge():
    assert hang("《方案》", 6) == 4
    assert hang("方案", 6) == 6
    assert right("缺3", 19) == 16


def test_a_line_is_made_of_few_segments_and_blanks_take_their_neighbours_style():
    strip = compose([(0, "*", BAR), (1, "A", BOLD), (3, "118万", PLAIN), (12, "林", PLAIN)], 16, PLAIN)
    assert strip.text == "*A 118万    林  "
    assert strip.cell_length == 16
    assert [segment.style for segment in strip] == [BAR, BOLD, PLAIN]


def test_a_piece_that_would_run_into_the_next_is_cut():
    strip = compose([(0, "too long a name", PLAIN), (8, "here", BOLD)], 12, PLAIN)
    assert strip.text == "too lo..here"


def test_text_wraps_at_blanks_and_never_before_a_closing_mark():
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("同一版方案须由技术、销售、法务评审看能否实现、报价合理、条款合规", 35) == [
        "同一版方案须由技术、销售、法务评审",
        "看能否实现、报价合理、条款合规",
    ]
    assert wrap("a b c d e f", 3, 2) == ["a b", "c.."]
    assert wrap("一" * 20, 7) == ["一" * 3] * 6 + ["一" * 2]


@pytest.mark.parametrize("text", ATTACKS)
def test_guarded_text_is_as_wide_as_before_and_has_no_character_that_acts(text):
    shown = guarded(text)
    assert cell_len(shown) == cell_len(text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert not set(shown) & set("\u202e\u200b\ufeff\u200d\U000e0041\ud800")


@pytest.mark.parametrize("text", ["恒岳新材 ✓ ▐ 《》", "Zoë Müller", "e\u0301", "", "plain"])
def test_ordinary_text_passes_the_guard_unchanged(text):
    assert guarded(text) == text


def test_a_family_of_emoji_takes_the_same_cells_in_every_terminal():
    assert guarded("👨\u200d👩\u200d👧") == "👨"


class _Typed(LookMixin, App[None]):
    CSS_PATH = "../../salestui/screens/look.tcss"

    def __init__(self, theme: str = "salestui-dark") -> None:
        super().__init__()
        self.look(theme)

    def compose(self) -> ComposeResult:
        for attack in ATTACKS:
            yield Static(Content(attack))
        yield Input("\x1b]0;title\x07")
        area = TextArea("line \x1b[2J \u202e \x9b")
        area.border_title = "ok"
        yield area
        yield OptionList(*(Content(attack) for attack in ATTACKS))
        yield Static("[link='https://evil.example/\x1b\\x']name[/link]")


async def test_no_control_byte_of_any_widget_reaches_the_terminal():
    app = _Typed()
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.pause()
        written = app.screen._compositor.render_full_update().render_segments(app.console)
    escapes = written.split("\x1b")[1:]
    assert escapes
    assert all(part.startswith("[") and part[1:].lstrip("0123456789;")[:1] in {"m", "H"} for part in escapes)
    assert not set(written) & set("\x07\x08\r\x7f\x9b\x9d\u202e\u200b\ufeff")
    assert "evil.example" not in written


@pytest.mark.parametrize("theme", [*(theme.name for theme in THEMES), "nord", "ansi-dark", "ansi-light"])
async def test_every_theme_gives_every_token(theme):
    app = _Typed(theme)
    async with app.run_test(size=(40, 10)):
        palette = palette_of(app)
        assert palette.flat is ("16" in theme or "ansi" in theme)
        assert palette.style("faint", "cursor") == palette.style("muted", "cursor")
        assert palette.style("strong").bold
        assert (palette.style("error", "surface").bgcolor is None) is palette.flat


async def test_without_colours_only_bold_and_reverse_are_left(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = _Typed("salestui-16-dark")
    async with app.run_test(size=(40, 10)):
        palette = palette_of(app)
        assert palette.style("error") == Style()
        assert palette.style("primary", bold=True) == Style(bold=True)
        assert palette.bar() == Style(reverse=True)
        assert palette.chosen().reverse


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, symbols.UNICODE),
        ({"LANG": "zh_CN.utf8"}, symbols.UNICODE),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, symbols.UNICODE),
        ({"LANG": "zh_CN.GB18030"}, symbols.ASCII),
        ({"LC_ALL": "en_US.ISO-8859-1"}, symbols.ASCII),
        ({"LC_CTYPE": "de_DE.UTF-8@euro"}, symbols.UNICODE),
    ],
)
def test_signs_fall_back_to_ascii_where_the_locale_is_not_utf8(environment, expected):
    assert symbols.choose("auto", environment) is expected


def test_a_setting_overrules_the_locale():
    assert symbols.choose("ascii", {"LANG": "en_US.UTF-8"}) is symbols.ASCII
    assert symbols.choose("unicode", {"LANG": "C"}) is symbols.UNICODE


def test_ascii_signs_are_one_cell_each_and_ascii_texts_keep_their_width():
    try:
        symbols.use(symbols.ASCII)
        assert symbols.plain("✓ 技术  ✗ 法务 ▸") == "+ 技术  x 法务 >"
    finally:
        symbols.use(symbols.UNICODE)
    assert symbols.plain("✓") == "✓"


@pytest.mark.parametrize(
    ("minor", "currency", "zh", "en"),
    [
        (68_0000_00, "CNY", "68万", "680K"),
        (31_5000_00, "CNY", "31.5万", "315K"),
        (1_2000_0000_00, "CNY", "1.2亿", "120M"),
        (118_0000_00, "CNY", "118万", "1.2M"),
        (9600_00, "CNY", "9600", "9.6K"),
        (999_950_00, "CNY", "100万", "1M"),
        (9999_9999_00, "CNY", "1亿", "100M"),
        (0, "CNY", "0", "0"),
        (-68_0000_00, "CNY", "-68万", "-680K"),
        (12_0000_00, "USD", "USD 12万", "USD 120K"),
        (500_0000, "JPY", "JPY 500万", "JPY 5M"),
    ],
)
def test_amounts_are_short_in_the_languages_own_units(minor, currency, zh, en):
    assert short_amount(Money(minor, currency)) == en
    i18n.use("zh")
    assert short_amount(Money(minor, currency)) == zh


def test_no_amount_is_no_text_and_a_rounded_one_has_no_decimals():
    assert short_amount(None) == ""
    assert short_amount(Money(1_180_000_00, "CNY"), rounded=True) == "1M"


def test_the_guard_leaves_control_segments_of_the_framework_alone():
    from textual.color import Color

    from salestui.widgets.cells import GUARD

    control = Segment("\x1b[H", None, [])  # type: ignore[list-item]
    marked = Segment("\x1b[H", None, [(1,)])  # type: ignore[list-item]
    assert GUARD.apply([marked], Color(0, 0, 0)) == [marked]
    assert GUARD.apply([control], Color(0, 0, 0))[0].text != control.text
