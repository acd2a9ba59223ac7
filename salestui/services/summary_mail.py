"""Writes the e-mail that sums a talk up, from what was recorded of it: as text to copy, or as a message to send."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salestui import i18n
from salestui.domain.facts import FileFact
from salestui.domain.playbook import Field, Playbook, Text
from salestui.domain.records import Activity, Contact, Deal, Kind, shown
from salestui.domain.showing import show
from salestui.domain.text import clean_name
from salestui.errors import NotFound
from salestui.services import contacts, playbooks
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.services.talk_forms import talk_fields
from salestui.storage import activities as rows
from salestui.storage import deals as deal_rows

if TYPE_CHECKING:
    from email.headerregistry import Address

__all__ = ["as_eml", "summary_subject", "summary_text"]

_GREETING = Text("{names}，您好！", "Dear {names},")
_GREETING_SEVERAL = Text("{names}，各位好！", "Dear {names},")
_GREETING_ALL = Text("各位好！", "Dear all,")
_THANKS = Text(
    "感谢您 {when}抽时间与我们{how}。下面是我们的理解，请您过目；有出入的地方请直接告诉我。",
    "Thank you for your time {when} {how}. Here is what we understood; please tell me where we got it wrong.",
)
_PARTICIPANTS = Text("参加人：{people}", "Present: {people}")
_HOW = {
    "phone": Text("通电话", "on the phone"),
    "email": Text("邮件沟通", "by e-mail"),
    "visit": Text("面谈", "at our visit"),
    "video": Text("视频沟通", "in our video call"),
}
_HOW_ELSE = Text("联系", "")
_HEADINGS = {
    "pains": Text("目前的问题", "What troubles you today"),
    "wished_result": Text("希望达到的结果", "The result you wish for"),
    "purchase_timetable": Text("时间安排", "Your timetable"),
    "budget_range": Text("预算范围", "Budget"),
    "decision_roles": Text("参与决定的人和关注点", "Who takes part in the decision, and what matters to each"),
    "limits": Text("我们能做到的和做不到的", "What we can and what we cannot provide"),
}
_NOT_TOLD = frozenset({"channel", "at", "participants"})
_NEXT_STEPS = Text("接下来", "Next steps")
_NEXT_LINE = Text("{when}，我会再与您{how}。", "On {when} we will be in touch again {how}.")
_NEXT_OPEN = Text("下一步的时间请您定，我来配合。", "Please name a date for our next step; I will make it fit.")
_MATERIAL = Text("随信附上：{names}", "Attached: {names}")
_CLOSING = Text(
    "如有任何问题，请随时联系我。\n\n顺颂商祺\n{name}",
    "Please get in touch whenever you have a question.\n\nKind regards\n{name}",
)
_SUBJECT = Text("{when} 沟通纪要：{what}", "Summary of our talk on {when}: {what}")
_SUBJECT_PLAIN = Text("{when} 沟通纪要", "Summary of our talk on {when}")


def _day(moment: datetime, language: str) -> str:
    return f"{moment.month} 月 {moment.day} 日" if language == "zh" else f"{moment.day} {moment:%B}"


@reads
def summary_text(call: Call, activity: int, language: str, files: Sequence[Path] = ()) -> str:
    """Return a ready e-mail text for a talk; once its summary was sent, the text that went out. Raises NotFound."""
    talk = _talk(activity)
    if talk.summary is not None and talk.summary.get("text"):
        return str(talk.summary["text"])
    deal = next(deal_rows.many(talk.deals))
    playbook = playbooks.get(call, deal.playbook, deal.playbook_version)
    local = talk.at.astimezone(team_of(call).zone)
    parts = [
        _greeting(_addressed(call, talk), language),
        _opening(talk, local, language),
        *_understood(playbook, talk.values, language),
        _next_steps(call, deal, language),
    ]
    names = [path.name for path in files] or [file.name for file in rows.summary_files(activity, _present)]
    if names:
        parts.append(_MATERIAL.get(language).format(names=_listed(names, language)))
    parts.append(_CLOSING.get(language).format(name=call.actor.name))
    return "\n\n".join(part for part in parts if part)


def _present(_digest: str) -> bool:
    return True


def _talk(activity: int) -> Activity:
    talk = rows.get(activity)
    if talk is None:
        raise NotFound("activity", shown(Kind.ACTIVITY, activity))
    return talk


def _listed(names: Sequence[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def _addressed(call: Call, talk: Activity) -> tuple[Contact, ...]:
    """Return the customer's people who took part; all of them where none is named among the participants."""
    people = contacts.of(call, talk.customer)
    told = str(talk.values.get("participants", ""))
    return tuple(person for person in people if person.name and person.name in told) or people


def _greeting(people: Sequence[Contact], language: str) -> str:
    if not 0 < len(people) <= 3:
        return _GREETING_ALL.get(language)
    greeting = _GREETING if len(people) == 1 else _GREETING_SEVERAL
    return greeting.get(language).format(names=_listed([person.name for person in people], language))


def _opening(talk: Activity, local: datetime, language: str) -> str:
    how = _HOW.get(talk.channel, _HOW_ELSE).get(language)
    when = _day(local, language)
    lines = [_THANKS.get(language).format(when=when if language == "zh" else f"on {when}", how=how)]
    people = talk.values.get("participants")
    if people:
        lines.append(_PARTICIPANTS.get(language).format(people=people))
    return "\n".join(lines)


def _understood(playbook: Playbook, values: Mapping[str, object], language: str) -> list[str]:
    """Return one paragraph for each thing that was learned in the talk, in the order of the handbook."""
    found = []
    for field in talk_fields(playbook):
        if field.key in _NOT_TOLD:
            continue
        text = show(field, values.get(field.key), language).strip()
        if text:
            found.append(f"{_heading(field, language)}\n{text}")
    return [f"{number}. {paragraph}" for number, paragraph in enumerate(found, 1)]


def _heading(field: Field, language: str) -> str:
    return _HEADINGS.get(field.key, field.label).get(language)


def _next_steps(call: Call, deal: Deal, language: str) -> str:
    """Return when we plan to be in touch, the nearest first; what our own notes say about it stays with us."""
    planned = [a for a in reversed(rows.of_deal(deal.id)) if a.state == "planned" and a.at >= call.now][:5]
    heading = _NEXT_STEPS.get(language)
    if not planned:
        return f"{heading}\n{_NEXT_OPEN.get(language)}"
    zone = team_of(call).zone
    lines = []
    for activity in planned:
        local = activity.at.astimezone(zone)
        when = _day(local, language) + ("" if activity.all_day else f" {local:%H:%M}")
        how = _HOW.get(activity.channel, _HOW_ELSE).get(language)
        lines.append("- " + _NEXT_LINE.get(language).format(when=when, how=how).replace(" .", "."))
    return "\n".join([heading, *lines])


@reads
def summary_subject(call: Call, activity: int, language: str) -> str:
    """Return the subject line of the summary; raises NotFound."""
    talk = _talk(activity)
    when = _day(talk.at.astimezone(team_of(call).zone), language)
    if not talk.subject:
        return _SUBJECT_PLAIN.get(language).format(when=when)
    return _SUBJECT.get(language).format(when=when, what=talk.subject)


@reads
def as_eml(
    call: Call, activity: int, *, language: str | None = None, text: str | None = None, files: Sequence[Path] = ()
) -> bytes:
    """Return the summary as an RFC 5322 message that a mail program opens as a draft; raises NotFound.

    It goes to the contacts who took part, of those who have an e-mail address. `text` replaces the ready text;
    `files` are attached, else those that were stored with the summary.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, make_msgid

    chosen = language or i18n.language()
    talk = _talk(activity)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = clean_name(summary_subject(call, activity, chosen))
    message["Date"] = format_datetime(call.now)
    message["Message-ID"] = make_msgid(f"T{activity}", domain="salestui.invalid")
    message["X-Unsent"] = "1"
    recipients = [address for person in _addressed(call, talk) if (address := _address(person))]
    if recipients:
        message["To"] = recipients
    message.set_content((text or summary_text(call, activity, chosen, files)) + "\n", charset="utf-8")
    for name, content in _attachments(call, activity, files):
        kind, _encoding = mimetypes.guess_type(name)
        main, _slash, sub = (kind or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def _address(person: Contact) -> Address | None:
    """Return a contact's mail address, or None where what stands there is none."""
    from email.headerregistry import Address

    try:
        return Address(person.name, addr_spec=person.email.strip()) if person.email.strip() else None
    except (ValueError, IndexError):
        return None


def _attachments(call: Call, activity: int, files: Sequence[Path]) -> list[tuple[str, bytes]]:
    if files:
        return [_read(call, call.store.files.put(path)) for path in files]
    return [_read(call, file) for file in rows.summary_files(activity, call.store.files.exists) if file.present]


def _read(call: Call, file: FileFact) -> tuple[str, bytes]:
    with call.store.files.open(file.sha256) as content:
        return file.name, content.read()
