"""A deal's stages, at the same cells as the heads of the board: opening a deal moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.domain.deal_views import RailStage, StageState
from salestui.i18n import gettext as _
from salestui.widgets.cells import cut, right, width
from salestui.widgets.drawn import DrawnWidget, gate_slot
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from rich.style import Style
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["StageRail"]

TALL = 3
PITCH = 20
WIDEST_PITCH = 28
TITLE_TOKENS = {StageState.PAST: "muted", StageState.NOW: "primary", StageState.AHEAD: "faint"}


class StageRail(DrawnWidget):
    """Three rows like the board's heads; two rows (one line and its rule) when set to a height of two.

    Give it a height of 3 or 2. Where the stages do not fit side by side, the one-line form is drawn in any case.
    """

    DEFAULT_CSS = "StageRail { height: 3; }"

    def __init__(self, stages: Iterable[RailStage] = (), **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._stages = tuple(stages)

    def show(self, stages: Iterable[RailStage]) -> None:
        """Draw other stages when they differ."""
        wanted = tuple(stages)
        if wanted != self._stages:
            self._stages = wanted
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        if not self._stages:
            return self.line([])
        pitch = min(self.size.width // len(self._stages), WIDEST_PITCH if self.size.width >= 160 else self.size.width)
        if self.size.height < TALL or pitch < PITCH:
            return self.line(self._one_line(y))
        pieces: list[Piece] = []
        for at, stage in enumerate(self._stages):
            pieces += self._head(stage, y, at * pitch + 1, (at + 1) * pitch - 1)
        return self.line(pieces)

    def _head(self, stage: RailStage, row: int, start: int, edge: int) -> list[Piece]:
        style = self.palette.style
        now = stage.state is StageState.NOW
        if row == 0:
            slot, token = self._slot(stage)
            at_slot = right(slot, edge)
            after = start + width(str(stage.number)) + 1
            return [
                (start, str(stage.number), style("primary" if now else "faint", bold=now)),
                (after, cut(stage.title, at_slot - after - 1), style(TITLE_TOKENS[stage.state], bold=now)),
                (at_slot, slot, style(token, bold=now)),
            ]
        if row == 1:
            spent = _spent(stage)
            return [
                (start, short_day(stage.entered) if stage.entered else "", style("faint")),
                (right(spent, edge), spent, self._spent_style(stage)),
            ]
        return [(start, symbols().rule * (edge - start), style("primary" if now else "rule"))] if row == 2 else []

    def _slot(self, stage: RailStage) -> tuple[str, str]:
        if stage.state is StageState.PAST:
            return symbols().tick, "success"
        if stage.gate is None:
            return "", "faint"
        text, token, _bold = gate_slot(stage.gate)
        return text, "warning" if stage.gate.unmet else token

    def _spent_style(self, stage: RailStage) -> Style:
        return self.palette.style("warning" if stage.idle else "muted" if stage.state is StageState.NOW else "faint")

    def _one_line(self, row: int) -> list[Piece]:
        style = self.palette.style
        pieces: list[Piece] = []
        at, under = 1, (0, 0)
        for stage in self._stages:
            number = str(stage.number)
            if stage.state is StageState.PAST:
                pieces += [(at, number, style("muted")), (at + width(number), symbols().tick, style("success"))]
                at += width(number) + 1 + 3
            elif stage.state is StageState.NOW:
                title, spent = f"{number} {stage.title}", _spent(stage)
                pieces.append((at, title, style("primary", bold=True)))
                after = at + width(title) + 1
                pieces.append((after, spent, self._spent_style(stage)))
                end = after + width(spent)
                under = (at - 1, end)
                at = end + 4
            else:
                title = f"{number} {stage.title}"
                pieces.append((at, title, style("faint")))
                at += width(title) + 4
        if row == 0:
            return pieces
        if row > 1:
            return []
        rule, edge = symbols().rule, self.size.width - 1
        first, last = under if under[1] else (edge, edge)
        return [
            (1, rule * max(first - 1, 0), style("rule")),
            (max(first, 1), rule * max(min(last, edge) - max(first, 1), 0), style("primary")),
            (last, rule * max(edge - last, 0), style("rule")),
        ]


def _spent(stage: RailStage) -> str:
    if stage.days is None:
        return ""
    if stage.state is not StageState.NOW:
        return _("{n}d").format(n=stage.days)
    day = _("idle {n}d").format(n=stage.idle) if stage.idle else _("day {n}").format(n=stage.days)
    return f"{day} {_('of {n}').format(n=stage.limit)}" if stage.limit else day
