"""Lays a scorecard out: the criteria with their digits at the left, what they come to at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from salestui.dataclass import dataclass
from salestui.domain.form_views import ScorecardView
from salestui.domain.playbook import Criterion
from salestui.i18n import gettext as _
from salestui.i18n import pgettext
from salestui.widgets.cells import Piece, cut, right, width, wrap
from salestui.widgets.form_page import Line
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day

if TYPE_CHECKING:
    from salestui.widgets.theme import Ground, Palette

__all__ = ["CardPage", "draw_criteria", "has_digit_row"]

DENSITIES: Final = ((3, 1), (3, 0), (2, 0), (1, 0))
"""Lines of a folded criterion and air after it, from roomy to tight; the first that fits is taken."""


@dataclass(slots=True)
class CardPage:
    """What the drawing of a scorecard needs: the view, what is scored by now, and where the user is."""

    view: ScorecardView
    values: Mapping[str, int]
    evidence: Mapping[str, str]
    current: int
    typed: str
    palette: Palette
    language: str
    width: int
    height: int
    focused: bool = True
    writing: bool = False

    @property
    def digits_at(self) -> int:
        """The cell where the first digit stands, after the names."""
        widest = 0
        for criterion in self.view.scoring.criteria:
            widest = max(widest, width(criterion.title.get(self.language)), width(_about(criterion, self.language)))
        return max(14, min(2 + widest + 3, self.width // 3))

    @property
    def last_edge(self) -> int:
        """The cell before which the column of last time's values ends."""
        return self.width - 1 - max(4, width(pgettext("score", "change"))) - 2

    @property
    def criterion(self) -> Criterion:
        """The criterion in focus."""
        return self.view.scoring.criteria[self.current]

    def pitch(self, criterion: Criterion) -> int:
        """Return the cells from one digit to the next."""
        count = criterion.max - criterion.min + 1
        return min(5, (self.width - 16 - self.digits_at) // max(count, 1))


def _about(criterion: Criterion, language: str) -> str:
    """Return what a criterion looks at, in the few words that stand below its title."""
    return criterion.help.get(language) or criterion.short.get(language)


def has_digit_row(page: CardPage, criterion: Criterion) -> bool:
    """Tell whether every value of `criterion` has its place in a row; otherwise the value is typed into one place."""
    return page.pitch(criterion) >= width(str(criterion.max)) + 2


def draw_criteria(page: CardPage) -> tuple[list[Line], tuple[int, int], tuple[int, int, int]]:
    """Return the lines, the first and last line of the criterion in focus, and (x, y, cells) of its evidence."""
    for density in DENSITIES:
        lines, focus, place = _criteria(page, *density)
        if len(lines) <= page.height:
            break
    left = page.height - len(lines)
    if left >= 4 and page.view.history:
        lines += _history(page, left - 3)
    return lines, focus, place


def _criteria(page: CardPage, folded: int, air: int) -> tuple[list[Line], tuple[int, int], tuple[int, int, int]]:
    style = page.palette.style
    count = len(page.view.scoring.criteria)
    head = _("{n} criteria").format(n=count)
    last, change = pgettext("score", "last"), pgettext("score", "change")
    edge = page.width - 1
    lines = [
        Line(
            (
                (1, head, style("strong")),
                (page.digits_at, _("this time"), style("muted")),
                (right(last, page.last_edge), last, style("faint")),
                (right(change, edge), change, style("faint")),
            )
        ),
        Line(((1, symbols().rule * (edge - 1), style("rule")),)),
    ]
    focus, place = (0, 0), (0, 0, 8)
    for index, criterion in enumerate(page.view.scoring.criteria):
        if air:
            lines.append(Line())
        first = len(lines)
        if index == page.current:
            place = _open_criterion(page, lines, index, criterion)
            focus = (first, len(lines) - 1)
        else:
            _folded_criterion(page, lines, index, criterion, folded)
    return lines, focus, place


def _digit_pieces(page: CardPage, criterion: Criterion, ground: Ground, *, here: bool) -> list[Piece]:
    style = page.palette.style
    value = page.values.get(criterion.key)
    if not has_digit_row(page, criterion):
        span = _("{low} to {high}").format(low=criterion.min, high=criterion.max)
        shown = page.typed if here and page.typed else "" if value is None else str(value)
        box = f" {shown or '?'} "
        chosen = page.palette.chosen() if shown else style("primary" if here else "faint", ground, bold=here)
        return [(page.digits_at - 1, box, chosen), (page.digits_at + 7, span, style("faint", ground))]
    pitch = page.pitch(criterion)
    pieces: list[Piece] = []
    for number in range(criterion.min, criterion.max + 1):
        at = page.digits_at + pitch * (number - criterion.min)
        text = str(number)
        if number == value:
            pad = (pitch - width(text)) // 2
            pieces.append((at - pad, " " * pad + text + " " * (pitch - pad - width(text)), page.palette.chosen()))
        else:
            pieces.append((at, text, style("primary" if here else "faint", ground, bold=here)))
    return pieces


def _compared(page: CardPage, criterion: Criterion, ground: Ground) -> list[Piece]:
    style = page.palette.style
    last = page.view.last
    before = last.values.get(criterion.key) if last else None
    if before is None:
        return []
    edge = page.width - 1
    pieces: list[Piece] = [(right(str(before), page.last_edge - 1), str(before), style("muted", ground))]
    value = page.values.get(criterion.key)
    if value is not None:
        change = "=" if value == before else f"{value - before:+d}"
        token = "faint" if value == before else "success" if value > before else "error"
        pieces.append((right(change, edge), change, style(token, ground)))
    return pieces


def meaning(criterion: Criterion, value: int, language: str) -> str:
    """Return what `value` means in words; "" where the playbook says nothing."""
    index = value - criterion.min
    return criterion.meanings[index].get(language) if 0 <= index < len(criterion.meanings) else ""


def _folded_criterion(page: CardPage, lines: list[Line], index: int, criterion: Criterion, most: int) -> None:
    style = page.palette.style
    room = page.digits_at - 4
    value, evidence = page.values.get(criterion.key), page.evidence.get(criterion.key, "").strip()
    lacks = page.view.scoring.evidence_required and not evidence
    first: list[Piece] = [(2, cut(criterion.title.get(page.language), room), style("foreground"))]
    first += _digit_pieces(page, criterion, "background", here=False)
    first += _compared(page, criterion, "background")
    if most == 1 and lacks and value is not None:
        word = _("no evidence")
        at = page.digits_at + page.pitch(criterion) * (criterion.max - criterion.min + 1) + 2
        if has_digit_row(page, criterion) and at + width(word) < page.width - 14:
            first.append((at, word, style("faint")))
            first.sort(key=lambda piece: piece[0])
    lines.append(Line(tuple(first), stop=index))
    if most == 1:
        return
    second: list[Piece] = [(2, cut(_about(criterion, page.language), room), style("faint"))]
    if value is not None:
        second.append((page.digits_at, meaning(criterion, value, page.language), style("muted")))
    about = (page.digits_at, _("Evidence"), style("faint"))
    text_at = page.digits_at + width(_("Evidence")) + 2
    if evidence:
        third: list[Piece] = [about, (text_at, evidence, style("muted"))]
    elif value is not None and lacks:
        third = [about, (text_at, _("not written yet"), style("warning"))]
    else:
        third = []
    if most == 2 and third and value is not None and lacks:
        second = [second[0], *third]
    lines.append(Line(tuple(second), stop=index))
    if most > 2:
        lines.append(Line(tuple(third), stop=index))


def _open_criterion(page: CardPage, lines: list[Line], index: int, criterion: Criterion) -> tuple[int, int, int]:
    style = page.palette.style
    ground: Ground = "panel"
    bar: Piece = (0, symbols().bar, page.palette.bar(ground, active=page.focused))
    room = page.digits_at - 4
    title = cut(criterion.title.get(page.language), room)
    first: list[Piece] = [bar, (2, title, style("strong", ground))]
    first += _digit_pieces(page, criterion, ground, here=True) + _compared(page, criterion, ground)
    lines.append(Line(tuple(first), ground, stop=index))
    about: list[Piece] = [(2, cut(_about(criterion, page.language), room), style("faint", ground))]
    last = page.view.last
    before = last.values.get(criterion.key) if last else None
    if len(criterion.meanings) <= 7:
        for offset, text in enumerate(criterion.meanings):
            number = criterion.min + offset
            chosen = number == page.values.get(criterion.key)
            pieces: list[Piece] = [bar, *(about if offset == 0 else [])]
            pieces.append((page.digits_at, str(number), style("primary", ground, bold=True)))
            token = "strong" if chosen else "foreground"
            was = _("chosen last time") if number == before else ""
            start = page.digits_at + width(str(criterion.max)) + 2
            pieces.append(
                (start, cut(text.get(page.language), page.width - start - width(was) - 3), style(token, ground))
            )
            if was:
                pieces.append((right(was, page.width - 1), was, style("muted", ground)))
            lines.append(Line(tuple(pieces), ground, stop=index, row=number))
    else:
        value = page.values.get(criterion.key)
        said = meaning(criterion, value, page.language) if value is not None else criterion.help.get(page.language)
        lines.append(Line((bar, *about, (page.digits_at, said, style("foreground", ground))), ground, stop=index))
    word = _("Evidence")
    at = page.digits_at + width(word) + 2
    evidence = page.evidence.get(criterion.key, "")
    pieces = [bar, (page.digits_at, word, style("faint", ground))]
    if page.writing:
        pieces.append((at, "", style("foreground", ground)))
    elif evidence.strip():
        pieces.append((at, evidence, style("foreground", ground)))
    else:
        pieces.append((at, _("which talk, which document"), style("faint", ground)))
        key = "e"
        pieces.append((right(key, page.width - 1), key, style("primary", ground, bold=True)))
    lines.append(Line(tuple(pieces), ground, stop=index))
    return at, len(lines) - 1, max(8, page.width - 1 - at)


def _history(page: CardPage, most: int) -> list[Line]:
    style = page.palette.style
    lines = [Line(), Line(), Line(((1, _("Earlier"), style("strong")),))]
    for score in page.view.history[:most]:
        pieces: list[Piece] = [
            (2, short_day(score.day), style("faint")),
            (10, f"{score.grade} {score.total}", style("foreground")),
        ]
        for index, criterion in enumerate(page.view.scoring.criteria):
            value = score.values.get(criterion.key)
            at = page.digits_at + 5 * index
            if value is not None and at < page.width - 16:
                pieces.append((at, str(value), style("faint")))
        pieces.append((right(score.who, page.width - 1), score.who, style("faint")))
        lines.append(Line(tuple(pieces)))
    return lines


def wrapped(page: CardPage, column: int, text: str, token: str, ground: Ground = "background") -> list[Line]:
    """Return `text` in as many lines as it takes, from `column` on."""
    style = page.palette.style(token, ground)
    return [Line(((column, part, style),), ground) for part in wrap(text, page.width - column - 1)]
