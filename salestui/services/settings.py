"""The team's settings: time zone, working days, recorded votes, currency. They belong to the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from salestui.domain.fields import check
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.team import TeamSettings, zone_named
from salestui.domain.values import normalise
from salestui.services.request import Call, reads, writes
from salestui.storage import campaigns as campaign_rows
from salestui.storage import cards as card_rows
from salestui.storage import events as event_rows
from salestui.storage import settings as rows
from salestui.storage.store import Transaction

__all__ = ["change", "form_values", "initialise", "initialised", "settings_fields", "team", "version"]

SUBJECT = "settings"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_TEXTS = (
    Text("周一", "Monday"), Text("周二", "Tuesday"), Text("周三", "Wednesday"), Text("周四", "Thursday"),
    Text("周五", "Friday"), Text("周六", "Saturday"), Text("周日", "Sunday"),
)  # fmt: skip
_DAY = Field("date", FieldType.DATE, Text("日期", "Date"), required=True)
_FIELDS = (
    Field(
        "zone",
        FieldType.TEXT,
        Text("时区", "Time zone"),
        help=Text("按时区库里的名字填，今天从几点算起由它定", "An IANA name; it decides when a day begins"),
        example=Text("Asia/Shanghai", "Asia/Shanghai"),
        required=True,
    ),
    Field(
        "weekend",
        FieldType.CHOICES,
        Text("每周休息日", "Days off every week"),
        help=Text("按工作日算的期限会跳过这几天", "Deadlines in working days skip these"),
        choices=tuple(Choice(key, text) for key, text in zip(WEEKDAYS, _WEEKDAY_TEXTS, strict=True)),
    ),
    Field(
        "holidays",
        FieldType.TABLE,
        Text("节假日", "Holidays"),
        help=Text("法定节假日和公司放假，一天一行", "Public and company holidays, one day a line"),
        columns=(_DAY,),
    ),
    Field(
        "workdays",
        FieldType.TABLE,
        Text("调休上班日", "Make-up workdays"),
        help=Text("周末补班的日子，一天一行", "Days at weekends that are worked, one day a line"),
        columns=(_DAY,),
    ),
    Field(
        "recorded_votes",
        FieldType.YES_NO,
        Text("允许代录评审意见和例外", "Votes and exceptions may be recorded for others"),
        help=Text(
            "一个人用时打开：别人口头或书面同意，由本人代录并附依据。多人共用时关上，各投各的。",
            "On where one person works alone and records what others agreed to, with evidence. Off where all vote.",
        ),
        required=True,
    ),
    Field(
        "currency",
        FieldType.TEXT,
        Text("默认币种", "Currency"),
        help=Text("三个字母的代码，新建拓展活动时先填它", "The three-letter code that new campaigns start with"),
        example=Text("CNY", "CNY"),
        required=True,
    ),
    Field(
        "reps_see",
        FieldType.CHOICE,
        Text("销售能看到", "Reps see"),
        help=Text(
            "选「自己的」：看得到自己的单子、共享的拓展活动、请自己评审的；经理和管理员总是看得到全部",
            "Own: his deals, shared campaigns, and what he is to review; managers always see everything",
        ),
        required=True,
        choices=(Choice("all", Text("全部", "everything")), Choice("own", Text("自己的", "their own"))),
    ),
)  # fmt: skip


@reads
def team(call: Call) -> TeamSettings:
    """Return the team's settings."""
    return rows.load()


@reads
def initialised(call: Call) -> bool:
    """Tell whether every setting is stored."""
    return rows.stored().keys() >= rows.as_values(TeamSettings()).keys()


def settings_fields() -> tuple[Field, ...]:
    """Return the form of the settings."""
    return _FIELDS


@reads
def form_values(call: Call) -> dict[str, Any]:
    """Return the settings as values of their form."""
    values = rows.as_values(team(call))
    return {
        **values,
        "weekend": [WEEKDAYS[day] for day in values["weekend"]],
        "holidays": [{"date": day} for day in values["holidays"]],
        "workdays": [{"date": day} for day in values["workdays"]],
    }


def initialise(tx: Transaction, *, zone: str | None, shared: bool, currency: str = "CNY") -> None:
    """Store the settings not stored yet: an unknown zone becomes UTC; votes are recorded unless `shared`."""
    known = zone if zone and zone_named(zone) else "UTC"
    values = rows.as_values(TeamSettings(zone=known, recorded_votes=not shared, currency=currency))
    stored = rows.stored()
    new = {key: value for key, value in values.items() if key not in stored}
    if new:
        rows.save(new)
        tx.record("setting.changed", subject=SUBJECT, before=None, after=new)


@reads
def version(call: Call) -> int:
    """Return a number that grows with every change of the settings."""
    return event_rows.last_of(SUBJECT)


@writes
def change(
    tx: Transaction, values: Mapping[str, object], expected_version: int | None = None
) -> Done | NotAllowed | Invalid | Conflict:
    """Change the settings given, as values of their form. Only an administrator may."""
    code = refusal(tx.actor, Act.MANAGE_SETTINGS)
    if code:
        return NotAllowed(code)
    known = version(tx)
    if expected_version is not None and expected_version != known:
        return Conflict(SUBJECT, expected_version, known)
    current = form_values(tx)
    given, problems = normalise(_FIELDS, values)
    wanted = {**current, **{field.key: [] for field in _FIELDS if field.key in values}, **given}
    unread = {problem.where for problem in problems}
    problems += tuple(p for p in (*check(_FIELDS, wanted, today=date.min), *_misfits(wanted)) if p.where not in unread)
    if problems:
        return Invalid(problems)
    before = rows.as_values(team(tx))
    after = _stored(wanted)
    changed = {key: value for key, value in after.items() if value != before[key]}
    if changed:
        rows.save(changed)
        _judge_all_again()
        tx.record("setting.changed", subject=SUBJECT, before={key: before[key] for key in changed}, after=dict(changed))
    return Done(SUBJECT, 1, changed=bool(changed))


def _misfits(values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if values["zone"] and zone_named(str(values["zone"])) is None:
        problems.append(Problem("zone", "unknown_zone", {"value": values["zone"]}))
    if len(values["weekend"]) == len(WEEKDAYS):
        problems.append(Problem("weekend", "no_workday"))
    if values["currency"] and not is_currency(str(values["currency"])):
        problems.append(Problem("currency", "bad_currency", {"value": values["currency"]}))
    return problems


def is_currency(text: str) -> bool:
    """Tell whether a text has the form of an ISO 4217 code."""
    return bool(re.fullmatch("[A-Za-z]{3}", text))


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "zone": values["zone"],
        "weekend": sorted(WEEKDAYS.index(day) for day in values["weekend"]),
        "holidays": sorted({row["date"] for row in values["holidays"]}),
        "workdays": sorted({row["date"] for row in values["workdays"]}),
        "recorded_votes": values["recorded_votes"],
        "currency": str(values["currency"]).upper(),
        "reps_see": str(values["reps_see"]),
    }


def _judge_all_again() -> None:
    """Deadlines follow the calendar, so no kept judgement of a gate holds any more."""
    for campaign in campaign_rows.everyone():
        card_rows.mark_campaign_stale(campaign.id)
