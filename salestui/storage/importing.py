"""What an import looks up at once: the folded names of all customers, and who is in the campaign."""

from __future__ import annotations

from salestui.dataclass import dataclass
from salestui.storage import tables as t

__all__ = ["KnownName", "known_names", "members"]


@dataclass(frozen=True, slots=True)
class KnownName:
    """A customer's name, as written and in the two forms in which names are compared."""

    customer: int
    name: str
    name_key: str
    core_key: str


def known_names() -> tuple[KnownName, ...]:
    """Return the names of all customers, the oldest first."""
    c = t.Customer
    query = c.select(c.id, c.name, c.name_key, c.core_key).where(c.merged_into.is_null()).order_by(c.id)
    return tuple(KnownName(*row) for row in query.tuples())


def members(campaign: int) -> frozenset[int]:
    """Return the customers that are in a campaign."""
    query = t.Membership.select(t.Membership.customer).where(t.Membership.campaign == campaign)
    return frozenset(row[0] for row in query.tuples())
