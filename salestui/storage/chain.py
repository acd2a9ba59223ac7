"""The history's hash chain: each event carries the digest of what it says and a hash over that and the chain before.

Whoever edits, removes, inserts or reorders an event breaks the chain from there on. What is hashed is the stored text
of every column, byte for byte. A random salt in every event keeps its digest from confirming a guess at what it said
once the event was redacted: then an erasure event further on holds the digest of what is left.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from salestui.dataclass import dataclass
from salestui.errors import NotAllToSee
from salestui.storage.fields import canonical_json
from salestui.storage.tables import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import peewee

__all__ = [
    "ANCHOR", "ERASURE", "BrokenEvent", "Head", "Redacted", "append", "append_many", "erasures", "head", "origin",
    "redact", "redacted", "verify",
]  # fmt: skip

ANCHOR: Final = "0" * 64
"""The chain before the first event."""

ERASURE: Final = "person.erased"
"""The action of the event that allows, and proves, the redaction of the events it names."""

_PAYLOAD: Final = (
    "id", "at", "actor_id", "actor_name", "action", "subject", "deal_id", "customer_id", "campaign_id", "before",
    "after", "note", "command_id", "salt",
)  # fmt: skip
_COLUMNS: Final = (*_PAYLOAD, "digest", "chain")
_LAST: Final = "SELECT id, chain FROM event ORDER BY id DESC LIMIT 1"
_INSERT: Final = (
    'INSERT INTO event (id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, "before", '
    '"after", note, command_id, salt, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
)
_SELECT: Final = (
    'SELECT id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, "before", "after", note, '
    "command_id, salt, digest, chain FROM event WHERE id > ? ORDER BY id LIMIT ?"
)
_SELECT_ERASURES: Final = 'SELECT id, "after" FROM event WHERE action = ? ORDER BY id'
_UPDATE: Final = 'UPDATE event SET "before" = ?, "after" = ?, note = ?, salt = ? WHERE id = ?'
_LEAST_ID: Final = -(2**63)
_BATCH: Final = 1000
_NEARBY: Final = 1000
"""By how many a number that was written may exceed the number of events left."""


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

    `edited`: its content is not what was written, nor what an erasure left of it. `removed`: there is no event with
    this number any more. `moved`: what stands here was written as event `was`. `cut`: the history ends before this
    event, which the head that was kept has. `rewritten`: it has another chain here than the head that was kept.
    """

    id: int
    reason: Literal["edited", "removed", "moved", "cut", "rewritten"]
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """An event as it is to be stored once it is redacted, and the digest of that."""

    id: int
    before: object
    after: object
    note: str
    digest: str


def _digest(row: Mapping[str, Any]) -> str:
    """Return the digest of an event; empty where a damaged database gives a value that no event can hold."""
    if any(isinstance(row[name], bytes | float) for name in _PAYLOAD):
        return ""
    return sha256(canonical_json({name: row[name] for name in _PAYLOAD}).encode("utf-8", "surrogatepass")).hexdigest()


def _link(chain: str, digest: str) -> str:
    return sha256(f"{chain}{digest}".encode()).hexdigest()


def append(database: peewee.Database, values: Mapping[str, object]) -> int:
    """Add an event to the history inside the write transaction under way; return its id.

    `values` are the payload's columns but the id and the salt, as Python values. A server writes its history itself.
    """
    by_server = getattr(database, "record_event", None)
    if by_server is not None:
        stored = {name: getattr(Event, name).db_value(value) for name, value in values.items()}
        return int(by_server([stored[name] for name in _PAYLOAD if name in stored]))
    last = database.execute_sql(_LAST).fetchone()
    number, chain = last or (0, ANCHOR)
    row = {name: getattr(Event, name).db_value(value) for name, value in values.items()} | {"id": number + 1}
    row["salt"] = os.urandom(16).hex()
    row["digest"] = _digest(row)
    row["chain"] = _link(chain, row["digest"])
    database.execute_sql(_INSERT.replace("?", database.param), [row[name] for name in _COLUMNS])
    return int(number) + 1


def append_many(database: peewee.Database, events: Sequence[Mapping[str, object]]) -> None:
    """Add many events to the history, in order, inside the write transaction under way; `append` says what they are."""
    if getattr(database, "record_event", None) is not None:
        for values in events:
            append(database, values)
        return
    number, chain = database.execute_sql(_LAST).fetchone() or (0, ANCHOR)
    rows = []
    for number, values in enumerate(events, number + 1):  # noqa: B020  # goes on counting
        row = {name: getattr(Event, name).db_value(value) for name, value in values.items()}
        row |= {"id": number, "salt": os.urandom(16).hex()}
        row["digest"] = _digest(row)
        chain = row["chain"] = _link(chain, row["digest"])
        rows.append([row[name] for name in _COLUMNS])
    database.connection().executemany(_INSERT, rows)


def head(store: ReadableStore) -> Head:
    """Return how far the history of a store goes."""
    with store.reading():
        count = store.database.execute_sql("SELECT COUNT(*) FROM event").fetchone()[0]
        last = store.database.execute_sql(_LAST).fetchone()
        return Head(count, last[1] if last else ANCHOR)


# Redaction


def origin(store: ReadableStore) -> str:
    """Return the link of the first event, which no other database has; that of the empty history before it."""
    with store.reading():
        first = store.database.execute_sql("SELECT chain FROM event ORDER BY id LIMIT 1").fetchone()
        return str(first[0]) if first else ANCHOR


def redacted(database: peewee.Database, number: int, before: object, after: object, note: str) -> Redacted:
    """Return event `number` as it is to be stored with these values instead of its own, without changing it."""
    row = next(_rows(database, number - 1, 1))
    left = {"before": Event.before.db_value(before), "after": Event.after.db_value(after), "note": note, "salt": ""}
    return Redacted(number, before, after, note, _digest({**row, **left}))


def redact(database: peewee.Database, event: Redacted) -> None:
    """Put a redacted event in the place of what was written; its digest and chain stay.

    The newest event must be the erasure that names it, or the database refuses.
    """
    left = (Event.before.db_value(event.before), Event.after.db_value(event.after), event.note, "", event.id)
    database.execute_sql(_UPDATE.replace("?", database.param), left)


def erasures(store: ReadableStore) -> Mapping[int, str]:
    """Return the events that erasures have redacted, each with the digest of what the last of them left."""
    with store.reading():
        query = store.database.execute_sql(_SELECT_ERASURES.replace("?", store.database.param), (ERASURE,))
        found: dict[int, str] = {}
        for erasure, after in query.fetchall():
            found |= {number: digest for number, digest in _named(after).items() if number < erasure}
        return found


def _named(after: str | None) -> dict[int, str]:
    """Return the events an erasure names; nothing where its content was damaged, which `verify` finds by itself."""
    try:
        events = json.loads(after or "{}").get("events", {})
        return {int(number): str(digest) for number, digest in events.items()}
    except (ValueError, AttributeError):
        return {}


# Verification


def verify(store: ReadableStore, kept: Head | None = None) -> BrokenEvent | None:
    """Return the first event at which the history is not what was written, None when all of it holds.

    Without `kept`, a cut-off tail and a chain rewritten from some event to its end look sound; an earlier head shows
    both.
    """
    chain, number = ANCHOR, 0
    with store.reading():
        _see_all(store.database)
        left = erasures(store)
        for row in _rows(store.database, _LEAST_ID):
            number += 1
            if _digest(row) != left.get(row["id"], row["digest"]):
                was = _number_written(store.database, row)
                moved = was is not None and was != row["id"]
                return BrokenEvent(row["id"], "moved", was) if moved else BrokenEvent(row["id"], "edited")
            if row["id"] != number:
                return BrokenEvent(number, "removed") if row["id"] > number else BrokenEvent(row["id"], "edited")
            chain = _link(chain, row["digest"])
            if row["chain"] != chain:
                return BrokenEvent(number, "edited")
            if kept is not None and number == kept.count and chain != kept.chain:
                return BrokenEvent(number, "rewritten")
    if kept is not None and number < kept.count:
        return BrokenEvent(number + 1, "cut")
    return None


def _see_all(database: peewee.Database) -> None:
    """Refuse to judge by a part of the history: a server shows no more of it than the person may see."""
    sees_all = getattr(database, "sees_all", None)
    if sees_all is not None and not sees_all():
        raise NotAllToSee


def _number_written(database: peewee.Database, row: Mapping[str, Any]) -> int | None:
    """Return the number under which the content of a row was written, None where it is no event's content."""
    count = int(database.execute_sql("SELECT COUNT(*) FROM event").fetchone()[0])
    return next(
        (number for number in range(1, count + _NEARBY) if _digest({**row, "id": number}) == row["digest"]), None
    )


def _rows(database: peewee.Database, after: int, limit: int | None = None) -> Iterator[Mapping[str, Any]]:
    """Read the events with a number above `after` in order, their values exactly as they are stored."""
    sql = _SELECT.replace("?", database.param)
    batch = database.execute_sql(sql, (after, limit or _BATCH)).fetchall()
    while batch:
        for values in batch:
            yield dict(zip(_COLUMNS, values, strict=True))
        if limit is not None:
            return
        batch = database.execute_sql(sql, (batch[-1][0], _BATCH)).fetchall()
