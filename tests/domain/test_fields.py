from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.fields import check, distinct_values, failing, is_filled, is_required, normalise, show
from salestui.domain.playbook import (
    After,
    Choice,
    Covers,
    Distinct,
    Field,
    FieldType,
    FileRule,
    RequiredWhen,
    Text,
)

TODAY = date(2026, 11, 19)
SHANGHAI = timezone(timedelta(hours=8))
T = FieldType
LABEL = Text("栏", "Field")
LEVELS = (
    Choice("technical", Text("技术层", "Technical")),
    Choice("purchasing", Text("采购层", "Purchasing")),
    Choice("decision", Text("决策层", "Decision")),
)


def field(type_: FieldType, key: str = "x", **options: object) -> Field:
    return Field(key, type_, LABEL, **options)  # type: ignore[arg-type]


def read(asked: Field, raw: object) -> object:
    values, problems = normalise((asked,), {asked.key: raw}, today=TODAY, zone=SHANGHAI)
    return problems[0].code if problems else values.get(asked.key)


def cny(amount: int) -> dict[str, object]:
    return {"minor": amount * 100, "currency": "CNY"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("68万", cny(680_000)),
        ("68 万元", cny(680_000)),
        ("1.2M", cny(1_200_000)),
        ("1.2亿", cny(120_000_000)),
        ("680k", cny(680_000)),
        ("680,000 CNY", cny(680_000)),
        ("￥680,000", cny(680_000)),
        ("６８０，０００", cny(680_000)),
        (680_000, cny(680_000)),
        ("680000.50", {"minor": 68_000_050, "currency": "CNY"}),
        ("$1,200", {"minor": 120_000, "currency": "USD"}),
        ("USD 12k", {"minor": 1_200_000, "currency": "USD"}),
        ("5000 JPY", {"minor": 5000, "currency": "JPY"}),
        ({"minor": 68_000_000, "currency": "CNY"}, cny(680_000)),
        ({"minor": 1.5, "currency": "CNY"}, "wrong_type"),
        ({"minor": 1, "currency": "yuan"}, "bad_currency"),
        ("1.234", "too_many_decimals"),
        ("0.5 JPY", "too_many_decimals"),
        ("大概六十", "bad_money"),
        ("12x", "bad_money"),
        ("1.2.3", "bad_money"),
        ("99999999999999999", "too_large"),
        (True, "wrong_type"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: object, stored: object) -> None:
    assert read(field(T.MONEY), typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("12-18", "2026-12-18"),
        ("12月18日", "2026-12-18"),
        ("3月5日", "2027-03-05"),
        ("10/18", "2026-10-18"),
        ("今天", "2026-11-19"),
        ("tomorrow", "2026-11-20"),
        ("昨天", "2026-11-18"),
        ("+3", "2026-11-22"),
        ("-2", "2026-11-17"),
        ("+2w", "2026-12-03"),
        ("+1m", "2026-12-19"),
        ("周五", "2026-11-20"),
        ("周一", "2026-11-23"),
        ("下周五", "2026-11-27"),
        ("明年3月1日", "2027-03-01"),
        ("明年 3 月 1 号", "2027-03-01"),
        ("去年12-31", "2025-12-31"),
        ("next year 3-1", "2027-03-01"),
        ("next friday", "2026-11-27"),
        ("2-30", "bad_date"),
        ("2026-13-01", "bad_date"),
        ("someday", "bad_date"),
        (20260305, "wrong_type"),
    ],
)
def test_days_are_read_as_people_type_them(typed: object, stored: str) -> None:
    assert read(field(T.DATE), typed) == stored


def test_a_month_on_from_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    values, _problems = normalise((field(T.DATE),), {"x": "+1m"}, today=date(2026, 1, 31))
    assert values == {"x": "2026-02-28"}


def test_words_for_days_need_to_know_what_today_is() -> None:
    assert normalise((field(T.DATE),), {"x": "明天"})[1][0].code == "bad_date"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-12-18 14:30", "2026-12-18T14:30:00+08:00"),
        ("12-18 14:30", "2026-12-18T14:30:00+08:00"),
        ("今天 9:05", "2026-11-19T09:05:00+08:00"),
        ("14:30", "2026-11-19T14:30:00+08:00"),
        ("明天下午3点半", "2026-11-20T15:30:00+08:00"),
        ("昨天 上午9点", "2026-11-18T09:00:00+08:00"),
        ("2026-12-18T06:30:00Z", "2026-12-18T06:30:00+00:00"),
        ("2026-12-18T14:30:00+08:00", "2026-12-18T14:30:00+08:00"),
        ("2026-12-18", "bad_datetime"),
        ("25:00", "bad_datetime"),
        ("soon", "bad_datetime"),
        (5, "wrong_type"),
    ],
)
def test_moments_are_read_in_the_teams_time_zone(typed: object, stored: str) -> None:
    assert read(field(T.DATETIME), typed) == stored


@pytest.mark.parametrize(
    ("asked", "typed", "stored"),
    [
        (field(T.TEXT), "  caf\u0065\u0301\x1b[2J\u202e  ", "café[2J"),
        (field(T.TEXT), "two\nlines", "two lines"),
        (field(T.TEXT), 7, "7"),
        (field(T.TEXT), ["a"], "wrong_type"),
        (field(T.TEXT), "   ", None),
        (field(T.LONG_TEXT), "two\r\nlines\n\n", "two\nlines"),
        (field(T.PERSON), " 林  悦 ", "林 悦"),
        (field(T.INTEGER), "3", 3),
        (field(T.INTEGER), "１２", 12),
        (field(T.INTEGER), "3.0", 3),
        (field(T.INTEGER), "3.5", "too_many_decimals"),
        (field(T.INTEGER), "three", "bad_number"),
        (field(T.INTEGER), "9" * 5000, "bad_number"),
        (field(T.INTEGER), True, "wrong_type"),
        (field(T.DECIMAL), "12.50%", "12.5"),
        (field(T.DECIMAL), "1e9999999", "bad_number"),
        (field(T.DECIMAL), float("nan"), "bad_number"),
        (field(T.DECIMAL), -0.0, "0"),
        (field(T.YES_NO), "是", True),
        (field(T.YES_NO), "No", False),
        (field(T.YES_NO), 1, True),
        (field(T.YES_NO), "maybe", "bad_yes_no"),
        (field(T.YES_NO), 2, "wrong_type"),
        (field(T.CHOICE, choices=LEVELS), "technical", "technical"),
        (field(T.CHOICE, choices=LEVELS), "决策层", "decision"),
        (field(T.CHOICE, choices=LEVELS), " DECISION ", "decision"),
        (field(T.CHOICE, choices=LEVELS), "nobody", "unknown_choice"),
        (field(T.CHOICES, choices=LEVELS), "decision、技术层", ["technical", "decision"]),
        (field(T.CHOICES, choices=LEVELS), ["decision", "decision"], ["decision"]),
        (field(T.CHOICES, choices=LEVELS), [], None),
        (field(T.CHOICES, choices=LEVELS), 5, "wrong_type"),
        (field(T.TABLE, columns=(field(T.TEXT, "a"),)), ["one", {"a": ""}, {"a": "two"}], [{"a": "one"}, {"a": "two"}]),
        (field(T.TABLE, columns=(field(T.TEXT, "a"),)), "no rows", "wrong_type"),
    ],
)
def test_every_type_has_one_stored_form(asked: Field, typed: object, stored: object) -> None:
    assert read(asked, typed) == stored


def test_what_cannot_be_read_is_named_by_row_and_column_and_the_rest_is_kept() -> None:
    table = field(T.TABLE, "rows", columns=(field(T.TEXT, "what"), field(T.DATE, "when")))
    raw = {"rows": [{"what": "a", "when": "x"}, 5, {"other": 1}], "stranger": 1}
    values, problems = normalise((table,), raw, today=TODAY)
    assert values == {"rows": [{"what": "a"}]}
    assert [(p.where, p.code) for p in problems] == [
        ("stranger", "unknown_field"),
        ("rows.1.when", "bad_date"),
        ("rows.2", "wrong_type"),
        ("rows.3.other", "unknown_field"),
    ]


def codes(fields: tuple[Field, ...], values: dict[str, object], **more: object) -> list[tuple[str, str]]:
    return [(p.where, p.code) for p in check(fields, values, today=TODAY, **more)]  # type: ignore[arg-type]


PEOPLE = field(
    T.TABLE,
    "heard",
    required=True,
    min_rows=2,
    columns=(field(T.TEXT, "name", required=True), field(T.CHOICES, "levels", required=True, choices=LEVELS)),
    rules=(Covers("levels", ("technical", "purchasing", "decision")), Distinct("name", 2)),
)


@pytest.mark.parametrize(
    ("asked", "value", "found"),
    [
        (field(T.TEXT, required=True), None, [("x", "missing")]),
        (field(T.TEXT), None, []),
        (field(T.TEXT), 5, [("x", "wrong_type")]),
        (field(T.INTEGER, min=0, max=10), 11, [("x", "too_large")]),
        (field(T.INTEGER, min=0, max=10), -1, [("x", "too_small")]),
        (field(T.INTEGER, min=0, max=10), 0, []),
        (field(T.INTEGER), "3", [("x", "wrong_type")]),
        (field(T.INTEGER), True, [("x", "wrong_type")]),
        (field(T.DECIMAL, decimals=1), "1.25", [("x", "too_many_decimals")]),
        (field(T.DECIMAL, decimals=1), "1.20", []),
        (field(T.DECIMAL), "NaN", [("x", "wrong_type")]),
        (field(T.MONEY, min=1), cny(0), [("x", "too_small")]),
        (field(T.MONEY), {"minor": "1", "currency": "CNY"}, [("x", "wrong_type")]),
        (field(T.DATE), "2026-02-30", [("x", "bad_date")]),
        (field(T.DATE, rules=(After("today"),)), "2026-11-19", [("x", "not_after")]),
        (field(T.DATE, rules=(After("today"),)), "2026-11-20", []),
        (field(T.DATETIME), "2026-11-19T10:00:00", [("x", "bad_datetime")]),
        (field(T.DATETIME, rules=(After("today"),)), "2026-11-18T10:00:00+08:00", [("x", "not_after")]),
        (field(T.CHOICE, choices=LEVELS), "nobody", [("x", "unknown_choice")]),
        (field(T.CHOICES, choices=LEVELS), ["technical", "nobody"], [("x", "unknown_choice")]),
        (field(T.CHOICES, choices=LEVELS), "technical", [("x", "wrong_type")]),
        (field(T.YES_NO), "yes", [("x", "wrong_type")]),
        (field(T.TABLE, columns=(field(T.TEXT, "a"),)), [5], [("x", "wrong_type")]),
    ],
)
def test_a_value_is_judged_by_its_type_and_bounds(asked: Field, value: object, found: list[tuple[str, str]]) -> None:
    assert codes((asked,), {} if value is None else {"x": value}) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], [("heard", "missing")]),
        (
            [{"name": "赵工", "levels": ["technical"]}, {"levels": ["decision"]}],
            [("heard.2.name", "row_incomplete"), ("heard", "not_distinct"), ("heard", "not_covered")],
        ),
        (
            [{"name": "赵工", "levels": ["technical", "purchasing", "decision"]}],
            [("heard", "too_few_rows"), ("heard", "not_distinct")],
        ),
        (
            [{"name": "赵工", "levels": ["technical", "purchasing"]}, {"name": "李娜", "levels": ["decision"]}],
            [],
        ),
        (
            [
                {"name": "赵工", "levels": ["technical", "purchasing", "decision"]},
                {"name": " 赵 工 ", "levels": ["decision"]},
            ],
            [("heard", "not_distinct")],
        ),
        (
            [
                {"name": "赵工", "levels": ["technical", "purchasing"]},
                {"name": "李娜", "levels": ["decision"], "age": 5},
            ],
            [("heard.2.age", "unknown_field")],
        ),
    ],
)
def test_a_table_is_judged_by_its_rows_and_rules(rows: list[object], found: list[tuple[str, str]]) -> None:
    judged = codes((PEOPLE,), {"heard": rows})
    assert sorted(judged) == sorted(found)


def test_a_field_may_be_asked_only_when_another_is_low_or_has_a_value() -> None:
    follow_up = field(T.TEXT, "follow_up", rules=(RequiredWhen("rating", below=7),))
    reason = field(T.TEXT, "reason", rules=(RequiredWhen("fit", values=("low",)),))
    fields = (field(T.INTEGER, "rating"), field(T.TEXT, "fit"), follow_up, reason)
    assert codes(fields, {"rating": 7, "fit": "high"}) == []
    assert codes(fields, {"rating": 6, "fit": "low"}) == [("follow_up", "missing"), ("reason", "missing")]
    assert not is_required(follow_up, {})
    assert is_required(field(T.TEXT, rules=(RequiredWhen("agreed", values=("no",)),)), {"agreed": False})


def test_a_date_may_have_to_lie_after_another() -> None:
    fields = (field(T.DATE, "start"), field(T.DATE, "end", rules=(After("start"),)))
    assert codes(fields, {"start": "2026-11-01", "end": "2026-11-01"}) == [("end", "not_after")]
    assert codes(fields, {"start": "2026-11-01", "end": "2026-11-02"}) == []
    assert codes(fields, {"end": "2026-11-02"}) == []


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((), [("files", "too_few_files")]),
        (0, [("files", "too_few_files")]),
        (3, [("files", "too_many_files")]),
        (("a.PDF",), []),
        (("a.pdf", "b.exe"), [("files.2", "wrong_file_type")]),
        (None, []),
    ],
)
def test_files_are_counted_and_their_types_looked_at(files: object, found: list[tuple[str, str]]) -> None:
    assert codes((), {}, files=files, file_rule=FileRule(1, 2, ("pdf",))) == found


@pytest.mark.parametrize(
    ("asked", "values", "fails"),
    [
        (field(T.YES_NO, passes=("yes",)), {"x": True}, ()),
        (field(T.YES_NO, passes=("yes",)), {"x": False}, ("x",)),
        (field(T.YES_NO, passes=("yes",)), {}, ("x",)),
        (field(T.CHOICE, passes=("high", "medium")), {"x": "medium"}, ()),
        (field(T.CHOICE, passes=("high", "medium")), {"x": "low"}, ("x",)),
        (field(T.CHOICES, passes=("high",)), {"x": ["high", "low"]}, ("x",)),
        (field(T.CHOICE, passes=("high",), rules=(RequiredWhen("y", values=("a",)),)), {}, ()),
        (field(T.CHOICE, passes=("high",), rules=(RequiredWhen("y", values=("a",)),)), {"y": "a"}, ("x",)),
        (field(T.CHOICE), {"x": "low"}, ()),
    ],
)
def test_an_answer_that_does_not_pass_is_named(asked: Field, values: dict[str, object], fails: tuple[str, ...]) -> None:
    assert failing((asked,), values) == fails


def test_kinds_that_read_the_same_count_once() -> None:
    values = {"sources": [{"kind": "访谈"}, {"kind": " 访谈"}, {"kind": "年鉴"}, {}, "no row"]}
    assert distinct_values(values, "sources", "kind") == ("访谈", "年鉴")


@pytest.mark.parametrize(
    ("asked", "value", "filled"),
    [
        (field(T.TEXT), " ", False),
        (field(T.YES_NO), False, True),
        (field(T.INTEGER), 0, True),
        (field(T.CHOICES), [], False),
        (field(T.TABLE, columns=(field(T.TEXT, "a"),)), [{"a": ""}, {}], False),
        (field(T.TABLE, columns=(field(T.TEXT, "a"),)), [{"a": "b"}], True),
    ],
)
def test_filled_means_that_something_is_said(asked: Field, value: object, filled: bool) -> None:
    assert is_filled(asked, value) is filled


@pytest.mark.parametrize(
    ("asked", "value", "zh", "en_short"),
    [
        (field(T.MONEY), cny(1_180_000), "1,180,000.00", "1.2M"),
        (field(T.MONEY), {"minor": 100_00, "currency": "USD"}, "100.00 USD", "100 USD"),
        (field(T.DATE), "2026-11-18", "2026-11-18 周三", "18 Nov"),
        (field(T.DATETIME), "2026-11-18T06:30:00+00:00", "2026-11-18 周三 14:30", "18 Nov 14:30"),
        (field(T.YES_NO), False, "否", "no"),
        (field(T.CHOICE, choices=LEVELS), "decision", "决策层", "Decision"),
        (field(T.CHOICES, choices=LEVELS), ["technical", "decision"], "技术层、决策层", "Technical, Decision"),
        (field(T.INTEGER), 1200, "1,200", "1,200"),
        (field(T.DECIMAL), "1234.5", "1,234.5", "1,234.5"),
        (field(T.LONG_TEXT), "one\ntwo", "one\ntwo", "one"),
        (field(T.TABLE, columns=(field(T.TEXT, "a"), field(T.INTEGER, "b"))), [{"a": "x", "b": 2}], "x   2", "1 row"),
        (field(T.TEXT), None, "", ""),
    ],
)
def test_values_are_shown_in_full_and_in_short(asked: Field, value: object, zh: str, en_short: str) -> None:
    assert show(asked, value, "zh", zone=SHANGHAI) == zh
    assert show(asked, value, "en", short=True, zone=SHANGHAI) == en_short


def test_a_datetime_is_stored_with_its_offset() -> None:
    value = read(field(T.DATETIME), datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI))
    assert value == "2026-11-19T09:00:00+08:00"


EVERYTHING = (
    field(T.TEXT, "text", required=True),
    field(T.LONG_TEXT, "long"),
    field(T.INTEGER, "integer"),
    field(T.DECIMAL, "decimal"),
    field(T.MONEY, "money"),
    field(T.DATE, "date"),
    field(T.DATETIME, "datetime"),
    field(T.YES_NO, "yes_no"),
    field(T.CHOICE, "choice", choices=LEVELS),
    field(T.CHOICES, "choices", choices=LEVELS),
    field(T.PERSON, "person"),
    field(T.TABLE, "table", columns=(field(T.TEXT, "a", required=True), field(T.MONEY, "b"))),
)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["68万", "今天", "14:30", "是", "decision", "+3", "1,2"]),
)
RAW = st.dictionaries(
    st.sampled_from([asked.key for asked in EVERYTHING] + ["stranger"]),
    ANYTHING | st.lists(ANYTHING | st.dictionaries(st.sampled_from(["a", "b", "c"]), ANYTHING)),
)


@given(RAW)
def test_reading_twice_changes_nothing_more(raw: dict[str, object]) -> None:
    values, _problems = normalise(EVERYTHING, raw, today=TODAY)
    again, problems = normalise(EVERYTHING, values, today=TODAY)
    assert again == values
    assert problems == ()


@given(RAW)
def test_what_was_read_has_the_right_types(raw: dict[str, object]) -> None:
    values, _problems = normalise(EVERYTHING, raw, today=TODAY)
    found = {problem.code for problem in check(EVERYTHING, values, today=TODAY)}
    assert found <= {"missing", "row_incomplete"}


@given(
    st.text(),
    st.integers(-(10**7), 10**7),
    st.dates(),
    st.booleans(),
    st.sets(st.sampled_from(["technical", "decision"])),
)
def test_a_complete_form_has_no_problems(text: str, number: int, day: date, yes: bool, levels: set[str]) -> None:
    raw = {
        "text": "a" + text,
        "integer": str(number),
        "money": f"{number}万",
        "date": day.isoformat(),
        "yes_no": yes,
        "choices": list(levels),
        "table": [{"a": "a" + text, "b": number}],
    }
    values, unread = normalise(EVERYTHING, raw, today=TODAY)
    assert unread == ()
    assert check(EVERYTHING, values, today=TODAY) == ()
