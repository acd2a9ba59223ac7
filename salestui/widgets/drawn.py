"""The base of widgets that draw their own lines: the palette at hand, and the slots that cards and lists share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from textual.geometry import Region
from textual.widget import Widget

from salestui.domain.views import GateState, TimeKind
from salestui.i18n import gettext as _
from salestui.widgets.cells import Piece, compose
from salestui.widgets.symbols import symbols
from salestui.widgets.theme import palette_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Size
    from textual.strip import Strip

    from salestui.domain.views import GateSlot, StageRef, TimeSlot
    from salestui.widgets.theme import Ground, Palette

__all__ = ["DrawnWidget", "WidgetOptions", "gate_slot", "stage_text", "time_slot"]

_TIME_TOKENS: Final = {
    TimeKind.SUMMARY_LATE: "error",
    TimeKind.SUMMARY_LEFT: "warning",
    TimeKind.FOLLOWUP_LATE: "error",
    TimeKind.DUE_TODAY: "warning",
    TimeKind.SCORE_EXPIRED: "warning",
    TimeKind.OVER_AGE: "warning",
    TimeKind.AGE: "faint",
}


class WidgetOptions(TypedDict, total=False):
    """What every widget may be given by name, as in Textual."""

    id: str | None
    name: str | None
    classes: str | None
    disabled: bool


class DrawnWidget(Widget):
    """A widget that draws whole lines with few segments; its ground is the background unless a subclass says more."""

    ALLOW_SELECT = False

    _palette: Palette | None = None
    _palette_source: Any = None
    _fitted: Size | None = None

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        self._kept: list[Strip] = []
        self._kept_crop: Region | None = None
        self._stale: set[int] = set()
        super().__init__(**options)

    def fit(self) -> None:
        """Settle what depends on the size (the first row in sight, say); called before the first line of a new size."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a region, fitted to the present size: Textual may draw before it tells of a resize.

        Textual asks for every widget that lies between two that changed: what did not change is kept as it left.
        """
        if self._fitted != self.size:
            self._fitted = self.size
            self.fit()
        if self._kept_crop != crop or len(self._stale) * 2 > crop.height:
            self._kept, self._kept_crop = super().render_lines(crop), crop
        else:
            for row in self._stale.intersection(crop.line_range):
                self._kept[row - crop.y] = super().render_lines(Region(crop.x, row, crop.width, 1))[0]
        self._stale.clear()
        return self._kept

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._kept_crop = None
        above = self.content_offset.y if regions else 0
        for region in regions:
            self._stale.update(range(region.y + above, region.bottom + above))

    @property
    def palette(self) -> Palette:
        """The styles of the present theme."""
        variables = self.app.theme_variables
        if self._palette is None or self._palette_source is not variables:
            self._palette = palette_of(self.app)
            self._palette_source = variables
        return self._palette

    def line(self, pieces: Iterable[Piece], ground: Ground = "background") -> Strip:
        """Return one line of the widget's width."""
        return compose(pieces, self.size.width, self.palette.style("foreground", ground))

    def bar(self, ground: Ground = "cursor", *, active: bool = True) -> Piece:
        """Return the cursor bar at the left edge of a row."""
        return 0, symbols().bar, self.palette.bar(ground, active=active)

    def refresh_rows(self, *rows: int) -> None:
        """Redraw just these rows, as far as they are in sight."""
        width, height = self.size
        regions = [Region(0, row, width, 1) for row in dict.fromkeys(rows) if 0 <= row < height]
        if regions:
            self.refresh(*regions)


def gate_slot(slot: GateSlot) -> tuple[str, str, bool]:
    """Return the text, token and boldness of a gate slot."""
    match slot.state:
        case GateState.READY:
            return symbols().tick, "success", True
        case GateState.UNMET:
            return _("-{n}").format(n=slot.unmet), "foreground" if slot.unmet == 1 else "faint", False
        case GateState.WAITING:
            return _("wait"), "faint", False
        case GateState.EXCEPTION:
            return _("exc{tick}").format(tick=symbols().tick), "warning", False
        case GateState.CANNOT_PASS:
            return symbols().cross, "error", True


def time_slot(slot: TimeSlot) -> tuple[str, str]:
    """Return the text and token of a time slot."""
    return _time_text(slot), _TIME_TOKENS[slot.kind]


def _time_text(slot: TimeSlot) -> str:
    match slot.kind:
        case TimeKind.SUMMARY_LATE if slot.value >= 100:
            return _("mail +{n}d").format(n=slot.value // 24)
        case TimeKind.SUMMARY_LATE:
            return _("mail +{n}h").format(n=slot.value)
        case TimeKind.SUMMARY_LEFT:
            return _("mail {n}h").format(n=slot.value)
        case TimeKind.FOLLOWUP_LATE:
            return _("{n}d late").format(n=slot.value)
        case TimeKind.DUE_TODAY:
            return f"{slot.at:%H:%M}" if slot.at else _("today")
        case TimeKind.SCORE_EXPIRED:
            return _("rescore")
        case TimeKind.OVER_AGE:
            return _("idle {n}d").format(n=slot.value)
        case TimeKind.AGE:
            return _("{n}d").format(n=slot.value)


def stage_text(stage: StageRef) -> str:
    """Return a stage as people name it: number and title."""
    return f"{stage.number} {stage.title}"
