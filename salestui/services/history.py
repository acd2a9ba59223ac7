"""The history: what happened, who did it and when, page by page, each event in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from salestui.domain.history_views import EventFilter
from salestui.domain.playbook import Playbook
from salestui.domain.records import Event
from salestui.services import playbooks
from salestui.services.history_texts import describe
from salestui.services.request import Call, reads
from salestui.storage import campaigns as campaign_rows
from salestui.storage import deals as deal_rows
from salestui.storage import events as rows

__all__ = ["MOST", "describe", "events", "lines", "output_of", "place_of", "playbook_of"]

INSTALLED = "playbook.installed"
MOST = 1000
"""The most events of one page."""


@reads
def events(
    call: Call,
    *,
    deal: int | None = None,
    customer: int | None = None,
    campaign: int | None = None,
    user: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    action: str = "",
    text: str = "",
    limit: int = 100,
    before: int | None = None,
) -> tuple[Event, ...]:
    """Return events, newest first, that meet all conditions given; `text`: every word occurs somewhere in it.

    With `deal` also what concerns its customer, and what its campaign's outputs went through. `since` (inclusive) and
    `until` (exclusive) are aware; `action` is "deal.moved", or "deal" for all that begin so. `limit` is 1 to 1000;
    `before` is the id of the last event of the page before.
    """
    chosen = EventFilter(deal, customer, campaign, user, since, until, action, text)
    return rows.select(chosen, limit=max(1, min(limit, MOST)), before=before)


@reads
def playbook_of(call: Call, event: Event) -> Playbook | None:
    """Return the playbook whose titles an event is told in: that of its deal or campaign.

    An output of a customer belongs to neither: there it is the newest playbook that knows the output. None for others.
    """
    if event.action == INSTALLED:
        return playbooks.get(call, event.subject, int(str((event.after or {}).get("version") or 1)))
    if event.deal is not None:
        deal = next(deal_rows.many((event.deal,)), None)
        return playbooks.get(call, deal.playbook, deal.playbook_version) if deal else None
    campaign = campaign_rows.by_id(event.campaign) if event.campaign is not None else None
    if campaign is not None:
        return playbooks.get(call, campaign.playbook, campaign.playbook_version)
    output = output_of(event)
    known = (playbooks.get(call, version.key, version.version) for version in reversed(playbooks.installed(call)))
    return next((playbook for playbook in known if _knows(playbook, output)), None) if output else None


def output_of(event: Event) -> str:
    """Return the key of the output an event is about, or nothing."""
    return str((event.after or event.before or {}).get("output") or "")


def place_of(event: Event) -> tuple[object, ...]:
    """Return what decides which playbook an event is told in: events with the same place have the same."""
    version = (event.subject, str(event.after)) if event.action == INSTALLED else ()
    return event.deal, event.campaign, output_of(event), *version


def _knows(playbook: Playbook, output: str) -> bool:
    return any(known.key == output for _stage, known in playbook.outputs())


@reads
def lines(call: Call, found: Iterable[Event], language: str) -> tuple[str, ...]:
    """Return each event in one line, told by the playbook of its own deal or campaign."""
    known: dict[tuple[object, ...], Playbook | None] = {}
    told = []
    for event in found:
        place = place_of(event)
        if place not in known:
            known[place] = playbook_of(call, event)
        told.append(describe(event, known[place], language))
    return tuple(told)
