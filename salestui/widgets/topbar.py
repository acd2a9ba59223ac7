"""The top row of a place: where I am on the left, what waits for me on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.domain.views import DealHeadView, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.widgets.amounts import short_amount
from salestui.widgets.cells import cut, width
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day, weekday

if TYPE_CHECKING:
    from typing import Unpack

    from rich.style import Style
    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions
    from salestui.widgets.theme import Palette

__all__ = ["TopBar"]

Run = tuple[str, "Style"]
Fact = list[Run]
ROOMY = 100
GAP = 3


class TopBar(DrawnWidget):
    """Draws a `TopBarView` or, on the deal screen, a `DealHeadView`; facts that do not fit are left out, last first."""

    DEFAULT_CSS = "TopBar { height: 1; }"

    def __init__(self, view: TopBarView | DealHeadView | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._view = view

    def show(self, view: TopBarView | DealHeadView) -> None:
        """Draw another view when it differs."""
        if view != self._view:
            self._view = view
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        view = self._view
        if y or view is None:
            return self.line([])
        roomy = self.size.width >= ROOMY
        if isinstance(view, DealHeadView):
            left, tail, gap = _deal_facts(view, self.palette, roomy=roomy), _deal_place(view, self.palette), GAP
        else:
            left, tail, gap = *_place_facts(view, self.palette, roomy=roomy), GAP if roomy else 2
        keep = sum((bool(view.notice), isinstance(view, TopBarView) and view.waiting))
        return self.line(_set_out(left, tail, self.size.width, gap, keep))


def _length(fact: Fact) -> int:
    return sum(width(text) for text, _style in fact)


def _set_out(left: list[Fact], tail: list[Fact], cells: int, gap: int, keep: int) -> list[Piece]:
    """Place facts from the left and from the right; those of the left give way, but for the first and last `keep`."""
    taken = sum(_length(fact) + gap for fact in tail)
    while len(left) > 1 + keep and 1 + sum(_length(fact) + GAP for fact in left) - GAP + taken + 1 > cells:
        left.pop(-1 - keep)
    pieces: list[Piece] = []
    at = 1
    for fact in left:
        for text, style in fact:
            pieces.append((at, text, style))
            at += width(text)
        at += GAP
    limit = at - GAP
    at = cells - 1 - taken + (gap if tail else 0)
    if at <= limit and pieces:
        first = pieces[0]
        pieces = [(first[0], cut(first[1], max(at - first[0] - gap, 2)), first[2])]
    for fact in tail:
        for text, style in fact:
            pieces.append((at, text, style))
            at += width(text)
        at += gap
    return pieces


def _place_facts(view: TopBarView, palette: Palette, *, roomy: bool) -> tuple[list[Fact], list[Fact]]:
    style = palette.style
    menu: Run = (f" {symbols().below}", style("faint"))
    left: list[Fact] = [[(view.place, style("strong"))]]
    if view.day is not None:
        left.append([(f"{short_day(view.day)} {weekday(view.day)}", style("foreground"))])
    if view.campaign is not None:
        left.append([(view.campaign or _("All campaigns"), style("foreground")), menu])
    if view.owner is not None:
        left.append([(view.owner or _("Everyone"), style("foreground")), menu])
    if view.filter:
        left.append([("/ ", style("primary")), (view.filter, style("foreground"))])
    elif view.filter is not None and roomy:
        left.append([(f"/ {_('filter')}", style("faint"))])
    if roomy and view.deals is not None:
        total = f"  {short_amount(view.total)}" if view.total else ""
        deals = ngettext("{n} deal", "{n} deals", view.deals).format(n=view.deals)
        left.append([(f"{deals}{total}", style("muted"))])
    if view.marked:
        marked = ngettext("{n} marked", "{n} marked", view.marked).format(n=view.marked)
        left.append([(f"{symbols().marked} {marked}", style("primary"))])
    if view.notice:
        left.append([(view.notice, style("warning"))])
    if view.waiting:
        left.append([(_("loading"), style("faint"))])
    tail: list[Fact] = [
        [(f"{label} ", style("muted")), (str(count), style(token if count else "faint", bold=bool(count)))]
        for label, count, token in (
            (_("late"), view.late, "error"),
            (_("today"), view.today, "warning"),
            (_("to review") if roomy else _("review"), view.reviews, "foreground"),
        )
        if count is not None
    ]
    if roomy and view.me:
        tail.append([(f"  {view.me}", style("faint"))])
    return left, tail


def _deal_facts(view: DealHeadView, palette: Palette, *, roomy: bool) -> list[Fact]:
    style = palette.style
    left: list[Fact] = [[(view.name, style("strong"))]]
    if view.grade or view.grade_title:
        said = view.grade_title if roomy or view.score is None else str(view.score)
        left.append([(view.grade or "-", palette.grade(view.grade)), (f" {said}", style("muted"))])
    if view.amount is not None:
        left.append([(short_amount(view.amount), style("foreground"))])
    if view.owner:
        left.append([(view.owner, style("foreground"))])
    if view.expected is not None:
        day = short_day(view.expected)
        said = _("to sign {day}").format(day=day) if roomy else _("by {day}").format(day=day)
        left.append([(said, style("muted"))])
    if view.notice:
        left.append([(view.notice, style("warning"))])
    return left


def _deal_place(view: DealHeadView, palette: Palette) -> list[Fact]:
    fact: Fact = [(view.stage, palette.style("faint"))]
    if view.position is not None:
        here, count = view.position
        fact += [(f" {here}", palette.style("muted")), (f"/{count}", palette.style("faint"))]
    return [fact] if view.stage or view.position else []
