"""What lists of all customers and all campaigns show: a few queries for many rows, none for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from salestui.domain.facts import Status
from salestui.domain.records import ActivityState
from salestui.storage import tables

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

ON_BOARD = (Status.OPEN.value, Status.WON.value)

__all__ = [
    "campaign_deals", "campaign_outputs", "campaign_sizes", "classes", "customer_names",
    "deal_counts", "grades", "last_talks",
]  # fmt: skip


def customer_names() -> tuple[str, ...]:
    """Return the names of all customers in their order."""
    query = t.Customer.select(t.Customer.name).where(t.Customer.merged_into.is_null())
    return tuple(name for (name,) in query.order_by(t.Customer.name_key, t.Customer.id).tuples())


def grades(customers: Sequence[int]) -> dict[int, str]:
    """Return the grade of each customer's newest scorecard."""
    m, s = t.Membership, t.Score
    newest = s.select(fn.MAX(s.id)).join(m).where(m.customer.in_(customers)).group_by(m.customer)
    query = s.select(m.customer, s.grade).join(m).where(s.id.in_(newest))
    return dict(query.tuples())


def classes(customers: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return for each customer the campaign that classified it last, and the class's key there."""
    m = t.Membership
    query = m.select(m.customer, m.campaign, m.classification).where(
        m.customer.in_(customers) & (m.classification != "")
    )
    return {customer: (campaign, key) for customer, campaign, key in query.order_by(m.classified_at).tuples()}


def deal_counts(customers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return for each customer how many deals are on the board, and how many there are at all."""
    d = t.Deal
    query = d.select(d.customer, d.status, fn.COUNT(d.id)).where(d.customer.in_(customers))
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for customer, status, count in query.group_by(d.customer, d.status).tuples():
        running, every = counts[customer]
        counts[customer] = (running + (count if status in ON_BOARD else 0), every + count)
    return counts


def last_talks(customers: Sequence[int]) -> dict[int, datetime]:
    """Return when each customer was last spoken to."""
    a = t.Activity
    query = a.select(a.customer, fn.MAX(a.at)).where(a.customer.in_(customers) & (a.state == ActivityState.DONE.value))
    return dict(query.group_by(a.customer).tuples())


def campaign_deals() -> dict[int, tuple[int, dict[str, int]]]:
    """Return for each campaign its number of deals on the board, and their sums in minor units by currency."""
    d = t.Deal
    query = (
        d.select(d.campaign, d.currency, fn.COUNT(d.id), fn.SUM(d.amount_minor))
        .where(d.status.in_(ON_BOARD))
        .group_by(d.campaign, d.currency)
    )
    found: dict[int, tuple[int, dict[str, int]]] = {}
    for campaign, currency, count, total in query.tuples():
        deals, sums = found.get(campaign, (0, {}))
        found[campaign] = (deals + count, {**sums, **({currency: int(total)} if total is not None else {})})
    return found


def campaign_sizes() -> dict[int, int]:
    """Return how many customers are in each campaign."""
    m = t.Membership
    return dict(m.select(m.campaign, fn.COUNT(m.id)).group_by(m.campaign).tuples())


def campaign_outputs(scope: str) -> dict[int, Collection[str]]:
    """Return for each campaign the keys of its outputs that are submitted and not withdrawn."""
    o = t.Output
    query = o.select(o.owner_id, o.key).where((o.scope == scope) & (o.latest > 0) & ~o.withdrawn)
    found: dict[int, set[str]] = defaultdict(set)
    for campaign, key in query.tuples():
        found[campaign].add(key)
    return dict(found)
