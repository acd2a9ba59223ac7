"""The gate strip under the board: the selected card's next gate, with the fixes that a digit jumps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.widgets.cells import cut, right, width
from salestui.widgets.drawn import DrawnWidget, stage_text
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from textual.strip import Strip

    from salestui.domain.deal_views import Word
    from salestui.domain.views import StageRef, StripView, UnmetLine
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground, Palette

__all__ = ["GateStrip", "NextStrip", "quoted", "way"]

TALL = 4
WITH_FACTS = 100
GROUND: Ground = "surface"


def quoted(text: str, *, titled: bool) -> str:
    """Return a document's title in its marks."""
    return f"《{text}》" if titled else text


def text_edge(*, titled: bool) -> int:
    """Return the column of the first letter after a digit and a sign: Chinese leaves room for a hanging 《."""
    return 6 if titled or language() == "zh" else 5


def way(palette: Palette, at: int, start: StageRef | None, goal: StageRef | None, ground: Ground) -> list[Piece]:
    """Return the pieces of "4 方案制定 ▸ 5 谈判签约"; without a goal the gate completes the deal."""
    muted, faint = palette.style("muted", ground), palette.style("faint", ground)
    if start is None:
        return []
    end = stage_text(goal) if goal is not None else _("completed")
    first = stage_text(start)
    after = at + width(first) + 1
    return [(at, first, muted), (after, symbols().leads_to, faint), (after + 2, end, muted)]


class GateStrip(DrawnWidget):
    """Four rows, or one where the widget is lower than that: what the selected card still needs.

    A `notice` in the view (why a key was refused) takes the first row's place.
    """

    DEFAULT_CSS = "GateStrip { height: 4; background: $surface; }"

    def __init__(self, view: StripView | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._view = view

    def show(self, view: StripView | None) -> None:
        """Draw another view; only the rows that differ."""
        before, self._view = self._view, view
        if before is None or view is None or self.size.height < TALL:
            if before != view:
                self.refresh()
            return
        self.refresh_rows(*(row for row in range(TALL) if _part(before, row) != _part(view, row)))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        view = self._view
        if view is None:
            return self.line([], GROUND)
        if self.size.height < TALL:
            return self.line(self._short(view) if y == 0 else [], GROUND)
        if y == 0:
            return self.line(self._title(view), GROUND)
        pieces = self._unmet(view, y - 1)
        if self.size.width >= WITH_FACTS:
            pieces += self._fact(view, y - 1)
        return self.line(pieces, GROUND)

    def _title(self, view: StripView) -> list[Piece]:
        style = self.palette.style
        pieces: list[Piece] = [(1, view.name, style("strong", GROUND))]
        at = 1 + width(view.name) + 3 if view.name else 1
        if view.notice:
            return [*pieces, (at, view.notice, style("warning", GROUND))]
        pieces += way(self.palette, at, view.from_stage, view.to_stage, GROUND)
        if len(pieces) > 1:
            at = pieces[-1][0] + width(pieces[-1][1]) + 3
        if view.unmet:
            unmet = _("{n} unmet").format(n=view.unmet)
            pieces.append((at, unmet, style("warning", GROUND, bold=True)))
            at += width(unmet) + 3
        if view.from_stage is not None:
            pieces.append((at, _("{n} met").format(n=view.met), style("muted", GROUND)))
        return pieces

    def _unmet(self, view: StripView, row: int) -> list[Piece]:
        style = self.palette.style
        if not view.unmet:
            if row or view.from_stage is None:
                return []
            all_met = _("all met")
            return [
                (1, symbols().tick, style("success", GROUND, bold=True)),
                (3, all_met, style("success", GROUND)),
                (3 + width(all_met) + 2, ">", style("primary", GROUND, bold=True)),
                (3 + width(all_met) + 4, _("advance"), style("muted", GROUND)),
            ]
        if row >= len(view.lines):
            return []
        return self._line(view.lines[row])

    def _line(self, line: UnmetLine) -> list[Piece]:
        style = self.palette.style
        across = self.size.width
        fix_at = 66 * across // 120 if across >= WITH_FACTS else right(line.fix, across - 1)
        why_at = (33 if language() == "zh" else 36) * max(across, 80) // 120
        edge = text_edge(titled=line.titled)
        what = quoted(line.what, titled=line.titled)
        start = edge - 2 if line.titled else edge
        why_at = max(why_at, min(start + width(what) + 2, fix_at - width(line.why) - 2))
        return [
            (1, str(line.number), style("primary", GROUND, bold=True)),
            (3, symbols().cross, style("error", GROUND)),
            (start, cut(what, why_at - start - 1), style("foreground", GROUND)),
            (why_at, cut(plain(line.why), fix_at - why_at - 2), style("muted", GROUND)),
            (fix_at, line.fix, style("primary", GROUND)),
        ]

    def _fact(self, view: StripView, row: int) -> list[Piece]:
        style = self.palette.style
        label, words = (
            (_("next"), view.next),
            (_("last"), view.last),
            (_("who"), view.contact),
        )[row]
        if not words:
            return []
        at = 77 * self.size.width // 120
        return [
            (at, label, style("faint", GROUND)),
            (at + 6, cut("  ".join(words), self.size.width - at - 7), style("muted", GROUND)),
        ]

    def _short(self, view: StripView) -> list[Piece]:
        style = self.palette.style
        edge = self.size.width - 1
        gate = _("gate")
        tail: list[Piece] = [
            (right(gate, edge) - 2, "g", style("primary", GROUND, bold=True)),
            (right(gate, edge), gate, style("muted", GROUND)),
        ]
        limit = tail[0][0] - 2
        if view.notice:
            return [(1, cut(view.notice, limit - 1), style("warning", GROUND)), *tail]
        if not view.unmet:
            met = f"{symbols().tick} {_('all met')}" if view.from_stage is not None else ""
            return [(1, met, style("success", GROUND)), *tail]
        missing = _("-{n}").format(n=view.unmet)
        pieces: list[Piece] = [(1, missing, style("warning", GROUND, bold=True))]
        at = 1 + width(missing) + 3
        for line in view.lines[:3]:
            text = line.short or line.what
            room = limit - at - 2
            if room < 6:
                break
            pieces += [
                (at, str(line.number), style("primary", GROUND, bold=True)),
                (at + 2, cut(text, room), style("foreground", GROUND)),
            ]
            at += 2 + min(width(text), room) + 3
        return [*pieces, *tail]


class NextStrip(DrawnWidget):
    """The one-row strip of a deal on a low screen: the next follow-up, and the key that shows customer and history."""

    DEFAULT_CSS = "NextStrip { height: 1; background: $surface; }"

    def __init__(self, *words: Word, more: tuple[str, str] | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._words = words
        self._more = more

    def show(self, *words: Word, more: tuple[str, str] | None = None) -> None:
        """Say something else; `more` is the (key, verb) at the right."""
        if (words, more) != (self._words, self._more):
            self._words, self._more = words, more
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        if y:
            return self.line([], GROUND)
        style = self.palette.style
        edge = self.size.width - 1
        tail: list[Piece] = []
        if self._more:
            key, verb = self._more
            at = right(verb, edge)
            tail = [
                (at - width(key) - 1, key, style("primary", GROUND, bold=True)),
                (at, verb, style("muted", GROUND)),
            ]
        limit = tail[0][0] - 2 if tail else edge
        pieces: list[Piece] = []
        at = 1
        for word in self._words:
            text = cut(word.text, limit - at)
            pieces.append((at, text, style(word.tone.value, GROUND)))
            at += width(text) + 3
        return self.line([*pieces, *tail], GROUND)


def _part(view: StripView, row: int) -> object:
    if row == 0:
        return view.name, view.from_stage, view.to_stage, view.unmet, view.met, view.notice
    fact = (view.next, view.last, view.contact)[row - 1]
    return (view.lines[row - 1] if row <= len(view.lines) else None), fact, view.unmet == 0, view.from_stage is None
