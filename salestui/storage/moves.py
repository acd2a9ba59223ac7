"""Reads what is left of every move of every deal: the events that tell of it, and what its gate must have seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from salestui.dataclass import dataclass
from salestui.storage import tables

__all__ = ["Evidence", "Place", "Reviewed", "Told", "evidence", "told"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

_MOVES = ("deal.created", "deal.moved", "deal.completed", "deal.upgraded", "database.changed")


@dataclass(frozen=True, slots=True)
class Told:
    """An event that tells where a deal stands: its number, when (UTC), of which deal, what it was and became."""

    id: int
    at: datetime
    deal: int
    action: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """A deal as it is: whom it belongs to, its playbook, whether an import brought it."""

    customer: int
    campaign: int
    membership: int
    playbook: str
    version: int
    imported: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review of a revision: when it was asked for and recalled, and its votes as (role, decision, when)."""

    revision: int
    at: datetime
    recalled_at: datetime | None
    votes: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was there when deals moved, of all deals.

    `papers` has the number and time of each revision by (scope, owner, key), `reviews` the reviews by the same;
    `exceptions` by deal what was excepted, from when until when; `scores` the times of scorecards by membership.
    """

    deals: Mapping[int, Place]
    papers: Mapping[tuple[str, int, str], tuple[tuple[int, datetime], ...]]
    reviews: Mapping[tuple[str, int, str], tuple[Reviewed, ...]]
    exceptions: Mapping[int, tuple[tuple[str, datetime, datetime], ...]]
    scores: Mapping[int, tuple[datetime, ...]]


def told() -> Iterator[Told]:
    """Yield the events that tell where deals stand, in the order in which they were written."""
    e = t.Event
    query = e.select(e.id, e.at, e.deal_id, e.action, e.before, e.after).where(
        e.action.in_(_MOVES) & e.deal_id.is_null(False)
    )
    query = query.where((e.action != "database.changed") | e.subject.startswith("D"))
    for number, at, deal, action, before, after in query.order_by(e.id).tuples():
        yield Told(number, at, deal, action, _values(before), _values(after))


def _values(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def evidence() -> Evidence:
    """Return what was there when deals moved."""
    d, m, w, s = t.Deal, t.Membership, t.Waiver, t.Score
    places = {
        (customer, campaign): number for customer, campaign, number in m.select(m.customer, m.campaign, m.id).tuples()
    }
    columns = (d.id, d.customer, d.campaign, d.playbook, d.playbook_version, d.imported)
    exceptions: dict[int, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    for deal, key, granted, expires, revoked in w.select(
        w.deal, w.requirement, w.granted_at, w.expires_at, w.revoked_at
    ).tuples():
        exceptions[deal].append((key, granted, min(expires, revoked or expires)))
    scores: dict[int, list[datetime]] = defaultdict(list)
    for membership, at in s.select(s.membership, s.at).tuples():
        scores[membership].append(at)
    return Evidence(
        deals={
            number: Place(customer, campaign, places.get((customer, campaign), 0), playbook, version, imported)
            for number, customer, campaign, playbook, version, imported in d.select(*columns).tuples()
        },
        papers=_papers(),
        reviews=_reviews(),
        exceptions={deal: tuple(each) for deal, each in exceptions.items()},
        scores={membership: tuple(each) for membership, each in scores.items()},
    )


def _papers() -> dict[tuple[str, int, str], tuple[tuple[int, datetime], ...]]:
    o, r = t.Output, t.Revision
    found: dict[tuple[str, int, str], list[tuple[int, datetime]]] = defaultdict(list)
    query = r.select(o.scope, o.owner_id, o.key, r.number, r.at).join(o).order_by(r.id)
    for scope, owner, key, number, at in query.tuples():
        found[scope, owner, key].append((number, at))
    return {paper: tuple(revisions) for paper, revisions in found.items()}


def _reviews() -> dict[tuple[str, int, str], tuple[Reviewed, ...]]:
    o, r, v = t.Output, t.Review, t.Vote
    votes: dict[int, list[tuple[str, str, datetime]]] = defaultdict(list)
    for review, role, decision, at in v.select(v.review, v.role, v.decision, v.at).order_by(v.id).tuples():
        votes[review].append((role, decision, at))
    found: dict[tuple[str, int, str], list[Reviewed]] = defaultdict(list)
    columns = (o.scope, o.owner_id, o.key, r.id, r.revision, r.requested_at, r.recalled_at)
    for scope, owner, key, number, revision, at, recalled in r.select(*columns).join(o).order_by(r.id).tuples():
        found[scope, owner, key].append(Reviewed(revision, at, recalled, tuple(votes[number])))
    return {paper: tuple(each) for paper, each in found.items()}
