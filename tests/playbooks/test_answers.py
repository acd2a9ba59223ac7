"""A column whose rows another output answers: what may stand in its rule."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from salestui.playbooks.check import problems_of

RULE = {"answers": "solution", "since": "date", "unless": "decision", "values": ["declined"]}
AT = "stages.solution.outputs.presentation_record.fields.feedback.columns.answered_in"


def book(rule: dict[str, Any], **column: Any) -> dict[str, Any]:
    """The first handbook with another rule, on the column that names the answer."""
    tree = tomllib.loads((resources.files("salestui.playbooks") / "expansion.toml").read_text("utf-8"))
    stage = next(stage for stage in tree["stages"] if stage["key"] == "solution")
    record = next(output for output in stage["outputs"] if output["key"] == "presentation_record")
    table = next(field for field in record["fields"] if field["key"] == "feedback")
    answer = next(each for each in table["columns"] if each["key"] == "answered_in")
    answer |= {"rules": [rule], **column}
    return tree


@pytest.mark.parametrize("rule", [RULE, {"answers": "solution"}, {"answers": "needs_analysis", "since": "date"}])
def test_a_rule_that_points_at_what_is_there_is_taken(rule: dict[str, Any]) -> None:
    assert problems_of(book(rule)) == ()


@pytest.mark.parametrize(
    ("rule", "column", "where"),
    [
        ({"answers": "nowhere"}, {}, ".rules[1].answers"),
        ({"answers": "presentation_record"}, {}, ".rules[1].answers"),
        ({"answers": "negotiation_record"}, {}, ".rules[1].answers"),
        ({"answers": "scoring_sheet"}, {}, ".rules[1].answers"),
        ({"answers": "solution"}, {"type": "text", "min": None}, ".rules[1].answers"),
        ({"answers": "solution"}, {"required": True}, ".rules[1].answers"),
        ({**RULE, "since": "who"}, {}, ".rules[1].since"),
        ({**RULE, "unless": "who"}, {}, ".rules[1].unless"),
        ({**RULE, "values": ["perhaps"]}, {}, ".rules[1].values[1]"),
        ({"answers": "solution", "unless": "decision"}, {}, ".rules[1]"),
        ({"answers": "solution", "values": ["declined"]}, {}, ".rules[1]"),
        ({"answers": "solution", "after": "today"}, {}, ".rules[1]"),
        ({"distinct": "who", "at_least": 2, "since": "date"}, {}, ".rules[1].since"),
    ],
)
def test_a_rule_that_cannot_work_is_told_where_it_stands(
    rule: dict[str, Any], column: dict[str, Any], where: str
) -> None:
    given = {key: value for key, value in column.items() if value is not None}
    tree = book(rule, **given)
    if column.get("type") == "text":
        _drop_bounds(tree)
    assert [path for path, _problem in problems_of(tree)][:1] == [f"{AT}{where}"]


def _drop_bounds(tree: dict[str, Any]) -> None:
    for stage in tree["stages"]:
        for output in stage["outputs"]:
            for field in output.get("fields", ()):
                for column in field.get("columns", ()):
                    if column["key"] == "answered_in":
                        del column["min"]
