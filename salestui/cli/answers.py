"""What a command answers: a JSON document and its text, or a refusal with the exit code of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Final

from salestui.cli.faults import Refused
from salestui.dataclass import dataclass
from salestui.domain.outcomes import Blocked, Conflict, Done, Invalid, NotAllowed
from salestui.i18n import gettext as _
from salestui.i18n import language

if TYPE_CHECKING:
    from salestui.domain.playbook import Field, Playbook
    from salestui.domain.problems import Problem

__all__ = ["BLOCKED", "CONFLICT", "FAILED", "NOT_ALLOWED", "Answer", "changed", "done", "invalid", "refused"]

FAILED: Final = 1
BLOCKED: Final = 3
NOT_ALLOWED: Final = 5
CONFLICT: Final = 6

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """A document for scripts and its text for people, which is made only when it is wanted."""

    document: Document
    text: Callable[[], str]
    exit_code: int = field(default=0)


def changed(outcome: Done, said: str) -> Answer:
    """Answer that something was made or changed; `said` is the sentence for people."""
    document: dict[str, object] = {"id": outcome.id, "version": outcome.version}
    if not outcome.changed:
        document["changed"] = False
    return Answer(document, lambda: said if outcome.changed else _("{id}: nothing to change.").format(id=outcome.id))


def done(outcome: object, *, fields: Sequence[Field] = (), playbook: Playbook | None = None) -> Done:
    """Return the outcome of a service when it is done; raises Refused for any other."""
    if isinstance(outcome, Done):
        return outcome
    raise refused(outcome, fields=fields, playbook=playbook)


def refused(
    outcome: object,
    *,
    fields: Sequence[Field] = (),
    playbook: Playbook | None = None,
    document: Document | None = None,
    told: str = "",
) -> Refused:
    """Return the refusal that an outcome is; `document` is added to its JSON answer."""
    match outcome:
        case NotAllowed():
            from salestui.services import refusals

            text = refusals.text(outcome, playbook)
            return Refused(outcome.code, text, NOT_ALLOWED, outcome.params, document, told)
        case Conflict():
            text = _("{id} was changed meanwhile: it is at {version}, not at {expected}. Read it again.").format(
                id=outcome.id, version=outcome.version, expected=outcome.expected
            )
            params = {"id": outcome.id, "expected": outcome.expected, "version": outcome.version}
            return Refused("conflict", text, CONFLICT, params, document, told)
        case Invalid():
            return invalid(outcome.problems, fields)
        case Blocked():
            unmet = [requirement.key for requirement in outcome.report.unmet]
            text = _("The gate is closed.")
            return Refused("blocked", text, BLOCKED, {"unmet": unmet}, document, told)
    raise TypeError(f"no outcome: {outcome!r}")


def invalid(problems: Sequence[Problem], fields: Sequence[Field] = ()) -> Refused:
    """Return the refusal of values that cannot be taken: every problem with its place, code and sentence."""
    from salestui.services.field_texts import problem_text

    told = [
        {"where": each.where, "code": each.code, "params": each.params, "text": problem_text(each, fields, language())}
        for each in problems
    ]
    return Refused("invalid", "\n".join(str(each["text"]) for each in told), FAILED, {"problems": told})
