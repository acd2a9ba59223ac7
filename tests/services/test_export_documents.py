"""Every output leaves as a document that says what was submitted, talked, scored, sorted and voted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from salestui.domain.documents import Document, Exported, Grid, Line
from salestui.domain.facts import Status
from salestui.domain.outcomes import NotAllowed
from salestui.errors import BadInput, NotFound
from salestui.services import deals, exporting, outputs, playbooks
from salestui.services.export_markdown import markdown_text
from salestui.services.export_text import legal
from salestui.services.export_word import word_bytes
from salestui.services.request import Request
from tests.services import exports
from tests.services.exports import HOSTILE, Pipeline, read, rows_of, texts_of
from tests.services.papers import Office, office_in

TITLES = {
    "market_report": "《市场调研分析报告》",
    "high_potential_list": "《高潜力客户清单》",
    "scoring_sheet": "《客户评分分级表》",
    "communication_record": "《客户沟通记录表》",
    "solution_review": "《方案评审记录表》",
    "solution": "《定制化解决方案》",
}


@pytest.fixture(scope="module")
def sample() -> Iterator[Pipeline]:
    with exports.pipeline("zh") as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path, homes: Path) -> Iterator[Office]:
    with office_in(tmp_path, homes) as opened:
        yield opened


def told(request: Request, deal: int, output: str, revision: int | None = None) -> Document:
    found = exporting.document(request, deal, output, revision)
    assert isinstance(found, Document), found
    return found


def part(found: Document, key: str) -> object:
    return next(part for _section, part in found.parts() if part.key == key)


def grid(found: Document, key: str) -> Grid:
    wanted = part(found, key)
    assert isinstance(wanted, Grid)
    return wanted


def text(found: Document, key: str) -> str:
    wanted = part(found, key)
    assert not isinstance(wanted, Grid)
    return str(getattr(wanted, "text", ""))


def headings(word: object) -> list[str]:
    return [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("output", "title"), TITLES.items())
def test_a_document_has_the_handbook_title_and_is_read_back_from_word(
    sample: Pipeline, output: str, title: str, tmp_path: Path
) -> None:
    made = exporting.export_output(sample.reading_as("zh"), sample.deal, output, tmp_path / "a.docx")
    assert isinstance(made, Exported)
    word = read(Path(made.path).read_bytes())
    assert word.paragraphs[0].text == title
    assert word.core_properties.title == title
    assert word.sections[0].header.paragraphs[0].text.split("\t")[1].startswith(title)


def test_titles_are_english_where_english_is_spoken(sample: Pipeline) -> None:
    assert told(sample.reading_as("en"), sample.deal, "solution").title == "Tailored solution"


def test_every_form_is_printed_with_all_that_was_submitted(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    deal = deals.get(request, sample.deal)
    playbook = playbooks.get(request, deal.playbook, deal.playbook_version)
    for _stage, output in playbook.outputs():
        sheet = outputs.sheet(request, sample.deal, output.key)
        if sheet.facts.revision is None:
            continue
        made = exporting.export_output(request, sample.deal, output.key, tmp_path / f"{output.key}.docx")
        assert isinstance(made, Exported)
        printed = "\n".join(texts_of(read(Path(made.path).read_bytes())))
        for field in output.fields:
            value = sheet.facts.revision.values.get(field.key)
            if isinstance(value, str) and not field.choices and field.type.value in {"text", "long_text", "person"}:
                assert all(line in printed for line in value.split("\n")), (output.key, field.key)
            if isinstance(value, list) and field.columns:
                assert field.label.zh in printed
                assert all(column.label.zh in printed for column in field.columns)


def test_the_market_report_prints_the_three_lists_of_customers(sample: Pipeline) -> None:
    found = told(sample.reading_as("zh"), sample.deal, "market_report")
    lists = next(section for section in found.printed if section.key == "lists")
    assert [part.label.split(" ")[0] for part in lists.filled] == ["高潜力机会", "风险机会", "暂不考虑机会"]
    assert found.fact("customer") == ""
    assert grid(found, "high_potential").rows[0][1].endswith("公司")


def test_the_communication_record_has_the_talk_and_its_summary(sample: Pipeline) -> None:
    found = told(sample.reading_as("zh"), sample.deal, "communication_record")
    assert text(found, "pains")
    assert text(found, "summary_sent")
    assert text(found, "summary_in_time") == "是"
    assert grid(found, "files").rows[0][0].endswith(".pdf")
    assert grid(found, "talks").rows


def test_the_scoring_sheet_has_every_criterion_with_its_evidence(sample: Pipeline) -> None:
    found = told(sample.reading_as("zh"), sample.deal, "scoring_sheet")
    rows = grid(found, "criteria").rows
    assert [row[0] for row in rows] == ["企业规模", "行业匹配度", "需求紧急度", "预算充足度", "决策链清晰度"]
    assert all(row[1].isdigit() and row[4] for row in rows)
    assert text(found, "total").startswith(str(sum(int(row[1]) for row in rows)))


def test_the_review_record_says_who_approved_when(sample: Pipeline) -> None:
    found = told(sample.reading_as("zh"), sample.deal, "solution_review")
    assert text(found, "result") == "通过"
    assert text(found, "of") == "《定制化解决方案》"
    assert {row[1] for row in grid(found, "votes").rows} == {"技术", "销售", "法务"}
    assert all(row[4].startswith("2026-") for row in grid(found, "votes").rows)


def test_the_contract_says_when_it_was_approved_and_sent_and_which_file(sample: Pipeline) -> None:
    found = told(sample.reading_as("zh"), sample.deal, "contract_approval")
    assert {section.key for section in found.printed} >= {"votes", "sent", "files"}
    assert len(grid(found, "files").rows[0][2]) == 64


def test_nothing_is_exported_before_something_was_submitted(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    fresh = next(deal.id for deal in deals.listed(request, stage="research", statuses=(Status.OPEN,)))
    for output, code in (
        ("solution", "submit_first"),
        ("solution_review", "nothing_to_export"),
        ("communication_record", "nothing_to_export"),
    ):
        refused = exporting.export_output(request, fresh, output, tmp_path / "a.docx")
        assert isinstance(refused, NotAllowed)
        assert refused.code == code
    assert not list(tmp_path.iterdir())
    with pytest.raises(NotFound):
        exporting.document(request, fresh, "no_such")


def test_an_older_revision_is_exported_as_what_it_is(office: Office) -> None:
    office.submitted("offer", {"price": "100000", "pains": "停机"})
    office.submitted("offer", {"price": "120000"})
    old, new = told(office.rep, office.deal, "offer", 1), told(office.rep, office.deal, "offer")
    assert (text(old, "price"), old.fact("status")) == ("100,000.00 CNY", "replaced by r2")
    assert (text(new, "price"), new.fact("status"), new.fact("revision")) == ("120,000.00 CNY", "", "r2")
    with pytest.raises(NotFound):
        exporting.document(office.rep, office.deal, "offer", 3)


def test_a_withdrawn_output_is_exported_only_when_its_revision_is_named(office: Office) -> None:
    office.offer()
    outputs.withdraw(office.rep, office.deal, "offer", "wrong price")
    assert exporting.document(office.rep, office.deal, "offer") == NotAllowed("submit_first", {"output": "offer"})
    assert told(office.rep, office.deal, "offer", 1).fact("status") == "withdrawn"


def test_votes_stay_with_the_revision_they_read(office: Office) -> None:
    office.offer()
    review = office.asked("offer")
    office.voted(office.technical, review, "technical")
    office.voted(office.legal, review, "legal")
    office.offer()
    assert len(grid(told(office.rep, office.deal, "offer", 1), "votes").rows) == 2
    assert not grid(told(office.rep, office.deal, "offer", 2), "votes").rows
    assert text(told(office.rep, office.deal, "offer_review"), "result").startswith("about a revision")


def test_the_ending_decides_the_format_and_others_are_refused(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    made = exporting.export_output(request, sample.deal, "solution", tmp_path / "a.MD")
    assert isinstance(made, Exported)
    assert Path(made.path).read_text("utf-8").startswith("# 《定制化解决方案》\n")
    for name in ("a.pdf", "a", "a.xlsx"):
        with pytest.raises(BadInput):
            exporting.export_output(request, sample.deal, "solution", tmp_path / name)
    with pytest.raises(BadInput):
        exporting.export_output(request, sample.deal, "solution", tmp_path / "b.md", template=tmp_path / "t.docx")


# How it is written


def test_word_takes_any_text_and_keeps_it_text() -> None:
    word = read(word_bytes(exports.document(*HOSTILE)))
    printed = texts_of(word)
    for hostile in HOSTILE:
        for line in legal(hostile).replace("\r", "\n").split("\n"):
            assert any(line in found for found in printed), line
    assert "\ue000" not in "".join(printed)


def test_chinese_text_has_fonts_for_chinese() -> None:
    word = read(word_bytes(exports.document("中文")))
    xml = word.styles.element.xml
    assert 'w:eastAsia="宋体"' in xml
    assert 'w:eastAsia="微软雅黑"' in xml
    fonts = next(rel.target_part.blob for rel in word.part.rels.values() if rel.reltype.endswith("/fontTable"))
    assert "SimSun" in fonts.decode()


def test_tables_repeat_their_headings_and_do_not_part_rows() -> None:
    found = exports.document("a")
    word = read(word_bytes(found))
    xml = [table._tbl.xml for table in word.tables]
    assert sum("w:tblHeader" in each for each in xml) == 2
    assert all("w:cantSplit" in each for each in xml)
    assert rows_of(word.tables[2]) == [["甲", "乙"], ["a", "1"], ["x", "a"]]


def test_the_page_is_a4_with_numbers_and_a_header() -> None:
    word = read(word_bytes(exports.document("甲公司")))
    section = word.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert section.header.paragraphs[0].text == "甲公司\t《定制化解决方案》 r3"
    assert {"PAGE", "NUMPAGES"} <= set(section.footer.paragraphs[0]._p.xpath(".//w:instrText/text()"))


def test_a_very_long_name_does_not_push_the_page_down() -> None:
    header = read(word_bytes(exports.document(exports.LONG))).sections[0].header.paragraphs[0].text
    assert header.split("\t")[0].endswith("…")
    assert len(header) < 60


def test_parts_without_anything_in_them_are_left_out() -> None:
    found = exports.document("", "  ")
    assert headings(read(word_bytes(found))) == ["表", "表", "评审意见"]
    assert isinstance(part(found, "line0"), Line)


def test_markdown_keeps_any_text_text() -> None:
    markdown = MarkdownIt("commonmark").enable("table")
    for hostile in HOSTILE:
        html = markdown.render(markdown_text(exports.document(hostile)))
        assert "<script" not in html
        assert "<a " not in html
        assert "<code" not in html
        assert "<strong>bold" not in html
        assert "<ol" not in html
        assert html.count("<h1>") == 1
        assert html.count("<table>") == 2


def test_markdown_tables_are_tables() -> None:
    assert "| 甲 | 乙 |\n| --- | ---: |\n| a\\|b<br>c | 1 |" in markdown_text(exports.document("a|b\nc"))
