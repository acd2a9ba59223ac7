"""Who is asked in a role of a review, as the screens and the command line say it: by name, with deputies of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from salestui.domain.deputies import DeputyRecord
from salestui.domain.facts import VoteFact
from salestui.domain.records import User
from salestui.domain.sheets import ReviewRecord
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext

__all__ = ["asked", "for_absent", "voter", "waits"]

NAMED: Final = 2
"""How many holders of a role are named; of more than that everybody knows that it is several."""


def asked(review: ReviewRecord | None, role: str, staff: Iterable[User], deputies: Sequence[DeputyRecord]) -> str:
    """Return who is asked in a role: the one person named in it, else whoever holds it; "" where it is many.

    Somebody who is absent stands with his deputy of today.
    """
    named = review.asked_of(role) if review is not None else None
    if named is not None and named.user is not None:
        return _with_deputy(named.user, named.name, deputies)
    holders = [_with_deputy(user.id, user.name, deputies) for user in staff if user.active and role in user.roles]
    return _joined(holders) if len(holders) <= NAMED else ""


def _with_deputy(user: int, name: str, deputies: Sequence[DeputyRecord]) -> str:
    known = next((each for each in deputies if each.user == user), None)
    return _("{name} (deputy: {deputy})").format(name=name, deputy=known.deputy_name) if known else name


def _joined(names: Sequence[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(names)


def waits(who: str, since: datetime, now: datetime) -> str:
    """Return whose vote is awaited, and for how many days."""
    days = max(0, (now - since).days)
    if not days:
        return who or _("waiting")
    waited = ngettext("waits {n} day", "waits {n} days", days).format(n=days)
    return f"{who} {waited}".strip()


def voter(vote: VoteFact) -> str:
    """Return who voted; for whom, where it was a deputy, and for a recorded vote who wrote it down."""
    if vote.recorded_by:
        return _("{name} (by {by})").format(name=vote.name, by=vote.recorded_by)
    return f"{vote.name} {for_absent(vote.deputy_for)}".strip()


def for_absent(name: str) -> str:
    """Return for which absent person something is; "" for none."""
    return _("for {name}").format(name=name) if name else ""
