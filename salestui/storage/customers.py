"""Customers: companies, found by the folded forms of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from salestui.domain.lists import CustomerLine
from salestui.domain.records import Customer
from salestui.domain.text import core_name, same_name
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.matching import Wanted
from salestui.storage.store import Transaction
from salestui.storage.words import Word, holding, searched

__all__ = [
    "by_id", "count", "count_listed", "insert", "keep_searched", "keys", "listed", "matching", "named", "page",
    "place_of", "possible_doubles", "responsible", "searched_in", "update",
]  # fmt: skip

_SEARCHED: Final = 400
"""The most characters a filter looks in: they share an entry of an index with the name."""


def _query() -> Any:
    return t.Customer.select(t.Customer, t.User.id, t.User.name).join(t.User, on=(t.Customer.owner == t.User.id))


def _record(row: Any) -> Customer:
    return Customer(
        id=row.id,
        name=row.name,
        short_name=row.short_name,
        industry=row.industry,
        region=row.region,
        size=row.size,
        website=row.website,
        address=row.address,
        source=row.source,
        need=row.need,
        note=row.note,
        owner=row.owner_id,
        owner_name=row.owner.name,
        created_at=row.created_at,
        merged_into=row.merged_into_id,
        version=row.version,
    )


def by_id(number: int) -> Customer | None:
    """Return the customer with this number, or None."""
    return next((_record(row) for row in _numbered(number)), None)


@compiled
def _numbered(number: int) -> Any:
    return _query().where(t.Customer.id == number)


def _alone(model: Any) -> Any:
    return model.merged_into.is_null()


def named(name: str, campaign: int | None = None) -> tuple[Customer, ...]:
    """Return the customers of this name, of `campaign` where given; width, case and spaces do not matter."""
    query = _query().where((t.Customer.name_key == same_name(name)) & _alone(t.Customer))
    if campaign is not None:
        query = query.where(t.Customer.id.in_(_members(campaign)))
    return tuple(_record(row) for row in query.order_by(t.Customer.id))


def possible_doubles(name: str) -> tuple[Customer, ...]:
    """Return the customers whose name is the same only without company suffixes such as 有限公司."""
    query = _query().where(
        (t.Customer.core_key == core_name(name)) & (t.Customer.name_key != same_name(name)) & _alone(t.Customer)
    )
    return tuple(_record(row) for row in query.order_by(t.Customer.id))


def _members(campaign: int) -> Any:
    return t.Membership.select(t.Membership.customer).where(t.Membership.campaign == campaign)


def matching(text: str, campaign: int | None = None, *, limit: int | None = None, offset: int = 0) -> tuple[int, ...]:
    """Return the numbers of the customers with `text` in name, short name, industry or region, by name."""
    wanted, c = Wanted(text), t.Customer
    if not wanted:
        rows = _in(campaign, c.select(c.id)).order_by(c.name_key, c.id).limit(limit).offset(offset).tuples()
        return tuple(number for (number,) in rows)
    query = _in(campaign, c.select(c.id, c.name, c.short_name, c.industry, c.region))
    found = [number for number, *texts in query.order_by(c.name_key, c.id).tuples() if wanted.within(*texts)]
    return tuple(found[offset : None if limit is None else offset + limit])


def count(text: str, campaign: int | None = None) -> int:
    """Return how many customers `matching` finds."""
    if Wanted(text):
        return len(matching(text, campaign))
    return int(_in(campaign, t.Customer.select()).count())


def _in(campaign: int | None, query: Any) -> Any:
    query = query.where(_alone(t.Customer))
    return query if campaign is None else query.where(t.Customer.id.in_(_members(campaign)))


def page(numbers: Sequence[int]) -> tuple[Customer, ...]:
    """Return the customers with these numbers, in their order; a few hundred at a time."""
    found = {row.id: _record(row) for row in _query().where(t.Customer.id.in_(list(numbers)))}
    return tuple(found[number] for number in numbers if number in found)


def responsible(customer: int, campaign: int | None = None) -> frozenset[int]:
    """Return who works on a customer: its owner, the owners of its deals and of the campaigns it is in.

    With `campaign` only the deals of that campaign and its owner count, besides the customer's owner.
    """
    deals = t.Deal.select(t.Deal.owner).where(t.Deal.customer == customer)
    campaigns = t.Campaign.select(t.Campaign.owner)
    if campaign is None:
        joined = t.Membership.select(t.Membership.campaign).where(t.Membership.customer == customer)
        campaigns = campaigns.where(t.Campaign.id.in_(joined))
    else:
        deals = deals.where(t.Deal.campaign == campaign)
        campaigns = campaigns.where(t.Campaign.id == campaign)
    owner = t.Customer.select(t.Customer.owner).where(t.Customer.id == customer)
    return frozenset(number for query in (owner, deals, campaigns) for (number,) in query.tuples())


def insert(values: Mapping[str, object], now: datetime) -> int:
    """Add a customer with the columns given; return its number."""
    row = t.Customer.create(**values, **keys(str(values["name"])), searched=searched_in(values), created_at=now)
    return int(row.id)


def update(tx: Transaction, number: int, expected_version: int | None, changes: Mapping[str, object]) -> bool:
    """Change columns of a customer; False when it is not at the expected version."""
    columns = dict(changes)
    if "name" in columns:
        columns |= keys(str(columns["name"]))
    changed = bool(tx.bump(t.Customer, number, expected_version, columns))
    if changed:
        keep_searched([number])
    return changed


def keep_searched(numbers: Sequence[int]) -> None:
    """Keep anew what a filter finds these customers by; a few hundred at a time."""
    c = t.Customer
    query = c.select(c.id, c.name, c.short_name, c.industry, c.region).where(c.id.in_(list(numbers)))
    for row in list(query.dicts()):
        c.update(searched=searched_in(row)).where(c.id == row["id"]).execute()


def searched_in(values: Mapping[str, object]) -> str:
    """Return what a filter finds a customer with these columns by, besides its number and its owner."""
    return searched([str(values.get(name, "")) for name in ("name", "short_name", "industry", "region")], "", _SEARCHED)


def listed(text: Sequence[Word], start: int, stop: int) -> tuple[CustomerLine, ...]:
    """Return the customers from place `start` to before `stop`, by name, that hold every word."""
    c = t.Customer
    found = c.select(c.id).where(holding(c, text, _alone(c), "c")).order_by(c.name_key, c.id)
    numbers = [number for (number,) in found.limit(stop - start).offset(start).tuples()]
    query = c.select(c.id, c.short_name, c.name, c.industry, c.region, t.User.name)
    query = query.join(t.User, on=(c.owner == t.User.id)).where(c.id.in_(numbers))
    lines = {
        number: CustomerLine(number, short or name, industry, region, owner)
        for number, short, name, industry, region, owner in query.tuples()
    }
    return tuple(lines[number] for number in numbers)


def count_listed(text: Sequence[Word]) -> int:
    """Return how many customers hold every word."""
    return int(t.Customer.select().where(holding(t.Customer, text, _alone(t.Customer), "c")).count())


def place_of(text: Sequence[Word], number: int) -> int | None:
    """Return the place of a customer among those that hold every word, counted from 0; None where it is not there."""
    c = t.Customer
    among = holding(c, text, _alone(c), "c")
    key = c.select(c.name_key).where(among & (c.id == number)).scalar()
    if key is None:
        return None
    before = (c.name_key < key) | ((c.name_key == key) & (c.id < number))
    return int(c.select().where(among & (c.name_key <= key) & before).count())


def keys(name: str) -> dict[str, object]:
    """Return the columns by which a customer of this name is found."""
    return {"name_key": same_name(name), "core_key": core_name(name)}
