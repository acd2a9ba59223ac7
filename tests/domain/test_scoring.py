"""The total decides the grade; warnings never change it (handbook A, stage 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.playbook import Criterion, Grade, Scoring
from salestui.domain.scoring import grade_for, missing, possible_range, total, warnings
from salestui.playbooks.loader import builtin
from tests.domain.builders import said

HANDBOOK = builtin("expansion").scoring
assert HANDBOOK is not None
KEYS = [criterion.key for criterion in HANDBOOK.criteria]
WEIGHTED = Scoring(
    (
        Criterion("fit", said("Fit"), said("fit"), said("-"), 0, 3, (said("-"),) * 4, weight=10),
        Criterion("time", said("Time"), said("time"), said("-"), -2, 2, (said("-"),) * 5, weight=3),
    ),
    (Grade("hot", said("Hot"), said("-"), said("-"), 20), Grade("cold", said("Cold"), said("-"), said("-"), 5)),
    evidence_required=False,
)


def values(*points: int) -> dict[str, int]:
    return dict(zip(KEYS, points, strict=True))


@pytest.mark.parametrize(
    ("points", "grade"), [(25, "A"), (20, "A"), (19, "B"), (15, "B"), (14, "C"), (5, "C"), (0, "C"), (-3, "C")]
)
def test_the_total_gives_the_grade(points, grade):
    assert grade_for(HANDBOOK, points).key == grade


@pytest.mark.parametrize(
    ("given_values", "points"), [({"fit": 3, "time": 2}, 36), ({"fit": 0, "time": -2}, -6), ({"time": 1}, 3), ({}, 0)]
)
def test_weights_count_in_the_total(given_values, points):
    assert total(WEIGHTED, given_values) == points


def test_the_bounds_of_a_scorecard():
    assert (HANDBOOK.lowest, HANDBOOK.highest) == (5, 25)
    assert (WEIGHTED.lowest, WEIGHTED.highest) == (-6, 36)
    assert HANDBOOK.grade("A").at_least == 20
    assert HANDBOOK.grade("D") is None


@pytest.mark.parametrize(
    ("grade", "points", "warned"),
    [
        ("A", (5, 5, 2, 5, 5), True),
        ("A", (5, 5, 5, 1, 5), True),
        ("A", (2, 5, 5, 5, 5), False),
        ("A", (5, 5, 3, 3, 4), False),
        ("B", (5, 5, 2, 2, 2), False),
    ],
)
def test_an_a_with_a_weak_point_is_warned_about(grade, points, warned):
    assert bool(warnings(HANDBOOK, grade, values(*points))) is warned


def test_a_criterion_without_a_value_is_no_weak_point():
    assert warnings(HANDBOOK, "A", {"company_size": 5}) == ()


@pytest.mark.parametrize(
    ("scoring", "points", "evidence", "lacks"),
    [
        (HANDBOOK, values(4, 4, 4, 4, 4), dict.fromkeys(KEYS, "电话"), ()),
        (HANDBOOK, values(4, 4, 4, 4, 4), {**dict.fromkeys(KEYS, "电话"), "budget": " "}, (("budget", "evidence"),)),
        (HANDBOOK, values(0, 6, 4, 4, 4), dict.fromkeys(KEYS, "电话"),
         (("company_size", "range"), ("industry_fit", "range"))),
        (WEIGHTED, {}, {}, (("fit", "value"), ("time", "value"))),
        (WEIGHTED, {"fit": 0, "time": -2}, {}, ()),
    ],
)  # fmt: skip
def test_a_complete_scorecard_lacks_nothing(scoring, points, evidence, lacks):
    assert missing(scoring, points, evidence) == lacks


@given(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5)), st.lists(st.integers(1, 5), min_size=5, max_size=5))
def test_the_range_still_possible_holds_every_way_to_go_on(begun, rest):
    low, high = possible_range(HANDBOOK, begun)
    assert low <= total(HANDBOOK, {**values(*rest), **begun}) <= high
