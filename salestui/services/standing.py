"""Who asks, where a database may be damaged: what looks it over or copies it asks who that is, if it can be read."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from salestui import system
from salestui.domain.outcomes import NotAllowed
from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.errors import SalestuiError, UnknownUser
from salestui.services import users
from salestui.services.request import Request
from salestui.storage.examining import DAMAGE
from salestui.storage.location import Location
from salestui.storage.postgres.address import is_address
from salestui.storage.store import Store

__all__ = ["not_allowed_at"]


def not_allowed_at(place: str, now: datetime, act: Act | None = None) -> NotAllowed | None:
    """Return why this person may not look over the database at a place (path or URL), or with `act` not do that there.

    None: he may; so may everybody where nobody began yet. Where a damaged file does not tell its users any more, it is
    for the file's owner and root. Raises UnknownUser for people who are not in the team.
    """
    try:
        with Store.open(place, create=False) as store:
            login = store.login() or system.person().login
            if not users.all(Request(store, Actor(0, login, login), now)):
                return None
            actor = users.identify(store, now, login, login)
    except UnknownUser:
        raise
    except (SalestuiError, *DAMAGE):
        if is_address(place):
            raise
        return None if _commands(Location.parse(place).path) else NotAllowed("only_admin")
    code = refusal(actor, act) if act is not None else None
    return NotAllowed(code) if code else None


def _commands(path: Path) -> bool:
    """Tell whether a file is this person's, or he is root; one that is not there is for others to name."""
    if sys.platform == "win32" or not path.exists():
        return True
    return os.getuid() in {0, path.stat().st_uid}
