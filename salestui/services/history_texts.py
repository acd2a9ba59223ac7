"""Tells each event of the history in one line, with the titles of the playbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.customer_events import kind_text
from salestui.domain.dates import short_day
from salestui.domain.playbook import Playbook
from salestui.domain.records import Event
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.services.refusals import output_title, role_title
from salestui.services.requirement_titles import title_of

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Telling:
    """An event with what its words need."""

    event: Event
    playbook: Playbook | None
    language: str

    @property
    def after(self) -> Values:
        return self.event.after or {}

    @property
    def before(self) -> Values:
        return self.event.before or {}

    def known(self, key: str) -> object:
        """The value after the change, else before it."""
        return self.after.get(key, self.before.get(key))

    def word(self, key: str) -> str:
        value = self.known(key)
        return "" if value is None else str(value).strip().split("\n", 1)[0]

    @property
    def output(self) -> str:
        key = str(self.known("output") or self.event.subject.rsplit(".", 1)[-1])
        return output_title(key, self.playbook, self.language) if self.playbook else key

    @property
    def titled(self) -> dict[str, object]:
        """The output's title and revision, joined as the language joins them."""
        revision = self.known("revision") or 0
        joint = "" if self.output.endswith("》") else " "
        return {"output": f"{self.output}{joint}r{revision}", "title": self.output}

    @property
    def role(self) -> str:
        return role_title(self.word("role"), self.playbook, self.language)

    def roles(self) -> str:
        keys = self.known("roles")
        titles = [role_title(str(key), self.playbook, self.language) for key in keys] if isinstance(keys, list) else []
        return self.joined(titles)

    def joined(self, parts: list[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(parts)

    def stage(self, key: object) -> str:
        """A stage by number and short title, such as "5 谈判签约"."""
        if self.playbook is None or not self.playbook.has_stage(str(key)):
            return str(key or "")
        stage = self.playbook.stage(str(key))
        return f"{stage.number} {stage.short.get(self.language) or stage.title.get(self.language)}"

    @property
    def requirement(self) -> str:
        key = self.word("requirement")
        return title_of(key, self.playbook).get(self.language) if self.playbook else key

    def day(self, key: str) -> str:
        try:
            return short_day(date.fromisoformat(self.word(key)[:10]), self.language)
        except ValueError:
            return self.word(key)

    def reason(self) -> str:
        """The reason for losing or parking, by the playbook's title."""
        key = self.word("reason")
        reasons = (*self.playbook.lost_reasons, *self.playbook.care_reasons) if self.playbook else ()
        return next((reason.title.get(self.language) for reason in reasons if reason.key == key), key)

    def noted(self, line: str) -> str:
        """The line with the note behind it, if there is one."""
        note = self.event.note.strip().split("\n", 1)[0]
        return _("{what}: {why}").format(what=line, why=note) if note else line

    def fields(self) -> str:
        """What changed, by name."""
        names = field_names()
        return self.joined([names.get(key, key) for key in dict.fromkeys((*self.before, *self.after))])


def field_names() -> Mapping[str, str]:
    """Return the names of what an event's before and after may hold."""
    return {
        "title": _("title"),
        "amount_minor": _("amount"),
        "amount": _("amount"),
        "currency": _("currency"),
        "expected_on": _("expected signing"),
        "need": _("need"),
        "source": _("source"),
        "owner": _("owner"),
        "name": _("name"),
        "short_name": _("short name"),
        "industry": _("industry"),
        "region": _("region"),
        "size": _("size"),
        "website": _("website"),
        "address": _("address"),
        "note": _("note"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "role": _("role"),
        "roles": _("roles"),
        "stance": _("stance"),
        "cares_about": _("cares about"),
        "market": _("market"),
        "scenario": _("scenario"),
        "closed": _("closed"),
        "permission": _("permission"),
        "active": _("active"),
        "zone": _("time zone"),
        "weekend": _("weekend"),
        "holidays": _("holidays"),
        "workdays": _("make-up workdays"),
        "recorded_votes": _("recorded votes"),
        "reps_see": _("what reps see"),
        "shared": _("shared"),
        "at": _("time"),
        "all_day": _("time"),
        "subject": _("subject"),
        "channel": _("channel"),
        "outline": _("outline"),
        "values": _("content"),
        "summary": _("summary"),
        "files": _("files"),
        "deals": _("deals"),
        "deputy": _("deputy"),
        "starts": _("from"),
        "ends": _("until"),
    }


# Deals


def _moved(told: _Telling) -> str:
    target = told.stage(told.after.get("stage"))
    if told.after.get("cancelled"):
        return told.noted(_("Taken out of delivery, back to {stage}").format(stage=target))
    if _is_left(told):
        return told.noted(_("Moved back to {stage}").format(stage=target))
    if told.after.get("status") == "won":
        return _("Moved on to {stage}: won").format(stage=target)
    return _("Moved on to {stage}").format(stage=target)


def _is_left(told: _Telling) -> bool:
    source, target, playbook = told.before.get("stage"), told.after.get("stage"), told.playbook
    if playbook is None or not (playbook.has_stage(str(source)) and playbook.has_stage(str(target))):
        return bool(told.event.note)
    return playbook.stage(str(target)).number < playbook.stage(str(source)).number


def _lost(told: _Telling) -> str:
    line = _("Cancelled after winning: {reason}") if told.after.get("cancelled") else _("Lost: {reason}")
    line = line.format(reason=told.reason())
    competitor = told.word("competitor")
    return _("{what} (to {competitor})").format(what=line, competitor=competitor) if competitor else line


def _parked(told: _Telling) -> str:
    line = _("Put on the care list: {reason}").format(reason=told.reason())
    if told.after.get("look_again_on"):
        return _("{what}, to be looked at again on {day}").format(what=line, day=told.day("look_again_on"))
    return line


def _reassigned(told: _Telling) -> str:
    new, old = told.word("owner_name"), str(told.before.get("owner_name") or "")
    return _("Owner: {old} → {new}").format(old=old, new=new) if old else _("Owner now {new}").format(new=new)


def _action(told: _Telling) -> str:
    key = told.word("action")
    return title_of(f"-.{key}.done", told.playbook).get(told.language) if told.playbook else key


def _ticked(told: _Telling) -> str:
    line = _("Done: {action}").format(action=_action(told))
    note = told.word("note")
    return _("{what}: {why}").format(what=line, why=note) if note else line


def _upgraded(told: _Telling) -> str:
    versions = {"old": told.before.get("playbook_version"), "new": told.after.get("playbook_version")}
    return _("Playbook version: {old} → {new}").format(**versions)


# Outputs and reviews


def _withdrawn(told: _Telling) -> str:
    line = told.noted(_("Withdrew {output}").format(**told.titled))
    blocks = told.after.get("blocks")
    if isinstance(blocks, list) and blocks:
        return _("{what} (blocks {deals})").format(what=line, deals=told.joined([str(deal) for deal in blocks]))
    return line


def _restored(told: _Telling) -> str:
    return _("Restored r{old} of {title} as r{n}").format(
        old=told.word("restored_from"), title=told.output, n=told.word("revision")
    )


def _voted(told: _Telling) -> str:
    lines = {
        "approve": _("Review approved: {role}"),
        "reject": _("Review rejected: {role}"),
        "ask_change": _("Review asks for a change: {role}"),
    }
    line = lines.get(told.word("decision"), _("Review: {role}")).format(role=told.role)
    if told.after.get("deputy_for"):
        line = _("{what} (for {name})").format(what=line, name=told.word("deputy_for"))
    if told.after.get("recorded_by"):
        line = _("{what} ({name}, recorded by {by})").format(
            what=line, name=told.word("name"), by=told.word("recorded_by")
        )
    return told.noted(line)


def _requested(told: _Telling) -> str:
    return _("Asked for a review of {output}: {roles}").format(**told.titled, roles=told.roles())


def _asked_person(told: _Telling) -> str:
    words = {"role": told.role, "name": told.word("name"), **told.titled}
    return told.noted(_("Asked {name} to review {output}: {role}").format(**words))


def _deputy(told: _Telling) -> str:
    words = {key: told.word(key) for key in ("name", "deputy")} | {key: told.day(key) for key in ("starts", "ends")}
    if told.event.action == "deputy.ended":
        return _("{deputy} does not vote for {name} any more").format(**words)
    return _("{deputy} votes for {name} from {starts} to {ends}").format(**words)


def _granted(told: _Telling) -> str:
    words = {"requirement": told.requirement, "day": told.day("expires_on")}
    line = _("Exception until {day} for {requirement}").format(**words)
    if told.after.get("recorded_by"):
        line = _("{what} ({name}, recorded by {by})").format(
            what=line, name=told.word("granted_by"), by=told.word("recorded_by")
        )
    return told.noted(line)


# Customers, campaigns, talks, the rest


def _classified(told: _Telling) -> str:
    key = told.word("class")
    found = told.playbook.customer_class(key) if told.playbook else None
    line = _("Classified: {title}").format(title=found.title.get(told.language) if found else key)
    reason = told.word("reason")
    return _("{what}: {why}").format(what=line, why=reason) if reason else line


def _customer_moved(told: _Telling) -> str:
    what = kind_text(told.word("kind"), told.language)
    return told.noted(_("Something moved at the customer on {day}, {what}").format(day=told.day("on"), what=what))


def _scored(told: _Telling) -> str:
    if not told.word("grade"):
        return _("Scored {total}").format(total=told.word("total"))
    return _("Scored {total}, grade {grade}").format(total=told.word("total"), grade=told.word("grade"))


def _subject(told: _Telling) -> str:
    subject = told.word("subject")
    return f"{told.event.subject} {subject}" if subject else told.event.subject


def _summary_sent(told: _Telling) -> str:
    words = {"talk": told.event.subject}
    return (
        _("Sent the summary of {talk}, late") if told.after.get("late") else _("Sent the summary of {talk}")
    ).format(**words)


def _imported(told: _Telling) -> str:
    return _("Imported {file}: {created} created, {skipped} skipped, {rejected} rejected").format(
        **{key: told.word(key) for key in ("file", "created", "skipped", "rejected")}
    )


def _erased(told: _Telling) -> str:
    events = told.after.get("events")
    n = len(events) if isinstance(events, dict) else 0
    line = ngettext("Erased {person} from {n} event", "Erased {person} from {n} events", n)
    return told.noted(line.format(person=told.event.subject, n=n))


def _named(told: _Telling) -> str:
    return told.word("name") or told.event.subject


_LINES: Final[Mapping[str, Callable[[_Telling], str]]] = {
    "deal.created": lambda t: _("Created in {stage}").format(stage=t.stage(t.after.get("stage"))),
    "deal.moved": _moved,
    "deal.completed": lambda _told: _("Passed the last gate: completed"),
    "deal.lost": _lost,
    "deal.parked": _parked,
    "deal.reopened": lambda t: t.noted(_("Reopened in {stage}").format(stage=t.stage(t.after.get("stage")))),
    "deal.changed": lambda t: _("Changed: {fields}").format(fields=t.fields()),
    "deal.reassigned": _reassigned,
    "deal.upgraded": _upgraded,
    "action.ticked": _ticked,
    "action.unticked": lambda t: _("No longer done: {action}").format(action=_action(t)),
    "output.submitted": lambda t: _("Submitted {output}").format(**t.titled),
    "output.withdrawn": _withdrawn,
    "output.restored": _restored,
    "output.sent": lambda t: _("Sent to the customer: {output}").format(**t.titled),
    "review.requested": _requested,
    "review.voted": _voted,
    "review.recalled": lambda t: t.noted(_("Recalled the review of {output}").format(**t.titled)),
    "review.reassigned": _asked_person,
    "deputy.named": _deputy,
    "deputy.ended": _deputy,
    "exception.granted": _granted,
    "exception.revoked": lambda t: t.noted(_("Revoked the exception for {title}").format(title=t.requirement)),
    "customer.created": lambda t: _("New customer: {name}").format(name=_named(t)),
    "customer.changed": lambda t: _("Customer changed: {fields}").format(fields=t.fields()),
    "customer.classified": _classified,
    "customer.moved": _customer_moved,
    "contact.created": lambda t: _("New contact: {name}").format(name=_named(t)),
    "contact.changed": lambda t: _("Contact {id} changed: {fields}").format(id=t.event.subject, fields=t.fields()),
    "contact.removed": lambda t: _("Contact removed: {name}").format(name=_named(t)),
    "campaign.created": lambda t: _("New campaign: {name}").format(name=_named(t)),
    "campaign.changed": lambda t: _("Campaign changed: {fields}").format(fields=t.fields()),
    "campaign.upgraded": _upgraded,
    "score.recorded": _scored,
    "talk.logged": lambda t: _("Logged talk {talk}").format(talk=_subject(t)),
    "talk.changed": lambda t: _("Talk {talk} changed: {fields}").format(talk=t.event.subject, fields=t.fields()),
    "talk.summary_sent": _summary_sent,
    "activity.planned": lambda t: _("Planned {activity} for {day}").format(activity=_subject(t), day=t.day("at")),
    "activity.changed": lambda t: _("Plan {activity} changed: {fields}").format(
        activity=t.event.subject, fields=t.fields()
    ),
    "activity.cancelled": lambda t: t.noted(_("Called off {activity}").format(activity=_subject(t))),
    "user.added": lambda t: _("New user: {name}").format(name=_named(t)),
    "work.handed_over": lambda t: _("Work of {login} handed over to {name}").format(
        login=t.event.subject, name=_named(t)
    ),
    "user.changed": lambda t: _("User {login} changed: {fields}").format(login=t.event.subject, fields=t.fields()),
    "database.restored": lambda t: _("A backup was brought back: {at}").format(at=t.word("made_at")),
    "setting.changed": lambda t: _("Settings changed: {fields}").format(fields=t.fields()),
    "playbook.installed": lambda t: _("Installed playbook {key}, version {version}").format(
        key=t.playbook.title.get(t.language) if t.playbook else t.event.subject, version=t.word("version")
    ),
    "person.erased": _erased,
    "import.done": _imported,
}
ACTIONS: Final = frozenset(_LINES)
"""Every action of an event that has a line."""


def describe(event: Event, playbook: Playbook | None, language: str) -> str:
    """Return an event in one readable line; playbook titles in `language`, which is to be the language in use.

    Who and when are not in it: they stand beside it. Without a playbook keys stand for titles.
    """
    line = _LINES.get(event.action)
    return line(_Telling(event, playbook, language)) if line else event.action
