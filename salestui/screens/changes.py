"""Saves what was changed in a form and nothing else, so that people who change different fields all get theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from salestui.domain.outcomes import Conflict

__all__ = ["Changes"]

Tell = Callable[[dict[str, object], int], Awaitable[object]]


class Changes:
    """The fields that differ from what the form began with, and the version of the record they are to change.

    After a conflict the user is told, and saving once more goes over the version there is now.
    """

    def __init__(self, version: int) -> None:
        self._version = version
        self._before: dict[str, object] = {}

    def begin(self, raw: Mapping[str, object]) -> None:
        """Remember what the form begins with, as it reads there."""
        self._before = dict(raw)

    def of(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the fields that were changed; one that was emptied has an empty text."""
        keys = [*given, *(key for key in self._before if key not in given)]
        return {key: given.get(key, "") for key in keys if given.get(key, "") != self._before.get(key, "")}

    async def save(self, tell: Tell, given: Mapping[str, object]) -> object:
        """Save by `tell(changed, version)` and return its outcome."""
        outcome = await tell(self.of(given), self._version)
        if isinstance(outcome, Conflict):
            self._version = outcome.version
        return outcome
