"""Reads and writes what the board shows of each deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.records import CardRow
from salestui.storage import board_counts
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.fields import UtcDateTime

ON_BOARD = (Status.OPEN, Status.WON)


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What the place of a card is made of; times are UTC."""

    deal: int
    unmet: int
    hopeless: bool
    summary_due: datetime | None
    next_at: datetime | None
    all_day: bool


def save(cards: Mapping[int, Mapping[str, object]]) -> None:
    """Write the figures of cards, by deal, and count what they change."""
    board_counts.keep(cards)


def mark_stale(deals: Any) -> None:
    """Have these cards judged anew when they are next read; those off the board wait until they come back."""
    t.Card.update(stale=True).where(t.Card.deal.in_(deals) & (t.Card.shown_in != "")).execute()


def mark_campaign_stale(campaign: int) -> None:
    """Have all cards of a campaign judged anew when they are next read."""
    t.Card.update(stale=True).where((t.Card.campaign == campaign) & (t.Card.shown_in != "")).execute()


def outdated(now: datetime, limit: int) -> tuple[int, ...]:
    """Return deals on the board whose card must be judged anew: facts changed for many at once, or time went by."""
    found = [number for (number,) in _stale(limit)]
    if len(found) < limit:
        found += [number for (number,) in _changed(now, limit)]
    return tuple(dict.fromkeys(found))[:limit]


@compiled
def _stale(limit: int) -> Any:
    card = t.Card
    stale = card.select(card.deal).where(_is(card.stale, True) & ((card.shown_in != "") | (card.campaign == 0)))
    return stale.order_by(card.deal).limit(limit).tuples()


@compiled
def _changed(now: datetime, limit: int) -> Any:
    card = t.Card
    late = card.select(card.deal).where((card.changes_at <= now) & (card.shown_in != ""))
    return late.order_by(card.changes_at, card.deal).limit(limit).tuples()


def _is(column: Any, value: bool) -> Any:
    """Compare a truth with a value: an index serves that, and not the truth alone."""
    return column == value


def misplaced(now: datetime, limit: int) -> tuple[Misplaced, ...]:
    """Return cards that time alone has moved within their column."""
    return tuple(Misplaced(*row) for row in _misplaced(now, limit))


@compiled
def _misplaced(now: datetime, limit: int) -> Any:
    card = t.Card
    query = card.select(card.deal, card.unmet, card.hopeless, card.summary_due, card.next_at, card.next_all_day).where(
        card.place_until <= now
    )
    return query.order_by(card.place_until, card.deal).limit(limit).tuples()


def rows(deals: Sequence[int]) -> dict[int, CardRow]:
    """Return the cards of these deals, by deal; a few hundred at a time."""
    return {row[0]: _row(*row) for row in _rows(list(deals))}


@compiled
def _rows(deals: list[int]) -> Any:
    columns = (
        t.Deal.id, t.Customer.short_name, t.Customer.name, t.Deal.stage, t.Deal.status, t.Deal.owner, t.User.name,
        t.Deal.amount_minor, t.Deal.currency, t.Card.grade, t.Card.score, t.Deal.stage_since, t.Card.unmet,
        t.Card.met, t.Card.waiting, t.Card.excepted, t.Card.hopeless, t.Card.outputs_done, t.Card.actions_done,
        t.Card.actions_total, t.Card.next_at, t.Card.next_all_day, t.Card.summary_due, t.Card.score_until,
        t.Card.last_touch, t.Card.changes_at, t.Deal.campaign, t.Deal.version, t.Card.idle_at,
    )  # fmt: skip
    query = t.Card.select(*map(_as_stored, columns)).join(t.Deal).join(t.Customer)
    return query.join(t.User, on=(t.Deal.owner == t.User.id)).where(t.Card.deal.in_(deals)).tuples()


def _as_stored(column: Any) -> Any:
    """Take numbers and texts as the database gives them: thousands of cards need nobody to look at each value."""
    return column if isinstance(column, pw.BooleanField | UtcDateTime) else column.coerce(False)


def _row(
    deal: int, short: str, name: str, stage: str, status: str, owner: int, owner_name: str, minor: int | None,
    currency: str, grade: str, score: int | None, *rest: Any,
) -> CardRow:  # fmt: skip
    amount = None if minor is None else Money(minor, currency)
    return CardRow(deal, short or name, stage, Status(status), owner, owner_name, amount, grade, score, *rest)
