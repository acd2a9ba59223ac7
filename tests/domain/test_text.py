"""What people typed, made safe; names compared as people compare them; money, days and short names."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.dates import short_day, short_moment
from salestui.domain.money import Money, digits
from salestui.domain.names import shortest
from salestui.domain.text import clean, clean_name, core_name, same_name
from tests.domain.builders import SHANGHAI

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("苏州启明", "苏州启明"),
        ("  two  words ", "two  words"),
        ("one\ntwo\tthree", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("[/] [@click=app.quit]x", "[/] [@click=app.quit]x"),
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        (f"{FAMILY}！", f"{FAMILY}！"),
        ("‍a‍b‍", "ab"),
        ("Cafe\u0301", "Café"),
        ("\r\n\x00", ""),
        ("\u2028\u2029x", "x"),
        ("\ue000x", "x"),
    ],
)
def test_text_loses_what_is_not_seen(raw, cleaned):
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"), [("a\r\nb\rc\td\n", "a\nb\nc\td"), ("  indented\n", "  indented"), ("a\u2028b", "a b")]
)
def test_long_text_keeps_its_lines(raw, cleaned):
    assert clean(raw, lines=True) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw):
    for lines in (False, True):
        once = clean(raw, lines=lines)
        assert clean(once, lines=lines) == once
        kept = {"\n", "\t"} if lines else set()
        assert not [c for c in once if unicodedata.category(c) in {"Cc", "Cs"} and c not in kept]


@pytest.mark.parametrize(
    ("raw", "name"), [(" 林　悦 ", "林 悦"), ("ACME \n Corp", "ACME Corp"), ("\x1b", ""), ("a\u00a0 b", "a b")]
)
def test_a_name_stands_on_one_line_with_single_spaces(raw, name):
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ科技", "abc 科技"),
        ("苏州（启明）", "苏州(启明)"),
        ("Straße", "STRASSE"),
        ("１２３", "123"),
        ("林　悦", "林悦"),
    ],
)
def test_names_are_the_same_whatever_their_width_case_and_spaces(one, other):
    assert same_name(one) == same_name(other)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("苏州启明食品有限公司", "苏州启明食品"),
        ("苏州启明食品股份有限公司", "苏州启明食品"),
        ("启明集团有限公司", "启明"),
        ("ACME Co., Ltd.", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("公司", "公司"),
        ("Inc", "inc"),
        ("启明", "启明"),
    ],
)
def test_company_suffixes_are_no_part_of_the_core(name, core):
    assert core_name(name) == core


# Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("680000", "CNY", 68000000),
        ("0.01", "CNY", 1),
        ("-3.5", "EUR", -350),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
    ],
)
def test_money_counts_minor_units(amount, currency, minor):
    money = Money.from_amount(amount, currency)
    assert money == Money(minor, currency)
    assert money.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.001", "CNY"), ("1.5", "JPY"), ("x", "CNY"), ("NaN", "CNY"), ("Infinity", "CNY"), ("", "CNY")],
)
def test_what_is_no_amount_is_refused(amount, currency):
    with pytest.raises(ValueError, match=r"amount|minor units"):
        Money.from_amount(amount, currency)


def test_money_is_shown_with_its_currency():
    assert str(Money(123456789, "CNY")) == "1,234,567.89 CNY"
    assert str(Money(1200, "JPY")) == "1,200 JPY"


@given(st.integers(-(10**15), 10**15), st.sampled_from(["CNY", "JPY", "KWD", "EUR"]))
def test_money_loses_nothing_on_its_way_through_a_number(minor, currency):
    assert Money.from_amount(Money(minor, currency).amount, currency).minor == minor
    assert digits(currency) in {0, 2, 3}


# Names


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["林悦", "王磊"], {"林悦": "林", "王磊": "王"}),
        (["林悦", "林涛", "王磊"], {"林悦": "林悦", "林涛": "林涛", "王磊": "王"}),
        (["Anna Berg", "Ben"], {"Anna Berg": "AB", "Ben": "BE"}),
        (["Anna Berg", "Adam Beck"], {"Anna Berg": "Anna B", "Adam Beck": "Adam B"}),
        (["Anna Berg", "Anna Bonn"], {"Anna Berg": "Anna Berg", "Anna Bonn": "Anna Bonn"}),
        (["Ben", "Benno"], {"Ben": "Ben", "Benno": "Benno"}),
        (["林", "林悦"], {"林": "林", "林悦": "林悦"}),
        (["x", "x"], {"x": "X"}),
        (["", "a"], {"": "", "a": "A"}),
    ],
)
def test_each_person_shows_as_the_shortest_form_that_is_nobody_elses(names, short):
    assert shortest(names) == short


@given(st.lists(st.sampled_from(["林悦", "林涛", "林", "Li Na", "Lin Nan", "Lin", "LN", "王磊", "Wang Lei"])))
def test_no_two_people_show_alike(names):
    short = shortest(names)
    assert set(short) == set(names)
    assert len(set(short.values())) == len(short)


# Days


@pytest.mark.parametrize(
    ("language", "day", "moment"), [("zh", "11-08", "11-08 07:05"), ("en", "8 Nov", "8 Nov 07:05")]
)
def test_days_and_moments_read_the_way_people_write_them(language, day, moment):
    assert short_day(date(2026, 11, 8), language) == day
    assert short_moment(datetime(2026, 11, 7, 23, 5, tzinfo=UTC), SHANGHAI, language) == moment
