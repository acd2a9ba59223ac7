"""The lists a campaign's customers are sorted into: high potential, risky, not now (handbook A, stage 1)."""

from __future__ import annotations

from salestui.domain.lists import ClassList, ClassMember
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import Choice, Field, FieldType, Playbook, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, shown
from salestui.services import campaigns, cards, editing, playbooks
from salestui.services.memberships import ensure_membership, not_responsible
from salestui.services.request import Call, reads, writes
from salestui.storage import memberships as rows
from salestui.storage.store import Transaction

__all__ = ["classes_of", "classify", "classify_fields"]


@reads
def _playbook_of(call: Call, campaign: int) -> Playbook:
    record = campaigns.get(call, campaign)
    return playbooks.get(call, record.playbook, record.playbook_version)


@reads
def classify_fields(call: Call, campaign: int) -> tuple[Field, ...]:
    """Return the form by which a customer of the campaign is classified: `class` and `reason`. Raises NotFound."""
    return (
        Field(
            "class",
            FieldType.CHOICE,
            Text("机会分类", "Class"),
            help=Text("这家客户归到哪张名单", "The list this customer belongs to"),
            required=True,
            choices=tuple(Choice(each.key, each.title) for each in _playbook_of(call, campaign).classes),
        ),
        Field(
            "reason",
            FieldType.LONG_TEXT,
            Text("理由", "Reason"),
            help=Text("凭什么这么分，一两句话", "What it rests on, in a sentence or two"),
            example=Text(
                "包装线年底扩产，预算已立项，对得上我们的高速机。",
                "New packaging line by year's end, budget approved, fits our fast machine.",
            ),
            required=True,
        ),
    )


@writes
def classify(
    tx: Transaction, customer: int, campaign: int, class_key: str, reason: str, expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Put a customer on one of the campaign's lists, with the reason; `expected_version` is the membership's.

    The owner of the customer, of one of its deals in the campaign, or of the campaign may, and managers.
    Raises NotFound.
    """
    playbook = _playbook_of(tx, campaign)
    refused = not_responsible(tx, customer, campaign)
    if refused:
        return refused
    subject = shown(Kind.CUSTOMER, customer)
    if not playbook.classes:
        return Invalid((Problem("class", "no_classes", {"playbook": playbook.key}),))
    values, problems = editing.read_new(tx, classify_fields(tx, campaign), {"class": class_key, "reason": reason})
    if problems:
        return Invalid(problems)
    place = ensure_membership(tx, customer, campaign)
    before = {"class": place.classification, "reason": place.reason}
    after = {"class": values["class"], "reason": values["reason"]}
    if after == before:
        return Done(subject, place.version, customer, changed=False)
    expected = place.version if expected_version is None else expected_version
    if not rows.classify(tx, place.id, expected, {"classification": after["class"], "reason": after["reason"]}):
        return Conflict(subject, expected, place.version)
    tx.record(
        "customer.classified",
        subject=subject,
        customer=customer,
        campaign=campaign,
        before=before if place.classification else None,
        after=after,
    )
    cards.refresh_for(tx, customer=customer, campaign=campaign)
    return Done(subject, place.version + 1, customer)


@reads
def classes_of(call: Call, campaign: int) -> tuple[ClassList, ...]:
    """Return the campaign's lists in the playbook's order with their customers by name, those without a class last.

    Raises NotFound.
    """
    playbook = _playbook_of(call, campaign)
    members = rows.members(campaign)

    def on(key: str) -> tuple[ClassMember, ...]:
        return tuple(member for member in members if member.classification == key)

    known = {cls.key for cls in playbook.classes}
    without = tuple(member for member in members if member.classification not in known)
    return (*(ClassList(cls, on(cls.key)) for cls in playbook.classes), ClassList(None, without))
