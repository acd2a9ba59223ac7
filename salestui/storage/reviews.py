"""Reads and writes reviews and their votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from salestui.domain.facts import Decision, FileFact, VoteFact
from salestui.domain.sheets import OutputRow, ReviewRecord, VoteRecord
from salestui.storage import tables
from salestui.storage.facts import HasFile, file_facts
from salestui.storage.outputs import file_entries, row_of
from salestui.storage.store import Transaction

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def _records(condition: Any, has_file: HasFile) -> tuple[ReviewRecord, ...]:
    query = t.Review.select(t.Review, t.Output).join(t.Output).where(condition).order_by(t.Review.id)
    rows = list(query)
    names = dict(t.User.select(t.User.id, t.User.name).where(t.User.id.in_([r.requested_by_id for r in rows])).tuples())
    votes = _votes([row.id for row in rows], has_file)
    return tuple(
        ReviewRecord(
            id=row.id,
            output=row_of(row.output),
            revision=row.revision,
            deal=row.deal_id,
            requested_by=row.requested_by_id,
            requested_by_name=names[row.requested_by_id],
            requested_at=row.requested_at,
            note=row.note,
            recalled_at=row.recalled_at,
            votes=tuple(votes[row.id]),
            version=row.version,
        )
        for row in rows
    )


def _votes(reviews: Sequence[int], has_file: HasFile) -> dict[int, list[VoteRecord]]:
    recorder = t.User.alias()
    query = (
        t.Vote.select(t.Vote, recorder.name.alias("recorder"))
        .join(recorder, JOIN.LEFT_OUTER, on=(t.Vote.recorded_by == recorder.id))
        .where(t.Vote.review.in_(list(reviews)))
        .order_by(t.Vote.id)
    )
    found: dict[int, list[VoteRecord]] = defaultdict(list)
    for row in query.objects():
        fact = VoteFact(
            row.role,
            row.name,
            Decision(row.decision),
            row.at,
            row.user_id,
            row.comment,
            row.recorder or "",
            row.evidence,
        )
        found[row.review_id].append(VoteRecord(fact, row.voted_on, file_facts(row.files, has_file)))
    return found


def get(review: int, has_file: HasFile) -> ReviewRecord | None:
    """Return one review with its votes."""
    return next(iter(_records(t.Review.id == review, has_file)), None)


def of_output(row: OutputRow, has_file: HasFile) -> tuple[ReviewRecord, ...]:
    """Return all reviews of an output, oldest first."""
    return _records(t.Review.output == row.id, has_file)


def undecided(has_file: HasFile) -> tuple[ReviewRecord, ...]:
    """Return the reviews of current revisions that were not recalled, oldest first; some may have their votes."""
    newer = t.Review.alias()
    later = newer.select(newer.id).where((newer.output == t.Review.output) & (newer.id > t.Review.id))
    current = (t.Review.revision == t.Output.latest) & (t.Output.withdrawn == False)  # noqa: E712  # SQL, not Python
    return _records(current & t.Review.recalled_at.is_null() & ~fn.EXISTS(later), has_file)


def insert(row: OutputRow, *, deal: int, requested_by: int, at: datetime, note: str) -> int:
    """Ask for a review of the latest revision; return its id."""
    values = {"output": row.id, "revision": row.latest, "deal": deal, "requested_by": requested_by}
    return int(t.Review.insert(**values, requested_at=at, note=note).execute())


def add_vote(
    review: int,
    *,
    role: str,
    user: int | None,
    name: str,
    decision: Decision,
    comment: str,
    at: datetime,
    recorded_by: int | None = None,
    voted_on: date | None = None,
    evidence: str = "",
    files: Sequence[FileFact] = (),
) -> None:
    """Add a vote."""
    t.Vote.insert(
        review=review,
        role=role,
        user=user,
        name=name,
        decision=decision.value,
        comment=comment,
        at=at,
        recorded_by=recorded_by,
        voted_on=voted_on,
        evidence=evidence,
        files=file_entries(files),
    ).execute()


def change(tx: Transaction, review: ReviewRecord, **changes: object) -> bool:
    """Change a review and count its version up; False when it is not as it was read."""
    return tx.bump(t.Review, review.id, review.version, changes)
