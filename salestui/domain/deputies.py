"""Who votes for whom while somebody is absent, and until when."""

from __future__ import annotations

from datetime import date, datetime

from salestui.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class DeputyRecord:
    """A deputy of an absent person, from day `starts` to day `ends` of the team, both included.

    `ended_at` (UTC) is when it was ended before that, None where it was not.
    """

    id: int
    user: int
    user_name: str
    deputy: int
    deputy_name: str
    starts: date
    ends: date
    named_by: str
    ended_at: datetime | None
    version: int

    def in_force(self, day: date) -> bool:
        """Whether the deputy votes for the absent person on a day of the team."""
        return self.ended_at is None and self.starts <= day <= self.ends

    def over(self, day: date) -> bool:
        """Whether it lies behind."""
        return self.ended_at is not None or self.ends < day
