"""Loads everything true of a deal that its gate may read, in a fixed number of queries for any number of deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from salestui.domain.facts import (
    ActionFact,
    ClassFact,
    CustomerEventFact,
    DealFacts,
    Decision,
    ExceptionFact,
    FileFact,
    OutputFacts,
    PlannedFact,
    ReviewFact,
    Revision,
    ScoreFact,
    SentFact,
    Status,
    SummaryFact,
    TalkFact,
    VoteFact,
)
from salestui.domain.money import Money
from salestui.domain.playbook import Scope
from salestui.domain.records import ActivityState, Deal
from salestui.storage import fact_rows as rows_of
from salestui.storage.deals import record

HasFile = Callable[[str], bool]
ScopesOf = Callable[[str, int], Mapping[str, Scope]]
OwnerKey = tuple[str, int]
Plan = tuple[datetime, bool, datetime]


def deals_with_facts(deals: Sequence[int], has_file: HasFile, scopes_of: ScopesOf) -> dict[int, tuple[Deal, DealFacts]]:
    """Return the deals given with their facts, by id and in the order given; unknown ids are left out.

    `has_file` tells whether a hash is kept, `scopes_of` to whom each output of a playbook version belongs: the same key
    may belong to the deal in one playbook and to the customer in another.
    """
    by_id = {row.id: row for row in rows_of.deals(list(deals))}
    rows = [by_id[deal] for deal in dict.fromkeys(deals) if deal in by_id]
    memberships = _memberships(rows)
    owners = _output_owners(rows, memberships)
    outputs = _outputs({owner for known in owners.values() for owner in known}, has_file)
    scores = _latest_scores([m.id for m in memberships.values()])
    moved = _customer_events([m.id for m in memberships.values()])
    talks, planned = _activities([row.id for row in rows])
    ticks, waivers = _ticks([row.id for row in rows]), _waivers([row.id for row in rows])
    found = {}
    for row in rows:
        membership = memberships.get((row.customer_id, row.campaign_id))
        scopes = scopes_of(row.playbook, row.playbook_version)
        facts = DealFacts(
            id=row.id,
            stage=row.stage,
            status=Status(row.status),
            owner=row.owner_id,
            version=row.version,
            scenario=row.scenario,
            amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
            outputs={
                fact.key: fact
                for owner in owners[row.id]
                for fact in outputs.get(owner, ())
                if scopes.get(fact.key) == owner[0]
            },
            score=scores.get(membership.id) if membership else None,
            classification=_classification(membership),
            talks=tuple(talks[row.id]),
            actions=ticks[row.id],
            exceptions=tuple(waivers[row.id]),
            customer={name: getattr(row, f"customer_{name}") for name in rows_of.CUSTOMER_FIELDS},
            next_activity=min(planned[row.id], default=(None, False))[0],
            next_all_day=min(planned[row.id], default=(None, False))[1],
            planned_until=max(planned[row.id], default=(None, False))[0],
            customer_events=tuple(moved[membership.id]) if membership else (),
            planned=tuple(PlannedFact(*plan) for plan in planned[row.id]),
        )
        found[row.id] = (record(row), facts)
    return found


def _memberships(rows: Iterable[Any]) -> dict[tuple[int, int], Any]:
    customers, campaigns = {row.customer_id for row in rows}, {row.campaign_id for row in rows}
    return {(row.customer_id, row.campaign_id): row for row in rows_of.memberships(list(customers), list(campaigns))}


def _classification(membership: Any) -> ClassFact | None:
    if membership is None or not membership.classification:
        return None
    by = membership.classified_by.name if membership.classified_by else ""
    return ClassFact(membership.classification, membership.reason, membership.classified_at, by)


def _output_owners(rows: Iterable[Any], memberships: Mapping[tuple[int, int], Any]) -> dict[int, list[OwnerKey]]:
    owners: dict[int, list[OwnerKey]] = {}
    for row in rows:
        known = [
            (Scope.CAMPAIGN.value, row.campaign_id),
            (Scope.CUSTOMER.value, row.customer_id),
            (Scope.DEAL.value, row.id),
        ]
        membership = memberships.get((row.customer_id, row.campaign_id))
        if membership:
            known.append((Scope.CUSTOMER_IN_CAMPAIGN.value, membership.id))
        owners[row.id] = known
    return owners


def _by_scope(owners: Iterable[OwnerKey]) -> list[list[int]]:
    """Return the owners' numbers for each scope, in the order of `Scope`."""
    ids: dict[str, list[int]] = {scope.value: [] for scope in Scope}
    for scope, number in owners:
        ids[scope].append(number)
    return list(ids.values())


def _outputs(owners: set[OwnerKey], has_file: HasFile) -> dict[OwnerKey, list[OutputFacts]]:
    rows = list(rows_of.outputs(*_by_scope(owners)))
    ids = [row.id for row in rows]
    revisions = _current_revisions(ids, has_file)
    reviews, sendings = _reviews(ids), _sendings(ids)
    drafts = set(rows_of.drafts(*_by_scope(owners)))
    found: dict[OwnerKey, list[OutputFacts]] = defaultdict(list)
    for row in rows:
        owner = (row.scope, row.owner_id)
        has_draft = (*owner, row.key) in drafts
        drafts.discard((*owner, row.key))
        revision = None if row.withdrawn else revisions.get(row.id)
        found[owner].append(
            OutputFacts(row.key, revision, row.withdrawn, has_draft, reviews.get(row.id), sendings.get(row.id))
        )
    for scope, number, key in drafts:
        found[scope, number].append(OutputFacts(key, has_draft=True))
    return found


def file_facts(files: Iterable[Mapping[str, Any]], has_file: HasFile) -> tuple[FileFact, ...]:
    """Return stored file entries as facts, each with whether its content is still there."""
    return tuple(
        FileFact(file["name"], file["sha256"], file["size"], file["type"], has_file(file["sha256"])) for file in files
    )


def _current_revisions(outputs: list[int], has_file: HasFile) -> dict[int, Revision]:
    if not outputs:
        return {}
    return {
        row.output_id: Revision(
            row.id,
            row.number,
            row.values,
            file_facts(row.files, has_file),
            row.author_id,
            row.author_name,
            row.at,
            row.note,
        )
        for row in rows_of.revisions(outputs)
    }


def _reviews(outputs: list[int]) -> dict[int, ReviewFact]:
    newest = {row.output_id: row for row in rows_of.reviews(outputs)} if outputs else {}
    votes = _votes([row.id for row in newest.values()])
    return {
        output: ReviewFact(
            row.id,
            row.revision,
            row.requested_by_id,
            row.requester,
            row.requested_at,
            tuple(votes[row.id]),
            row.recalled_at is not None,
        )
        for output, row in newest.items()
    }


def _votes(reviews: list[int]) -> dict[int, list[VoteFact]]:
    found: dict[int, list[VoteFact]] = defaultdict(list)
    for row in rows_of.votes(reviews) if reviews else ():
        found[row.review_id].append(vote_fact(row))
    return found


def vote_fact(row: Any) -> VoteFact:
    """Return a vote, with `recorder` and `absent_name` joined to it, as the gate reads it."""
    return VoteFact(
        row.role,
        row.name,
        Decision(row.decision),
        row.at,
        row.user_id,
        row.comment,
        row.recorder or "",
        row.evidence,
        row.absent_name or "",
        row.deputy_for_id,
    )


def _sendings(outputs: list[int]) -> dict[int, SentFact]:
    found = rows_of.sendings(outputs) if outputs else ()
    return {row.output_id: SentFact(row.revision, row.values, row.at, row.sender) for row in found}


def _latest_scores(memberships: list[int]) -> dict[int, ScoreFact]:
    return {
        row.membership_id: ScoreFact(row.id, row.at, row.scorer, row.values, row.evidence, row.total, row.grade)
        for row in rows_of.scores(memberships)
    }


def _customer_events(memberships: list[int]) -> dict[int, list[CustomerEventFact]]:
    found: dict[int, list[CustomerEventFact]] = defaultdict(list)
    for row in rows_of.customer_events(memberships):
        found[row.membership_id].append(CustomerEventFact(row.id, row.kind, row.day, row.at, row.after_score, row.note))
    return found


def _activities(deals: list[int]) -> tuple[dict[int, list[TalkFact]], dict[int, list[Plan]]]:
    """Return the talks held, and the times planned, whether they name only the day, and since when, by deal."""
    talks: dict[int, list[TalkFact]] = defaultdict(list)
    planned: dict[int, list[Plan]] = defaultdict(list)
    for row in rows_of.activities(deals):
        if row.state == ActivityState.PLANNED.value:
            planned[row.serves].append((row.at, row.all_day, row.created_at))
            continue
        summary = SummaryFact(row.summary_sent_at, row.summary or {}) if row.summary_sent_at else None
        talks[row.serves].append(TalkFact(row.id, row.at, row.channel, row.subject, row.values, summary))
    return talks, planned


def _ticks(deals: list[int]) -> dict[int, dict[str, ActionFact]]:
    found: dict[int, dict[str, ActionFact]] = defaultdict(dict)
    for row in rows_of.ticks(deals):
        found[row.deal_id][row.key] = ActionFact(row.key, row.at, row.ticker, row.note)
    return found


def _waivers(deals: list[int]) -> dict[int, list[ExceptionFact]]:
    found: dict[int, list[ExceptionFact]] = defaultdict(list)
    for row in rows_of.waivers(deals):
        found[row.deal_id].append(
            ExceptionFact(
                row.id,
                row.requirement,
                row.reason,
                row.granted_name,
                row.granted_at,
                row.expires_at,
                row.recorder or "",
            )
        )
    return found
