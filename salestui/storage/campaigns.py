"""Campaigns: pushes into a market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salestui.domain.records import Campaign
from salestui.domain.text import same_name
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.store import Transaction

__all__ = ["by_id", "by_name", "everyone", "insert", "update"]


def _query() -> Any:
    return t.Campaign.select(t.Campaign, t.User.id, t.User.name).join(t.User, on=(t.Campaign.owner == t.User.id))


def _record(row: Any) -> Campaign:
    return Campaign(
        id=row.id,
        name=row.name,
        playbook=row.playbook,
        playbook_version=row.playbook_version,
        scenario=row.scenario,
        market=row.market,
        currency=row.currency,
        owner=row.owner_id,
        owner_name=row.owner.name,
        note=row.note,
        closed=row.closed,
        shared=row.shared,
        created_at=row.created_at,
        version=row.version,
    )


def everyone() -> tuple[Campaign, ...]:
    """Return all campaigns, the running ones first, the newest on top."""
    return tuple(_record(row) for row in _everyone())


@compiled
def _everyone() -> Any:
    return _query().order_by(t.Campaign.closed, t.Campaign.id.desc())


def by_id(number: int) -> Campaign | None:
    """Return the campaign with this number, or None."""
    return next((_record(row) for row in _numbered([number])), None)


@compiled
def _numbered(numbers: list[int]) -> Any:
    return _query().where(t.Campaign.id.in_(numbers))


def by_name(name: str) -> Campaign | None:
    """Return the campaign of this name, or None; width, case and spaces do not matter."""
    row = _query().where(t.Campaign.name_key == same_name(name)).first()
    return _record(row) if row else None


def insert(values: Mapping[str, object], now: datetime) -> int:
    """Add a campaign with the columns given; return its number."""
    row = t.Campaign.create(**values, name_key=same_name(str(values["name"])), created_at=now)
    return int(row.id)


def update(tx: Transaction, number: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change columns of a campaign; False when it is not at the expected version."""
    columns = dict(changes)
    if "name" in columns:
        columns["name_key"] = same_name(str(columns["name"]))
    return bool(tx.bump(t.Campaign, number, expected_version, columns))
