"""Makes a database usable: settings, the first user, the playbooks that come with the program."""

from __future__ import annotations

from datetime import datetime

from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.services import playbooks, settings, users
from salestui.services.request import Request
from salestui.storage.store import Store

__all__ = ["prepare"]


def prepare(
    store: Store,
    now: datetime,
    login: str,
    full_name: str,
    zone: str | None = None,
    shared: bool = False,
    currency: str = "CNY",
) -> Actor:
    """Return who acts, on a database that has its settings and both handbooks; run at every start, it adds what lacks.

    `zone` is the IANA name of this machine's time zone where it is known. `shared`: the database is for several people,
    so nobody records votes for others. On a server an administrator alone may add what lacks. Raises UnknownUser.
    """
    actor = users.identify(store, now, login, full_name)
    request = Request(store, actor, now)
    with store.reading():
        complete = settings.initialised(request) and not playbooks.builtin_missing(request)
    if not complete and (not refusal(actor, Act.MANAGE_SETTINGS) or not store.on_server):
        with store.transaction(actor, now=now) as tx:
            settings.initialise(tx, zone=zone, shared=shared, currency=currency)
            playbooks.install_builtin(tx)
    return actor
