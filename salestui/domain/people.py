"""People who use the product, each with one permission; what that allows stands in `domain.permissions`."""

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
