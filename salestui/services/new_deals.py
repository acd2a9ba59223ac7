"""A new deal in one go: the customer by name, known or new, the person to talk to, and the card; and what it changes.

All of it is one transaction: when the deal is refused, no customer is left behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from salestui.dataclass import dataclass
from salestui.domain.facts import Status
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Customer
from salestui.domain.text import clean_name, same_name
from salestui.services import contacts, customers, deals, users
from salestui.services.memberships import campaigns_of
from salestui.services.request import Call, reads, writes
from salestui.storage.store import Transaction

__all__ = ["Known", "change", "change_fields", "fields", "form_values", "known", "start"]

Values = Mapping[str, object]
_CUSTOMER = Field(
    "customer",
    FieldType.PERSON,
    Text("客户", "Customer"),
    help=Text("已有的按 tab 选用，没有的直接写全称", "tab takes a known one; a new one is written in full"),
    example=Text("苏州启明食品有限公司", "Qiming Foods Co., Ltd."),
    required=True,
)
_CONTACT = Field("contact", FieldType.TEXT, Text("联系人", "Contact"), example=Text("王建国", "Wang Jianguo"))
_OF_CUSTOMER = ("industry", "region", "short_name")
_OF_CONTACT = ("phone", "email")
_OF_DEAL = ("amount", "expected_on", "need", "source", "title")


@dataclass(frozen=True, slots=True)
class Known:
    """What a typed name means: the customer of that name, its running deals in the campaign, and possible doubles."""

    customer: Customer | None
    joined: bool = False
    open_deals: int = 0
    doubles: tuple[Customer, ...] = ()


@reads
def _owner_field(call: Call) -> tuple[Field, ...]:
    """Return the choice of an owner: only managers have one."""
    if refusal(call.actor, Act.ENTER_FOR):
        return ()
    people = [user for user in users.all(call) if user.active]
    choices = tuple(Choice(user.login, Text(user.name, user.name)) for user in people)
    hint = Text("不填就是自己", "Left empty it is yourself")
    return (Field("owner", FieldType.CHOICE, Text("负责人", "Owner"), help=hint, choices=choices),)


@reads
def fields(call: Call) -> tuple[Field, ...]:
    """Return the form of a new deal, the quickest way from a name to a card first."""
    of_deal = {field.key: field for field in deals.deal_fields()}
    of_customer = {field.key: field for field in customers.customer_fields()}
    of_contact = {field.key: field for field in contacts.contact_fields()}
    return (
        _CUSTOMER,
        of_deal["amount"],
        of_deal["expected_on"],
        of_deal["need"],
        _CONTACT,
        *(of_contact[key] for key in _OF_CONTACT),
        *(of_customer[key] for key in _OF_CUSTOMER),
        of_deal["source"],
        of_deal["title"],
        *_owner_field(call),
    )


@reads
def known(call: Call, name: str, campaign: int) -> Known:
    """Return what there is of a customer with this name; nothing for an empty one."""
    if not clean_name(name):
        return Known(None)
    found = _by_name(call, name, campaign)
    if found is None:
        return Known(None, doubles=customers.possible_doubles(call, name))
    there = deals.listed(call, customer=found.id, campaign=campaign, statuses=(Status.OPEN, Status.WON))
    return Known(found, campaign in campaigns_of(call, found.id), len(there))


def _by_name(call: Call, name: str, campaign: int) -> Customer | None:
    same = customers.same_name(call, name, campaign) or customers.same_name(call, name)
    return same[0] if same else None


@writes
def start(tx: Transaction, campaign: int, values: Values) -> Done | Invalid | NotAllowed:
    """Make a deal with the values of `fields`; a customer of no known name is entered, with its first contact.

    A known customer keeps what its card says; a person not yet among its contacts joins them. Raises NotFound.
    """
    name = clean_name(str(values.get("customer") or ""))
    if not name:
        return Invalid((Problem("customer", "missing", {"field": "customer"}),))
    found = _by_name(tx, name, campaign)
    if found is None:
        given = {"name": name, **_part(values, _OF_CUSTOMER), **_part(values, ("source",))}
        entered = customers.new(tx, given, campaign)
        if not isinstance(entered, Done):
            return _at(entered, {"name": "customer"})
        customer = entered.number
    else:
        customer = found.id
    made = deals.new(tx, customer, campaign, {**_part(values, _OF_DEAL), **_part(values, ("owner",))})
    if not isinstance(made, Done):
        return made
    refused = _add_contact(tx, customer, values)
    return refused or made


def _add_contact(tx: Transaction, customer: int, values: Values) -> Invalid | NotAllowed | None:
    told = _part(values, _OF_CONTACT)
    name = clean_name(str(values.get("contact") or ""))
    if not name:
        return Invalid((Problem("contact", "missing", {"field": "contact"}),)) if told else None
    if any(same_name(person.name) == same_name(name) for person in contacts.of(tx, customer)):
        return None
    added = contacts.new(tx, customer, {"name": name, **told})
    return None if isinstance(added, Done) else _at(added, {"name": "contact"})


def _part(values: Values, keys: tuple[str, ...]) -> dict[str, object]:
    return {key: values[key] for key in keys if values.get(key) not in (None, "")}


def _at(outcome: Invalid | NotAllowed, places: Mapping[str, str]) -> Invalid | NotAllowed:
    """Return a refusal with its problems at the fields of this form."""
    if not isinstance(outcome, Invalid):
        return outcome
    return Invalid(tuple(replace(p, where=places.get(p.where, p.where)) for p in outcome.problems))


@reads
def change_fields(call: Call) -> tuple[Field, ...]:
    """Return the form by which a deal is changed; a manager may give it to another owner."""
    return (*(field for field in deals.deal_fields() if field.key != "owner"), *_owner_field(call))


@reads
def form_values(call: Call, deal: int) -> dict[str, object]:
    """Return a deal as values of its form. Raises NotFound."""
    record = deals.get(call, deal)
    values: dict[str, object] = {
        "title": record.title,
        "need": record.need,
        "source": record.source,
        "owner": users.get(call, record.owner).login,
    }
    if record.amount is not None:
        values["amount"] = {"minor": record.amount.minor, "currency": record.amount.currency}
    if record.expected_on is not None:
        values["expected_on"] = record.expected_on.isoformat()
    return values


@writes
def change(
    tx: Transaction, deal: int, values: Values, expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Change the fields given of a deal, its owner among them, in one go. Raises NotFound."""
    done = deals.change(tx, deal, values, expected_version)
    if not isinstance(done, Done) or not values.get("owner"):
        return done
    return deals.reassign(tx, deal, str(values["owner"]))
