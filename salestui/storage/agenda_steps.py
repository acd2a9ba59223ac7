"""Finds deals that want attention although nothing was promised: by the instants kept on their cards, in windows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.domain.facts import Status
from salestui.storage import tables
from salestui.storage.compiled import compiled

__all__ = [
    "Quiet", "clocks", "count_quiet", "count_unanswered", "idle", "look_again", "to_contact", "unanswered",
    "without_step",
]  # fmt: skip

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A deal without a planned step that wants attention from `at` (UTC); `touched_at` is its last talk."""

    deal: int
    at: datetime
    touched_at: datetime | None


def _cards(*columns: Any, owner: int | None) -> Any:
    query = t.Card.select(*(columns or (pw.fn.COUNT(t.Card.deal),)))
    return query.where(t.Card.owner == owner) if owner is not None else query


def to_contact(*, owner: int | None, until: datetime, limit: int) -> tuple[Quiet, ...]:
    """Return open deals without a planned step whose rhythm asks for a contact by `until`, the earliest first."""
    query = _cards(t.Card.deal, t.Card.contact_due, t.Card.last_touch, owner=owner)
    query = query.where((t.Card.contact_due <= until) & t.Card.next_at.is_null())
    return tuple(Quiet(*row) for row in query.order_by(t.Card.contact_due, t.Card.deal).limit(limit).tuples())


def idle(*, owner: int | None, now: datetime, limit: int) -> tuple[Quiet, ...]:
    """Return deals on the board, without a planned step, that stand still for too long; the longest first."""
    query = _cards(t.Card.deal, t.Card.idle_at, t.Card.last_touch, owner=owner)
    query = query.where((t.Card.idle_at <= now) & t.Card.next_at.is_null())
    return tuple(Quiet(*row) for row in query.order_by(t.Card.idle_at, t.Card.deal).limit(limit).tuples())


def count_quiet(*, owner: int | None, now: datetime) -> int:
    """Count the deals that stand still for too long or are to be contacted by the end of today."""
    [(found,)] = _count_quiet(owner, now)
    return int(found)


@compiled
def _count_quiet(owner: int | None, now: datetime) -> Any:
    return _cards(owner=owner).where(t.Card.quiet_at <= now).tuples()


def without_step(*, owner: int | None, limit: int) -> tuple[int, ...]:
    """Return open deals for which nothing is planned, the newest first."""
    condition = t.Card.next_at.is_null() & (t.Card.shown_in != "") & (t.Deal.status == Status.OPEN.value)
    query = _cards(t.Card.deal, owner=owner).join(t.Deal, on=(t.Card.deal == t.Deal.id)).where(condition)
    return tuple(number for (number,) in query.order_by(t.Card.deal.desc()).limit(limit).tuples())


def clocks(*, owner: int | None, until: datetime, limit: int) -> tuple[tuple[int, datetime, str], ...]:
    """Return (deal, due, clock) of deals on the board with a clock that runs out by `until`, or has; earliest first."""
    return tuple(_clocks(owner, until, limit))


@compiled
def _clocks(owner: int | None, until: datetime, limit: int) -> Any:
    c = t.Card
    query = _cards(c.deal, c.clock_due, c.clock, owner=owner).where(c.clock_due <= until)
    return query.order_by(c.clock_due, c.deal).limit(limit).tuples()


def _unanswered(owner: int | None, *columns: Any) -> Any:
    return _cards(*columns, owner=owner).where(t.Card.unanswered > 0)


def unanswered(*, owner: int | None, limit: int) -> tuple[tuple[int, int], ...]:
    """Return (deal, how many) of open deals with comments of the customer that nothing answers yet, the most first."""
    query = _unanswered(owner, t.Card.deal, t.Card.unanswered).order_by(t.Card.unanswered.desc(), t.Card.deal)
    return tuple(query.limit(limit).tuples())


def count_unanswered(*, owner: int | None) -> int:
    """Count the open deals with comments of the customer that nothing answers yet."""
    [(found,)] = _count_unanswered(owner)
    return int(found)


@compiled
def _count_unanswered(owner: int | None) -> Any:
    return _unanswered(owner).tuples()


def look_again(*, owner: int | None, until: date, limit: int) -> tuple[tuple[int, date], ...]:
    """Return (deal, day) of deals on the care list that are to be looked at again by `until`, the earliest first."""
    return tuple(_look_again(owner, until, limit))


@compiled
def _look_again(owner: int | None, until: date, limit: int) -> Any:
    d = t.Deal
    query = d.select(d.id, d.look_again_on).where((d.status == Status.IN_CARE.value) & (d.look_again_on <= until))
    if owner is not None:
        query = query.where(d.owner == owner)
    return query.order_by(d.look_again_on, d.id).limit(limit).tuples()
