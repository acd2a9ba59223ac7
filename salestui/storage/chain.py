"""The history's hash chain: each event carries the digest of what it says and a hash over that and the chain before.

Whoever edits, removes, inserts or reorders an event breaks the chain from there on. What is hashed is the stored text
of every column, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from salestui.storage.fields import canonical_json
from salestui.storage.tables import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    import peewee

__all__ = ["ANCHOR", "BrokenEvent", "Head", "append", "head", "verify"]

ANCHOR: Final = "0" * 64
"""The chain before the first event."""

_PAYLOAD: Final = (
    "id", "at", "actor_id", "actor_name", "action", "subject", "deal_id", "customer_id", "campaign_id", "before",
    "after", "note", "command_id",
)  # fmt: skip
_COLUMNS: Final = (*_PAYLOAD, "digest", "chain")
_LAST: Final = "SELECT id, chain FROM event ORDER BY id DESC LIMIT 1"
_INSERT: Final = (
    'INSERT INTO event (id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, "before", '
    '"after", note, command_id, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
)
_SELECT: Final = (
    'SELECT id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, "before", "after", note, '
    "command_id, digest, chain FROM event WHERE id > ? ORDER BY id LIMIT ?"
)
_LEAST_ID: Final = -(2**63)
_BATCH: Final = 1000


class ReadableStore(Protocol):
    """What of a store is needed to read its history."""

    @property
    def database(self) -> peewee.Database:
        """The open database."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Read one consistent state."""
        ...


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


def _digest(row: Mapping[str, Any]) -> str:
    return sha256(canonical_json({name: row[name] for name in _PAYLOAD}).encode("utf-8", "surrogatepass")).hexdigest()


def _link(chain: str, digest: str) -> str:
    return sha256(f"{chain}{digest}".encode()).hexdigest()


def append(database: peewee.Database, values: Mapping[str, object]) -> int:
    """Add an event to the history inside the write transaction under way; return its id.

    `values` are the payload's columns but the id, as Python values.
    """
    last = database.execute_sql(_LAST).fetchone()
    number, chain = last or (0, ANCHOR)
    row = {name: getattr(Event, name).db_value(value) for name, value in values.items()} | {"id": number + 1}
    row["digest"] = _digest(row)
    row["chain"] = _link(chain, row["digest"])
    database.execute_sql(_INSERT.replace("?", database.param), [row[name] for name in _COLUMNS])
    return int(number) + 1


def head(store: ReadableStore) -> Head:
    """Return how far the history of a store goes."""
    with store.reading():
        count = store.database.execute_sql("SELECT COUNT(*) FROM event").fetchone()[0]
        last = store.database.execute_sql(_LAST).fetchone()
        return Head(count, last[1] if last else ANCHOR)


def verify(store: ReadableStore, kept: Head | None = None) -> BrokenEvent | None:
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
    """Read all events in order, their values exactly as they are stored."""
    sql = _SELECT.replace("?", database.param)
    last = _LEAST_ID
    while batch := database.execute_sql(sql, (last, _BATCH)).fetchall():
        for values in batch:
            yield dict(zip(_COLUMNS, values, strict=True))
        last = batch[-1][0]
