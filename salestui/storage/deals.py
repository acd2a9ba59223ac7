"""Reads and writes deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.records import Deal
from salestui.storage import board_counts
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.store import Transaction


def joined(*further: Any) -> Any:
    """Select deals with what `record` reads, and further columns."""
    return (
        t.Deal.select(
            t.Deal,
            *further,
            t.Customer.name.alias("customer_name"),
            t.Customer.short_name.alias("customer_short"),
            t.Campaign.name.alias("campaign_name"),
            t.User.name.alias("owner_name"),
        )
        .join(t.Customer)
        .switch(t.Deal)
        .join(t.Campaign)
        .switch(t.Deal)
        .join(t.User, on=(t.Deal.owner == t.User.id))
    )


def record(row: Any) -> Deal:
    """Return the deal of a row of `joined`."""
    return Deal(
        id=row.id,
        customer=row.customer_id,
        customer_name=row.customer_name,
        customer_label=row.customer_short or row.customer_name,
        campaign=row.campaign_id,
        campaign_name=row.campaign_name,
        playbook=row.playbook,
        playbook_version=row.playbook_version,
        title=row.title,
        stage=row.stage,
        status=Status(row.status),
        owner=row.owner_id,
        owner_name=row.owner_name,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        expected_on=row.expected_on,
        need=row.need,
        source=row.source,
        created_at=row.created_at,
        stage_since=row.stage_since,
        won_at=row.won_at,
        closed_at=row.closed_at,
        reason=row.reason,
        competitor=row.competitor,
        note=row.note,
        look_again_on=row.look_again_on,
        cancelled=row.cancelled,
        imported=row.imported,
        version=row.version,
    )


def many(deals: Sequence[int]) -> Iterator[Deal]:
    """Yield the deals with these ids; unknown ids are left out."""
    for row in _numbered(list(deals)):
        yield record(row)


@compiled
def _numbered(deals: list[int]) -> Any:
    return joined().where(t.Deal.id.in_(deals)).objects()


def select(
    *,
    campaign: int | None = None,
    owner: int | None = None,
    customer: int | None = None,
    stage: str | None = None,
    statuses: Sequence[Status] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Deal, ...]:
    """Return deals in the order of their ids, all conditions met; a limit of None means all."""
    query = joined().order_by(t.Deal.id)
    wanted = {t.Deal.campaign: campaign, t.Deal.owner: owner, t.Deal.customer: customer, t.Deal.stage: stage}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if statuses:
        query = query.where(t.Deal.status.in_([status.value for status in statuses]))
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return tuple(record(row) for row in query.objects())


def insert(values: Mapping[str, object]) -> int:
    """Insert a deal and its empty card; return its id."""
    number = int(t.Deal.insert(**values).execute())
    t.Card.insert(deal=number, stale=True).execute()
    return number


def update(tx: Transaction, deal: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change a deal, have its card follow, and count its version up.

    False when it is not at `expected_version` any more.
    """
    changed = tx.bump(t.Deal, deal, expected_version, changes)
    if changed:
        board_counts.follow(deal, changes)
    return changed


def tick(deal: int, key: str, note: str, by: int, at: object) -> None:
    """Record a key action as done."""
    t.ActionTick.insert(deal=deal, key=key, note=note, at=at, by=by).execute()


def untick(deal: int, key: str, at: object) -> int:
    """Take a key action back; return how many ticks were in force."""
    in_force = (t.ActionTick.deal == deal) & (t.ActionTick.key == key) & t.ActionTick.undone_at.is_null()
    return int(t.ActionTick.update(undone_at=at).where(in_force).execute())


def ids_with(
    *, customer: int | None = None, campaign: int | None = None, statuses: Sequence[Status] = ()
) -> tuple[int, ...]:
    """Return the ids of the deals of a customer, a campaign, or of both together."""
    query = t.Deal.select(t.Deal.id).order_by(t.Deal.id)
    if customer is not None:
        query = query.where(t.Deal.customer == customer)
    if campaign is not None:
        query = query.where(t.Deal.campaign == campaign)
    if statuses:
        query = query.where(t.Deal.status.in_([status.value for status in statuses]))
    return tuple(row[0] for row in query.tuples())
