from __future__ import annotations

import json
from datetime import date

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
from salestui.domain.templates import template

FIT = Field(
    "fit",
    FieldType.CHOICE,
    Text("匹配度", "Fit"),
    help=Text("看需求", "look at the needs"),
    required=True,
    choices=(Choice("high", Text("高", "High")),),
    passes=("high",),
    rules=(RequiredWhen("rating", below=7), RequiredWhen("mood", values=("bad",)), After("today"), After("start")),
)
TABLE = Field(
    "rows",
    FieldType.TABLE,
    Text("行", "Rows"),
    columns=(Field("kind", FieldType.DECIMAL, Text("类", "Kind"), min=1, max=5, decimals=2),),
    min_rows=2,
    rules=(Distinct("kind", 2), Covers("kind", ("a", "b"))),
)


def test_a_template_tells_a_script_everything_the_contract_names() -> None:
    document = template((FIT, TABLE), FileRule(1, None, ("pdf",)), 3, {"fit": "high"}, "en", date(2026, 11, 19))
    assert json.loads(json.dumps(document)) == document
    assert document["format"] == "salestui.template/1"
    assert document["files"] == {"min": 1, "max": None, "types": ["pdf"]}
    assert document["current"] == {"revision": 3, "values": {"fit": "high"}}
    fields = document["fields"]
    assert isinstance(fields, list)
    assert fields[0] == {
        "key": "fit",
        "type": "choice",
        "label": "Fit",
        "help": "look at the needs",
        "required": True,
        "choices": [{"key": "high", "text": "High"}],
        "passes": ["high"],
        "min": None,
        "max": None,
        "decimals": None,
        "columns": [],
        "min_rows": None,
        "rules": [
            {"required_when": {"field": "rating", "below": 7}},
            {"required_when": {"field": "mood", "values": ["bad"]}},
            {"after": "today", "today": "2026-11-19"},
            {"after": "start"},
        ],
    }
    assert fields[1]["rules"] == [{"distinct": "kind", "at_least": 2}, {"covers": "kind", "values": ["a", "b"]}]
    assert fields[1]["columns"][0]["decimals"] == 2


def test_the_data_may_offer_other_choices_than_the_playbook() -> None:
    offered = {"fit": (Choice("m1", Text("华东", "East")),)}
    fields = template((FIT,), language="zh", choices=offered)["fields"]
    assert isinstance(fields, list)
    assert fields[0]["choices"] == [{"key": "m1", "text": "华东"}]
    assert template(())["current"] == {"revision": 0, "values": {}}
