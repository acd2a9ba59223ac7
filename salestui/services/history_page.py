"""The history as its screen shows it: page by page, searchable by what is read there, with the changed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from salestui.domain.history_views import HistoryLine, HistoryPage
from salestui.domain.playbook import Playbook
from salestui.domain.records import Event
from salestui.i18n import language
from salestui.services import history, playbooks
from salestui.services.history_changes import changes
from salestui.services.history_texts import describe
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.storage import campaigns as campaign_rows
from salestui.storage import customers as customer_rows
from salestui.storage import deals as deal_rows

__all__ = ["page"]

BATCH = 200
MOST_READ = 4000
"""How many events one page looks through at most for the lines that fit."""


@reads
def page(
    call: Call,
    *,
    deal: int | None = None,
    customer: int | None = None,
    user: int | None = None,
    text: str = "",
    before: int | None = None,
    most: int = BATCH,
) -> HistoryPage:
    """Return up to `most` lines and a few more, newest first, in which every word of `text` occurs.

    A word may stand in the line, in who did it, in what it concerns, or in the values it changed.
    """
    words = text.casefold().split()
    found: list[HistoryLine] = []
    read = 0
    telling = _Telling(call)
    while len(found) < most and read < MOST_READ:
        batch = history.events(call, deal=deal, customer=customer, user=user, limit=BATCH, before=before)
        read += len(batch)
        telling.know(batch)
        told = [(telling.line(event), event) for event in batch]
        found += [line for line, event in told if _fits(line, event, words)]
        before = batch[-1].id if len(batch) == BATCH else None
        if before is None:
            break
    return HistoryPage(tuple(found), before)


def _fits(line: HistoryLine, event: Event, words: Iterable[str]) -> bool:
    if not words:
        return True
    said = " ".join(
        (line.told, line.who, line.concerns, event.subject, event.note, str(event.before), str(event.after))
    )
    folded = said.casefold()
    return all(word in folded for word in words)


class _Telling:
    """Tells events with the names and playbooks of what they concern, each read once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._team = team_of(call)
        self._roles = {role.key: role.title.get(language()) for role in playbooks.reviewer_roles(call)}
        self._deals: dict[int, str] = {}
        self._customers: dict[int, str] = {}
        self._campaigns: dict[int, str] = {c.id: c.name for c in campaign_rows.everyone()}
        self._playbooks: dict[tuple[object, ...], Playbook | None] = {}

    def know(self, events: Iterable[Event]) -> None:
        """Read the names of the deals and customers of these events."""
        new = {event.deal for event in events if event.deal is not None} - self._deals.keys()
        self._deals |= {deal.id: deal.customer_label for deal in deal_rows.many(sorted(new))}
        others = {event.customer for event in events if event.customer is not None} - self._customers.keys()
        self._customers |= {customer.id: customer.label for customer in customer_rows.page(sorted(others))}

    def line(self, event: Event) -> HistoryLine:
        """Return one event as a line."""
        local = event.at.astimezone(self._team.zone)
        playbook = self._playbook(event)
        return HistoryLine(
            id=event.id,
            day=local.date(),
            at=local.time(),
            who=event.actor_name,
            concerns=self._concerns(event),
            told=describe(event, playbook, language()),
            changes=changes(event, playbook, self._team, self._roles),
            note=event.note.strip(),
            deal=event.deal if event.deal in self._deals else None,
            customer=event.customer if event.customer in self._customers else None,
        )

    def _playbook(self, event: Event) -> Playbook | None:
        place = history.place_of(event)
        if place not in self._playbooks:
            self._playbooks[place] = history.playbook_of(self._call, event)
        return self._playbooks[place]

    def _concerns(self, event: Event) -> str:
        names: tuple[tuple[int | None, Mapping[int, str]], ...] = (
            (event.deal, self._deals),
            (event.customer, self._customers),
            (event.campaign, self._campaigns),
        )
        return next((known[number] for number, known in names if number is not None and number in known), "")
