"""Reads what reports add up: talks, events of deals, cards, scores and exceptions, each in one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.records import ActivityState
from salestui.storage import tables

__all__ = [
    "Card", "DealRow", "Place", "Talk", "Told", "Waived", "cards", "deals", "exceptions", "places", "reassigned",
    "scores", "talks", "told",
]  # fmt: skip

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

_ON_BOARD = (Status.OPEN.value, Status.WON.value)
_AT_ONCE = 5000
_TOLD = ("deal.moved", "deal.completed", "deal.lost", "deal.parked", "deal.reopened")


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk held, with when its summary was sent; the playbook is that of the first deal it served."""

    id: int
    owner: int
    at: datetime
    channel: str
    summary_sent_at: datetime | None
    playbook: str
    playbook_version: int


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the history about a deal."""

    id: int
    at: datetime
    action: str
    deal: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DealRow:
    """What reports need of a deal."""

    id: int
    owner: int
    amount: Money | None
    playbook: str
    playbook_version: int
    imported: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board."""

    owner: int
    playbook: str
    playbook_version: int
    stage: str
    status: Status
    stage_since: datetime
    idle_at: datetime | None
    has_step: bool
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Place:
    """A customer in a campaign with a deal: who owns the newest one (an open one first), and whether one is open."""

    membership: int
    owner: int
    playbook: str
    playbook_version: int
    open: bool


@dataclass(frozen=True, slots=True)
class Waived:
    """An exception with the deal it is for."""

    id: int
    deal: int
    label: str
    owner: int
    owner_name: str
    playbook: str
    playbook_version: int
    requirement: str
    reason: str
    granted_by: str
    recorded_by: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def talks(start: datetime, end: datetime) -> tuple[Talk, ...]:
    """Return the talks held from `start` on and before `end`."""
    link, a, d = t.ActivityDeal, t.Activity, t.Deal
    first = link.select(link.activity, pw.fn.MIN(link.deal).alias("first")).group_by(link.activity).alias("first_deals")
    query = (
        a.select(a.id, a.owner, a.at, a.channel, a.summary_sent_at, d.playbook, d.playbook_version)
        .join(first, on=(first.c.activity_id == a.id))
        .join(d, on=(d.id == first.c.first))
        .where((a.state == ActivityState.DONE.value) & (a.at >= start) & (a.at < end))
        .order_by(a.id)
    )
    return tuple(Talk(*row) for row in query.tuples())


def told(start: datetime, end: datetime) -> tuple[Told, ...]:
    """Return what happened to deals from `start` on and before `end`, in the order it was recorded in.

    An event that was redacted says no more than that it happened.
    """
    e = t.Event
    query = e.select(e.id, e.at, e.action, e.deal_id, e.before, e.after).where(
        (e.at >= start) & (e.at < end) & e.action.in_(_TOLD) & e.deal_id.is_null(is_null=False)
    )
    return tuple(
        Told(number, at, action, deal, before or {}, after or {})
        for number, at, action, deal, before, after in query.order_by(e.id).tuples()
    )


def reassigned(after: int) -> Iterator[tuple[int, int, int]]:
    """Yield (event, deal, owner before) of deals given to another owner after event `after`, in that order."""
    e = t.Event
    query = e.select(e.id, e.deal_id, e.before).where((e.id > after) & (e.action == "deal.reassigned"))
    for number, deal, before in query.order_by(e.id).tuples():
        owner = (before or {}).get("owner")
        if isinstance(owner, int):
            yield number, deal, owner


def deals(numbers: Iterable[int]) -> dict[int, DealRow]:
    """Return these deals by id."""
    wanted = sorted(set(numbers))
    d = t.Deal
    found = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = d.select(
            d.id, d.owner, d.amount_minor, d.currency, d.playbook, d.playbook_version, d.imported, d.created_at
        ).where(d.id.in_(wanted[start : start + _AT_ONCE]))
        for number, owner, minor, currency, *rest in query.tuples():
            found[number] = DealRow(number, owner, _money(minor, currency), *rest)
    return found


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def cards() -> tuple[Card, ...]:
    """Return the deals on the board."""
    c, d = t.Card, t.Deal
    query = (
        d.select(
            d.owner, d.playbook, d.playbook_version, d.stage, d.status, d.stage_since, c.idle_at, c.next_at,
            d.amount_minor, d.currency,
        )
        .join(c, on=(c.deal == d.id))
        .where(d.status.in_(_ON_BOARD))
    )  # fmt: skip
    return tuple(
        Card(owner, book, version, stage, Status(status), since, idle, step is not None, _money(minor, currency))
        for owner, book, version, stage, status, since, idle, step, minor, currency in query.tuples()
    )


def places() -> tuple[Place, ...]:
    """Return the customers in campaigns that have a deal."""
    m, d = t.Membership, t.Deal
    query = (
        m.select(m.id, d.owner, d.playbook, d.playbook_version, d.status)
        .join(d, on=((d.customer == m.customer) & (d.campaign == m.campaign)))
        .order_by(d.id)
    )
    found: dict[int, Place] = {}
    for number, owner, playbook, version, status in query.tuples():
        is_open = status == Status.OPEN.value
        if is_open or number not in found or not found[number].open:
            found[number] = Place(number, owner, playbook, version, is_open)
    return tuple(found.values())


def scores() -> Iterator[tuple[int, int, datetime]]:
    """Yield (membership, number, when) of all scorecards, in the order they were recorded in."""
    s = t.Score
    yield from s.select(s.membership, s.id, s.at).order_by(s.id).tuples()


def exceptions(start: datetime, end: datetime) -> tuple[Waived, ...]:
    """Return the exceptions in force at any time from `start` on and before `end`, the newest first."""
    w, d, c = t.Waiver, t.Deal, t.Customer
    owner, recorder = t.User.alias(), t.User.alias()
    query = (
        w.select(
            w.id, w.deal, c.short_name, c.name, d.owner, owner.name, d.playbook, d.playbook_version, w.requirement,
            w.reason, w.granted_name, recorder.name, w.granted_at, w.expires_at, w.revoked_at,
        )
        .join(d, on=(w.deal == d.id))
        .join(c, on=(d.customer == c.id))
        .join(owner, on=(d.owner == owner.id))
        .join(recorder, pw.JOIN.LEFT_OUTER, on=(w.recorded_by == recorder.id))
        .where((w.granted_at < end) & (w.expires_at > start) & (w.revoked_at.is_null() | (w.revoked_at >= start)))
        .order_by(w.id.desc())
    )  # fmt: skip
    return tuple(_waived(*row) for row in query.tuples())


def _waived(number: int, deal: int, short: str, name: str, *rest: Any) -> Waived:
    owner, owner_name, playbook, version, requirement, reason, granted_by, recorder, *times = rest
    return Waived(
        number, deal, short or name, owner, owner_name, playbook, version, requirement, reason, granted_by,
        recorder or "", *times,
    )  # fmt: skip
