"""Faults of a place that several people share: each says what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from salestui.errors.storage import AtPath, DatabaseUnreadable, StorageFault
from salestui.i18n import gettext as _


class NotInGroup(DatabaseUnreadable):
    """The database lies in a directory of a group that this person does not belong to."""

    code = "not_in_group"

    def __init__(self, path: Path | str, group: str, login: str) -> None:
        StorageFault.__init__(self, path=str(path), group=group, login=login)

    def template(self) -> str:
        return _(
            "You may not enter {path}: it is for the group {group}. Ask an administrator of this machine to run: "
            "sudo usermod -aG {group} {login}. Then log out and in again."
        )


class UnknownGroup(StorageFault):
    """There is no such group on this machine."""

    code = "unknown_group"

    def __init__(self, group: str) -> None:
        super().__init__(group=group)

    def template(self) -> str:
        return _("This machine has no group {group}. Make it with: sudo groupadd {group}")


class UnknownAccount(StorageFault):
    """There is no such account on this machine."""

    code = "unknown_account"

    def __init__(self, login: str) -> None:
        super().__init__(login=login)

    def template(self) -> str:
        return _("This machine has no account {login}. Give the login of whoever is to administer salestui.")


class DirectoryInUse(AtPath):
    """The directory holds other things, whose modes are not ours to change; `reason` is the first of them."""

    code = "directory_in_use"

    def template(self) -> str:
        return _(
            "{path} holds other things ({reason}), and all of it would be opened to the group. Choose a directory of "
            "its own, which need not exist yet."
        )


class NotYoursToShare(AtPath):
    """This person cannot give the directory to the group: neither the administrator nor a member of it."""

    code = "not_yours_to_share"

    def __init__(self, path: Path | str, group: str) -> None:
        StorageFault.__init__(self, path=str(path), group=group)

    def template(self) -> str:
        return _("You may not give {path} to the group {group}. Run the same command with sudo.")


class NoGroups(StorageFault):
    """This system has no groups of the kind that a shared database needs."""

    code = "no_groups"

    def template(self) -> str:
        return _("A shared SQLite database needs a Unix server. On Windows use PostgreSQL for several people.")
