"""Approved, then sent, then signed: what the gate asks of outputs that go to the customer (handbook B, stage 4)."""

from __future__ import annotations

from salestui.domain.case import Case
from salestui.domain.playbook import Output, Stage
from salestui.domain.requirement import Fix, FixKind, Group, Requirement
from salestui.domain.review import approved_at


def sent_requirement(case: Case, stage: Stage, output: Output) -> Requirement:
    """Return what sending asks: that the current revision went to the customer, after its approval."""
    known, rule = case.output(output.key), case.playbook.review_of(output.key)
    sent, revision = known.sent, known.revision
    approved = rule is not None and approved_at(rule, known.review, revision) is not None
    if rule is not None and rule.required and not approved:
        code, fix = "sent_needs_approval", Fix(FixKind.NONE, reason="approve_first")
    elif revision is None:
        code, fix = "sent_nothing_yet", Fix(FixKind.FILL_OUTPUT, {"output": output.key})
    elif sent is not None and sent.revision == revision.number:
        code, fix = "sent", Fix(FixKind.NONE)
    else:
        code, fix = "not_sent", Fix(FixKind.MARK_SENT, {"output": output.key})
    return Requirement(
        key=f"{stage.key}.{output.key}.sent",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=code,
        met=code == "sent",
        holds=output.holds,
        params={"revision": revision.number if revision else 0, "approved": approved},
        fix=fix,
        output=output.key,
        exceptable=output.exceptable,
    )


def order_requirement(case: Case, stage: Stage, output: Output) -> Requirement | None:
    """Return the order of handbook B, stage 4: approved, then sent, then signed; None while nothing was sent.

    Without its date a signature cannot be shown to have come after the sending.
    """
    sent, revision = case.output(output.requires_sent).sent, case.output(output.key).revision
    if sent is None:
        return None
    signed = revision.values.get(output.sent_before) if revision else None
    sent_on = sent_date(case.playbook.output(output.requires_sent), sent.values) or case.team.today(sent.at).isoformat()
    met = isinstance(signed, str) and signed >= sent_on
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
