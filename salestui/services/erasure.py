"""Erases a person on request (PIPL art. 47, GDPR art. 17): from the live rows and from what the history says.

The history keeps that something was written, by whom and when, with its digest; what it said of the person goes. The
erasure is an event itself and names the events it redacted, so that a check accepts those and no others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType, Playbook
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, number_of, shown
from salestui.domain.redaction import Found, Redactor, blanked, findable
from salestui.domain.text import clean
from salestui.errors import NotFound
from salestui.services import customers, playbooks, users
from salestui.services.request import Call, reads, writes
from salestui.storage import deals as deal_rows
from salestui.storage import erasure as rows
from salestui.storage.chain import ERASURE
from salestui.storage.store import Transaction

__all__ = ["ErasurePlan", "Hit", "erase", "plan"]

_KINDS: Final = {
    "contact": Kind.CONTACT,
    "customer": Kind.CUSTOMER,
    "deal": Kind.DEAL,
    "activity": Kind.ACTIVITY,
    "review": Kind.REVIEW,
    "waiver": Kind.EXCEPTION,
}
_BETWEEN_NAMES: Final = re.compile(r"[、，,;；/\n]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the person is named: an event ("12") or a row ("D7", "revision 5"), with the texts that say so."""

    where: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure takes: whom, from which events and rows.

    `elsewhere` are events and rows about other customers in which the same name stands: they are left unless the
    erasure is to go everywhere. `files` are attached to the customer's records; nobody but a person can read them.
    """

    subject: str
    customer: int
    contacts: tuple[str, ...]
    names: tuple[str, ...]
    events: tuple[Hit, ...]
    rows: tuple[Hit, ...]
    elsewhere: tuple[Hit, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Whom:
    """Who is to be erased: contacts of one customer, and the names they are looked for by."""

    subject: str
    customer: int
    people: tuple[rows.Person, ...]
    names: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    deals: frozenset[int]

    @property
    def left(self) -> tuple[rows.Person, ...]:
        """The contacts that are not erased yet."""
        return tuple(person for person in self.people if not person.erased)


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found, and what is to be put in its place."""

    events: tuple[tuple[rows.StoredEvent, Hit], ...]
    rows: tuple[tuple[rows.StoredRow, Hit], ...]
    elsewhere: tuple[Hit, ...]
    files: tuple[str, ...]


@reads
def plan(call: Call, subject: str, *, everywhere: bool = False) -> ErasurePlan | NotAllowed:
    """Return what `erase` would take, without taking it. Only an administrator may. Raises NotFound."""
    code = refusal(call.actor, Act.ERASE_PERSON)
    if code:
        return NotAllowed(code)
    whom = _whom(call, subject)
    found = _search(whom, everywhere=everywhere)
    return ErasurePlan(
        whom.subject,
        whom.customer,
        tuple(shown(Kind.CONTACT, person.id) for person in whom.left),
        whom.names,
        tuple(hit for _event, hit in found.events),
        tuple(hit for _row, hit in found.rows),
        found.elsewhere,
        found.files,
    )


@writes
def erase(tx: Transaction, subject: str, reason: str, *, everywhere: bool = False) -> Done | NotAllowed | Invalid:
    """Erase a contact ("P4"), or all people of a customer ("C3"), from rows and history; it cannot be taken back.

    Of a customer these are its contacts, removed ones too, and whoever is named in the person fields of its forms and
    does not use this database. Names are taken out of what is about this customer, with `everywhere` out of everything;
    telephone numbers and e-mail addresses always out of everything. Only an administrator may. Raises NotFound.
    """
    code = refusal(tx.actor, Act.ERASE_PERSON)
    if code:
        return NotAllowed(code)
    reason = clean(reason, lines=True)
    if not reason:
        return Invalid((Problem("reason", "missing"),))
    whom = _whom(tx, subject)
    found = _search(whom, everywhere=everywhere)
    if not found.events and not found.rows and not whom.left:
        return Done(whom.subject, 1, 0, changed=False)
    for row, _hit in found.rows:
        rows.replace(row.table, row.id, row.values)
    rows.blank_contacts([person.id for person in whom.left])
    told = {
        "contacts": [shown(Kind.CONTACT, person.id) for person in whom.left],
        "rows": dict(sorted(Counter(row.table for row, _hit in found.rows).items())),
        "everywhere": everywhere,
    }
    changed = [event for event, _hit in found.events]
    note = Redactor(whom.names, whom.phones, whom.emails).text(reason)
    number = rows.redact_events(tx, changed, subject=whom.subject, customer=whom.customer, told=told, note=note)
    return Done(whom.subject, 1, number)


# Who it is


def _whom(call: Call, subject: str) -> _Whom:
    word = subject.strip()
    contact = number_of(Kind.CONTACT, word) if word[:1].upper() == Kind.CONTACT.value else None
    if contact is not None:
        found = rows.people(contact=contact)
        if not found:
            raise NotFound("contact", shown(Kind.CONTACT, contact))
        return _named(shown(Kind.CONTACT, contact), found[0].customer, found, ())
    customer = customers.find(call, word).id
    named = tuple(_in_person_fields(call, customer))
    return _named(shown(Kind.CUSTOMER, customer), customer, rows.people(customer=customer), named)


def _named(subject: str, customer: int, people: tuple[rows.Person, ...], others: tuple[str, ...]) -> _Whom:
    """Gather the names of now and those of before, which only the history knows."""
    said: dict[str, dict[str, None]] = {"name": {}, "phone": {}, "email": {}}
    for person in people:
        for key, known in said.items():
            known[str(getattr(person, key))] = None
    own = {shown(Kind.CONTACT, person.id) for person in people}
    for event in rows.events():
        if event.subject in own and event.action.startswith("contact."):
            for values in (event.before, event.after):
                for key, known in said.items():
                    if isinstance(values, Mapping) and values.get(key):
                        known[str(values[key])] = None
    names = tuple(dict.fromkeys(name for name in (*said["name"], *others) if findable(name)))
    phones, emails = (tuple(text for text in said[key] if findable(text)) for key in ("phone", "email"))
    return _Whom(subject, customer, people, names, phones, emails, rows.deals_of(customer))


def _in_person_fields(call: Call, customer: int) -> Iterator[str]:
    """Yield who is named in the person fields of a customer's forms and does not use this database."""
    pinned = {(deal.playbook, deal.playbook_version) for deal in deal_rows.select(customer=customer)}
    keys = {key for edition in pinned for key in _person_keys(playbooks.get(call, *edition))}
    own = {word.casefold() for user in users.all(call) for word in (user.name, user.login)}
    for row in rows.rows():
        if row.customer == customer:
            for name in _at_keys(row.values, keys):
                if name.casefold() not in own:
                    yield name


def _person_keys(playbook: Playbook) -> Iterator[str]:
    for _stage, output in playbook.outputs():
        send = output.send.fields if output.send else ()
        summary = output.summary.fields if output.summary else ()
        yield from _person_fields((*output.fields, *send, *summary))


def _person_fields(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.type is FieldType.PERSON:
            yield field.key
        yield from _person_fields(field.columns)


def _at_keys(value: object, keys: set[str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in keys and isinstance(part, str):
                yield from (name.strip() for name in _BETWEEN_NAMES.split(part) if findable(name))
            else:
                yield from _at_keys(part, keys)
    elif isinstance(value, list):
        for part in value:
            yield from _at_keys(part, keys)


# Where they are named


def _search(whom: _Whom, *, everywhere: bool) -> _Search:
    everything = Redactor(whom.names, whom.phones, whom.emails)
    abroad = everything if everywhere else Redactor((), whom.phones, whom.emails)
    names = Redactor(whom.names)
    own = {person.id for person in whom.people}
    events: list[tuple[rows.StoredEvent, Hit]] = []
    found: list[tuple[rows.StoredRow, Hit]] = []
    elsewhere: list[Hit] = []
    files: dict[str, None] = {}
    for event in rows.events():
        here = event.customer == whom.customer or event.deal in whom.deals
        left = _event_left(event, everything if here else abroad, own=number_of(Kind.CONTACT, event.subject) in own)
        if left != event:
            events.append((left, Hit(str(event.id), _event_found(event, left, everything))))
        if not here and (others := _said(names, left)):
            elsewhere.append(Hit(str(event.id), others))
    for row in rows.rows():
        here = row.customer == whom.customer
        if row.table == "contact" and row.id in own:
            continue
        if here:
            files |= dict.fromkeys(_files(row))
        redactor = everything if here else abroad
        texts = {name: redactor.value(value) for name, value in row.values.items()}
        changed = {name: value for name, value in texts.items() if value != row.values[name]}
        if changed:
            found.append((replace(row, values=changed), Hit(_where(row), redactor.found(row.values))))
        if not here and (others := names.found(texts)):
            elsewhere.append(Hit(_where(row), others))
    return _Search(tuple(events), tuple(found), tuple(elsewhere), tuple(files))


def _event_left(event: rows.StoredEvent, redactor: Redactor, *, own: bool) -> rows.StoredEvent:
    """Return what is left of an event; of one about the contact itself nothing but which fields it changed."""
    if own and event.action.startswith("contact."):
        return replace(event, before=blanked(event.before), after=blanked(event.after), note=blanked(event.note))
    after = event.after if event.action == ERASURE else redactor.value(event.after)
    return replace(event, before=redactor.value(event.before), after=after, note=redactor.text(event.note))


def _event_found(event: rows.StoredEvent, left: rows.StoredEvent, redactor: Redactor) -> tuple[Found, ...]:
    found = _said(redactor, event)
    return found or tuple(
        Found(name, "") for name in ("before", "after", "note") if getattr(event, name) != getattr(left, name)
    )


def _said(redactor: Redactor, event: rows.StoredEvent) -> tuple[Found, ...]:
    after = () if event.action == ERASURE else redactor.found(event.after, "after")
    return (*redactor.found(event.before, "before"), *after, *redactor.found(event.note, "note"))


def _where(row: rows.StoredRow) -> str:
    kind = _KINDS.get(row.table)
    return shown(kind, row.id) if kind else f"{row.table} {row.id}"


def _files(row: rows.StoredRow) -> Iterator[str]:
    for name in ("files", "summary_files"):
        attached = row.values.get(name)
        for file in attached if isinstance(attached, list) else ():
            yield str(file.get("name", ""))
