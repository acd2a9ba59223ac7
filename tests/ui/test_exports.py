"""Exporting from the app: a path that completes itself, a file that is not replaced unasked."""

import os
from pathlib import Path

import docx
import openpyxl
import pytest

from salestui.domain.outcomes import Done
from salestui.screens import exports
from tests.ui.stories import BOTH, make, opened


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_an_output_is_exported_where_the_form_proposes(
    tmp_path: Path, own_home: Path, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path, "contract")
    shown = lambda desk: exports.output(desk, story.deal, "solution")  # noqa: E731  # the story's one screen
    async with opened(story, shown, size=size, language=language) as seen:
        seen.shows("《定制化解决方案》" if language == "zh" else "Tailored solution", "~/", ".docx")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        written = Path(seen.outcome.id)
        assert written.parent == own_home
        assert docx.Document(str(written)).paragraphs[0].text in {"《定制化解决方案》", "Tailored solution"}


async def test_a_file_that_exists_is_replaced_only_when_asked(tmp_path: Path, own_home: Path) -> None:
    story = make(tmp_path, "contract")
    there = own_home / "list.xlsx"
    there.write_bytes(b"mine")
    async with opened(story, lambda desk: exports.listing(desk, "care")) as seen:
        form = seen.app.screen.form  # type: ignore[attr-defined]
        form.set_values({"to": "~/list.xlsx"})
        await seen.press("ctrl+s")
        seen.shows("已经存在")
        assert not seen.closed
        assert there.read_bytes() == b"mine"
        form.set_values({**form.raw, "replace": True})
        await seen.press("ctrl+s")
        assert seen.closed
    assert openpyxl.load_workbook(there).active["A1"].value == "长期维护名单"


async def test_a_path_is_completed_as_in_a_shell(tmp_path: Path, own_home: Path) -> None:
    (own_home / "documents").mkdir()
    story = make(tmp_path, "contract")
    async with opened(story, lambda desk: exports.listing(desk, "customers")) as seen:
        form = seen.app.screen.form  # type: ignore[attr-defined]
        form.set_values({"to": ""})
        await seen.settle()
        await seen.type("~/doc")
        seen.shows("~/documents/")
        await seen.press("tab")
        await seen.type("a.csv")
        await seen.press("ctrl+s")
        assert seen.closed
    assert (own_home / "documents" / "a.csv").is_file()


async def test_a_template_that_cannot_be_used_is_told_and_nothing_typed_is_lost(tmp_path: Path, own_home: Path) -> None:
    (own_home / "bad.docx").write_text("no")
    story = make(tmp_path, "contract")
    async with opened(story, lambda desk: exports.output(desk, story.deal, "solution")) as seen:
        form = seen.app.screen.form  # type: ignore[attr-defined]
        form.set_values({**form.raw, "template": "~/bad.docx"})
        await seen.press("ctrl+s")
        seen.shows("不是 Word 文件", "bad.docx")
        assert not seen.closed
        assert form.raw["template"] == "~/bad.docx"
    assert [entry.name for entry in os.scandir(own_home)] == ["bad.docx"]
