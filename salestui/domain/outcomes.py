"""What a service answers: expected outcomes are values, not exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from salestui.dataclass import dataclass
from salestui.domain.gate import GateReport
from salestui.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class Done:
    """It is done: the shown id of what was made or changed, its version now, and whether anything changed."""

    id: str
    version: int
    number: int = 0
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """The deal stands in another stage."""

    id: str
    version: int
    source: str
    target: str
    won: bool = False
    gate: GateReport | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """The deal passed its last gate."""

    id: str
    version: int
    source: str
    gate: GateReport | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gate is closed; `report` says what is missing."""

    report: GateReport


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed it since it was read: `expected` is the caller's version, `version` the one there now."""

    id: str
    expected: int
    version: int


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """This person may not do this: `code` says why (a key of the texts in `services.texts`), with its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """What was given cannot be taken; nothing was changed."""

    problems: tuple[Problem, ...]


Outcome = Done | Moved | Completed | Blocked | Conflict | NotAllowed | Invalid
Refused = Blocked | Conflict | NotAllowed | Invalid
