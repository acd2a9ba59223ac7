"""What a scorecard comes to: total, grade and what each key would give, beside it or in a few lines below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.domain.playbook import Grade
from salestui.domain.scoring import grade_for, missing, possible_range, total, warnings
from salestui.i18n import gettext as _
from salestui.widgets.cells import Piece, cut, hang, right, width, wrap
from salestui.widgets.form_page import Line
from salestui.widgets.scorecard_drawing import CardPage
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day

if TYPE_CHECKING:
    from salestui.domain.form_views import GradeOutlook

__all__ = ["draw_below", "draw_side", "draw_strip"]


def scored(page: CardPage) -> int:
    """Count the criteria that have a value."""
    return sum(1 for criterion in page.view.scoring.criteria if criterion.key in page.values)


def possible_grades(page: CardPage) -> list[Grade]:
    """Return the grades that can still come out, best first."""
    low, high = possible_range(page.view.scoring, page.values)
    best, worst = grade_for(page.view.scoring, high), grade_for(page.view.scoring, low)
    grades = page.view.scoring.grades
    return list(grades[grades.index(best) : grades.index(worst) + 1])


def _after(page: CardPage, number: int) -> tuple[int, Grade | None]:
    """Return the total after `number` for the criterion in focus, and the grade if it is certain then."""
    scoring = page.view.scoring
    values = {**page.values, page.criterion.key: number}
    low, high = possible_range(scoring, values)
    certain = grade_for(scoring, low) is grade_for(scoring, high)
    return total(scoring, values), grade_for(scoring, low) if certain else None


def draw_side(page: CardPage) -> list[Line]:
    """Return the lines at the right: total, scale, what each key gives, what the grades bring, last time."""
    blocks = [_total_block(page), _keys_block(page)]
    blocks += [_outlook_block(page, grade) for grade in possible_grades(page)[:2]]
    blocks += [_warning_block(page), _last_block(page)]
    lines: list[Line] = []
    for block in blocks:
        if block and len(lines) + len(block) + 1 <= page.height:
            if lines:
                lines.append(Line())
            lines += block
    return lines


def _total_block(page: CardPage) -> list[Line]:
    style, scoring = page.palette.style, page.view.scoring
    edge = page.width
    done, count = scored(page), len(scoring.criteria)
    state = _("scored {done}/{count}").format(done=done, count=count)
    points = str(total(scoring, page.values))
    low, high = possible_range(scoring, page.values)
    lines = [
        Line(((0, _("Total"), style("strong")), (right(state, edge), state, style("muted")))),
        Line(((0, symbols().rule * edge, style("rule")),)),
        Line(),
    ]
    pieces: list[Piece] = [
        (0, points, style("strong")),
        (width(points) + 1, f"/ {scoring.highest}", style("faint")),
    ]
    if low == high:
        grade = grade_for(scoring, low)
        text = f"{grade.key} {grade.title.get(page.language)}"
        pieces.append((right(text, edge), grade.key, page.palette.grade(grade.key)))
        pieces.append((right(text, edge) + width(grade.key) + 1, grade.title.get(page.language), style("foreground")))
    else:
        left = count - done
        text = (_("then {low} to {high}") if left == 1 else _("still {low} to {high}")).format(low=low, high=high)
        pieces.append((right(text, edge), text, style("muted")))
    lines += [Line(tuple(pieces)), Line(), *_scale(page, low, high)]
    return lines


def _scale(page: CardPage, low: int, high: int) -> list[Line]:
    """Return three lines: the grades' letters, the line with the range still possible, the thresholds."""
    style, scoring = page.palette.style, page.view.scoring
    lowest, highest = scoring.lowest, scoring.highest
    cells = page.width
    span = max(1, highest - lowest)

    def at(points: int) -> int:
        return round((points - lowest) * (cells - 1) / span)

    letters: list[Piece] = []
    marks: list[Piece] = []
    numbers: list[Piece] = []
    ascending = sorted(scoring.grades, key=lambda grade: grade.at_least)
    for index, grade in enumerate(ascending):
        begin = max(lowest, grade.at_least) if index else lowest
        start = at(begin)
        stop = at(ascending[index + 1].at_least) - 1 if index + 1 < len(ascending) else cells
        letters.append((start, grade.key, page.palette.grade(grade.key)))
        here = begin <= high and (index + 1 == len(ascending) or low < ascending[index + 1].at_least)
        first, last = max(start, at(low)), min(stop, at(high) + 1)
        token = "grade-a" if grade is scoring.grades[0] else "foreground"
        if here and last > first:
            marks.append((start, symbols().rule * (first - start), style("rule")))
            marks.append((first, symbols().range * (last - first), style(token)))
            marks.append((last, symbols().rule * (stop - last), style("rule")))
        else:
            marks.append((start, symbols().rule * max(0, stop - start), style("rule")))
        numbers.append((start, str(begin), style("faint")))
    end = str(highest)
    numbers.append((right(end, cells), end, style("faint")))
    return [Line(tuple(letters)), Line(tuple(mark for mark in marks if mark[1])), Line(tuple(numbers))]


def _keys_block(page: CardPage) -> list[Line]:
    style, criterion = page.palette.style, page.criterion
    if criterion.max - criterion.min > 9 or criterion.min < 0:
        return []
    last = page.view.last
    lines = [Line(((0, _("Press"), style("strong")),))]
    told = ""
    for number in range(criterion.min, criterion.max + 1):
        points, grade = _after(page, number)
        pieces: list[Piece] = [(0, str(number), style("primary", bold=True)), (4, str(points), style("foreground"))]
        if grade is not None:
            pieces.append((9, grade.key, page.palette.grade(grade.key)))
            pieces.append((12, grade.title.get(page.language), style("muted")))
            change, token = _change(page, last.grade if last else "", grade)
            if change and change != told:
                told = change
                pieces.append((right(change, page.width), change, style(token)))
        lines.append(Line(tuple(pieces)))
    return lines


def _change(page: CardPage, before: str, grade: Grade) -> tuple[str, str]:
    old = page.view.scoring.grade(before)
    if old is None or old is grade:
        return "", "muted"
    grades = page.view.scoring.grades
    if grades.index(grade) < grades.index(old):
        return _("up to {grade}").format(grade=grade.key), "success"
    return _("down to {grade}").format(grade=grade.key), "error"


def _outlook_block(page: CardPage, grade: Grade) -> list[Line]:
    style = page.palette.style
    outlook = page.view.outlook(grade.key)
    if outlook is None:
        return []
    lines = [Line(((0, _("If {grade}").format(grade=grade.key), style("strong")),))]
    mark, token = (symbols().tick, "success") if outlook.passes else (symbols().cross, "error")
    text = _("may pass") if outlook.passes else _("cannot pass")
    consequence = grade.consequence.get(page.language)
    for index, part in enumerate(wrap(consequence or text, page.width - 2, 2)):
        lines.append(Line((*(((0, mark, style(token)),) if index == 0 else ()), (2, part, style("muted")))))
    return lines + _requirement_lines(page, outlook)


def _requirement_lines(page: CardPage, outlook: GradeOutlook) -> list[Line]:
    style = page.palette.style
    lines: list[Line] = []
    for item in outlook.requirements:
        mark, token = (
            (symbols().open, "faint")
            if item.done is None
            else (symbols().tick, "success")
            if item.done
            else (symbols().cross, "error")
        )
        text_token = "foreground" if item.done is False else "muted"
        for index, part in enumerate(wrap(item.text, page.width - 3, 2)):
            start = max(1, hang(part, 3)) if index == 0 and part.startswith("《") else 2
            lines.append(Line((*(((0, mark, style(token)),) if index == 0 else ()), (start, part, style(text_token)))))
        if item.note:
            lines += [Line(((3, part, style("warning")),)) for part in wrap(item.note, page.width - 3, 2)]
    return lines


def _warning_block(page: CardPage) -> list[Line]:
    grades = possible_grades(page)
    if not grades:
        return []
    found = warnings(page.view.scoring, grades[0].key, page.values)
    style = page.palette.style("warning")
    return [
        Line(((0, part, style),))
        for warning in found
        for part in wrap(f"! {warning.text.get(page.language)}", page.width)
    ]


def _last_block(page: CardPage) -> list[Line]:
    style, last = page.palette.style, page.view.last
    if last is None:
        return []
    points = f"{last.grade} {last.total}/{page.view.scoring.highest}"
    lines = [Line(((0, _("Last time"), style("strong")), (right(points, page.width), points, style("foreground"))))]
    expiry, token = expiry_text(page)
    who = f"{short_day(last.day)} {last.who}"
    lines.append(
        Line(
            (
                (0, cut(who, page.width - width(expiry) - 1), style("muted")),
                (right(expiry, page.width), expiry, style(token)),
            )
        )
    )
    if page.view.validity:
        lines += [Line(((0, part, style("faint")),)) for part in wrap(page.view.validity, page.width, 2)]
    return lines


def expiry_text(page: CardPage) -> tuple[str, str]:
    """Return when the last score expires or expired, and the token of its colour."""
    until = page.view.valid_until
    if until is None:
        return "", "muted"
    days = (until - page.view.today).days
    if days < -1:
        return _("expired {day}").format(day=short_day(until)), "warning"
    if days == -1:
        return _("expired yesterday"), "warning"
    if days == 0:
        return _("expires today"), "warning"
    return _("valid to {day}").format(day=short_day(until)), "muted"


def draw_below(page: CardPage) -> list[Line]:
    """Return the side in three lines, for narrow terminals."""
    style, scoring = page.palette.style, page.view.scoring
    low, high = possible_range(scoring, page.values)
    points = f"{total(scoring, page.values)}/{scoring.highest}"
    first: list[Piece] = [(1, _("Total"), style("faint")), (7, points, style("strong"))]
    grades = possible_grades(page)
    if low == high:
        first.append((9 + width(points), grades[0].key, page.palette.grade(grades[0].key)))
        first.append((11 + width(points), grades[0].title.get(page.language), style("foreground")))
    else:
        first.append((9 + width(points), _("still {low} to {high}").format(low=low, high=high), style("muted")))
    last = page.view.last
    if last is not None:
        expiry, token = expiry_text(page)
        before = _("last {grade} {total}").format(grade=last.grade, total=last.total)
        first.append((right(expiry, page.width - 1) - width(before) - 2, before, style("muted")))
        first.append((right(expiry, page.width - 1), expiry, style(token)))
    second: list[Piece] = [(1, _("Press"), style("faint"))]
    at = 7
    criterion = page.criterion
    if criterion.max - criterion.min <= 9 and criterion.min >= 0:
        for number in range(criterion.min, criterion.max + 1):
            after, grade = _after(page, number)
            text = f"{after}{' ' + grade.key if grade else ''}"
            second += [(at, str(number), style("primary", bold=True)), (at + 2, text, style("muted"))]
            at += width(text) + 5
    third: list[Piece] = []
    for grade in grades[:1]:
        outlook = page.view.outlook(grade.key)
        head = _("If {grade}").format(grade=grade.key)
        third.append((1, head, style("faint")))
        if outlook is not None:
            words = [_("may pass") if outlook.passes else _("cannot pass")]
            words += [f"{symbols().cross} {item.text}" for item in outlook.requirements if item.done is False]
            third.append((1 + width(head) + 2, cut("   ".join(words), page.width - width(head) - 4), style("muted")))
    return [Line(tuple(first)), Line(tuple(second)), Line(tuple(third))]


def draw_strip(page: CardPage, note: str) -> tuple[Line, Line]:
    """Return the two lines of the strip: what is missing, and what saving does."""
    style = page.palette.style
    names = {criterion.key: criterion.title.get(page.language) for criterion in page.view.scoring.criteria}
    lacks = missing(page.view.scoring, page.values, page.evidence)
    if not lacks:
        text = _("All scored, all with evidence") if page.view.scoring.evidence_required else _("All scored")
        done = ((1, symbols().tick, style("success", "surface", bold=True)), (3, text, style("success", "surface")))
        return Line(done, "surface"), Line(((1, note, style("faint", "surface")),), "surface")
    texts = {
        "value": _("{criterion} is not scored"),
        "range": _("{criterion} is out of range"),
        "evidence": _("{criterion} has no evidence"),
    }
    head = _("{n} to go").format(n=len(lacks))
    pieces: list[Piece] = [(1, head, style("warning", "surface", bold=True))]
    at = 1 + width(head) + 3
    for number, (key, what) in enumerate(lacks):
        text = texts[what].format(criterion=names[key])
        if at + width(text) > page.width - 10 and number:
            pieces.append((at, _("{n} more").format(n=len(lacks) - number), style("faint", "surface")))
            break
        pieces.append((at, text, style("foreground", "surface")))
        at += width(text) + 3
    return Line(tuple(pieces), "surface"), Line(((1, note, style("faint", "surface")),), "surface")
