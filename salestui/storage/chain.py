"""The history's hash chain: each event carries the digest of what it says and a hash over that and the chain before.

Whoever edits, removes, inserts or reorders an event breaks the chain from there on. What is hashed is the stored text
of every column, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal

import peewee

from salestui.storage.fields import canonical_json
from salestui.storage.tables import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from salestui.storage.store import Store

__all__ = ["ANCHOR", "BrokenEvent", "Head", "append", "head", "verify"]

ANCHOR: Final = "0" * 64
"""The chain before the first event."""

_PAYLOAD: Final = (
    "id", "at", "actor_id", "actor_name", "action", "subject", "deal_id", "customer_id", "campaign_id", "before",
    "after", "note", "command_id",
)  # fmt: skip
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """How far the history goes: how many events, and the chain of the last. Kept elsewhere it proves the tail."""

    count: int
    chain: str


@dataclass(frozen=True, slots=True)
class BrokenEvent:
    """The first event at which the history does not hold.

    `edited`: its content is not what its digest says. `moved`: it does not follow the event before it, so events were
    removed, inserted, reordered or re-hashed there. `cut`: the history ends before the head that was kept, or has
    another chain there.
    """

    id: int
    reason: Literal["edited", "moved", "cut"]


def _rows() -> peewee.Table:
    """The event table without conversion: its values exactly as they are stored."""
    return peewee.Table("event")


def _digest(row: Mapping[str, Any]) -> str:
    return sha256(canonical_json({name: row[name] for name in _PAYLOAD}).encode("utf-8", "surrogatepass")).hexdigest()


def _link(chain: str, digest: str) -> str:
    return sha256(f"{chain}{digest}".encode()).hexdigest()


def append(database: peewee.Database, values: Mapping[str, object]) -> int:
    """Add an event to the history inside the write transaction under way; return its id.

    `values` are the payload's columns but the id, as Python values.
    """
    rows = _rows().bind(database)
    last = rows.select(rows.c.id, rows.c.chain).order_by(rows.c.id.desc()).limit(1).tuples()[:]
    number, chain = last[0] if last else (0, ANCHOR)
    row = {name: getattr(Event, name).db_value(value) for name, value in values.items()} | {"id": number + 1}
    digest = _digest(row)
    rows.insert(**row, digest=digest, chain=_link(chain, digest)).execute()
    return int(number) + 1


def head(store: Store) -> Head:
    """Return how far the history of a store goes."""
    with store.reading():
        rows = _rows().bind(store.database)
        count = rows.select(peewee.fn.COUNT(rows.c.id)).scalar()
        last = rows.select(rows.c.chain).order_by(rows.c.id.desc()).limit(1).scalar()
        return Head(count, last or ANCHOR)


def verify(store: Store, kept: Head | None = None) -> BrokenEvent | None:
    """Return the first event at which the history is not what was written, None when all of it holds.

    Without `kept`, a cut-off tail and a chain rewritten from some event to its end look sound; an earlier head shows
    both.
    """
    chain, number = ANCHOR, 0
    with store.reading():
        for row in _all_rows(store.database):
            if row["digest"] != _digest(row):
                return BrokenEvent(row["id"], "edited")
            chain = _link(chain, row["digest"])
            number += 1
            if row["id"] != number or row["chain"] != chain:
                return BrokenEvent(row["id"], "moved")
            if kept is not None and number == kept.count and chain != kept.chain:
                return BrokenEvent(number, "cut")
    if kept is not None and number < kept.count:
        return BrokenEvent(number + 1, "cut")
    return None


def _all_rows(database: peewee.Database) -> Iterator[Mapping[str, Any]]:
    rows = _rows().bind(database)
    last = 0
    while True:
        batch = list(rows.select().where(rows.c.id > last).order_by(rows.c.id).limit(_BATCH).dicts())
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1]["id"]
