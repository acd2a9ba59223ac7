"""The one table of who may do what: every act with each permission, on what is one's own and on what is others'.

What is one's own is said for each act in `OWN`: a deal has its owner, a review who asked for it, a talk whoever held
or wrote it. `docs/permissions.md` shows this table; a test keeps them the same.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from salestui.domain.people import Actor, Permission

__all__ = ["ALLOWED", "OWN", "Act", "Reach", "refusal"]


class Act(StrEnum):
    """The acts that not everybody may do."""

    SEE_DEAL = "see_deal"
    MOVE_DEAL = "move_deal"
    EDIT_DEAL = "edit_deal"
    CLOSE_DEAL = "close_deal"
    REOPEN_DEAL = "reopen_deal"
    CANCEL_WON_DEAL = "cancel_won_deal"
    REASSIGN_DEAL = "reassign_deal"
    ENTER_FOR = "enter_for"
    GIVE_AWAY = "give_away"
    EDIT_CUSTOMER = "edit_customer"
    EDIT_CAMPAIGN = "edit_campaign"
    FILL_OUTPUT = "fill_output"
    WITHDRAW_SHARED_OUTPUT = "withdraw_shared_output"
    EDIT_TALK = "edit_talk"
    PLAN_FOR = "plan_for"
    CHANGE_REVIEW = "change_review"
    NAME_DEPUTY = "name_deputy"
    GRANT_EXCEPTION = "grant_exception"
    RECORD_EXCEPTION = "record_exception"
    REVOKE_EXCEPTION = "revoke_exception"
    IMPORT_INTO_STAGE = "import_into_stage"
    UPGRADE_PLAYBOOK = "upgrade_playbook"
    HAND_OVER = "hand_over"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    INSTALL_PLAYBOOK = "install_playbook"
    ERASE_PERSON = "erase_person"
    BACK_UP = "back_up"
    RESTORE = "restore"


class Reach(StrEnum):
    """On what somebody may do an act."""

    NOTHING = "nothing"
    OWN = "own"
    OTHERS = "others"
    ALL = "all"


_OWN_OR_MANAGER: Final = (Reach.OWN, Reach.ALL, Reach.ALL)
_MANAGER: Final = (Reach.NOTHING, Reach.ALL, Reach.ALL)
_ADMIN: Final = (Reach.NOTHING, Reach.NOTHING, Reach.ALL)

_TABLE: Final[dict[Act, tuple[Reach, Reach, Reach]]] = {
    Act.SEE_DEAL: _OWN_OR_MANAGER,
    Act.MOVE_DEAL: _OWN_OR_MANAGER,
    Act.EDIT_DEAL: _OWN_OR_MANAGER,
    Act.CLOSE_DEAL: _OWN_OR_MANAGER,
    Act.REOPEN_DEAL: _OWN_OR_MANAGER,
    Act.CANCEL_WON_DEAL: _MANAGER,
    Act.REASSIGN_DEAL: _MANAGER,
    Act.ENTER_FOR: _OWN_OR_MANAGER,
    Act.GIVE_AWAY: _MANAGER,
    Act.EDIT_CUSTOMER: _OWN_OR_MANAGER,
    Act.EDIT_CAMPAIGN: _OWN_OR_MANAGER,
    Act.FILL_OUTPUT: _OWN_OR_MANAGER,
    Act.WITHDRAW_SHARED_OUTPUT: _MANAGER,
    Act.EDIT_TALK: _OWN_OR_MANAGER,
    Act.PLAN_FOR: _OWN_OR_MANAGER,
    Act.CHANGE_REVIEW: _OWN_OR_MANAGER,
    Act.NAME_DEPUTY: (Reach.OWN, Reach.OWN, Reach.ALL),
    Act.GRANT_EXCEPTION: (Reach.NOTHING, Reach.OTHERS, Reach.OTHERS),
    Act.RECORD_EXCEPTION: _OWN_OR_MANAGER,
    Act.REVOKE_EXCEPTION: _MANAGER,
    Act.IMPORT_INTO_STAGE: _MANAGER,
    Act.UPGRADE_PLAYBOOK: _MANAGER,
    Act.HAND_OVER: _MANAGER,
    Act.MANAGE_USERS: _ADMIN,
    Act.MANAGE_SETTINGS: _ADMIN,
    Act.INSTALL_PLAYBOOK: _ADMIN,
    Act.ERASE_PERSON: _ADMIN,
    Act.BACK_UP: _ADMIN,
    Act.RESTORE: _ADMIN,
}
ALLOWED: Final[dict[tuple[Act, Permission], Reach]] = {
    (act, permission): reach
    for act, row in _TABLE.items()
    for permission, reach in zip((Permission.REP, Permission.MANAGER, Permission.ADMIN), row, strict=True)
}

OWN: Final[dict[Act, str]] = {
    Act.SEE_DEAL: "seen",
    Act.ENTER_FOR: "himself",
    Act.EDIT_CUSTOMER: "customer",
    Act.EDIT_CAMPAIGN: "campaign",
    Act.FILL_OUTPUT: "output",
    Act.EDIT_TALK: "talk",
    Act.PLAN_FOR: "talk",
    Act.CHANGE_REVIEW: "review",
    Act.NAME_DEPUTY: "himself",
}
"""What is one's own where it is not the deal one owns; `tools/permissions_page.py` says it in words."""

_CODES: Final = {
    Act.CHANGE_REVIEW: "only_requester_or_manager",
    Act.ENTER_FOR: "only_manager",
    Act.PLAN_FOR: "only_manager",
}


def refusal(actor: Actor, act: Act, owners: int | Collection[int] | None = None) -> str | None:
    """Return None when `actor` may do `act` on something owned by these users, else the code that says why not."""
    owned = actor.id == owners if isinstance(owners, int) else owners is not None and actor.id in owners
    reach = ALLOWED[act, actor.permission]
    if reach is Reach.ALL or reach is (Reach.OWN if owned else Reach.OTHERS):
        return None
    if reach is Reach.OTHERS:
        return "not_own_deal"
    if act in _CODES:
        return _CODES[act]
    if ALLOWED[act, Permission.MANAGER] in {Reach.NOTHING, Reach.OWN}:
        return "only_himself_or_admin" if reach is Reach.OWN else "only_admin"
    return "only_owner_or_manager" if reach is Reach.OWN else "only_manager"
