"""Reads and writes conversations: planned follow-ups and talks held, with the summary that was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from salestui.domain.facts import FileFact
from salestui.domain.records import Activity, ActivityState
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.facts import HasFile, file_facts
from salestui.storage.store import Transaction


def _joined() -> Any:
    return t.Activity.select(t.Activity, t.User.name.alias("owner_name")).join(
        t.User, on=(t.Activity.owner == t.User.id)
    )


def _deals_of(activities: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for activity, deal in _served(list(activities)):
        found[activity].append(deal)
    return found


@compiled
def _served(activities: list[int]) -> Any:
    link = t.ActivityDeal
    query = link.select(link.activity, link.deal).where(link.activity.in_(activities))
    return query.order_by(link.deal).tuples()


def _records(query: Iterable[Any]) -> tuple[Activity, ...]:
    rows = list(query)
    deals = _deals_of([row.id for row in rows])
    return tuple(
        Activity(
            id=row.id,
            customer=row.customer_id,
            deals=tuple(deals[row.id]),
            state=ActivityState(row.state),
            channel=row.channel,
            at=row.at,
            all_day=row.all_day,
            subject=row.subject,
            outline=row.outline,
            values=row.values,
            owner=row.owner_id,
            owner_name=row.owner_name,
            author=row.author_id,
            summary_sent_at=row.summary_sent_at,
            summary=row.summary,
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    )


def get(activity: int) -> Activity | None:
    """Return one conversation, or None."""
    return next(iter(_records(_joined().where(t.Activity.id == activity).objects())), None)


def of_deal(deal: int) -> tuple[Activity, ...]:
    """Return the conversations that serve a deal, newest first."""
    return _records(_of_deal(deal))


@compiled
def _of_deal(deal: int) -> Any:
    query = _joined().join(t.ActivityDeal, on=(t.ActivityDeal.activity == t.Activity.id))
    query = query.where(t.ActivityDeal.deal == deal).order_by(t.Activity.at.desc(), t.Activity.id.desc())
    return query.objects()


def of_customer(customer: int, limit: int) -> tuple[Activity, ...]:
    """Return a customer's conversations, newest first, `limit` of them at most."""
    query = _joined().where(t.Activity.customer == customer)
    return _records(query.order_by(t.Activity.at.desc(), t.Activity.id.desc()).limit(limit).objects())


def summary_files(activity: int, has_file: HasFile) -> tuple[FileFact, ...]:
    """Return the files that went out with the summary."""
    row = t.Activity.get_or_none(t.Activity.id == activity)
    return file_facts(row.summary_files or (), has_file) if row else ()


def insert(values: Mapping[str, object], deals: Sequence[int]) -> int:
    """Insert a conversation that serves `deals`; return its id."""
    number = int(t.Activity.insert(**values).execute())
    add_deals(number, deals)
    return number


def update(tx: Transaction, activity: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change a conversation and count its version up; False when it is not at `expected_version` any more."""
    return tx.bump(t.Activity, activity, expected_version, changes)


def add_deals(activity: int, deals: Sequence[int]) -> None:
    """Have the conversation serve these deals as well."""
    if deals:
        t.ActivityDeal.insert_many([{"activity": activity, "deal": deal} for deal in deals]).execute()


def remove_deals(activity: int, deals: Sequence[int]) -> None:
    """Have the conversation serve these deals no more."""
    link = t.ActivityDeal
    link.delete().where((link.activity == activity) & link.deal.in_(list(deals))).execute()
