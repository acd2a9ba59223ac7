"""What a session waits for when its database keeps it waiting."""

from __future__ import annotations

from salestui.dataclass import dataclass

__all__ = ["HoldUp"]


@dataclass(frozen=True, slots=True)
class HoldUp:
    """Who has the database, as far as it is known: `holder` is a login or "", `pid` his process or 0.

    `away` is what is wrong where a server does not answer, "" where it does.
    """

    holder: str = ""
    pid: int = 0
    away: str = ""
