"""Two people at one thing: what only one changed is taken, what both changed clashes, and nothing typed is lost."""

from datetime import UTC, datetime

import pytest

from salestui.domain.merging import merge, settled
from salestui.domain.news import Happened, News
from salestui.domain.playbook import Field, FieldType, Text

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def field(key: str, kind: FieldType = FieldType.TEXT) -> Field:
    columns = (Field("who", FieldType.TEXT, Text("谁", "who")),) if kind is FieldType.TABLE else ()
    return Field(key, kind, Text(key, key), columns=columns)


FIELDS = (field("a"), field("b"), field("day", FieldType.DATE), field("rows", FieldType.TABLE))


@pytest.mark.parametrize(
    ("before", "theirs", "mine", "values", "taken", "clashes"),
    [
        ({"a": "1"}, {"a": "1"}, {"a": "2"}, {"a": "2"}, [], []),
        ({"a": "1"}, {"a": "2"}, {"a": "1"}, {"a": "2"}, ["a"], []),
        ({"a": "1"}, {"a": "2"}, {"a": "3"}, {"a": "3"}, [], ["a"]),
        ({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "2"}, [], []),
        ({"a": "1"}, {"a": ""}, {"a": "1"}, {"a": ""}, ["a"], []),
        ({"a": "1"}, {}, {"a": "1"}, {}, ["a"], []),
        ({"a": "1"}, {"a": "2"}, {}, {}, [], ["a"]),
        ({"a": "1"}, {}, {}, {}, [], []),
        ({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "2"}, ["a"], []),
    ],
)
def test_three_versions_make_one(before, theirs, mine, values, taken, clashes):
    merged = merge(FIELDS, before, theirs, mine, mine)
    assert merged.values == values
    assert [each.key for each in merged.taken] == taken
    assert [each.field.key for each in merged.clashes] == clashes


def test_what_was_typed_and_cannot_be_read_is_kept_word_for_word():
    merged = merge(FIELDS, {"day": "2026-11-01"}, {"day": "2026-12-01"}, {"day": "next week perhaps"}, {})
    assert merged.values == {"day": "next week perhaps"}
    assert [(each.theirs, each.yours) for each in merged.clashes] == [("2026-12-01", "next week perhaps")]


def test_of_a_table_only_the_rows_that_differ_are_shown():
    same, gone, his, mine = ({"who": name} for name in ("same", "gone", "his", "mine"))
    merged = merge(FIELDS, {"rows": [same, gone]}, {"rows": [same, his]}, *[{"rows": [same, mine]}] * 2)
    (clash,) = merged.clashes
    assert (clash.before, clash.theirs, clash.yours) == ([gone], [his], [mine])


def test_a_field_given_up_takes_theirs():
    merged = merge(FIELDS, {"a": "1"}, {"a": "2"}, {"a": "3", "b": "x"}, {"a": "3", "b": "x"})
    assert settled(merged, {"a": "2"}, {"a"}) == {"a": "2", "b": "x"}
    assert settled(merged, {}, {"a"}) == {"b": "x"}


def happened(event: int, **about: object) -> Happened:
    known = {"customer": None, "campaign": None, "deals": frozenset(), **about}
    return Happened(event, NOW, 1, "陈立", "deal.changed", f"D{event}", **known)


def test_news_are_about_a_deal_by_itself_its_customer_or_its_campaign():
    own, company, push = happened(1, deals=frozenset({7})), happened(2, customer=3), happened(3, campaign=4)
    news = News(3, (own, company, push))
    assert news.about_deal(7) is own
    assert news.about_deal(8, customer=3) is company
    assert news.about_deal(8, customer=9, campaign=4) is push
    assert news.about_deal(8, customer=9, campaign=9) is None
    assert not News(3)
    later = News(9, (happened(9),)).after(news)
    assert (later.upto, len(later.events), later.deals) == (9, 4, frozenset({7}))
