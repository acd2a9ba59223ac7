"""Keeps what is typed into a form as a draft file while it is typed, and brings it back when the form opens again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from textual.timer import Timer

from salestui.domain.dates import short_moment
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen
from salestui.services.draft_files import FormDraft

__all__ = ["REST", "Drafting", "Typed", "command_of"]

REST: Final = 0.5
"""Seconds from a keystroke until the draft is kept; typing on does not put it off."""

AGAIN: Final = 5.0
"""Seconds after which a draft that could not be kept is tried again."""


class Typed(NamedTuple):
    """What a form has that it did not begin with, what those fields said before, and the id under which it saves."""

    values: Mapping[str, object]
    files: tuple[Path, ...] = ()
    before: Mapping[str, object] = MappingProxyType({})
    command: str = ""


def command_of(form: str, *content: object) -> str:
    """Return the id of the command by which a form (its own id is `form`) saves this content.

    It is the same for the same content, so that a command tried again after a fault is recognised.
    """
    return f"{form}-{sha256(repr(content).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


class Drafting:
    """The draft of one form of a screen; `typed` tells what there is to keep, `key` names the form ("": keep none).

    The screen calls `touched` on every change, `keep` when it is left, and `drop` once all is saved or given up.
    """

    def __init__(self, screen: SalesScreen[object], key: str, typed: Callable[[], Typed]) -> None:
        self._screen, self._key, self._typed = screen, key, typed
        self._timer: Timer | None = None
        self._unsaved = False
        self.told = ""

    def load(self) -> FormDraft | None:
        """Return the draft that an earlier visit left, None without one; `told` then says so for the title row."""
        found = self._screen.desk.drafts.load(self._key) if self._key else None
        if found is not None:
            at = short_moment(found.at, self._screen.desk.team.zone, language())
            self.told = _("draft of {at} restored").format(at=at)
        return found

    def touched(self) -> None:
        """Keep the draft soon, however long the typing goes on."""
        self._unsaved = bool(self._key)
        if self._unsaved and self._timer is None:
            self._timer = self._screen.set_timer(REST, self._rested)

    def _rested(self) -> None:
        self._timer = None
        self._screen.run_worker(self.keep(), group="draft")

    async def keep(self) -> None:
        """Keep what was typed since the last time; where nothing differs any more, there is no draft."""
        self._stop()
        if not self._unsaved:
            return
        self._unsaved = False
        desk, typed = self._screen.desk, self._typed()
        if not typed.values and not typed.files:
            await desk.write(desk.drafts.drop, self._key)
            return
        try:
            draft = FormDraft(typed.values, typed.files, desk.now, typed.before, typed.command)
            await desk.write(desk.drafts.keep, self._key, draft)
        except OSError as error:
            self._unsaved = True
            if self._screen.is_attached and self._timer is None:
                self._timer = self._screen.set_timer(AGAIN, self._rested)
            self._screen.notice(_("The draft cannot be kept: {reason}").format(reason=error.strerror or error))

    async def drop(self) -> bool:
        """Forget the draft; False when there was none."""
        self._stop()
        self._unsaved, self.told = False, ""
        return bool(self._key) and await self._screen.desk.write(self._screen.desk.drafts.drop, self._key)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
