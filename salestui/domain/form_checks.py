"""What the gate asks of an output that people fill in: complete, in time, passing, approved, sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from salestui.domain import fields as form
from salestui.domain.case import Case
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.facts import OutputFacts, Revision
from salestui.domain.playbook import After, Output, Stage
from salestui.domain.requirement import Fix, FixKind, Group, Requirement
from salestui.domain.review import review_requirement
from salestui.domain.sending import order_requirement, sent_requirement


def form_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what an output that people fill in asks, its content first."""
    known = case.output(output.key)
    revision = known.revision
    yield completeness(case, stage, output, known)
    if revision is not None:
        failing = form.failing(output.fields, revision.values)
        if any(field.passes for field in output.fields):
            yield Requirement(
                key=f"{stage.key}.{output.key}.passes",
                stage=stage.key,
                group=Group.OUTPUTS,
                code="output_not_passing" if failing else "output_passes",
                met=not failing,
                holds=output.holds,
                params={"fields": failing, "revision": revision.number},
                fix=Fix(FixKind.FILL_OUTPUT, {"output": output.key}),
                output=output.key,
                exceptable=output.exceptable,
            )
    if output.review and output.review.required and output.review.of == output.key:
        yield review_requirement(case, stage, output, output.review)
    if output.send:
        yield sent_requirement(stage, output, known)
    if output.sent_before and revision is not None:
        order = order_requirement(case, stage, output, revision)
        if order:
            yield order


def completeness(case: Case, stage: Stage, output: Output, known: OutputFacts) -> Requirement:
    """Return what the content asks: a submitted revision, complete as judged today, its files there, not too old."""
    revision = known.revision
    params: dict[str, object] = {"missing": (), "draft": known.has_draft}
    changes_at = None
    if revision is None:
        required = tuple(field.key for field in output.fields if field.required)
        code = "output_withdrawn" if known.withdrawn else "output_missing"
        params["missing"] = required
    else:
        until = valid_until(output, revision, case.team)
        gone = tuple(file.name for file in revision.files if not file.present)
        names = tuple(file.name for file in revision.files)
        problems = form.check(output.fields, revision.values, today=case.today, files=names, file_rule=output.files)
        params |= {"revision": revision.number, "by": revision.author_name, "at": revision.at.isoformat()}
        if until is not None:
            params["until"] = until.isoformat()
        if gone:
            code, params["files"] = "output_file_missing", gone
        elif problems:
            code = "output_incomplete"
            params["missing"] = tuple(dict.fromkeys(problem.where.split(".")[0] for problem in problems))
            params["problems"] = tuple((problem.where, problem.code) for problem in problems)
        elif until is not None and case.now >= until:
            code = "output_expired"
        else:
            code = "output_complete"
            changes_at = _earliest(until, _next_midnight_matters(output, case.today, case.team))
    return Requirement(
        key=f"{stage.key}.{output.key}.complete",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=code,
        met=code == "output_complete",
        holds=output.holds,
        params=params,
        fix=Fix(FixKind.FILL_OUTPUT, {"output": output.key}),
        output=output.key,
        exceptable=output.exceptable,
        changes_at=changes_at,
    )


def valid_until(output: Output, revision: Revision, team: TeamCalendar) -> datetime | None:
    """Return the instant (UTC) from which the revision is too old for the gate, or None."""
    return deadline(revision.at, output.valid_for, team) if output.valid_for else None


def _next_midnight_matters(output: Output, today: date, team: TeamCalendar) -> datetime | None:
    rules = (rule for field in output.fields for rule in field.rules)
    judged_daily = any(isinstance(rule, After) and rule.what == "today" for rule in rules)
    return team.end_of(today) if judged_daily else None


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)
