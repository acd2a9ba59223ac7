"""What an import looks up at once, and the rows it adds: their SQL is composed once, for there are thousands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.storage import customers
from salestui.storage import tables as t

__all__ = [
    "KnownName", "add_contact", "add_customer", "add_deal", "add_member", "alike", "is_done", "known_names", "members",
]  # fmt: skip

_inserts: Final[dict[tuple[str, ...], str]] = {}


@dataclass(frozen=True, slots=True)
class KnownName:
    """A customer's name, as written and in the two forms in which names are compared."""

    customer: int
    name: str
    name_key: str
    core_key: str


def known_names() -> tuple[KnownName, ...]:
    """Return the names of all customers, the oldest first."""
    return tuple(KnownName(*row) for row in _names().tuples())


def alike(name_keys: Collection[str], core_keys: Collection[str]) -> tuple[KnownName, ...]:
    """Return the names of the customers with one of these keys, the oldest first; a few hundred at a time."""
    c = t.Customer
    query = _names().where(c.name_key.in_(list(name_keys)) | c.core_key.in_(list(core_keys)))
    return tuple(KnownName(*row) for row in query.tuples())


def members(campaign: int, among: Collection[int] | None = None) -> frozenset[int]:
    """Return the customers that are in a campaign; of those `among` which it is asked, where given."""
    query = t.Membership.select(t.Membership.customer).where(t.Membership.campaign == campaign)
    if among is not None:
        query = query.where(t.Membership.customer.in_(list(among)))
    return frozenset(row[0] for row in query.tuples())


def is_done(command_id: str) -> bool:
    """Whether a result is kept for this command."""
    return bool(t.Command.select().where(t.Command.id == command_id).exists())


def _names() -> Any:
    c = t.Customer
    return c.select(c.id, c.name, c.name_key, c.core_key).where(c.merged_into.is_null()).order_by(c.id)


def add_customer(values: Mapping[str, object], now: datetime) -> int:
    """Add a customer with the columns given; return its number."""
    derived = {**customers.keys(str(values["name"])), "searched": customers.searched_in(values)}
    return _insert(t.Customer, {**values, **derived, "created_at": now})


def add_member(customer: int, campaign: int, now: datetime) -> None:
    """Put a customer into a campaign."""
    _insert(t.Membership, {"customer": customer, "campaign": campaign, "created_at": now})


def add_contact(customer: int, values: Mapping[str, object], now: datetime) -> int:
    """Add a person at a customer; return the number."""
    return _insert(t.Contact, {"customer": customer, **values, "created_at": now})


def add_deal(values: Mapping[str, object]) -> int:
    """Add a deal and its empty card, which the board judges when it next reads it; return its number."""
    number = _insert(t.Deal, values)
    _insert(t.Card, {"deal": number, "stale": True})
    return number


def _insert(model: Any, values: Mapping[str, object]) -> int:
    """Add a row with the fields given by name, the others with what the model says; return its key."""
    options = model._meta  # noqa: SLF001  # Peewee's documented name for a model's options
    row = {options.combined[name]: value for name, value in values.items()}
    for field, value in options.defaults.items():
        row.setdefault(field, value)
    names = (options.table_name, *(field.column_name for field in row))
    sql = _inserts.get(names)
    if sql is None:
        columns = ", ".join(f'"{field.column_name}"' for field in row)
        places = ", ".join("?" for _field in row)
        into = f'INSERT INTO "{options.table_name}" ({columns}) VALUES ({places})'  # noqa: S608  # names of ours
        sql = _inserts[names] = f'{into} RETURNING "{options.primary_key.column_name}"'
    database = options.database
    stored = [field.db_value(value) for field, value in row.items()]
    return int(database.execute_sql(sql.replace("?", database.param), stored).fetchall()[0][0])
