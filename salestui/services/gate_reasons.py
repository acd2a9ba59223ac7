"""Why each requirement stands as it does, in words: one short reason, and a longer one where there is more to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.customer_events import kind_text
from salestui.domain.dates import short_day, short_moment
from salestui.domain.playbook import Field, Output, Playbook
from salestui.domain.requirement import Requirement
from salestui.i18n import gettext as _
from salestui.i18n import ngettext


@dataclass(frozen=True, slots=True)
class Telling:
    """One requirement to be told, with all that the words need."""

    requirement: Requirement
    playbook: Playbook
    team: TeamCalendar
    now: datetime
    language: str

    def param(self, name: str) -> object:
        """Return a parameter of the requirement's code."""
        return self.requirement.params.get(name)

    def moment(self, name: str) -> str:
        """Return a parameter that is an instant, in the team's time."""
        value = self.param(name)
        if not isinstance(value, str):
            return ""
        return short_moment(datetime.fromisoformat(value), self.team.zone, self.language)

    def day(self, name: str) -> str:
        """Return the day of a parameter that is a date or an instant."""
        value = self.param(name)
        if not isinstance(value, str):
            return ""
        moment = datetime.fromisoformat(value)
        return short_day(moment.astimezone(self.team.zone).date() if moment.tzinfo else moment.date(), self.language)

    def last_day(self, name: str) -> str:
        """The last day included before an exclusive instant."""
        value = self.param(name)
        if not isinstance(value, str):
            return ""
        moment = datetime.fromisoformat(value) - timedelta(seconds=1)
        return short_day(moment.astimezone(self.team.zone).date(), self.language)

    def roles(self, name: str) -> str:
        """Return the titles of the reviewer roles in a parameter."""
        keys = self.param(name)
        titles = [
            role.title.get(self.language)
            for key in (keys if isinstance(keys, tuple) else ())
            if (role := self.playbook.role(key)) is not None
        ]
        return _joined(titles, self.language)

    @property
    def output(self) -> Output | None:
        """The output that the requirement asks for."""
        key = self.requirement.output
        return self.playbook.output(key) if key else None

    def labels(self, keys: object, fields: Iterable[Field]) -> str:
        """Return the labels of these fields, shortened when there are many."""
        wanted = keys if isinstance(keys, tuple) else ()
        found = [field.label.get(self.language) for field in fields if field.key in wanted]
        if "files" in wanted:
            found.append(_("files"))
        if len(found) > 3:
            more = len(found) - 2
            return _joined(found[:2], self.language) + ngettext(" and {n} more", " and {n} more", more).format(n=more)
        return _joined(found, self.language)


def _joined(parts: list[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(parts)


def title_of(output: Output, language: str) -> tuple[str, bool]:
    """Return an output's title without 《》, and whether it has them."""
    title = output.title.get(language)
    bare = title.strip("《》") if title.startswith("《") and title.endswith("》") else title
    return bare, bare != title


def why(telling: Telling) -> tuple[str, str]:
    """Return (short reason, longer reason or "")."""
    code = telling.requirement.code
    for teller in (_output_why, _sent_why, _review_why, _score_why, _class_why, _talk_why, _action_why):
        told = teller(telling, code)
        if told is not None:
            return told
    return code, ""


def _output_why(telling: Telling, code: str) -> tuple[str, str] | None:
    output, params = telling.output, telling.requirement.params
    fields = output.fields if output else ()
    revision = params.get("revision")
    match code:
        case "output_complete":
            return _("r{n}, {day} {name}").format(n=revision, day=telling.day("at"), name=params.get("by")), ""
        case "output_missing":
            if params.get("draft"):
                return _("draft, not submitted"), _("A draft is there; finish and submit it. Drafts do not count.")
            labels = telling.labels(params.get("missing"), fields)
            return _("not written yet"), _("To fill in: {fields}").format(fields=labels) if labels else ""
        case "output_withdrawn":
            return _("withdrawn"), _("It was withdrawn; submit it anew.")
        case "output_file_missing":
            names = params.get("files")
            listed = ", ".join(names) if isinstance(names, tuple) else ""
            return _("r{n}: file gone").format(n=revision), _("No longer stored: {files}").format(files=listed)
        case "output_incomplete":
            labels = telling.labels(params.get("missing"), fields)
            return _("r{n} lacks {fields}").format(n=revision, fields=labels), ""
        case "output_expired":
            return _("r{n} expired {day}").format(n=revision, day=telling.last_day("until")), ""
        case "output_passes":
            return _("passes"), ""
        case "output_not_passing":
            labels = telling.labels(params.get("fields"), fields)
            long = _("{fields} in r{n} does not let the deal go on.").format(fields=labels, n=revision)
            return _("{fields} does not pass").format(fields=labels), long
    return None


def _sent_why(telling: Telling, code: str) -> tuple[str, str] | None:
    revision = telling.param("revision")
    match code:
        case "sent":
            return _("r{n} sent").format(n=revision), ""
        case "not_sent":
            if telling.param("approved"):
                return _("r{n} approved, not sent yet").format(n=revision), ""
            return _("r{n} not sent yet").format(n=revision), ""
        case "sent_nothing_yet":
            return _("nothing to send yet"), ""
        case "sent_needs_approval":
            return _("to be sent after approval"), _("It goes to the customer only after its internal approval.")
        case "signed_after_sent":
            return _("signed after sending"), ""
        case "signed_before_sent":
            long = _("Signed {signed}, sent {sent}: approve, then send, then sign.").format(
                signed=telling.day("signed"), sent=telling.day("sent")
            )
            return _("signed before it was sent"), long
    return None


def _review_why(telling: Telling, code: str) -> tuple[str, str] | None:
    params = telling.requirement.params
    revision = params.get("revision")
    match code:
        case "review_approved":
            return _("r{n} approved").format(n=revision), ""
        case "review_nothing_yet":
            of = title_of(telling.playbook.output(str(params["of"])), telling.language)[0]
            return _("nothing to review yet"), _('Submit "{of}" first.').format(of=of)
        case "review_not_requested":
            roles = telling.roles("roles")
            return _("r{n} not sent to review").format(n=revision), _("Needed: {roles}").format(roles=roles)
        case "review_outdated":
            long = _("r{old} was reviewed; r{n} is new and needs a review of its own.").format(
                old=params.get("reviewed"), n=revision
            )
            return _("r{n} not reviewed").format(n=revision), long
        case "review_refused":
            roles = telling.roles("refused")
            return _("{roles} did not approve r{n}").format(roles=roles, n=revision), _("Submit a new revision.")
        case "review_waiting":
            return _review_waiting(telling)
    return None


def _review_waiting(telling: Telling) -> tuple[str, str]:
    asked = datetime.fromisoformat(str(telling.param("requested_at")))
    days = max(0, (telling.now - asked).days)
    roles, revision = telling.roles("waiting_for"), telling.param("revision")
    waited = ngettext("{n} day", "{n} days", days).format(n=days)
    short = _("{roles} to sign r{n}, waiting {days}").format(roles=roles, n=revision, days=waited)
    approved = telling.roles("approved")
    sent = _("r{n} sent to review {at}").format(n=revision, at=telling.moment("requested_at"))
    if approved:
        return short, _("{sent}; {approved} approved, {roles} waiting for {days}").format(
            sent=sent, approved=approved, roles=roles, days=waited
        )
    return short, _("{sent}; {roles} waiting for {days}").format(sent=sent, roles=roles, days=waited)


def _score_why(telling: Telling, code: str) -> tuple[str, str] | None:
    params = telling.requirement.params
    match code:
        case "not_scored":
            return _("not scored yet"), ""
        case "score_fresh":
            fresh = _("{grade} {total}, {day}").format(
                grade=params["grade"], total=params["total"], day=telling.day("at")
            )
            return fresh, ""
        case "score_expired":
            return _score_expired(telling)
        case "grade_passes":
            return str(params["grade"]), ""
        case "no_grade":
            return _("no grade before the first score"), ""
        case "grade_cannot_pass":
            passing = params["passing"]
            allowed = _joined(list(passing), telling.language) if isinstance(passing, tuple) else ""
            long = _("Only {grades} go on. Score again when things have moved, or put it on the care list.").format(
                grades=allowed
            )
            return _("grade {grade} does not go on").format(grade=params["grade"]), long
    return None


def _score_expired(telling: Telling) -> tuple[str, str]:
    short = _("score expired {day}").format(day=telling.last_day("until"))
    if not telling.param("event"):
        return short, _("Score the customer again.")
    moved = kind_text(str(telling.param("event")), telling.language)
    long = _("Something moved at the customer on {day} ({what}): score again.")
    return short, long.format(day=telling.day("event_on"), what=moved)


def _class_why(telling: Telling, code: str) -> tuple[str, str] | None:
    found = telling.playbook.customer_class(str(telling.param("class") or ""))
    title = found.title.get(telling.language) if found else ""
    match code:
        case "not_classified":
            return _("not classified yet"), _("Put the customer on one of the campaign's lists, with a reason.")
        case "classified" | "class_passes":
            return title, ""
        case "class_needs_exception":
            return _('on the list "{title}"').format(title=title), _("Going on needs a manager's exception.")
        case "class_never_passes":
            long = _("Customers on this list do not go on. Classify again when things have changed.")
            return _('on the list "{title}"').format(title=title), long
    return None


def _talk_why(telling: Telling, code: str) -> tuple[str, str] | None:
    params, output = telling.requirement.params, telling.output
    match code:
        case "talk_missing":
            return _("no talk logged yet"), ""
        case "talk_incomplete":
            labels = telling.labels(params.get("missing"), output.fields if output else ())
            return _("{day} talk lacks {fields}").format(day=telling.day("at"), fields=labels), ""
        case "talk_complete":
            return telling.day("at"), ""
        case "summary_sent":
            return _("sent"), ""
        case "summary_sent_late":
            return _("sent late"), ""
        case "summary_missing":
            return _hours_left(telling)
        case "summary_late":
            return _hours_late(telling)
    return None


def _hours_left(telling: Telling) -> tuple[str, str]:
    due = datetime.fromisoformat(str(telling.param("due")))
    hours = max(0, int((due - telling.now).total_seconds() // 3600))
    left = ngettext("{n} hour left", "{n} hours left", hours).format(n=hours)
    return left, _("To be sent by {due}").format(due=telling.moment("due"))


def _hours_late(telling: Telling) -> tuple[str, str]:
    due = datetime.fromisoformat(str(telling.param("due")))
    hours = int((telling.now - due).total_seconds() // 3600)
    if hours < 48:
        late = ngettext("{n} hour late", "{n} hours late", hours).format(n=hours)
    else:
        late = ngettext("{n} day late", "{n} days late", hours // 24).format(n=hours // 24)
    return late, _("It was due by {due}; sent late still counts, and is recorded as late.").format(
        due=telling.moment("due")
    )


def _action_why(telling: Telling, code: str) -> tuple[str, str] | None:
    params = telling.requirement.params
    match code:
        case "action_done":
            return f"{telling.day('at')} {params.get('by')}", str(params.get("note") or "")
        case "action_met_by_data":
            return _("met by the data"), ""
        case "action_open":
            return _("not done"), ""
        case "action_needs_note":
            return _("needs a note"), ""
        case "action_data_missing":
            return _missing_data(telling), ""
    return None


def _missing_data(telling: Telling) -> str:
    params, playbook = telling.requirement.params, telling.playbook
    if params.get("output"):
        output = playbook.output(str(params["output"]))
        title = title_of(output, telling.language)[0]
        if params.get("field"):
            label = output.field(str(params["field"])).label.get(telling.language)
            return _("to be seen in {title}: {field}").format(title=title, field=label)
        return _("to be seen in {title}").format(title=title)
    sources = {
        "score": _("needs a fresh score"),
        "classification": _("not classified yet"),
        "talk": _("to be written in the talk"),
        "summary": _("summary not sent"),
        "customer": _("missing on the customer's card"),
        "follow_up": _("no next step planned"),
    }
    return sources.get(str(params["by"]), "")
