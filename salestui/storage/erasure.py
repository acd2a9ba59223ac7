"""Reads every text that may name a person, in the history and in all tables, and puts redacted ones in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import peewee as pw

from salestui.dataclass import dataclass
from salestui.domain.playbook import Scope
from salestui.domain.redaction import MARK
from salestui.storage import chain, tables
from salestui.storage.customers import keep_searched
from salestui.storage.fields import Json
from salestui.storage.store import Transaction

__all__ = [
    "Person", "StoredEvent", "StoredRow", "blank_contacts", "deals_of", "events", "people", "redact_events", "replace",
    "rows",
]  # fmt: skip

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

WITHOUT_PEOPLE: Final = frozenset(
    {
        "schema_version", "setting", "user", "playbook", "card", "board_count", "event", "command", "activity_deal",
        "seal",
    }
)  # fmt: skip
"""Tables that say nothing of a customer's people; the history is redacted in its own way."""

KEYS: Final = frozenset(
    {
        "channel", "classification", "core_key", "currency", "decision", "grade", "granted_name", "key", "kind", "name",
        "name_key", "playbook", "requirement", "role", "scenario", "scope", "short_name", "stage", "stance", "state",
        "status",
    }
)  # fmt: skip
"""Columns that hold keys, names of companies and campaigns, or names of those who use the database."""

_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, also one that was removed or erased."""

    id: int
    customer: int
    name: str
    phone: str
    email: str

    @property
    def erased(self) -> bool:
        """Whether nothing but the number is left."""
        return self.name == MARK


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The texts of one row; `customer` is the company it is about, None where it is about no single one."""

    table: str
    id: int
    customer: int | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """What one event says."""

    id: int
    action: str
    subject: str
    deal: int | None
    customer: int | None
    before: object
    after: object
    note: str


def people(*, contact: int | None = None, customer: int | None = None) -> tuple[Person, ...]:
    """Return a contact, or all of a customer; removed ones too."""
    query = t.Contact.select().order_by(t.Contact.id)
    query = query.where(t.Contact.id == contact) if contact is not None else query.where(t.Contact.customer == customer)
    return tuple(Person(row.id, row.customer_id, row.name, row.phone, row.email) for row in query)


def deals_of(customer: int) -> frozenset[int]:
    """Return the deals of a customer."""
    return frozenset(row[0] for row in t.Deal.select(t.Deal.id).where(t.Deal.customer == customer).tuples())


def events() -> Iterator[StoredEvent]:
    """Yield all events, oldest first."""
    e, last = t.Event, 0
    columns = (e.id, e.action, e.subject, e.deal_id, e.customer_id, e.before, e.after, e.note)
    while batch := list(e.select(*columns).where(e.id > last).order_by(e.id).limit(_BATCH).tuples()):
        yield from (StoredEvent(*row) for row in batch)
        last = batch[-1][0]


def rows() -> Iterator[StoredRow]:
    """Yield the texts of all rows that may name a person."""
    whose = _Whose()
    for model in tables.MODELS:
        options = model._meta  # type: ignore[attr-defined]  # noqa: SLF001  # Peewee's documented name for a model's options
        columns = [
            field.name
            for field in options.sorted_fields
            if isinstance(field, pw.TextField | Json) and field.name not in KEYS
        ]
        if options.table_name in WITHOUT_PEOPLE or not columns:
            continue
        for row in model.select().order_by(options.primary_key).dicts().iterator():
            yield StoredRow(
                options.table_name,
                row["id"],
                whose.customer(options.table_name, row),
                {name: row[name] for name in columns if not _is_reason(options.table_name, name)},
            )


def _is_reason(table: str, column: str) -> bool:
    """Whether a column named for a reason holds the key of one: that of a lost or parked deal."""
    return table == "deal" and column == "reason"


class _Whose:
    """Tells which customer a row is about, by what it points at."""

    def __init__(self) -> None:
        self._deals = self._pairs(t.Deal, "customer_id")
        self._memberships = self._pairs(t.Membership, "customer_id")
        self._activities = self._pairs(t.Activity, "customer_id")
        self._outputs = {
            row[0]: self._owner(row[1], row[2])
            for row in t.Output.select(t.Output.id, t.Output.scope, t.Output.owner_id).tuples()
        }
        self._reviews = {
            number: self._outputs.get(output)
            for number, output in t.Review.select(t.Review.id, t.Review.output).tuples()
        }

    @staticmethod
    def _pairs(model: Any, column: str) -> dict[int, int | None]:
        fields = model._meta.columns  # noqa: SLF001  # Peewee's documented name for a model's options
        return dict(model.select(model.id, fields[column]).tuples())

    def _owner(self, scope: str, number: int) -> int | None:
        owners = {Scope.DEAL.value: self._deals, Scope.CUSTOMER_IN_CAMPAIGN.value: self._memberships}
        return number if scope == Scope.CUSTOMER.value else owners.get(scope, {}).get(number)

    def customer(self, table: str, row: Mapping[str, Any]) -> int | None:
        """Return the customer of a row, None where it is about no single one."""
        if table == "customer":
            return int(row["id"])
        if "scope" in row:
            return self._owner(row["scope"], row["owner_id"])
        if row.get("customer") is not None:
            return int(row["customer"])
        known = {
            "deal": self._deals,
            "membership": self._memberships,
            "activity": self._activities,
            "output": self._outputs,
            "review": self._reviews,
        }
        points_at = next((name for name in known if row.get(name) is not None), None)
        return known[points_at].get(row[points_at]) if points_at else None


# Writing


def replace(table: str, number: int, values: Mapping[str, object]) -> None:
    """Put redacted texts into a row; its version counts up, so that nobody saves the old ones over them."""
    model: Any = next(known for known in tables.MODELS if known._meta.table_name == table)  # type: ignore[attr-defined]  # noqa: SLF001
    changes = {getattr(model, name): value for name, value in values.items()}
    if hasattr(model, "version"):
        changes[model.version] = model.version + 1
    model.update(changes).where(model.id == number).execute()
    _forget_searched(table, number)


def _forget_searched(table: str, number: int) -> None:
    """Leave nothing of what was redacted in what filters look in."""
    if table == "customer":
        keep_searched([number])
    if table in {"customer", "deal"}:
        of = t.Deal.customer == number if table == "customer" else t.Deal.id == number
        t.Card.update(searched="", stale=True).where(t.Card.deal.in_(t.Deal.select(t.Deal.id).where(of))).execute()


def blank_contacts(contacts: Sequence[int]) -> None:
    """Leave nothing of these people but the number, in no list."""
    texts = dict.fromkeys(("title", "phone", "email", "role", "stance", "cares_about", "note"), "")
    changes = {getattr(t.Contact, name): value for name, value in texts.items()}
    changes |= {t.Contact.name: MARK, t.Contact.removed: True, t.Contact.version: t.Contact.version + 1}
    t.Contact.update(changes).where(t.Contact.id.in_(list(contacts))).execute()


def redact_events(
    tx: Transaction,
    changed: Sequence[StoredEvent],
    *,
    subject: str,
    customer: int,
    told: Mapping[str, object],
    note: str,
) -> int:
    """Record an erasure that names these events, then put them in the place of what was written; return its id."""
    database = tx.store.database
    database.overwrite_deleted()
    left = [chain.redacted(database, event.id, event.before, event.after, event.note) for event in changed]
    named = {str(event.id): event.digest for event in left}
    after = {**told, "events": named}
    number = tx.record(chain.ERASURE, subject=subject, customer=customer, before=None, after=after, note=note)
    for event in left:
        chain.redact(database, event)
    return number
