"""Paragraphs of text, wrapped and scrolled: what one reads before a small form, beside a review, between revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from salestui.domain.views import CheckState, Tone
from salestui.widgets.cells import Piece, cut, hang, right, width, wrap
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from textual.geometry import Size
    from textual.strip import Strip

    from salestui.domain.passages import Passage
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["HeadLine", "PassageView"]

_SIGNS: Final = {CheckState.MET: "success", CheckState.UNMET: "error", CheckState.OPEN: "faint"}
LABEL: Final = 1
LEAST_INDENT: Final = 7
SIGN: Final = 1
ENTRY: Final = 4
GAP: Final = 3


class PassageView(DrawnWidget):
    """Shows passages from its first line on; `scroll_lines` brings the rest into sight. As high as its text."""

    DEFAULT_CSS = "PassageView { height: auto; }"

    def __init__(
        self, passages: Sequence[Passage] = (), *, ground: Ground = "background", **options: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(**options)
        self.passages = tuple(passages)
        self.ground: Ground = ground
        self.top = 0

    def show(self, passages: Sequence[Passage]) -> None:
        """Show other passages, from their first line."""
        if tuple(passages) != self.passages:
            self.passages, self.top = tuple(passages), 0
            self.refresh(layout=self.styles.is_auto_height)

    def scroll_lines(self, step: int) -> None:
        """Scroll by lines, as far as there is text."""
        last = max(0, len(self._lines(self.size.width)) - self.size.height)
        top = max(0, min(self.top + step, last))
        if top != self.top:
            self.top = top
            self.refresh()

    @property
    def rest(self) -> int:
        """How many lines lie below what is in sight."""
        return max(0, len(self._lines(self.size.width)) - self.size.height - self.top)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines the text takes."""
        del container, viewport
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        lines = self._lines(self.size.width)
        index = self.top + y
        if self.top and y == 0:
            return self.line([(1, symbols().above, self.palette.style("faint", self.ground))], self.ground)
        if y == self.size.height - 1 and index + 1 < len(lines):
            rest = f"{symbols().below} {len(lines) - index}"
            return self.line([(1, rest, self.palette.style("faint", self.ground))], self.ground)
        return self.line(lines[index] if index < len(lines) else (), self.ground)

    def _lines(self, cells: int) -> list[tuple[Piece, ...]]:
        labels = [width(passage.label) for passage in self.passages if passage.label]
        indent = max(LEAST_INDENT, min(LABEL + max(labels, default=0) + GAP, max(cells // 3, LEAST_INDENT)))
        lines: list[tuple[Piece, ...]] = []
        for passage in self.passages:
            lines += self._paragraph(passage, indent, cells)
        return lines

    def _paragraph(self, passage: Passage, indent: int, cells: int) -> list[tuple[Piece, ...]]:
        style = self.palette.style
        start = LABEL if passage.heading else ENTRY if passage.sign else indent if passage.label else LABEL
        edge = cells - 1 - (width(passage.right) + GAP if passage.right else 0)
        rows = wrap(plain(passage.text), max(edge - start, 8), passage.lines) or [""]
        text_style = style(passage.tone.value, self.ground)
        drawn: list[tuple[Piece, ...]] = []
        for number, row in enumerate(rows):
            pieces: list[Piece] = []
            if number == 0 and passage.label:
                label = cut(passage.label, indent - LABEL - 1)
                pieces.append((LABEL, label, style("faint", self.ground)))
            if number == 0 and passage.sign:
                sign = {CheckState.MET: symbols().tick, CheckState.UNMET: symbols().cross}
                mark = sign.get(passage.sign, symbols().open)
                pieces.append((SIGN, mark, style(_SIGNS[passage.sign], self.ground)))
            pieces.append((max(0, hang(row, start)) if number == 0 else start, row, text_style))
            if number == 0 and passage.right:
                tone = style(passage.right_tone.value, self.ground)
                pieces.append((right(passage.right, cells - 1), passage.right, tone))
            drawn.append(tuple(pieces))
        return drawn


class HeadLine(DrawnWidget):
    """The top row of a form: its title, then facts with their tones; at the right what is known about its saving.

    Facts that do not fit are left out, the last first; the title is cut before the right end is lost.
    """

    DEFAULT_CSS = "HeadLine { height: 1; }"

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self.facts: tuple[tuple[str, Tone], ...] = ()
        self.tail = ""

    def show(self, facts: Sequence[tuple[str, Tone]], tail: str = "") -> None:
        """Show other facts when they differ."""
        wanted = tuple(fact for fact in facts if fact[0])
        if (wanted, tail) != (self.facts, self.tail):
            self.facts, self.tail = wanted, tail
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        if y or not self.facts:
            return self.line([])
        style, cells = self.palette.style, self.size.width
        tail = cut(self.tail, cells // 2)
        limit = cells - 1 - (width(tail) + GAP if tail else 0)
        pieces: list[Piece] = []
        at = 1
        for text, tone in self.facts:
            room = limit - at
            if pieces and width(text) > room:
                break
            shown = cut(plain(text), max(room, 2))
            pieces.append((at, shown, style(tone.value)))
            at += width(shown) + GAP
        if tail:
            pieces.append((right(tail, cells - 1), tail, style("faint")))
        return self.line(pieces)
