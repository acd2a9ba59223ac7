"""Short words that several answers share: the gate's answer, the most urgent date, states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.domain.facts import Status
from salestui.i18n import gettext as _
from salestui.i18n import ngettext, pgettext

if TYPE_CHECKING:
    from salestui.domain.playbook import Playbook
    from salestui.domain.views import GateSlot, TimeSlot

__all__ = ["gate_word", "stage_word", "status_word", "time_word", "yes_no"]


def gate_word(slot: GateSlot) -> str:
    """Return the gate's answer for one deal."""
    from salestui.domain.views import GateState

    words = {
        GateState.READY: _("ready"),
        GateState.WAITING: _("waiting for others"),
        GateState.EXCEPTION: _("ready by exception"),
        GateState.CANNOT_PASS: _("cannot pass"),
    }
    return words.get(slot.state) or ngettext("{n} unmet", "{n} unmet", slot.unmet).format(n=slot.unmet)


def time_word(slot: TimeSlot) -> str:
    """Return the most urgent date of one deal."""
    from salestui.domain.views import TimeKind

    n = slot.value
    match slot.kind:
        case TimeKind.SUMMARY_LATE:
            return ngettext("summary {n} hour late", "summary {n} hours late", n).format(n=n)
        case TimeKind.SUMMARY_LEFT:
            return ngettext("summary within {n} hour", "summary within {n} hours", n).format(n=n)
        case TimeKind.FOLLOWUP_LATE:
            return ngettext("follow-up {n} day late", "follow-up {n} days late", n).format(n=n)
        case TimeKind.DUE_TODAY:
            return _("due today {hour}").format(hour=f"{slot.at:%H:%M}") if slot.at else _("due today")
        case TimeKind.SCORE_EXPIRED:
            return _("score expired")
    return ngettext("{n} day in stage", "{n} days in stage", n).format(n=n)


def status_word(status: Status) -> str:
    """Return the state of a deal."""
    words = {
        Status.OPEN: pgettext("status", "open"),
        Status.WON: _("won"),
        Status.COMPLETED: _("completed"),
        Status.LOST: _("lost"),
        Status.IN_CARE: _("on the care list"),
    }
    return words[status]


def stage_word(playbook: Playbook, key: str, language: str) -> str:
    """Return a stage as number and title; the key where the playbook does not know it."""
    if not playbook.has_stage(key):
        return key
    stage = playbook.stage(key)
    return f"{stage.number} {stage.short.get(language)}"


def yes_no(value: bool) -> str:
    """Return a truth in one word."""
    return _("yes") if value else _("no")
