"""Reads deals by the thousand: one query, and of each row only what a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salestui.domain.deal_list import DealRow
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.storage import tables as t

__all__ = ["rows"]

_STATUSES = {status.value: status for status in Status}


def rows(
    *,
    campaign: int | None = None,
    owner: int | None = None,
    customer: int | None = None,
    stage: str | None = None,
    statuses: Sequence[Status] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[DealRow, ...]:
    """Return the deals that meet all conditions, in the order of their ids; a limit of None means all."""
    query = _query().order_by(t.Deal.id)
    wanted = {t.Deal.campaign: campaign, t.Deal.owner: owner, t.Deal.customer: customer, t.Deal.stage: stage}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if statuses:
        query = query.where(t.Deal.status.in_([status.value for status in statuses]))
    if limit is not None:
        query = query.limit(limit).offset(offset)
        offset = 0
    # The rows as the database gives them: Peewee's own reading of ten thousand takes longer than everything else.
    found = t.Deal._meta.database.execute(query).fetchall()  # type: ignore[attr-defined]  # noqa: SLF001
    return tuple(_row(*row) for row in found[offset:])


def _query() -> Any:
    return (
        t.Deal.select(
            t.Deal.id, t.Deal.title, t.Customer.id, t.Customer.name, t.Customer.short_name, t.Campaign.id,
            t.Campaign.name, t.Deal.playbook, t.Deal.playbook_version, t.Deal.stage, t.Deal.status, t.User.name,
            t.Deal.amount_minor, t.Deal.currency, t.Deal.expected_on, t.Deal.version, t.Card.grade, t.Card.unmet,
            t.Card.waiting, t.Card.excepted, t.Card.hopeless,
        )
        .join(t.Customer)
        .switch(t.Deal)
        .join(t.Campaign)
        .switch(t.Deal)
        .join(t.User, on=(t.Deal.owner == t.User.id))
        .switch(t.Deal)
        .join(t.Card, on=(t.Card.deal == t.Deal.id))
    )  # fmt: skip


def _row(
    deal: int, title: str, customer: int, name: str, short: str, campaign: int, campaign_name: str, playbook: str,
    playbook_version: int, stage: str, status: str, owner: str, minor: int | None, currency: str,
    expected_on: str | None, version: int, grade: str, unmet: int, waiting: int, excepted: int, hopeless: int,
) -> DealRow:  # fmt: skip
    amount = None if minor is None else Money(minor, currency)
    day = None if expected_on is None else t.Deal.expected_on.python_value(expected_on)
    return DealRow(
        deal, title, customer, name, short or name, campaign, campaign_name, playbook, playbook_version, stage,
        _STATUSES[status], owner, amount, day, version, grade, unmet, bool(waiting), excepted, bool(hopeless),
    )  # fmt: skip
