"""Compares two databases by their histories: up to where they are the same, and what only the first one has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from salestui.dataclass import dataclass
from salestui.storage import tables
from salestui.storage.store import Store

__all__ = ["Ahead", "ahead"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a database has and another has not: events after the `shared` first ones, by the names of who did them.

    `last` is the time of the newest event. `drafts` are those changed after a given time.
    """

    shared: int
    events: int
    by: tuple[tuple[str, int], ...]
    last: datetime | None
    drafts: int


def ahead(store: Store, other: Store, since: datetime) -> Ahead:
    """Tell what `store` has and `other` has not; drafts are counted from `since` on."""
    shared = 0
    for one, second in zip(_links(store), _links(other), strict=False):
        if one != second:
            break
        shared += 1
    with store.reading():
        after = t.Event.select(t.Event.actor_name, t.Event.at).where(t.Event.id > shared).order_by(t.Event.id)
        rows = list(after.tuples())
        drafts = t.Draft.select().where(t.Draft.at > since).count()
    by = Counter(name for name, _at in rows)
    return Ahead(shared, len(rows), tuple(by.most_common()), rows[-1][1] if rows else None, drafts)


def _links(store: Store) -> Iterator[str]:
    with store.reading():
        return iter([chain for (chain,) in t.Event.select(t.Event.chain).order_by(t.Event.id).tuples()])
