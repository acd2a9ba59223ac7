"""What others did meanwhile, for the screens that are open; one's own commands are left out by their ids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from salestui.domain.news import Happened, News
from salestui.domain.records import Event
from salestui.services import history
from salestui.services.request import Call, reads
from salestui.storage import deals as deal_rows
from salestui.storage import events as rows

__all__ = ["AT_ONCE", "last_change", "newest", "since", "told"]

AT_ONCE: Final = 200
"""So many events are listed; of more (an import, say) it is only told that there were more."""


@reads
def newest(call: Call) -> int:
    """Return the number of the newest event, from which on one is up to date."""
    return rows.newest()


@reads
def since(call: Call, event: int, own: Collection[str] = frozenset()) -> News:
    """Return what happened after event `event`, but for the commands with the ids in `own`."""
    found = rows.after(event, AT_ONCE + 1)
    upto = found[-1][0].event if found else event
    foreign = [(happened, deal) for happened, deal, command in found[-AT_ONCE:] if not command or command not in own]
    return News(upto, tuple(_touching(*each) for each in foreign), more=len(found) > AT_ONCE)


def _touching(happened: Happened, deal: int | None) -> Happened:
    """Add the deals that an event touches: its own, or those of the customer it is about."""
    if deal is not None:
        return replace(happened, deals=frozenset((deal,)))
    if happened.customer is None:
        return happened
    return replace(
        happened, deals=frozenset(deal_rows.ids_with(customer=happened.customer, campaign=happened.campaign))
    )


@reads
def told(call: Call, event: int, language: str) -> str:
    """Return an event in one line of the history, "" where it cannot be seen any more."""
    found: tuple[Event, ...] = history.events(call, limit=1, before=event + 1)
    if not found or found[0].id != event:
        return ""
    return history.lines(call, found, language)[0]


@reads
def last_change(call: Call, subject: str, language: str, deal: int | None = None) -> tuple[str, datetime | None, str]:
    """Return who changed last what has this shown id, when, and in one line what; of a deal all that concerns it."""
    number = rows.last_of(subject)
    if deal is not None:
        found = history.events(call, deal=deal, limit=1)
    else:
        found = history.events(call, limit=1, before=number + 1) if number else ()
    if not found:
        return "", None, ""
    return found[0].actor_name, found[0].at, history.lines(call, found, language)[0]
