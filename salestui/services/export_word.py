"""Writes a document as a Word file, in the default look or by a company's template."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from pathlib import Path

from docx.document import Document as WordDocument

from salestui.domain.documents import Document
from salestui.services.export_text import legal, width
from salestui.services.export_word_body import write_head, write_sections
from salestui.services.export_word_look import add_page_header, blank

__all__ = ["word_bytes"]


def word_bytes(document: Document, template: Path | None = None) -> bytes:
    """Return the document as the content of a .docx file.

    `template` is a company's .docx or .dotx file; raises BadTemplate where it cannot be used.
    """
    if template is None:
        word = blank(document.language)
        add_page_header(word, *page_header(document))
        write_head(word, document)
        write_sections(word, document)
    else:
        from salestui.services.export_word_template import filled

        word = filled(document, template)
    _set_properties(word, document)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def page_header(document: Document) -> tuple[str, str]:
    """Return what stands at the top of every page: whom it concerns, and title with revision."""
    whom = document.fact("customer") or document.fact("campaign")
    title = " ".join(part for part in (document.title, document.fact("revision"), document.fact("status")) if part)
    return _cut(whom, 44), _cut(title, 52)


def _cut(text: str, cells: int) -> str:
    """Return a text on one line that takes no more than so many cells."""
    line = " ".join(legal(text).split())
    if width(line) <= cells:
        return line
    while width(line) >= cells:
        line = line[:-1]
    return f"{line}…"


def _set_properties(word: WordDocument, document: Document) -> None:
    """Describe the file; Word shows these under its properties. Each holds 255 characters at most."""
    about = word.core_properties
    about.title = legal(document.title)[:255]
    about.author = about.last_modified_by = legal(document.author)[:255]
    about.subject = legal(document.fact("customer") or document.fact("campaign"))[:255]
    about.language = "zh-CN" if document.language == "zh" else "en-GB"
    about.comments, about.keywords, about.revision = "", "", 1
    about.created = about.modified = document.at.astimezone(UTC).replace(tzinfo=None)
