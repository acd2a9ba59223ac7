"""What a screen that is being left had asked for finds nothing any more, and that ends nothing."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.worker import WorkerFailed

from salestui.widgets.quiet import QuietInput, QuietScreen
from tests.ui import stories
from tests.ui.stories import running


class Part(Widget):
    """What a form is made of, and looks for when it draws itself."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    def on_unmount(self) -> None:
        self.gone.set()


class Reluctant(Widget):
    """A part that takes its time to go."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = asyncio.Event()

    async def on_unmount(self) -> None:
        await self.may_go.wait()


class Sheet(QuietScreen[None]):
    def compose(self) -> ComposeResult:
        with Vertical():
            yield Part()
            yield Reluctant()


def look_for_a_part(form: Widget, asked: list[bool]) -> None:
    asked.append(bool(form.query(Part)))
    form.query_one(Part)


async def test_a_form_that_is_half_gone_ends_nothing_when_its_turn_to_draw_comes() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        below, sheet, drawn = QuietScreen[None](), Sheet(), asyncio.Event()
        await app.push_screen(below)
        await app.push_screen(sheet)
        form, part, reluctant = sheet.query_one(Vertical), sheet.query_one(Part), sheet.query_one(Reluctant)
        sheet.dismiss()
        await part.gone.wait()
        asked: list[bool] = []
        below._invoke_later(partial(look_for_a_part, form, asked), form)
        below.call_later(below._invoke_later, drawn.set, below)
        below.refresh()
        await asyncio.wait(
            {asyncio.ensure_future(drawn.wait()), asyncio.ensure_future(app._exception_event.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        reluctant.may_go.set()
        assert asked == [False]
        assert app._exception is None
        await pilot.pause()


async def test_what_a_screen_had_begun_when_it_was_left_ends_nothing(tmp_path: Path) -> None:
    async with running(stories.make(tmp_path, "research")) as seen:
        sheet, sought = Sheet(), asyncio.Event()
        await seen.app.push_screen(sheet)
        part, reluctant = sheet.query_one(Part), sheet.query_one(Reluctant)

        async def work() -> None:
            await part.gone.wait()
            sought.set()
            sheet.query_one(Part)

        begun = sheet.run_worker(work())
        sheet.dismiss()
        with pytest.raises(WorkerFailed):
            await begun.wait()
        reluctant.may_go.set()
        assert sought.is_set()
        assert seen.app._exception is None


async def failing() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        sheet = QuietScreen[None]()
        await app.push_screen(sheet)
        sheet.call_after_refresh(sheet.query_one, Part)
        await pilot.pause()


async def test_a_form_that_stays_and_lacks_a_part_is_a_fault() -> None:
    with pytest.raises(NoMatches):
        await failing()


class Typed(QuietScreen[None]):
    def compose(self) -> ComposeResult:
        yield QuietInput(compact=True)


async def test_a_character_arranges_nothing_anew_and_a_long_text_scrolls(monkeypatch: pytest.MonkeyPatch) -> None:
    app: App[None] = App()
    async with app.run_test(size=(20, 3)) as pilot:
        screen = Typed()
        await app.push_screen(screen)
        await pilot.press("a")
        arranged: list[bool] = []
        arrange = screen._refresh_layout
        monkeypatch.setattr(screen, "_refresh_layout", lambda *given, **named: arranged.append(True) or arrange())
        await pilot.press(*"bcdefghijklmnopqrstuvwxyz")
        assert screen._compositor.render_strips()[0].text.rstrip().endswith("uvwxyz")
        await pilot.press("home")
        assert screen._compositor.render_strips()[0].text.startswith("abcdef")
        assert arranged == []
