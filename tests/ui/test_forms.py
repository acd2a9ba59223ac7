from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from salestui import i18n
from salestui.domain.form_views import AttachedFile
from salestui.widgets.files import complete_path, expand, file_size, path_problem
from salestui.widgets.form import Form
from tests.ui.form_gallery import TODAY, Gallery

WIDE, NARROW = (120, 36), (80, 24)


def shown(pilot: Pilot[None]) -> str:
    """Return what is on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


@pytest.fixture(autouse=True)
def _english_again() -> object:
    yield
    i18n.use("en")


@asynccontextmanager
async def form_of(
    kind: str, size: tuple[int, int] = WIDE, language: str = "zh", *, empty: bool = True
) -> AsyncIterator[tuple[Pilot[None], Form]]:
    app = Gallery(kind, language, empty=empty)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        yield pilot, app.query_one(Form)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text as an input method hands it over: character by character."""
    for character in text:
        await pilot.press(
            {" ": "space", "/": "slash", "-": "minus", ".": "full_stop", ",": "comma", "+": "plus"}.get(
                character, character
            )
        )


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("text", "合同 7", "合同 7"),
        ("integer", "8", 8),
        ("decimal", "12.5", "12.5"),
        ("money", "68万", {"minor": 68_000_000, "currency": "CNY"}),
        ("date", "12-18", "2026-12-18"),
        ("date", "+3", "2026-11-22"),
        ("date", "明天", "2026-11-20"),
        ("datetime", "今天 14:30", "2026-11-19T14:30:00+00:00"),
        ("person", "王五", "王五"),
        ("yes_no", "1", True),
        ("yes_no", "否", False),
        ("choice", "2", "medium"),
        ("choices", "13", ["technical", "decision"]),
        ("settlement", "4", "r4"),
        ("long", "一 二", "一 二"),
    ],
)
async def test_every_type_of_field_is_filled_in_by_keys(key: str, typed: str, stored: object) -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to(key)
        await pilot.pause()
        await write(pilot, typed)
        assert form.values.get(key) == stored


async def test_what_cannot_be_read_stays_as_typed_and_says_why() -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("money")
        await pilot.pause()
        await write(pilot, "6x")
        await pilot.press("tab")
        await pilot.pause()
        assert form.raw["money"] == "6x"
        assert "money" not in form.values
        assert "6x" in shown(pilot)
        assert "不是金额" in shown(pilot)


async def test_an_amount_shows_what_it_comes_to_and_a_date_its_weekday() -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("money")
        await pilot.pause()
        await write(pilot, "68w")
        await pilot.pause()
        assert "680,000.00" in shown(pilot)
        form.go_to("date")
        await pilot.pause()
        await write(pilot, "12-18")
        await pilot.pause()
        assert "2026-12-18 周五" in shown(pilot)


async def test_tab_and_arrows_walk_the_fields_and_come_round() -> None:
    async with form_of("small", NARROW) as (pilot, form):
        walked = []
        for key in ("tab", "down", "tab", "shift+tab", "up"):
            await pilot.press(key)
            walked.append(form.body.current_key)
        assert walked == ["role", "phone", "name", "phone", "role"]


async def test_enter_goes_on_and_on_the_last_field_of_a_small_form_submits_it() -> None:
    async with form_of("small", NARROW) as (pilot, form):
        await write(pilot, "李娜")
        await pilot.press("enter", "2", "enter")
        await write(pilot, "138")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.log_of_messages[-1], Form.Submitted)  # type: ignore[attr-defined]
        assert form.values == {"name": "李娜", "role": "t", "phone": "138"}


async def test_enter_on_the_last_field_goes_to_what_is_missing() -> None:
    async with form_of("small", NARROW) as (pilot, form):
        await pilot.press("tab", "tab", "enter")
        await pilot.pause()
        assert form.body.current_key == "name"


async def test_a_small_form_is_as_high_as_its_fields() -> None:
    async with form_of("small", NARROW) as (_pilot, form):
        assert form.size.height == 5


async def test_a_table_is_filled_row_by_row() -> None:
    async with form_of("types", WIDE) as (pilot, form):
        form.go_to("table")
        await pilot.pause()
        await write(pilot, "赵工")
        await pilot.press("tab", "1", "2", "tab")
        await write(pilot, "11-18")
        await pilot.press("tab", "enter")
        await write(pilot, "李娜")
        await pilot.press("tab", "3", "tab")
        await write(pilot, "11-18")
        assert form.values["table"] == [
            {"name": "赵工", "level": ["technical", "purchasing"], "date": "2026-11-18"},
            {"name": "李娜", "level": ["decision"], "date": "2026-11-18"},
        ]
        assert not [problem for problem in form.problems if problem.where.startswith("table")]


async def test_typing_on_the_line_for_a_new_row_begins_it() -> None:
    async with form_of("output", empty=False) as (pilot, form):
        form.go_to("mapping.1.pain")
        await pilot.press("up", "shift+tab", "tab", "down", "down", "down")
        await pilot.pause()
        await write(pilot, "新痛点")
        rows = form.values["mapping"]
        assert isinstance(rows, list)
        assert rows[-1] == {"pain": "新痛点"}


async def test_a_deleted_row_comes_back_with_one_key() -> None:
    async with form_of("output", empty=False) as (pilot, form):
        before = form.values["mapping"]
        form.go_to("mapping.2.pain")
        await pilot.press("ctrl+d")
        await pilot.pause()
        rows = form.values["mapping"]
        assert isinstance(rows, list)
        assert len(rows) == 2
        assert "ctrl+z" in shown(pilot)
        await pilot.press("tab", "ctrl+z")
        await pilot.pause()
        assert form.values["mapping"] == before


async def test_ctrl_n_puts_a_row_below_the_one_in_focus() -> None:
    async with form_of("output", empty=False) as (pilot, form):
        form.go_to("mapping.1.value")
        await pilot.press("ctrl+n")
        await write(pilot, "第二")
        rows = form.values["mapping"]
        assert isinstance(rows, list)
        assert [row["pain"][:2] for row in rows] == ["换型", "第二", "涂层", "夜班"]


async def test_a_cell_opens_for_long_writing_and_closes_again() -> None:
    async with form_of("output", empty=False) as (pilot, form):
        form.go_to("mapping.3.value")
        await pilot.press("enter")
        await pilot.pause()
        assert form.body.in_long_cell
        await write(pilot, "一年省 30万")
        await pilot.press("escape")
        await pilot.pause()
        assert [form.body.in_long_cell] == [False]
        rows = form.values["mapping"]
        assert isinstance(rows, list)
        assert rows[2]["value"] == "一年省 30万"
        assert form.values.get("difference") is None


async def test_an_unfinished_row_is_named_and_its_digit_goes_there() -> None:
    async with form_of("output", NARROW, empty=False) as (pilot, form):
        form.go_to("total")
        await pilot.pause()
        assert "1 第 3 行缺预期价值" in shown(pilot)
        await pilot.press("alt+1")
        await pilot.pause()
        assert form.body.current_key == "mapping"
        assert (form.body.cursor.row, form.body.cursor.column) == (2, 2)
        await pilot.press("alt+2")
        assert form.body.current_key == "difference"


async def test_a_piece_of_a_spreadsheet_fills_rows_and_columns() -> None:
    async with form_of("output") as (pilot, form):
        focused = pilot.app.focused
        assert focused is not None
        focused.post_message(events.Paste("涂覆机\t1\t98万\n在线检测\t2\t10万\n"))
        await pilot.pause()
        await pilot.pause()
        assert form.values["configuration"] == [
            {"item": "涂覆机", "quantity": 1, "price": {"minor": 98_000_000, "currency": "CNY"}},
            {"item": "在线检测", "quantity": 2, "price": {"minor": 10_000_000, "currency": "CNY"}},
        ]


async def test_pasted_control_bytes_never_reach_the_form() -> None:
    async with form_of("small", NARROW) as (pilot, form):
        focused = pilot.app.focused
        assert isinstance(focused, Input)
        focused.post_message(events.Paste("李\x1b]52;c;AAAA\x07娜\u202e"))
        await pilot.pause()
        assert form.raw["name"] == "李]52;c;AAAA娜"


async def test_a_name_is_completed_from_the_people_known() -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("person")
        await pilot.pause()
        await write(pilot, "孙")
        await pilot.pause()
        assert "孙洁" in shown(pilot)
        await pilot.press("tab")
        assert form.values["person"] == "孙洁"
        assert form.body.current_key == "person"
        await pilot.press("tab")
        assert form.body.current_key == "table"


async def test_a_clue_is_taken_over_after_the_rows_there_are() -> None:
    async with form_of("output", empty=False) as (pilot, form):
        form.go_to("mapping.1.pain")
        await pilot.press("f4")
        await pilot.pause()
        rows = form.values["mapping"]
        assert isinstance(rows, list)
        assert rows[-1] == {"pain": "换批清洗耗水"}


async def test_a_file_is_found_by_completion_attached_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "合同").mkdir()
    (tmp_path / "合同" / "终稿.pdf").write_bytes(b"x" * 2048)
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("files")
        await pilot.pause()
        await write(pilot, "~")
        await pilot.press("tab", "tab", "tab")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert form.files == (AttachedFile("终稿.pdf", 2048, TODAY),)
        assert "2.0 KB" in shown(pilot)
        await pilot.press("up", "ctrl+d")
        await pilot.pause()
        await pilot.pause()
        assert len(form.files) == 0


async def test_a_file_that_is_not_there_or_not_wanted_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.exe").touch()
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("files")
        await pilot.pause()
        editor = pilot.app.focused
        assert isinstance(editor, Input)
        for path, reason in (
            (tmp_path / "no.pdf", "没有这个文件"),
            (tmp_path / "a.exe", "只收 pdf"),
            (tmp_path, "这不是文件"),
        ):
            editor.value = str(path)
            await pilot.press("enter")
            await pilot.pause()
            assert reason in shown(pilot)
        assert form.files == ()


async def test_the_rail_tells_what_is_done_missing_and_open() -> None:
    async with form_of("output", empty=False) as (pilot, _form):
        screen = shown(pilot)
        assert "✓ 配置清单           2 行" in screen
        assert "2/3 行" in screen
        assert "✗ 差异化优势           空" in screen
        assert "! 存为 r4，三方都要重评" in screen


@pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20)])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["output", "types", "small"])
async def test_no_line_is_ever_wider_than_the_screen_and_every_field_opens(
    kind: str, language: str, size: tuple[int, int]
) -> None:
    async with form_of(kind, size, language, empty=False) as (pilot, form):
        for key in form.model.keys:
            form.go_to(key)
            await pilot.pause()
            for strip in pilot.app.screen._compositor.render_strips():
                assert strip.cell_length == size[0]
            label = form.model.field(key).label.get(language)
            assert label[:4] in shown(pilot)


async def test_a_form_that_is_only_read_takes_no_keys_but_shows_everything() -> None:
    class Reader(Gallery):
        def compose(self):  # type: ignore[no-untyped-def]
            from tests.ui.form_gallery import SOLUTION_VALUES, solution

            yield Form(solution(), SOLUTION_VALUES, today=TODAY, readonly=True, language="zh")

    app = Reader("output", "zh")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        form = app.query_one(Form)
        await pilot.press("x", "tab", "1", "down", "ctrl+n", "ctrl+d", "enter")
        await pilot.pause()
        assert form.values["total"] == {"minor": 118_000_000, "currency": "CNY"}
        assert len(app.log_of_messages) == 0
        assert "常州驻点" in shown(pilot)


async def test_a_draft_comes_back_word_for_word() -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("date")
        await pilot.pause()
        await write(pilot, "下周")
        draft = form.raw
        form.set_values({})
        form.set_values(draft)
        await pilot.pause()
        assert form.raw["date"] == "下周"
        assert "下周" in shown(pilot)


async def test_a_text_area_is_left_at_its_ends_by_the_arrows() -> None:
    async with form_of("types", NARROW) as (pilot, form):
        form.go_to("long")
        await pilot.pause()
        await write(pilot, "一")
        await pilot.press("enter")
        await write(pilot, "二")
        await pilot.press("up")
        assert form.body.current_key == "long"
        await pilot.press("up")
        await pilot.pause()
        assert form.body.current_key == "text"
        assert form.values["long"] == "一\n二"


async def bytes_of(pilot: Pilot[None], action: Callable[[], Awaitable[None]]) -> int:
    """Count what a terminal would be sent while `action` runs, drawn in true colour."""
    sent: list[str] = []
    app = pilot.app

    def display(_screen: Screen[object], update: object) -> None:
        if isinstance(update, CompositorUpdate):
            sent.append(update.render_segments(app.console))

    await pilot.pause()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_display", display)
        await action()
        await pilot.pause()
        await pilot.pause()
    return len("".join(sent).encode())


HOSTILE = (
    "[/]",
    "[@click=app.quit]x",
    "\x1b]52;c;AAAA\x07",
    "\u202egnirts",
    "恒" * 200,
    "👨\u200d👩\u200d👧\u200d👦" * 40,
)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("text", HOSTILE)
async def test_any_text_is_shown_safely_in_every_place(text: str, size: tuple[int, int]) -> None:
    async with form_of("output", size) as (pilot, form):
        form.files = (AttachedFile(text, 5, TODAY),)
        row = {"pain": text, "solution": text, "value": text}
        form.set_values({"delivery": text, "service": text, "mapping": [row], "difference": f"{text}\n{text}"})
        for key in ("delivery", "service", "mapping.1.pain", "files", "total"):
            form.go_to(key)
            await pilot.pause()
            for strip in pilot.app.screen._compositor.render_strips():
                assert strip.cell_length == size[0]
        assert text != "[/]" or "[/]" in shown(pilot)


@pytest.mark.parametrize("key", ["text", "money", "long", "table"])
async def test_a_character_costs_few_bytes(key: str) -> None:
    async with form_of("types", WIDE) as (pilot, form):
        form.go_to(key)
        await pilot.pause()
        await write(pilot, "12")
        await pilot.pause()
        assert 0 < await bytes_of(pilot, lambda: pilot.press("3")) <= 300


@pytest.mark.parametrize(
    ("typed", "text", "names"),
    [
        ("{0}/al", "{0}/alpha", ()),
        ("{0}/alpha", "{0}/alpha", ("alpha-1.pdf", "alpha-2.pdf")),
        ("{0}/sub", "{0}/sub/", ("sub/",)),
        ("{0}/sub/", "{0}/sub/deep.pdf", ("deep.pdf",)),
        ("{0}/.h", "{0}/.hidden.pdf", (".hidden.pdf",)),
        ("{0}/nothing", "{0}/nothing", ()),
        ("{0}/no/such/dir", "{0}/no/such/dir", ()),
        ("~", "~/", ()),
    ],
)
def test_paths_are_completed_as_far_as_they_are_certain(
    tmp_path: Path, typed: str, text: str, names: tuple[str, ...]
) -> None:
    for name in ("alpha-1.pdf", "alpha-2.pdf", "beta.txt", ".hidden.pdf"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "deep.pdf").touch()
    found = complete_path(typed.format(tmp_path), ("pdf",))
    assert found.text.removesuffix("-") == text.format(tmp_path)
    if names:
        assert found.names == names


def test_paths_are_taken_as_terminals_paste_them(tmp_path: Path) -> None:
    assert expand(f"'{tmp_path}/a b.pdf' ") == tmp_path / "a b.pdf"
    assert expand(f"{tmp_path}/a\\ b.pdf") == tmp_path / "a b.pdf"
    assert path_problem("~nobody-there/x")


@pytest.mark.parametrize(
    ("size", "text"),
    [(812, "812 B"), (2048, "2.0 KB"), (45_000, "45 KB"), (2_100_000, "2.1 MB"), (5 * 10**9, "5.0 GB")],
)
def test_sizes_are_short(size: int, text: str) -> None:
    assert file_size(size) == text
