"""The agenda as its screen draws it: sections of rows, and the strip about the row under the cursor."""

from __future__ import annotations

from datetime import timedelta

from salestui.dataclass import dataclass
from salestui.domain.agenda import AgendaLine, Due
from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day, short_moment
from salestui.domain.views import AgendaKind, AgendaRow, AgendaSection, AgendaStripView, StageRef
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext, pgettext
from salestui.services import activities, agenda, cards, contacts, gate_views
from salestui.services.loading import load, team_of
from salestui.services.playbook_memo import PlaybookOf, remembered
from salestui.services.request import Call, Request, reads

_ORDER = tuple(AgendaKind)


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """The agenda at one instant, and the line behind each row."""

    sections: tuple[AgendaSection, ...]
    lines: dict[str, AgendaLine]
    counts: tuple[int, int, int]


def page(request: Request, owner: int | None, text: str = "") -> AgendaPage:
    """Return what is due for one person or (None) everybody, narrowed to rows that contain `text`.

    Cards whose kept figures a changed calendar or time has overtaken are judged anew first.
    """
    cards.bring_up_to_date(request)
    return _page(request, owner, text)


@reads
def _page(call: Call, owner: int | None, text: str) -> AgendaPage:
    team = team_of(call)
    found = agenda.due(call, owner=owner)
    lines = {key_of(line): line for line in found}
    playbook_of = remembered(call)
    sections = []
    for kind in _ORDER:
        rows = [_row(playbook_of, line, team) for line in found if line.section is kind and _fits(line, text)]
        if rows:
            day = team.today(call.now) + timedelta(days=1) if kind is AgendaKind.TOMORROW else None
            sections.append(AgendaSection(kind, len(rows), tuple(rows), day))
    return AgendaPage(tuple(sections), lines, agenda.counts(call, owner, found))


def key_of(line: AgendaLine) -> str:
    """Return what identifies a line."""
    return f"{line.kind.value}-{line.deal}-{line.activity}-{line.review}"


def _fits(line: AgendaLine, text: str) -> bool:
    said = f"{line.label} {line.what} {line.owner_name}".casefold()
    return all(word in said for word in text.casefold().split())


def _row(playbook_of: PlaybookOf, line: AgendaLine, team: TeamCalendar) -> AgendaRow:
    stage = playbook_of(line.playbook, line.playbook_version).stage(line.stage)
    return AgendaRow(
        key=key_of(line),
        deal_id=line.deal,
        when=_when(line, team),
        kind=kind_text(line.kind),
        name=line.label,
        what=line.what.removeprefix("《") if line.titled else line.what,
        grade=line.grade or None,
        amount=line.amount,
        titled=line.titled,
        stage=StageRef(stage.number, stage.short.get(language())),
        gate=line.gate,
    )


def kind_text(kind: Due) -> str:
    """Return the name of a kind of due thing."""
    names = {
        Due.SUMMARY: _("summary"),
        Due.FOLLOW_UP: _("step"),
        Due.SCORE: _("score"),
        Due.REVIEW: _("review"),
        Due.VOIDED: _("voided"),
        Due.CARE: _("care"),
        Due.CLOCK: _("deadline"),
        Due.FEEDBACK: _("feedback"),
        Due.CONTACT: pgettext("agenda", "contact"),
        Due.IDLE: pgettext("agenda", "idle"),
        Due.NEXT_STEP: _("next step"),
    }
    return names[kind]


def _when(line: AgendaLine, team: TeamCalendar) -> str:
    local = line.at.astimezone(team.zone)
    if line.section is AgendaKind.LATE:
        return _ago(-line.minutes)
    if line.section is AgendaKind.REVIEW:
        days = max(0, -line.minutes // 1440)
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if line.section is AgendaKind.NO_STEP:
        return "-"
    if line.section is AgendaKind.LATER:
        return short_day(local.date(), language())
    return pgettext("agenda", "any") if line.all_day else f"{local:%H:%M}"


def _ago(minutes: int) -> str:
    if minutes < 48 * 60:
        return f"+{max(1, minutes // 60)}h"
    days = minutes // 1440
    return ngettext("{n} day", "{n} days", days).format(n=days)


@reads
def strip(call: Call, line: AgendaLine) -> AgendaStripView:
    """Return what the row under the cursor is about."""
    loaded = load(call, line.deal)
    facts: list[tuple[str, str]] = []
    people = contacts.of(call, loaded.deal.customer)
    if people:
        who = "  ".join(part for part in (people[0].name, people[0].title, people[0].phone) if part)
        facts.append((_("who"), who))
    if line.activity:
        known = activities.get(call, line.activity)
        how = gate_views.channel(loaded.playbook, known.channel)
        facts.append((_("channel"), "  ".join(part for part in (how, known.subject) if part)))
        if known.outline:
            facts.append((_("outline"), " / ".join(known.outline.splitlines())))
        said = [str(known.values[key]) for key in ("pains", "wished_result") if known.values.get(key)]
        if said:
            facts.append((_("said"), " ".join(said).replace("\n", " ")))
    if line.gate.unmet:
        text = ngettext("{n} requirement is unmet", "{n} requirements are unmet", line.gate.unmet)
        facts.append((_("gate"), text.format(n=line.gate.unmet)))
    return AgendaStripView(name=line.label, what=line.what, urgent=_urgent(line, loaded.team), facts=tuple(facts[:6]))


def _urgent(line: AgendaLine, team: TeamCalendar) -> str:
    if not line.late:
        return ""
    due = short_moment(line.at, team.zone, language())
    return _("was due by {due}").format(due=due)
