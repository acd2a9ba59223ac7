"""Tables of leads as people send them: encodings, delimiters, broken files, headings."""

import zipfile
from pathlib import Path

import pytest

from salestui import i18n
from salestui.errors import BadInput
from salestui.services import import_headings
from salestui.services.import_headings import WHY_REJECTED, columns, recognise
from salestui.services.import_sheet import Sheet, read, read_content

LEADS = "公司,联系人,金额\n苏州启明食品有限公司,王建国,68万\n"
NAME = Path("leads.csv")


def parsed(text: str, encoding: str = "utf-8") -> Sheet:
    return read_content(text.encode(encoding), NAME)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encodings_of_chinese_spreadsheets_are_recognised(encoding: str, told: str) -> None:
    sheet = parsed(LEADS, encoding)
    assert sheet.encoding == told
    assert sheet.headings == ("公司", "联系人", "金额")
    assert sheet.rows[0].cells == ("苏州启明食品有限公司", "王建国", "68万")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_separate_cells(delimiter: str) -> None:
    sheet = parsed(LEADS.replace(",", delimiter))
    assert sheet.delimiter == delimiter
    assert len(sheet.headings) == 3


def test_the_delimiter_is_the_one_under_which_headings_are_known() -> None:
    sheet = parsed("company;note, private;amount\nAcme;a,b;680,000\n")
    assert sheet.delimiter == ";"
    assert sheet.rows[0].cells == ("Acme", "a,b", "680,000")


def test_the_line_in_which_excel_names_the_delimiter_is_no_heading() -> None:
    sheet = parsed("sep=;\r\ncompany;phone\r\nAcme;1\r\n")
    assert sheet.headings == ("company", "phone")
    assert sheet.rows[0].line == 3


def test_line_breaks_inside_quotes_belong_to_the_cell_and_lines_are_counted_in_the_file() -> None:
    sheet = parsed('company,need\nAcme,"two\nlines"\n\n , \nBeta,x\n')
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("Acme", "two\nlines")), (6, ("Beta", "x"))]


def test_short_rows_are_filled_up_and_cells_beyond_the_headings_are_kept_apart() -> None:
    sheet = parsed("company,phone,,\nAcme\nBeta,1,,x\n")
    assert sheet.headings == ("company", "phone")
    assert sheet.rows[0].cells == ("Acme", "")
    assert sheet.rows[1].surplus == ("x",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"company,phone\nAcme,1\nBeta\x00,2\n", "Line 3 holds a NUL byte"),
        (b"PK\x03\x04 whatever", "spreadsheet file"),
        (b"\xd0\xcf\x11\xe0 whatever", "spreadsheet file"),
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b'company,need\nAcme,"never closed\nBeta,x\n', "Line 2: a quotation mark"),
        (b'company,need\nAcme,x\nBeta,"open', "Line 3: a quotation mark"),
        (b"company\nAcme\n\xff\xff\xff\xff", "Line 3 is neither"),
        (b"\xef\xbb\xbfcompany\n\xff\n", "Line 2 is neither"),
        ("公司\n".encode() + "苏州启明食品有限公司\n".encode() * 20 + b"\xe5\x8f\n", "Line 22 is neither"),
        (b'company\n"' + b"x" * 1_000_001 + b'"\n', "longer than can be taken"),
        (b"x" * 1_000_001 + b",company\n", "Line 1: a cell is longer than can be taken"),
        (b"company" + b"," * 1_000_000 + b"\n", "Line 1 has more than 1,000 columns"),
        (b"company,phone\n" + b"," * 19_000_000, "Line 2 has more than 1,000 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_content(content, NAME)
    assert words in refused.value.text()
    assert refused.value.text().startswith("leads.csv: ")


def test_sloppy_quotes_inside_a_cell_do_no_harm() -> None:
    sheet = parsed('company,need\nAcme,"5"" pipe"\nBeta,6" pipe\nGamma,"a" b\n')
    assert [row.cells[1] for row in sheet.rows] == ['5" pipe', '6" pipe', "a b"]


def test_files_and_rows_have_a_cap(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("company\n" + "Acme\n" * 5, "utf-8")
    assert len(read(path).rows) == 5
    with pytest.raises(BadInput, match="More than 4 rows"):
        read(path, max_rows=4)
    with pytest.raises(BadInput, match="larger than"):
        read(path, max_bytes=10)


def test_a_spreadsheet_that_would_unpack_to_hundreds_of_megabytes_is_refused_unopened(tmp_path: Path) -> None:
    bomb = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(50_000_000))
    with pytest.raises(BadInput, match="spreadsheet file"):
        read(bomb)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.csv"):
        read(tmp_path / "none.csv")
    with pytest.raises(BadInput):
        read(tmp_path)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("公司名称", "company"),
        (" Company Name ", "company"),
        ("ＣＯＭＰＡＮＹ", "company"),
        ("客户", "company"),
        ("行业", "industry"),
        ("所在地区", "region"),
        ("联系人 *", "contact"),
        ("职务", "title"),
        ("Job_Title", "title"),
        ("手机（必填）", "phone"),
        ("E-Mail", "email"),
        ("线索来源", "source"),
        ("需求描述", "need"),
        ("金额（万元）", "amount"),
        ("客户经理", "owner"),
        ("销售阶段", "stage"),
        ("Deal Status", "status"),
        ("预计签约日期", "expected_on"),
        ("丢单原因", "reason"),
        ("拒绝原因", "ignore"),
        ("Why rejected", "ignore"),
        ("心情", None),
        ("", None),
    ],
)
def test_headings_are_recognised_in_both_languages(heading: str, field: str | None) -> None:
    assert recognise(heading) == field


def test_no_heading_stands_for_two_fields() -> None:
    words = [
        (import_headings._folded(word), field) for field, known in import_headings.FIELDS.items() for word in known
    ]
    assert len(dict(words)) == len({*words})


def test_the_column_of_reasons_is_ignored_in_both_languages(chinese: None) -> None:
    assert recognise(i18n.gettext(WHY_REJECTED)) == "ignore"


def test_headings_can_be_mapped_and_left_out() -> None:
    found = columns(("厂名", "公司", "心情"), {"厂名": "公司", "公司": "ignore", "心情": "note"}, file="x.csv")
    assert [column.field for column in found] == ["company", "ignore", "note"]


def test_the_unit_of_an_amount_may_stand_in_its_heading() -> None:
    assert columns(("公司", "金额（万元）"), {}, file="x.csv")[1].unit == "万元"


@pytest.mark.parametrize(
    ("headings", "mapping", "words"),
    [
        (("手机", "金额"), {}, "No column holds the company. Headings: 手机, 金额"),
        (("公司", "客户名称"), {}, "Both 公司 and 客户名称 are read as: company"),
        (("公司",), {"厂": "company"}, "There is no heading 厂"),
        (("公司",), {"公司": "weather"}, "There is no field weather"),
    ],
)
def test_headings_that_cannot_be_used_are_refused(
    headings: tuple[str, ...], mapping: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInput) as refused:
        columns(headings, mapping, file="leads.csv")
    assert words in refused.value.text()


def test_every_import_field_has_a_name() -> None:
    assert all(import_headings.field_label(field) for field in import_headings.FIELDS)


def test_the_database_in_use_is_never_opened_as_a_table(tmp_path: Path) -> None:
    database, link = tmp_path / "sales.db", tmp_path / "leads.csv"
    database.write_text("company\nAcme\n", "utf-8")
    link.symlink_to(database)
    with pytest.raises(BadInput, match="not a table"):
        read(link, database=str(database))
    assert len(read(link).rows) == 1
