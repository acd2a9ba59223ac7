"""Reads the board window by window: never more cards than are in sight, in the order of their kept places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee as pw

from salestui.dataclass import dataclass
from salestui.storage import tables
from salestui.storage.compiled import compiled
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


def counts(pool: Pool, currency: str) -> tuple[ColumnSum, ...]:
    """Return the figures of all columns: the kept ones, or summed up where a filter asks for words.

    Those summed up know the amounts in `currency` alone, and each column once: so SQLite reads an index in its order.
    """
    if pool.words:
        return tuple(ColumnSum(stage, currency, *map(int, sums)) for stage, *sums in _summed(*_given(pool), currency))
    return tuple(ColumnSum(stage, each, *map(int, sums)) for stage, each, *sums in _kept(*_given(pool)[:3]))


def window(pool: Pool, stage: str, start: int, stop: int) -> tuple[int, ...]:
    """Return the deals from place `start` to before `stop` of a column, counted from 0."""
    return tuple(deal for (deal,) in _window(*_given(pool), stage, stop - start, start))


def place_of(pool: Pool, deal: int) -> tuple[str, int] | None:
    """Return the column of a deal and its place there, counted from 0; None where the pool does not hold it."""
    found = _standing(*_given(pool), deal)
    if not found:
        return None
    stage, place = found[0]
    [(above,)] = _above(*_given(pool), stage, place, deal)
    return stage, int(above)


def _given(pool: Pool) -> tuple[object, ...]:
    """Return what the queries are composed of: the campaign or the playbook, the owner, and the words.

    Texts alone may differ from filter to filter; who owns what a word finds is part of a query.
    """
    owners = tuple(word.owners for word in pool.words)
    texts = [word.text for word in pool.words]
    return pool.campaign, None if pool.campaign is not None else pool.playbook, pool.owner, owners, texts


@compiled
def _kept(campaign: int | None, playbook: str | None, owner: int | None) -> Any:
    b, total = t.BoardCount, pw.fn.SUM
    columns = (b.shown_in, b.currency, total(b.deals), total(b.amounts), total(b.minor), total(b.late), total(b.ready))
    return b.select(*columns).where(_whole(b, campaign, playbook, owner)).group_by(b.shown_in, b.currency).tuples()


@compiled
def _summed(*given: Any) -> Any:
    *pool, currency = given
    c, total = t.Card, pw.fn.SUM
    one_if = pw.Case
    minor = one_if(None, ((c.currency == currency, c.minor),))
    return (
        c.select(
            c.shown_in, pw.fn.COUNT(c.deal), pw.fn.COUNT(minor), pw.fn.COALESCE(total(minor), 0),
            total(one_if(None, ((c.late, 1),), 0)), total(one_if(None, ((c.unmet == 0, 1),), 0)),
        )
        .where(_within(*pool) & (c.shown_in != ""))
        .group_by(c.shown_in)
        .tuples()
    )  # fmt: skip


@compiled
def _window(*given: Any) -> Any:
    *pool, stage, limit, offset = given
    c = t.Card
    query = c.select(c.deal).where(_within(*pool) & (c.shown_in == stage)).order_by(c.place, c.deal)
    return query.limit(limit).offset(offset).tuples()


@compiled
def _standing(*given: Any) -> Any:
    *pool, deal = given
    c = t.Card
    return c.select(c.shown_in, c.place).where(_within(*pool) & (c.deal == deal) & (c.shown_in != "")).tuples()


@compiled
def _above(*given: Any) -> Any:
    *pool, stage, place, deal = given
    c = t.Card
    above = (c.place < place) | ((c.place == place) & (c.deal < deal))
    column = _within(*pool) & (c.shown_in == stage) & (c.place <= place)
    return c.select(pw.fn.COUNT(c.deal)).where(column & above).tuples()


def _within(
    campaign: int | None,
    playbook: str | None,
    owner: int | None,
    owners: Sequence[tuple[int, ...]],
    texts: Sequence[str],
) -> Any:
    words = (Word(text, each) for text, each in zip(texts, owners, strict=True))
    return holding(t.Card, words, _whole(t.Card, campaign, playbook, owner))


def _whole(model: Any, campaign: int | None, playbook: str | None, owner: int | None) -> Any:
    condition = model.playbook == playbook if campaign is None else model.campaign == campaign
    return condition if owner is None else condition & (model.owner == owner)
