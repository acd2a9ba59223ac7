"""Whether the moves of deals hold up: each went through the one gate, or the history says who went past it and how.

The gate is judged by the program. Whoever may write to a server with other programs can move his own deal and tell it
as an ordinary move; what he cannot do is make the handbook's papers, approvals and exceptions have been there before.
So every move is held against what is left of that time. What was changed since, such as talks and fields, is not
judged again: a move that holds up here may still have been made by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.facts import Decision, Status
from salestui.domain.playbook import Holds, MetBy, Output, Playbook, ReviewMode, ReviewRule, Scope, Stage
from salestui.domain.records import Kind, shown
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import playbooks
from salestui.services.request import Call, reads
from salestui.storage import moves as rows
from salestui.storage.moves import Evidence, Place, Told

__all__ = ["Unproven", "check", "sentence"]

SKEW: Final = timedelta(minutes=5)
"""By how much the clock of whoever submitted something may have been ahead of the server's."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """A move that does not hold up: the event that tells it, of which deal, why, and which requirement or output.

    `past`: made past the program; the server told it. `created`: entered into a later stage. `no_gate`: it does not say
    what the gate saw. `skipped`: it left stages out. `no_exception`: no exception was in force for what it says was
    excepted. `no_paper`, `no_approval`, `no_score`: what the gate asks was not there.
    """

    event: int
    deal: int
    reason: str
    what: str = ""


@dataclass(slots=True)
class _Deal:
    """A deal as its events tell it so far."""

    number: int
    place: Place
    version: int
    stage: str = ""
    won: bool = False
    events: int = 0


@reads
def check(call: Call) -> tuple[Unproven, ...]:
    """Return the moves that do not hold up, of the deals that the person sees, in the order of the history."""
    known = rows.evidence()
    every = tuple(rows.told())
    return tuple(_judged(call, known, every))


def _judged(call: Call, known: Evidence, every: tuple[Told, ...]) -> Iterator[Unproven]:
    built: dict[tuple[str, int], Playbook | None] = {}
    deals = {number: _Deal(number, place, place.version) for number, place in known.deals.items()}
    for event in reversed(every):
        if event.action == "deal.upgraded" and event.deal in deals:
            before = event.before.get("playbook_version")
            deals[event.deal].version = before if isinstance(before, int) else deals[event.deal].version
    for event in every:
        if event.deal not in deals:
            continue
        deal = deals[event.deal]
        version = (deal.place.playbook, deal.version)
        if version not in built:
            built[version] = _playbook(call, *version)
        playbook = built[version]
        if playbook is None:
            continue
        found = next(_JUDGES[event.action](known, deal, playbook, event), None)
        if found is not None:
            yield Unproven(event.id, event.deal, *found)
        _follow(deal, event)


def _playbook(call: Call, key: str, version: int) -> Playbook | None:
    try:
        return playbooks.get(call, key, version)
    except NotFound:
        return None


Finding = tuple[str, str]


def _follow(deal: _Deal, event: Told) -> None:
    deal.events += 1
    stage, version, status = (event.after.get(key) for key in ("stage", "playbook_version", "status"))
    deal.stage = stage if isinstance(stage, str) else deal.stage
    deal.version = version if isinstance(version, int) else deal.version
    deal.won = status == Status.WON if isinstance(status, str) else deal.won


def _created(_known: Evidence, _deal: _Deal, playbook: Playbook, event: Told) -> Iterator[Finding]:
    if event.after.get("stage") != playbook.first_stage().key:
        yield "created", str(event.after.get("stage") or "")


def _past(known: Evidence, deal: _Deal, playbook: Playbook, event: Told) -> Iterator[Finding]:
    if not deal.events:
        yield from _created(known, deal, playbook, event)
    elif "stage" in event.after or event.after.get("status") in {Status.WON, Status.COMPLETED}:
        yield "past", str(event.after.get("stage") or event.after.get("status"))


def _moved(known: Evidence, deal: _Deal, playbook: Playbook, event: Told) -> Iterator[Finding]:
    target = str(event.after.get("stage") or "")
    if not (playbook.has_stage(deal.stage) and playbook.has_stage(target)):
        yield "skipped", target
        return
    if playbook.stage(target).number < playbook.stage(deal.stage).number:
        return
    following = playbook.next_stage(deal.stage)
    if following is None or following.key != target:
        yield "skipped", target
    yield from _gate(known, deal, playbook, event)


def _completed(known: Evidence, deal: _Deal, playbook: Playbook, event: Told) -> Iterator[Finding]:
    if event.after.get("imported") and deal.place.imported and deal.events == 1:
        return
    if not playbook.has_stage(deal.stage) or playbook.next_stage(deal.stage) is not None:
        yield "skipped", Status.COMPLETED.value
        return
    yield from _gate(known, deal, playbook, event)


def _gate(known: Evidence, deal: _Deal, playbook: Playbook, event: Told) -> Iterator[Finding]:
    """Hold what the event says of the gate against what was there."""
    seen = event.after.get("gate")
    if not isinstance(seen, Mapping) or not isinstance(seen.get("met"), int):
        yield "no_gate", ""
        return
    excepted = {str(key) for key in _excepted(seen)}
    granted = known.exceptions.get(event.deal, ())
    for key in sorted(excepted):
        if not any(name == key and since <= event.at + SKEW and until > event.at for name, since, until in granted):
            yield "no_exception", key
    for stage in playbook.asked_at(deal.stage):
        for output in stage.outputs:
            asked = output.required_when is None and not output.optional
            if asked and not (deal.won and output.holds is Holds.UNTIL_WON):
                yield from _output(known, deal, playbook, (stage, output, excepted, event.at + SKEW))


def _excepted(seen: Mapping[str, object]) -> list[object]:
    found = seen.get("excepted")
    return found if isinstance(found, list) else []


def _output(
    known: Evidence, deal: _Deal, playbook: Playbook, asked: tuple[Stage, Output, set[str], datetime]
) -> Iterator[Finding]:
    stage, output, excepted, at = asked
    prefix = f"{stage.key}.{output.key}."
    if any(key.startswith(prefix) for key in excepted):
        return
    rule = output.review
    if output.met_by is None and _latest(known, _paper(deal, output), at) == 0:
        yield "no_paper", output.key
    elif output.met_by is MetBy.SCORE and not any(when <= at for when in known.scores.get(deal.place.membership, ())):
        yield "no_score", output.key
    elif rule is not None and rule.required:
        reviewed = playbook.output(rule.of)
        if reviewed.required_when is None and not _approved(known, rule, _paper(deal, reviewed), at):
            yield "no_approval", rule.of


def _paper(deal: _Deal, output: Output) -> tuple[str, int, str]:
    place = deal.place
    owners = {
        Scope.DEAL: deal.number,
        Scope.CUSTOMER: place.customer,
        Scope.CAMPAIGN: place.campaign,
        Scope.CUSTOMER_IN_CAMPAIGN: place.membership,
    }
    return output.owner.value, owners[output.owner], output.key


def _latest(known: Evidence, paper: tuple[str, int, str], at: datetime) -> int:
    return max((number for number, when in known.papers.get(paper, ()) if when <= at), default=0)


def _approved(known: Evidence, rule: ReviewRule, paper: tuple[str, int, str], at: datetime) -> bool:
    """Whether the revision of that time had the approvals that the rule asks."""
    revisions = {number for number, when in known.papers.get(paper, ()) if when <= at}
    for review in known.reviews.get(paper, ()):
        if review.revision not in revisions or (review.recalled_at is not None and review.recalled_at <= at - 2 * SKEW):
            continue
        voted = {role: decision for role, decision, when in review.votes if when <= at}
        approved = {role for role, decision in voted.items() if decision == Decision.APPROVE}
        if approved.issuperset(rule.roles) or (rule.mode is ReviewMode.ANY and approved & set(rule.roles)):
            return True
    return False


_JUDGES: Final[Mapping[str, Callable[[Evidence, _Deal, Playbook, Told], Iterator[Finding]]]] = {
    "deal.created": _created,
    "deal.moved": _moved,
    "deal.completed": _completed,
    "deal.upgraded": lambda *_told: iter(()),
    "database.changed": _past,
}


def sentence(found: Unproven) -> str:
    """Say in the user's language which move does not hold up, and why."""
    sentences: Mapping[str, Callable[[], str]] = {
        "past": lambda: _("Event {id}: {deal} was moved past the program ({what})."),
        "created": lambda: _("Event {id}: {deal} was entered straight into a later stage ({what})."),
        "no_gate": lambda: _("Event {id}: the move of {deal} does not say what its gate saw."),
        "skipped": lambda: _("Event {id}: the move of {deal} leaves stages out ({what})."),
        "no_exception": lambda: _("Event {id}: {deal} moved by an exception that was not in force ({what})."),
        "no_paper": lambda: _("Event {id}: {deal} moved without an output that its gate asks ({what})."),
        "no_approval": lambda: _("Event {id}: {deal} moved without an approval that its gate asks ({what})."),
        "no_score": lambda: _("Event {id}: {deal} moved without a score ({what})."),
    }
    return sentences[found.reason]().format(id=found.event, deal=shown(Kind.DEAL, found.deal), what=found.what)
