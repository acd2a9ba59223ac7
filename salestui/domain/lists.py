"""What lists of customers are made of: the classes of a campaign with their members, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from salestui.domain.money import Money
from salestui.domain.playbook import CustomerClass
from salestui.domain.records import Campaign, Kind, shown


@dataclass(frozen=True, slots=True)
class ClassMember:
    """A customer in a campaign with its class and the reason; `at` and `by_name` are unset before it has a class."""

    customer: int
    name: str
    label: str
    classification: str
    reason: str
    at: datetime | None
    by_name: str
    version: int


@dataclass(frozen=True, slots=True)
class ClassList:
    """One list of a campaign (handbook A, stage 1); `cls` is None for the customers without a class."""

    cls: CustomerClass | None
    members: tuple[ClassMember, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something a search found: a deal, customer or contact, with the customer it belongs to."""

    kind: Kind
    id: int
    title: str
    detail: str
    customer: int

    @property
    def shown_id(self) -> str:
        """The id that people see, such as C3."""
        return shown(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One customer in the list of all: grade and class are those of the campaign that gave one last.

    `running` counts its deals on the board, `deals` all of them; `last_talk` is UTC; `searched` is everything a filter
    looks in, folded.
    """

    id: int
    label: str
    industry: str
    region: str
    owner: str
    grade: str
    classification: str
    campaign: int | None
    running: int
    deals: int
    last_talk: datetime | None
    searched: str


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign in the list of all: its handbook and scenario by name, its deals on the board, and their sum.

    The sum is of the campaign's own currency. `outputs` are (done, asked) of those that belong to the campaign.
    """

    campaign: Campaign
    playbook: str
    scenario: str
    running: int
    total: Money | None
    customers: int
    outputs: tuple[int, int]
