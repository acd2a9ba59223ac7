"""Scorecards of customers in campaigns; never changed, the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salestui.domain.facts import ScoreFact
from salestui.storage import tables as t

__all__ = ["history", "insert", "latest"]


def _query(membership: int) -> Any:
    return (
        t.Score.select(t.Score, t.User.name)
        .join(t.User, on=(t.Score.by == t.User.id))
        .where(t.Score.membership == membership)
        .order_by(t.Score.id.desc())
    )


def _fact(row: Any) -> ScoreFact:
    return ScoreFact(
        id=row.id,
        at=row.at,
        by_name=row.by.name,
        values=row.values,
        evidence=row.evidence,
        total=row.total,
        grade=row.grade,
    )


def latest(membership: int) -> ScoreFact | None:
    """Return the scorecard that counts, or None."""
    row = _query(membership).first()
    return _fact(row) if row else None


def history(membership: int) -> tuple[ScoreFact, ...]:
    """Return all scorecards, the newest first."""
    return tuple(_fact(row) for row in _query(membership))


def insert(
    membership: int,
    *,
    playbook_version: int,
    values: Mapping[str, int],
    evidence: Mapping[str, str],
    total: int,
    grade: str,
    note: str,
    by: int,
    now: datetime,
) -> int:
    """Add a scorecard; return its number."""
    row = t.Score.create(
        membership=membership,
        playbook_version=playbook_version,
        values=dict(values),
        evidence=dict(evidence),
        total=total,
        grade=grade,
        note=note,
        by=by,
        at=now,
    )
    return int(row.id)
