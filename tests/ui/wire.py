"""What the app sends to a terminal, byte by byte, and what a terminal makes of it: for tests of drawing.

`async with wired(story) as (seen, wire):` runs the app as `running` does, with a terminal at the other end:
`wire.sent()` gives what was sent since it was last asked, `wire.faults()` where the terminal does not show what a
drawing from scratch would.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, ClassVar, cast

import pyte
from rich.color import ColorSystem
from rich.console import Console
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.strip import Strip

import salestui
from salestui import i18n
from salestui.app import SalesApp
from salestui.config import Config
from tests.ui.stories import WIDE, Seen, Story, WatchedDesk

Grid = list[list[tuple[Any, ...]]]
_CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False)


class Wire:
    """A terminal at the end of a line: it shows what it is sent and counts it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.app: SalesApp | None = None
        self.screen = terminal(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._sent: list[str] = []
        self.everything: list[str] = []

    def write(self, data: str) -> None:
        """Take in what a driver writes."""
        self._sent.append(data)
        self.everything.append(data)
        self._stream.feed(data)

    def sent(self) -> str:
        """Return what came since the last time."""
        data, self._sent = "".join(self._sent), []
        return data

    def cost(self) -> int:
        """Return how many bytes came since the last time."""
        return len(self.sent().encode())

    @property
    def grid(self) -> Grid:
        """What the terminal shows, cell by cell."""
        return grid(self.screen)

    def faults(self) -> list[str]:
        """Say where the terminal does not show what Textual, drawing everything from scratch, would put there."""
        assert self.app is not None
        columns, rows = self.app.size
        return differences(self.grid, from_scratch(self.app.screen._compositor.render_strips(), columns, rows))


class _WireDriver(HeadlessDriver):
    """Hands on what a driver of a real terminal would write."""

    wire: Wire

    @property
    def is_headless(self) -> bool:
        """There is somebody at the other end."""
        return False

    def write(self, data: str) -> None:
        """Send."""
        self.wire.write(data)


class WiredApp(SalesApp):
    """The app, at the end of a wire."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = [
        Path(salestui.__file__).parent / "screens" / name for name in ("look.tcss", "board.tcss")
    ]
    wire: Wire

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = self._driver = _WireDriver(self, mouse=mouse, size=size)
        driver.wire, self.wire.app = self.wire, self
        return driver


@asynccontextmanager
async def wired(
    story: Story,
    who: str = "lin",
    *,
    size: tuple[int, int] = WIDE,
    language: str = "zh",
    config: Config | None = None,
    light: bool = True,
) -> AsyncIterator[tuple[Seen, Wire]]:
    """Run the app of a person on the board with a terminal at the other end; `light=False` draws as Textual does."""
    i18n.use("zh" if language == "zh" else "en")
    async with at_desk(story.desk(who, config), size=size, light=light) as (seen, wire):
        yield replace(seen, story=story), wire
    story.close()


@asynccontextmanager
async def at_desk(
    desk: WatchedDesk, *, size: tuple[int, int] = WIDE, light: bool = True
) -> AsyncIterator[tuple[Seen, Wire]]:
    """Run the app at a desk with a terminal at the other end; what is seen has no story to tell."""
    app = WiredApp(desk)
    app.light, app.wire = light, Wire(*size)
    app.console._color_system = ColorSystem.TRUECOLOR
    async with app.run_test(size=size) as pilot:
        seen = Seen(cast("Story", None), app, desk, pilot)
        await seen.settle()
        yield seen, app.wire


def terminal(columns: int, rows: int) -> pyte.Screen:
    """Return an empty terminal that does not wrap lines, as drivers ask for it."""
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed("\x1b[?7l")
    return screen


def grid(screen: pyte.Screen) -> Grid:
    """Return what a terminal shows, cell by cell; of a blank only what one sees of it."""
    return [[_cell(screen.buffer[row][column]) for column in range(screen.columns)] for row in range(screen.lines)]


def _cell(cell: Any) -> tuple[Any, ...]:
    drawn = cell.reverse or cell.underscore or cell.strikethrough
    if cell.data == " " and not drawn:
        return (" ", cell.bg)
    return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *(cell.underscore, cell.strikethrough, cell.reverse))


def from_scratch(strips: Iterable[Strip], columns: int, rows: int) -> Grid:
    """Return what an empty terminal shows after Textual itself wrote every line."""
    screen = terminal(columns, rows)
    stream = pyte.Stream(screen)
    for row, strip in enumerate(strips, 1):
        stream.feed(f"\x1b[{row};1H{strip.render(_CONSOLE)}")
    return grid(screen)


def differences(shown: Grid, wanted: Grid) -> list[str]:
    """Name the lines that differ, with what stands where they begin to."""
    found = []
    for row, (is_, should) in enumerate(zip(shown, wanted, strict=True)):
        at = next((at for at, pair in enumerate(zip(is_, should, strict=True)) if pair[0] != pair[1]), None)
        if at is not None:
            found.append(f"line {row} from {at}: {is_[at : at + 3]} instead of {should[at : at + 3]}")
    return found
