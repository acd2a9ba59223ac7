"""Contacts: people at customers. A removed one stays in the table and in no list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salestui.domain.records import Contact
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.store import Transaction

__all__ = ["by_id", "insert", "of", "remove", "update"]


def _record(row: Any) -> Contact:
    return Contact(
        id=row.id,
        customer=row.customer_id,
        name=row.name,
        title=row.title,
        phone=row.phone,
        email=row.email,
        role=row.role,
        stance=row.stance,
        cares_about=row.cares_about,
        note=row.note,
        version=row.version,
    )


def _there() -> Any:
    return t.Contact.select().where(~t.Contact.removed)


def of(customer: int) -> tuple[Contact, ...]:
    """Return the people at a customer, in the order they were entered."""
    return tuple(_record(row) for row in _of(customer))


@compiled
def _of(customer: int) -> Any:
    return _there().where(t.Contact.customer == customer).order_by(t.Contact.id)


def by_id(number: int) -> Contact | None:
    """Return the contact with this number, or None where there is none or it was removed."""
    row = _there().where(t.Contact.id == number).first()
    return _record(row) if row else None


def insert(customer: int, values: Mapping[str, object], now: datetime) -> int:
    """Add a person at a customer; return the number."""
    row = t.Contact.create(customer=customer, **values, created_at=now)
    return int(row.id)


def update(tx: Transaction, number: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change columns of a contact; False when it is not at the expected version."""
    return bool(tx.bump(t.Contact, number, expected_version, changes))


def remove(tx: Transaction, number: int, expected_version: int | None) -> bool:
    """Take a contact out of all lists; False when it is not at the expected version."""
    return update(tx, number, expected_version, {"removed": True})
