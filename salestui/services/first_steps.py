"""The first steps in an empty database: the first campaign, and the name that the first person wants to be known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import Field, FieldType, Text
from salestui.services import campaigns, settings, users
from salestui.services.request import Call, reads, writes
from salestui.storage.store import Transaction

__all__ = ["begin", "currency", "own_name_field"]

OWN_NAME = "own_name"


def own_name_field() -> Field:
    """Return the field that asks the first person's name."""
    return Field(
        OWN_NAME,
        FieldType.TEXT,
        Text("你的名字", "Your name"),
        help=Text("单子、纪要和历史里都这样写你", "Deals, summaries and the history call you this"),
        example=Text("林悦", "Lin Yue"),
        required=True,
    )


@reads
def currency(call: Call) -> str:
    """Return the currency that new campaigns start with."""
    return settings.team(call).currency


@writes
def begin(tx: Transaction, values: Mapping[str, object]) -> Done | Invalid | NotAllowed | Conflict:
    """Start the first campaign, and take over the administrator's own name, in one transaction."""
    named = users.change(tx, tx.actor.id, name=str(values.get(OWN_NAME) or ""))
    if isinstance(named, Invalid):
        return Invalid(tuple(replace(p, where=OWN_NAME if p.where == "name" else p.where) for p in named.problems))
    if not isinstance(named, Done):
        return named
    return campaigns.new(tx, {key: value for key, value in values.items() if key != OWN_NAME})
