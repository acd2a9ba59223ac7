"""Saves what was changed in a form and nothing else, so that people who change different fields all get theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime

from salestui.dataclass import dataclass
from salestui.i18n import language
from salestui.screens.desk import Desk
from salestui.services import live

__all__ = ["Changes", "Fresh", "Standing", "standing"]

Tell = Callable[[dict[str, object], int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a form changes as it stands now: its values for the form, its version, who changed it last and when.

    `values` is empty for a form that asks none of the record's own fields; `done` says in one line what was done.
    """

    version: int
    values: Mapping[str, object] = field(default_factory=dict)
    who: str = ""
    at: datetime | None = None
    done: str = ""


Fresh = Callable[[], Awaitable[Standing]]
"""Reads what a form changes as it stands now."""


async def standing(
    desk: Desk, subject: str, version: int, values: Mapping[str, object] | None = None, *, deal: int | None = None
) -> Standing:
    """Return how what has this shown id stands, with who changed it last; of a deal whatever concerns it counts."""
    who, at, done = await desk.ask(live.last_change, subject, language(), deal)
    return Standing(version, values or {}, who, at, done)


class Changes:
    """The version a form changes, and what it began with: only the fields that differ from that are saved."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._before: dict[str, object] = {}

    def begin(self, raw: Mapping[str, object], version: int | None = None) -> None:
        """Remember what the form begins with, as it reads there; after a conflict it begins anew on `version`."""
        self._before = dict(raw)
        if version is not None:
            self.version = version

    def of(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the fields that were changed; one that was emptied has an empty text."""
        keys = [*given, *(key for key in self._before if key not in given)]
        return {key: given.get(key, "") for key in keys if given.get(key, "") != self._before.get(key, "")}

    async def save(self, tell: Tell, given: Mapping[str, object]) -> object:
        """Save by `tell(changed, version)` and return its outcome."""
        return await tell(self.of(given), self.version)
