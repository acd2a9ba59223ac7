"""What moving running deals to another version of their playbook would mean for each of them."""

from __future__ import annotations

from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.gate import GateReport
from salestui.domain.records import Deal
from salestui.domain.requirement import Requirement

__all__ = ["DealPreview", "Obstacle", "UpgradePreview"]


class Obstacle(StrEnum):
    """Why a deal stays at the version it has."""

    NONE = ""
    SAME_VERSION = "same_version"
    CLOSED = "closed"
    STAGE_MISSING = "stage_missing"


@dataclass(frozen=True, slots=True)
class DealPreview:
    """One deal: its gate now and under the other version, None where there is none to ask.

    `retired`: its stage takes no more deals there. `place` is the number of its stage there, 0 where it is missing.
    """

    deal: Deal
    obstacle: Obstacle
    before: GateReport | None = None
    after: GateReport | None = None
    retired: bool = False
    place: int = 0

    @property
    def movable(self) -> bool:
        """Whether it can be moved over."""
        return self.obstacle is Obstacle.NONE

    @property
    def blocked(self) -> bool:
        """Whether its gate, open now, would be closed."""
        return bool(self.before and self.after and self.before.can_move and not self.after.can_move)

    @property
    def freed(self) -> bool:
        """Whether its gate, closed now, would be open."""
        return bool(self.before and self.after and self.after.can_move and not self.before.can_move)

    @property
    def blocked_by(self) -> tuple[Requirement, ...]:
        """What would be unmet and is not unmet now: asked anew, or judged otherwise."""
        known = {requirement.key for requirement in self.before.unmet} if self.before else set()
        return tuple(r for r in self.after.unmet if r.key not in known) if self.after else ()

    @property
    def gained(self) -> tuple[Requirement, ...]:
        """What would be asked and is not asked now, met or not."""
        return _only_in(self.after, self.before)

    @property
    def lost(self) -> tuple[Requirement, ...]:
        """What is asked now and would not be."""
        return _only_in(self.before, self.after)


def _only_in(one: GateReport | None, other: GateReport | None) -> tuple[Requirement, ...]:
    if one is None or other is None:
        return ()
    known = {requirement.key for requirement in other.requirements}
    return tuple(requirement for requirement in one.requirements if requirement.key not in known)


@dataclass(frozen=True, slots=True)
class UpgradePreview:
    """What moving deals of playbook `key` to `version` would do; it changes nothing."""

    key: str
    version: int
    deals: tuple[DealPreview, ...]

    @property
    def movable(self) -> tuple[DealPreview, ...]:
        """The deals that can be moved over."""
        return tuple(preview for preview in self.deals if preview.movable)

    @property
    def blocked(self) -> tuple[DealPreview, ...]:
        """The deals whose open gate would close."""
        return tuple(preview for preview in self.deals if preview.blocked)
