"""Draws a table field that is open: numbered rows whose cells wrap, the cell in focus ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from salestui.domain.playbook import Field, FieldType
from salestui.domain.showing import show
from salestui.i18n import gettext as _
from salestui.widgets.cells import Piece, cut, right, width
from salestui.widgets.form_model import TEXTUAL, Target
from salestui.widgets.form_page import Drawn, Page, Place, bar, example, lines_of, option_pieces, options
from salestui.widgets.symbols import symbols

if TYPE_CHECKING:
    from salestui.widgets.theme import Ground

__all__ = ["cell_is_area", "column_widths", "draw_table"]

FIRST: Final = 4
GAP: Final = 2
CELL_LINES: Final = 2
LONG_LINES: Final = 6
NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY})
_WANTED: Final[Mapping[FieldType, int]] = {
    FieldType.INTEGER: 8,
    FieldType.DECIMAL: 10,
    FieldType.MONEY: 14,
    FieldType.DATE: 12,
    FieldType.DATETIME: 18,
    FieldType.YES_NO: 6,
    FieldType.PERSON: 10,
}


def cell_is_area(column: Field) -> bool:
    """Tell whether the cells of `column` are texts that wrap."""
    return column.type in {FieldType.TEXT, FieldType.LONG_TEXT}


def column_widths(page: Page, table: Field) -> list[int]:
    """Return the cells of each column: short types what they need, texts share the rest."""
    room = page.width - 1 - FIRST - GAP * (len(table.columns) - 1)
    wanted: dict[int, int] = {}
    for index, column in enumerate(table.columns):
        label = width(column.label.get(page.language))
        if column.type in {FieldType.CHOICE, FieldType.CHOICES}:
            texts = [width(text) for _key, text in options(page, column)]
            longest = sum(texts) + 2 * len(texts) if column.type is FieldType.CHOICES else max(texts, default=4)
            wanted[index] = max(label, min(longest, 18))
        elif not cell_is_area(column):
            wanted[index] = max(label, _WANTED[column.type])
    texts_count = len(table.columns) - len(wanted)
    if texts_count == 0:
        spare = max(0, room - sum(wanted.values())) // max(1, len(wanted))
        return [width_ + min(spare, 6) for width_ in _shrunk(list(wanted.values()), room)]
    share = max(12, room // len(table.columns) - 2)
    while sum(wanted.values()) > room - share * texts_count and max(wanted.values(), default=0) > 8:
        widest = max(wanted, key=lambda index: wanted[index])
        wanted[widest] -= 1
    left = max(room - sum(wanted.values()), 6 * texts_count)
    each, extra = divmod(left, texts_count)
    widths: list[int] = []
    for index in range(len(table.columns)):
        if index in wanted:
            widths.append(wanted[index])
        else:
            widths.append(each + (1 if extra > 0 else 0))
            extra -= 1
    return widths


def _shrunk(widths: list[int], room: int) -> list[int]:
    while sum(widths) > room and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1
    return widths


def draw_table(page: Page, drawn: Drawn, stop: int, table: Field) -> None:
    """Add the table's heading, rows, the line for a new row, and what the cell in focus offers."""
    style = page.palette.style
    widths = column_widths(page, table)
    starts = [FIRST + sum(widths[:index]) + GAP * index for index in range(len(widths))]
    heads: list[Piece] = []
    for column, start, cells in zip(table.columns, starts, widths, strict=True):
        label = cut(column.label.get(page.language), cells)
        at = right(label, start + cells) if column.type in NUMBERS else start
        heads.append((at, label, style("muted")))
    drawn.add(*heads, stop=stop)
    drawn.add((1, symbols().rule * (page.width - 2), style("rule")), stop=stop)
    rows = page.model.rows(table.key)
    roomy = page.airy and any(_height(page, table, row, widths) > 1 for row in range(len(rows)))
    for row in range(len(rows)):
        _draw_row(page, drawn, stop, table, row, starts, widths)
        if roomy:
            drawn.add(stop=stop, row=row)
    here = page.cursor.row >= len(rows)
    ground: Ground = "cursor" if here else "background"
    pieces: list[Piece] = [bar(page)] if here else []
    pieces.append((1, "+", style("primary", ground, bold=True)))
    pieces.append((FIRST, _("New row"), style("strong" if here else "faint", ground)))
    drawn.add(*pieces, ground=ground, stop=stop, row=len(rows))


def _cell_text(page: Page, table: Field, column: Field, row: int) -> str:
    raw = page.model.get(Target(table.key, row, column.key))
    if raw is None:
        return ""
    if column.type in {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}:
        return show(column, raw, page.language)
    return str(raw)


def _height(page: Page, table: Field, row: int, widths: list[int]) -> int:
    lines = 1
    for column, cells in zip(table.columns, widths, strict=True):
        text = _cell_text(page, table, column, row)
        lines = max(
            lines,
            min(CELL_LINES, len(lines_of(text, cells)) + (1 if cell_is_area(column) and _full(text, cells) else 0)),
        )
    return lines


def _full(text: str, cells: int) -> bool:
    """Tell whether a cursor after `text` needs a line of its own."""
    rows = lines_of(text, cells)
    return bool(rows) and width(rows[-1]) >= cells


def _draw_row(
    page: Page, drawn: Drawn, stop: int, table: Field, row: int, starts: list[int], widths: list[int]
) -> None:
    here = row == page.cursor.row
    column_at = min(page.cursor.column, len(table.columns) - 1)
    ground: Ground = "cursor" if here else "background"
    height = _height(page, table, row, widths)
    top = len(drawn.lines)
    lines: list[list[Piece]] = [[bar(page)] if here else [] for _line in range(height)]
    lines[0].append((1, str(row + 1), page.palette.style("primary" if here else "faint", ground, bold=here)))
    for index, column in enumerate(table.columns):
        editing = here and index == column_at
        pieces = _cell(page, table, column, row, starts[index], widths[index], editing=editing)
        for line, piece in zip(lines, pieces, strict=False):
            line.append(piece)
    for pieces in lines:
        drawn.add(*pieces, ground=ground, stop=stop, row=row)
    if here:
        _place_editor(page, drawn, table, table.columns[column_at], starts[column_at], widths[column_at], top, height)
        _below_row(page, drawn, stop, table, table.columns[column_at])


def _cell(page: Page, table: Field, column: Field, row: int, start: int, cells: int, *, editing: bool) -> list[Piece]:
    here = row == page.cursor.row
    ground: Ground = "cursor" if here else "background"
    style = page.palette.style
    target = Target(table.key, row, column.key)
    problem = page.model.problem_at(target)
    choosing = column.type in {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}
    if editing and not choosing:
        return [(start, "", style("foreground", ground))] * CELL_LINES
    text = _cell_text(page, table, column, row)
    if editing:
        return [(start, f" {cut(text or '?', cells - 2)} ", page.palette.chosen())]
    if not text:
        return [(start, symbols().cross, style("error", ground))] if problem is not None else []
    token = "error" if problem is not None else "foreground"
    if not cell_is_area(column):
        shown = cut(text, cells)
        return [(right(shown, start + cells) if column.type in NUMBERS else start, shown, style(token, ground))]
    return [(start, part, style(token, ground)) for part in lines_of(text, cells, CELL_LINES)]


def _place_editor(
    page: Page, drawn: Drawn, table: Field, column: Field, start: int, cells: int, top: int, height: int
) -> None:
    target = Target(table.key, page.cursor.row, column.key)
    placeholder = example(page, column) or column.help.get(page.language)
    if cell_is_area(column) and not page.cursor.long:
        drawn.place = Place(target, start, top, cells, height, several=True, placeholder=placeholder)
    elif column.type in TEXTUAL and not page.cursor.long:
        drawn.place = Place(target, start, top, cells, placeholder=placeholder)


def _below_row(page: Page, drawn: Drawn, stop: int, table: Field, column: Field) -> None:
    """Add what belongs to the cell in focus: its options, or the large editor."""
    target = Target(table.key, page.cursor.row, column.key)
    if column.type in {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}:
        fitting = [
            piece
            for piece in option_pieces(page, column, target, FIRST)
            if piece[0] + width(piece[1]) <= page.width - 1
        ]
        drawn.add(bar(page), *fitting, ground="cursor", stop=stop, row=page.cursor.row)
    elif page.cursor.long:
        top = len(drawn.lines)
        drawn.place = Place(target, FIRST, top, page.width - FIRST - 1, LONG_LINES, several=True, block=True)
        for _line in range(LONG_LINES):
            drawn.add(bar(page, "panel"), ground="panel", stop=stop, row=page.cursor.row)
