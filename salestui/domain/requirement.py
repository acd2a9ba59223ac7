"""One thing that a gate asks: whether it is met, why not, and what fixes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain.facts import ExceptionFact
from salestui.domain.playbook import Holds


class State(StrEnum):
    """The state of a requirement."""

    MET = "met"
    UNMET = "unmet"
    EXCEPTED = "excepted"


class FixKind(StrEnum):
    """What mends an unmet requirement; the names are those of the machine contract."""

    FILL_OUTPUT = "fill_output"
    SCORE = "score"
    CLASSIFY = "classify"
    LOG_ACTIVITY = "log_activity"
    SEND_SUMMARY = "send_summary"
    DO_ACTION = "do_action"
    REQUEST_REVIEW = "request_review"
    VOTE = "vote"
    MARK_SENT = "mark_sent"
    FILL_CUSTOMER = "fill_customer"
    NONE = "none"


class Group(StrEnum):
    """Under which heading the deal screen lists a requirement."""

    OUTPUTS = "outputs"
    ACTIONS = "actions"
    TALKS = "talks"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a requirement: the kind, what it acts on (output, talk, action, review …), or why nothing helps."""

    kind: FixKind
    subject: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a gate.

    `key` is stable: exceptions name it. `code` and `params` say why it stands as it does; the texts live in
    `services.gate_texts`. `exception` is in force; `lapsed` is the last one where none is any more. `waiting`: only
    somebody else can go on. `hopeless`: the deal cannot pass as things are (grade C, "not now"). `changes_at` is the
    next instant (UTC) at which time alone may change the state.
    """

    key: str
    stage: str
    group: Group
    code: str
    met: bool
    holds: Holds = Holds.ALWAYS
    params: Mapping[str, object] = field(default_factory=dict)
    fix: Fix = Fix(FixKind.NONE)
    output: str = ""
    action: str = ""
    talk: int = 0
    exceptable: bool = True
    waiting: bool = False
    hopeless: bool = False
    changes_at: datetime | None = None
    exception: ExceptionFact | None = None
    lapsed: ExceptionFact | None = None

    @property
    def state(self) -> State:
        """Met, excepted (unmet, with an exception in force), or unmet."""
        if self.met:
            return State.MET
        return State.EXCEPTED if self.exception else State.UNMET
