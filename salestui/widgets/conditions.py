"""The deal's one list of conditions: outputs, key actions, talks, score, earlier stages, with state and fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.domain.deal_views import ConditionRow
from salestui.domain.views import CheckState
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext, pgettext
from salestui.widgets.cells import compose, cut, right, width, wrap
from salestui.widgets.drawn import DrawnWidget, stage_text
from salestui.widgets.strip import quoted
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from rich.style import Style
    from textual import events
    from textual.strip import Strip

    from salestui.domain.deal_views import ConditionGroup, ConditionsView
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["ConditionList"]

EDGE = 7
REVISION = 35
DETAIL = 40


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the list: plain pieces, or a condition that the cursor can stand on."""

    pieces: tuple[Piece, ...] = ()
    row: ConditionRow | None = None
    group: int = 0


class ConditionList(DrawnWidget):
    """Draws a `ConditionsView` with a cursor over its conditions.

    `brief` leaves out goal, guidance and the last talk and folds the met rows of foldable groups (screens under 30
    rows); `toggle_fold` opens the group under the cursor. Move with `move_cursor`, `move_group`, `select`.
    """

    DEFAULT_CSS = "ConditionList { width: 1fr; height: 1fr; }"

    @dataclass
    class ConditionHighlighted(Message):
        """The cursor moved to another condition."""

        row: ConditionRow | None

    @dataclass
    class ConditionChosen(Message):
        """The condition under the cursor was clicked."""

        row: ConditionRow

    def __init__(
        self, view: ConditionsView | None = None, *, brief: bool = False, **options: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(**options)
        self._view = view
        self._brief = brief
        self._active = True
        self._open_groups: set[int] = set()
        self._cursor = ""
        self._first = 0
        self._lines: list[_Line] | None = None
        self._lines_for: tuple[int, str, int] | None = None

    # -- what the screen sets -----------------------------------------------------------------------------------

    def show(self, view: ConditionsView) -> None:
        """Draw another view; the cursor stays on its condition, else goes to the first unmet one."""
        if view == self._view:
            return
        before, self._view = self._drawn_rows(), view
        self._lines = None
        self._settle()
        after = self._drawn_rows()
        self.refresh_rows(*(at for at in range(self.size.height) if before[at : at + 1] != after[at : at + 1]))

    @property
    def brief(self) -> bool:
        """Whether only the conditions are shown, folded where possible."""
        return self._brief

    @brief.setter
    def brief(self, brief: bool) -> None:
        if brief != self._brief:
            self._brief = brief
            self._relist()

    @property
    def active(self) -> bool:
        """Whether this pane has the focus."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self.refresh()

    @property
    def selected(self) -> ConditionRow | None:
        """The condition under the cursor; None on a folded line or when there are none."""
        line = self._line_at(self._position())
        return line.row if line and line.row and not line.row.key.startswith("fold:") else None

    def numbered(self, number: int) -> ConditionRow | None:
        """Return the condition with this digit."""
        groups = self._view.groups if self._view else ()
        return next((row for group in groups for row in group.rows if row.number == number), None)

    def select(self, key: str) -> bool:
        """Move the cursor to a condition; False when it is not listed."""
        if key not in [line.row.key for line in self._listed() if line.row]:
            return False
        self._to(key)
        return True

    def move_cursor(self, dy: int) -> bool:
        """Move over the conditions; False at either end."""
        rows = [line.row for line in self._listed() if line.row]
        keys = [row.key for row in rows]
        if not keys:
            return False
        at = keys.index(self._cursor) if self._cursor in keys else 0
        wanted = min(max(at + dy, 0), len(keys) - 1)
        if wanted == at:
            return False
        self._to(keys[wanted])
        return True

    def move_group(self, direction: int) -> bool:
        """Move to the first condition of the next or previous group."""
        lines = [line for line in self._listed() if line.row]
        here = self._line_at(self._position())
        if here is None:
            return False
        groups = sorted({line.group for line in lines})
        at = groups.index(here.group) + direction
        if not 0 <= at < len(groups):
            return False
        self._to(next(line.row.key for line in lines if line.row and line.group == groups[at]))
        return True

    def toggle_fold(self) -> bool:
        """Open or fold the met rows of the group under the cursor; False when it cannot fold."""
        line = self._line_at(self._position())
        if line is None or self._view is None or not self._view.groups[line.group].foldable:
            return False
        self._open_groups ^= {line.group}
        self._relist()
        return True

    # -- the list -----------------------------------------------------------------------------------------------

    def _relist(self) -> None:
        self._lines = None
        self._settle()
        self.refresh()

    def _to(self, key: str) -> None:
        before, first = self._position(), self._first
        self._cursor = key
        self._settle()
        if first == self._first:
            self.refresh_rows(*(at - first for at in (before, self._position()) if at is not None))
        else:
            self.refresh()
        self.post_message(self.ConditionHighlighted(self.selected))

    def _settle(self) -> None:
        lines = self._listed()
        keys = [line.row.key for line in lines if line.row]
        if self._cursor not in keys:
            unmet = [line.row.key for line in lines if line.row and line.row.number is not None]
            self._cursor = (unmet or keys or [""])[0]
        at = self._position()
        height = self.size.height
        if at is None or not height:
            return
        room = height - (1 if len(lines) > height else 0)
        head = max((row for row in range(at) if lines[row].pieces and not lines[row].row), default=0)
        first = self._first
        if at < first:
            first = head if at - head < room else at
        elif at >= first + room:
            first = at - room + 1
        self._first = min(max(first, 0), max(len(lines) - room, 0))
        if at == next((row for row, line in enumerate(lines) if line.row), None) and at < room:
            self._first = 0

    def _position(self) -> int | None:
        return next((at for at, line in enumerate(self._listed()) if line.row and line.row.key == self._cursor), None)

    def _line_at(self, at: int | None) -> _Line | None:
        lines = self._listed()
        return lines[at] if at is not None and at < len(lines) else None

    def _listed(self) -> list[_Line]:
        now = (self.size.width, language(), id(self.palette) if self.is_attached else 0)
        if self._lines is None or self._lines_for != now:
            self._lines = list(self._build(self._view)) if self._view and self.is_attached else []
            self._lines_for = now
        return self._lines

    def _build(self, view: ConditionsView) -> list[_Line]:
        lines = [_Line(tuple(pieces)) for pieces in self._opening(view)]
        style, edge = self.palette.style, self.size.width - 1
        for at, group in enumerate(view.groups):
            total = f"{group.done}/{group.total}"
            head: tuple[Piece, ...] = (
                (1, cut(group.title, edge - 10), style("foreground", bold=True)),
                (right(total, edge), total, style("muted")),
            )
            lines += [_Line(), _Line(head)]
            lines += [_Line(row=row, group=at) for row in self._rows(at, group)]
        return lines + [_Line(tuple(pieces)) for pieces in self._last_talk(view)]

    def _rows(self, at: int, group: ConditionGroup) -> list[ConditionRow]:
        met = [row for row in group.rows if row.state is CheckState.MET]
        if not (self._brief and group.foldable and len(met) > 1) or at in self._open_groups:
            return list(group.rows)
        comma = "、" if language() == "zh" else ", "
        folded = ConditionRow(
            key=f"fold:{at}",
            state=CheckState.MET,
            what=comma.join(row.folded or row.what for row in met),
            detail=ngettext("{n} done", "{n} done", len(met)).format(n=len(met)),
        )
        return [folded, *(row for row in group.rows if row.state is not CheckState.MET)]

    def _opening(self, view: ConditionsView) -> list[list[Piece]]:
        style, edge = self.palette.style, self.size.width - 1
        rows: list[list[Piece]] = []
        if not self._brief and (view.goal or view.guidance):
            handbook = _("handbook")
            at_key = right(handbook, edge) - 2
            for label, text, token in ((_("goal"), view.goal, "foreground"), (_("how"), view.guidance, "muted")):
                start = 1 + max(6, width(label) + 2)
                if text:
                    rows.append([(1, label, style("faint")), (start, cut(text, at_key - start - 2), style(token))])
            rows[-1] += [(at_key, "B", style("primary", bold=True)), (at_key + 2, handbook, style("faint"))]
            rows.append([])
        title = _("Conditions")
        head: list[Piece] = [(1, title, style("primary" if self._active else "foreground", bold=True))]
        goal = _("to {stage}").format(stage=stage_text(view.to_stage)) if view.to_stage else _("to completion")
        head.append((1 + width(title) + 3, goal, style("muted")))
        unmet = _("{n} unmet").format(n=view.unmet) if view.unmet else ""
        met = _("{n} met").format(n=view.met)
        at_unmet = right(unmet, edge)
        head += [
            (right(met, at_unmet - 3 if unmet else edge), met, style("muted")),
            (at_unmet, unmet, style("warning", bold=True)),
        ]
        return [*rows, head]

    def _last_talk(self, view: ConditionsView) -> list[list[Piece]]:
        if self._brief or not view.talk:
            return []
        style, edge = self.palette.style, self.size.width - 1
        said = "  ".join(view.talk_title)
        head: list[Piece] = [
            (1, _("Last talk"), style("foreground", bold=True)),
            (right(said, edge), said, style("faint")),
        ]
        lines = [row for text in view.talk for row in wrap(text, edge - 1, 3)]
        return [[], head, *([(1, row, style("muted"))] for row in lines)]

    # -- drawing ------------------------------------------------------------------------------------------------

    def _drawn_rows(self) -> list[object]:
        lines = self._listed()
        shown = lines[self._first : self._first + self.size.height]
        state: list[object] = [(line, line.row is not None and line.row.key == self._cursor) for line in shown]
        if len(lines) > self._first + self.size.height and state:
            state[-1] = self._hidden()
        return state

    def _hidden(self) -> int:
        below = self._listed()[self._first + self.size.height - 1 :]
        return len([line for line in below if line.row])

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        lines = self._listed()
        at = self._first + y
        if at >= len(lines):
            return self.line([])
        if y == self.size.height - 1 and at < len(lines) - 1 and self._hidden():
            more = f"{symbols().below} {pgettext('below', '{n} more').format(n=self._hidden())}"
            return self.line([(1, more, self.palette.style("faint"))])
        line = lines[at]
        if line.row is None:
            return self.line(line.pieces)
        at_cursor = line.row.key == self._cursor
        ground: Ground = "cursor" if at_cursor and self._active else "background"
        pieces = self._condition(line.row, ground)
        if at_cursor:
            pieces.insert(0, self.bar(ground, active=self._active))
        return compose(pieces, self.size.width, self.palette.style("foreground", ground))

    def _condition(self, row: ConditionRow, ground: Ground) -> list[Piece]:
        style, edge = self.palette.style, self.size.width - 1
        met = row.state is not CheckState.UNMET
        here = ground == "cursor"
        what = quoted(row.what, titled=row.titled)
        start = EDGE - 2 if row.titled else EDGE
        detail, detail_at = (
            _detail(row),
            max(DETAIL, (self.size.width * DETAIL) // 79 if self.size.width > 79 + 20 else 0),
        )
        revision_at = detail_at - 5
        end = revision_at if row.revision else detail_at if detail else right(row.verb, edge)
        at_verb = right(row.verb, edge)
        pieces: list[Piece] = [
            (2, "" if row.number is None else str(row.number), style("primary", ground, bold=True)),
            (4, _sign(row), self._sign_style(row, ground)),
            (start, cut(what, end - start - 1), style("strong" if here else "muted" if met else "foreground", ground)),
            (revision_at, row.revision, style("faint" if met and not here else "muted", ground)),
            (
                detail_at,
                cut(detail, at_verb - detail_at - 2),
                style("foreground" if here else "faint" if met else "muted", ground),
            ),
            (at_verb, row.verb, style("primary", ground)),
        ]
        return pieces

    def _sign_style(self, row: ConditionRow, ground: Ground) -> Style:
        if row.warning:
            return self.palette.style("warning", ground)
        tokens = {CheckState.MET: "success", CheckState.UNMET: "error", CheckState.OPEN: "faint"}
        return self.palette.style(tokens[row.state], ground)

    # -- mouse and size -----------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Keep the cursor in sight at the new size."""
        self._settle()

    def on_click(self, event: events.Click) -> None:
        """Select the condition under the pointer; choose it when it is selected already."""
        line = self._line_at(self._first + event.y)
        if line is None or line.row is None:
            return
        event.stop()
        if line.row.key != self._cursor:
            self._to(line.row.key)
        elif self.selected is not None:
            self.post_message(self.ConditionChosen(line.row))
        else:
            self.toggle_fold()


def _sign(row: ConditionRow) -> str:
    signs = symbols()
    return {CheckState.MET: signs.tick, CheckState.UNMET: signs.cross, CheckState.OPEN: signs.open}[row.state]


def _detail(row: ConditionRow) -> str:
    signs = symbols()
    marks = {CheckState.MET: signs.tick, CheckState.UNMET: signs.cross, CheckState.OPEN: signs.open}
    votes = "  ".join(f"{marks[vote.state]} {vote.who}" for vote in row.votes)
    return " ".join(part for part in (votes, plain(row.detail)) if part)
