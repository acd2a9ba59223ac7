"""One line of a list of deals: what can be told of ten thousand of them at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from salestui.dataclass import dataclass
from salestui.domain.facts import Status
from salestui.domain.money import Money

if TYPE_CHECKING:
    from salestui.domain.views import GateSlot

__all__ = ["DealRow"]


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal with the figures that the board keeps of it; grade and gate are told of deals on the board only."""

    id: int
    title: str
    customer: int
    customer_name: str
    customer_label: str
    campaign: int
    campaign_name: str
    playbook: str
    playbook_version: int
    stage: str
    status: Status
    owner_name: str
    amount: Money | None
    expected_on: date | None
    version: int
    grade: str
    unmet: int
    waiting: bool
    excepted: int
    hopeless: bool

    @property
    def on_board(self) -> bool:
        """Whether the board shows it."""
        return self.status in {Status.OPEN, Status.WON}

    @property
    def gate(self) -> GateSlot | None:
        """What the corner of its card says about its gate; None for a closed deal."""
        from salestui.domain.views import GateSlot, GateState

        if not self.on_board:
            return None
        if self.unmet == 0:
            return GateSlot(GateState.EXCEPTION if self.excepted else GateState.READY)
        if self.hopeless:
            return GateSlot(GateState.CANNOT_PASS)
        return GateSlot(GateState.WAITING) if self.waiting else GateSlot(GateState.UNMET, self.unmet)
