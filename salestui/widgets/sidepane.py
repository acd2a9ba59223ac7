"""The pane beside a list: titled sections of short rows, such as customer, contacts, score, follow-up and history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.i18n import pgettext
from salestui.widgets.cells import cut, right, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.hint import hint_pieces
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from rich.style import Style
    from textual.strip import Strip

    from salestui.domain.deal_views import SideRow, SideSection, Word
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["SidePane"]


class SidePane(DrawnWidget):
    """Draws `SideSection`s from the top, one air row between; scrolls by `scroll_rows` when they are longer than it.

    With `active` (the pane has the focus) its first heading is drawn in primary.
    """

    DEFAULT_CSS = "SidePane { width: 38; height: 1fr; }"

    def __init__(self, sections: Iterable[SideSection] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._sections = tuple(sections)
        self._first = 0
        self._active = False

    def show(self, sections: Iterable[SideSection]) -> None:
        """Draw other sections; only the rows that differ."""
        wanted = tuple(sections)
        if wanted == self._sections:
            return
        before = self._listed()
        self._sections = wanted
        after = self._listed()
        longest = max(len(before), len(after))
        changed = [at for at in range(longest) if before[at : at + 1] != after[at : at + 1]]
        first = min(self._first, max(len(after) - self.size.height, 0))
        if first != self._first:
            self._first = first
            self.refresh()
        else:
            self.refresh_rows(*(at - first for at in changed))

    @property
    def active(self) -> bool:
        """Whether this pane has the focus."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self.refresh()

    def scroll_rows(self, by: int) -> bool:
        """Scroll; False when there is nothing further that way."""
        last = max(len(self._listed()) - self.size.height, 0)
        first = min(max(self._first + by, 0), last)
        moved, self._first = first != self._first, first
        if moved:
            self.refresh()
        return moved

    def _listed(self) -> list[tuple[SideSection | None, SideRow | None]]:
        """Return what each row shows: a section's heading, a row of it, or air."""
        rows: list[tuple[SideSection | None, SideRow | None]] = []
        for section in self._sections:
            if rows:
                rows.append((None, None))
            rows.append((section, None))
            rows += [(section, row) for row in section.rows]
            if not section.rows and section.empty:
                rows.append((section, None))
        return rows

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        rows = self._listed()
        at = self._first + y
        if at >= len(rows):
            return self.line([])
        hidden = len(rows) - at
        if y == self.size.height - 1 and hidden > 1:
            return self.line(
                [
                    (
                        0,
                        f"{symbols().below} {pgettext('below', '{n} more').format(n=hidden)}",
                        self.palette.style("faint"),
                    )
                ]
            )
        section, row = rows[at]
        if section is None:
            return self.line([])
        if row is not None:
            return self.line(self._row(section, row))
        if at and rows[at - 1] == (section, None) and section.empty:
            return self.line(hint_pieces(self.palette, 0, section.empty[0], *section.empty[1]))
        return self.line(self._heading(section, first=at == 0))

    def _heading(self, section: SideSection, *, first: bool) -> list[Piece]:
        style, edge = self.palette.style, self.size.width - 1
        token = "primary" if first and self._active else "foreground"
        pieces: list[Piece] = [(0, section.title, style(token, bold=True))]
        if section.more:
            key, verb = section.more
            at = right(verb, edge)
            return [*pieces, (at - width(key) - 1, key, style("primary", bold=True)), (at, verb, style("faint"))]
        at = edge - sum(width(word.text) + 1 for word in section.total) + 1
        for word in section.total:
            bold = word.tone.value == "success"
            pieces.append((at, word.text, style(word.tone.value, bold=bold)))
            at += width(word.text) + 1
        return pieces

    def _row(self, section: SideSection, row: SideRow) -> list[Piece]:
        edge = self.size.width - 1
        tail: list[Piece] = []
        if row.right is not None:
            tail = [(right(row.right.text, edge), row.right.text, self._style(row.right))]
        limit = tail[0][0] - 1 if tail else edge
        pieces: list[Piece] = []
        at = 0
        for index, word in enumerate(row.words):
            if index < len(section.columns):
                at = max(section.columns[index], at)
            elif index and not word.joined:
                at += section.spread
            following = section.columns[index + 1] - 1 if index + 1 < len(section.columns) else limit
            end = min(limit, following if index + 1 < len(row.words) and section.columns else limit)
            text = cut(plain(word.text), end - at)
            pieces.append((at, text, self._style(word)))
            at += width(text)
        return [*pieces, *tail]

    def _style(self, word: Word) -> Style:
        return self.palette.style(word.tone.value)
