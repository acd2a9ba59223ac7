"""Reads and writes exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import JOIN

from salestui.domain.facts import FileFact
from salestui.domain.sheets import ExceptionRecord
from salestui.storage import tables
from salestui.storage.facts import HasFile, file_facts
from salestui.storage.outputs import file_entries
from salestui.storage.store import Transaction

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def _records(condition: Any, has_file: HasFile) -> tuple[ExceptionRecord, ...]:
    recorder = t.User.alias()
    query = (
        t.Waiver.select(t.Waiver, recorder.name.alias("recorder"))
        .join(recorder, JOIN.LEFT_OUTER, on=(t.Waiver.recorded_by == recorder.id))
        .where(condition)
        .order_by(t.Waiver.id)
    )
    return tuple(
        ExceptionRecord(
            id=row.id,
            deal=row.deal_id,
            requirement=row.requirement,
            reason=row.reason,
            granted_by=row.granted_name,
            granted_at=row.granted_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            recorded_by=row.recorder or "",
            evidence=row.evidence,
            files=file_facts(row.files, has_file),
            version=row.version,
        )
        for row in query.objects()
    )


def get(exception: int, has_file: HasFile) -> ExceptionRecord | None:
    """Return one exception."""
    return next(iter(_records(t.Waiver.id == exception, has_file)), None)


def of_deal(deal: int, has_file: HasFile) -> tuple[ExceptionRecord, ...]:
    """Return all exceptions of a deal, also expired and revoked ones, oldest first."""
    return _records(t.Waiver.deal == deal, has_file)


def insert(
    deal: int,
    requirement: str,
    reason: str,
    *,
    granted_by: int | None,
    granted_name: str,
    granted_at: datetime,
    expires_at: datetime,
    recorded_by: int | None = None,
    evidence: str = "",
    files: Sequence[FileFact] = (),
) -> int:
    """Insert an exception; return its id."""
    return int(
        t.Waiver.insert(
            deal=deal,
            requirement=requirement,
            reason=reason,
            granted_by=granted_by,
            granted_name=granted_name,
            granted_at=granted_at,
            expires_at=expires_at,
            recorded_by=recorded_by,
            evidence=evidence,
            files=file_entries(files),
        ).execute()
    )


def revoke(tx: Transaction, exception: ExceptionRecord, at: datetime) -> bool:
    """End an exception at instant `at`; False when it is not as it was read."""
    return tx.bump(t.Waiver, exception.id, exception.version, {"revoked_at": at})
