"""The one gate: a pure function that says whether a deal may move right, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from salestui.dataclass import dataclass
from salestui.domain.action_checks import action_requirement
from salestui.domain.case import Case, is_asked
from salestui.domain.clock import TeamCalendar
from salestui.domain.customer_checks import class_requirements, grade_requirements, score_requirement
from salestui.domain.facts import DealFacts, Status
from salestui.domain.form_checks import form_requirements
from salestui.domain.playbook import Holds, MetBy, Output, Playbook, Stage
from salestui.domain.requirement import Requirement, State
from salestui.domain.review import review_requirement
from salestui.domain.talk_checks import next_summary_due, overdue_summaries, talk_requirements


@dataclass(frozen=True, slots=True)
class GateReport:
    """The gate's answer at the instant `as_of` (UTC): every requirement asked, in the handbook's order.

    `next` is None at the last stage: passing its gate completes the deal. `changes_at` is the next instant at which
    time alone may change the answer (a score expires, a summary falls due, an exception ends).
    """

    deal: int
    playbook: str
    playbook_version: int
    stage: str
    next: str | None
    status: Status
    as_of: datetime
    requirements: tuple[Requirement, ...]
    changes_at: datetime | None = None

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """The requirements that keep the gate closed."""
        return tuple(r for r in self.requirements if r.state is State.UNMET)

    @property
    def met(self) -> tuple[Requirement, ...]:
        """The requirements that are met or excepted."""
        return tuple(r for r in self.requirements if r.state is not State.UNMET)

    @property
    def excepted(self) -> tuple[Requirement, ...]:
        """The requirements that only an exception holds open."""
        return tuple(r for r in self.requirements if r.state is State.EXCEPTED)

    @property
    def can_move(self) -> bool:
        """Whether the deal may move right, or complete, now."""
        return self.status in {Status.OPEN, Status.WON} and not self.unmet

    @property
    def waiting(self) -> bool:
        """Whether only other people can open the gate now."""
        return bool(self.unmet) and all(r.waiting for r in self.unmet)

    @property
    def hopeless(self) -> bool:
        """Whether the deal cannot pass as things are: grade C, or "not now"."""
        return any(r.hopeless for r in self.unmet)

    def requirement(self, key: str) -> Requirement | None:
        """Return the requirement `key`, or None when the gate does not ask it."""
        return next((r for r in self.requirements if r.key == key), None)


def evaluate(playbook: Playbook, facts: DealFacts, now: datetime, team: TeamCalendar) -> GateReport:
    """Judge the gate of the stage where the deal stands; the only judge there is (design §5).

    Asks every requirement of that stage and of all before it. Requirements that hold until won are not asked once
    the deal is won. Retired stages ask nothing unless the deal stands there.
    """
    case = Case(playbook, facts, now, team)
    stage = playbook.stage(facts.stage)
    asked = tuple(
        _excepted(case, requirement)
        for requirement in _asked(case, stage)
        if not (facts.won and requirement.holds is Holds.UNTIL_WON)
    )
    following = playbook.next_stage(stage.key)
    instants = [r.changes_at for r in asked if r.changes_at is not None]
    instants += [r.exception.expires_at for r in asked if r.exception is not None]
    due = next_summary_due(case)
    if due is not None:
        instants.append(due)
    return GateReport(
        deal=facts.id,
        playbook=playbook.key,
        playbook_version=playbook.version,
        stage=stage.key,
        next=following.key if following else None,
        status=facts.status,
        as_of=now,
        requirements=asked,
        changes_at=min(instants, default=None),
    )


def _excepted(case: Case, requirement: Requirement) -> Requirement:
    if requirement.met or not requirement.exceptable:
        return requirement
    return replace(requirement, exception=case.exception(requirement.key), lapsed=case.lapsed(requirement.key))


def _asked(case: Case, stage: Stage) -> Iterator[Requirement]:
    for asking in case.playbook.asked_at(stage.key):
        yield from _asked_by(case, asking)
    yield from overdue_summaries(case, stage)


def _asked_by(case: Case, stage: Stage) -> Iterator[Requirement]:
    for output in stage.outputs:
        yield from _output_requirements(case, stage, output)
        if output.met_by is MetBy.SCORE:
            yield from grade_requirements(case, stage)
    if not any(output.met_by is MetBy.SCORE for output in stage.outputs):
        yield from grade_requirements(case, stage)
    for action in stage.actions:
        requirement = action_requirement(case, stage, action)
        if requirement is not None:
            yield requirement


def _output_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what one output of one stage asks; nothing when it is not required for this deal."""
    if not is_asked(output, case.facts):
        return
    if output.met_by is None:
        yield from form_requirements(case, stage, output)
    elif output.met_by is MetBy.SCORE:
        yield score_requirement(case, stage, output)
    elif output.met_by is MetBy.CLASSIFICATION:
        yield from class_requirements(case, stage, output)
    elif output.met_by is MetBy.TALK:
        yield from talk_requirements(case, stage, output)
    elif output.met_by is MetBy.REVIEW and output.review and output.review.required:
        yield review_requirement(case, stage, output, output.review)
