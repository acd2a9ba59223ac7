"""Finds what falls due, in windows: never more rows than a screen or two can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.domain.agenda import DealLine
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.playbook import Scope
from salestui.domain.records import ActivityState
from salestui.storage import tables as t
from salestui.storage.compiled import compiled

__all__ = [
    "Dated",
    "Pending",
    "count_planned",
    "count_scores",
    "dated_outputs",
    "deals",
    "planned",
    "scores",
    "unsummed_talks",
]

_ON_BOARD = (Status.OPEN.value, Status.WON.value)
_CUSTOMERS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Pending:
    """A conversation that waits for something: its follow-up or its summary. `deal` is the first that it serves."""

    id: int
    deal: int
    at: datetime
    all_day: bool
    subject: str
    channel: str
    playbook: str
    playbook_version: int


@dataclass(frozen=True, slots=True)
class Dated:
    """An output of a customer whose current revision names a day for something."""

    deal: int
    key: str
    day: str


def deals(numbers: Sequence[int]) -> dict[int, DealLine]:
    """Return what the agenda shows of these deals, by id."""
    return {row[0]: _deal(*row) for row in _deals(list(numbers))}


@compiled
def _deals(numbers: list[int]) -> Any:
    d, c = t.Deal, t.Card
    return (
        d.select(
            d.id, d.customer, t.Customer.short_name, t.Customer.name, d.campaign, d.playbook, d.playbook_version,
            d.stage, d.status, d.owner, t.User.name, d.amount_minor, d.currency,
            c.grade, c.unmet, c.waiting, c.excepted, c.hopeless,
        )
        .join(t.Customer, on=(d.customer == t.Customer.id))
        .switch(d)
        .join(t.User, on=(d.owner == t.User.id))
        .switch(d)
        .join(c, on=(c.deal == d.id))
        .where(d.id.in_(numbers))
        .tuples()
    )  # fmt: skip


def _deal(
    number: int, customer: int, short: str, name: str, campaign: int, playbook: str, version: int, stage: str,
    status: str, owner: int, owner_name: str, minor: int | None, currency: str, *gate: Any,
) -> DealLine:  # fmt: skip
    amount = None if minor is None else Money(minor, currency)
    return DealLine(
        number,
        customer,
        short or name,
        campaign,
        playbook,
        version,
        stage,
        Status(status),
        owner,
        owner_name,
        amount,
        *gate,
    )


def _pending(condition: Any) -> Any:
    a, d, link = t.Activity, t.Deal, t.ActivityDeal
    first = link.select(pw.fn.MIN(link.deal)).where(link.activity == a.id)
    return (
        a.select(a.id, d.id, a.at, a.all_day, a.subject, a.channel, d.playbook, d.playbook_version)
        .join(d, on=(d.id == first))
        .where(condition)
        .order_by(a.at, a.id)
    )


def _planned(owner: int | None, until: datetime | None, since: datetime | None = None) -> Any:
    a = t.Activity
    condition = a.state == ActivityState.PLANNED.value
    if owner is not None:
        condition &= a.owner == owner
    if until is not None:
        condition &= a.at <= until
    return condition & (a.at >= since) if since is not None else condition


def planned(*, owner: int | None, until: datetime, limit: int) -> tuple[Pending, ...]:
    """Return planned conversations due by `until`, the earliest first; of one person or of all."""
    return tuple(Pending(*row) for row in _pending(_planned(owner, until)).limit(limit).tuples())


def count_planned(*, owner: int | None, since: datetime | None = None, until: datetime | None = None) -> int:
    """Count planned conversations between two instants, both inclusive."""
    [(found,)] = _count_planned(owner, until, since)
    return int(found)


@compiled
def _count_planned(owner: int | None, until: datetime | None, since: datetime | None) -> Any:
    return t.Activity.select(pw.fn.COUNT(t.Activity.id)).where(_planned(owner, until, since)).tuples()


def unsummed_talks(*, owner: int | None, limit: int) -> tuple[Pending, ...]:
    """Return talks without summary that serve a deal on the board, the oldest first.

    `owner` finds a person's own talks, and those of others about his deals.
    """
    return tuple(Pending(*row) for row in _unsummed(owner, limit))


@compiled
def _unsummed(owner: int | None, limit: int) -> Any:
    a, d = t.Activity, t.Deal
    condition = (a.state == ActivityState.DONE.value) & a.summary_sent_at.is_null() & d.status.in_(_ON_BOARD)
    if owner is not None:
        condition &= (a.owner == owner) | (d.owner == owner)
    return _pending(condition).limit(limit).tuples()


def _scores(owner: int | None, until: datetime, *columns: Any) -> Any:
    query = t.Card.select(*columns).where(t.Card.score_until <= until)
    return query.where(t.Card.owner == owner) if owner is not None else query


def scores(*, owner: int | None, until: datetime, limit: int) -> tuple[tuple[int, datetime, str], ...]:
    """Return (deal, expiry, what moved or "") of open deals whose score expires by `until`, or has expired.

    The earliest come first.
    """
    query = _scores(owner, until, t.Card.deal, t.Card.score_until, t.Card.score_event)
    return tuple(query.order_by(t.Card.score_until, t.Card.deal).limit(limit).tuples())


def count_scores(*, owner: int | None, until: datetime) -> int:
    """Count the open deals whose score expires by `until`, or has expired."""
    [(found,)] = _count_scores(owner, until)
    return int(found)


@compiled
def _count_scores(owner: int | None, until: datetime) -> Any:
    return _scores(owner, until, pw.fn.COUNT(t.Card.deal)).tuples()


def dated_outputs(keys: Sequence[tuple[str, str]], *, owner: int | None) -> Iterator[Dated]:
    """Yield the days that customers' outputs name, for (output key, field key) pairs; the newest deal stands for each.

    Only customers of won and completed deals are asked.
    """
    fields = dict(keys)
    for key, deal, values in _dated(tuple(fields), owner):
        day = values.get(fields[key])
        if isinstance(day, str):
            yield Dated(deal, key, day)


@compiled
def _dated(keys: tuple[str, ...], owner: int | None) -> Any:
    o, r, d = t.Output, t.Revision, t.Deal
    served = d.select(d.customer.alias("buyer"), pw.fn.MAX(d.id).alias("newest")).where(
        d.status.in_((Status.WON.value, Status.COMPLETED.value))
    )
    if owner is not None:
        served = served.where(d.owner == owner)
    served = served.group_by(d.customer).alias("served")
    return (
        o.select(o.key, served.c.newest, r.values)
        .join(r, on=((r.output == o.id) & (r.number == o.latest)))
        .join(served, on=(served.c.buyer == o.owner_id))
        .where((o.scope == Scope.CUSTOMER.value) & ~o.withdrawn & o.key.in_(keys))
        .limit(_CUSTOMERS_AT_ONCE)
        .tuples()
    )
