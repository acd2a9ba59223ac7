"""The last step before the terminal: only what changed is sent, and it looks as if drawn from scratch."""

from __future__ import annotations

import re
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from salestui.widgets.lines import LineDiffer, cells_of, erases_in_colour
from salestui.widgets.pens import PLAIN, pen_of, turn
from tests.effort import EFFORT, examples
from tests.ui.stories import NARROW, WIDE, make
from tests.ui.test_languages import screens
from tests.ui.wire import Wire, differences, from_scratch, grid, terminal, wired

COLUMNS, ROWS = 24, 3
SYSTEM = ColorSystem.TRUECOLOR
STYLES = [
    None,
    *map(Style.parse, ("none", "bold", "reverse", "underline", "on #101820", "on #2a3140", "dim", "blink")),
    *map(Style.parse, ("bold #ff8800 on #101820", "#a0a0a0 on #101820", "reverse #ff8800 on #2a3140")),
    *map(Style.parse, ("italic green", "strike on blue")),
]
PLAIN_TEXT = ["a", "bc", " ", "   ", "        ", "汉", "汉字", "한", "é", "e\u0301", "▐", "《", "x" * 9, "─" * 6]
DOUBTFUL = ["👍", "👍🏽", "🇨🇳", "n\u0303\u0301", "\u0301"]
HOSTILE = ["\x1b[31m", "\x1b]52;c;aGk=\x07", "\u202eabc", "\u200b", "\x7f", "\x9b5m", "\r\n", "a\u2066b"]

Put = tuple[int, int, Strip]


def _put(texts: list[str]) -> st.SearchStrategy[Put]:
    segment = st.tuples(st.sampled_from(texts), st.sampled_from(STYLES)).map(lambda pair: Segment(*pair))
    strip = st.lists(segment, max_size=6).map(Strip)
    return st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1), strip)


def _frames(texts: list[str]) -> st.SearchStrategy[list[list[Put]]]:
    return st.lists(st.lists(_put(texts), max_size=4), min_size=1, max_size=4)


def _laid(row: Strip, at: int, piece: Strip) -> Strip:
    """Lay a piece over a row as Textual does it, halves of wide characters becoming blanks."""
    piece = piece.crop(0, COLUMNS - at)
    if not piece.cell_length:
        return row
    return Strip.join([row.crop(0, at), piece, row.crop(at + piece.cell_length, COLUMNS)])


def _shown(differ: LineDiffer, screen: pyte.Screen, cursor: tuple[int, int] = (0, 0)) -> str:
    codes = differ.take(cursor)
    pyte.Stream(screen).feed(codes)
    return codes


@pytest.mark.parametrize("fills", [True, False], ids=["fills", "does not fill"])
@given(frames=_frames(PLAIN_TEXT))
@examples(100)
def test_after_any_updates_the_terminal_shows_what_textual_would_draw_from_scratch(
    fills: bool, frames: list[list[Put]]
) -> None:
    differ, screen = LineDiffer(fills=fills), terminal(COLUMNS, ROWS)
    differ.begin(COLUMNS, ROWS)
    rows = [Strip.blank(COLUMNS)] * ROWS
    for frame in frames:
        for row, column, piece in frame:
            differ.put(row, column, cells_of(piece, SYSTEM))
            rows[row] = _laid(rows[row], column, piece)
        _shown(differ, screen)
        assert not differences(grid(screen), from_scratch(rows, COLUMNS, ROWS))


@given(frames=_frames([*PLAIN_TEXT, *DOUBTFUL, *HOSTILE]), fills=st.booleans())
@examples(50)
def test_emoji_marks_and_hostile_text_leave_the_same_screen_as_drawn_from_scratch(
    frames: list[list[Put]], fills: bool
) -> None:
    differ, screen = LineDiffer(fills=fills), terminal(COLUMNS, ROWS)
    differ.begin(COLUMNS, ROWS)
    again = LineDiffer(fills=fills)
    for frame in frames:
        fresh = terminal(COLUMNS, ROWS)
        again.begin(COLUMNS, ROWS)
        for row, column, piece in frame:
            differ.put(row, column, cells_of(piece, SYSTEM))
        _shown(differ, screen)
        for number, line in enumerate(differ._shown):
            again.put(number, 0, line)
        _shown(again, fresh)
        assert not differences(grid(screen), grid(fresh))


@given(frames=_frames([*PLAIN_TEXT, *DOUBTFUL, *HOSTILE]))
@examples(50)
def test_only_our_own_codes_reach_the_terminal(frames: list[list[Put]]) -> None:
    differ = LineDiffer()
    differ.begin(COLUMNS, ROWS)
    for frame in frames:
        for row, column, piece in frame:
            differ.put(row, column, cells_of(piece, SYSTEM))
        rest = re.sub(r"\x1b\[[0-9;]*[mHCDGKXJ]|\r", "", differ.take((0, 0)))
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", rest), repr(rest)


@given(first=st.sampled_from(STYLES), second=st.sampled_from(STYLES))
@examples(40)
def test_a_pen_turns_into_any_other(first: Style | None, second: Style | None) -> None:
    held, wanted = pen_of(first, SYSTEM), pen_of(second, SYSTEM)
    turned, fresh = pyte.Screen(2, 1), pyte.Screen(2, 1)
    pyte.Stream(turned).feed(f"{turn(PLAIN, held)}{turn(held, wanted)}x")
    pyte.Stream(fresh).feed(f"{turn(PLAIN, wanted)}x")
    assert grid(turned) == grid(fresh)


@given(text=st.lists(st.sampled_from([*PLAIN_TEXT, *DOUBTFUL[:-1], *HOSTILE])).map("".join))
@examples(40)
def test_a_text_takes_the_cells_that_were_counted(text: str) -> None:
    cells = cells_of([Segment(text)], SYSTEM)
    assert len(cells.texts) == len(cells.pens) == cell_len(text)


def _screen(*lines: str) -> tuple[LineDiffer, pyte.Screen]:
    differ, screen = LineDiffer(), terminal(COLUMNS, ROWS)
    differ.begin(COLUMNS, ROWS)
    for row, line in enumerate(lines):
        differ.put(row, 0, cells_of([Segment(line)], SYSTEM))
    _shown(differ, screen)
    return differ, screen


@pytest.mark.parametrize(
    ("row", "column", "text", "codes"),
    [
        (0, 0, "恒岳新材  缺  3", ""),
        (0, 14, "2", "\x1b[14C2"),
        (0, 0, "恒岳新汽  缺  3", "\x1b[6C汽"),
        (0, 1, "x", " x"),
        (1, 3, "XX", "\x1b[2;4HXX"),
        (1, 0, "X b", "\x1b[2HX"),
        (1, 0, " ", "\x1b[2H "),
        (1, 0, " " * COLUMNS, "\x1b[2H\x1b[K"),
    ],
)
def test_what_is_sent_is_only_what_changed(row: int, column: int, text: str, codes: str) -> None:
    differ, _terminal = _screen("恒岳新材  缺  3", "a b c")
    differ.put(row, column, cells_of([Segment(text)], SYSTEM))
    assert differ.take((0, 0)) == (f"{codes}\x1b[H" if codes else "")


def test_a_rule_without_a_style_after_a_blank_takes_no_colour_from_what_stands_before() -> None:
    row = Strip([Segment("《", STYLES[-5]), Segment(" "), Segment("──────"), Segment(" " * 16)])
    differ, screen = LineDiffer(), terminal(COLUMNS, ROWS)
    differ.begin(COLUMNS, ROWS)
    differ.put(0, 0, cells_of(row, SYSTEM))
    _shown(differ, screen)
    assert not differences(grid(screen)[:1], from_scratch([row], COLUMNS, ROWS)[:1])


def test_nothing_is_sent_when_nothing_changed() -> None:
    differ, _terminal = _screen("恒岳新材", "abc")
    differ.put(0, 0, cells_of([Segment("恒岳新材")], SYSTEM))
    assert differ.take((0, 0)) == ""
    assert differ.take((0, 0)) == ""


def test_the_cursor_is_left_where_an_input_method_looks_for_it() -> None:
    differ, screen = _screen("abc")
    differ.put(2, 5, cells_of([Segment("x")], SYSTEM))
    _shown(differ, screen, (9, 1))
    assert (screen.cursor.x, screen.cursor.y) == (9, 1)


def test_what_was_forgotten_is_drawn_on_an_empty_screen() -> None:
    differ, _terminal = _screen("abc")
    differ.forget()
    assert differ.size == (0, 0)
    differ.begin(COLUMNS, ROWS)
    differ.put(0, 0, cells_of([Segment("abc")], SYSTEM))
    assert "\x1b[2J" in (sent := differ.take((0, 0)))
    assert "abc" in sent


@pytest.mark.parametrize(
    ("term", "known"),
    [("xterm-256color", True), ("tmux-256color", True), ("screen-256color", False), ("vt100", False), ("", False)],
)
def test_only_terminals_known_for_it_are_asked_to_fill_what_they_erase(term: str, known: bool) -> None:
    assert erases_in_colour(term) is known


# -- the app ---------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("size", "language"), [(WIDE, "zh"), (NARROW, "en")])
async def test_every_screen_arrives_as_it_would_be_drawn_from_scratch(
    tmp_path: Path, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    story = make(tmp_path, "solution")
    wrong: list[str] = []
    every = 1 if EFFORT > 1 else 9
    async with wired(story, "boss", size=size, language=language) as (seen, wire):

        def look(where: str) -> None:
            wrong.extend(f"{where}: {fault}" for fault in wire.faults())

        for key in ("l", "g", "q", "slash", "x", "escape", "n", "escape", "enter", "escape"):
            await seen.press(key)
            look(f"board, {key}")
        for name, (opens, pressed) in list(screens(story).items())[ROWS % every :: every]:
            screen = opens(seen.desk)
            made = screen if hasattr(screen, "compose") else await screen  # type: ignore[misc]
            assert made is not None
            depth = len(seen.app.screen_stack)
            await seen.app.push_screen(made)  # type: ignore[arg-type]
            await seen.settle()
            look(name)
            for key in pressed[:2]:
                await seen.press(key)
                look(f"{name}, {key}")
            while len(seen.app.screen_stack) > depth:
                await seen.app.pop_screen()
            await seen.settle()
            look(f"back from {name}")
    assert not wrong, "\n".join(wrong[:20])


async def test_a_new_size_a_foreign_text_and_the_redraw_key_draw_everything_anew(tmp_path: Path) -> None:
    async with wired(make(tmp_path)) as (seen, wire):
        wire.sent()
        for scribble in ("\x1b[5;5Hwall message", "\x1b[2J\x1b[H$ "):
            wire.write(scribble)
            assert wire.faults()
            await seen.press("ctrl+l")
            assert not wire.faults()
        wire.screen.resize(30, 100)
        await seen.pilot.resize_terminal(100, 30)
        await seen.settle()
        assert not wire.faults()


async def test_with_whole_regions_the_same_is_seen_for_more_bytes(tmp_path: Path) -> None:
    costs: list[dict[str, int]] = []
    for light in (True, False):
        folder = tmp_path / str(light)
        folder.mkdir()
        async with wired(make(folder), light=light) as (seen, wire):
            spent = {"start": wire.cost()}
            for key in ("g", "q", "enter"):
                await seen.press(key)
                spent[key] = wire.cost()
            assert not wire.faults()
            costs.append(spent)
    few, many = costs
    assert all(few[key] * 2 < many[key] for key in few), costs


def test_the_wire_finds_a_wrong_screen() -> None:
    wire = Wire(COLUMNS, ROWS)
    wire.write("abc")
    wanted = from_scratch([Strip([Segment("abd")])], COLUMNS, ROWS)
    assert len(differences(wire.grid, wanted)) == 1
