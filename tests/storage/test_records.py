"""The query modules of people, playbooks, campaigns, customers, contacts and scores, below the services."""

from datetime import timedelta

import pytest

from salestui.domain.people import Permission
from salestui.domain.team import TeamSettings
from salestui.storage import campaigns, contacts, customers, memberships, playbooks, scores, search, settings, users
from salestui.storage.store import Store
from tests.storage.helpers import LIN, NOW


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with two people, one playbook, one campaign, and one customer in it."""
    with store.transaction(LIN, now=NOW):
        users.insert("lin", "林悦", Permission.ADMIN, ["sales", "legal"], NOW)
        users.insert("chen", "陈默", Permission.REP, [], NOW)
        playbooks.insert("role", 1, text="t", checked="c", digest="d", now=NOW, installed_by=2)
        given = {"name": "华东 拓展", "playbook": "role", "playbook_version": 1, "owner": 2}
        campaigns.insert(given, NOW)
        customers.insert({"name": "启明食品有限公司", "owner": 1}, NOW)
        memberships.insert(1, 1, NOW)
    return store


def test_an_empty_database_has_nothing_and_says_so(store):
    with store.reading():
        assert not users.any_there()
        assert users.everyone() == campaigns.everyone() == playbooks.installed() == search.find("x", 5) == ()
        assert (users.by_id(1), campaigns.by_id(1), customers.by_id(1), contacts.by_id(1)) == (None,) * 4
        assert (users.by_login("lin"), campaigns.by_name(""), memberships.find(1, 1), scores.latest(1)) == (None,) * 4
        assert (playbooks.latest_number("role"), playbooks.digest("role", 1), playbooks.checked("role", 1)) == (
            None,
        ) * 3
        assert (
            customers.named("") == customers.possible_doubles("") == customers.matching("") == customers.page(()) == ()
        )
        assert settings.load() == TeamSettings()
        assert settings.stored() == {}


def test_settings_come_back_as_they_were_saved(store):
    wanted = TeamSettings("Asia/Shanghai", frozenset({6}), frozenset({NOW.date()}), frozenset(), True, "USD")
    with store.transaction(LIN, now=NOW):
        settings.save({"zone": "UTC"})
        settings.save(settings.as_values(wanted))
    with store.reading():
        assert settings.load() == wanted


def test_owners_come_with_number_and_name(filled):
    with filled.reading():
        campaign, customer = campaigns.by_id(1), customers.by_id(1)
        assert (campaign.owner, campaign.owner_name) == (2, "陈默")
        assert (customer.owner, customer.owner_name) == (1, "林悦")
        assert users.by_id(1).roles == {"sales", "legal"}
        assert playbooks.installed()[0].installed_by == "陈默"


def test_a_new_name_is_found_and_the_old_one_is_not(filled):
    with filled.transaction(LIN, now=NOW) as tx:
        assert customers.update(tx, 1, 1, {"name": "宏远 Ltd."})
        assert campaigns.update(tx, 1, 1, {"name": "华南"})
    with filled.reading():
        assert [customer.version for customer in customers.named("宏远LTD.")] == [2]
        assert customers.possible_doubles("宏远")[0].id == 1
        assert customers.named("启明食品有限公司") == ()
        assert (campaigns.by_name("华东拓展"), campaigns.by_name("华 南").version) == (None, 2)


@pytest.mark.parametrize(
    "update",
    [
        lambda tx: users.update(tx, 1, 9, {"name": "x"}),
        lambda tx: campaigns.update(tx, 1, 9, {"note": "x"}),
        lambda tx: customers.update(tx, 1, 9, {"note": "x"}),
        lambda tx: contacts.update(tx, 1, None, {"note": "x"}),
        lambda tx: contacts.remove(tx, 1, None),
        lambda tx: memberships.classify(tx, 1, 9, {"reason": "x"}),
    ],
)
def test_what_is_not_at_the_expected_version_or_not_there_stays(filled, update):
    with filled.transaction(LIN, now=NOW) as tx:
        assert update(tx) is False
    with filled.reading():
        assert customers.by_id(1).note == campaigns.by_id(1).note == ""


def test_a_class_carries_who_gave_it_and_when(filled):
    with filled.transaction(LIN, now=NOW) as tx:
        memberships.classify(tx, 1, 1, {"classification": "risky", "reason": "付款慢"})
    with filled.reading():
        (member,) = memberships.members(1)
        assert (member.classification, member.at, member.by_name, member.version) == ("risky", NOW, "林悦", 2)
        assert memberships.campaigns_of(1) == (1,)


def test_the_score_given_last_counts_whatever_the_clock_said(filled):
    rest = {"playbook_version": 1, "evidence": {}, "grade": "A", "note": "", "by": 2}
    with filled.transaction(LIN, now=NOW):
        for total, days in ((20, 1), (10, 3), (15, 2)):
            scores.insert(1, values={"size": total}, total=total, now=NOW + timedelta(days=days), **rest)
    with filled.reading():
        assert scores.latest(1).total == 15
        assert [(score.total, score.by_name) for score in scores.history(1)] == [
            (15, "陈默"),
            (10, "陈默"),
            (20, "陈默"),
        ]


def test_those_responsible_are_told_by_campaign(filled):
    with filled.reading():
        assert customers.responsible(1) == {1, 2}
        assert customers.responsible(1, 1) == {1, 2}
        assert customers.responsible(1, 9) == {1}
        assert customers.responsible(9) == frozenset()
