"""Reads the history; it is written by `storage.chain` alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import peewee as pw

from salestui.domain.history_views import EventFilter
from salestui.domain.news import Happened
from salestui.domain.records import Event
from salestui.storage import tables
from salestui.storage.compiled import compiled

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

_TEXTS = (t.Event.action, t.Event.subject, t.Event.actor_name, t.Event.note)
_VALUES = (t.Event.before, t.Event.after)


_BATCH = 1000


def select(chosen: EventFilter, *, limit: int = 100, before: int | None = None) -> tuple[Event, ...]:
    """Return the events chosen, newest first; `before` is the id of the last event of the page before."""
    query = _chosen(chosen)
    if before is not None:
        query = query.where(t.Event.id < before)
    return tuple(_record(row) for row in query.order_by(t.Event.id.desc()).limit(limit))


def oldest_first(chosen: EventFilter) -> Iterator[tuple[Event, str, str]]:
    """Yield all events chosen, oldest first, each with its digest and chain."""
    query, last = _chosen(chosen), 0
    while batch := list(query.where(t.Event.id > last).order_by(t.Event.id).limit(_BATCH)):
        yield from ((_record(row), row.digest, row.chain) for row in batch)
        last = batch[-1].id


def _chosen(chosen: EventFilter) -> Any:
    query = t.Event.select()
    if chosen.deal is not None:
        query = query.where(_concerns_deal(chosen.deal))
    columns = {
        t.Event.customer_id: chosen.customer,
        t.Event.campaign_id: chosen.campaign,
        t.Event.actor_id: chosen.user,
    }
    for column, value in columns.items():
        if value is not None:
            query = query.where(column == value)
    if chosen.since is not None:
        query = query.where(t.Event.at >= chosen.since)
    if chosen.until is not None:
        query = query.where(t.Event.at < chosen.until)
    if chosen.action:
        query = query.where((t.Event.action == chosen.action) | t.Event.action.startswith(f"{chosen.action}."))
    for word in chosen.text.split():
        query = query.where(_says(word))
    return query


def _concerns_deal(deal: int) -> Any:
    """Return the condition for what happened to a deal, its customer, and what its campaign shares.

    Each of the three is looked up by its own index: for one condition with "or" SQLite reads most of the history.
    """
    e = t.Event
    row = t.Deal.select(t.Deal.customer, t.Deal.campaign).where(t.Deal.id == deal).tuples().first()
    if row is None:
        return e.deal_id == deal
    customer, campaign = row
    numbers = e.select(e.id)
    own = numbers.where(e.deal_id == deal)
    of_customer = numbers.where(
        (e.customer_id == customer) & e.deal_id.is_null() & (e.campaign_id.is_null() | (e.campaign_id == campaign))
    )
    shared = e.action.startswith("output.") | e.action.startswith("review.")
    of_campaign = numbers.where(e.customer_id.is_null() & e.deal_id.is_null() & (e.campaign_id == campaign) & shared)
    return e.id.in_(own + of_customer + of_campaign)


def _says(word: str) -> Any:
    found = [column.contains(word) for column in _TEXTS]
    found += [column.cast("TEXT").contains(word) for column in _VALUES]
    condition = found[0]
    for other in found[1:]:
        condition |= other
    return condition


def _record(row: Any) -> Event:
    return Event(
        id=row.id,
        at=row.at,
        actor=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        deal=row.deal_id,
        customer=row.customer_id,
        campaign=row.campaign_id,
        before=row.before,
        after=row.after,
        note=row.note,
        command_id=row.command_id,
    )


def newest() -> int:
    """Return the id of the newest event, 0 where nothing happened yet."""
    return int(t.Event.select(pw.fn.MAX(t.Event.id)).scalar() or 0)


def last_at() -> datetime | None:
    """Return the time of the newest event, None where nothing happened yet; nothing else of it is read."""
    found: datetime | None = t.Event.select(t.Event.at).order_by(t.Event.id.desc()).limit(1).scalar()
    return found


def after(event: int, limit: int) -> tuple[tuple[Happened, int | None, str], ...]:
    """Return the newest `limit` events after the one with this id, oldest first, each with its deal and command id.

    Which further deals an event touches is not looked up here.
    """
    e = t.Event
    query = e.select(
        e.id, e.at, e.actor_id, e.actor_name, e.action, e.subject, e.customer_id, e.campaign_id, e.deal_id, e.command_id
    )
    newest_first = query.where(e.id > event).order_by(e.id.desc()).limit(limit).tuples()
    return tuple(reversed([(Happened(*row[:8]), row[8], row[9]) for row in newest_first]))


def last_of(subject: str) -> int:
    """Return the id of the newest event of what has this shown id, 0 where nothing happened to it."""
    return int(t.Event.select(pw.fn.MAX(t.Event.id)).where(t.Event.subject == subject).scalar() or 0)


def stays(deal: int) -> tuple[Event, ...]:
    """Return the events by which a deal came to a stage, oldest first: made, moved, reopened."""
    return tuple(_record(row) for row in _stays(deal))


@compiled
def _stays(deal: int) -> Any:
    actions = ("deal.created", "deal.moved", "deal.reopened")
    return t.Event.select().where((t.Event.deal_id == deal) & t.Event.action.in_(actions)).order_by(t.Event.id)
