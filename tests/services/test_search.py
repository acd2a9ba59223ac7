import pytest

from salestui.services import contacts, search
from salestui.storage import tables
from tests.services.desk import NOW, Desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    campaign = desk.campaign()
    qiming = desk.customer(
        name="苏州启明食品有限公司", short_name="启明", industry="食品", region="苏州", campaign=campaign
    )
    desk.customer(name="ＡＢＣ Machinery Co., Ltd.", campaign=campaign)
    desk.customer(name="启明", campaign=campaign)
    desk.deal(desk.rep, qiming, campaign)
    contacts.new(
        desk.rep, qiming, {"name": "王启明", "title": "采购经理", "phone": "0512-6688 1234", "email": "w@qm.cn"}
    )
    return desk


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("启明", ["C1", "C3", "D1", "P1"]),
        ("abc", ["C2"]),
        ("ＡＢＣ　ｍａｃｈ", ["C2"]),
        ("食品有限", ["C1", "D1"]),
        ("采购", ["P1"]),
        ("w@qm", ["P1"]),
        ("66881234", ["P1"]),
        ("6688-1234", ["P1"]),
        ("６６８８", ["P1"]),
        ("D1", ["D1"]),
        ("c2", ["C2"]),
        ("p1", ["P1"]),
        ("C9", []),
        ("", []),
        (" \u200b", []),
        ("12", []),
        ("nothing of the kind", []),
        ("%", []),
        ("_", []),
    ],
)
def test_things_are_found_by_any_part_of_what_they_are_called(filled: Desk, text, found):
    assert [hit.shown_id for hit in search.find(filled.rep, text)] == found


def test_the_best_match_comes_first(filled: Desk):
    filled.customer(name="启明东方")
    filled.customer(name="新启明")
    ids = [hit.shown_id for hit in search.find(filled.rep, "启明") if hit.shown_id.startswith("C")]
    assert ids == ["C1", "C3", "C4", "C5"]


def test_a_hit_says_what_it_is(filled: Desk):
    customer, _, deal, contact = search.find(filled.rep, "启明")
    assert (customer.title, customer.detail, customer.customer) == ("苏州启明食品有限公司", "食品 · 苏州", 1)
    assert (deal.title, deal.detail, deal.customer) == ("启明", "华东包装拓展", 1)
    assert (contact.title, contact.detail, contact.customer) == ("王启明", "采购经理 · 苏州启明食品有限公司", 1)


def test_an_id_comes_before_what_has_it_in_its_name(filled: Desk):
    filled.customer(name="C1 Holdings")
    assert [hit.shown_id for hit in search.find(filled.rep, "C1")] == ["C1", "C4"]


def test_a_search_stops_at_its_limit(filled: Desk):
    assert [hit.shown_id for hit in search.find(filled.rep, "启明", limit=2)] == ["C1", "C3"]


def test_what_was_removed_or_merged_is_not_found(filled: Desk):
    contacts.remove(filled.rep, 1)
    with filled.store.transaction(filled.rep.actor, now=NOW):
        tables.Customer.update(merged_into=1).where(tables.Customer.id == 3).execute()
    assert [hit.shown_id for hit in search.find(filled.rep, "启明")] == ["C1", "D1"]
