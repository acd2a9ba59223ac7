"""What the gate asks of an output that people fill in: complete, in time, passing, approved, sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from salestui.domain import fields as form
from salestui.domain.case import Case
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.facts import Revision
from salestui.domain.playbook import After, Field, Output, Stage
from salestui.domain.requirement import Fix, FixKind, Group, Requirement
from salestui.domain.review import review_requirement
from salestui.domain.sending import order_requirement, sent_requirement


def form_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what an output that people fill in asks, its content first.

    What the content says is asked once there is a revision. It stays asked of one that was withdrawn while an exception
    covers its completeness: withdrawing an unwelcome result opens no gate.
    """
    known = case.output(output.key)
    content = completeness(case, stage, output)
    yield content
    withdrawn = known.withdrawn and case.exception(content.key) is not None
    if known.revision is not None or withdrawn:
        yield from _result(stage, output, known.revision)
    if output.review and output.review.required and output.review.of == output.key:
        yield review_requirement(case, stage, output, output.review)
    if output.send:
        yield sent_requirement(case, stage, output)
    if output.sent_before and (known.revision is not None or withdrawn):
        order = order_requirement(case, stage, output)
        if order:
            yield order


def _result(stage: Stage, output: Output, revision: Revision | None) -> Iterator[Requirement]:
    if not any(field.passes for field in output.fields):
        return
    failing = form.failing(output.fields, revision.values if revision else {})
    yield Requirement(
        key=f"{stage.key}.{output.key}.passes",
        stage=stage.key,
        group=Group.OUTPUTS,
        code="output_not_passing" if failing else "output_passes",
        met=not failing,
        holds=output.holds,
        params={"fields": failing, "revision": revision.number if revision else 0},
        fix=Fix(FixKind.FILL_OUTPUT, {"output": output.key}),
        output=output.key,
        exceptable=output.exceptable,
    )


def completeness(case: Case, stage: Stage, output: Output) -> Requirement:
    """Return what the content asks: a submitted revision, complete as judged today, its files there, not too old."""
    known = case.output(output.key)
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
            midnight = case.team.end_of(case.today) if judged_daily(output.fields) else None
            changes_at = _earliest(until, midnight)
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


def judged_daily(fields: Sequence[Field]) -> bool:
    """Tell whether a new day alone may make values of these fields wrong: dates that must lie after today."""
    return any(
        any(isinstance(rule, After) and rule.what == "today" for rule in field.rules) or judged_daily(field.columns)
        for field in fields
    )


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)
