"""Small forms about the history: export it with its anchor, check it, erase a person from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.screens.exports import ExportForm
from salestui.screens.form import FormScreen
from salestui.services import customers, deals, erasure, history_check, history_export, users
from salestui.widgets.files import expand

__all__ = ["checked", "erase", "export"]

Values = Mapping[str, object]
Files = Sequence[Path]

_TO = Field(
    "to",
    FieldType.PERSON,
    Text("保存到", "Save to"),
    help=Text(
        "以 .jsonl 或 .csv 结尾；锚点写在里面或旁边", "It ends in .jsonl or .csv; the anchor goes in or beside it"
    ),
    example=Text("~/历史.jsonl", "~/history.jsonl"),
    required=True,
)
_SINCE = Field("since", FieldType.DATE, Text("从哪天起", "From"))
_UNTIL = Field("until", FieldType.DATE, Text("到哪天止", "Up to"), help=Text("含当天", "That day included"))
_ACTION = Field(
    "action",
    FieldType.TEXT,
    Text("动作", "Action"),
    help=Text("比如 deal.moved，或 deal 表示单子的全部", "Such as deal.moved, or deal for all about deals"),
)
_REPLACE = Field("replace", FieldType.YES_NO, Text("替换已有文件", "Replace"))
_REASON = Field(
    "reason",
    FieldType.LONG_TEXT,
    Text("原因", "Reason"),
    example=Text("11-18 来信要求删除", "Asked for it by letter of 18 Nov"),
    required=True,
)
_EVERYWHERE = Field(
    "everywhere",
    FieldType.YES_NO,
    Text("别的客户资料里也抹去", "Everywhere"),
    help=Text("同名的另一个人也会被抹去", "Another person of the same name would go too"),
)


async def export(desk: Desk, *, deal: int | None = None, customer: int | None = None) -> SalesScreen[Any]:
    """Return the form that exports the history, of a deal or customer where given; Done's `id` is the path."""
    people = await desk.ask(users.all)
    who = tuple(Choice(str(user.id), Text(user.name, user.name)) for user in people)
    person = Field("user", FieldType.CHOICE, Text("谁做的", "By whom"), choices=who)
    subject = ""
    if deal is not None:
        subject = (await desk.ask(deals.get, deal)).customer_label
    elif customer is not None:
        subject = (await desk.ask(customers.get, customer)).label

    async def save(values: Values, _files: Files) -> object:
        stored, invalid = screen.read(values)
        if invalid is not None:
            return invalid

        async def written() -> object:
            chosen = history_export.Filter(
                deal=deal,
                customer=customer,
                user=int(str(stored["user"])) if stored.get("user") else None,
                since=stored.get("since"),
                until=stored.get("until"),
                action=str(stored.get("action") or ""),
            )
            over = bool(stored.get("replace"))
            made = await desk.ask(history_export.export, expand(str(stored["to"])), chosen, replace=over)
            told = ngettext("{path}: {n} event.", "{path}: {n} events.", made.events)
            screen.notice(told.format(path=made.path, n=made.events))
            return Done(made.path, 1, made.events)

        return await screen.written(written)

    fields = (_TO, person, _SINCE, _UNTIL, _ACTION, _REPLACE)
    name = _("history-{day}.jsonl").format(day=desk.team.today(desk.now).isoformat())
    screen = ExportForm(desk, _("Export the history"), fields, save, subject=subject, values={"to": f"~/{name}"})
    return screen


async def checked(desk: Desk) -> str:
    """Verify the history; return what was found, in one sentence."""
    found = await desk.ask(history_check.check)
    if found.broken is not None:
        return history_check.sentence(found.broken)
    n = found.anchor.count
    return ngettext("{n} event, as it was written.", "{n} events, all as they were written.", n).format(n=n)


async def erase(desk: Desk, subject: str) -> SalesScreen[Any] | NotAllowed:
    """Return the form that erases a contact ("P4") or a customer's people ("C3"); it says first what will go."""
    planned = await desk.ask(erasure.plan, subject)
    if isinstance(planned, NotAllowed):
        return planned

    async def save(values: Values, _files: Files) -> object:
        everywhere = values.get("everywhere") in (True, "yes")
        return await desk.tell(erasure.erase, subject, str(values.get("reason") or ""), everywhere=everywhere)

    told = _("{names}: {rows} records and {events} events. It cannot be taken back.").format(
        names=", ".join(planned.names) or planned.subject, rows=len(planned.rows), events=len(planned.events)
    )
    elsewhere = len(planned.elsewhere)
    if elsewhere:
        more = ngettext(
            "The name stands in {n} place elsewhere.", "The name stands in {n} places elsewhere.", elsewhere
        )
        told = f"{told} {more.format(n=elsewhere)}"
    reason = replace(_REASON, help=Text(told, told))
    fields = (reason, _EVERYWHERE) if elsewhere else (reason,)
    return FormScreen(desk, _("Erase {person}").format(person=subject), fields, save)
