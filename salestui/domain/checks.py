"""What each kind of output and key action asks of a deal's facts; `gate.evaluate` puts the answers together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from salestui.domain import fields as form
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.facts import DealFacts, Decision, OutputFacts, ReviewFact, Revision, TalkFact, VoteFact
from salestui.domain.playbook import (
    After,
    Condition,
    DataCheck,
    Holds,
    KeyAction,
    MetBy,
    Output,
    Playbook,
    ReviewMode,
    ReviewRule,
    Stage,
    SummaryRule,
    Verdict,
)
from salestui.domain.requirement import Fix, FixKind, Group, Requirement


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


def is_required(condition: Condition | None, facts: DealFacts) -> bool:
    """Tell whether an output with this condition is asked; a foreign currency counts as reaching an amount."""
    if condition is None:
        return True
    if condition.grades and (facts.score is None or facts.score.grade not in condition.grades):
        return False
    if condition.scenarios and facts.scenario not in condition.scenarios:
        return False
    if condition.amount_at_least is not None:
        if facts.amount is None:
            return False
        if facts.amount.currency == condition.currency and facts.amount.minor < condition.amount_at_least:
            return False
    return True


def approved_at(rule: ReviewRule, review: ReviewFact | None, revision: Revision | None) -> datetime | None:
    """Return when the current revision got its last needed approval, or None while it has not.

    A review of an older revision counts for nothing; one rejection or wish for a change keeps it open.
    """
    if review is None or revision is None or review.recalled or review.revision != revision.number:
        return None
    if any(vote.decision is not Decision.APPROVE for vote in latest_votes(review)):
        return None
    times = {vote.role: vote.at for vote in latest_votes(review)}
    if rule.mode is ReviewMode.ANY:
        return min((times[role] for role in rule.roles if role in times), default=None)
    if any(role not in times for role in rule.roles):
        return None
    return max(times.values())


def latest_votes(review: ReviewFact) -> tuple[VoteFact, ...]:
    """Return the last vote of each role."""
    return tuple({vote.role: vote for vote in review.votes}.values())


def open_roles(rule: ReviewRule, review: ReviewFact) -> tuple[str, ...]:
    """Return the roles whose vote is awaited now: all that lack one, or only the next in sequence."""
    voted = {vote.role for vote in latest_votes(review)}
    waiting = tuple(role for role in rule.roles if role not in voted)
    return waiting[:1] if rule.mode is ReviewMode.SEQUENCE else waiting


def valid_until(output: Output, revision: Revision, team: TeamCalendar) -> datetime | None:
    """Return the instant (UTC) from which the revision is too old for the gate, or None."""
    return deadline(revision.at, output.valid_for, team) if output.valid_for else None


def _next_midnight_matters(output: Output, today: date, team: TeamCalendar) -> datetime | None:
    rules = (rule for field in output.fields for rule in field.rules)
    judged_daily = any(isinstance(rule, After) and rule.what == "today" for rule in rules)
    return team.end_of(today) if judged_daily else None


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def output_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    """Yield what one output of one stage asks; nothing when it is not required for this deal."""
    if output.optional or not is_required(output.required_when, case.facts):
        return
    if output.met_by is None:
        yield from _form_requirements(case, stage, output)
    elif output.met_by is MetBy.SCORE:
        yield _score_requirement(case, stage, output)
    elif output.met_by is MetBy.CLASSIFICATION:
        yield from _class_requirements(case, stage, output)
    elif output.met_by is MetBy.TALK:
        yield from _talk_requirements(case, stage, output)
    elif output.met_by is MetBy.REVIEW and output.review and output.review.required:
        yield _review_requirement(case, stage, output, output.review)


def _form_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    known = case.output(output.key)
    revision = known.revision
    yield _complete(case, stage, output, known)
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
        yield _review_requirement(case, stage, output, output.review)
    if output.send:
        yield _sent_requirement(stage, output, known)
    if output.sent_before and revision is not None:
        order = _order_requirement(case, stage, output, revision)
        if order:
            yield order


def _complete(case: Case, stage: Stage, output: Output, known: OutputFacts) -> Requirement:
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


def _review_requirement(case: Case, stage: Stage, output: Output, rule: ReviewRule) -> Requirement:
    known = case.output(rule.of)
    review, revision = known.review, known.revision
    params: dict[str, object] = {"of": rule.of, "roles": rule.roles}
    fix = Fix(FixKind.REQUEST_REVIEW, {"output": rule.of})
    waiting = False
    when = approved_at(rule, review, revision)
    if when is not None:
        code = "review_approved"
        params["at"] = when.isoformat()
    elif revision is None:
        code = "review_nothing_yet"
        fix = Fix(FixKind.FILL_OUTPUT, {"output": rule.of})
    elif review is None or review.recalled:
        code = "review_not_requested"
    elif review.revision != revision.number:
        code = "review_outdated"
        params["reviewed"] = review.revision
    elif any(vote.decision is not Decision.APPROVE for vote in latest_votes(review)):
        code = "review_refused"
        fix = Fix(FixKind.FILL_OUTPUT, {"output": rule.of})
    else:
        code, waiting = "review_waiting", True
        fix = Fix(FixKind.VOTE, {"review": f"R{review.id}"})
    if revision is not None:
        params["revision"] = revision.number
    if review is not None and not review.recalled:
        params |= _review_params(rule, review)
    return Requirement(
        key=f"{stage.key}.{output.key}.approved",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=code,
        met=when is not None,
        holds=output.holds,
        params=params,
        fix=fix,
        output=output.key,
        exceptable=output.exceptable,
        waiting=waiting,
    )


def _review_params(rule: ReviewRule, review: ReviewFact) -> dict[str, object]:
    votes = latest_votes(review)
    return {
        "review": review.id,
        "requested_at": review.requested_at.isoformat(),
        "approved": tuple(vote.role for vote in votes if vote.decision is Decision.APPROVE),
        "refused": tuple(vote.role for vote in votes if vote.decision is not Decision.APPROVE),
        "waiting_for": open_roles(rule, review),
    }


def _sent_requirement(stage: Stage, output: Output, known: OutputFacts) -> Requirement:
    sent, revision = known.sent, known.revision
    when = approved_at(output.review, known.review, revision) if output.review else None
    met = sent is not None and revision is not None and sent.revision == revision.number
    if output.review and output.review.required and when is None:
        met = False
        code, fix = "sent_needs_approval", Fix(FixKind.NONE, reason="approve_first")
    elif met:
        code, fix = "sent", Fix(FixKind.NONE)
    else:
        code, fix = "not_sent", Fix(FixKind.MARK_SENT, {"output": output.key})
    return Requirement(
        key=f"{stage.key}.{output.key}.sent",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=code,
        met=met,
        holds=output.holds,
        params={"revision": revision.number if revision else 0},
        fix=fix,
        output=output.key,
        exceptable=output.exceptable,
    )


def _order_requirement(case: Case, stage: Stage, output: Output, revision: Revision) -> Requirement | None:
    """The order of handbook B, stage 4: approved, then sent, then signed. None while nothing was sent."""
    sent = case.output(output.requires_sent).sent
    if sent is None:
        return None
    signed = revision.values.get(output.sent_before)
    sent_on = sent_date(case.playbook.output(output.requires_sent), sent.values) or case.team.today(sent.at).isoformat()
    met = not isinstance(signed, str) or signed >= sent_on
    return Requirement(
        key=f"{stage.key}.{output.key}.order",
        stage=stage.key,
        group=Group.OUTPUTS,
        code="signed_after_sent" if met else "signed_before_sent",
        met=met,
        holds=output.holds,
        params={"signed": signed, "sent": sent_on},
        fix=Fix(FixKind.FILL_OUTPUT, {"output": output.key}),
        output=output.key,
        exceptable=False,
    )


def sent_date(output: Output, values: object) -> str | None:
    """Return the ISO date on which an output went to the customer: the first date field of its send rule."""
    if output.send is None or not isinstance(values, dict):
        return None
    for field in output.send.fields:
        value = values.get(field.key)
        if field.type in {"date", "datetime"} and isinstance(value, str):
            return value[:10]
    return None


def _score_requirement(case: Case, stage: Stage, output: Output) -> Requirement:
    score, scoring = case.facts.score, case.playbook.scoring
    until = None
    params: dict[str, object] = {}
    if score is None or scoring is None:
        code = "not_scored"
    else:
        until = deadline(score.at, scoring.valid_for, case.team) if scoring.valid_for else None
        params = {"grade": score.grade, "total": score.total, "at": score.at.isoformat()}
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


def grade_requirement(case: Case, stage: Stage) -> Requirement | None:
    """The grades that may pass a stage (handbook A, stage 2: A and B); None where the stage asks for none."""
    if not stage.passing_grades:
        return None
    score = case.facts.score
    passes = score is not None and score.grade in stage.passing_grades
    code = "grade_passes" if passes else "no_grade" if score is None else "grade_cannot_pass"
    return Requirement(
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


def _class_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
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


def fulfilling_talk(case: Case, output: Output) -> TalkFact | None:
    """Return the talk that fulfils the communication record: complete with summary, else complete, else the newest."""

    def rank(talk: TalkFact) -> tuple[bool, bool, datetime]:
        complete = not form.check(output.fields, talk.values, today=case.today)
        return complete, talk.summary is not None, talk.at

    return max(case.facts.talks, key=rank, default=None)


def _talk_requirements(case: Case, stage: Stage, output: Output) -> Iterator[Requirement]:
    talk = fulfilling_talk(case, output)
    problems = form.check(output.fields, talk.values, today=case.today) if talk else ()
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

    A summary that was sent late counts as met. Talks within their limit are not asked for yet.
    """
    output = case.playbook.talk_output()
    if output is None or output.summary is None:
        return
    own_stage = case.playbook.stage_of(output.key)
    asked = own_stage.number <= stage.number and is_required(output.required_when, case.facts)
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


def action_requirement(case: Case, stage: Stage, action: KeyAction) -> Requirement | None:
    """What one key action asks; None when it is met by data that this deal does not need."""
    done = case.facts.actions.get(action.key)
    params: dict[str, object] = {}
    changes_at = None
    if action.data is None:
        lacks_note = done is not None and action.note_required and not done.note.strip()
        met = done is not None and not lacks_note
        code = "action_done" if met else "action_needs_note" if lacks_note else "action_open"
        fix = Fix(FixKind.DO_ACTION, {"action": action.key})
        if done is not None:
            params = {"by": done.by_name, "at": done.at.isoformat(), "note": done.note}
    else:
        answer = _data_answer(case, action.data)
        if answer is None:
            return None
        met, fix, changes_at = answer
        code = "action_met_by_data" if met else "action_data_missing"
        params = {"by": action.data.by.value, "output": action.data.output, "field": action.data.field}
    return Requirement(
        key=f"{stage.key}.{action.key}.done",
        stage=stage.key,
        group=Group.ACTIONS,
        code=code,
        met=met,
        holds=action.holds,
        params=params,
        fix=fix,
        action=action.key,
        exceptable=action.exceptable,
        changes_at=changes_at,
    )


def _data_answer(case: Case, check: DataCheck) -> tuple[bool, Fix, datetime | None] | None:
    """Return (met, fix, when time alone may change it); None when the data are not asked for with this deal."""
    if check.by is MetBy.SCORE:
        score = _score_requirement(case, case.playbook.stages[0], _score_output(case.playbook))
        return score.met, score.fix, score.changes_at
    if check.by is MetBy.CLASSIFICATION:
        known = case.facts.classification
        met = known is not None and case.playbook.customer_class(known.key) is not None
        return met, Fix(FixKind.CLASSIFY), None
    if check.by is MetBy.CUSTOMER:
        return bool(case.facts.customer.get(check.field)), Fix(FixKind.FILL_CUSTOMER, {"field": check.field}), None
    if check.by is MetBy.FOLLOW_UP:
        ahead = case.facts.next_activity
        met = ahead is not None and ahead > case.now
        return met, Fix(FixKind.LOG_ACTIVITY, {"state": "planned"}), ahead if met else None
    if check.by in {MetBy.TALK, MetBy.SUMMARY}:
        return _talk_answer(case, check)
    output = case.playbook.output(check.output)
    if not is_required(output.required_when, case.facts):
        return None
    if check.by is MetBy.SENT:
        sent = _sent_requirement(case.playbook.stages[0], output, case.output(output.key))
        return sent.met, sent.fix, None
    return _output_answer(case, check, output)


def _score_output(playbook: Playbook) -> Output:
    return next(output for _, output in playbook.outputs() if output.met_by is MetBy.SCORE)


def _talk_answer(case: Case, check: DataCheck) -> tuple[bool, Fix, datetime | None]:
    output = case.playbook.talk_output()
    talk = fulfilling_talk(case, output) if output else None
    if talk is None or output is None:
        return False, Fix(FixKind.LOG_ACTIVITY), None
    subject = {"talk": f"T{talk.id}"}
    if check.by is MetBy.SUMMARY:
        return talk.summary is not None, Fix(FixKind.SEND_SUMMARY, subject), None
    filled = form.is_filled(output.field(check.field), talk.values.get(check.field))
    return filled, Fix(FixKind.LOG_ACTIVITY, subject), None


def _output_answer(case: Case, check: DataCheck, output: Output) -> tuple[bool, Fix, datetime | None]:
    fix = Fix(FixKind.FILL_OUTPUT, {"output": output.key})
    known = case.output(output.key)
    if not check.field:
        complete = _complete(case, case.playbook.stages[0], output, known)
        return complete.met, fix, complete.changes_at
    if known.revision is None:
        return False, fix, None
    values = known.revision.values
    if check.column:
        enough = len(form.distinct_values(values, check.field, check.column)) >= (check.at_least or 1)
        return enough, fix, None
    return form.is_filled(output.field(check.field), values.get(check.field)), fix, None
