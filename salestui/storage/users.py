"""The people who may use the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from salestui.domain.people import Permission
from salestui.domain.records import User
from salestui.errors import CorruptValue
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.store import Transaction

__all__ = ["any_there", "by_id", "by_login", "everyone", "insert", "update"]


def _record(row: Any) -> User:
    try:
        permission = Permission(row.permission)
    except ValueError as error:
        raise CorruptValue("permission", row.permission) from error
    return User(row.id, row.login, row.name, permission, frozenset(row.roles), row.active, row.version)


def any_there() -> bool:
    """Tell whether the table has a user at all."""
    return bool(t.User.select().exists())


def everyone() -> tuple[User, ...]:
    """Return all users, those who left included, in the order they were added."""
    return tuple(_record(row) for row in _everyone())


@compiled
def _everyone() -> Any:
    return t.User.select().order_by(t.User.id)


def by_login(login: str) -> User | None:
    """Return the user with this login, or None."""
    row = t.User.get_or_none(t.User.login == login)
    return _record(row) if row else None


def by_id(number: int) -> User | None:
    """Return the user with this number, or None."""
    return next((_record(row) for row in _numbered(number)), None)


@compiled
def _numbered(number: int) -> Any:
    return t.User.select().where(t.User.id == number)


def insert(login: str, name: str, permission: Permission, roles: Iterable[str], now: datetime) -> int:
    """Add a user; return the number."""
    row = t.User.create(
        login=login, name=name, permission=permission.value, roles=sorted(roles), active=True, created_at=now
    )
    return int(row.id)


def update(tx: Transaction, number: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change a user; False when it is not at the expected version."""
    return bool(tx.bump(t.User, number, expected_version, changes))
