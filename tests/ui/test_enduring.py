"""A database that is full, busy or away ends nothing: it is told, what was typed is kept, and the work goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from salestui.errors import ConnectionLost, DatabaseBusy, DiskFull, StorageFault
from salestui.screens import desk as desk_module
from salestui.screens import drafting, errands, output_draft, output_keeping, talks
from salestui.screens.deal import DealScreen
from salestui.screens.output import OutputScreen
from salestui.services import deal_page, deals, draft_files, live, output_page, outputs
from salestui.storage.store import Store
from tests.ui import stories
from tests.ui.filling import complete, done
from tests.ui.stories import Seen, Story, opened, running

FAULTS: dict[str, tuple[StorageFault, str]] = {
    "disk full": (DiskFull("/srv/sales.db", "full"), "磁盘已满"),
    "busy": (DatabaseBusy("/srv/sales.db"), "正在使用数据库"),
    "held by somebody": (DatabaseBusy("/srv/sales.db", holder="wang", pid=4711), "wang（进程 4711）"),
    "server away": (ConnectionLost("postgresql:///sales", "connection refused"), "服务器"),
}


class Trouble:
    """A service that raises `fault` for as long as there is one, and does its work otherwise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Exception | None) -> None:
        self.fault = fault
        self._real = getattr(module, name)
        monkeypatch.setattr(module, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        return self._real(*args, **kwargs)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep drafts without the rest between keystrokes, and offer them again without one."""
    monkeypatch.setattr(output_keeping, "REST", 0.01)
    monkeypatch.setattr(output_draft, "AGAIN", 0.01)
    monkeypatch.setattr(drafting, "AGAIN", 0.01)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def solution(story: Story) -> Callable[[Any], OutputScreen]:
    return lambda desk: OutputScreen(desk, story.deal, "solution")


def drafted(story: Story) -> object:
    """What the database has of what was typed."""
    draft = outputs.sheet(story.ask(), story.deal, "solution").draft
    return draft.values.get("configuration") if draft else None


def in_file(seen: Seen) -> object:
    """What a file has of what was typed."""
    screen: Any = seen.app.screen
    kept = seen.desk.drafts.load(screen.draft._key)
    return kept.values.get("configuration") if kept else None


@pytest.mark.parametrize("name", FAULTS)
async def test_a_draft_the_database_does_not_take_is_kept_in_a_file_told_and_saved_later(
    story: Story, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fault, told = FAULTS[name]
    trouble = Trouble(monkeypatch, outputs, "save_draft", fault)
    async with opened(story, solution(story)) as seen:
        await seen.type("abc")
        await seen.until(lambda: in_file(seen) == [{"item": "abc"}])
        await seen.until(lambda: told in seen.text)
        seen.shows("你写的内容先存成文件", "草稿先存成文件 12:20")
        assert drafted(story) is None
        await seen.type("d")
        await seen.until(lambda: in_file(seen) == [{"item": "abcd"}])
        trouble.fault = None
        await seen.until(lambda: drafted(story) == [{"item": "abcd"}])
        await seen.until(lambda: in_file(seen) is None)
        await seen.until(lambda: "草稿已存 12:20" in seen.text)
        seen.shows("草稿已经存进数据库了")
        seen.hides(told)
        assert seen.app.is_running


@pytest.mark.parametrize("way", ["escape", "ctrl+q", "hung up"])
async def test_what_only_a_file_has_comes_back_when_the_form_is_opened_again(
    story: Story, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    trouble = Trouble(monkeypatch, outputs, "save_draft", FAULTS["disk full"][0])
    folder = story.folder
    async with opened(story, solution(story)) as seen:
        await seen.type("abc")
        if way == "hung up":
            seen.app.hang_up()
            await seen.until(lambda: seen.app._exit)
        else:
            await seen.press(way)
        assert drafted(story) is None
    trouble.fault = None
    again = stories.reopened(story, folder)
    async with opened(again, solution(again)) as seen:
        seen.shows("abc", "草稿已恢复")
        await seen.until(lambda: drafted(again) == [{"item": "abc"}])
        await seen.until(lambda: in_file(seen) is None)


async def test_a_file_attached_meanwhile_is_taken_when_the_database_is_back(
    story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trouble = Trouble(monkeypatch, outputs, "save_draft", FAULTS["busy"][0])
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7")
    async with opened(story, solution(story)) as seen:
        screen: Any = seen.app.screen
        screen.form.post_message(screen.form.FileAdded(screen.form, proof))
        await seen.until(lambda: bool(screen.draft.in_file))
        assert [file.name for file in screen.form.files] == ["proof.pdf"] or screen._named == (proof,)
        trouble.fault = None
        await seen.until(lambda: bool(outputs.sheet(story.ask(), story.deal, "solution").files))
        await seen.until(lambda: screen._named == ())
        assert [file.name for file in screen.form.files] == ["proof.pdf"]


async def test_an_older_file_gives_way_to_what_the_database_has(story: Story) -> None:
    async with opened(story, solution(story)) as seen:
        screen: Any = seen.app.screen
        key = screen.draft._key
        await seen.type("new")
        await seen.until(lambda: drafted(story) == [{"item": "new"}])
        old = draft_files.FormDraft({"configuration": [{"item": "old"}]}, (), story.ask(days=-1).now)
        seen.desk.drafts.keep(key, old)
        await seen.press("escape")
        await seen.app.push_screen(OutputScreen(seen.desk, story.deal, "solution"))
        await seen.settle()
        seen.shows("new")
        assert seen.desk.drafts.load(key) is None


async def test_a_fault_of_a_key_is_told_and_the_board_goes_on(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(story) as seen:
        trouble = Trouble(monkeypatch, output_page, "page", FAULTS["busy"][0])
        closed = Trouble(monkeypatch, deal_page, "page", FAULTS["disk full"][0])
        await seen.press("enter")
        seen.shows("磁盘已满")
        assert not isinstance(seen.app.screen, DealScreen), "a screen that cannot begin gives way"
        closed.fault = None
        await seen.press("enter")
        assert isinstance(seen.app.screen, DealScreen)
        await seen.press("escape")
        trouble.fault = None
        assert seen.app.is_running
        assert seen.app._return_code in {None, 0}


async def test_a_fault_while_reading_what_others_did_is_told_and_they_are_shown_afterwards(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(story, lambda desk: DealScreen(desk, story.deal)) as seen:
        trouble = Trouble(monkeypatch, live, "since", FAULTS["server away"][0])
        with Store.open(story.folder / "sales.db") as other:
            done(deals.change(replace(story.ask("boss"), store=other), story.deal, {"title": "改过的单子"}))
        await seen.until(lambda: "没有及时恢复" in seen.text)
        trouble.fault = None
        await seen.until(lambda: "改过的单子" in seen.text)


async def test_a_mistake_of_the_program_still_ends_the_app(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    Trouble(monkeypatch, outputs, "save_draft", ZeroDivisionError("planted"))

    async def tell() -> None:
        async with opened(story, solution(story)) as seen:
            await seen.type("abc")
            await patiently(seen, lambda: seen.app._exception is not None)

    with pytest.raises(ZeroDivisionError):
        await tell()


class Gate:
    """A service that waits until it is let go on, as one does whose server is away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self._real = getattr(module, name)
        monkeypatch.setattr(module, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.entered.set()
        self.open.wait()
        return self._real(*args, **kwargs)


async def patiently(seen: Seen, done: Callable[[], bool]) -> None:
    """Wait for something while the storage thread is held."""
    while not done():
        await seen.pilot.pause(0.01)


async def test_while_the_database_keeps_one_waiting_typing_goes_on_a_file_has_it_and_a_line_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_draft, "SLOW", 0.02)
    monkeypatch.setattr(desk_module, "TOLD_AFTER", 0.02)
    async with opened(story, solution(story)) as seen:
        gate = Gate(monkeypatch, outputs, "save_draft")
        await seen.pilot.press("a")
        await patiently(seen, gate.entered.is_set)
        await patiently(seen, lambda: in_file(seen) == [{"item": "a"}])
        await patiently(seen, lambda: "在等数据库" in seen.app.laid_over)
        await seen.pilot.press("b")
        await patiently(seen, lambda: in_file(seen) == [{"item": "ab"}])
        gate.open.set()
        await seen.until(lambda: drafted(story) == [{"item": "ab"}])
        await seen.until(lambda: in_file(seen) is None)
        await seen.until(lambda: seen.app.laid_over == "")


@pytest.mark.parametrize("way", ["ctrl+q", "hung up"])
async def test_leaving_does_not_wait_for_the_database(story: Story, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(output_draft, "SLOW", 0.02)
    monkeypatch.setattr(desk_module, "ENDING", 0.02)
    monkeypatch.setattr(desk_module, "TOLD_AFTER", 0.02)
    folder, gate = story.folder, None
    async with opened(story, solution(story)) as seen:
        gate = Gate(monkeypatch, outputs, "save_draft")
        await seen.pilot.press("a")
        await patiently(seen, gate.entered.is_set)
        await patiently(seen, lambda: bool(seen.desk.waits()))
        await seen.pilot.press("b")
        if way == "hung up":
            seen.app.hang_up()
        else:
            seen.app.post_message(stories.events.Key("ctrl+q", None))
        await patiently(seen, lambda: seen.app._exit)
        desk = seen.desk
    assert not desk._storage.close(0.0), "the storage thread is still at work"
    gate.open.set()
    assert desk._storage.close(60.0)
    again = stories.reopened(story, folder)
    async with opened(again, solution(again)) as seen:
        seen.shows("ab")


async def test_a_form_goes_on_with_what_was_typed_while_it_was_saved(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(story, solution(story)) as seen:
        screen: Any = seen.app.screen
        fields = screen._page.sheet.output.fields
        screen.form.set_values(complete(fields, story.ask()))
        screen.on_form_changed()
        await seen.settle()
        before = outputs.sheet(story.ask(), story.deal, "solution").latest
        gate = Gate(monkeypatch, outputs, "submit")
        await seen.pilot.press("ctrl+s")
        await patiently(seen, gate.entered.is_set)
        await seen.pilot.press("z")
        await patiently(seen, lambda: "z" in str(screen.form.raw["configuration"]))
        gate.open.set()
        await seen.until(lambda: "之后写的内容留作草稿" in seen.text)
        assert outputs.sheet(story.ask(), story.deal, "solution").latest == before + 1
        await seen.until(lambda: "z" in str(drafted(story)))
        assert not seen.closed


async def test_a_form_whose_file_cannot_be_written_tries_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(story, lambda desk: talks.plan(desk, story.deal)) as seen:
        trouble = Trouble(monkeypatch, seen.desk.drafts, "keep", OSError(28, "No space left on device"))
        await seen.type("a")
        await seen.screen.keep_drafts()
        seen.shows("No space left on device")
        trouble.fault = None
        await seen.until(seen.desk.drafts.path(f"plan:D{story.deal}").exists)


async def test_errands_are_done_in_turn_and_nobody_waits_for_the_last_one() -> None:
    crew, held, done = errands.Errands("test"), threading.Event(), list[int]()
    assert await crew.do(lambda: 1) == 1
    with pytest.raises(ZeroDivisionError):
        await crew.do(lambda: 1 // 0)
    first = asyncio.create_task(crew.do(lambda: done.append(int(held.wait()))))
    second = asyncio.create_task(crew.do(lambda: done.append(2)))
    await asyncio.sleep(0)
    second.cancel()
    crew.abandon(DatabaseBusy("/srv/sales.db"))
    for task in (first, asyncio.create_task(crew.do(lambda: done.append(3)))):
        with pytest.raises(DatabaseBusy):
            await task
    assert not crew.close(0.0)
    held.set()
    assert crew.close(60.0)
    assert done == [1]
