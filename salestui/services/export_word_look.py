"""How documents look that follow no company template: A4, fonts for Chinese and Latin text, header and page numbers."""

from __future__ import annotations

from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

__all__ = ["Element", "add_page_header", "blank", "shade"]

LATIN: Final = "Calibri"
BODY: Final = "宋体"
HEADINGS: Final = "微软雅黑"
INK: Final = RGBColor(0x1F, 0x2A, 0x37)
GREY: Final = RGBColor(0x6B, 0x72, 0x80)

_MARGIN: Final = Cm(2.3)
_FONTS: Final = (
    (BODY, "SimSun, Songti SC, Noto Serif CJK SC", "auto"),
    (HEADINGS, "Microsoft YaHei, PingFang SC, Noto Sans CJK SC", "swiss"),
    (LATIN, "Carlito, Helvetica Neue, Arial", "swiss"),
)
"""The fonts used, with the names under which other systems have them or what comes near."""

Element = Any
"""An XML element of python-docx, with the methods of its kind."""

_NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def blank(language: str) -> WordDocument:
    """Return an empty document in the default look; `language` is "zh" or "en"."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    _defaults(word, language)
    _styles(word)
    _name_fonts(word)
    return word


def _defaults(word: WordDocument, language: str) -> None:
    properties: Any = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _set_fonts(properties, BODY)
    spoken = properties.find(qn("w:lang"))
    if spoken is not None:
        spoken.set(qn("w:val"), "zh-CN" if language == "zh" else "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-CN")


def _set_fonts(properties: Element, east_asian: str) -> None:
    """Name the fonts of run properties, in place of those of the theme, which would win over names."""
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", east_asian), ("cs", LATIN)):
        fonts.set(qn(f"w:{attribute}"), name)


def _styles(word: WordDocument) -> None:
    sizes = {
        "Normal": 10.5,
        "Title": 20,
        "Heading 1": 13,
        "Heading 2": 11.5,
        "Heading 3": 10.5,
        "Header": 9,
        "Footer": 9,
    }
    for name, size in sizes.items():
        style: Any = word.styles[name]
        heading = name.startswith(("Title", "Heading"))
        _set_fonts(style.element.get_or_add_rPr(), HEADINGS if heading else BODY)
        style.font.size = Pt(size)
        style.font.color.rgb = GREY if name in {"Header", "Footer"} else INK
        style.font.bold = heading
        spacing = style.paragraph_format
        if heading:
            spacing.space_before, spacing.space_after = Pt(0 if name == "Title" else 14), Pt(6)
            spacing.keep_with_next = True
    header: Any = word.styles["Header"]
    header.paragraph_format.tab_stops.clear_all()
    normal: Any = word.styles["Normal"]
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.line_spacing = 1.25
    title: Any = word.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(12)
    ruled = title.element.get_or_add_pPr().find(qn("w:pBdr"))
    if ruled is not None:
        ruled.getparent().remove(ruled)


def _name_fonts(word: WordDocument) -> None:
    """Write the table of fonts with alternative names, so that a system without 宋体 takes its own Song typeface."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:family w:val="{family}"/></w:font>'
        for name, others, family in _FONTS
    )
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{_NAMESPACE}">{fonts}</w:fonts>'
    part = word.part
    for key in [key for key, known in part.rels.items() if known.reltype == RELATIONSHIP_TYPE.FONT_TABLE]:
        part.drop_rel(key)
    place = PackURI("/word/fontTable.xml")
    part.relate_to(
        Part(place, CONTENT_TYPE.WML_FONT_TABLE, table.encode("utf-8"), part.package), RELATIONSHIP_TYPE.FONT_TABLE
    )


def add_page_header(word: WordDocument, left: str, right: str) -> None:
    """Put `left` and `right` at the top of every page, and the page number with the number of pages at its foot."""
    section = word.sections[0]
    span = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    head = section.header.paragraphs[0]
    stops = head.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(span, WD_TAB_ALIGNMENT.RIGHT)
    head.text = f"{left}\t{right}"
    _rule_below(head)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(foot, "PAGE")
    foot.add_run(" / ")
    _add_field(foot, "NUMPAGES")


def _rule_below(paragraph: Paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "4"), ("color", "C7CDD4")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # python-docx has no borders of its own
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:jc", "w:rPr")


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    """Add a number that the reader's program counts, such as PAGE."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()._r  # noqa: SLF001  # python-docx has no fields of its own
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = instruction
        run.append(mark)


def shade(properties: Element, colour: str) -> None:
    """Fill the background of a table cell, given its properties."""
    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        fill.set(qn(f"w:{name}"), value)
    properties.append(fill)
