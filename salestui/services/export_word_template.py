"""Fills a company's Word template: `{{ placeholders }}` of an output, or a letterhead that has none."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError
from markupsafe import Markup, escape

from salestui.domain.documents import Document, Grid, Part
from salestui.errors import BadTemplate
from salestui.i18n import gettext as _
from salestui.services.export_parts import CONTENT
from salestui.services.export_text import MARK, legal
from salestui.services.export_word_body import write_head, write_sections
from salestui.services.export_word_look import Element

__all__ = ["filled"]

LARGEST: Final = 100_000_000
"""Bytes that a template may unpack to: a bomb must not eat the memory of a shared server."""

_BODY: Final = f"{MARK}body{MARK}"
_OF_TEMPLATE, _OF_DOCUMENT = b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
_CONTENT: Final = frozenset({"body", "fields", "tables", "sections"})
"""The placeholders that bring an output's content; a template with none of them is a letterhead."""

_MARGINS: Final = ("/header", "/footer", "/footnotes", "/endnotes")
"""The endings of the relationships by which a document has headers, footers and notes."""

_FAULTS: Final = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError, LxmlError)
"""What a template's own expressions can run into, besides the faults of the template language."""


class _Missing(StrictUndefined):
    """A placeholder that stands for nothing; using it names it."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class _Place(str):
    """The mark at which the body is written; no text of a person can be one."""

    __slots__ = ()


class _Named:
    """Values that a template reads by name, `fields.market_size`, and nothing else of the program."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def filled(document: Document, template: Path) -> WordDocument:
    """Return the template with the document's values in its placeholders; raises BadTemplate."""
    content = _read(template)
    language = ImmutableSandboxedEnvironment(autoescape=True, undefined=_Missing, finalize=_as_text)
    try:
        word = DocxTemplate(BytesIO(content))
        word.render(_values(document), language, autoescape=True)
        asked = word.get_undeclared_template_variables(language)
    except UndefinedError as error:
        name = f"{{{{ {error.message} }}}}"
        raise BadTemplate(template, _("there is no such placeholder (see docs/export.md)"), name) from error
    except TemplateSyntaxError as error:
        raise BadTemplate(template, str(error.message), _near(error)) from error
    except TemplateError as error:
        raise BadTemplate(template, str(error.message)) from error
    except zipfile.BadZipFile as error:
        raise BadTemplate(template, _("it is not a Word document (.docx or .dotx)")) from error
    except _FAULTS as error:
        raise BadTemplate(template, _("it cannot be filled in ({reason})").format(reason=error)) from error
    result: WordDocument = word.docx
    if asked & _CONTENT:
        _put_body(result, document, template)
    else:
        if "title" not in asked:
            write_head(result, document)
        write_sections(result, document)
    return result


def _near(error: TemplateSyntaxError) -> str:
    """Return the piece of the template where its language is broken."""
    pieces = [piece.strip() for piece in getattr(error, "docx_context", ()) if "{" in piece or "}" in piece]
    return pieces[len(pieces) // 2][:80] if pieces else ""


def _read(template: Path) -> bytes:
    """Return the content of a template; a .dotx becomes the document that Word would make of it."""
    try:
        content = template.read_bytes()
        with zipfile.ZipFile(BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST:
                raise BadTemplate(template, _("it is too large"))
            parts = {entry: package.read(entry) for entry in package.infolist()}
    except OSError as error:
        raise BadTemplate(template, _("it cannot be read ({reason})").format(reason=error.strerror or error)) from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadTemplate(template, _("it is not a Word document (.docx or .dotx)")) from error
    if not any(entry.filename == "word/document.xml" for entry in parts):
        raise BadTemplate(template, _("it is not a Word document (.docx or .dotx)"))
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, part in parts.items():
            types = entry.filename == "[Content_Types].xml"
            package.writestr(entry, part.replace(_OF_TEMPLATE, _OF_DOCUMENT) if types else part)
    return made.getvalue()


def _as_text(value: object) -> Markup:
    """Return what a placeholder stands for as text of the file: never markup, never a placeholder of its own."""
    text = str(value) if isinstance(value, _Place) else legal(str(value))
    return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704  # it was just escaped


def _values(document: Document) -> dict[str, object]:
    """Return everything a template can name."""
    facts = {line.key: line.text for line in document.head}
    of_kind = {key: _lines(document, key) for key in (CONTENT, "sent", "summary")}
    return {
        "title": document.title,
        **facts,
        "body": _Place(_BODY),
        "fields": _Named(of_kind[CONTENT] | of_kind["summary"]),
        "sent": _Named(of_kind["sent"]),
        "tables": _Named({part.key: _rows(part) for _section, part in document.parts() if isinstance(part, Grid)}),
        "votes": _table(document, "votes"),
        "files": _table(document, "files"),
        "lists": [
            {"title": part.label, "rows": _rows(part)}
            for section, part in document.parts()
            if section.key == "lists" and isinstance(part, Grid)
        ],
        "sections": [
            {"title": section.heading, "parts": [_part(part) for part in section.filled]}
            for section in document.printed
        ],
    }


def _lines(document: Document, section_key: str) -> dict[str, str]:
    return {
        part.key: part.text
        for section, part in document.parts()
        if section.key == section_key and not isinstance(part, Grid)
    }


def _rows(grid: Grid) -> Sequence[_Named]:
    keys = [column.key for column in grid.columns]
    return tuple(_Named(dict(zip(keys, row, strict=True))) for row in grid.rows)


def _table(document: Document, key: str) -> Sequence[_Named]:
    grids = (part for _section, part in document.parts() if isinstance(part, Grid) and part.key == key)
    return next((_rows(grid) for grid in grids), ())


def _part(part: Part) -> dict[str, object]:
    if isinstance(part, Grid):
        return {"label": part.label, "text": "", "columns": [c.label for c in part.columns], "rows": list(part.rows)}
    return {"label": part.label, "text": part.text, "columns": [], "rows": []}


def _put_body(word: WordDocument, document: Document, template: Path) -> None:
    """Write the sections where the template has `{{ body }}`."""
    body: Element = word.element.body
    _keep_out_of_margins(word, template)
    for place in [paragraph for paragraph in body.iter(qn("w:p")) if MARK in _written(paragraph)]:
        if _written(place).strip() != _BODY:
            raise BadTemplate(template, _("it must stand alone in its paragraph"), "{{ body }}")
        before = set(body)
        write_sections(word, document)
        for element in [element for element in body if element not in before]:
            place.addprevious(element)
        if place.getparent().tag == qn("w:tc"):
            for run in place.findall(qn("w:r")):
                place.remove(run)
        else:
            place.getparent().remove(place)


def _written(paragraph: Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def _keep_out_of_margins(word: WordDocument, template: Path) -> None:
    """Refuse a body in a header, footer or note, which cannot hold it."""
    for relation in word.part.rels.values():
        margin = relation.reltype.endswith(_MARGINS) and not relation.is_external
        if margin and MARK.encode("utf-8") in relation.target_part.blob:
            raise BadTemplate(template, _("it cannot stand in a header, a footer or a note"), "{{ body }}")
