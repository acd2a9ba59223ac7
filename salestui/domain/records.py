"""The things that are kept, as frozen records: what storage returns and services work with. Times are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.facts import FileFact, Status, Values
from salestui.domain.money import Money
from salestui.domain.people import Actor, Permission
from salestui.domain.playbook import Scope


class Kind(StrEnum):
    """Kinds of records and the letter that stands before their shown id."""

    DEAL = "D"
    CUSTOMER = "C"
    CAMPAIGN = "M"
    CONTACT = "P"
    ACTIVITY = "T"
    REVIEW = "R"
    EXCEPTION = "E"


def shown(kind: Kind, number: int) -> str:
    """Return the id that people and scripts see, such as D7."""
    return f"{kind.value}{number}"


def number_of(kind: Kind, text: str) -> int | None:
    """Return the number in a shown id of this kind ("D7" or "d7"), or None when it is none."""
    digits = text[1:] if text[:1].upper() == kind.value else text
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 15 else None


@dataclass(frozen=True, slots=True)
class User:
    """A person who may use the database; `roles` are reviewer roles of the playbooks."""

    id: int
    login: str
    name: str
    permission: Permission
    roles: frozenset[str]
    active: bool
    version: int

    def actor(self) -> Actor:
        """Return this user as the one who acts."""
        return Actor(self.id, self.login, self.name, self.permission, self.roles)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One push into a market; names one playbook version and owns the outputs of its first stage."""

    id: int
    name: str
    playbook: str
    playbook_version: int
    scenario: str
    market: str
    currency: str
    owner: int
    owner_name: str
    note: str
    closed: bool
    created_at: datetime
    version: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """A company. `size` is free text (staff, revenue); `merged_into` is reserved for merging doubles."""

    id: int
    name: str
    short_name: str
    industry: str
    region: str
    size: str
    website: str
    address: str
    source: str
    need: str
    note: str
    owner: int
    owner_name: str
    created_at: datetime
    merged_into: int | None
    version: int

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a customer, with buying role (free or a choice key) and stance."""

    id: int
    customer: int
    name: str
    title: str
    phone: str
    email: str
    role: str
    stance: str
    cares_about: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Membership:
    """A customer in a campaign: its class with the reason, kept apart from other campaigns."""

    id: int
    customer: int
    campaign: int
    classification: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Deal:
    """The card. `stage_since` is when it entered its stage; `won_at` stays when it is later completed."""

    id: int
    customer: int
    customer_name: str
    customer_label: str
    campaign: int
    campaign_name: str
    playbook: str
    playbook_version: int
    title: str
    stage: str
    status: Status
    owner: int
    owner_name: str
    amount: Money | None
    expected_on: date | None
    need: str
    source: str
    created_at: datetime
    stage_since: datetime
    won_at: datetime | None
    closed_at: datetime | None
    reason: str
    competitor: str
    note: str
    look_again_on: date | None
    cancelled: bool
    imported: bool
    version: int


class ActivityState(StrEnum):
    """Whether a conversation lies ahead, took place, or was called off."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Activity:
    """A conversation, planned (a follow-up, with its outline) or held (a talk, with the fields of the playbook).

    `at` is when it took place or is planned for (UTC); `all_day` planned ones name only the day. `deals` are the
    deals it serves, all of `customer`.
    """

    id: int
    customer: int
    deals: tuple[int, ...]
    state: ActivityState
    channel: str
    at: datetime
    all_day: bool
    subject: str
    outline: str
    values: Values
    owner: int
    owner_name: str
    author: int
    summary_sent_at: datetime | None
    summary: Values | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class OutputOwner:
    """To whom an output belongs: its scope and the id of the campaign, membership, customer or deal."""

    scope: Scope
    id: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has typed into an output's form and not yet submitted."""

    values: Values
    based_on: int
    at: datetime
    author: int
    author_name: str
    files: tuple[FileFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One change in the history: who, when (UTC), what, before and after."""

    id: int
    at: datetime
    actor: int
    actor_name: str
    action: str
    subject: str
    deal: int | None
    customer: int | None
    campaign: int | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    note: str
    command_id: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """What the board needs of one deal; the gate's figures are those kept when the deal's facts last changed.

    `gate_changes_at` (UTC): from then on the kept figures must be judged anew. `idle_at` (UTC): from then on the deal
    stands still for longer than its stage allows.
    """

    id: int
    label: str
    stage: str
    status: Status
    owner: int
    owner_name: str
    amount: Money | None
    grade: str
    score: int | None
    stage_since: datetime
    unmet: int
    met: int
    waiting: bool
    excepted: int
    hopeless: bool
    outputs_done: str
    actions_done: int
    actions_total: int
    next_at: datetime | None
    next_all_day: bool
    summary_due: datetime | None
    score_until: datetime | None
    last_touch: datetime | None
    gate_changes_at: datetime | None
    campaign: int
    version: int
    idle_at: datetime | None = None
