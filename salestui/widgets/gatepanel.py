"""The gate panel: the strip unfolded. Every unmet requirement, why it is asked, and every way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from salestui.dataclass import dataclass
from salestui.i18n import gettext as _
from salestui.i18n import pgettext
from salestui.widgets.cells import compose, cut, right, width, wrap
from salestui.widgets.drawn import DrawnWidget, stage_text
from salestui.widgets.strip import quoted, way
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from rich.style import Style
    from textual import events
    from textual.strip import Strip

    from salestui.domain.views import GatePanelView, UnmetLine
    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Ground

__all__ = ["GatePanel", "panel_rows"]

LOW_SCREEN = 30
WITH_WAYS = 110
GROUND: Ground = "surface"
HEAD = 2
BLOCK = 3
EDGE = 7


def panel_rows(screen_rows: int) -> int:
    """Return the panel's height on a screen: half of it, or all but two rows of cards on a low one."""
    return screen_rows - 11 if screen_rows < LOW_SCREEN else (screen_rows - 2) // 2


@dataclass(frozen=True, slots=True)
class _Row:
    """One drawn row of the list: its pieces, and the index of the unmet line it belongs to."""

    pieces: tuple[Piece, ...]
    line: int | None = None


class GatePanel(DrawnWidget):
    """Lists a `GatePanelView` with a cursor; the ways out of the line under the cursor stand at the right when wide.

    Move with `move_cursor`, unfold what is met with `toggle_met`. The same digits as in the strip lead to the fixes.
    """

    DEFAULT_CSS = "GatePanel { height: 19; background: $surface; }"

    @dataclass
    class FixChosen(Message):
        """A line under the cursor was clicked: go to its fix."""

        line: UnmetLine

    @dataclass
    class LineHighlighted(Message):
        """The cursor moved to another line."""

        line: UnmetLine | None

    def __init__(self, view: GatePanelView | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._view = view
        self._cursor = 0
        self._first = 0
        self._unfolded = False

    @property
    def selected(self) -> UnmetLine | None:
        """The line under the cursor."""
        if self._view is None or not self._view.lines:
            return None
        return self._view.lines[min(self._cursor, len(self._view.lines) - 1)]

    def show(self, view: GatePanelView | None) -> None:
        """Draw another view; the cursor stays in its place, and a new card starts at the first line."""
        if view == self._view:
            return
        if self._view is None or view is None or view.name != self._view.name:
            self._cursor, self._first, self._unfolded = 0, 0, False
        self._view = view
        self._cursor = min(self._cursor, max(len(view.lines) - 1, 0)) if view else 0
        self.refresh()

    def move_cursor(self, dy: int) -> bool:
        """Move to another line; with the met items unfolded, scroll on at the end. False at either end."""
        lines = len(self._view.lines) if self._view else 0
        wanted = min(max(self._cursor + dy, 0), max(lines - 1, 0))
        if wanted == self._cursor:
            return self._unfolded and self._scroll(dy)
        before, self._cursor = self._cursor, wanted
        first = self._first
        self._keep_in_sight()
        if first != self._first or self._wide:
            self.refresh()
        else:
            rows = self._list()
            changed = [at for at, row in enumerate(rows) if row.line in {before, wanted}]
            self.refresh_rows(*(HEAD + at - self._first for at in changed))
        self.post_message(self.LineHighlighted(self.selected))
        return True

    def toggle_met(self) -> None:
        """Unfold the met items into a list, or fold them back."""
        self._unfolded = not self._unfolded
        if not self._unfolded:
            self._first = 0
            self._keep_in_sight()
        self.refresh()

    @property
    def _wide(self) -> bool:
        return self.size.width >= WITH_WAYS

    @property
    def _left(self) -> int:
        """Cells of the list; the rest is the pane of ways out."""
        return 78 * self.size.width // 120 if self._wide else self.size.width

    @property
    def _sight(self) -> int:
        return max(self.size.height - HEAD - (2 if self._wide else 0), 1)

    def _scroll(self, dy: int) -> bool:
        last = max(len(self._list()) - self._sight, 0)
        first = min(max(self._first + dy, 0), last)
        moved, self._first = first != self._first, first
        if moved:
            self.refresh()
        return moved

    def _keep_in_sight(self) -> None:
        top = self._cursor * BLOCK
        if top < self._first:
            self._first = top
        elif top + 2 > self._first + self._sight:
            self._first = top + 2 - self._sight

    def fit(self) -> None:
        """Keep the cursor in sight at the new height."""
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """Draw one row: the list at the left, the ways out at the right."""
        view = self._view
        blank = self.palette.style("foreground", GROUND)
        if view is None:
            return self.line([], GROUND)
        if y == 0:
            return self.line(self._title(view), GROUND)
        left = self._left
        rows = self._list()
        at = y - HEAD + self._first
        row = rows[at] if 0 <= at < len(rows) and HEAD <= y < HEAD + self._sight else _Row(())
        chosen = row.line is not None and row.line == self._cursor
        if self._wide and y == self.size.height - 2:
            row = _Row(((2, self._hint(view), self._faint),))
        pieces = row.pieces
        if y == HEAD + self._sight - 1 and (more := self._more(rows, left)):
            room = more[0] - 2
            pieces = (*((at, cut(text, room - at), style) for at, text, style in pieces if at < room), more)
        strip = compose(pieces, left, self.palette.style("foreground", "cursor") if chosen else blank)
        if not self._wide:
            return strip
        ways = self._ways()
        side = ways[y - HEAD] if 0 <= y - HEAD < len(ways) else []
        return strip.join([strip, compose(side, self.size.width - left, blank)])

    def _hint(self, view: GatePanelView) -> str:
        if view.unmet:
            return _("Each fix shows here at once; when all are met press > to advance")
        return _("All are met: press > to advance")

    def _more(self, rows: list[_Row], left: int) -> Piece | None:
        """Return the sign that rows are hidden below, and how many unmet lines among them."""
        hidden = rows[self._first + self._sight :]
        if not any(row.pieces for row in hidden):
            return None
        lines = len({row.line for row in hidden if row.line is not None})
        more = pgettext("below", "{n} more").format(n=lines) if lines else ""
        text = f"{symbols().below} {more}".rstrip()
        return right(text, left - 2), text, self._faint

    @property
    def _faint(self) -> Style:
        return self.palette.style("faint", GROUND)

    def _title(self, view: GatePanelView) -> list[Piece]:
        style = self.palette.style
        ready = view.unmet == 0
        said = _("can advance") if ready else _("cannot advance yet")
        name = f"{view.name} {said}"
        sign = (symbols().tick, "success") if ready else (symbols().cross, "error")
        pieces: list[Piece] = [(1, sign[0], style(sign[1], GROUND)), (3, name, style("strong", GROUND))]
        at = 3 + width(name) + 3
        if self._wide:
            pieces += way(self.palette, at, view.from_stage, view.to_stage, GROUND)
        elif view.to_stage is not None:
            pieces.append((at, _("to {stage}").format(stage=stage_text(view.to_stage)), style("muted", GROUND)))
        unmet = _("{n} unmet").format(n=view.unmet) if view.unmet else ""
        met = _("{n} met").format(n=view.met)
        edge = self.size.width - 1
        at_unmet = right(unmet, edge)
        at_met = right(met, at_unmet - 3 if unmet else edge)
        return [
            *[piece for piece in pieces if piece[0] + 2 < at_met],
            (at_met, met, style("muted", GROUND)),
            (at_unmet, unmet, style("warning", GROUND, bold=True)),
        ]

    def _list(self) -> list[_Row]:
        view = self._view
        if view is None:
            return []
        rows: list[_Row] = []
        for index, line in enumerate(view.lines):
            rows += [*self._block(index, line), _Row(())]
        return rows + [_Row(tuple(pieces)) for pieces in self._met(view)]

    def _block(self, index: int, line: UnmetLine) -> tuple[_Row, _Row]:
        at_cursor = index == self._cursor
        ground: Ground = "cursor" if at_cursor else GROUND
        style = self.palette.style
        edge = self._left - 2
        headline = line.headline or quoted(line.what, titled=line.titled)
        start = EDGE - 2 if headline.startswith("《") else EDGE
        fix = line.panel_fix or line.fix
        at_fix = right(fix, edge)
        first: list[Piece] = [
            (2, str(line.number), style("primary", ground, bold=True)),
            (4, symbols().cross, style("error", ground)),
            (start, cut(headline, at_fix - start - 2), style("strong" if at_cursor else "foreground", ground)),
            (at_fix, fix, style("primary", ground, bold=at_cursor)),
        ]
        detail = style("foreground" if at_cursor else "muted", ground)
        second: list[Piece] = [(EDGE, cut(plain(line.detail or line.why), edge - EDGE), detail)]
        if at_cursor:
            bar = self.bar()
            first.insert(0, bar)
            second.insert(0, bar)
        return _Row(tuple(first), index), _Row(tuple(second), index)

    def _met(self, view: GatePanelView) -> list[list[Piece]]:
        if not view.met_items and not view.met:
            return []
        style = self.palette.style
        edge = self._left - 2
        title = _("{n} met").format(n=view.met)
        head: list[Piece] = [(2, symbols().tick, style("success", GROUND)), (EDGE, title, style("foreground", GROUND))]
        if self._unfolded:
            items = [
                [
                    (4, symbols().tick, style("success", GROUND)),
                    (EDGE, cut(item.text, edge - EDGE), style("muted", GROUND)),
                ]
                for item in view.met_items
            ]
            return [head, *items]
        faint = self._faint
        if not self._wide:
            at = EDGE + width(title) + 3
            for item in view.met_items:
                text = item.short or item.text
                if at + width(text) > edge:
                    break
                head.append((at, text, faint))
                at += width(text) + 3
            return [head]
        unfold = _("unfold")
        head += [
            (right(unfold, edge) - 4, "tab", style("primary", GROUND, bold=True)),
            (right(unfold, edge), unfold, faint),
        ]
        return [head, *([(EDGE, row, faint)] for row in _rows_of([item.text for item in view.met_items], edge - EDGE))]

    def _ways(self) -> list[list[Piece]]:
        line = self.selected
        if line is None or not (line.handbook or line.ways):
            return []
        style = self.palette.style
        at, room = 6, self.size.width - self._left - 7
        rows: list[list[Piece]] = []
        if line.handbook:
            rows.append([(at, _("Why"), style("foreground", GROUND, bold=True))])
            rows += [[(at, row, style("muted", GROUND))] for row in wrap(line.handbook, room, 4)]
            rows += [[(at, line.source, self._faint)]] if line.source else []
            rows.append([])
        if line.ways:
            rows.append([(at, _("What to do"), style("foreground", GROUND, bold=True))])
        for choice in line.ways:
            key: Piece = (at, choice.key, style("primary", GROUND, bold=True))
            verb_at = at + max(7, width(choice.key) + 2)
            rows.append([key, (verb_at, cut(choice.verb, room + at - verb_at), style("foreground", GROUND))])
            if choice.note:
                rows.append([(verb_at, cut(choice.note, room + at - verb_at), self._faint)])
        return rows

    def on_click(self, event: events.Click) -> None:
        """Select the line under the pointer; a click on the selected one goes to its fix."""
        rows = self._list()
        at = event.y - HEAD + self._first
        index = rows[at].line if event.y >= HEAD and 0 <= at < len(rows) and event.x < self._left else None
        if index is None or self._view is None:
            return
        event.stop()
        if index == self._cursor:
            self.post_message(self.FixChosen(self._view.lines[index]))
        else:
            self.move_cursor(index - self._cursor)


def _rows_of(texts: list[str], cells: int) -> list[str]:
    """Return texts set side by side, three blanks between, in as few rows as they need."""
    rows: list[str] = []
    for text in texts:
        if rows and width(rows[-1]) + 3 + width(text) <= cells:
            rows[-1] += f"   {text}"
        else:
            rows.append(cut(text, cells))
    return rows
