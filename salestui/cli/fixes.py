"""The fix of an unmet requirement as commands: how to learn what is needed, and how to give it."""

from __future__ import annotations

from salestui.domain.records import Deal, Kind, shown
from salestui.domain.requirement import Fix, FixKind, Requirement

__all__ = ["command", "fix_document"]

Words = list[str]
_ASKS = ["--json"]
_GIVES = ["--json", "--data", "-"]


def fix_document(requirement: Requirement, deal: Deal) -> dict[str, object]:
    """Return the fix of a requirement as salestui.gate/1 holds it; of a met one there is none."""
    fix = Fix(FixKind.NONE, reason="met") if requirement.met else requirement.fix
    words = None if requirement.met else _commands(requirement, deal)
    document: dict[str, object] = {
        "kind": fix.kind.value,
        "subject": dict(fix.subject),
        "template": None if words is None else [*words[0], *_ASKS],
        "argv": None if words is None else [*words[1], *_GIVES],
    }
    if fix.kind is FixKind.NONE:
        document["reason"] = fix.reason or "none"
    return document


def command(requirement: Requirement, deal: Deal) -> str:
    """Return the command line that mends a requirement, "" where none does."""
    import shlex

    words = None if requirement.met else _commands(requirement, deal)
    return shlex.join(["salestui", *words[1], *_GIVES]) if words else ""


def _commands(requirement: Requirement, deal: Deal) -> tuple[Words, Words] | None:
    """Return the words that tell what is needed, and those that give it; None where no command helps."""
    name, subject = shown(Kind.DEAL, deal.id), requirement.fix.subject
    match requirement.fix.kind:
        case FixKind.FILL_OUTPUT:
            return _both("output", "set", name, subject["output"])
        case FixKind.SCORE:
            return _both("score", "set", name)
        case FixKind.CLASSIFY:
            return _both("classify", "set", name)
        case FixKind.LOG_ACTIVITY:
            return _log(name, subject.get("talk", ""), planned=subject.get("state") == "planned")
        case FixKind.SEND_SUMMARY:
            return _both("summary", "send", subject["talk"])
        case FixKind.DO_ACTION:
            return _both("check", "tick", name, subject["action"])
        case FixKind.REQUEST_REVIEW:
            return _both("review", "ask", name, subject["output"])
        case FixKind.VOTE:
            return _both("review", "vote", subject["review"])
        case FixKind.MARK_SENT:
            template = ["output", "template", name, subject["output"], "--for", "sent"]
            return template, ["output", "sent", name, subject["output"]]
        case FixKind.FILL_CUSTOMER:
            customer = shown(Kind.CUSTOMER, deal.customer)
            return ["customer", "template", customer, "--field", subject["field"]], ["customer", "change", customer]
    return None


def _both(group: str, giving: str, *about: str) -> tuple[Words, Words]:
    return [group, "template", *about], [group, giving, *about]


def _log(deal: str, talk: str, *, planned: bool) -> tuple[Words, Words]:
    if planned:
        return ["log", "template", deal, "--planned"], ["log", "plan", deal]
    about = [deal, "--talk", talk] if talk else [deal]
    return _both("log", "add", *about)
