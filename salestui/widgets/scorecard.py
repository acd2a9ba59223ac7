"""Scoring a customer: one key per criterion, the total and what the grade will ask for always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from salestui.domain.playbook import Grade
from salestui.domain.scoring import grade_for, missing, possible_range, total
from salestui.i18n import gettext as _
from salestui.i18n import language as current_language
from salestui.i18n import mark
from salestui.widgets.form_inputs import FieldInput
from salestui.widgets.form_rail import LinesWidget
from salestui.widgets.scorecard_drawing import CardPage, draw_criteria
from salestui.widgets.scorecard_parts import ScoreBelow, ScoreList, ScoreSide, ScoreStrip
from salestui.widgets.scorecard_side import draw_below, draw_side, draw_strip

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

    from salestui.domain.form_views import ScorecardView
    from salestui.domain.playbook import Criterion

__all__ = ["ScoreCard"]

WIDE = 100


class ScoreCard(Widget):
    """A scorecard being filled: `values` and `evidence` by criterion. It stores nothing; the screen saves.

    A digit scores the criterion in focus and moves on. Ranges beyond one digit are typed and taken by Enter.
    """

    DEFAULT_CSS = """
    ScoreCard { layout: vertical; height: 1fr; }
    ScoreCard > Horizontal { height: 1fr; }
    ScoreCard.-narrow ScoreSide { display: none; }
    ScoreCard.-narrow ScoreBelow { display: block; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,shift+tab", "move(-1)", mark("Up"), id="scorecard.up", show=False),
        Binding("down,j,tab", "move(1)", mark("Down"), id="scorecard.down", show=False),
        Binding("left,h", "nudge(-1)", mark("One less"), id="scorecard.less", show=False),
        Binding("right,l", "nudge(1)", mark("One more"), id="scorecard.more", show=False),
        Binding("e,f4", "write_evidence", mark("Write evidence"), id="scorecard.evidence"),
        Binding("enter", "take", mark("Write evidence"), id="scorecard.take", show=False),
        Binding("u,f5", "take_last", mark("Same as last time"), id="scorecard.take_last"),
        Binding("U", "take_all", mark("All as last time"), id="scorecard.take_all", show=False),
        Binding("backspace,delete", "clear", mark("Empty"), id="scorecard.clear", show=False),
        Binding("escape", "stop_writing", mark("Back"), id="scorecard.back", show=False, priority=True),
    ]

    class Changed(Message):
        """A value or an evidence changed."""

        def __init__(self, card: ScoreCard) -> None:
            self.card = card
            super().__init__()

        @property
        def control(self) -> ScoreCard:
            """The scorecard."""
            return self.card

    def __init__(
        self,
        view: ScorecardView,
        *,
        language: str | None = None,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a scorecard; `note` is the strip's second line (what saving does)."""
        super().__init__(id=id, classes=classes)
        self.view = view
        self.language = language or current_language()
        self.note = note or _("Once saved, the new score counts at once; the old one stays in the history.")
        self._values: dict[str, int] = dict(view.values)
        self._evidence: dict[str, str] = dict(view.evidence)
        self._writing = False
        self._buffer = ""
        self._just_typed = False
        self._at = self._first_open()
        self._line_editor = FieldInput(self._wrote)

    @property
    def values(self) -> dict[str, int]:
        """The value per criterion, as far as scored."""
        return dict(self._values)

    @property
    def evidence(self) -> dict[str, str]:
        """The evidence per criterion, as far as written."""
        return {key: text for key, text in self._evidence.items() if text.strip()}

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """What a complete scorecard still lacks: (criterion, "value" | "range" | "evidence")."""
        return missing(self.view.scoring, self._values, self._evidence)

    @property
    def total(self) -> int:
        """The weighted total so far."""
        return total(self.view.scoring, self._values)

    @property
    def grade(self) -> Grade | None:
        """The grade, once it is certain."""
        low, high = possible_range(self.view.scoring, self._values)
        best, worst = grade_for(self.view.scoring, high), grade_for(self.view.scoring, low)
        return best if best is worst else None

    @property
    def criterion(self) -> Criterion:
        """The criterion in focus."""
        return self.view.scoring.criteria[self._at]

    def compose(self) -> ComposeResult:
        """Lay out criteria, side, and strip."""
        with Horizontal():
            with ScoreList():
                yield self._line_editor
            yield ScoreSide()
        yield ScoreBelow()
        yield ScoreStrip()

    def set_view(self, view: ScorecardView) -> None:
        """Show another view; what was scored here by now is replaced by the view's."""
        same = view.scoring.criteria == self.view.scoring.criteria
        self.view = view
        self._values, self._evidence = dict(view.values), dict(view.evidence)
        self._at = self._at if same else self._first_open()
        self.redraw()

    def go_to(self, key: str) -> None:
        """Put the cursor on criterion `key`."""
        keys = [criterion.key for criterion in self.view.scoring.criteria]
        if key in keys:
            self._to(keys.index(key))

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> ScoreCard:
        """Focus the criteria."""
        del scroll_visible, from_app_focus
        self.query_one(ScoreList).focus(scroll_visible=False)
        return self

    def on_mount(self) -> None:
        """Draw once everything has its size."""
        self.call_after_refresh(self.redraw)

    def on_resize(self, event: events.Resize) -> None:
        """Put the side below where there is no room beside."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self.call_after_refresh(self.redraw)

    def notify_style_update(self) -> None:
        """Draw in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self.call_after_refresh(self.redraw)

    def _page(self, widget: LinesWidget) -> CardPage:
        return CardPage(
            view=self.view,
            values=self._values,
            evidence=self._evidence,
            current=self._at,
            typed=self._buffer,
            palette=widget.palette,
            language=self.language,
            width=widget.size.width,
            height=widget.size.height,
            focused=self.screen.focused in {self.query_one(ScoreList), self._line_editor},
            writing=self._writing,
        )

    def redraw(self) -> None:
        """Show what changed."""
        criteria = next(iter(self.query(ScoreList)), None)
        if criteria is None or not criteria.size.width:
            return
        lines, (first, last), (x, y, cells) = draw_criteria(self._page(criteria))
        top = max(0, min(criteria.top, first, len(lines) - criteria.size.height))
        if last >= top + criteria.size.height:
            top = last - criteria.size.height + 1
        criteria.show_lines(lines, top)
        self._line_editor.styles.offset = (x, y - top) if self._writing else (0, -99)
        self._line_editor.styles.width = cells
        if self.has_class("-narrow"):
            below = self.query_one(ScoreBelow)
            below.show_lines(draw_below(self._page(below)))
        else:
            side = self.query_one(ScoreSide)
            side.show_lines(draw_side(self._page(side)))
        strip = self.query_one(ScoreStrip)
        strip.show_lines(draw_strip(self._page(strip), self.note))

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Changed(self))

    def _first_open(self) -> int:
        """Return the first criterion without a value, or 0."""
        criteria = self.view.scoring.criteria
        return next((index for index, criterion in enumerate(criteria) if criterion.key not in self._values), 0)

    def _to(self, index: int) -> None:
        self._buffer, self._just_typed = "", False
        self._leave_editor()
        self._at = index % len(self.view.scoring.criteria)
        self.redraw()

    def _score(self, value: int) -> None:
        """Give the criterion in focus its value and move on to the next one without a value."""
        self._values[self.criterion.key] = value
        self._buffer = ""
        criteria = self.view.scoring.criteria
        order = [(self._at + step) % len(criteria) for step in range(1, len(criteria))]
        self._at = next(
            (index for index in order if criteria[index].key not in self._values), self._next_unproven(order)
        )
        self._changed()

    def _next_unproven(self, order: list[int]) -> int:
        """Return the criterion to go to when all have a value: the next without evidence, or the same."""
        if not self.view.scoring.evidence_required:
            return self._at
        here = [self._at, *order]
        criteria = self.view.scoring.criteria
        return next((index for index in here if not self._evidence.get(criteria[index].key, "").strip()), self._at)

    def on_key(self, event: events.Key) -> None:
        """Take digits as values."""
        if self._writing or event.character is None:
            return
        if event.character in "0123456789" or (event.character == "-" and self.criterion.min < 0 and not self._buffer):
            event.stop()
            event.prevent_default()
            self._type(event.character)

    def _type(self, character: str) -> None:
        text = self._buffer + character
        low, high = self.criterion.min, self.criterion.max
        if text == "-":
            self._buffer = text
        elif low <= int(text) <= high and not low <= int(text + ("9" if int(text) < 0 else "0")) <= high:
            self._score(int(text))
            self._just_typed = len(text) > 1
            return
        elif len(text) <= max(len(str(low)), len(str(high))) and abs(int(text)) <= max(abs(low), abs(high)):
            self._buffer = text
        else:
            self._buffer = ""
        self.redraw()

    def action_move(self, step: int) -> None:
        """Go to another criterion."""
        self._to(self._at + step)

    def action_nudge(self, step: int) -> None:
        """Change the value by one and stay."""
        criterion = self.criterion
        value = self._values.get(criterion.key)
        start = criterion.min if step > 0 else criterion.max
        self._values[criterion.key] = start if value is None else max(criterion.min, min(value + step, criterion.max))
        self._changed()

    def action_clear(self) -> None:
        """Take the value away, or the digits typed so far."""
        if self._buffer:
            self._buffer = ""
        else:
            self._values.pop(self.criterion.key, None)
        self._changed()

    def action_take_last(self) -> None:
        """Take over last time's value and evidence for this criterion, and move on."""
        key = self.criterion.key
        last = self.view.last
        if last is None or key not in last.values:
            return
        if key in self.view.last_evidence and not self._evidence.get(key, "").strip():
            self._evidence[key] = self.view.last_evidence[key]
        self._score(last.values[key])

    def action_take_all(self) -> None:
        """Take over everything from last time that is not scored yet."""
        last = self.view.last
        for criterion in self.view.scoring.criteria if last else ():
            if last and criterion.key in last.values:
                self._values.setdefault(criterion.key, last.values[criterion.key])
            if criterion.key in self.view.last_evidence and not self._evidence.get(criterion.key, "").strip():
                self._evidence[criterion.key] = self.view.last_evidence[criterion.key]
        self._at = self._first_open()
        self._changed()

    def action_take(self) -> None:
        """Enter: take the number typed so far, or write evidence. Nothing out of habit after a taken number."""
        taken, self._just_typed = self._just_typed, False
        if self._buffer not in {"", "-"} and self.criterion.min <= int(self._buffer) <= self.criterion.max:
            self._score(int(self._buffer))
        elif not taken:
            self.action_write_evidence()

    def action_write_evidence(self) -> None:
        """Write the evidence of the criterion in focus."""
        self._writing = True
        self.redraw()
        self._line_editor.load(self._evidence.get(self.criterion.key, ""), _("which talk, which document"))
        self._line_editor.focus(scroll_visible=False)

    def _wrote(self, text: str) -> None:
        self._evidence[self.criterion.key] = text
        self._changed()

    def _leave_editor(self) -> None:
        if self._writing:
            self._writing = False
            self.query_one(ScoreList).focus(scroll_visible=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the evidence is written, on to the next criterion that lacks something."""
        event.stop()
        self._leave_editor()
        keys = [criterion.key for criterion in self.view.scoring.criteria]
        lacking = [keys.index(key) for key, _what in self.missing]
        later = [index for index in lacking if index > self._at]
        self._to((later or lacking or [self._at])[0])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While evidence is written, only leaving it and moving are keys; the rest is text."""
        del parameters
        if action == "stop_writing":
            return self._writing
        if action in {"write_evidence", "take", "take_last", "take_all", "clear", "nudge"}:
            return not self._writing
        return True

    def action_stop_writing(self) -> None:
        """Leave the evidence as it is."""
        self._leave_editor()
        self.redraw()

    def on_descendant_focus(self) -> None:
        """Show where the focus is."""
        self.redraw()

    def on_descendant_blur(self) -> None:
        """Show that it is elsewhere."""
        self.call_after_refresh(self.redraw)

    def on_click(self, event: events.Click) -> None:
        """Go to the criterion that was clicked."""
        criteria = self.query_one(ScoreList)
        index = criteria.top + event.y
        if event.widget is criteria and 0 <= index < len(criteria.lines):
            line = criteria.lines[index]
            if line.row is not None and line.stop == self._at:
                self._score(line.row)
            elif line.stop is not None:
                self._to(line.stop)
