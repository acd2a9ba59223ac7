"""Contacts: the people at a customer, with their part in its decision."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.records import Contact, Kind, number_of, shown
from salestui.errors import NotFound
from salestui.services import editing
from salestui.services.memberships import not_responsible
from salestui.services.request import Call, reads, writes
from salestui.storage import contacts as rows
from salestui.storage.store import Transaction

__all__ = ["change", "contact_fields", "find", "form_values", "get", "new", "of", "remove"]

Values = Mapping[str, object]

ROLES = {
    "decision": Text("决策", "Decides"),
    "budget": Text("预算", "Budget"),
    "technical": Text("技术", "Technical"),
    "purchasing": Text("采购", "Purchasing"),
    "user": Text("使用", "Uses it"),
    "influence": Text("影响", "Influences"),
}
STANCES = {
    "supports": Text("支持", "Supports"),
    "neutral": Text("中立", "Neutral"),
    "against": Text("反对", "Against"),
    "unknown": Text("不清楚", "Unknown"),
}
_FIELDS = (
    Field("name", FieldType.TEXT, Text("姓名", "Name"), example=Text("王建国", "Wang Jianguo"), required=True),
    Field("title", FieldType.TEXT, Text("职务", "Job title"), example=Text("采购经理", "Purchasing manager")),
    Field("phone", FieldType.TEXT, Text("电话", "Phone")),
    Field("email", FieldType.TEXT, Text("邮箱", "E-mail")),
    Field(
        "role",
        FieldType.CHOICE,
        Text("决策角色", "Buying role"),
        help=Text("这件事上他管哪一段", "Which part of the decision is theirs"),
        choices=editing.choices_of(ROLES),
    ),
    Field(
        "stance",
        FieldType.CHOICE,
        Text("态度", "Stance"),
        help=Text("对我们是什么态度", "Towards us"),
        choices=editing.choices_of(STANCES),
    ),
    Field(
        "cares_about",
        FieldType.LONG_TEXT,
        Text("最关心什么", "Cares about"),
        example=Text("交期，别再停线", "Delivery on time, no more stopped lines"),
    ),
    Field("note", FieldType.LONG_TEXT, Text("备注", "Note")),
)


def contact_fields() -> tuple[Field, ...]:
    """Return the form of a contact; the roles and stances are those of the account plan's decision map."""
    return _FIELDS


def form_values(record: Contact) -> dict[str, object]:
    """Return a contact as values of its form."""
    return {field.key: getattr(record, field.key) for field in _FIELDS}


@reads
def of(call: Call, customer: int) -> tuple[Contact, ...]:
    """Return the people at a customer, in the order they were entered."""
    return rows.of(customer)


@reads
def get(call: Call, contact: int) -> Contact:
    """Return a contact by number; raises NotFound, also for one that was removed."""
    found = rows.by_id(contact)
    if found is None:
        raise NotFound("contact", shown(Kind.CONTACT, contact))
    return found


@reads
def find(call: Call, text: str) -> Contact:
    """Return the contact with this shown id ("P4"); raises NotFound."""
    number = number_of(Kind.CONTACT, text.strip())
    if number is None:
        raise NotFound("contact", text)
    return get(call, number)


@writes
def new(tx: Transaction, customer: int, values: Values) -> Done | Invalid | NotAllowed:
    """Enter a person at a customer. Whoever works on the customer may, and managers. Raises NotFound."""
    refused = not_responsible(tx, customer)
    if refused:
        return refused
    given, problems = editing.read_new(tx, _FIELDS, values)
    if problems:
        return Invalid(problems)
    number = rows.insert(customer, {field.key: given.get(field.key, "") for field in _FIELDS}, tx.now)
    subject = shown(Kind.CONTACT, number)
    tx.record("contact.created", subject=subject, customer=customer, before=None, after=given)
    return Done(subject, 1, number)


@writes
def change(
    tx: Transaction, contact: int, values: Values, expected_version: int | None = None
) -> Done | Conflict | NotAllowed | Invalid:
    """Change the fields given of a contact; one given empty is emptied. Raises NotFound."""
    record = get(tx, contact)
    subject = shown(Kind.CONTACT, contact)
    refused = not_responsible(tx, record.customer)
    if refused:
        return refused
    edit = editing.read_change(tx, _FIELDS, form_values(record), values)
    if edit.problems:
        return Invalid(edit.problems)
    if not edit.after:
        return Done(subject, record.version, contact, changed=False)
    expected = record.version if expected_version is None else expected_version
    if not rows.update(tx, contact, expected, edit.columns):
        return Conflict(subject, expected, record.version)
    tx.record("contact.changed", subject=subject, customer=record.customer, before=edit.before, after=edit.after)
    return Done(subject, record.version + 1, contact)


@writes
def remove(tx: Transaction, contact: int, expected_version: int | None = None) -> Done | Conflict | NotAllowed:
    """Take a person out of the customer's contacts; the history keeps what was known. Raises NotFound."""
    record = get(tx, contact)
    subject = shown(Kind.CONTACT, contact)
    refused = not_responsible(tx, record.customer)
    if refused:
        return refused
    expected = record.version if expected_version is None else expected_version
    if not rows.remove(tx, contact, expected):
        return Conflict(subject, expected, record.version)
    known = {key: value for key, value in form_values(record).items() if value}
    tx.record("contact.removed", subject=subject, customer=record.customer, before=known, after=None)
    return Done(subject, record.version + 1, contact)
