"""Finds what hangs on one person: deals, next steps, customers, campaigns, reviews, deputies."""

from __future__ import annotations

from datetime import date
from typing import Any

from salestui.domain.facts import Status
from salestui.domain.handover import Leaving
from salestui.domain.records import ActivityState
from salestui.storage import deputies, tables

__all__ = ["leaving"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

_OPEN = (Status.OPEN.value, Status.WON.value, Status.IN_CARE.value)


def leaving(user: int, today: date) -> Leaving:
    """Return what hangs on a person on a day: what runs, waits or is planned; what is over stays his."""
    d, a, c, m, k = t.Deal, t.Activity, t.Customer, t.Campaign, t.Asked
    waiting = k.select(k.review, k.role).join(t.Review, on=(k.review == t.Review.id))
    return Leaving(
        deals=_ids(d.select(d.id).where((d.owner == user) & d.status.in_(_OPEN)).order_by(d.id)),
        follow_ups=_ids(
            a.select(a.id).where((a.owner == user) & (a.state == ActivityState.PLANNED.value)).order_by(a.id)
        ),
        customers=_ids(c.select(c.id).where((c.owner == user) & c.merged_into.is_null()).order_by(c.id)),
        campaigns=_ids(m.select(m.id).where((m.owner == user) & ~m.closed).order_by(m.id)),
        reviews=tuple(
            waiting.where((k.user == user) & k.waiting & t.Review.recalled_at.is_null()).order_by(k.review).tuples()
        ),
        deputies=tuple(each.id for each in deputies.select(deputy=user, since=today)),
    )


def _ids(query: Any) -> tuple[int, ...]:
    return tuple(row[0] for row in query.tuples())
