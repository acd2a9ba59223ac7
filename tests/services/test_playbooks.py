import pytest

from salestui.domain.outcomes import Done, NotAllowed
from salestui.errors import BadPlaybook, NotFound
from salestui.playbooks import loader
from salestui.services import playbooks
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import tables
from tests.services.desk import NOW, Desk, changes, wrong

TEXT = loader.builtin_text("role")


def edition(version: int, note: str = "") -> str:
    """Return handbook B under another number."""
    return TEXT.replace("version = 1", f"version = {version}", 1) + note


def test_both_handbooks_are_installed_and_equal_to_those_of_the_program(desk: Desk):
    for key in loader.BUILTIN:
        assert playbooks.latest(desk.rep, key) == loader.builtin(key)
        assert playbooks.text(desk.rep, key, 1) == loader.builtin_text(key)
    assert [version.installed_by for version in playbooks.installed(desk.rep)] == ["", ""]


def test_a_playbook_is_built_once(desk: Desk):
    assert playbooks.get(desk.rep, "role", 1) is playbooks.get(desk.admin, "role", 1)


def test_a_new_version_is_added_beside_the_old_one(desk: Desk):
    assert playbooks.install(desk.admin, edition(3), "role.toml") == Done("role", 3, 3)
    assert playbooks.latest(desk.rep, "role").version == 3
    assert playbooks.get(desk.rep, "role", 1).version == 1
    event = desk.events("playbook.installed")[-1]
    assert changes(event) == ({"version": 1}, {"version": 3, "digest": loader.digest(edition(3))})
    assert playbooks.installed(desk.rep)[-1].installed_by == "林悦"


def test_installing_the_same_text_again_does_nothing(desk: Desk):
    before = len(desk.events())
    assert playbooks.install(desk.admin, TEXT.replace("\n", "\r\n"), "role.toml") == Done("role", 1, 1, changed=False)
    assert len(desk.events()) == before


def test_a_version_never_changes_and_numbers_rise(desk: Desk):
    playbooks.install(desk.admin, edition(3), "role.toml")
    assert wrong(playbooks.install(desk.admin, edition(3, "\n# changed"), "role.toml")) == [
        ("version", "version_taken")
    ]
    assert wrong(playbooks.install(desk.admin, edition(2), "role.toml")) == [("version", "version_not_rising")]
    assert playbooks.text(desk.rep, "role", 3) == edition(3)


@pytest.mark.parametrize("who", ["manager", "rep"])
def test_only_an_administrator_installs(desk: Desk, who):
    assert playbooks.install(getattr(desk, who), edition(2), "role.toml") == NotAllowed("only_admin")


def test_a_broken_playbook_is_refused_and_nothing_is_kept(desk: Desk):
    before = len(desk.events())
    with pytest.raises(BadPlaybook, match=r"mine\.toml"):
        playbooks.install(desk.admin, "key = [", "mine.toml")
    assert len(desk.events()) == before


@pytest.mark.parametrize(("key", "version"), [("role", 9), ("nothing", 1)])
def test_what_is_not_installed_is_not_found(desk: Desk, key, version):
    with pytest.raises(NotFound):
        playbooks.get(desk.rep, key, version)
    with pytest.raises(NotFound):
        playbooks.text(desk.rep, key, version)


def test_a_playbook_nobody_installed_has_no_latest_version(desk: Desk):
    with pytest.raises(NotFound):
        playbooks.latest(desk.rep, "nothing")


def test_handbook_a_is_the_default_where_it_is_installed(store):
    actor = prepare(store, NOW, "lin", "林悦")
    request = Request(store, actor, NOW)
    assert playbooks.default_key(request) == "expansion"
    with store.transaction(actor, now=NOW):
        tables.Playbook.delete().where(tables.Playbook.key == "expansion").execute()
    assert playbooks.default_key(request) == "role"
    with store.transaction(actor, now=NOW):
        tables.Playbook.delete().execute()
    with pytest.raises(NotFound):
        playbooks.default_key(request)


def test_the_handbooks_come_back_with_any_start_and_older_ones_are_left_alone(desk: Desk):
    with desk.store.transaction(desk.admin.actor, now=NOW):
        tables.Playbook.delete().where(tables.Playbook.key == "expansion").execute()
    playbooks.install(desk.admin, edition(5), "role.toml")
    assert playbooks.builtin_missing(desk.rep) == ("expansion",)
    assert playbooks.install_builtin(desk.rep).changed
    assert not playbooks.install_builtin(desk.rep).changed
    assert [(version.key, version.version) for version in playbooks.installed(desk.rep)] == [
        ("expansion", 1),
        ("role", 1),
        ("role", 5),
    ]
