"""What came of something, in words: moved, completed, refused and why."""

from __future__ import annotations

from collections.abc import Iterable

from salestui.domain.outcomes import Blocked, Completed, Conflict, Invalid, Moved, NotAllowed
from salestui.domain.playbook import Playbook
from salestui.domain.presence import Doing, Present
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services import refusals


def refusal_text(outcome: object) -> str:
    """Return why something was refused and what to do; raises TypeError for anything that is no refusal."""
    if isinstance(outcome, NotAllowed):
        return refusals.text(outcome)
    if isinstance(outcome, Conflict):
        return _("Somebody else changed it meanwhile; it was loaded again. Look, then try once more.")
    if isinstance(outcome, Invalid):
        count = len(outcome.problems)
        return ngettext("{n} thing is missing or wrong.", "{n} things are missing or wrong.", count).format(n=count)
    if isinstance(outcome, Blocked):
        count = len(outcome.report.unmet)
        return ngettext("{n} requirement is unmet.", "{n} requirements are unmet.", count).format(n=count)
    raise TypeError(f"not a refusal: {outcome!r}")


def moved_text(name: str, outcome: Moved | Completed, playbook: Playbook) -> str:
    """Return where a deal stands after a move."""
    if isinstance(outcome, Completed):
        return _("{name} has passed its last gate: completed.").format(name=name)
    stage = playbook.stage(outcome.target).short.get(language())
    if outcome.won:
        return _("{name} is won, and now in {stage}.").format(name=name, stage=stage)
    return _("{name} is now in {stage}.").format(name=name, stage=stage)


def marked_text(moved: int, blocked: int) -> str:
    """Return what came of moving several marked deals."""
    text = ngettext("{n} deal moved", "{n} deals moved", moved).format(n=moved)
    if not blocked:
        return text
    rest = ngettext("{n} stays: still marked, press g", "{n} stay: still marked, press g", blocked).format(n=blocked)
    return f"{text}; {rest}"


def changed_text(who: str, what: str) -> str:
    """Return that somebody else changed meanwhile what one has before oneself; `what` is his act in one line."""
    if not what:
        return _("{name} changed something here meanwhile.").format(name=who)
    return _("{name} meanwhile: {what}").format(name=who, what=what)


def present_text(present: Iterable[Present]) -> str:
    """Return who is at something, and whether they edit it; "" where nobody is."""
    said = [
        (_("{name} is editing") if each.doing is Doing.EDITING else _("{name} is looking")).format(name=each.name)
        for each in present
    ]
    return ("、" if language() == "zh" else ", ").join(said)
