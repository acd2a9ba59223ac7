"""What talks and follow-ups have in common: the deals they serve, who may change them, and their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestui.domain import permissions
from salestui.domain.outcomes import Conflict, Invalid, NotAllowed
from salestui.domain.permissions import Act
from salestui.domain.playbook import Field
from salestui.domain.problems import Problem
from salestui.domain.records import Activity, ActivityState, Deal, Kind, shown
from salestui.errors import NotFound
from salestui.services import playbooks
from salestui.services.request import Call, reads
from salestui.services.talk_forms import talk_fields
from salestui.storage import activities as rows
from salestui.storage import deals as deal_rows
from salestui.storage.store import Transaction
from salestui.storage.visibility import sees_deal

__all__ = ["fields_of", "get", "record", "refusal", "served_by"]


@reads
def get(call: Call, activity: int) -> Activity:
    """Return one conversation; raises NotFound."""
    found = rows.get(activity)
    if found is None:
        raise NotFound("activity", shown(Kind.ACTIVITY, activity))
    return found


def served_by(tx: Transaction, deals: Sequence[int]) -> tuple[Deal, ...] | Invalid:
    """Return the deals a conversation serves: at least one, and all of one customer; raises NotFound."""
    wanted = tuple(dict.fromkeys(deals))
    found = {deal.id: deal for deal in deal_rows.many(wanted)}
    for number in wanted:
        if number not in found or not sees_deal(tx.actor, number):
            raise NotFound("deal", shown(Kind.DEAL, number))
    if not wanted:
        return Invalid((Problem("deals", "missing", {"field": "deals"}),))
    if len({deal.customer for deal in found.values()}) > 1:
        return Invalid((Problem("deals", "other_customer"),))
    return tuple(found[number] for number in wanted)


def fields_of(tx: Transaction, deals: Sequence[Deal]) -> tuple[Field, ...]:
    """Return what the playbooks of all these deals ask about a talk; the first one's come first."""
    fields: dict[str, Field] = {}
    for key, version in dict.fromkeys((deal.playbook, deal.playbook_version) for deal in deals):
        for field in talk_fields(playbooks.get(tx, key, version)):
            fields.setdefault(field.key, field)
    return tuple(fields.values())


def record(
    tx: Transaction,
    action: str,
    activity: int,
    deals: Sequence[Deal],
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    note: str = "",
) -> None:
    """Write one event for each deal served, so that every deal's history tells it; the customer's tells it once."""
    for index, deal in enumerate(deals):
        tx.record(
            action,
            subject=shown(Kind.ACTIVITY, activity),
            deal=deal.id,
            customer=deal.customer if index == 0 else None,
            campaign=deal.campaign,
            before=before,
            after=after,
            note=note,
        )


def refusal(tx: Transaction, known: Activity, expected_version: int | None) -> NotAllowed | Conflict | None:
    """Say why the actor may not change a conversation: it is another's, it was called off, or it changed meanwhile."""
    name = shown(Kind.ACTIVITY, known.id)
    owners = {deal.owner for deal in deal_rows.many(known.deals)} | {known.owner, known.author}
    code = permissions.refusal(tx.actor, Act.EDIT_TALK, owners)
    if code:
        return NotAllowed(code, {"activity": name, "owner": known.owner_name})
    if known.state is ActivityState.CANCELLED:
        return NotAllowed("activity_cancelled", {"activity": name})
    if expected_version is not None and expected_version != known.version:
        return Conflict(name, expected_version, known.version)
    return None
