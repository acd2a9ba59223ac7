"""Gathers one output of one deal as a document: filled in as a form, or living in talks, scores, lists and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from salestui.domain.documents import Document, Line, Section
from salestui.domain.facts import Revision
from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import MetBy, Scope
from salestui.domain.records import Kind, shown
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import classes, reviews
from salestui.services import output_rules as rules
from salestui.services.export_data import gather
from salestui.services.export_parts import CONTENT, files_section, form_parts, list_parts, sent_section, votes_grid
from salestui.services.output_rules import Spot
from salestui.services.request import Call, reads
from salestui.storage import outputs as rows

__all__ = ["document"]


@reads
def document(call: Call, deal: int, output: str, revision: int | None = None) -> Document | NotAllowed:
    """Return an output of a deal as a document, in the language in use.

    `revision` asks for an older one of a form; without it the current one is taken. Refused where nothing was
    submitted, scored, classified, talked or reviewed yet. Raises NotFound.
    """
    spot = rules.spot(call, deal, output)
    if spot.output.met_by is not None:
        if revision is not None:
            raise NotFound("revision", f"r{revision}")
        found = gather(call, spot)
        if found is None:
            return NotAllowed("nothing_to_export", {"output": output})
        return _document(spot, found.sections, author=found.author, at=found.at, about=found.about)
    wanted = _revision(call, spot, revision)
    if wanted is None:
        return NotAllowed("submit_first", {"output": output})
    return _document(
        spot,
        _form_sections(call, spot, wanted),
        author=wanted.author_name,
        at=wanted.at,
        about=f"r{wanted.number}",
        status=_status(spot, wanted),
    )


def _revision(call: Call, spot: Spot, number: int | None) -> Revision | None:
    if number is None:
        return spot.facts.revision
    history = rows.revisions(spot.row, call.store.files.exists) if spot.row else ()
    found = next((revision for revision in history if revision.number == number), None)
    if found is None:
        raise NotFound("revision", f"r{number}")
    return found


def _status(spot: Spot, revision: Revision) -> str:
    if revision.number != spot.latest:
        return _("replaced by r{latest}").format(latest=spot.latest)
    return _("withdrawn") if spot.facts.withdrawn else ""


def _form_sections(call: Call, spot: Spot, revision: Revision) -> tuple[Section, ...]:
    team, output = spot.loaded.team, spot.output
    sections = [Section(CONTENT, "", form_parts(output.fields, revision.values, team))]
    if _prints_lists(spot):
        lists = classes.classes_of(call, spot.deal.campaign)
        named = [each for each in lists if each.cls is not None]
        sections.append(Section("lists", _("Customers by class"), list_parts(named, team)))
    if rules.review_rule(spot.loaded.playbook, output.key):
        read = [each for each in reviews.of_output(call, spot.deal.id, output.key) if each.revision == revision.number]
        sections.append(Section("votes", _("Votes"), (votes_grid(read, spot.loaded.playbook, team),)))
    sent = spot.facts.sent if spot.facts.sent and spot.facts.sent.revision == revision.number else None
    sending = sent_section(output, sent, team)
    return (*sections, *((sending,) if sending else ()), files_section(revision.files))


def _prints_lists(spot: Spot) -> bool:
    """Tell whether the output is the report that names the campaign's lists (handbook A, stage 1)."""
    sorts = any(output.met_by is MetBy.CLASSIFICATION for output in spot.stage.outputs)
    return spot.output.owner is Scope.CAMPAIGN and sorts


def _document(
    spot: Spot, sections: Sequence[Section], *, author: str, at: datetime, about: str, status: str = ""
) -> Document:
    deal, output, playbook = spot.deal, spot.output, spot.loaded.playbook
    of_one_deal = output.owner is Scope.DEAL
    head = (
        Line("customer", _("Customer"), "" if output.owner is Scope.CAMPAIGN else deal.customer_name),
        Line("campaign", _("Campaign"), deal.campaign_name),
        Line("deal", _("Deal"), f"{shown(Kind.DEAL, deal.id)} {deal.title}".strip() if of_one_deal else ""),
        Line("owner", _("Owner"), deal.owner_name if of_one_deal else ""),
        Line("revision", _("Revision") if about.startswith("r") else _("No."), about),
        Line("author", _("Author"), author),
        Line("date", _("Date"), spot.loaded.team.today(at).isoformat()),
        Line("status", _("Status"), status),
        Line("stage", _("Stage"), f"{spot.stage.number} {spot.stage.title.get(language())}"),
        Line("playbook", _("Playbook"), playbook.title.get(language())),
    )
    return Document(output.title.get(language()), language(), author, at, head, tuple(sections))
