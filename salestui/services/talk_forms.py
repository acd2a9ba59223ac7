"""What is asked about a talk, its summary and a planned activity; the playbook's communication record decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from salestui.domain import fields as form
from salestui.domain.clock import TeamCalendar
from salestui.domain.playbook import Choice, Field, FieldType, Playbook, Text
from salestui.domain.problems import Problem

__all__ = [
    "GRACE",
    "future_problem",
    "plan_fields",
    "read_summary",
    "read_talk",
    "summary_fields",
    "talk_fields",
]

GRACE: Final = timedelta(minutes=5)
"""How far two clocks may differ before a time counts as lying in the future."""

_NEEDED: Final = ("channel", "at")
_TO_COMPLETE: Final = frozenset({"missing", "row_incomplete", "too_few_rows", "not_distinct", "not_covered"})
_CHANNELS: Final = (
    Choice("phone", Text("电话", "Phone")),
    Choice("email", Text("邮件", "E-mail")),
    Choice("visit", Text("拜访", "Visit")),
    Choice("video", Text("视频", "Video")),
)
_CHANNEL: Final = Field("channel", FieldType.CHOICE, Text("方式", "Channel"), required=True, choices=_CHANNELS)
_TALK: Final = (
    _CHANNEL,
    Field("at", FieldType.DATETIME, Text("时间", "Time"), required=True),
    Field("participants", FieldType.TEXT, Text("参加人", "Participants")),
    Field("content", FieldType.LONG_TEXT, Text("谈了什么", "What was said")),
)
_SUMMARY: Final = (
    Field("sent_at", FieldType.DATETIME, Text("发出时间", "Sent at"), required=True),
    Field("text", FieldType.LONG_TEXT, Text("纪要正文", "Text"), required=True),
    Field("material", FieldType.TEXT, Text("随附材料", "Material attached")),
)


def talk_fields(playbook: Playbook) -> tuple[Field, ...]:
    """Return the fields of a talk: those of the playbook's communication record, or a plain few where it has none."""
    output = playbook.talk_output()
    if output is None:
        return _TALK
    own = {field.key for field in output.fields}
    return (*(field for field in _TALK if field.key in _NEEDED and field.key not in own), *output.fields)


def summary_fields(playbook: Playbook) -> tuple[Field, ...]:
    """Return the fields of a talk's summary."""
    output = playbook.talk_output()
    if output is None or output.summary is None:
        return _SUMMARY
    own = {field.key for field in output.summary.fields}
    return (*(field for field in _SUMMARY[:2] if field.key not in own), *output.summary.fields)


def plan_fields(playbook: Playbook) -> tuple[Field, ...]:
    """Return the fields of a planned activity; its channels are those of the playbook's talks."""
    channel = next((field for field in talk_fields(playbook) if field.key == "channel"), _CHANNEL)
    return (
        Field("subject", FieldType.TEXT, Text("做什么", "What"), required=True),
        Field("at", FieldType.DATETIME, Text("时间", "When"), required=True),
        Field("all_day", FieldType.YES_NO, Text("全天", "All day")),
        Field("channel", FieldType.CHOICE, channel.label, choices=channel.choices),
        Field(
            "outline",
            FieldType.LONG_TEXT,
            Text("提纲", "Outline"),
            Text(
                "我们是谁、强在哪、能解决什么、想要的下一步",
                "Who we are, strengths, pains we solve, the next step we want",
            ),
        ),
        Field("owner", FieldType.PERSON, Text("负责人", "Owner"), Text("留空则为自己", "Empty: yourself")),
    )


def read_talk(
    fields: Sequence[Field], raw: Mapping[str, object], *, now: datetime, team: TeamCalendar
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the values of a talk and what is wrong with them.

    What is missing is no problem here, since the gate asks for it later; channel and time alone must be there.
    """
    today = team.today(now)
    values, problems = form.normalise(fields, raw, today=today, zone=team.zone)
    unread = {problem.where for problem in problems}
    wrong = [problem for problem in form.check(fields, values, today=today) if problem.code not in _TO_COMPLETE]
    missing = [Problem(key, "missing", {"field": key}) for key in _NEEDED if key not in values and key not in unread]
    return values, (*missing, *problems, *wrong, *future_problem("at", values.get("at"), now))


def read_summary(
    fields: Sequence[Field], raw: Mapping[str, object], *, talk_at: datetime, now: datetime, team: TeamCalendar
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the values of a summary and what is wrong with them: it is complete, and was sent after the talk."""
    today = team.today(now)
    values, problems = form.normalise(fields, raw, today=today, zone=team.zone)
    unread = {problem.where for problem in problems}
    lacking = tuple(problem for problem in form.check(fields, values, today=today) if problem.where not in unread)
    sent_at = values.get("sent_at")
    early = isinstance(sent_at, str) and datetime.fromisoformat(sent_at) < talk_at
    order = (Problem("sent_at", "before_talk", {"at": talk_at.isoformat()}),) if early else ()
    return values, (*problems, *lacking, *order, *future_problem("sent_at", sent_at, now))


def future_problem(where: str, value: object, now: datetime) -> tuple[Problem, ...]:
    """Return the problem of a time that has not come yet, `GRACE` allowed for clocks that differ."""
    late = isinstance(value, str) and datetime.fromisoformat(value) > now + GRACE
    return (Problem(where, "in_future", {"value": str(value)}),) if late else ()
