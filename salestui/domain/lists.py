"""What lists of customers are made of: the classes of a campaign with their members, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from salestui.domain.playbook import CustomerClass
from salestui.domain.records import Kind, shown


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
