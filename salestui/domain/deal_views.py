"""What the deal screen draws: the stage rail, the one list of conditions, and the sections beside it.

As in `views`, names and values only; the words around them are the widgets' business.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from salestui.dataclass import dataclass
from salestui.domain.views import CheckState, GateSlot, StageRef, Tone

if TYPE_CHECKING:
    from datetime import date


class StageState(StrEnum):
    """Where a stage of the rail lies for one deal."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class RailStage:
    """One stage on a deal's rail: when it was entered (local day), days spent there, and the ageing limit in days.

    `idle` is how many days the deal has stood still, 0 while its stage allows that.
    """

    number: int
    title: str
    state: StageState
    entered: date | None = None
    days: int | None = None
    limit: int | None = None
    gate: GateSlot | None = None
    idle: int = 0


@dataclass(frozen=True, slots=True)
class Vote:
    """A reviewer role's state within a condition."""

    state: CheckState
    who: str


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition of a deal's gate.

    `key` identifies it towards the screen; `number` is its digit when unmet. `votes` stand before the detail. `folded`
    is the short form used when met rows of a group fold into one line. `warning` marks an exception in force.
    """

    key: str
    state: CheckState
    what: str
    titled: bool = False
    number: int | None = None
    revision: str = ""
    detail: str = ""
    votes: tuple[Vote, ...] = ()
    verb: str = ""
    folded: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions of one kind; `foldable` groups fold their met rows into one line when rows are scarce."""

    title: str
    done: int
    total: int
    rows: tuple[ConditionRow, ...]
    foldable: bool = False


@dataclass(frozen=True, slots=True)
class ConditionsView:
    """All conditions between a deal and its next stage, with the stage's goal and guidance around them.

    `talk` is the last talk, line by line, `talk_title` when and with whom it was. `to_stage` is None at the last gate.
    """

    goal: str = ""
    guidance: str = ""
    to_stage: StageRef | None = None
    unmet: int = 0
    met: int = 0
    groups: tuple[ConditionGroup, ...] = ()
    talk: tuple[str, ...] = ()
    talk_title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A text with its tone; `joined` sets it against the word before, without a gap."""

    text: str
    tone: Tone = Tone.NORMAL
    joined: bool = False


@dataclass(frozen=True, slots=True)
class SideRow:
    """One row of a side section: words at the section's columns, and one at the right edge; `key` is the screen's."""

    words: tuple[Word, ...]
    right: Word | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class SideSection:
    """A titled part of the side pane; `columns` are the cells where the words of its rows start.

    Without columns the words follow each other with `spread` cells between them. `more` is a (key, verb) at the right,
    `empty` the text and the (key, verb) pairs shown when there are no rows.
    """

    title: str
    rows: tuple[SideRow, ...] = ()
    columns: tuple[int, ...] = ()
    total: tuple[Word, ...] = ()
    more: tuple[str, str] | None = None
    empty: tuple[str, tuple[tuple[str, str], ...]] | None = None
    spread: int = 2
