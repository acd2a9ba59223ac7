"""Reads and writes what the board shows of each deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.records import CardRow
from salestui.storage import tables as t

ON_BOARD = (Status.OPEN, Status.WON)


def save(deal: int, values: Mapping[str, object]) -> None:
    """Write the figures of one card."""
    t.Card.update(**values).where(t.Card.deal == deal).execute()


def mark_stale(deals: Any) -> None:
    """Have these cards judged anew when they are next read."""
    t.Card.update(stale=True).where(t.Card.deal.in_(deals)).execute()


def mark_campaign_stale(campaign: int) -> None:
    """Have all cards of a campaign judged anew when they are next read."""
    mark_stale(t.Deal.select(t.Deal.id).where(t.Deal.campaign == campaign))


def outdated(now: datetime, limit: int) -> tuple[int, ...]:
    """Return deals on the board whose card must be judged anew: facts changed for many at once, or time went by."""
    query = (
        t.Card.select(t.Card.deal)
        .join(t.Deal)
        .where((t.Card.stale | (t.Card.changes_at <= now)) & t.Deal.status.in_([s.value for s in ON_BOARD]))
        .order_by(t.Card.deal)
        .limit(limit)
    )
    return tuple(row[0] for row in query.tuples())


def rows(
    *, campaigns: Sequence[int] | None = None, owner: int | None = None, statuses: Iterable[Status] = ON_BOARD
) -> tuple[CardRow, ...]:
    """Return the cards of these campaigns (None: all), of one owner or of all."""
    query = (
        t.Card.select(
            t.Deal.id, t.Customer.short_name, t.Customer.name, t.Deal.stage, t.Deal.status, t.Deal.owner, t.User.name,
            t.Deal.amount_minor, t.Deal.currency, t.Card.grade, t.Card.score, t.Deal.stage_since, t.Card.unmet,
            t.Card.met, t.Card.waiting, t.Card.excepted, t.Card.hopeless, t.Card.outputs_done, t.Card.actions_done,
            t.Card.actions_total, t.Card.next_at, t.Card.next_all_day, t.Card.summary_due, t.Card.score_until,
            t.Card.last_touch, t.Card.changes_at, t.Deal.campaign, t.Deal.version, t.Card.idle_at,
            t.Deal.title,
        )
        .join(t.Deal)
        .join(t.Customer)
        .join(t.User, on=(t.Deal.owner == t.User.id))
        .where(t.Deal.status.in_([status.value for status in statuses]))
    )  # fmt: skip
    if campaigns is not None:
        query = query.where(t.Deal.campaign.in_(list(campaigns)))
    if owner is not None:
        query = query.where(t.Deal.owner == owner)
    return tuple(_row(*row) for row in query.tuples())


def _row(
    deal: int, short: str, name: str, stage: str, status: str, owner: int, owner_name: str, minor: int | None,
    currency: str, grade: str, score: int | None, *rest: Any,
) -> CardRow:  # fmt: skip
    amount = None if minor is None else Money(minor, currency)
    figures = (*rest[:-1], f"{name} {rest[-1]}")
    return CardRow(deal, short or name, stage, Status(status), owner, owner_name, amount, grade, score, *figures)
