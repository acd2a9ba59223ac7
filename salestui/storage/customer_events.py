"""What moved at customers; never changed once it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from salestui.domain.facts import CustomerEventFact
from salestui.storage import tables

__all__ = ["everywhere", "insert", "of"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def insert(
    membership: int, *, kind: str, note: str, day: date, at: datetime, after_score: int, by: int, now: datetime
) -> int:
    """Add an event at a customer in a campaign; return its number."""
    return int(
        t.CustomerEvent.insert(
            membership=membership,
            kind=kind,
            note=note,
            day=day,
            at=at,
            after_score=after_score,
            recorded_at=now,
            by=by,
        ).execute()
    )


def of(memberships: Sequence[int]) -> tuple[CustomerEventFact, ...]:
    """Return what moved at customers in campaigns, in the order it was recorded."""
    query = t.CustomerEvent.select().where(t.CustomerEvent.membership.in_(list(memberships)))
    return tuple(_fact(row) for row in query.order_by(t.CustomerEvent.id))


def everywhere() -> Iterator[tuple[int, CustomerEventFact]]:
    """Yield everything that moved, each with the number of the customer's place in its campaign."""
    for row in t.CustomerEvent.select().order_by(t.CustomerEvent.id):
        yield row.membership_id, _fact(row)


def _fact(row: Any) -> CustomerEventFact:
    return CustomerEventFact(row.id, row.kind, row.day, row.at, row.after_score, row.note)
