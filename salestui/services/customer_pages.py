"""Customers as their screens show them: the list of all, and one with its people, deals, scores, talks and history."""

from __future__ import annotations

from collections.abc import Sequence

from salestui.dataclass import dataclass
from salestui.domain.facts import ScoreFact, Status
from salestui.domain.lists import CustomerFacts, CustomerLine
from salestui.domain.playbook import Playbook
from salestui.domain.records import Activity, Contact, Customer, Deal, Event
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import (
    activities,
    campaigns,
    contacts,
    customers,
    deals,
    history,
    playbooks,
    reason_texts,
    scores,
    users,
)
from salestui.services.gate_views import channel
from salestui.services.memberships import campaigns_of, membership
from salestui.services.playbook_memo import remembered
from salestui.services.request import Call, reads
from salestui.storage import customers as customer_rows
from salestui.storage import overviews as rows
from salestui.storage.words import words

__all__ = [
    "CampaignPlace", "CustomerPage", "CustomerWindow", "DealLine", "TalkLine", "facts", "name_of", "names", "page",
    "status_text", "window",
]  # fmt: skip

TALKS = 12
EVENTS = 30


@reads
def names(call: Call) -> tuple[str, ...]:
    """Return the names of all customers, for completing them."""
    return rows.customer_names()


@reads
def name_of(call: Call, customer: int) -> str:
    """Return the full name of a customer. Raises NotFound."""
    return customers.get(call, customer).name


@dataclass(frozen=True, slots=True)
class CustomerWindow:
    """The customers of a list by name from place `start` on, with what is told of each.

    `total` counts all customers, `count` those that the filter lets through; `place` is that of the one asked for.
    """

    total: int
    count: int
    start: int
    lines: tuple[tuple[CustomerLine, CustomerFacts], ...]
    place: int | None = None


@reads
def window(call: Call, text: str, start: int, stop: int, select: int | None = None) -> CustomerWindow:
    """Return the customers with every word of `text` in name, industry, region, owner or id.

    From place `start` to before `stop`, or around the customer `select` where that is among them.
    """
    wanted = words(text, [(user.id, user.name) for user in users.all(call)] if text.strip() else [])
    total = customer_rows.count_listed(())
    count = customer_rows.count_listed(wanted) if wanted else total
    place = customer_rows.place_of(wanted, select) if select is not None else None
    length = max(stop - start, 1)
    if place is not None and not start <= place < stop:
        start = place - length // 2
    start = max(min(start, count - length), 0)
    found = customer_rows.listed(wanted, start, start + length)
    told = facts(call, [line.id for line in found])
    return CustomerWindow(total, count, start, tuple((line, told[line.id]) for line in found), place)


@reads
def facts(call: Call, wanted: Sequence[int]) -> dict[int, CustomerFacts]:
    """Return what is told of the customers in sight, a few hundred at most."""
    books = {known.id: (known.playbook, known.playbook_version) for known in campaigns.all(call)}
    playbook_of = remembered(call)
    classes = {
        customer: class_title(playbook_of(*books[campaign]), key)
        for customer, (campaign, key) in rows.classes(wanted).items()
    }
    grades, counts, talks = rows.grades(wanted), rows.deal_counts(wanted), rows.last_talks(wanted)
    return {
        customer: CustomerFacts(
            grades.get(customer, ""), classes.get(customer, ""), *counts.get(customer, (0, 0)), talks.get(customer)
        )
        for customer in wanted
    }


def class_title(playbook: Playbook, key: str) -> str:
    """Return the name of a class; "" for none."""
    return next((each.title.get(language()) for each in playbook.classes if each.key == key), key)


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal of a customer: its stage by number and name, and its state in words where it is closed."""

    deal: Deal
    stage: str
    state: str


@dataclass(frozen=True, slots=True)
class CampaignPlace:
    """A customer in one campaign: its class with the reason, its scores (newest first) and the highest there can be."""

    campaign: int
    name: str
    classification: str
    reason: str
    scores: tuple[ScoreFact, ...]
    highest: int
    sorts: bool
    scored: bool


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A conversation with the customer, held or planned, and how it is held in words."""

    talk: Activity
    channel: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything the screen of one customer shows; `events` come with their one-line texts."""

    customer: Customer
    people: tuple[Contact, ...]
    deals: tuple[DealLine, ...]
    places: tuple[CampaignPlace, ...]
    talks: tuple[TalkLine, ...]
    events: tuple[tuple[Event, str], ...]

    @property
    def running(self) -> tuple[Deal, ...]:
        """The deals on the board, the newest first."""
        return tuple(line.deal for line in self.deals if line.deal.status in {Status.OPEN, Status.WON})


@reads
def page(call: Call, customer: int) -> CustomerPage:
    """Return the screen of a customer. Raises NotFound."""
    record = customers.get(call, customer)
    found = sorted(deals.listed(call, customer=customer), key=_running_first)
    events = history.events(call, customer=customer, limit=EVENTS)
    told = history.lines(call, events, language())
    return CustomerPage(
        customer=record,
        people=contacts.of(call, customer),
        deals=tuple(_deal_line(call, deal) for deal in found),
        places=tuple(_place(call, customer, campaign) for campaign in campaigns_of(call, customer)),
        talks=_talks(call, customer, found),
        events=tuple(zip(events, told, strict=True)),
    )


def _running_first(deal: Deal) -> tuple[bool, int]:
    return deal.status not in {Status.OPEN, Status.WON}, -deal.id


def _deal_line(call: Call, deal: Deal) -> DealLine:
    playbook = playbooks.get(call, deal.playbook, deal.playbook_version)
    stage = playbook.stage(deal.stage)
    return DealLine(deal, f"{stage.number} {stage.short.get(language())}", status_text(playbook, deal))


def status_text(playbook: Playbook, deal: Deal) -> str:
    """Return in words what has become of a deal; "" while it is open."""
    words = {
        Status.OPEN: "",
        Status.WON: _("won"),
        Status.COMPLETED: _("completed"),
        Status.LOST: _("lost"),
        Status.IN_CARE: _("in care"),
    }
    why = reason_texts.reason(playbook, deal) if deal.status in {Status.LOST, Status.IN_CARE} else ""
    return ": ".join(part for part in (words[deal.status], why) if part)


def _place(call: Call, customer: int, campaign: int) -> CampaignPlace:
    pushed = campaigns.get(call, campaign)
    playbook = playbooks.get(call, pushed.playbook, pushed.playbook_version)
    place = membership(call, customer, campaign)
    return CampaignPlace(
        campaign=campaign,
        name=pushed.name,
        classification=class_title(playbook, place.classification) if place.classification else "",
        reason=place.reason,
        scores=scores.history(call, customer, campaign),
        highest=playbook.scoring.highest if playbook.scoring else 0,
        sorts=bool(playbook.classes),
        scored=playbook.scoring is not None,
    )


def _talks(call: Call, customer: int, found: Sequence[Deal]) -> tuple[TalkLine, ...]:
    books = {deal.id: (deal.playbook, deal.playbook_version) for deal in found}
    shown = []
    for talk in activities.of_customer(call, customer, limit=TALKS):
        book = next((books[deal] for deal in talk.deals if deal in books), None)
        how = channel(playbooks.get(call, *book), talk.channel) if book else talk.channel
        shown.append(TalkLine(talk, how))
    return tuple(shown)
