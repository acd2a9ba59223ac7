"""The chapters of the handbook, to see where one is and to go elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.widgets.cells import cut, hang, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import plain

if TYPE_CHECKING:
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.domain.handbook import Chapter
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["ChapterList"]

EDGE: Final = 1
OUTPUT: Final = 5


class ChapterList(DrawnWidget):
    """The chapters one below the other, with the outputs of the present one; on narrow screens they share one row."""

    DEFAULT_CSS = "ChapterList { width: 30; height: 1fr; }"

    @dataclass
    class Chosen(Message):
        """A chapter, or an output of it, was clicked."""

        chapter: int
        output: str = ""

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._chapters: tuple[Chapter, ...] = ()
        self._at, self._output = 0, ""

    def show(self, chapters: Sequence[Chapter], at: int, output: str = "") -> None:
        """Show where the reader is."""
        wanted = (tuple(chapters), at, output)
        if wanted != (self._chapters, self._at, self._output):
            self._chapters, self._at, self._output = wanted
            self.refresh()

    @property
    def _rows(self) -> list[tuple[int, str]]:
        """Return what stands on each row: a chapter, or an output of the present one."""
        rows: list[tuple[int, str]] = []
        for index, chapter in enumerate(self._chapters):
            rows.append((index, ""))
            if index == self._at:
                rows += [(index, key) for key, _title in chapter.outputs]
        return rows

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        if self.size.height <= 1:
            return self._abreast() if y == 0 else self.line([])
        rows = self._rows
        if y >= len(rows):
            return self.line([])
        index, output = rows[y]
        chapter, style = self._chapters[index], self.palette.style
        room = self.size.width - 2
        if output:
            title = plain(dict(chapter.outputs)[output])
            here = output == self._output
            shown = cut(title, room - OUTPUT)
            return self.line([(hang(shown, OUTPUT), shown, style("strong" if here else "muted"))])
        here = index == self._at
        number = str(index + 1) if index < 9 else " "
        name = chapter.short.removeprefix(f"{index + 1} ")
        tone = style("primary", bold=True) if here else style("foreground")
        return self.line([(EDGE, number, style("primary" if here else "faint", bold=here)), (3, cut(name, room), tone)])

    def _abreast(self) -> Strip:
        """Draw the present chapter by name, the others by number."""
        style = self.palette.style
        pieces: list[Piece] = []
        at = EDGE
        for index, chapter in enumerate(self._chapters):
            here = index == self._at
            name = chapter.short.removeprefix(f"{index + 1} ")
            text = f"{index + 1} {name}" if here else str(index + 1)
            pieces.append((at, text, style("primary", bold=True) if here else style("faint")))
            at += width(text) + 3
        return self.line(pieces)

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        rows = self._rows
        if self.size.height > 1 and event.y < len(rows):
            event.stop()
            self.post_message(self.Chosen(*rows[event.y]))
