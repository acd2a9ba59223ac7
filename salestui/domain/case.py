"""One question put to the gate, and which outputs it is about."""

from __future__ import annotations

from datetime import date, datetime

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import DealFacts, ExceptionFact, OutputFacts
from salestui.domain.playbook import Condition, Output, Playbook


@dataclass(frozen=True, slots=True)
class Case:
    """One question put to the gate: which playbook, which facts, at which instant, in whose calendar."""

    playbook: Playbook
    facts: DealFacts
    now: datetime
    team: TeamCalendar

    @property
    def today(self) -> date:
        """The team's date."""
        return self.team.today(self.now)

    def output(self, key: str) -> OutputFacts:
        """Return what is known of output `key`."""
        return self.facts.outputs.get(key) or OutputFacts(key)

    def exception(self, key: str) -> ExceptionFact | None:
        """Return the exception for requirement `key` that is in force and lasts longest, or None."""
        latest = self._latest_exception(key)
        return latest if latest is not None and latest.expires_at > self.now else None

    def lapsed(self, key: str) -> ExceptionFact | None:
        """Return the last exception for requirement `key` where none is in force any more, or None."""
        latest = self._latest_exception(key)
        return latest if latest is not None and latest.expires_at <= self.now else None

    def _latest_exception(self, key: str) -> ExceptionFact | None:
        granted = (exception for exception in self.facts.exceptions if exception.requirement == key)
        return max(granted, key=lambda exception: exception.expires_at, default=None)


def is_required(condition: Condition | None, facts: DealFacts) -> bool:
    """Tell whether an output with this condition is asked.

    A foreign currency counts as reaching an amount, and so does no amount at all: leaving it out dodges nothing.
    """
    if condition is None:
        return True
    if condition.grades and (facts.score is None or facts.score.grade not in condition.grades):
        return False
    if condition.scenarios and facts.scenario not in condition.scenarios:
        return False
    if condition.amount_at_least is None or facts.amount is None:
        return True
    return facts.amount.currency != condition.currency or facts.amount.minor >= condition.amount_at_least


def is_asked(output: Output, facts: DealFacts) -> bool:
    """Tell whether the gate asks this output of the deal: it is not optional, and required as things stand."""
    return not output.optional and is_required(output.required_when, facts)
