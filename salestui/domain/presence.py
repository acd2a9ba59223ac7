"""Who is at what just now: a person looks at a deal or a customer, or edits it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from salestui.dataclass import dataclass

__all__ = ["Doing", "Present", "at"]


class Doing(StrEnum):
    """What somebody does with what he has before him."""

    LOOKING = "looking"
    EDITING = "editing"


@dataclass(frozen=True, slots=True)
class Present:
    """Another session: user `user` called `name` has `subject` (a shown id such as D7) before him."""

    user: int
    name: str
    subject: str
    doing: Doing


def at(present: Iterable[Present], subject: str) -> tuple[Present, ...]:
    """Return who is at a subject, each person once; one who edits it in any session edits it."""
    found: dict[int, Present] = {}
    for each in present:
        if each.subject == subject and (each.user not in found or each.doing is Doing.EDITING):
            found[each.user] = each
    return tuple(sorted(found.values(), key=lambda each: (each.doing is not Doing.EDITING, each.name)))
