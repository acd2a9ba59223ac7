"""Reads the board window by window: never more cards than are in sight, in the order of their kept places."""

from __future__ import annotations

from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.storage import tables
from salestui.storage.words import Word, holding

__all__ = ["ColumnSum", "Pool", "counts", "place_of", "window"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The cards the board shows: of one campaign or (None) of a playbook, of one owner or all, that hold every word."""

    campaign: int | None
    playbook: str = ""
    owner: int | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """The figures of a column in one currency; `minor` sums the `amounts` deals that have an amount."""

    stage: str
    currency: str
    deals: int
    amounts: int
    minor: int
    late: int
    ready: int


def counts(pool: Pool) -> tuple[ColumnSum, ...]:
    """Return the figures of all columns: the kept ones, or summed up where a filter asks for words."""
    b = t.BoardCount
    if pool.words:
        return _summed(pool)
    total = pw.fn.SUM
    query = (
        b.select(
            b.shown_in, b.currency, total(b.deals), total(b.amounts), total(b.minor), total(b.late), total(b.ready)
        )
        .where(_whole(b, pool))
        .group_by(b.shown_in, b.currency)
    )
    if pool.owner is not None:
        query = query.where(b.owner == pool.owner)
    return _sums(query)


def _summed(pool: Pool) -> tuple[ColumnSum, ...]:
    c, total = t.Card, pw.fn.SUM
    one_if = pw.Case
    query = (
        c.select(
            c.shown_in, c.currency, pw.fn.COUNT(c.deal), pw.fn.COUNT(c.minor), pw.fn.COALESCE(total(c.minor), 0),
            total(one_if(None, ((c.late, 1),), 0)), total(one_if(None, ((c.unmet == 0, 1),), 0)),
        )
        .where(_within(pool) & (c.shown_in != ""))
        .group_by(c.shown_in, c.currency)
    )  # fmt: skip
    return _sums(query)


def _sums(query: Any) -> tuple[ColumnSum, ...]:
    return tuple(ColumnSum(stage, currency, *(int(n) for n in sums)) for stage, currency, *sums in query.tuples())


def window(pool: Pool, stage: str, start: int, stop: int) -> tuple[int, ...]:
    """Return the deals from place `start` to before `stop` of a column, counted from 0."""
    c = t.Card
    query = c.select(c.deal).where(_within(pool) & (c.shown_in == stage)).order_by(c.place, c.deal)
    return tuple(deal for (deal,) in query.limit(stop - start).offset(start).tuples())


def place_of(pool: Pool, deal: int) -> tuple[str, int] | None:
    """Return the column of a deal and its place there, counted from 0; None where the pool does not hold it."""
    c = t.Card
    found = c.select(c.shown_in, c.place).where(_within(pool) & (c.deal == deal) & (c.shown_in != "")).tuples().first()
    if found is None:
        return None
    stage, place = found
    above = (c.place < place) | ((c.place == place) & (c.deal < deal))
    column = _within(pool) & (c.shown_in == stage)
    return stage, int(c.select().where(column & (c.place <= place) & above).count())


def _within(pool: Pool) -> Any:
    c = t.Card
    condition = _whole(c, pool)
    if pool.owner is not None:
        condition &= c.owner == pool.owner
    return holding(c, pool.words, condition)


def _whole(model: Any, pool: Pool) -> Any:
    return model.playbook == pool.playbook if pool.campaign is None else model.campaign == pool.campaign
