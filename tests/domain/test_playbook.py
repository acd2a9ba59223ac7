"""A playbook as data: how its parts are found, and in which order stages follow."""

import pytest

from salestui.domain.case import is_asked
from salestui.domain.playbook import Choice, FieldType, KeyAction, MetBy, Text
from salestui.domain.sending import sent_date
from salestui.domain.team import TeamSettings, zone_named
from tests.domain.builders import NOW, TEAM, book, facts, form, line, lives, said, stage
from tests.domain.codes import ROLES, SEND, rule

TABLE = line("rows", FieldType.TABLE, columns=(line("kind", choices=(Choice("x", said("X")),)),))
BOOK = book(
    stage("one", form("paper", TABLE), actions=(KeyAction("act", said("Act")),)),
    stage("old", lives("checked", MetBy.REVIEW, review=rule("paper")), retired=True, delivery=True),
    stage("two", form("letter", review=rule("letter")), delivery=True),
    stage("last"),
    roles=ROLES,
)


def test_stages_follow_each_other_past_the_retired_ones():
    assert [BOOK.next_stage(each.key) and BOOK.next_stage(each.key).key for each in BOOK.stages] == [
        "two",
        "two",
        "last",
        None,
    ]
    assert [each.key for each in BOOK.through("two")] == ["one", "old", "two"]
    assert [each.key for each in BOOK.asked_at("two")] == ["one", "two"]
    assert [each.key for each in BOOK.asked_at("old")] == ["one", "old"]
    assert BOOK.first_stage().key == "one"
    assert book(stage("gone", retired=True), stage("here")).first_stage().key == "here"
    assert BOOK.has_stage("old")
    assert not BOOK.has_stage("nowhere")


def test_delivery_begins_at_the_first_stage_in_use_that_delivers():
    assert BOOK.delivery_stage().key == "two"
    assert book(stage("one"), stage("old", delivery=True, retired=True)).delivery_stage().key == "old"
    assert book(stage("one")).delivery_stage() is None


def test_parts_are_found_by_their_keys():
    assert BOOK.stage_of("letter").key == "two"
    assert BOOK.action("act")[0].key == "one"
    assert BOOK.output("paper").field("rows").column("kind").choice("x").text == Text("X", "X")
    assert BOOK.output("paper").field("rows").column("kind").choice("y") is None
    assert BOOK.role("legal").title.get("en") == "Legal"
    assert BOOK.role("nobody") is BOOK.customer_class("none") is BOOK.talk_output() is None


@pytest.mark.parametrize(
    "find",
    [
        lambda: BOOK.stage("nowhere"),
        lambda: BOOK.output("nothing"),
        lambda: BOOK.stage_of("nothing"),
        lambda: BOOK.action("nothing"),
        lambda: BOOK.output("paper").field("nothing"),
    ],
)
def test_what_is_not_there_is_not_found(find):
    with pytest.raises(KeyError):
        find()


def test_an_output_is_reviewed_by_its_own_rule_or_by_that_of_a_record():
    assert BOOK.review_of("letter").of == "letter"
    assert BOOK.review_of("paper").of == "paper"
    assert BOOK.review_of("checked") is None


@pytest.mark.parametrize(
    ("output", "values", "day"),
    [
        (form("a", send=SEND), {"sent_on": "2026-11-20"}, "2026-11-20"),
        (form("a", send=SEND), {"sent_on": ""}, ""),
        (form("a", send=SEND), {}, None),
        (form("a", send=SEND), None, None),
        (form("a"), {"sent_on": "2026-11-20"}, None),
    ],
)
def test_the_day_of_sending_is_the_first_date_of_its_form(output, values, day):
    assert sent_date(output, values) == day


def test_an_output_is_asked_unless_it_is_optional():
    assert is_asked(form("a"), facts(BOOK))
    assert not is_asked(form("a", optional=True), facts(BOOK))


@pytest.mark.parametrize(
    ("name", "offset"), [("UTC", 0), ("Asia/Shanghai", 8), ("Mars/Olympus", None), ("../etc", None)]
)
def test_a_time_zone_goes_by_its_name(name, offset):
    zone = zone_named(name)
    assert (zone and NOW.astimezone(zone).utcoffset().total_seconds() / 3600) == offset
    assert TeamSettings(zone=name).calendar.today(NOW) == TEAM.today(NOW)
