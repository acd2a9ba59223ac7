"""Votes and exceptions recorded for somebody else, where the database allows it: by name, with day and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.services import settings
from salestui.services.request import Call, reads

EVIDENCE_HELP = Text(
    "例如：签字扫描件，或“11-20 邮件批复”", "A scan, or a note such as “approved by e-mail on 20 November”"
)


@reads
def allowed(call: Call) -> bool:
    """Tell whether this database lets votes and exceptions be recorded for others."""
    return settings.team(call).recorded_votes


def not_allowed(call: Call) -> NotAllowed | None:
    """Refuse where the database does not allow recording for others."""
    return None if allowed(call) else NotAllowed("recorded_votes_off")


def problems(
    day: date | None, where: str, evidence: str, files: Sequence[Path], *, today: date, since: date | None = None
) -> tuple[Problem, ...]:
    """Return what is wrong with the day and the evidence of something recorded.

    The day may not lie ahead, nor before `since`; the evidence is a note or at least one file.
    """
    found = []
    if day is None:
        found.append(Problem(where, "missing", {"field": where}))
    elif day > today:
        found.append(Problem(where, "in_future", {"date": day.isoformat()}))
    elif since is not None and day < since:
        found.append(Problem(where, "before_submission", {"date": since.isoformat()}))
    if not evidence.strip() and not files:
        found.append(Problem("evidence", "missing", {"field": "evidence"}))
    return tuple(found)


def fields(day: str, day_label: Text, *, required: bool) -> tuple[Field, ...]:
    """Return the form fields of a recording; required where this person cannot act in his own name."""
    return (
        Field(
            "recorded_for",
            FieldType.PERSON,
            Text("代谁记录", "Recorded for"),
            help=Text("真正拿主意的那个人，不能是负责人或作者", "Who decided; not the deal's owner or an author"),
            required=required,
        ),
        Field(day, FieldType.DATE, day_label, required=required),
        Field("evidence", FieldType.TEXT, Text("凭据", "Evidence"), help=EVIDENCE_HELP, required=required),
    )
