"""Opens a database for the person whom the operating system names: the start of every command and of the app."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from salestui import system
from salestui.dataclass import dataclass
from salestui.domain.people import Actor
from salestui.services import campaigns, health, setup
from salestui.services.health import Finding
from salestui.services.request import Request
from salestui.storage.store import Store


@dataclass(frozen=True, slots=True)
class Session:
    """An open store and who acts on it; `empty` tells that nobody has begun to work there yet.

    `findings` are what is wrong with the place of the database or its server, which does not keep anybody from working.
    """

    store: Store
    actor: Actor
    empty: bool
    findings: tuple[Finding, ...] = ()


def begin(location: str, now: datetime, *, create: bool = True) -> Session:
    """Open the database at a path or URL, made when missing; raises StorageFault and UnknownUser."""
    store = Store.open(location, create=create)
    try:
        person = system.person()
        login = store.login() or person.login
        actor = setup.prepare(store, now, login, person.full_name if login == person.login else login, zone_name())
        empty = not campaigns.all(Request(store, actor, now))
        findings = _findings(store, now)
    except BaseException:
        store.close()
        raise
    return Session(store, actor, empty, findings)


def _findings(store: Store, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong; what concerns a server is imported for a database on one alone."""
    if not store.on_server:
        return health.at_start(store, now)
    from salestui.services import server_health

    return server_health.at_start(store)


def zone_name(link: Path = Path("/etc/localtime")) -> str | None:
    """Return the IANA name of this machine's time zone where it says so, such as Asia/Shanghai."""
    parts = link.resolve().parts if link.exists() else ()
    if "zoneinfo" in parts:
        return "/".join(parts[parts.index("zoneinfo") + 1 :])
    return None
