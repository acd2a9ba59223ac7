"""Deals off the board: on the care list, lost, completed, each as one line."""

from __future__ import annotations

from datetime import date

from salestui.dataclass import dataclass
from salestui.domain.money import Money

__all__ = ["ClosedDeal", "ClosedLists"]


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """One deal that is not on the board.

    `closed_on` is the local day; `stage` is where it stood then, by its short title; `days` is how long it ran.
    `due` tells that the day to look again has come or passed. `reason` is the playbook's title of it.
    """

    id: int
    code: str
    name: str
    company: str
    campaign: str
    owner: int
    owner_name: str
    amount: Money | None
    stage: str
    closed_on: date | None
    days: int
    reason: str = ""
    competitor: str = ""
    note: str = ""
    look_again_on: date | None = None
    due: bool = False
    cancelled: bool = False
    imported: bool = False

    def says(self, words: tuple[str, ...]) -> bool:
        """Tell whether all these words (case-folded) stand in what is known of it."""
        said = (self.code, self.name, self.company, self.campaign, self.owner_name, self.reason, self.competitor)
        folded = " ".join((*said, self.note, self.stage)).casefold()
        return all(word in folded for word in words)


@dataclass(frozen=True, slots=True)
class ClosedLists:
    """The care list by the day to look again, and what was lost and completed, newest first."""

    care: tuple[ClosedDeal, ...] = ()
    lost: tuple[ClosedDeal, ...] = ()
    completed: tuple[ClosedDeal, ...] = ()
