"""Says in the user's language what a requirement asks, why it stands as it does, and what mends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day
from salestui.domain.facts import ExceptionFact
from salestui.domain.playbook import Output, Playbook
from salestui.domain.requirement import FixKind, Requirement, State
from salestui.i18n import gettext as _
from salestui.i18n import language as current_language
from salestui.services.gate_reasons import Telling, title_of
from salestui.services.gate_reasons import why as reason


@dataclass(frozen=True, slots=True)
class RequirementText:
    """A requirement in words.

    `what` names it (`titled`: a document title, drawn in 《》 where Chinese); `why` says in a few words how it stands;
    `headline` and `detail` are the longer forms of the gate panel; `short` fits a one-row strip; `verb` is the fix;
    `handbook` says why the handbook asks, `source` where it does.
    """

    what: str
    why: str
    verb: str
    headline: str
    detail: str
    short: str
    titled: bool
    handbook: str
    source: str

    @property
    def line(self) -> str:
        """Everything in one line, for text output."""
        return f"{self.what}: {self.why}" if self.why else self.what


def describe(requirement: Requirement, playbook: Playbook, team: TeamCalendar, now: datetime) -> RequirementText:
    """Return a requirement in words, in the language in use."""
    telling = Telling(requirement, playbook, team, now, current_language())
    what, titled = _what(telling)
    why, detail = reason(telling)
    if requirement.state is State.EXCEPTED and requirement.exception is not None:
        exception = requirement.exception
        until = _last_day(exception, telling)
        name = exception.granted_by
        if exception.recorded_by:
            name = _("{name}, recorded by {recorder}").format(name=name, recorder=exception.recorded_by)
        why = _("exception by {name} until {day}").format(name=name, day=until)
        detail = _("{why}; reason: {reason}").format(why=why, reason=exception.reason)
    elif requirement.lapsed is not None and not requirement.met:
        ended = _last_day(requirement.lapsed, telling)
        name = requirement.lapsed.granted_by
        told = _("{why}; the exception by {name} ended on {day}")
        detail = told.format(why=detail or why, name=name, day=ended)
    named = f"《{what}》" if titled and telling.language == "zh" else what
    return RequirementText(
        what=what,
        why=why,
        verb="" if requirement.state is State.MET else verb(requirement),
        headline=_("{what}: {why}").format(what=named, why=why) if why and not requirement.action else named,
        detail=detail or (why if requirement.action else ""),
        short=_("{what} {why}").format(what=what, why=why) if why else what,
        titled=titled,
        handbook=_handbook(telling),
        source=_source(telling),
    )


def _last_day(exception: ExceptionFact, telling: Telling) -> str:
    """Return the last day on which an exception is in force, as the team counts days."""
    last = (exception.expires_at - timedelta(seconds=1)).astimezone(telling.team.zone).date()
    return short_day(last, telling.language)


def verb(requirement: Requirement) -> str:
    """Return what the jump to the fix is called."""
    verbs = {
        FixKind.FILL_OUTPUT: _("fill in"),
        FixKind.SCORE: _("score"),
        FixKind.CLASSIFY: _("classify"),
        FixKind.LOG_ACTIVITY: _("log"),
        FixKind.SEND_SUMMARY: _("send"),
        FixKind.DO_ACTION: _("tick"),
        FixKind.REQUEST_REVIEW: _("ask for review"),
        FixKind.VOTE: _("review"),
        FixKind.MARK_SENT: _("mark sent"),
        FixKind.FILL_CUSTOMER: _("complete"),
        FixKind.NONE: "",
    }
    return verbs[requirement.fix.kind]


def _what(telling: Telling) -> tuple[str, bool]:
    requirement, language = telling.requirement, telling.language
    if requirement.action:
        return telling.playbook.action(requirement.action)[1].title.get(language), False
    if requirement.code.startswith("summary_"):
        return _("Summary of the {day} talk").format(day=telling.day("at")), False
    if requirement.key.endswith(".grade.passes"):
        return _("Grade"), False
    output = telling.output
    if output is None:
        return requirement.key, False
    title, titled = title_of(output, language)
    part = _part(requirement, output)
    if not part:
        return title, titled
    return f"《{title}》{part}" if titled and language == "zh" else f"{title}, {part}", False


def _part(requirement: Requirement, output: Output) -> str:
    """Which side of an output is meant, where it is asked for more than its content."""
    if requirement.code == "class_passes":
        return _("result")
    if output.met_by is not None:
        return ""
    parts = {"approved": _("approval"), "sent": _("sending"), "order": _("order of signing"), "passes": _("result")}
    return parts.get(requirement.key.rpartition(".")[2], "")


def _handbook(telling: Telling) -> str:
    requirement, language = telling.requirement, telling.language
    if requirement.action:
        why = telling.playbook.action(requirement.action)[1].why.get(language)
    else:
        output = telling.output
        why = output.why.get(language) if output else ""
    return why or telling.playbook.stage(requirement.stage).goal.get(language)


def _source(telling: Telling) -> str:
    number = telling.playbook.stage(telling.requirement.stage).number
    return _("Handbook, stage {n}").format(n=number)
