"""Puts imported deals further right by visible exceptions that expire, so that a team can move in with its pipeline.

The one gate judges every step: an exception is granted for exactly what is unmet, by a manager, never for his own deal.
What cannot be excepted holds the deal where it stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.gate import GateReport
from salestui.domain.outcomes import Moved
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import deals
from salestui.services.gate_texts import describe
from salestui.services.loading import Loaded, judge_loaded, load
from salestui.services.requirement_titles import title_of
from salestui.storage import exceptions as rows
from salestui.storage.store import Transaction

__all__ = ["EXPIRES_AFTER", "Placement", "place"]

EXPIRES_AFTER: Final = timedelta(days=90)
"""How long the exceptions of an import last."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an imported deal stands: the stage, the titles of what was excepted, and why it went no further."""

    stage: str
    exceptions: tuple[str, ...] = ()
    held: str = ""


def place(tx: Transaction, deal: int, target: str, reason: str) -> Placement:
    """Move a deal right to stage `target` as far as its gates let it, with exceptions for what they find unmet."""
    granted: dict[str, None] = {}
    while True:
        loaded = load(tx, deal)
        if loaded.deal.stage == target:
            return Placement(target, tuple(granted))
        if refusal(tx.actor, Act.GRANT_EXCEPTION, loaded.deal.owner):
            held = _("nobody grants exceptions for a deal of his own: another manager may")
            return Placement(loaded.deal.stage, tuple(granted), held)
        held = _open_gate(tx, loaded, reason, granted)
        if held:
            return Placement(loaded.deal.stage, tuple(granted), held)
        outcome = deals.advance(tx, deal)
        if not isinstance(outcome, Moved):
            return Placement(loaded.deal.stage, tuple(granted), _("the gate stayed shut"))


def _open_gate(tx: Transaction, loaded: Loaded, reason: str, granted: dict[str, None]) -> str:
    """Except what the gate finds unmet; return what cannot be excepted, in words, or "" when it is open."""
    while (report := judge_loaded(loaded, tx)).unmet:
        fixed = [requirement for requirement in report.unmet if not requirement.exceptable]
        if fixed:
            texts = (describe(requirement, loaded.playbook, loaded.team, tx.now).line for requirement in fixed)
            return ("；" if language() == "zh" else "; ").join(texts)
        _except(tx, loaded, report, reason, granted)
        loaded = load(tx, loaded.deal.id)
    return ""


def _except(tx: Transaction, loaded: Loaded, report: GateReport, reason: str, granted: dict[str, None]) -> None:
    last_day = loaded.team.today(tx.now + EXPIRES_AFTER)
    for requirement in report.unmet:
        number = rows.insert(
            loaded.deal.id,
            requirement.key,
            reason,
            granted_by=tx.actor.id,
            granted_name=tx.actor.name,
            granted_at=tx.now,
            expires_at=loaded.team.end_of(last_day),
        )
        tx.record(
            "exception.granted",
            subject=shown(Kind.EXCEPTION, number),
            deal=loaded.deal.id,
            customer=loaded.deal.customer,
            campaign=loaded.deal.campaign,
            before=None,
            after={
                "requirement": requirement.key,
                "expires_on": last_day.isoformat(),
                "granted_by": tx.actor.name,
                "imported": True,
            },
            note=reason,
        )
        granted[title_of(requirement.key, loaded.playbook).get(language())] = None
