"""What others did since one last looked: which deals, customers and campaigns their changes touch."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from salestui.dataclass import dataclass

__all__ = ["Happened", "News"]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of somebody else: `event` is its number in the history, `at` aware UTC, `action` such as deal.moved.

    `deals` are those it touches: its own, those of its customer, or (for a campaign's output) none by name.
    """

    event: int
    at: datetime
    actor: int
    who: str
    action: str
    subject: str
    customer: int | None
    campaign: int | None
    deals: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class News:
    """What happened up to event `upto`, oldest first; `more` says that there was too much to list it all."""

    upto: int
    events: tuple[Happened, ...] = ()
    more: bool = False
    deals: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "deals", frozenset().union(*(event.deals for event in self.events)))

    def __bool__(self) -> bool:
        return bool(self.events) or self.more

    def after(self, earlier: News | None) -> News:
        """Return this with what happened before it."""
        if earlier is None:
            return self
        return News(self.upto, (*earlier.events, *self.events), more=self.more or earlier.more)

    def of_kind(self, kind: str) -> bool:
        """Tell whether something of a kind happened: the part of the action before its dot, such as "user"."""
        return self.more or any(event.action.partition(".")[0] == kind for event in self.events)

    def about_deal(self, deal: int, customer: int | None = None, campaign: int | None = None) -> Happened | None:
        """Return the last thing that touches a deal: its own, its customer's, or an output of its campaign."""
        for event in reversed(self.events):
            if deal in event.deals:
                return event
            alone = not event.deals
            if alone and event.customer is not None and event.customer == customer:
                return event
            if alone and event.customer is None and event.campaign is not None and event.campaign == campaign:
                return event
        return None

    def about_customer(self, customer: int) -> Happened | None:
        """Return the last thing that touches a customer or one of its deals."""
        return next((event for event in reversed(self.events) if event.customer == customer), None)

    def about(self, subject: str) -> Happened | None:
        """Return the last thing that happened to what has this shown id."""
        return next((event for event in reversed(self.events) if event.subject == subject), None)
