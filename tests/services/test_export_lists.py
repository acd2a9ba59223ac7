"""Scores, customers and the care list leave as workbooks in which nothing that people typed is a formula."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salestui.domain.documents import CellKind, Exported, Listing, ListingColumn, Workbook
from salestui.domain.facts import Status
from salestui.errors import BadInput, NotFound
from salestui.services import campaigns, contacts, customers, deals, exporting, playbooks, scores
from salestui.services.export_excel import FIRST_ROW, LONGEST, csv_bytes, sheet_names, workbook_bytes
from salestui.services.export_text import legal
from salestui.services.import_values import plain_cell
from tests.services import exports
from tests.services.desk import Desk
from tests.services.exports import HOSTILE, Pipeline


@pytest.fixture(scope="module")
def sample() -> Iterator[Pipeline]:
    with exports.pipeline("zh") as opened:
        yield opened


def book(made: Exported) -> Any:
    return openpyxl.load_workbook(made.path)


def headings(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[FIRST_ROW]]


def lines(sheet: Any) -> list[dict[str, Any]]:
    names = headings(sheet)
    return [dict(zip(names, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(FIRST_ROW + 1)]


def test_scores_have_a_row_for_every_customer_of_the_campaign(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    campaign = campaigns.all(request)[0]
    sheet = book(exporting.export_listing(request, "scores", tmp_path / "s.xlsx")).worksheets[0]
    assert sheet["A1"].value == "《客户评分分级表》"
    assert sheet["A2"].value.startswith(campaign.name)
    rows = lines(sheet)
    assert len(rows) == customers.count(request, campaign=campaign.id)
    scoring = playbooks.latest(request, "expansion").scoring
    assert scoring is not None
    for row in rows:
        number = int(row["编号"][1:])
        known = scores.latest(request, number, campaign.id)
        if known is None:
            assert row["合计"] is None
            continue
        assert (row["合计"], row["客户等级"], row["经手人"]) == (known.total, known.grade, known.by_name)
        assert [row[each.title.zh] for each in scoring.criteria] == [known.values[c.key] for c in scoring.criteria]
        assert [row[f"{each.title.zh}，依据"] for each in scoring.criteria] == [
            known.evidence[c.key] for c in scoring.criteria
        ]
        assert isinstance(row["评分日期"], datetime)
    grades = [row["客户等级"] or "Z" for row in rows]
    assert grades == sorted(grades)


def test_customers_come_with_their_first_contact(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    sheet = book(exporting.export_listing(request, "customers", tmp_path / "c.xlsx")).active
    rows = lines(sheet)
    assert len(rows) == customers.count(request)
    first = rows[0]
    person = contacts.of(request, int(first["编号"][1:]))[0]
    assert (first["联系人"], first["电话"]) == (person.name, person.phone)
    assert first["客户全称"] == customers.get(request, int(first["编号"][1:])).name
    of_one = exporting.workbook(request, "customers", campaigns.all(request)[0].id).sheets[0]
    assert [column.key for column in of_one.columns][-4:] == ["class", "reason", "total", "grade"]


def test_the_care_list_says_why_when_and_who(sample: Pipeline, tmp_path: Path) -> None:
    request = sample.reading_as("zh")
    sheet = book(exporting.export_listing(request, "care", tmp_path / "c.xlsx")).active
    assert sheet["A1"].value == "长期维护名单"
    rows = lines(sheet)
    parked = deals.listed(request, statuses=(Status.IN_CARE,))
    assert {row["编号"] for row in rows} == {f"D{deal.id}" for deal in parked}
    known = {f"D{deal.id}": deal for deal in parked}
    for row in rows:
        deal = known[row["编号"]]
        assert row["负责人"] == deal.owner_name
        assert row["理由"]
        assert row["再看日期"].date() == deal.look_again_on
        assert row["金额"] == (float(deal.amount.amount) if deal.amount else None)


def test_titles_and_headings_are_english_where_english_is_spoken(sample: Pipeline) -> None:
    request = sample.reading_as("en")
    assert exporting.workbook(request, "scores").sheets[0].title == "Customer scoring & grading sheet"
    assert exporting.workbook(request, "care").sheets[0].title == "Care list"


def test_an_empty_database_gives_empty_lists(desk: Desk, tmp_path: Path) -> None:
    for kind in exporting.KINDS:
        for ending in exporting.LISTS:
            assert isinstance(exporting.export_listing(desk.rep, kind, tmp_path / f"{kind}{ending}"), Exported)


def test_scores_of_several_campaigns_stand_on_sheets_of_their_own(desk: Desk, tmp_path: Path) -> None:
    one, two = desk.campaign(name="华东"), desk.campaign(name="华南: [A/B]")
    desk.campaign(name="手册二", playbook="role")
    desk.customer(campaign=one)
    made = book(exporting.export_listing(desk.rep, "scores", tmp_path / "s.xlsx"))
    assert set(made.sheetnames) == {"华东", "华南 A B"}
    with pytest.raises(BadInput) as raised:
        exporting.export_listing(desk.rep, "scores", tmp_path / "s.csv")
    assert "华东" in raised.value.text()
    assert isinstance(exporting.export_listing(desk.rep, "scores", tmp_path / "s.csv", campaign=two), Exported)
    with pytest.raises(NotFound):
        exporting.export_listing(desk.rep, "scores", tmp_path / "x.csv", campaign=99)


# How they are written


def hostile() -> Workbook:
    columns = (ListingColumn("a", "=名称"), ListingColumn("b", "说明", CellKind.LONG_TEXT))
    rows = tuple((text, text) for text in HOSTILE)
    return Workbook("t", "=me()", date(2026, 11, 21), (Listing("=标题", "=x", columns, rows),))


def test_every_text_is_a_string_cell_whatever_it_begins_with() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(hostile()))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    found = [row[0].value for row in sheet.iter_rows(FIRST_ROW + 1)]
    for text, cell in zip(HOSTILE, found, strict=True):
        assert cell.replace("\n", "") == legal(text).replace("\r", "").replace("\n", "")


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(hostile()))).active
    marked = {row[0].value: row[0].quotePrefix for row in sheet.iter_rows(FIRST_ROW + 1)}
    assert marked["=cmd|' /C calc'!A0"]
    assert marked["-2+3"]
    assert not marked["TRUE"]


def test_a_csv_cell_never_begins_like_a_formula() -> None:
    content = csv_bytes(hostile().sheets[0])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=名称", "说明"]
    for cells, text in zip(rows[1:], HOSTILE, strict=True):
        assert not cells[0].startswith(("=", "+", "-", "@", "\t", "\r", "\0", "＝"))
        assert cells[0].removeprefix("'") == legal(text)


def test_a_phone_number_survives_being_exported_and_imported_again() -> None:
    column = (ListingColumn("a", "电话"),)
    content = csv_bytes(Listing("t", "s", column, (("+86 138 0000 6612",),)))
    exported = list(csv.reader(StringIO(content.decode("utf-8-sig"))))[1][0]
    assert plain_cell(exported) == "+86 138 0000 6612"


def test_numbers_and_dates_are_numbers_and_dates() -> None:
    columns = (
        ListingColumn("n", "n", CellKind.WHOLE),
        ListingColumn("m", "m", CellKind.AMOUNT),
        ListingColumn("d", "d", CellKind.DATE),
    )
    listing = Listing("t", "s", columns, ((7, Decimal("1180000.50"), date(2026, 2, 28)), (None, None, None)))
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(Workbook("t", "me", date(2026, 11, 21), (listing,))))).active
    cells = [sheet.cell(FIRST_ROW + 1, at) for at in (1, 2, 3)]
    assert [cell.value for cell in cells] == [7, 1180000.5, datetime(2026, 2, 28)]  # noqa: DTZ001  # sheets know no zone
    assert [cell.number_format for cell in cells] == ["0", "#,##0.00", "yyyy-mm-dd"]
    assert csv_bytes(listing).decode("utf-8-sig").splitlines()[1] == "7,1180000.50,2026-02-28"


def test_columns_are_as_wide_as_chinese_text_and_headings_stay_in_sight() -> None:
    columns = (ListingColumn("a", "甲"), ListingColumn("b", "乙"), ListingColumn("c", "丙", CellKind.LONG_TEXT))
    listing = Listing("t", "s", columns, (("苏州启明食品有限公司", "ab", "长" * 500),))
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(Workbook("t", "me", date(2026, 11, 21), (listing,))))).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] > 20
    assert widths[1] < 8
    assert widths[2] < 60
    assert sheet.freeze_panes == f"C{FIRST_ROW + 1}"
    assert sheet.print_title_rows == f"${FIRST_ROW}:${FIRST_ROW}"
    assert sheet.auto_filter.ref == f"A{FIRST_ROW}:C{FIRST_ROW + 1}"


def test_a_text_longer_than_a_cell_holds_is_cut() -> None:
    listing = Listing("t", "s", (ListingColumn("a", "甲"),), (("长" * 40_000,),))
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(Workbook("t", "me", date(2026, 11, 21), (listing,))))).active
    value = sheet.cell(FIRST_ROW + 1, 1).value
    assert len(value) == LONGEST
    assert value.endswith("…")


@pytest.mark.parametrize(
    ("subjects", "names"),
    [
        (["一"], ["《标题》"]),
        (["a", "A"], ["a", "A 2"]),
        (["'x'", "[]"], ["x", "《标题》"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 29 + " 2"]),
    ],
)
def test_sheets_have_names_that_spreadsheets_take(subjects: list[str], names: list[str]) -> None:
    sheets = [Listing("《标题》", subject, (), ()) for subject in subjects]
    assert list(sheet_names(sheets)) == names
