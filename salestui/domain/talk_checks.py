"""What the gate asks of talks: one that fulfils the communication record, and a summary of each in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from salestui.domain import fields as form
from salestui.domain.case import Case, is_asked
from salestui.domain.clock import deadline
from salestui.domain.facts import TalkFact
from salestui.domain.form_checks import judged_daily
from salestui.domain.playbook import Output, Stage, SummaryRule
from salestui.domain.problems import Problem
from salestui.domain.requirement import Fix, FixKind, Group, Requirement


def _problems(case: Case, output: Output, talk: TalkFact) -> tuple[Problem, ...]:
    """What the record lacks in this talk, which may hold more: it serves deals of other playbooks too."""
    asked = {field.key: talk.values[field.key] for field in output.fields if field.key in talk.values}
    return form.check(output.fields, asked, today=case.today)


def fulfilling_talk(case: Case, output: Output) -> TalkFact | None:
    """Return the talk that fulfils the communication record: complete with summary, else complete, else the newest."""

    def rank(talk: TalkFact) -> tuple[bool, bool, datetime]:
        return not _problems(case, output, talk), talk.summary is not None, talk.at

    return max(case.facts.talks, key=rank, default=None)


def talk_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what the communication record asks: a complete talk, and in any case its summary (handbook A, stage 3)."""
    talk = fulfilling_talk(case, output)
    problems = _problems(case, output, talk) if talk else ()
    missing = tuple(dict.fromkeys(problem.where.split(".")[0] for problem in problems))
    code = "talk_missing" if talk is None else "talk_incomplete" if problems else "talk_complete"
    subject = {"talk": f"T{talk.id}"} if talk else {}
    yield Requirement(
        key=f"{stage.key}.{output.key}.complete",
        stage=stage.key,
        group=Group.TALKS,
        code=code,
        met=code == "talk_complete",
        holds=output.holds,
        params={"missing": missing, "at": talk.at.isoformat() if talk else None},
        fix=Fix(FixKind.LOG_ACTIVITY, subject),
        output=output.key,
        talk=talk.id if talk else 0,
        exceptable=output.exceptable,
        changes_at=case.team.end_of(case.today) if judged_daily(output.fields) else None,
    )
    if output.summary and talk is not None:
        yield _summary(case, stage, output, output.summary, talk, key=f"{stage.key}.{output.key}.summary")


def _summary(case: Case, stage: Stage, output: Output, rule: SummaryRule, talk: TalkFact, *, key: str) -> Requirement:
    due = deadline(talk.at, rule.within, case.team)
    late_by = case.now - due
    if talk.summary is not None:
        code = "summary_sent" if talk.summary.sent_at <= due else "summary_sent_late"
    else:
        code = "summary_late" if late_by >= timedelta(0) else "summary_missing"
    met = talk.summary is not None
    return Requirement(
        key=key,
        stage=stage.key,
        group=Group.TALKS,
        code=code,
        met=met,
        holds=output.holds,
        params={"talk": talk.id, "at": talk.at.isoformat(), "due": due.isoformat(), "channel": talk.channel},
        fix=Fix(FixKind.SEND_SUMMARY, {"talk": f"T{talk.id}"}),
        output=output.key,
        talk=talk.id,
        exceptable=output.exceptable,
        changes_at=None if met or late_by >= timedelta(0) else due,
    )


def overdue_summaries(case: Case, stage: Stage) -> Iterator[Requirement]:
    """Yield the summary of every other talk whose time limit has passed (24 hours; handbook A, stage 3).

    A summary that was sent late counts as met. Talks within their limit are not asked for yet. Where the stage of the
    talks is retired, only a deal that still stands there is asked.
    """
    output = case.playbook.talk_output()
    if output is None or output.summary is None:
        return
    own_stage = case.playbook.stage_of(output.key)
    if own_stage.retired and own_stage.key != stage.key:
        return
    asked = own_stage in case.playbook.asked_at(stage.key) and is_asked(output, case.facts)
    fulfilling = fulfilling_talk(case, output) if asked else None
    for talk in sorted(case.facts.talks, key=lambda talk: (talk.at, talk.id)):
        if fulfilling is not None and talk.id == fulfilling.id:
            continue
        if talk.summary is None and case.now < deadline(talk.at, output.summary.within, case.team):
            continue
        yield _summary(case, stage, output, output.summary, talk, key=f"talk.T{talk.id}.summary")


def next_summary_due(case: Case) -> datetime | None:
    """Return the next instant (UTC) at which a talk's summary becomes overdue."""
    output = case.playbook.talk_output()
    if output is None or output.summary is None:
        return None
    dues = (deadline(talk.at, output.summary.within, case.team) for talk in case.facts.talks if not talk.summary)
    return min((due for due in dues if due > case.now), default=None)
