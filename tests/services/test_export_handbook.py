"""A handbook leaves as one document in which everything is that the reader in the app says, in either language."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest

from salestui import i18n
from salestui.domain.documents import Document, Grid
from salestui.errors import BadInput, FileThere
from salestui.playbooks import loader
from salestui.services import exporting, handbook_text
from salestui.services.export_handbook import handbook_document
from salestui.services.export_markdown import markdown_text
from salestui.services.export_word import word_bytes
from salestui.services.handbook_text import chapters
from salestui.storage.store import Store
from tests.domain.builders import TEAM
from tests.services.desk import open_desk

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def printed(key: str) -> Document:
    return handbook_document(loader.builtin(key), author="林悦", at=AT, team=TEAM)


def texts(document: Document) -> str:
    found = []
    for section, part in document.parts():
        found.append(section.heading)
        if isinstance(part, Grid):
            found += [
                part.label,
                *(column.label for column in part.columns),
                *(cell for row in part.rows for cell in row),
            ]
        else:
            found += [part.label, part.text]
    return "\n".join(found)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("key", loader.BUILTIN)
def test_nothing_of_the_handbook_is_left_out(key: str, language: i18n.Language) -> None:
    with i18n.speaking(language):
        said = texts(printed(key))
        missing = [
            text
            for chapter in chapters(loader.builtin(key))
            for entry in chapter.entries
            for text in (entry.title, entry.text, *(fact for pair in entry.facts for fact in pair))
            if text not in said
        ]
    assert missing == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_field_of_an_output_stands_in_its_table_with_example_and_reason(language: i18n.Language) -> None:
    with i18n.speaking(language):
        sections = {section.key: section for section in printed("expansion").sections}
        playbook = loader.builtin("expansion")
        asked = [(stage, output) for stage in playbook.stages for output in stage.outputs if output.fields]
        for stage, output in asked:
            table = sections[f"{stage.key}.{output.key}"].parts[-1]
            assert isinstance(table, Grid)
            rows = {row[0].split("\n")[0]: row for row in table.rows}
            for field in output.fields:
                row = rows[field.label.get(language)]
                assert field.example.get(language) == row[2]
                assert field.why.get(language) == row[3]
                assert field.help.get(language) in row[1]


def test_chapters_and_outputs_are_headings_of_word_and_markdown(chinese: None) -> None:
    document = printed("role")
    word = docx.Document(BytesIO(word_bytes(document)))
    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs if paragraph.style}
    stage = loader.builtin("role").stages[0]
    chapter = f"{stage.number} {stage.title.zh}"
    assert styles["《销售岗位工作流程标准化手册》"] == "Title"
    assert styles[chapter] == "Heading 1"
    assert styles[stage.outputs[0].title.zh] == "Heading 2"
    lines = markdown_text(document).split("\n")
    assert f"## {chapter}" in lines
    assert f"### {stage.outputs[0].title.zh}" in lines


def test_it_is_written_in_the_language_asked_for_and_the_app_keeps_its_own(store: Store, tmp_path: Path) -> None:
    desk = open_desk(store)
    exporting.export_handbook(desk.rep, "expansion", tmp_path / "zh.md", spoken="zh")
    exporting.export_handbook(desk.rep, "expansion", tmp_path / "en.md")
    assert i18n.language() == "en"
    assert "《定制化解决方案》" in (tmp_path / "zh.md").read_text("utf-8")
    assert "Tailored solution" in (tmp_path / "en.md").read_text("utf-8")
    with pytest.raises(FileThere):
        exporting.export_handbook(desk.rep, "expansion", tmp_path / "en.md")
    with pytest.raises(BadInput):
        exporting.export_handbook(desk.rep, "expansion", tmp_path / "en.pdf")


def test_the_search_of_a_handbook_ignores_spaces_and_case() -> None:
    from salestui.domain.handbook import matches, places

    with i18n.speaking("zh"):
        told = handbook_text.chapters(loader.builtin("expansion"))
    assert list(places(told, "24小时")) == list(places(told, "24 小时")) != []
    assert list(matches("过了 24 小时发", "24小时")) == [(3, 8)]
    assert list(matches("CRM crm", "Crm")) == [(0, 3), (4, 7)]
    assert list(matches("anything", "  ")) == []
