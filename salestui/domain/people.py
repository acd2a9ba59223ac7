"""People who use the product, and the one table of what each may do."""

from __future__ import annotations

from enum import StrEnum

from salestui.dataclass import dataclass


class Permission(StrEnum):
    """The fixed permissions; each includes those before it."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a row of the user table, with permission and reviewer roles (keys of the playbooks)."""

    id: int
    login: str
    name: str
    permission: Permission = Permission.REP
    roles: frozenset[str] = frozenset()

    @property
    def manages(self) -> bool:
        """Whether a manager's acts are open to this person."""
        return self.permission in {Permission.MANAGER, Permission.ADMIN}

    @property
    def administers(self) -> bool:
        """Whether users, settings and playbooks are open to this person."""
        return self.permission is Permission.ADMIN


class Act(StrEnum):
    """The acts that not everybody may do; `WHO` says who may."""

    MOVE_DEAL = "move_deal"
    EDIT_DEAL = "edit_deal"
    CLOSE_DEAL = "close_deal"
    CANCEL_WON_DEAL = "cancel_won_deal"
    REOPEN_DEAL = "reopen_deal"
    REASSIGN_DEAL = "reassign_deal"
    GRANT_EXCEPTION = "grant_exception"
    WITHDRAW_SHARED_OUTPUT = "withdraw_shared_output"
    EDIT_CAMPAIGN = "edit_campaign"
    IMPORT_INTO_STAGE = "import_into_stage"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    INSTALL_PLAYBOOK = "install_playbook"
    UPGRADE_PLAYBOOK = "upgrade_playbook"
    ERASE_PERSON = "erase_person"
    BACK_UP = "back_up"
    RESTORE = "restore"


class Who(StrEnum):
    """Who may do an act."""

    OWNER_OR_MANAGER = "owner_or_manager"
    MANAGER = "manager"
    MANAGER_NOT_OWNER = "manager_not_owner"
    ADMIN = "admin"


WHO: dict[Act, Who] = {
    Act.MOVE_DEAL: Who.OWNER_OR_MANAGER,
    Act.EDIT_DEAL: Who.OWNER_OR_MANAGER,
    Act.CLOSE_DEAL: Who.OWNER_OR_MANAGER,
    Act.CANCEL_WON_DEAL: Who.MANAGER,
    Act.REOPEN_DEAL: Who.OWNER_OR_MANAGER,
    Act.REASSIGN_DEAL: Who.MANAGER,
    Act.GRANT_EXCEPTION: Who.MANAGER_NOT_OWNER,
    Act.WITHDRAW_SHARED_OUTPUT: Who.MANAGER,
    Act.EDIT_CAMPAIGN: Who.OWNER_OR_MANAGER,
    Act.IMPORT_INTO_STAGE: Who.MANAGER,
    Act.MANAGE_USERS: Who.ADMIN,
    Act.MANAGE_SETTINGS: Who.ADMIN,
    Act.INSTALL_PLAYBOOK: Who.ADMIN,
    Act.UPGRADE_PLAYBOOK: Who.MANAGER,
    Act.ERASE_PERSON: Who.ADMIN,
    Act.BACK_UP: Who.ADMIN,
    Act.RESTORE: Who.ADMIN,
}


def refusal(actor: Actor, act: Act, owner: int | None = None) -> str | None:
    """Return None when `actor` may do `act` on something owned by user `owner`, else the code that says why not."""
    who = WHO[act]
    if who is Who.ADMIN:
        return None if actor.administers else "only_admin"
    if who is Who.OWNER_OR_MANAGER:
        return None if actor.manages or actor.id == owner else "only_owner_or_manager"
    if not actor.manages:
        return "only_manager"
    if who is Who.MANAGER_NOT_OWNER and actor.id == owner:
        return "not_own_deal"
    return None
