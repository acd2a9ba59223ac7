"""Writes a document as Markdown (CommonMark with tables); text from people stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from salestui.domain.documents import Document, Grid, Line, Part, Prose, Section
from salestui.i18n import gettext as _
from salestui.services.export_text import legal

__all__ = ["markdown_text"]

_ACTIVE: Final = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_START: Final = re.compile(r"^(\s*)(#|[-+=](?=[\s\-+=]|$)|:)")
_NUMBERED: Final = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")


def markdown_text(document: Document) -> str:
    """Return the document as Markdown text."""
    return "\n\n".join(_blocks(document)) + "\n"


def _blocks(document: Document) -> Iterator[str]:
    yield f"# {_one_line(document.title)}"
    facts = [line for line in document.head if line.text and line.key not in {"stage", "playbook"}]
    yield "\n".join(_fact(line) for line in facts)
    for section in document.printed:
        if section.heading:
            yield f"#{'#' * section.level} {_one_line(section.heading)}"
        for short, parts in groupby(section.filled, key=lambda part: isinstance(part, Line)):
            if short:
                yield "\n".join(_fact(part) for part in parts if isinstance(part, Line))
            else:
                yield from _long_parts(section, parts)


def _fact(line: Line) -> str:
    colon = _("{label}: {text}").format(label=f"**{_one_line(line.label)}**", text=_one_line(line.text))
    return f"- {colon}"


def _long_parts(section: Section, parts: Iterator[Part]) -> Iterator[str]:
    level = f"##{'#' * section.level}" if section.heading else "##"
    for part in parts:
        if part.label != section.heading:
            yield f"{level} {_one_line(part.label)}"
        if isinstance(part, Grid):
            yield _table(part)
        elif isinstance(part, Prose):
            yield from _paragraphs(part.text)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n{2,}", legal(text).strip("\n")):
        yield "  \n".join(_escaped(line) for line in paragraph.split("\n") if line.strip())


def _table(grid: Grid) -> str:
    head = [_cell(column.label) for column in grid.columns]
    rules = ["---:" if column.right else "---" for column in grid.columns]
    rows = [[_cell(text) for text in row] for row in grid.rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rules, *rows))


def _cell(text: str) -> str:
    return "<br>".join(_escaped(line) for line in legal(text).strip().split("\n"))


def _one_line(text: str) -> str:
    return _escaped(" ".join(legal(text).split()))


def _escaped(line: str) -> str:
    """Return one line in which nothing is markup: no emphasis, link, heading, list, HTML or table cell."""
    line = _ACTIVE.sub(r"\\\1", line.replace("\t", " ").replace("\r", " ").strip())
    line = _AT_START.sub(r"\1\\\2", line)
    return _NUMBERED.sub(r"\1\\\2", line)
