"""The one table of who may do what."""

import pytest

from salestui.domain.people import WHO, Act, Actor, Permission, refusal

OWNER = 1
PEOPLE = {
    "owner": Actor(1, "wang", "王磊", Permission.REP),
    "rep": Actor(2, "zhao", "赵敏", Permission.REP),
    "manager": Actor(3, "chen", "陈默", Permission.MANAGER),
    "owning manager": Actor(1, "chen", "陈默", Permission.MANAGER),
    "admin": Actor(4, "lin", "林悦", Permission.ADMIN),
    "owning admin": Actor(1, "lin", "林悦", Permission.ADMIN),
}
OWNER_OR_MANAGER = (None, "only_owner_or_manager", None, None, None, None)
MANAGER = ("only_manager", "only_manager", None, None, None, None)
MANAGER_NOT_OWNER = ("only_manager", "only_manager", None, "not_own_deal", None, "not_own_deal")
ADMIN = ("only_admin", "only_admin", "only_admin", "only_admin", None, None)
TABLE = {
    Act.MOVE_DEAL: OWNER_OR_MANAGER,
    Act.EDIT_DEAL: OWNER_OR_MANAGER,
    Act.CLOSE_DEAL: OWNER_OR_MANAGER,
    Act.REOPEN_DEAL: OWNER_OR_MANAGER,
    Act.EDIT_CAMPAIGN: OWNER_OR_MANAGER,
    Act.CANCEL_WON_DEAL: MANAGER,
    Act.REASSIGN_DEAL: MANAGER,
    Act.WITHDRAW_SHARED_OUTPUT: MANAGER,
    Act.IMPORT_INTO_STAGE: MANAGER,
    Act.GRANT_EXCEPTION: MANAGER_NOT_OWNER,
    Act.MANAGE_USERS: ADMIN,
    Act.MANAGE_SETTINGS: ADMIN,
    Act.INSTALL_PLAYBOOK: ADMIN,
    Act.UPGRADE_PLAYBOOK: MANAGER,
    Act.ERASE_PERSON: ADMIN,
}


@pytest.mark.parametrize("act", Act)
def test_the_table_says_who_may(act):
    assert tuple(refusal(person, act, OWNER) for person in PEOPLE.values()) == TABLE[act]


def test_every_act_is_in_the_table():
    assert set(WHO) == set(Act) == set(TABLE)


def test_a_rep_owns_nothing_that_has_no_owner():
    assert refusal(PEOPLE["owner"], Act.MOVE_DEAL) == "only_owner_or_manager"


@pytest.mark.parametrize(
    ("permission", "manages", "administers"),
    [(Permission.REP, False, False), (Permission.MANAGER, True, False), (Permission.ADMIN, True, True)],
)
def test_each_permission_includes_those_before_it(permission, manages, administers):
    person = Actor(1, "a", "A", permission)
    assert (person.manages, person.administers) == (manages, administers)
