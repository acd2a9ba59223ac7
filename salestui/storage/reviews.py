"""Reads and writes reviews and their votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from salestui.domain.facts import Decision, FileFact
from salestui.domain.sheets import Asked, OutputRow, ReviewRecord, VoteRecord
from salestui.storage import tables
from salestui.storage.compiled import compiled
from salestui.storage.facts import HasFile, file_facts, vote_fact
from salestui.storage.outputs import file_entries, row_of
from salestui.storage.store import Transaction

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def _where(condition: Any) -> Any:
    return t.Review.select(t.Review, t.Output).join(t.Output).where(condition).order_by(t.Review.id)


@compiled
def _numbered(reviews: list[int]) -> Any:
    return _where(t.Review.id.in_(reviews))


@compiled
def _of_outputs(outputs: list[int]) -> Any:
    return _where(t.Review.output.in_(outputs))


def _records(query: Iterable[Any], has_file: HasFile) -> tuple[ReviewRecord, ...]:
    rows = list(query)
    names = dict(_names(sorted({row.requested_by_id for row in rows})))
    ids = [row.id for row in rows]
    votes, asked = _votes(ids, has_file), _asked(ids)
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
            asked=tuple(asked[row.id]),
        )
        for row in rows
    )


@compiled
def _names(users: list[int]) -> Any:
    return t.User.select(t.User.id, t.User.name).where(t.User.id.in_(users)).tuples()


@compiled
def _votes_in(reviews: list[int]) -> Any:
    recorder, absent = t.User.alias(), t.User.alias()
    return (
        t.Vote.select(t.Vote, recorder.name.alias("recorder"), absent.name.alias("absent_name"))
        .join(recorder, JOIN.LEFT_OUTER, on=(t.Vote.recorded_by == recorder.id))
        .switch(t.Vote)
        .join(absent, JOIN.LEFT_OUTER, on=(t.Vote.deputy_for == absent.id))
        .where(t.Vote.review.in_(reviews))
        .order_by(t.Vote.id)
        .objects()
    )


def _votes(reviews: list[int], has_file: HasFile) -> dict[int, list[VoteRecord]]:
    found: dict[int, list[VoteRecord]] = defaultdict(list)
    for row in _votes_in(reviews):
        found[row.review_id].append(VoteRecord(vote_fact(row), row.voted_on, file_facts(row.files, has_file)))
    return found


@compiled
def _asked_in(reviews: list[int]) -> Any:
    return (
        t.Asked.select(t.Asked, t.User.name.alias("person"))
        .join(t.User, JOIN.LEFT_OUTER, on=(t.Asked.user == t.User.id))
        .where(t.Asked.review.in_(reviews))
        .order_by(t.Asked.id)
        .objects()
    )


def _asked(reviews: list[int]) -> dict[int, list[Asked]]:
    found: dict[int, list[Asked]] = defaultdict(list)
    for row in _asked_in(reviews):
        found[row.review_id].append(Asked(row.role, row.user_id, row.person or "", row.waiting))
    return found


def get(review: int, has_file: HasFile) -> ReviewRecord | None:
    """Return one review with its votes."""
    return next(iter(_records(_numbered([review]), has_file)), None)


def of_output(row: OutputRow, has_file: HasFile) -> tuple[ReviewRecord, ...]:
    """Return all reviews of an output, oldest first."""
    return _records(_of_outputs([row.id]), has_file)


def of_outputs(outputs: Iterable[int], has_file: HasFile) -> dict[int, tuple[ReviewRecord, ...]]:
    """Return all reviews of several outputs by output, oldest first."""
    found: dict[int, list[ReviewRecord]] = defaultdict(list)
    for record in _records(_of_outputs(list(outputs)), has_file):
        found[record.output.id].append(record)
    return {output: tuple(records) for output, records in found.items()}


def running(deal: int, has_file: HasFile) -> tuple[ReviewRecord, ...]:
    """Return the reviews asked for from a deal that read a current revision and were not recalled, oldest first."""
    current = (t.Review.revision == t.Output.latest) & t.Review.recalled_at.is_null()
    return _records(_where((t.Review.deal == deal) & current), has_file)


def awaiting(seats: Mapping[int, Iterable[str]], has_file: HasFile, *, limit: int) -> tuple[ReviewRecord, ...]:
    """Return the undecided reviews of current revisions that await a vote of somebody, the longest waiting first.

    `seats` are users with the roles in which each of them votes; a role that a review asks of somebody else is not
    theirs. At most `limit` reviews.
    """
    found = [row[0] for row in _awaiting(tuple((user, *sorted(roles)) for user, roles in seats.items()), limit)]
    return _records(_numbered(found), has_file) if found else ()


@compiled
def _awaiting(seats: tuple[tuple[Any, ...], ...], limit: int) -> Any:
    theirs = t.Asked.id.is_null()
    for user, *roles in seats:
        theirs |= t.Asked.role.in_(roles) & (t.Asked.user.is_null() | (t.Asked.user == user))
    return (
        t.Review.select(t.Review.id)
        .join(t.Asked, on=(t.Asked.review == t.Review.id))
        .join(t.Output, on=(t.Review.output == t.Output.id))
        .where((t.Asked.waiting == True) & theirs)  # noqa: E712  # SQL, not Python
        .where((t.Review.revision == t.Output.latest) & (t.Output.withdrawn == False))  # noqa: E712  # SQL, not Python
        .group_by(t.Review.id)
        .order_by(t.Review.id)
        .limit(limit)
        .tuples()
    )


def asked_by(user: int, has_file: HasFile, *, limit: int) -> tuple[ReviewRecord, ...]:
    """Return the reviews of current revisions that `user` asked for and that still await a vote, oldest first."""
    undecided = t.Asked.select(t.Asked.id).where((t.Asked.review == t.Review.id) & (t.Asked.waiting == True))  # noqa: E712  # SQL, not Python
    waiting = (
        t.Review.select(t.Review.id)
        .join(t.Output, on=(t.Review.output == t.Output.id))
        .where((t.Review.requested_by == user) & fn.EXISTS(undecided))
        .where((t.Review.revision == t.Output.latest) & (t.Output.withdrawn == False))  # noqa: E712  # SQL, not Python
        .order_by(t.Review.id)
        .limit(limit)
    )
    found = [row[0] for row in waiting.tuples()]
    return _records(_numbered(found), has_file) if found else ()


def voided(user: int, since: datetime, has_file: HasFile, *, limit: int) -> tuple[tuple[ReviewRecord, datetime], ...]:
    """Return the newest reviews whose votes a revision submitted `since` (UTC) voided, with when it was submitted.

    Only those that `user` asked for or voted in, and after which nobody asked for another review of the output; the
    latest voided first.
    """
    at = dict(_voided(user, since, limit))
    known = {record.id: record for record in _records(_numbered(list(at)), has_file)} if at else {}
    return tuple((known[number], when) for number, when in at.items())


@compiled
def _voided(user: int, since: datetime, limit: int) -> Any:
    newer = t.Review.alias()
    later = newer.select(newer.id).where((newer.output == t.Review.output) & (newer.id > t.Review.id))
    voted = t.Vote.select(t.Vote.id).where(t.Vote.review == t.Review.id)
    own = t.Vote.select(t.Vote.review).where(t.Vote.user == user)
    return (
        t.Review.select(t.Review.id, t.Revision.at)
        .join(
            t.Revision,
            on=((t.Revision.output == t.Review.output) & (t.Revision.number == t.Review.revision + 1)),
        )
        .where((t.Revision.at >= since) & t.Review.recalled_at.is_null() & ~fn.EXISTS(later) & fn.EXISTS(voted))
        .where((t.Review.requested_by == user) | t.Review.id.in_(own))
        .order_by(t.Revision.at.desc(), t.Review.id)
        .limit(limit)
        .tuples()
    )


def insert(
    row: OutputRow, *, deal: int, requested_by: int, at: datetime, note: str, roles: Sequence[str], first: bool = False
) -> int:
    """Ask for a review of the latest revision in these roles, or at the `first` of them alone; return its id."""
    values = {"output": row.id, "revision": row.latest, "deal": deal, "requested_by": requested_by}
    number = int(t.Review.insert(**values, requested_at=at, note=note).execute())
    seats = [{"review": number, "role": role, "waiting": not (first and place)} for place, role in enumerate(roles)]
    if seats:
        t.Asked.insert_many(seats).execute()
    return number


def ask_person(review: int, role: str, user: int) -> None:
    """Ask one person in a role, in place of whoever was asked before."""
    t.Asked.update(user=user).where((t.Asked.review == review) & (t.Asked.role == role)).execute()


def keep_waiting(review: int, roles: Sequence[str], awaited: Iterable[str]) -> None:
    """Keep in which of its `roles` a review awaits a vote now; a role that it did not ask yet is asked."""
    known = {row[0] for row in t.Asked.select(t.Asked.role).where(t.Asked.review == review).tuples()}
    new = [{"review": review, "role": role} for role in roles if role not in known]
    if new:
        t.Asked.insert_many(new).execute()
    now = list(awaited)
    t.Asked.update(waiting=t.Asked.role.in_(now)).where(t.Asked.review == review).execute()


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
    deputy_for: int | None = None,
) -> None:
    """Add a vote; `deputy_for` is the absent user for whom it is given."""
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
        deputy_for=deputy_for,
    ).execute()


def change(tx: Transaction, review: ReviewRecord, **changes: object) -> bool:
    """Change a review and count its version up; False when it is not as it was read."""
    return tx.bump(t.Review, review.id, review.version, changes)
