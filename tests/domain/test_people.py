"""The one table of who may do what."""

import pytest

from salestui.domain.people import Actor, Permission
from salestui.domain.permissions import Act, refusal

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
IN_OWN_NAME = (None, "only_manager", None, None, None, None)
MANAGER = ("only_manager", "only_manager", None, None, None, None)
MANAGER_NOT_OWNER = ("only_manager", "only_manager", None, "not_own_deal", None, "not_own_deal")
ADMIN = ("only_admin", "only_admin", "only_admin", "only_admin", None, None)
TABLE = {
    Act.SEE_DEAL: OWNER_OR_MANAGER,
    **dict.fromkeys(
        (Act.MOVE_DEAL, Act.EDIT_DEAL, Act.CLOSE_DEAL, Act.REOPEN_DEAL, Act.EDIT_CAMPAIGN), OWNER_OR_MANAGER
    ),
    **dict.fromkeys((Act.EDIT_CUSTOMER, Act.FILL_OUTPUT, Act.EDIT_TALK, Act.RECORD_EXCEPTION), OWNER_OR_MANAGER),
    **dict.fromkeys((Act.ENTER_FOR, Act.PLAN_FOR), IN_OWN_NAME),
    **dict.fromkeys((Act.CANCEL_WON_DEAL, Act.REASSIGN_DEAL, Act.GIVE_AWAY, Act.WITHDRAW_SHARED_OUTPUT), MANAGER),
    **dict.fromkeys((Act.REVOKE_EXCEPTION, Act.IMPORT_INTO_STAGE, Act.UPGRADE_PLAYBOOK, Act.HAND_OVER), MANAGER),
    **dict.fromkeys((Act.MANAGE_USERS, Act.MANAGE_SETTINGS, Act.INSTALL_PLAYBOOK, Act.ERASE_PERSON), ADMIN),
    **dict.fromkeys((Act.BACK_UP, Act.RESTORE), ADMIN),
    Act.GRANT_EXCEPTION: MANAGER_NOT_OWNER,
    Act.CHANGE_REVIEW: (None, "only_requester_or_manager", None, None, None, None),
    Act.NAME_DEPUTY: (None, "only_himself_or_admin", "only_himself_or_admin", None, None, None),
}


@pytest.mark.parametrize("act", Act)
def test_the_table_says_who_may(act):
    assert tuple(refusal(person, act, OWNER) for person in PEOPLE.values()) == TABLE[act]


def test_every_act_is_in_the_table():
    assert set(Act) == set(TABLE)


def test_a_rep_owns_nothing_that_has_no_owner():
    assert refusal(PEOPLE["owner"], Act.MOVE_DEAL) == "only_owner_or_manager"


def test_several_may_own_a_thing():
    assert refusal(PEOPLE["rep"], Act.EDIT_TALK, {1, 2}) is None
    assert refusal(PEOPLE["rep"], Act.EDIT_TALK, ()) == "only_owner_or_manager"
