"""What the gate asks of the customer in its campaign: a fresh score, a grade and a class that may pass."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.domain.case import Case
from salestui.domain.clocks import score_life
from salestui.domain.playbook import Holds, Output, Stage, Verdict
from salestui.domain.requirement import Fix, FixKind, Group, Requirement


def score_requirement(case: Case, stage: Stage, output: Output) -> Requirement:
    """Return what the scorecard asks: a score within its validity (handbook A, stage 2).

    That is one calendar month, or until the clock has run out that a change at the customer started.
    """
    score, scoring = case.facts.score, case.playbook.scoring
    until = None
    params: dict[str, object] = {}
    if score is None or scoring is None:
        code = "not_scored"
    else:
        life = score_life(case.playbook, score, case.facts.customer_events, case.team)
        until = life.until
        params = {"grade": score.grade, "total": score.total, "at": score.at.isoformat()}
        if life.event is not None:
            params |= {"event": life.event.kind, "event_on": life.event.day.isoformat()}
        if until is not None:
            params["until"] = until.isoformat()
        code = "score_expired" if until is not None and case.now >= until else "score_fresh"
    met = code == "score_fresh"
    return Requirement(
        key=f"{stage.key}.{output.key}.fresh",
        stage=stage.key,
        group=Group.SCORE,
        code=code,
        met=met,
        holds=output.holds,
        params=params,
        fix=Fix(FixKind.SCORE),
        output=output.key,
        exceptable=output.exceptable,
        changes_at=until if met else None,
    )


def grade_requirements(case: Case, stage: Stage) -> Iterator[Requirement]:
    """Yield what a stage asks of the grade (handbook A, stage 2: A or B); nothing where it lets every grade pass."""
    if not stage.passing_grades:
        return
    score = case.facts.score
    passes = score is not None and score.grade in stage.passing_grades
    code = "grade_passes" if passes else "no_grade" if score is None else "grade_cannot_pass"
    yield Requirement(
        key=f"{stage.key}.grade.passes",
        stage=stage.key,
        group=Group.SCORE,
        code=code,
        met=passes,
        holds=Holds.UNTIL_WON,
        params={"grade": score.grade if score else None, "passing": stage.passing_grades},
        fix=Fix(FixKind.SCORE),
        hopeless=code == "grade_cannot_pass",
    )


def class_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what the campaign's lists ask: a class, and one that may go on (handbook A, stage 1)."""
    known = case.facts.classification
    found = case.playbook.customer_class(known.key) if known else None
    yield Requirement(
        key=f"{stage.key}.{output.key}.classified",
        stage=stage.key,
        group=Group.OUTPUTS,
        code="classified" if found else "not_classified",
        met=found is not None,
        holds=output.holds,
        params={"class": found.key if found else None},
        fix=Fix(FixKind.CLASSIFY),
        output=output.key,
        exceptable=output.exceptable,
    )
    if found is None:
        return
    codes = {
        Verdict.PASSES: "class_passes",
        Verdict.NEEDS_EXCEPTION: "class_needs_exception",
        Verdict.NEVER: "class_never_passes",
    }
    yield Requirement(
        key=f"{stage.key}.{output.key}.passes",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=codes[found.verdict],
        met=found.verdict is Verdict.PASSES,
        holds=output.holds,
        params={"class": found.key},
        fix=Fix(FixKind.CLASSIFY),
        output=output.key,
        exceptable=output.exceptable and found.verdict is not Verdict.NEVER,
        hopeless=found.verdict is Verdict.NEVER,
    )
