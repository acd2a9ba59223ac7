"""Writes a document's title, facts and sections as Word paragraphs and tables, in the styles the Word file has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from salestui.domain.documents import Document, Grid, Line, Part, Prose, Section
from salestui.services.export_text import legal, width
from salestui.services.export_word_look import Element, shade

__all__ = ["write_head", "write_sections"]

HEAD: Final = ("customer", "campaign", "deal", "owner", "revision", "author", "date", "status")
"""The facts that stand below the title, where they mean anything."""

_SMALL: Final = Pt(9.5)
_LINE: Final = 84
"""Cells of small text that go into a line of the page; the widths of columns are shares of it."""

_SHORT, _LONG, _PADDING = 18, 60, 4
"""Columns up to so many cells are not broken; of a long one no more than so many count; what a column's rules take."""

_LABELS, _BORDER = "F1F4F7", "C7CDD4"


def write_head(word: WordDocument, document: Document) -> None:
    """Write the title and the facts below it at the end of a Word file."""
    _styled(word, legal(document.title), "Title")
    facts = [(line.label, line.text) for key in HEAD for line in document.head if line.key == key and line.text]
    rows = [(*facts[at], *(facts[at + 1] if at + 1 < len(facts) else ("", ""))) for at in range(0, len(facts), 2)]
    table = _table(word, len(rows), 4)
    _set_widths(word, table, (0.16, 0.38, 0.14, 0.32))
    for cells, row in zip(table.rows, rows, strict=True):
        for at, text in enumerate(row):
            _fill(cells.cells[at], text, bold=at % 2 == 0)
            if at % 2 == 0 and text:
                _label(cells.cells[at])
    word.add_paragraph()


def write_sections(word: WordDocument, document: Document) -> None:
    """Write the sections at the end of a Word file."""
    for section in document.printed:
        if section.heading:
            _styled(word, legal(section.heading), f"Heading {section.level}")
        for short, parts in groupby(section.filled, key=lambda part: isinstance(part, Line)):
            if short:
                _lines(word, [part for part in parts if isinstance(part, Line)])
            else:
                _long_parts(word, section, parts)


def _long_parts(word: WordDocument, section: Section, parts: Iterable[Part]) -> None:
    level = f"Heading {section.level + 1}" if section.heading else "Heading 1"
    for part in parts:
        if part.label != section.heading:
            _styled(word, legal(part.label), level)
        if isinstance(part, Grid):
            _grid(word, part)
        elif isinstance(part, Prose):
            written = [word.add_paragraph(text) for text in legal(part.text).split("\n")]
            written[-1].paragraph_format.space_after = Pt(8)


def _styled(word: WordDocument, text: str, style: str) -> Paragraph:
    """Add a paragraph in a style of the Word file; where a company's file lacks it, in bold letters."""
    names = {known.name for known in word.styles}
    if style in names:
        return word.add_paragraph(text, style=style)
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(text)
    run.bold = True
    run.font.size = {"Title": Pt(20), "Heading 1": Pt(13)}.get(style, Pt(11.5))
    return paragraph


def _lines(word: WordDocument, lines: Sequence[Line]) -> None:
    table = _table(word, len(lines), 2)
    _set_widths(word, table, (0.28, 0.72))
    for row, line in zip(table.rows, lines, strict=True):
        _fill(row.cells[0], line.label, bold=True)
        _label(row.cells[0])
        _fill(row.cells[1], line.text)
    _space_after(word)


def _grid(word: WordDocument, grid: Grid) -> None:
    table = _table(word, len(grid.rows) + 1, len(grid.columns))
    _set_widths(word, table, _shares(grid))
    for cell, column in zip(table.rows[0].cells, grid.columns, strict=True):
        _fill(cell, column.label, bold=True, right=column.right)
        _label(cell)
    _repeat(table.rows[0])
    for row, texts in zip(table.rows[1:], grid.rows, strict=True):
        for cell, column, text in zip(row.cells, grid.columns, texts, strict=True):
            _fill(cell, text, right=column.right)
    _space_after(word)


def _shares(grid: Grid) -> tuple[float, ...]:
    """Return each column's share of the width: short columns get what keeps them on one line, long ones the rest."""
    wanted = [
        _PADDING + max(width(text) for text in (column.label, *(row[at] for row in grid.rows)))
        for at, column in enumerate(grid.columns)
    ]
    short = sum(cells for cells in wanted if cells <= _SHORT)
    long = sum(min(cells, _LONG) for cells in wanted if cells > _SHORT)
    left = max(_LINE - short, _LINE / 3)
    shares = [cells if cells <= _SHORT else min(cells, _LONG) * left / long for cells in wanted]
    return tuple(share / sum(shares) for share in shares)


def _table(word: WordDocument, rows: int, columns: int) -> Table:
    """Add a table with thin grey rules, whatever table styles the Word file has; rows are not parted by a page end."""
    table: Table = word.add_table(rows, columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties: Element = table._tbl.tblPr  # noqa: SLF001  # python-docx has no borders and margins of its own
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _BORDER)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side, size in (("top", "40"), ("left", "90"), ("bottom", "40"), ("right", "90")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), size)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    for element in (borders, margins):
        properties.append(element)
    _in_order(properties)
    for row in table.rows:
        whole: Element = row._tr.get_or_add_trPr()  # noqa: SLF001  # the same
        whole.append(OxmlElement("w:cantSplit"))
    return table


_ORDER: Final = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
)  # fmt: skip


def _in_order(properties: Element) -> None:
    """Sort a table's properties as the format prescribes: Word calls a file damaged where they are not."""
    place = {qn(f"w:{name}"): number for number, name in enumerate(_ORDER)}
    properties[:] = sorted(properties, key=lambda element: place.get(element.tag, len(place)))


def _repeat(row: _Row) -> None:
    """Print a row again at the top of every page that the table runs over."""
    properties: Element = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx does not know it
    properties.append(OxmlElement("w:tblHeader"))


def _set_widths(word: WordDocument, table: Table, shares: Sequence[float]) -> None:
    section = word.sections[-1]
    whole = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(int(whole * share))
    for row in table.rows:
        for cell, share in zip(row.cells, shares, strict=True):
            cell.width = Emu(int(whole * share))


def _label(cell: _Cell) -> None:
    shade(cell._tc.get_or_add_tcPr(), _LABELS)  # noqa: SLF001  # python-docx has no shading of its own


def _fill(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    for number, line in enumerate(legal(text).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.15
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(line)
        run.bold = bold or None
        run.font.size = _SMALL


def _space_after(word: WordDocument) -> None:
    """Part a table from what follows."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(8)
