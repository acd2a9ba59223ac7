"""Reads and writes who votes for an absent person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from salestui.domain.deputies import DeputyRecord
from salestui.storage import tables
from salestui.storage.compiled import compiled
from salestui.storage.store import Transaction

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def select(
    *, number: int | None = None, user: int | None = None, deputy: int | None = None, since: date | None = None
) -> tuple[DeputyRecord, ...]:
    """Return deputies, all conditions met, by the day they start.

    `since`: only those that were not ended early and whose last day is not before it.
    """
    return tuple(
        DeputyRecord(
            row.id,
            row.user_id,
            row.absent_name,
            row.deputy_id,
            row.stands_in,
            row.starts,
            row.ends,
            row.namer,
            row.ended_at,
            row.version,
        )
        for row in _select(number, user, deputy, since)
    )


@compiled
def _select(number: int | None, user: int | None, deputy: int | None, since: date | None) -> Any:
    conditions = [t.Deputy.id.is_null(False)]
    for column, wanted in ((t.Deputy.id, number), (t.Deputy.user, user), (t.Deputy.deputy, deputy)):
        if wanted is not None:
            conditions.append(column == wanted)
    if since is not None:
        conditions.append((t.Deputy.ends >= since) & t.Deputy.ended_at.is_null())
    absent, deputies, namer = t.User.alias(), t.User.alias(), t.User.alias()
    return (
        t.Deputy.select(
            t.Deputy, absent.name.alias("absent_name"), deputies.name.alias("stands_in"), namer.name.alias("namer")
        )
        .join(absent, on=(t.Deputy.user == absent.id))
        .switch(t.Deputy)
        .join(deputies, on=(t.Deputy.deputy == deputies.id))
        .switch(t.Deputy)
        .join(namer, on=(t.Deputy.named_by == namer.id))
        .where(*conditions)
        .order_by(t.Deputy.starts, t.Deputy.id)
        .objects()
    )


def insert(*, user: int, deputy: int, starts: date, ends: date, by: int, at: datetime) -> int:
    """Name a deputy; return its id."""
    values = {"user": user, "deputy": deputy, "starts": starts, "ends": ends, "named_by": by, "named_at": at}
    return int(t.Deputy.insert(values).execute())


def end(tx: Transaction, known: DeputyRecord) -> bool:
    """End it now; False when it is not as it was read."""
    return tx.bump(t.Deputy, known.id, known.version, {"ended_at": tx.now})
