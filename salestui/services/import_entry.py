"""Enters judged rows: company, contact and deal, with the same history as when they are entered one by one.

It does not go through the services of each, which would judge the deal's gate several times a row: new deals stand in
the first stage, where nothing has been asked yet, and the board judges them when it next reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salestui.domain.facts import Status
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Playbook
from salestui.domain.records import Campaign, Kind, shown
from salestui.domain.text import same_name
from salestui.services import customers
from salestui.services.import_rows import Candidate
from salestui.storage import contacts as contact_rows
from salestui.storage import customers as customer_rows
from salestui.storage import deals as deal_rows
from salestui.storage import memberships as membership_rows
from salestui.storage.store import Transaction

__all__ = ["add_contact", "enter"]

_CUSTOMER = ("name", "short_name", "industry", "region", "size", "website", "address", "source", "need", "note")
_CONTACT = ("name", "title", "phone", "email", "role", "note")


def enter(
    tx: Transaction, found: Candidate, pushed: Campaign, playbook: Playbook, *, owner_name: str
) -> tuple[int, int]:
    """Enter what a row holds into the campaign; return the numbers of its customer and its deal."""
    customer = _customer(tx, found, pushed, owner_name)
    if found.contact:
        add_contact(tx, found, customer)
    return customer, _deal(tx, found, pushed, playbook, customer)


def _customer(tx: Transaction, found: Candidate, pushed: Campaign, owner_name: str) -> int:
    """Return the company: entered, or known from elsewhere and joined to the campaign."""
    if customer_rows.named(found.company):
        joined = customers.new(tx, {**found.customer, "owner": found.owner}, campaign=pushed.id)
        if isinstance(joined, Done):
            return joined.number
        raise ValueError(f"{joined}")
    columns = {key: found.customer.get(key, "") for key in _CUSTOMER}
    number = customer_rows.insert({**columns, "owner": found.owner_id}, tx.now)
    membership_rows.insert(number, pushed.id, tx.now)
    told: dict[str, object] = {key: value for key, value in columns.items() if value}
    told |= {"owner": owner_name, "campaigns": [shown(Kind.CAMPAIGN, pushed.id)]}
    subject = shown(Kind.CUSTOMER, number)
    tx.record("customer.created", subject=subject, customer=number, campaign=pushed.id, before=None, after=told)
    return number


def add_contact(tx: Transaction, found: Candidate, customer: int) -> None:
    """Enter the person of a row, unless the customer has one of this name."""
    wanted = same_name(str(found.contact["name"]))
    if any(same_name(person.name) == wanted for person in contact_rows.of(customer)):
        return
    number = contact_rows.insert(customer, {key: found.contact.get(key, "") for key in _CONTACT}, tx.now)
    subject = shown(Kind.CONTACT, number)
    tx.record("contact.created", subject=subject, customer=customer, before=None, after=found.contact)


def _deal(tx: Transaction, found: Candidate, pushed: Campaign, playbook: Playbook, customer: int) -> int:
    stage = playbook.first_stage().key
    columns = _deal_columns(found.deal, pushed.currency)
    number = deal_rows.insert(
        {
            **columns,
            "customer": customer,
            "campaign": pushed.id,
            "playbook": playbook.key,
            "playbook_version": playbook.version,
            "stage": stage,
            "status": Status.OPEN.value,
            "owner": found.owner_id,
            "created_at": tx.now,
            "stage_since": tx.now,
            "imported": True,
        }
    )
    told = {key: value.isoformat() if isinstance(value, date) else value for key, value in columns.items()}
    tx.record(
        "deal.created",
        subject=shown(Kind.DEAL, number),
        deal=number,
        customer=customer,
        campaign=pushed.id,
        before=None,
        after={"stage": stage, "owner": found.owner_id, "imported": True, **told},
    )
    return number


def _deal_columns(values: Mapping[str, object], currency: str) -> dict[str, object]:
    columns: dict[str, object] = {key: values.get(key, "") for key in ("title", "need", "source")}
    amount, expected = values.get("amount"), values.get("expected_on")
    columns["currency"] = currency
    if isinstance(amount, Mapping):
        columns |= {"amount_minor": amount["minor"], "currency": amount["currency"]}
    if isinstance(expected, str):
        columns["expected_on"] = date.fromisoformat(expected)
    return columns
