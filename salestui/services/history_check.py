"""Whether the history is what was written: its anchors, which are kept elsewhere, and the check against one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from salestui.dataclass import dataclass
from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.services import move_check
from salestui.services.move_check import Unproven
from salestui.services.request import Call, reads_whole
from salestui.storage import chain
from salestui.storage.chain import BrokenEvent, Head

__all__ = ["Anchor", "Check", "anchor", "check", "read_anchor", "sentence"]

FORMAT: Final = "salestui.anchor/1"
LARGEST: Final = 1_000_000
"""The most characters of an anchor's file, or of the first line of an export, that are read."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the history went at the time `at` (UTC): the number of events and the chain of the last.

    Kept where nobody who may write the database may write, it shows a cut-off tail and a rewritten chain.
    """

    count: int
    head: str
    at: datetime

    def document(self) -> dict[str, object]:
        """Return it as JSON knows it."""
        at = self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"format": FORMAT, "count": self.count, "head": self.head, "at": at}

    @classmethod
    def parse(cls, document: object) -> Anchor:
        """Read what `document` returned; raises ValueError."""
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(document)
        count, head, at = document.get("count"), document.get("head"), datetime.fromisoformat(str(document.get("at")))
        if not isinstance(count, int) or isinstance(count, bool) or count < 0 or not isinstance(head, str):
            raise ValueError(document)
        if at.tzinfo is None:
            raise ValueError(document)
        return cls(count, head, at)


@dataclass(frozen=True, slots=True)
class Check:
    """What verifying found: the first event that does not hold, or None; the anchor of now; the events redacted.

    `moves` are those that do not hold up, of the deals that the person sees.
    """

    broken: BrokenEvent | None
    anchor: Anchor
    redacted: tuple[int, ...] = ()
    moves: tuple[Unproven, ...] = ()


@reads_whole
def anchor(call: Call) -> Anchor:
    """Return how far the history goes now, to be written into every backup and export."""
    found = chain.head(call.store)
    return Anchor(found.count, found.chain, call.now)


def check(call: Call, kept: Anchor | None = None) -> Check:
    """Verify every event, with an anchor that was kept also its end, and hold every move against what it asked for."""
    found = _chain(call, kept)
    return found if found.broken else replace(found, moves=move_check.check(call))


@reads_whole
def _chain(call: Call, kept: Anchor | None = None) -> Check:
    """Verify every event, and with an anchor that was kept also that nothing was cut off or rewritten since."""
    broken = chain.verify(call.store, Head(kept.count, kept.head) if kept else None)
    return Check(broken, anchor(call), tuple(sorted(chain.erasures(call.store))))


def sentence(broken: BrokenEvent) -> str:
    """Say in the user's language what is wrong with the history, and where."""
    sentences: Mapping[str, Callable[[], str]] = {
        "edited": lambda: _("Event {id} is not what was written: somebody changed it."),
        "removed": lambda: _("Event {id} is missing: somebody removed it."),
        "moved": lambda: _("What stands as event {id} was written as event {was}: events were moved or removed."),
        "cut": lambda: _("The history ends before event {id}, which the anchor has: somebody cut off its end."),
        "rewritten": lambda: _(
            "Up to event {id} the history is not the one of the anchor: somebody wrote it anew, or the anchor is of "
            "another database."
        ),
    }
    return sentences[broken.reason]().format(id=broken.id, was=broken.was)


def read_anchor(path: Path) -> Anchor:
    """Return the anchor in a file: an anchor by itself, a JSON document that holds one, or an export as JSON lines.

    Raises BadInput.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST)
    except OSError as error:
        raise BadInput(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), _("It holds no anchor of a history.")) from error
    found = _anchor_in(text) or _anchor_in(text.split("\n", 1)[0])
    if found is None:
        raise BadInput(str(path), _("It holds no anchor of a history."))
    return found


def _anchor_in(text: str) -> Anchor | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict) and isinstance(document.get("anchor"), dict):
        document = document["anchor"]
    try:
        return Anchor.parse(document)
    except ValueError:
        return None
