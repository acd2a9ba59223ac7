"""What a person who leaves has to hand over."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Leaving"]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What hangs on one person, by number.

    Deals that are not over (open, won, in care), planned conversations, customers, running campaigns, reviews that
    wait for his vote, each with the role, and the entries by which he is somebody's deputy.
    """

    deals: tuple[int, ...] = ()
    follow_ups: tuple[int, ...] = ()
    customers: tuple[int, ...] = ()
    campaigns: tuple[int, ...] = ()
    reviews: tuple[tuple[int, str], ...] = ()
    deputies: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many things there are."""
        parts = (self.deals, self.follow_ups, self.customers, self.campaigns, self.reviews, self.deputies)
        return sum(len(part) for part in parts)
