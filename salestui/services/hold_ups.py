"""What a session waits for, in words."""

from __future__ import annotations

from salestui.domain.hold_up import HoldUp
from salestui.domain.text import clean
from salestui.i18n import gettext as _
from salestui.storage.store import Store

__all__ = ["text"]


def text(store: Store, known: HoldUp | None) -> str:
    """Return in one line what a call of this store waits for; `known` is None where nothing is known but that it waits.

    Written for who is waiting: nothing is lost, and the session is not frozen.
    """
    place = clean(store.location_label)
    if known is not None and known.away:
        return _("The server is away, trying again: {place} ({reason})").format(
            place=place, reason=clean(known.away).rstrip(".")
        )
    if known is not None and known.holder:
        return _("Waiting: {holder} (process {pid}) holds the database {place}.").format(
            holder=known.holder, pid=known.pid, place=place
        )
    if known is not None and known.pid:
        return _("Waiting: process {pid} holds the database {place}.").format(pid=known.pid, place=place)
    if store.on_server:
        return _("Waiting for the server of {place}.").format(place=place)
    return _("Waiting for the database {place}.").format(place=place)
