"""What is due: one line for each thing that somebody has to do, and the urgency it has at an instant."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.views import AgendaKind, GateSlot, GateState

__all__ = ["AgendaLine", "DealLine", "Due", "gate_slot", "section_of"]


class Due(StrEnum):
    """Kinds of things that fall due."""

    SUMMARY = "summary"
    FOLLOW_UP = "follow_up"
    SCORE = "score"
    REVIEW = "review"
    VOIDED = "voided"
    CARE = "care"
    CLOCK = "clock"
    FEEDBACK = "feedback"
    CONTACT = "contact"
    IDLE = "idle"
    NEXT_STEP = "next_step"


@dataclass(frozen=True, slots=True)
class DealLine:
    """What the agenda shows of a deal beside the thing to do; the gate's figures are those of its card."""

    id: int
    customer: int
    label: str
    campaign: int
    playbook: str
    playbook_version: int
    stage: str
    status: Status
    owner: int
    owner_name: str
    amount: Money | None
    grade: str
    unmet: int
    waiting: bool
    excepted: int
    hopeless: bool


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One thing to do.

    `at` (UTC) is when it is due: for a whole day its last second, for a review when it was asked for. `late`: the time
    promised has passed. `minutes` is how far off it is, negative when late. `section` is where the agenda lists it.
    `activity` and `review` are the numbers of what it is about, 0 where it is about none.
    """

    kind: Due
    at: datetime
    all_day: bool
    late: bool
    minutes: int
    section: AgendaKind
    deal: int
    customer: int
    label: str
    grade: str
    amount: Money | None
    what: str
    titled: bool
    stage: str
    gate: GateSlot
    playbook: str
    playbook_version: int
    owner: int
    owner_name: str
    activity: int = 0
    review: int = 0
    channel: str = ""
    output: str = ""


def gate_slot(deal: DealLine) -> GateSlot:
    """Return what the corner of the deal's card says about its gate."""
    if deal.hopeless:
        return GateSlot(GateState.CANNOT_PASS)
    if deal.unmet == 0:
        return GateSlot(GateState.EXCEPTION if deal.excepted else GateState.READY)
    return GateSlot(GateState.WAITING) if deal.waiting else GateSlot(GateState.UNMET, deal.unmet)


def section_of(at: datetime, now: datetime, team: TeamCalendar) -> AgendaKind:
    """Return where the agenda lists what is due `at`."""
    if at < now:
        return AgendaKind.LATE
    days = (team.today(at) - team.today(now)).days
    return (AgendaKind.TODAY, AgendaKind.TOMORROW)[days] if days < 2 else AgendaKind.LATER
