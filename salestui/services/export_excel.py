"""Writes lists as Excel workbooks and as CSV; whatever people typed stays text, whatever it begins with."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final

import openpyxl
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from salestui.domain.documents import Cell, CellKind, Listing, ListingColumn, Workbook
from salestui.i18n import gettext as _
from salestui.services.export_text import legal, looks_like_formula, quoted, width

__all__ = ["csv_bytes", "sheet_names", "workbook_bytes"]

LONGEST: Final = 32_767
"""Characters that a cell of a workbook can hold; a longer text is cut and ends in an ellipsis."""

FIRST_ROW: Final = 4
"""The row of the headings: above them stand the title and what the sheet lists."""

_WIDEST: Final = {CellKind.LONG_TEXT: 48, CellKind.TEXT: 36}
_FORMATS: Final = {CellKind.DATE: "yyyy-mm-dd", CellKind.WHOLE: "0", CellKind.AMOUNT: "#,##0.00"}
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NAME: Final = "微软雅黑"
_THIN: Final = Side(style="thin", color="D3D8DE")


def workbook_bytes(workbook: Workbook) -> bytes:
    """Return the lists as the content of a .xlsx file, a worksheet for each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, listing in zip(sheet_names(workbook.sheets), workbook.sheets, strict=True):
        _write(book.create_sheet(name), listing, workbook)
    book.properties.title = legal(workbook.title)
    book.properties.creator = book.properties.lastModifiedBy = legal(workbook.made_by)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_names(sheets: Sequence[Listing]) -> tuple[str, ...]:
    """Return a name for every worksheet: by title, and by subject where there are several; 31 characters, no two equal.

    Excel takes no brackets, colons, slashes, asterisks and question marks in them, and no quotes at their ends.
    """
    names: list[str] = []
    for listing in sheets:
        wish = listing.title if len(sheets) == 1 else listing.subject
        plain = " ".join(legal(wish).translate(_FORBIDDEN).split()).strip("' ") or listing.title
        name, number = plain[:31], 1
        while name.casefold() in {other.casefold() for other in names}:
            number += 1
            name = f"{plain[: 31 - len(str(number)) - 1]} {number}"
        names.append(name)
    return tuple(names)


def _write(sheet: Worksheet, listing: Listing, workbook: Workbook) -> None:
    count = max(len(listing.columns), 1)
    _text(sheet.cell(1, 1), listing.title).font = Font(name=_NAME, size=15, bold=True)
    made = _("{subject} · {n} rows · {day} · {name}").format(
        subject=listing.subject, n=len(listing.rows), day=workbook.made_on.isoformat(), name=workbook.made_by
    )
    _text(sheet.cell(2, 1), made).font = Font(name=_NAME, size=9, color="6B7280")
    for at, column in enumerate(listing.columns, 1):
        _head(sheet.cell(FIRST_ROW, at), column)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _width(column, [row[at - 1] for row in listing.rows])
    _fill_rows(sheet, listing)
    last = f"{get_column_letter(count)}{FIRST_ROW + len(listing.rows)}"
    sheet.freeze_panes = sheet.cell(FIRST_ROW + 1, min(3, count))
    if listing.rows:
        sheet.auto_filter.ref = f"A{FIRST_ROW}:{last}"
    _page(sheet)


def _fill_rows(sheet: Worksheet, listing: Listing) -> None:
    """Write the rows; cells of a column share one look, which is worked out once: it takes longer than the content."""
    looks: dict[tuple[CellKind, bool], StyleArray] = {}
    for number, row in enumerate(listing.rows, FIRST_ROW + 1):
        for at, (column, value) in enumerate(zip(listing.columns, row, strict=True), 1):
            cell = sheet.cell(number, at)
            guarded = _fill(cell, value)
            look = looks.get((column.kind, guarded))
            if look is None:
                look = looks[column.kind, guarded] = _look(cell, column.kind, guarded=guarded)
            cell._style = look  # noqa: SLF001  # the public way works it out anew for every cell


def _look(cell: SheetCell, kind: CellKind, *, guarded: bool) -> StyleArray:
    cell.font, cell.border, cell.alignment = Font(name=_NAME, size=10), Border(bottom=_THIN), _alignment(kind)
    cell.number_format = _FORMATS.get(kind, "General")
    cell.quotePrefix = guarded
    return copy(cell._style)  # noqa: SLF001  # the same


def _page(sheet: Worksheet) -> None:
    """Print on A4 across, as wide as the page, the headings on every page."""
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{FIRST_ROW}:{FIRST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"


def _head(cell: SheetCell, column: ListingColumn) -> None:
    _text(cell, column.heading)
    cell.font = Font(name=_NAME, size=10, bold=True)
    cell.fill = PatternFill("solid", start_color="E8EDF2")
    cell.border = Border(bottom=Side(style="medium", color="9AA5B1"))
    cell.alignment = Alignment(vertical="center", wrap_text=True, horizontal=_alignment(column.kind).horizontal)


def _alignment(kind: CellKind) -> Alignment:
    right = kind in {CellKind.WHOLE, CellKind.AMOUNT}
    wrapped = kind in {CellKind.TEXT, CellKind.LONG_TEXT}
    return Alignment(vertical="top", wrap_text=wrapped, horizontal="right" if right else "left")


def _fill(cell: SheetCell, value: Cell) -> bool:
    """Put a value into a cell; tell whether it is a text that looks like a formula."""
    if isinstance(value, str):
        _text(cell, value)
        return looks_like_formula(value)
    if value is not None:
        cell.value = value
    return False


def _text(cell: SheetCell, text: str) -> SheetCell:
    """Put a text into a cell as a string, whatever it looks like."""
    plain = legal(text).replace("\r\n", "\n").replace("\r", "\n")
    if len(plain) > LONGEST:
        plain = f"{plain[: LONGEST - 1]}…"
    if plain:
        cell.value = plain
        cell.data_type = "s"
    return cell


def _width(column: ListingColumn, cells: Sequence[Cell]) -> float:
    most = _WIDEST.get(column.kind, 18)
    longest = max(width(column.heading), 5)
    for text in map(_shown, cells):
        if longest >= most:
            break
        if 2 * len(text) > longest:
            longest = max(longest, width(text))
    return min(most, longest) * 1.05 + 2


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)


def csv_bytes(listing: Listing) -> bytes:
    """Return one list as CSV: UTF-8 with a byte order mark, so that Excel reads Chinese, and no cell a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([quoted(legal(column.heading)) for column in listing.columns])
    for row in listing.rows:
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return quoted(legal(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)
