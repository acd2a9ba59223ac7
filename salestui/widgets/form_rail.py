"""What stands around a form's fields: the rail of fields at the left, and the strip of what is missing below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.geometry import Region
from textual.message import Message

from salestui.domain.playbook import FieldType
from salestui.domain.showing import show
from salestui.domain.views import CheckState
from salestui.field_texts import short_problem_text
from salestui.i18n import gettext as _
from salestui.widgets.cells import Piece, cut, hang, right, width, wrap
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.form_model import FILES, FormModel
from salestui.widgets.form_page import Line
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip

    from salestui.domain.deal_views import SideSection
    from salestui.widgets.theme import Ground

__all__ = ["RAIL_WIDTH", "FormProgress", "FormRail", "FormStrip", "LinesWidget"]

RAIL_WIDTH: Final = 28
_SIGNS: Final = {
    CheckState.MET: ("tick", "success"),
    CheckState.UNMET: ("cross", "error"),
    CheckState.OPEN: ("open", "faint"),
}


def sign(state: CheckState) -> tuple[str, str]:
    """Return the sign of a field's state and its token."""
    name, token = _SIGNS[state]
    return str(getattr(symbols(), name)), token


class LinesWidget(DrawnWidget):
    """Shows lines it is given, and redraws only the cells that differ from those it showed before."""

    GROUND: Ground = "background"

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.top = 0

    def show_lines(self, lines: Sequence[Line], top: int = 0) -> None:
        """Show `lines` from number `top` on."""
        old, old_top = self.lines, self.top
        self.lines, self.top = lines, top
        for y in range(self.size.height):
            before = old[old_top + y] if old_top + y < len(old) else Line(ground=self.GROUND)
            after = lines[top + y] if top + y < len(lines) else Line(ground=self.GROUND)
            if before.ground != after.ground:
                self.refresh_rows(y)
            elif before.pieces != after.pieces:
                changed = set(before.pieces) ^ set(after.pieces)
                first = min((column for column, _text, _style in changed), default=0)
                last = max((column + width(text) for column, text, _style in changed), default=0)
                self.refresh_span(y, first, last)

    def refresh_span(self, y: int, first: int, last: int) -> None:
        """Redraw the cells from `first` up to `last` of row `y`."""
        if last > first:
            self.refresh(Region(first, y, min(last, self.size.width) - first, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        index = self.top + y
        line = self.lines[index] if index < len(self.lines) else Line(ground=self.GROUND)
        return self.line(line.pieces, line.ground)


class FormRail(LinesWidget):
    """Every field with its state and its value in short; below, sections of the screen that uses the form."""

    DEFAULT_CSS = f"FormRail {{ width: {RAIL_WIDTH + 3}; height: 1fr; }}"

    class Chosen(Message):
        """A field was clicked."""

        def __init__(self, key: str) -> None:
            self.key = key
            super().__init__()

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[str, ...] = ()

    def update(self, model: FormModel, current: str, language: str, aside: Sequence[SideSection], warning: str) -> None:
        """Show the fields of `model`, the one called `current` under the cursor."""
        style = self.palette.style
        edge = RAIL_WIDTH - 1
        done, total = model.done()
        count = f"{done}/{total}"
        lines = [
            Line(((1, _("Fields"), style("strong")), (right(count, edge), count, style("muted")))),
            Line(((1, symbols().rule * (edge - 1), style("rule")),)),
        ]
        room = max(4, self.size.height - 2 if self.size.height else 99)
        self._keys = model.keys
        at = self._keys.index(current) if current in self._keys else 0
        first = max(0, min(at - room + 2, len(self._keys) - room)) if len(self._keys) > room else 0
        lines += [self._field(model, key, index, key == current, language) for index, key in enumerate(self._keys)][
            first : first + room
        ]
        self._first = first
        if warning:
            lines.append(Line())
            lines += [Line(((1, text, style("warning")),)) for text in wrap(f"! {warning}", edge - 1, 3)]
        for section in aside:
            lines.append(Line())
            lines += self._section(section, edge)
        self.show_lines(lines)

    def _field(self, model: FormModel, key: str, index: int, here: bool, language: str) -> Line:
        ground: Ground = "cursor" if here else "background"
        style = self.palette.style
        state = model.state(key)
        mark, token = sign(state)
        value = _short_value(model, key, language, current=here)
        edge = RAIL_WIDTH - 1
        room = edge - 4 - (width(value) + 1 if value else 0)
        name = "strong" if here else "foreground" if state is CheckState.UNMET else "muted"
        pieces: list[Piece] = [(0, symbols().bar, self.palette.bar("cursor"))] if here else []
        pieces += [
            (2, mark, style(token, ground)),
            (4, cut(model.field(key).label.get(language), room), style(name, ground)),
        ]
        if value:
            pieces.append((right(value, edge), value, style("foreground" if here else "faint", ground)))
        if here:
            pieces.append((RAIL_WIDTH, "   ", style("foreground")))
        return Line(tuple(pieces), ground, stop=index)

    def _section(self, section: SideSection, edge: int) -> list[Line]:
        style = self.palette.style
        head: list[Piece] = [(1, section.title, style("strong"))]
        at = edge - sum(width(word.text) for word in section.total) - max(0, len(section.total) - 1)
        if section.more is not None and not section.total:
            key, verb = section.more
            at = edge - width(key) - width(verb) - 1
            head += [(at, key, style("primary")), (at + width(key) + 1, verb, style("faint"))]
        for word in section.total:
            head.append((at, word.text, style(word.tone.value)))
            at += width(word.text) + 1
        lines = [Line(tuple(head))]
        for row in section.rows:
            pieces: list[Piece] = []
            column = 2
            for index, word in enumerate(row.words):
                text = plain(word.text)
                start = section.columns[index] if index < len(section.columns) else column
                pieces.append((hang(text, start), text, style(word.tone.value)))
                column = start + width(text) + 1
            if row.right is not None:
                pieces.append((right(row.right.text, edge), row.right.text, style(row.right.tone.value)))
            lines.append(Line(tuple(pieces)))
        return lines

    def on_click(self, event: events.Click) -> None:
        """Go to the field that was clicked."""
        if 0 <= event.y < len(self.lines) and (stop := self.lines[event.y].stop) is not None:
            self.post_message(self.Chosen(self._keys[stop]))


def _short_value(model: FormModel, key: str, language: str, *, current: bool) -> str:
    if key == FILES:
        return str(len(model.files)) if model.files else ""
    field = model.field(key)
    if not model.filled(key):
        return _("empty") if model.required(key) else ""
    if field.type is FieldType.TABLE:
        complete, started = model.row_counts(key)
        rows = show(field, model.values.get(key), language, short=True)
        return f"{complete}/{rows}" if complete < started else rows
    value = model.values.get(key)
    if value is None or current or field.type in {FieldType.LONG_TEXT, FieldType.CHOICES}:
        return ""
    text = show(field, value, language, short=True, home_currency=model.currency, zone=model.zone)
    return text if width(text) <= 10 else ""


class FormProgress(LinesWidget):
    """The rail in one line, where there is no room beside the fields: signs, and where one is."""

    DEFAULT_CSS = "FormProgress { height: 1; display: none; }"

    def update(self, model: FormModel, current: str, language: str) -> None:
        """Show the state of every field, the current one named."""
        style = self.palette.style
        pieces: list[Piece] = []
        at = 1
        done, total = model.done()
        count = f"{done}/{total}"
        for key in model.keys:
            mark, token = sign(model.state(key))
            pieces.append((at, mark, style(token)))
            at += 2
            if key == current:
                label = cut(model.field(key).label.get(language), 24)
                pieces.append((at, label, style("primary", bold=True)))
                at += width(label) + 2
        fitting = [piece for piece in pieces if piece[0] + width(piece[1]) < self.size.width - width(count) - 3]
        fitting.append((right(count, self.size.width - 1), count, style("muted")))
        self.show_lines((Line(tuple(fitting)),))


class FormStrip(LinesWidget):
    """Two lines: what is missing, numbered for alt and the digit, and what follows from that."""

    DEFAULT_CSS = "FormStrip { height: 2; }"
    GROUND: Ground = "surface"

    def update(self, model: FormModel, language: str, note: str, complete: str, token: str = "faint") -> None:
        """Count up what is missing; below, `note`, or when nothing is missing `complete`."""
        style = self.palette.style
        problems = model.problems
        pieces: list[Piece] = []
        if problems:
            head = _("{n} to go").format(n=len(problems))
            pieces.append((1, head, style("warning", "surface", bold=True)))
            at = 1 + width(head) + 3
            edge = self.size.width - 1
            for number, problem in enumerate(problems[:9], 1):
                text = short_problem_text(problem, model.fields, language)
                room = edge - at - 2
                rest = len(problems) - number
                if number > 1 and width(text) + (8 if rest else 0) > room:
                    more = _("{n} more").format(n=rest + 1)
                    if width(more) <= edge - at:
                        pieces.append((at, more, style("faint", "surface")))
                    break
                pieces.append((at, str(number), style("primary", "surface", bold=True)))
                text = cut(text, room)
                pieces.append((at + 2, text, style("foreground", "surface")))
                at += width(text) + 2 + 4
        else:
            pieces.append((1, symbols().tick, style("success", "surface", bold=True)))
            pieces.append((3, _("Nothing missing"), style("success", "surface")))
        below = note if problems or not complete else complete
        second: tuple[Piece, ...] = ((1, cut(below, self.size.width - 2), style(token, "surface")),) if below else ()
        self.show_lines((Line(tuple(pieces), "surface"), Line(second, "surface")))
