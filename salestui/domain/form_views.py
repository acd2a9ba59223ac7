"""What forms and the scorecard draw, as frozen data: attached files, clues, and everything about a score at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from salestui.dataclass import dataclass
from salestui.domain.playbook import Scoring


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that belongs to a form: its name, size in bytes, and the local day it was attached."""

    name: str
    size: int
    added: date | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """Something known elsewhere that helps with a field: its text, and a value to take over (None: only to read)."""

    text: str
    value: object = None


@dataclass(frozen=True, slots=True)
class PastScore:
    """An earlier score: its local day, who gave it, its total and grade, and the value per criterion."""

    day: date
    who: str
    total: int
    grade: str
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradeRequirement:
    """What a grade will ask for once saved: a text, and whether it is done already (None: a standing duty)."""

    text: str
    done: bool | None = None
    note: str = ""
    titled: bool = False


@dataclass(frozen=True, slots=True)
class GradeOutlook:
    """What one grade brings: whether it may pass the gate, and what it then asks."""

    grade: str
    passes: bool
    requirements: tuple[GradeRequirement, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """A scorecard to be filled: the playbook's scoring, what is known, and what each grade would bring.

    `values` and `evidence` are those of a draft; `history` is newest first and its first entry is "last time".
    `valid_until` is the local day the last score expires (or expired). `validity` says in words how long one holds.
    """

    scoring: Scoring
    today: date
    values: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    last_evidence: Mapping[str, str] = field(default_factory=dict)
    history: tuple[PastScore, ...] = ()
    valid_until: date | None = None
    validity: str = ""
    outlooks: tuple[GradeOutlook, ...] = ()

    @property
    def last(self) -> PastScore | None:
        """The score before this one, or None."""
        return self.history[0] if self.history else None

    def outlook(self, grade: str) -> GradeOutlook | None:
        """Return what `grade` brings, or None where nothing is known."""
        return next((outlook for outlook in self.outlooks if outlook.grade == grade), None)
