"""The agenda: what is due, one line each, most urgent first, and the strip that tells more of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.domain.views import AgendaKind, GateState
from salestui.i18n import gettext as _
from salestui.i18n import pgettext
from salestui.widgets.amounts import short_amount
from salestui.widgets.cells import compose, cut, right, width
from salestui.widgets.drawn import DrawnWidget, gate_slot, stage_text
from salestui.widgets.hint import hint_pieces
from salestui.widgets.strip import quoted
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day, weekday

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from salestui.domain.views import AgendaRow, AgendaSection, AgendaStripView
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["AgendaList", "AgendaStrip"]

WITH_STAGE = 100
URGENT = {AgendaKind.LATE: "error", AgendaKind.TODAY: "warning"}
STRIP_GROUND: Ground = "surface"


def _title(section: AgendaSection) -> str:
    titles = {
        AgendaKind.LATE: _("Late"),
        AgendaKind.TODAY: _("Today"),
        AgendaKind.REVIEW: _("For me to review"),
        AgendaKind.TOMORROW: _("Tomorrow"),
        AgendaKind.LATER: _("Later"),
        AgendaKind.NO_STEP: _("Without a next step"),
    }
    day = f" {short_day(section.day)} {weekday(section.day)}" if section.day else ""
    return titles[section.kind] + day


@dataclass(frozen=True, slots=True)
class _Line:
    section: AgendaSection | None = None
    row: AgendaRow | None = None
    more: int = 0


class AgendaList(DrawnWidget):
    """Draws `AgendaSection`s with a cursor that stays on its row (by key) when they are shown anew."""

    DEFAULT_CSS = "AgendaList { height: 1fr; }"

    @dataclass
    class RowHighlighted(Message):
        """The cursor moved to another row."""

        row: AgendaRow | None

    @dataclass
    class RowChosen(Message):
        """The row under the cursor was clicked."""

        row: AgendaRow

    def __init__(self, sections: Iterable[AgendaSection] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._lines: list[_Line] = []
        self._cursor = 0
        self._first = 0
        self._compact = False
        self._load(tuple(sections))

    @property
    def selected(self) -> AgendaRow | None:
        """The row under the cursor."""
        return self._lines[self._cursor].row if self._cursor < len(self._lines) else None

    def show(self, sections: Iterable[AgendaSection]) -> None:
        """Draw other sections."""
        before, first = self._lines, self._first
        self._load(tuple(sections))
        if self._first != first:
            self.refresh()
            return
        sight = range(self._first, self._first + self.size.height)
        self.refresh_rows(*(at - first for at in sight if before[at : at + 1] != self._lines[at : at + 1]))

    def move_cursor(self, dy: int) -> bool:
        """Move over the rows; False at either end."""
        rows = self._rows()
        if not rows:
            return False
        at = rows.index(self._cursor) if self._cursor in rows else 0
        wanted = min(max(at + dy, 0), len(rows) - 1)
        return wanted != at and self._to(rows[wanted])

    def move_group(self, direction: int) -> bool:
        """Move to the first row of the next or previous section that has rows."""
        starts = [at for at in self._rows() if self._lines[at - 1].row is None]
        further = [at for at in starts if (at > self._cursor if direction > 0 else at < self._cursor)]
        return bool(further) and self._to(further[0] if direction > 0 else further[-1])

    def page(self, direction: int) -> bool:
        """Move by half a page."""
        return self.move_cursor(direction * max(self.size.height // 2, 1))

    def _rows(self) -> list[int]:
        return [at for at, line in enumerate(self._lines) if line.row is not None]

    def _to(self, at: int) -> bool:
        before, first = self._cursor, self._first
        self._cursor = at
        self._settle()
        if first == self._first:
            self.refresh_rows(before - first, at - first)
        else:
            self.refresh()
        self.post_message(self.RowHighlighted(self.selected))
        return True

    def _load(self, sections: tuple[AgendaSection, ...]) -> None:
        key = self.selected.key if self.selected else None
        lines: list[_Line] = []
        for section in sections:
            if not section.rows:
                continue
            lines += [_Line()] if lines else []
            lines += [_Line(section), *(_Line(section, row) for row in section.rows)]
            hidden = section.total - len(section.rows)
            lines += [_Line(more=hidden)] if hidden > 0 else []
        self._lines = lines
        rows = self._rows()
        same = [at for at in rows if (row := lines[at].row) is not None and row.key == key]
        self._cursor = same[0] if same else min(rows, key=lambda at: abs(at - self._cursor), default=0)
        self._settle()

    def _settle(self) -> None:
        height = self.size.height
        if not height:
            return
        if self._cursor - 1 < self._first:
            self._first = max(self._cursor - 1, 0)
        elif self._cursor >= self._first + height:
            self._first = min(max(self._cursor - height + 1, self._first + height // 2), self._cursor)

    def fit(self) -> None:
        """Keep the cursor in sight at the new height."""
        self._settle()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        at = self._first + y
        if not self._lines and y == 0:
            return self.line(hint_pieces(self.palette, 1, _("nothing due today")))
        if at >= len(self._lines):
            return self.line([])
        line = self._lines[at]
        style = self.palette.style
        if line.more:
            return self.line(
                [(1, f"{symbols().below} {pgettext('below', '{n} more').format(n=line.more)}", style("faint"))]
            )
        if line.section is None:
            return self.line([])
        if line.row is None:
            title = _title(line.section)
            token = URGENT.get(line.section.kind, "foreground")
            count = str(line.section.total)
            return self.line([(1, title, style(token, bold=True)), (1 + width(title) + 2, count, style("muted"))])
        ground: Ground = "cursor" if at == self._cursor else "background"
        pieces = self._row(line.section.kind, line.row, ground)
        return compose(pieces, self.size.width, style("foreground", ground))

    def _row(self, kind: AgendaKind, row: AgendaRow, ground: Ground) -> list[Piece]:
        style, across = self.palette.style, self.size.width
        here, urgent = ground == "cursor", kind in URGENT
        roomy = across >= WITH_STAGE
        grade_at = 37 if roomy else 34
        amount_edge = 45
        what_at = 50 if roomy else 38
        slot, tone, bold = gate_slot(row.gate) if row.gate else ("", "faint", False)
        if here and row.gate and row.gate.state is GateState.UNMET:
            tone = "foreground"
        at_slot = right(slot, across - 1)
        stage_at = across - 26 if roomy and row.stage else at_slot
        amount = short_amount(row.amount) if roomy else ""
        what = quoted(row.what, titled=False) if not row.titled else f"《{row.what}"
        what_start = what_at - 2 if row.titled else what_at
        pieces: list[Piece] = [
            (right(cut(row.when, 6), 7), cut(row.when, 6), style(URGENT.get(kind, "muted"), ground)),
            (9, cut(row.kind, 7), style("muted" if urgent else "faint", ground)),
            (17, cut(row.name, grade_at - 18), style("strong" if here else "foreground", ground)),
            (grade_at, row.grade or "-", self.palette.grade(row.grade, ground)),
            (right(amount, amount_edge), amount, style("muted", ground)),
            (
                what_start,
                cut(what, stage_at - what_start - 2),
                style("foreground" if urgent or here else "muted", ground),
            ),
        ]
        if roomy and row.stage:
            pieces.append((stage_at, cut(stage_text(row.stage), at_slot - stage_at - 2), style("faint", ground)))
        pieces.append((at_slot, slot, style(tone, ground, bold=bold)))
        if here:
            pieces.insert(0, self.bar())
        return pieces

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; choose it when it is selected already."""
        at = self._first + event.y
        row = self._lines[at].row if at < len(self._lines) else None
        if row is None:
            return
        event.stop()
        if at == self._cursor:
            self.post_message(self.RowChosen(row))
        else:
            self._to(at)


class AgendaStrip(DrawnWidget):
    """Four rows, or one where it is lower: what the row under the cursor is about."""

    DEFAULT_CSS = "AgendaStrip { height: 4; background: $surface; }"

    def __init__(self, view: AgendaStripView | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._view = view

    def show(self, view: AgendaStripView | None) -> None:
        """Draw another view when it differs."""
        if view != self._view:
            self._view = view
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        view = self._view
        if view is None:
            return self.line([], STRIP_GROUND)
        style, across = self.palette.style, self.size.width
        if y == 0:
            pieces: list[Piece] = [(1, view.name, style("strong", STRIP_GROUND))]
            at = 1 + width(view.name) + 3
            urgent = "" if view.notice else view.urgent
            room = across - 1 - at - (width(urgent) + 3 if urgent else 0)
            said = cut(view.notice or view.what, room)
            pieces.append((at, said, style("warning" if view.notice else "foreground", STRIP_GROUND)))
            if urgent:
                pieces.append((at + width(said) + 3, urgent, style("error", STRIP_GROUND)))
            return self.line(pieces, STRIP_GROUND)
        pieces = []
        half = 63 * across // 120
        for label, value, at in [
            (*fact, side) for fact, side in zip(view.facts[2 * y - 2 : 2 * y], (1, half), strict=False)
        ]:
            start = at + max(6, width(label) + 2)
            room = (half - 2 if at == 1 and len(view.facts) > 2 * y - 1 else across - 1) - start
            pieces += [
                (at, label, style("faint", STRIP_GROUND)),
                (start, cut(value, room), style("muted", STRIP_GROUND)),
            ]
        return self.line(pieces, STRIP_GROUND)
