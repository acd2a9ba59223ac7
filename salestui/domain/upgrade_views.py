"""What the upgrade screen draws: versions to choose from, and what each deal would meet under another one."""

from __future__ import annotations

from salestui.dataclass import dataclass

__all__ = ["UpgradeChoice", "UpgradeLine", "UpgradePage"]


@dataclass(frozen=True, slots=True)
class UpgradeChoice:
    """One installed version; `waiting` running deals of its playbook pin another one."""

    key: str
    version: int
    title: str
    waiting: int
    newest: bool


@dataclass(frozen=True, slots=True)
class UpgradeLine:
    """One running deal: the requirements unmet now and after; None where it stays as it is. `told` says why."""

    deal: int
    label: str
    stage: str
    owner: str
    version: int
    before: int
    after: int | None
    told: tuple[str, ...]
    movable: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class UpgradePage:
    """A version with all running deals of its playbook, and the campaigns that pin another version: number, name."""

    key: str
    version: int
    title: str
    lines: tuple[UpgradeLine, ...]
    campaigns: tuple[tuple[int, str], ...]

    @property
    def movable(self) -> tuple[UpgradeLine, ...]:
        """The deals that can be moved over."""
        return tuple(line for line in self.lines if line.movable)
