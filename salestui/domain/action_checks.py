"""What a key action asks: to be ticked by a person, or to be met by the data."""

from __future__ import annotations

from datetime import datetime

from salestui.domain import fields as form
from salestui.domain.case import Case, is_required
from salestui.domain.customer_checks import score_requirement
from salestui.domain.form_checks import completeness
from salestui.domain.playbook import DataCheck, KeyAction, MetBy, Output, Playbook, Stage
from salestui.domain.requirement import Fix, FixKind, Group, Requirement
from salestui.domain.sending import sent_requirement
from salestui.domain.talk_checks import fulfilling_talk


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
        score = score_requirement(case, case.playbook.stages[0], _score_output(case.playbook))
        return score.met, score.fix, score.changes_at
    if check.by is MetBy.CLASSIFICATION:
        known = case.facts.classification
        met = known is not None and case.playbook.customer_class(known.key) is not None
        return met, Fix(FixKind.CLASSIFY), None
    if check.by is MetBy.CUSTOMER:
        return bool(case.facts.customer.get(check.field)), Fix(FixKind.FILL_CUSTOMER, {"field": check.field}), None
    if check.by is MetBy.FOLLOW_UP:
        until = case.facts.planned_until
        met = until is not None and until > case.now
        return met, Fix(FixKind.LOG_ACTIVITY, {"state": "planned"}), until if met else None
    if check.by in {MetBy.TALK, MetBy.SUMMARY}:
        return _talk_answer(case, check)
    output = case.playbook.output(check.output)
    if not is_required(output.required_when, case.facts):
        return None
    if check.by is MetBy.SENT:
        sent = sent_requirement(case, case.playbook.stages[0], output)
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
    if not check.field:
        complete = completeness(case, case.playbook.stages[0], output)
        return complete.met, fix, complete.changes_at
    revision = case.output(output.key).revision
    if revision is None:
        return False, fix, None
    values = revision.values
    if check.column:
        enough = len(form.distinct_values(values, check.field, check.column)) >= (check.at_least or 1)
        return enough, fix, None
    return form.is_filled(output.field(check.field), values.get(check.field)), fix, None
