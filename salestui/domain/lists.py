"""What lists of customers are made of: the classes of a campaign with their members, and what a search finds."""

from __future__ import annotations

from datetime import datetime

from salestui.dataclass import dataclass
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
    """One customer in the list of all."""

    id: int
    label: str
    industry: str
    region: str
    owner: str


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What is told of a customer in sight: grade and class are those of the campaign that gave one last.

    `classification` is the class by name; `running` counts the deals on the board, `deals` all; `last_talk` is UTC.
    """

    grade: str = ""
    classification: str = ""
    running: int = 0
    deals: int = 0
    last_talk: datetime | None = None


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
