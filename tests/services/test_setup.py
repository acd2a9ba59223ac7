import pytest

from salestui.domain.people import Actor, Permission
from salestui.errors import UnknownUser
from salestui.services import playbooks, settings, users
from salestui.services.request import Request
from salestui.services.setup import prepare
from tests.services.desk import NOW, Desk


@pytest.mark.parametrize(
    ("zone", "shared", "stored", "votes"),
    [
        ("Asia/Shanghai", False, "Asia/Shanghai", True),
        ("Mars/Olympus", False, "UTC", True),
        (None, True, "UTC", False),
    ],
)
def test_a_fresh_database_becomes_usable(store, zone, shared, stored, votes):
    actor = prepare(store, NOW, "lin", "林悦", zone, shared)
    request = Request(store, actor, NOW)
    assert actor.permission is Permission.ADMIN
    assert actor.roles == frozenset()
    team = settings.team(request)
    assert (team.zone, team.recorded_votes, team.currency) == (stored, votes, "CNY")
    assert [version.key for version in playbooks.installed(request)] == ["expansion", "role"]


def test_preparing_again_changes_nothing(desk: Desk):
    settings.change(desk.admin, {"recorded_votes": False})
    before = len(desk.events())
    assert prepare(desk.store, NOW, "wang", "somebody", "Europe/Berlin") == desk.rep.actor
    assert len(desk.events()) == before
    assert not settings.team(desk.rep).recorded_votes


def test_the_start_of_a_database_is_in_its_history(desk: Desk):
    actions = [(event.action, event.subject, event.actor_name) for event in desk.events()][:4]
    assert actions == [
        ("user.added", "lin", "林悦"),
        ("setting.changed", "settings", "林悦"),
        ("playbook.installed", "expansion", "林悦"),
        ("playbook.installed", "role", "林悦"),
    ]


def test_a_stranger_is_told_whom_to_ask(desk: Desk):
    with pytest.raises(UnknownUser) as caught:
        prepare(desk.store, NOW, "mallory", "Mallory")
    assert "林悦" in str(caught.value)


def test_somebody_who_left_is_a_stranger(desk: Desk):
    users.change(desk.admin, desk.rep.actor.id, active=False)
    with pytest.raises(UnknownUser):
        prepare(desk.store, NOW, "wang", "王磊")


def test_a_first_person_without_a_full_name_goes_by_the_login(store):
    assert prepare(store, NOW, "lin", " \x1b ").name == "lin"


def test_settings_that_are_stored_are_not_set_again(desk: Desk):
    before = len(desk.events())
    with desk.store.transaction(desk.admin.actor, now=NOW) as tx:
        settings.initialise(tx, zone="Europe/Berlin", shared=True, currency="EUR")
    assert (settings.team(desk.rep).zone, len(desk.events())) == ("Asia/Shanghai", before)


def test_whoever_comes_second_to_an_empty_database_is_not_its_administrator(store):
    with store.transaction(Actor(0, "lin", "林悦"), now=NOW):
        users.rows.insert("lin", "林悦", Permission.ADMIN, (), NOW)
    assert users._add_first(store, NOW, "wang", "王磊") is None
