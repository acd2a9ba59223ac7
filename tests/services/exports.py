"""What the tests of exports share: a pipeline of sample data, a document full of hostile texts, and readers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.table import Table

from salestui import i18n
from salestui.domain.documents import Column, Document, Grid, Line, Prose, Section
from salestui.domain.facts import Status
from salestui.services import deals, sample
from salestui.services.export_text import legal
from salestui.services.request import Request
from salestui.storage.store import Store

__all__ = ["HOSTILE", "LONG", "NOW", "Pipeline", "document", "legal", "pipeline", "read", "rows_of", "texts_of"]

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LONG = "超长客户名称" * 33 + "结尾"
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+86 138 0000 6612",
    "-2+3",
    "@SUM(1+1)",
    "\t=1",
    "\r=1",
    "＝1＋1",
    "{{ 7*7 }} {% for x in y %} {_{ z }_}",
    "<w:p>&amp;</w:p> <script>",
    "a\x00b\x07c\x1b[31m\x0b\ufffe\ud800",
    "\ue000body\ue000",
    "👩‍🔧 𠮷 é",
    LONG,
    "#N/A",
    "TRUE",
    "1e5",
    "| a | b |\n# head\n- item\n1. one\n**bold** [x](http://x) `code`",
)


@dataclass(frozen=True)
class Pipeline:
    """The sample's database, its person, and a deal that went all the way."""

    request: Request
    deal: int

    def reading_as(self, language: str) -> Request:
        """Speak a language, and ask."""
        i18n.use("zh" if language == "zh" else "en")
        return self.request


@contextmanager
def pipeline(language: str = "zh") -> Iterator[Pipeline]:
    """Open a pipeline of sample data."""
    i18n.use("zh" if language == "zh" else "en")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "sales.db") as store:
        request = Request(store, sample.fill(store, language, NOW), NOW)
        yield Pipeline(request, deals.listed(request, statuses=(Status.COMPLETED,))[0].id)


def document(*texts: str, language: str = "zh", title: str = "《定制化解决方案》") -> Document:
    """Return a document that says these texts in a line, in prose and in a table."""
    head = {"customer": texts[0] if texts else "甲公司", "campaign": "华东", "revision": "r3", "author": "林悦"}
    keys = ("customer", "campaign", "deal", "owner", "revision", "author", "date", "status", "stage", "playbook")
    content = [
        part
        for number, text in enumerate(texts)
        for part in (
            Line(f"line{number}", "项", text),
            Prose(f"prose{number}", "说明", text),
            Grid(f"grid{number}", "表", (Column("a", "甲"), Column("b", "乙", right=True)), ((text, "1"), ("x", text))),
        )
    ]
    votes = Grid("votes", "评审意见", (Column("role", "角色"), Column("name", "评审人")), (("技术", "赵工"),))
    return Document(
        title,
        language,
        "林悦",
        NOW,
        tuple(Line(key, key, head.get(key, "")) for key in keys),
        (Section("content", "", tuple(content)), Section("votes", "评审意见", (votes,))),
    )


def read(content: bytes) -> Any:
    """Open the content of a Word file."""
    return docx.Document(BytesIO(content))


def texts_of(word: Any) -> list[str]:
    """Return the texts of all paragraphs and cells, in no particular order."""
    return [paragraph.text for paragraph in word.paragraphs] + [
        cell.text for table in word.tables for row in table.rows for cell in row.cells
    ]


def rows_of(table: Table) -> list[list[str]]:
    """Return a table's texts by row."""
    return [[cell.text for cell in row.cells] for row in table.rows]
