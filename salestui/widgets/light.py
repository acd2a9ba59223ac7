"""The app's way to the terminal: every update of every screen goes through one `LineDiffer`.

Textual sends whole regions; here only the cells that differ leave. Whatever else is written (a fault's text, another
program after a suspension, a new size) makes it forget what the terminal shows, and the next update draws everything.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.events import Resize
from textual.geometry import Offset, Size

from salestui.widgets.cells import compose, cut
from salestui.widgets.lines import LineDiffer, cells_of, erases_in_colour
from salestui.widgets.theme import palette_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.message import Message
    from textual.screen import Screen
    from textual.strip import Strip

    from salestui.widgets.lines import Cells

__all__ = ["LightDrawingMixin"]

TOGETHER: Final = 256
"""Characters from which on a terminal that can is asked to show an update all at once."""
PIECE: Final = 8192 if sys.platform == "win32" else sys.maxsize
"""Characters written at once: Python on Windows loses what is longer."""
WHOLE: Final = "SALESTUI_WHOLE_REGIONS"
"""Environment variable: draw as Textual does, for a terminal that shows remains of what was there."""


class _Line:
    """The file a driver writes to. When the line is gone, what is still written goes nowhere.

    Textual's writing thread dies of the error, its queue fills, and the app waits for it for ever: an orphan.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno()

    def write(self, text: str) -> int:
        """Write."""
        with self._held():
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        with self._held():
            self._file.flush()

    @contextmanager
    def _held(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)


class LightDrawingMixin(App[ReturnType]):
    """Draws the cells that changed, and `action_redraw` everything.

    `light` may be set to False to draw as Textual does: whole regions.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on to Textual
        super().__init__(*args, **kwargs)
        self.light = not os.environ.get(WHOLE)
        self._lines = LineDiffer(fills=erases_in_colour(os.environ.get("TERM", "")))
        self.laid_over = ""
        self._beneath: Cells | None = None

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        """Let the driver outlive the line it writes to."""
        driver = super()._build_driver(headless, inline, mouse, size)
        if (file := getattr(driver, "_file", None)) is not None:
            setattr(driver, "_file", _Line(file))  # noqa: B010  # drivers of real terminals have one, in no interface
        return driver

    async def _post_message(self, message: Message) -> bool:
        """Give a new size as it is now.

        A signal that comes while another is being handled is handled first: of a quick run of sizes an old one would
        be told last, and stay.
        """
        ask = getattr(self._driver, "_get_terminal_size", None)
        if ask and isinstance(message, Resize) and not getattr(self._driver, "_in_band_window_resize", False):
            size = Size(*ask())
            message = Resize(size, size)
        return await super()._post_message(message)

    def draw_all(self) -> None:
        """Draw every cell anew at the next update."""
        self._lines.forget()
        if self.screen_stack:
            self.screen.refresh()

    def lay_over(self, text: str) -> None:
        """Let a line stand over the last but one of whatever is shown, and drawn next; "" takes it away.

        No widget is asked and none is needed: it appears while the screen in front waits and can draw nothing.
        """
        if text == self.laid_over:
            return
        self.laid_over = text
        if not self.light:
            if text:
                self.notify(text, markup=False)
        elif self._running and not self._closed and self._lines.size != (0, 0):
            self._write(self._finished(self._previous_cursor_position))

    def _finished(self, cursor: Offset) -> str:
        """Lay over what is to be laid over, and return what the terminal must be sent."""
        columns, rows = self._lines.size
        if self._beneath is not None and not self.laid_over:
            self._lines.put(rows - 2, 0, self._beneath)
            self._beneath = None
        elif self.laid_over and rows > 2:
            if self._beneath is None:
                self._beneath = self._lines.line(rows - 2)
            style = palette_of(self).style("warning", "panel")
            strip = compose([(1, cut(self.laid_over, columns - 2), style)], columns, style)
            self._lines.put(rows - 2, 0, cells_of(strip, self.console._color_system or ColorSystem.TRUECOLOR))  # noqa: SLF001  # as Textual asks for it
        return self._lines.take((cursor.x, cursor.y))

    def action_redraw(self) -> None:
        """Draw every cell anew: something else wrote to the terminal."""
        self.draw_all()

    def on_mount(self) -> None:
        """After a suspension the terminal shows anything."""
        self.app_resume_signal.subscribe(self, lambda _app: self.draw_all(), immediate=True)

    def on_resize(self) -> None:
        """Terminals arrange what they show anew when their size changes; a start or a resumption tells its size too."""
        self.draw_all()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send what differs; what is no update of a whole screen is written by Textual itself."""
        if renderable is None or self._batch_count:
            self.post_display_hook()
        elif self._draws(renderable):
            try:
                self._send(screen, renderable)
            finally:
                self.post_display_hook()
        else:
            self._lines.forget()
            super()._display(screen, renderable)

    def _draws(self, renderable: RenderableType) -> bool:
        return (
            self.light
            and isinstance(renderable, LayoutUpdate | ChopsUpdate)
            and self._running
            and not self._closed
            and self._driver is not None
            and not (self._driver.is_headless or self._driver.is_inline)
        )

    def _send(self, screen: Screen[Any], update: RenderableType) -> None:
        compositor = screen._compositor  # noqa: SLF001  # Textual has no other way to ask for a whole screen
        system = self.console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001  # as Textual asks for it
        size = compositor.size
        if self._lines.size != size:
            if not isinstance(update, LayoutUpdate):
                update = compositor.render_full_update()
            self._lines.begin(*size)
            self._beneath = None
        if self._beneath is not None:
            self._lines.put(size.height - 2, 0, self._beneath)
        for row, column, cells in _stretches(update, system):
            self._lines.put(row, column, cells)
        cursor = screen.outer_size.clamp_offset(self.cursor_position)
        self._previous_cursor_position = cursor
        self._beneath = None
        self._write(self._finished(cursor))

    def _write(self, codes: str) -> None:
        driver = self._driver
        if not codes or driver is None:
            return
        with self._at_once(codes):
            for start in range(0, len(codes), PIECE):
                driver.write(codes[start : start + PIECE])
        driver.flush()

    @contextmanager
    def _at_once(self, codes: str) -> Iterator[None]:
        together = len(codes) >= TOGETHER
        if together:
            self._begin_update()
        yield
        if together:
            self._end_update()


def _stretches(update: RenderableType, system: ColorSystem) -> Iterator[tuple[int, int, Cells]]:
    """Yield the row, the column and the cells of everything an update holds."""
    if isinstance(update, LayoutUpdate):
        for row, line in enumerate(update.strips, update.region.y):
            column = update.region.x
            for part in line:
                yield row, column, cells_of(part, system)
                column += part.cell_length
    elif isinstance(update, ChopsUpdate):
        for row, left, right in update.spans:
            strips: Mapping[int, Strip | None] = update.chops[row]
            for end, (column, strip) in zip(update.chop_ends[row], strips.items(), strict=False):
                if strip is not None and column < right and end > left:
                    yield row, column, cells_of(strip, system)
