"""Reads what lists of customers are exported from, a whole list at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from salestui.domain.facts import ScoreFact
from salestui.domain.records import Contact
from salestui.storage import tables

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def scores_of(campaign: int) -> dict[int, ScoreFact]:
    """Return the scorecard that counts of every scored customer of a campaign, by customer."""
    query = (
        t.Score.select(t.Score, t.Membership.customer.alias("customer_id"), t.User.name.alias("by_name"))
        .join(t.Membership)
        .switch(t.Score)
        .join(t.User, on=(t.Score.by == t.User.id))
        .where(t.Membership.campaign == campaign)
        .order_by(t.Score.id)
    )
    return {
        row.customer_id: ScoreFact(row.id, row.at, row.by_name, row.values, row.evidence, row.total, row.grade)
        for row in query.objects()
    }


def first_contacts() -> dict[int, Contact]:
    """Return the contact of every customer that was entered first, by customer."""
    query = t.Contact.select().where(~t.Contact.removed).order_by(t.Contact.id.desc())
    return {
        row.customer_id: Contact(
            row.id,
            row.customer_id,
            row.name,
            row.title,
            row.phone,
            row.email,
            row.role,
            row.stance,
            row.cares_about,
            row.note,
            row.version,
        )
        for row in query
    }


def campaigns_of_customers() -> dict[int, tuple[str, ...]]:
    """Return the names of the campaigns of every customer, in the order it joined them."""
    query = t.Membership.select(t.Membership.customer, t.Campaign.name).join(t.Campaign).order_by(t.Membership.id)
    found: dict[int, list[str]] = defaultdict(list)
    for customer, name in query.tuples():
        found[customer].append(name)
    return {customer: tuple(names) for customer, names in found.items()}
