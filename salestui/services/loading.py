"""Loads a deal with its playbook and facts, and asks the gate: the one way by which services come to a judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import DealFacts
from salestui.domain.gate import GateReport, evaluate
from salestui.domain.playbook import Playbook, Scope
from salestui.domain.records import Deal, Kind, shown
from salestui.errors import NotFound
from salestui.services import settings
from salestui.services.playbook_memo import remembered
from salestui.services.request import Call, reads
from salestui.storage.facts import deals_with_facts
from salestui.storage.store import Transaction
from salestui.storage.visibility import sees_deal


@dataclass(frozen=True, slots=True)
class Loaded:
    """One deal at one instant: its record, the playbook version it pins, its facts, and the team's calendar."""

    deal: Deal
    playbook: Playbook
    facts: DealFacts
    team: TeamCalendar


@reads
def team_of(call: Call) -> TeamCalendar:
    """Return the team's calendar: time zone, weekend, holidays, make-up workdays."""
    return settings.team(call).calendar


@reads
def load_many(call: Call, deals: Sequence[int]) -> dict[int, Loaded]:
    """Return the deals given, by id; unknown ids are left out. A few hundred at a time."""
    team = team_of(call)
    playbook_of = remembered(call)

    def scopes_of(key: str, version: int) -> Mapping[str, Scope]:
        return {output.key: output.owner for _, output in playbook_of(key, version).outputs()}

    found = deals_with_facts(deals, call.store.files.exists, scopes_of)
    return {
        number: Loaded(deal, playbook_of(deal.playbook, deal.playbook_version), facts, team)
        for number, (deal, facts) in found.items()
    }


@reads
def load(call: Call, deal: int) -> Loaded:
    """Return one deal with everything the gate reads; raises NotFound."""
    found = load_many(call, (deal,))
    if deal not in found or (isinstance(call, Transaction) and not sees_deal(call.actor, deal)):
        raise NotFound("deal", shown(Kind.DEAL, deal))
    return found[deal]


@reads
def judge(call: Call, deal: int) -> GateReport:
    """Ask the gate of the stage where the deal stands; raises NotFound."""
    return judge_loaded(load(call, deal), call)


def judge_loaded(loaded: Loaded, call: Call) -> GateReport:
    """Ask the gate about facts that were loaded before."""
    return evaluate(loaded.playbook, loaded.facts, call.now, loaded.team)
