from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.errors import CorruptValue
from salestui.storage.fields import IsoDate, Json, UtcDateTime, canonical_json, utc_text

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS)
def test_a_time_comes_back_as_it_was_stored(moment):
    field = UtcDateTime()
    assert field.python_value(field.db_value(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_stored_times_sort_as_the_times_do(one, other):
    assert (utc_text(one) < utc_text(other)) == (one < other)


def test_a_time_of_any_zone_is_stored_in_utc_with_fixed_width():
    beijing = timezone(timedelta(hours=8))
    assert utc_text(datetime(2026, 11, 21, 7, 30, tzinfo=beijing)) == "2026-11-20T23:30:00.000000Z"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        UtcDateTime().db_value(datetime(2026, 11, 21))  # noqa: DTZ001


@pytest.mark.parametrize(
    "stored", ["2026-11-21 09:00:00", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00.000000", "gestern", 7]
)
def test_a_stored_time_of_another_form_is_reported_as_corrupt(stored):
    field = UtcDateTime()
    field.name = "at"
    with pytest.raises(CorruptValue, match="at"):
        field.python_value(stored)


@given(st.dates())
def test_a_date_comes_back_as_it_was_stored(day):
    field = IsoDate()
    assert field.python_value(field.db_value(day)) == day


def test_a_time_is_not_taken_for_a_date():
    with pytest.raises(TypeError):
        IsoDate().db_value(datetime(2026, 11, 21, tzinfo=UTC))


def test_a_stored_date_of_another_form_is_reported_as_corrupt():
    field = IsoDate()
    field.name = "expected_on"
    with pytest.raises(CorruptValue, match="expected_on"):
        field.python_value("21.11.2026")


def test_nothing_is_stored_as_nothing():
    for field in (UtcDateTime(), IsoDate(), Json()):
        assert field.db_value(None) is None
        assert field.python_value(None) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES.filter(lambda value: value is not None))
def test_json_comes_back_as_it_was_stored(value):
    field = Json()
    assert field.python_value(field.db_value(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "关卡"}, '{"a":"关卡","b":1}'),
        ([1, None, True], "[1,null,true]"),
        ("", '""'),
    ],
)
def test_equal_values_have_one_json_text(value, text):
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_json_knows_no_nan_and_no_infinity(value):
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(value)


def test_a_date_must_be_text_before_it_becomes_json():
    with pytest.raises(TypeError):
        canonical_json({"on": date(2026, 11, 21)})


def test_broken_stored_json_is_reported_as_corrupt():
    field = Json()
    field.name = "values"
    with pytest.raises(CorruptValue, match="values"):
        field.python_value("{")
