"""Says what differs between two playbooks, one line for each part, in the language in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from salestui.domain.playbook import Playbook
from salestui.domain.playbook_diff import Detail, Difference, Kind, Part
from salestui.domain.requirement import Requirement
from salestui.domain.upgrades import DealPreview, Obstacle, UpgradePreview
from salestui.i18n import gettext as _
from salestui.i18n import language, mark, ngettext
from salestui.services import playbooks
from salestui.services.gate_texts import describe
from salestui.services.loading import team_of
from salestui.services.playbook_life import PlaybookDiff
from salestui.services.request import Call, reads

__all__ = ["lines", "obstacle", "parts", "preview_lines", "preview_told", "properties"]

_SIGNS: Final = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~", Kind.MOVED: "~"}


def parts() -> Mapping[Part, str]:
    """Return the names of the parts of a playbook."""
    return {
        Part.PLAYBOOK: _("Playbook"),
        Part.STAGE: _("Stage"),
        Part.OUTPUT: _("Output"),
        Part.REVIEW: _("Review of"),
        Part.FIELD: _("Field"),
        Part.ACTION: _("Key action"),
        Part.SCORING: _("Scoring"),
        Part.CRITERION: _("Criterion"),
        Part.GRADE: _("Grade"),
        Part.CLASS: _("Class"),
        Part.SCENARIO: _("Scenario"),
        Part.ROLE: _("Reviewer role"),
        Part.LOST_REASON: _("Reason for losing"),
        Part.CARE_REASON: _("Reason for parking"),
        Part.CLOCK: _("Clock"),
    }


def properties() -> Mapping[str, str]:
    """Return the names of what a part is described by."""
    return {name: _(text) for name, text in _PROPERTIES.items()}


_PROPERTIES: Final = {
    "title": mark("title"),
    "short": mark("short title"),
    "goal": mark("goal"),
    "owners": mark("owners"),
    "guidance": mark("guidance"),
    "tip": mark("tip"),
    "why": mark("why"),
    "help": mark("help"),
    "example": mark("example"),
    "label": mark("label"),
    "meaning": mark("meaning"),
    "meanings": mark("meanings"),
    "consequence": mark("consequence"),
    "description": mark("description"),
    "source": mark("source document"),
    "text": mark("wording"),
    "derived": mark("derived"),
    "number": mark("place"),
    "stage": mark("stage"),
    "ageing_limit": mark("days without contact"),
    "win_probability": mark("win probability"),
    "passing_grades": mark("grades that pass"),
    "delivery": mark("delivery"),
    "retired": mark("retired"),
    "owner": mark("belongs to"),
    "holds": mark("is asked"),
    "files": mark("files"),
    "required_when": mark("required when"),
    "valid_for": mark("valid for"),
    "met_by": mark("met by"),
    "requires_sent": mark("only after sending"),
    "sent_before": mark("not before the sending"),
    "exceptable": mark("exceptions possible"),
    "optional": mark("optional"),
    "summary_within": mark("summary within"),
    "type": mark("type"),
    "required": mark("required"),
    "choices": mark("choices"),
    "passes": mark("answers that pass"),
    "min": mark("at least"),
    "max": mark("at most"),
    "decimals": mark("decimals"),
    "min_rows": mark("rows at least"),
    "rules": mark("rules"),
    "prefill": mark("filled in from"),
    "note_required": mark("note required"),
    "data": mark("met by the data"),
    "of": mark("reviewed output"),
    "roles": mark("roles"),
    "mode": mark("how many approve"),
    "one_person_many_roles": mark("several roles for one person"),
    "warnings": mark("warnings"),
    "evidence_required": mark("evidence required"),
    "weight": mark("weight"),
    "at_least": mark("from a total of"),
    "follow_up_days": mark("follow-up within days"),
    "verdict": mark("verdict"),
    "starts": mark("starts with"),
    "stops": mark("stops with"),
    "limit": mark("limit"),
    "types": mark("file types"),
}


def lines(found: PlaybookDiff) -> tuple[str, ...]:
    """Return the differences in words: what is asked first, then what is only worded otherwise."""
    asked = [difference for difference in found.differences if not difference.wording]
    worded = [difference for difference in found.differences if difference.wording]
    return tuple(_line(found, difference) for difference in (*asked, *worded))


def _line(found: PlaybookDiff, difference: Difference) -> str:
    book = found.old if difference.kind is Kind.REMOVED else found.new
    named = " ".join(part for part in (parts()[difference.part], _name(book, difference)) if part)
    line = f"{_SIGNS[difference.kind]} {named}{_where(book, difference)}"
    told = list(_told(difference))
    return _("{what}: {why}").format(what=line, why=("；" if language() == "zh" else "; ").join(told)) if told else line


def _name(book: Playbook, difference: Difference) -> str:
    title = difference.title.get(language())
    if difference.part is Part.PLAYBOOK or difference.part is Part.SCORING:
        return title
    key = ".".join(difference.path)
    return f"{title} ({key})" if title and title != key else key


def _where(book: Playbook, difference: Difference) -> str:
    """Say which stage asks for it; a stage says its number."""
    if not book.has_stage(difference.stage):
        return ""
    stage = book.stage(difference.stage)
    if difference.part is Part.STAGE:
        return f" #{stage.number}"
    return " · " + _("stage {n} {title}").format(n=stage.number, title=stage.short.get(language()))


def _told(difference: Difference) -> Iterator[str]:
    names = properties()
    for detail in difference.details:
        if not detail.wording:
            name = names.get(detail.name, detail.name)
            yield f"{name} {_shown(detail, detail.before)} → {_shown(detail, detail.after)}"
    worded = [names.get(detail.name, detail.name) for detail in difference.details if detail.wording]
    if worded:
        yield _("reworded: {names}").format(names=_joined(worded))


def _joined(words: list[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)


def _shown(detail: Detail, value: object) -> str:
    """Show a value: plain ones as they are, what has parts by its parts."""
    if value is None or value in ("", []):
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _joined([_shown(detail, part) for part in value])
    if isinstance(value, Mapping):
        return _mapping(detail, value)
    return _WORDS.get(str(value), lambda: str(value))() if isinstance(value, str) else str(value)


def _mapping(detail: Detail, value: Mapping[object, object]) -> str:
    if set(value) == {"zh", "en"}:
        return str(value[language()])
    if set(value) == {"count", "unit"}:
        n = int(str(value["count"]))
        return _UNITS[str(value["unit"])](n).format(n=n)
    if "text" in value:
        return str(value.get("key"))
    names = properties()
    given = [(str(key), part) for key, part in value.items() if part not in (None, "", [], ())]
    return _joined([f"{names.get(key, key)} {_shown(detail, part)}" for key, part in given])


_UNITS: Final[Mapping[str, Callable[[int], str]]] = {
    "hours": lambda n: ngettext("{n} hour", "{n} hours", n),
    "days": lambda n: ngettext("{n} day", "{n} days", n),
    "working_days": lambda n: ngettext("{n} working day", "{n} working days", n),
    "months": lambda n: ngettext("{n} month", "{n} months", n),
    "month_end": lambda n: ngettext("end of the month, {n} month on", "end of the month, {n} months on", n),
}
_WORDS: Final[Mapping[str, Callable[[], str]]] = {
    "until_won": lambda: _("until won"),
    "always": lambda: _("always"),
    "campaign": lambda: _("the campaign"),
    "customer_in_campaign": lambda: _("the customer in the campaign"),
    "customer": lambda: _("the customer"),
    "deal": lambda: _("the deal"),
    "all": lambda: _("all of them"),
    "any": lambda: _("any of them"),
    "sequence": lambda: _("all, one after the other"),
    "needs_exception": lambda: _("needs an exception"),
    "never": lambda: _("never"),
}


# Moving deals over


def obstacle(preview: DealPreview, version: int) -> str:
    """Say why a deal stays at the version it has; "" where nothing keeps it."""
    words = {
        Obstacle.CLOSED: _("not on the board; keeps its version"),
        Obstacle.SAME_VERSION: _("has version {version} already"),
        Obstacle.STAGE_MISSING: _("its stage {stage} is not in version {version}; move it on or back first"),
    }
    return words.get(preview.obstacle, "").format(version=version, stage=preview.deal.stage)


@reads
def preview_told(call: Call, preview: DealPreview, version: int) -> tuple[str, ...]:
    """Say what moving one deal over would change: what would block it, what is asked anew, what no more."""
    kept = obstacle(preview, version)
    if kept:
        return (kept,)
    deal, team = preview.deal, team_of(call)
    target, pinned = (
        playbooks.get(call, deal.playbook, version),
        playbooks.get(call, deal.playbook, deal.playbook_version),
    )

    def told(asked: Iterable[Requirement], playbook: Playbook) -> str:
        return _joined([describe(each, playbook, team, call.now).short for each in asked])

    anew = [requirement for requirement in preview.gained if requirement not in preview.blocked_by]
    said = (
        (_("would become blocked by {what}"), preview.blocked_by if preview.blocked else (), target),
        (_("would also lack {what}"), () if preview.blocked else preview.blocked_by, target),
        (_("asked anew: {what}"), anew, target),
        (_("no longer asked: {what}"), preview.lost, pinned),
    )
    found = [sentence.format(what=told(asked, playbook)) for sentence, asked, playbook in said if asked]
    if preview.freed:
        found.insert(0, _("its gate would open"))
    if preview.retired:
        found.append(_("its stage is retired there: it can leave, nobody follows"))
    return tuple(found) or (_("nothing changes for it"),)


@reads
def preview_lines(call: Call, found: UpgradePreview) -> tuple[str, ...]:
    """Say for every deal what moving it over would change."""
    n, blocked = len(found.movable), len(found.blocked)
    head = ngettext("{n} deal can be moved to {key} {version}", "{n} deals can be moved to {key} {version}", n)
    would = ngettext("{n} of them would become blocked", "{n} of them would become blocked", blocked)
    lines = [head.format(n=n, key=found.key, version=found.version) + "; " + would.format(n=blocked)]
    for preview in found.deals:
        deal = preview.deal
        gates = ""
        if preview.before and preview.after:
            gates = " " + _("{before} → {after} unmet").format(
                before=len(preview.before.unmet), after=len(preview.after.unmet)
            )
        lines.append(f"D{deal.id} {deal.customer_label} v{deal.playbook_version}{gates}")
        lines += [f"    {line}" for line in preview_told(call, preview, found.version)]
    return tuple(lines)
