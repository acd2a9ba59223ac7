"""Customers in campaigns: their class there, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salestui.domain.lists import ClassMember
from salestui.domain.records import Membership
from salestui.storage import tables as t
from salestui.storage.store import Transaction

__all__ = ["campaigns_of", "classify", "find", "insert", "members"]


def find(customer: int, campaign: int) -> Membership | None:
    """Return the customer's place in the campaign, or None where it is not in it."""
    row = t.Membership.get_or_none((t.Membership.customer == customer) & (t.Membership.campaign == campaign))
    return _record(row) if row else None


def _record(row: Any) -> Membership:
    return Membership(row.id, row.customer_id, row.campaign_id, row.classification, row.reason, row.version)


def insert(customer: int, campaign: int, now: datetime) -> Membership:
    """Put a customer into a campaign."""
    return _record(t.Membership.create(customer=customer, campaign=campaign, created_at=now))


def classify(tx: Transaction, number: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Give a membership its class and reason, by the transaction's actor; False when it is not at the version."""
    who_and_when = {"classified_at": tx.now, "classified_by": tx.actor.id}
    return bool(tx.bump(t.Membership, number, expected_version, {**changes, **who_and_when}))


def campaigns_of(customer: int) -> tuple[int, ...]:
    """Return the numbers of the campaigns a customer is in, in the order it joined them."""
    query = t.Membership.select(t.Membership.campaign).where(t.Membership.customer == customer)
    return tuple(number for (number,) in query.order_by(t.Membership.id).tuples())


def members(campaign: int) -> tuple[ClassMember, ...]:
    """Return the customers of a campaign with their classes, by name."""
    m, c, u = t.Membership, t.Customer, t.User
    query = (
        m.select(
            c.id, c.name, c.short_name, m.classification, m.reason, m.classified_at, u.name.alias("by_name"), m.version
        )
        .join(c, on=(m.customer == c.id))
        .switch(m)
        .left_outer_join(u, on=(m.classified_by == u.id))
        .where(m.campaign == campaign)
        .order_by(c.name_key, c.id)
        .tuples()
    )
    return tuple(_member(*row) for row in query)


def _member(
    customer: int,
    name: str,
    short_name: str,
    classification: str,
    reason: str,
    at: datetime | None,
    by: str | None,
    version: int,
) -> ClassMember:
    return ClassMember(customer, name, short_name or name, classification, reason, at, by or "", version)
