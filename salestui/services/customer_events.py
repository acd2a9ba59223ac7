"""Something moved at a customer: recorded with its day, it makes the score due at once (handbook A, stage 2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.clocks import event_clock
from salestui.domain.customer_events import KINDS
from salestui.domain.facts import CustomerEventFact
from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import tidy
from salestui.domain.records import Kind, shown
from salestui.services import campaigns, cards, playbooks
from salestui.services.loading import team_of
from salestui.services.memberships import ensure_membership, not_responsible
from salestui.services.request import Call, reads, writes
from salestui.storage import customer_events as rows
from salestui.storage import memberships as membership_rows
from salestui.storage import scores as score_rows
from salestui.storage.store import Transaction

__all__ = ["due_by", "event_fields", "of", "record"]

_FIELDS: Final = (
    Field("kind", FieldType.CHOICE, Text("什么变了", "What moved"), required=True, choices=KINDS),
    Field(
        "on",
        FieldType.DATE,
        Text("哪天", "When"),
        help=Text("客户那边变化的日子，期限从这天起算", "The day it happened; the time limit runs from it"),
        required=True,
    ),
    Field(
        "note",
        FieldType.LONG_TEXT,
        Text("说明", "Note"),
        help=Text("从多少变成多少，谁说的", "From what to what, and who said so"),
    ),
)


def event_fields() -> tuple[Field, ...]:
    """Return the form of an event at a customer."""
    return _FIELDS


@reads
def of(call: Call, customer: int, campaign: int) -> tuple[CustomerEventFact, ...]:
    """Return what moved at the customer in the campaign, in the order it was recorded."""
    place = membership_rows.find(customer, campaign)
    return rows.of((place.id,)) if place else ()


@reads
def due_by(call: Call, campaign: int, on: date) -> date | None:
    """Return the last day on which a customer is to be scored again if something moved there on day `on`.

    None where the campaign's playbook does not score or has no clock for it. Raises NotFound.
    """
    found = campaigns.get(call, campaign)
    playbook = playbooks.get(call, found.playbook, found.playbook_version)
    clock, team = event_clock(playbook), team_of(call)
    if clock is None or playbook.scoring is None:
        return None
    return team.today(deadline(_starts_at(on, call.now, team), clock.limit, team) - timedelta(seconds=1))


def _starts_at(day: date, now: datetime, team: TeamCalendar) -> datetime:
    """Return when the clock starts: now for today, the last second of an earlier day; a score of that day is older."""
    return min(team.end_of(day) - timedelta(seconds=1), now)


@writes
def record(
    tx: Transaction, customer: int, campaign: int, kind: str, note: str = "", on: date | None = None
) -> Done | Invalid | NotAllowed:
    """Record that something moved at a customer on day `on` (today when None); its score is due from then on.

    It expires when the playbook's clock from `customer_event` to `score` has run out: three working days in handbook A.
    Who may score the customer may record it. Raises NotFound.
    """
    refused = not_responsible(tx, customer, campaign)
    if refused:
        return refused
    team = team_of(tx)
    today = team.today(tx.now)
    day = on or today
    problems = []
    if kind not in {choice.key for choice in KINDS}:
        problems.append(Problem("kind", "unknown_choice" if kind else "missing", {"value": kind, "field": "kind"}))
    if day > today:
        problems.append(Problem("on", "in_future", {"value": day.isoformat()}))
    if problems:
        return Invalid(tuple(problems))
    place = ensure_membership(tx, customer, campaign)
    score = score_rows.latest(place.id)
    said = tidy(note, lines=True)
    number = rows.insert(
        place.id,
        kind=kind,
        note=said,
        day=day,
        at=_starts_at(day, tx.now, team),
        after_score=score.id if score else 0,
        by=tx.actor.id,
        now=tx.now,
    )
    subject = shown(Kind.CUSTOMER, customer)
    tx.record(
        "customer.moved",
        subject=subject,
        customer=customer,
        campaign=campaign,
        before=None,
        after={"kind": kind, "on": day.isoformat()},
        note=said,
    )
    cards.refresh_for(tx, customer=customer, campaign=campaign)
    return Done(subject, place.version, number)
