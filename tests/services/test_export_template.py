"""A company's Word template is filled in, customers' text stays text, and mistakes in it are named."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from salestui.errors import BadTemplate
from salestui.services.export_word import word_bytes
from tests.services import exports
from tests.services.exports import HOSTILE, read, rows_of, texts_of


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Make a template of paragraphs, and of what `more` adds."""

    def make(*paragraphs: str, more: Callable[[Any], None] | None = None, name: str = "company.docx") -> Path:
        word = docx.Document()
        for text in paragraphs:
            word.add_paragraph(text)
        if more:
            more(word)
        path = tmp_path / name
        word.save(str(path))
        return path

    return make


def filled(template: Path, *texts: str) -> Any:
    return read(word_bytes(exports.document(*texts), template))


def test_placeholders_are_filled_in(template: Callable[..., Path]) -> None:
    word = filled(template("{{ title }} / {{ customer }} / {{revision}}", "{{ fields.line0 }}"), "甲公司")
    assert [paragraph.text for paragraph in word.paragraphs] == ["《定制化解决方案》 / 甲公司 / r3", "甲公司"]


def test_headers_and_footers_are_filled_in_too(template: Callable[..., Path]) -> None:
    def more(word: Any) -> None:
        word.sections[0].header.paragraphs[0].text = "{{ customer }}"
        word.sections[0].footer.paragraphs[0].text = "{{ author }}, {{ status }}"

    section = filled(template("{{ body }}", more=more), "甲公司").sections[0]
    assert section.header.paragraphs[0].text == "甲公司"
    assert section.footer.paragraphs[0].text == "林悦, "


def test_rows_of_a_table_repeat(template: Callable[..., Path]) -> None:
    def more(word: Any) -> None:
        table = word.add_table(4, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "A", "B"
        table.cell(1, 0).text = "{%tr for row in tables.grid0 %}"
        table.cell(2, 0).text, table.cell(2, 1).text = "{{ row.a }}", "{{ row.b }}"
        table.cell(3, 0).text = "{%tr endfor %}"

    assert rows_of(filled(template(more=more), "甲").tables[0]) == [["A", "B"], ["甲", "1"], ["x", "甲"]]


def test_votes_and_whole_sections_can_be_walked(template: Callable[..., Path]) -> None:
    word = filled(
        template(
            "{% for vote in votes %}{{ vote.role }} {{ vote.name }};{% endfor %}",
            "{% for section in sections %}{% for part in section.parts %}{{ part.label }},{% endfor %}{% endfor %}",
            "{% if files %}files{% else %}none{% endif %} {{ fields | length }}",
        ),
        "甲",
    )
    assert [paragraph.text for paragraph in word.paragraphs] == ["技术 赵工;", "项,说明,表,评审意见,", "none 2"]


def test_the_body_stands_where_the_template_has_it(template: Callable[..., Path]) -> None:
    word = filled(template("before", "{{ body }}", "after"), "甲")
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    assert paragraphs[0] == "before"
    assert paragraphs[-1] == "after"
    assert "说明" in paragraphs
    assert len(word.tables) == 3


def test_the_body_may_stand_in_a_cell(template: Callable[..., Path]) -> None:
    def more(word: Any) -> None:
        word.add_table(1, 1).cell(0, 0).text = "{{ body }}"

    cell = filled(template(more=more), "甲").tables[0].cell(0, 0)
    assert len(cell.tables) == 3
    assert "\ue000" not in cell.text


def test_a_letterhead_without_placeholders_gets_the_whole_document_below_it(template: Callable[..., Path]) -> None:
    word = filled(template("ACME Ltd."), "甲公司")
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    assert paragraphs[:2] == ["ACME Ltd.", "《定制化解决方案》"]
    assert "甲公司" in "".join(texts_of(word))


def test_styles_that_a_template_lacks_are_done_without(template: Callable[..., Path]) -> None:
    def more(word: Any) -> None:
        for name in ("Title", "Heading 1", "Heading 2"):
            word.styles[name].delete()

    word = filled(template("ACME", more=more), "甲")
    assert "《定制化解决方案》" in [paragraph.text for paragraph in word.paragraphs]


def test_a_word_template_file_becomes_a_document(template: Callable[..., Path], tmp_path: Path) -> None:
    path = template("{{ title }}")
    dotx = tmp_path / "company.dotx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(dotx, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(entry, part.replace(b"document.main+xml", b"template.main+xml"))
    content = word_bytes(exports.document("甲"), dotx)
    assert read(content).paragraphs[0].text == "《定制化解决方案》"
    assert b"template.main" not in zipfile.ZipFile(BytesIO(content)).read("[Content_Types].xml")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_customers_is_never_run(template: Callable[..., Path], text: str) -> None:
    word = filled(template("[{{ fields.prose0 }}]", "[{{ fields.prose0 | safe }}]", "{{ customer }}"), text)
    plain = exports.legal(text).replace("\r", "\n")
    for paragraph in word.paragraphs[:2]:
        assert paragraph.text.replace("\t", "") == f"[{plain}]".replace("\t", "")


@pytest.mark.parametrize(
    ("paragraph", "named"),
    [
        ("{{ custmer }}", "{{ custmer }}"),
        ("{{ fields.no_such }}", "{{ no_such }}"),
        ("{% if nothing %}x{% endif %}", "{{ nothing }}"),
        ("{% for row in tables.nothing %}x{% endfor %}", "{{ nothing }}"),
        ("a {{ body }} b", "{{ body }}"),
    ],
)
def test_a_placeholder_that_cannot_be_filled_is_named(
    template: Callable[..., Path], paragraph: str, named: str
) -> None:
    with pytest.raises(BadTemplate) as raised:
        filled(template(paragraph, "{{ body }}"), "甲")
    assert raised.value.params["placeholder"] == named
    assert named in raised.value.text()
    assert "company.docx" in raised.value.text()


@pytest.mark.parametrize(
    "paragraph",
    [
        "{{ title",
        "{% if %}",
        "{% for x in votes %}no end",
        "{{ 1 / 0 }}",
        "{{ title.__class__.__mro__ }}",
        "{{ range(100000000) | list }}",
        "{% include 'x' %}",
    ],
)
def test_a_template_that_is_broken_or_wants_more_is_refused(template: Callable[..., Path], paragraph: str) -> None:
    with pytest.raises(BadTemplate):
        filled(template(paragraph), "甲")


def test_a_body_in_a_header_is_refused(template: Callable[..., Path]) -> None:
    def more(word: Any) -> None:
        word.sections[0].header.paragraphs[0].text = "{{ body }}"

    with pytest.raises(BadTemplate) as raised:
        filled(template(more=more), "甲")
    assert "header" in raised.value.text()


def test_what_is_no_word_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "a.zip"
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("x", "y")
    text = tmp_path / "a.docx"
    text.write_text("not a document")
    for path in (other, text, tmp_path / "missing.docx", tmp_path):
        with pytest.raises(BadTemplate):
            filled(path, "甲")


def test_a_template_that_unpacks_to_far_too_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 110_000_000)
    with pytest.raises(BadTemplate) as raised:
        filled(path, "甲")
    assert "too large" in raised.value.text()
