"""Looks over a database and its files, mends what is safe to mend, and names the rest with what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from salestui import system
from salestui.dataclass import dataclass
from salestui.domain.people import Actor
from salestui.errors import DatabaseMissing, SalestuiError
from salestui.services import board_counts, doctor_checks, health, server_health, users
from salestui.services.doctor_checks import DECODING, Found, found
from salestui.services.health import Level
from salestui.services.request import Request
from salestui.storage import examining, mending
from salestui.storage.examining import DAMAGE, Examination
from salestui.storage.location import Location
from salestui.storage.store import Store

__all__ = ["Found", "Report", "examine"]

ABANDONED: Final = timedelta(hours=1)
"""How old a file of writing under way must be to count as left behind."""

_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order in which they were made. `sound`: nothing is left that endangers the data."""

    place: str
    findings: tuple[Found, ...]

    @property
    def sound(self) -> bool:
        return all(each.level is not Level.BAD for each in self.findings)


def examine(place: str, now: datetime, *, repair: bool = False) -> Report:
    """Look over the database at a place (path or URL), whatever state it is in; with `repair` mend what is safe.

    Without `repair` nothing is changed. Raises DatabaseMissing and UnknownLocation; damage is in the report.
    """
    if "://" in place and not place.lower().startswith("sqlite:"):
        with Store.open(place, create=False) as store:
            return Report(store.location_label, tuple(_of_store(store, now, repair=repair)))
    location = Location.parse(place)
    if not location.path.exists():
        raise DatabaseMissing(location.path)
    return Report(location.label, tuple(_of_file(location, now, repair=repair)))


def _of_file(location: Location, now: datetime, *, repair: bool) -> Iterator[Found]:
    yield from _place(location, now)
    examined = examining.examine(location.path)
    if repair and examined.indices_alone and not examined.unreadable:
        yield from _guarded("structure", lambda: _reindex(location))
        examined = examining.examine(location.path)
    yield from _structure(examined)
    try:
        store = Store.open(location.path, create=False)
    except (SalestuiError, *DAMAGE) as error:
        yield found("open", "not_checked", Level.BAD, what="history, files, counts", reason=str(error))
        return
    with store:
        yield from _of_store(store, now, repair=repair)
    yield from _guarded("leftovers", lambda: doctor_checks.leftovers(location, now - ABANDONED, repair=repair))


def _place(location: Location, now: datetime) -> Iterator[Found]:
    try:
        last = examining.last_change(location.path)
        for each in health.check(location.path, now, last):
            yield Found("place", each.code, each.level, each.params, each)
    except (OSError, ValueError) as error:
        yield found("place", "not_checked", Level.WARNING, what="place", reason=str(error))


def _reindex(location: Location) -> Iterator[Found]:
    mending.reindex(location.path)
    yield found("structure", "indices_mended", mended=True)


def _structure(examined: Examination) -> Iterator[Found]:
    if examined.unreadable:
        yield found("structure", "unreadable", Level.BAD, reason=examined.unreadable[0])
    if examined.structure:
        code = "indices" if examined.indices_alone else "damaged"
        yield found("structure", code, Level.BAD, n=len(examined.structure), reason=examined.structure[0])
    for code, lines in (("orphans", examined.foreign_keys), ("schema_differs", examined.schema)):
        if lines:
            yield found("structure", code, Level.BAD, n=len(lines), reason=lines[0])
    if not (examined.unreadable or examined.structure or examined.foreign_keys or examined.schema):
        yield found("structure", "structure")
    if examined.misfits:
        yield found("rows", "rows_changed", Level.BAD, n=len(examined.misfits), where=_where(examined))
    elif not examined.unreadable:
        yield found("rows", "rows")


def _where(examined: Examination) -> str:
    """Name the rows: each of few, else how many of which table."""
    if len(examined.misfits) <= _TOLD:
        return ", ".join(f"{each.table} {each.key} ({each.kind})" for each in examined.misfits)
    tables = Counter(f"{each.table} ({each.kind})" for each in examined.misfits)
    return ", ".join(f"{name} × {count}" for name, count in tables.most_common())


def _of_store(store: Store, now: datetime, *, repair: bool) -> Iterator[Found]:
    request = Request(store, _actor(store, now), now)
    if store.on_server:
        yield from _guarded("server", lambda: _server(store, now))
    yield from _guarded("history", lambda: doctor_checks.history(request))
    yield from _guarded("files", lambda: doctor_checks.files(request))
    yield from _guarded("counts", lambda: _counts(request, repair=repair))
    yield from _guarded("playbooks", lambda: doctor_checks.kept_playbooks(request))
    yield from _guarded("drafts", lambda: doctor_checks.drafts(request))


def _server(store: Store, now: datetime) -> Iterator[Found]:
    for each in server_health.check(store, now):
        yield Found("server", each.code, each.level, each.params, each)


def _actor(store: Store, now: datetime) -> Actor:
    """Return who examines: a user of the database, or number 0 where it knows none of this name."""
    person = system.person()
    nobody = Actor(0, person.login, person.full_name)
    try:
        known = users.all(Request(store, nobody, now))
    except (SalestuiError, *DAMAGE, *DECODING):
        return nobody
    return next((user.actor() for user in known if user.login == person.login), nobody)


def _counts(request: Request, *, repair: bool) -> Iterator[Found]:
    wrong = board_counts.counts_wrong(request.store)
    if wrong and repair:
        board_counts.recount(request)
        wrong = board_counts.counts_wrong(request.store)
        if not wrong:
            yield found("counts", "counts_mended", mended=True)
            return
    if wrong:
        yield found("counts", "counts_wrong", Level.BAD, columns=len(wrong.columns), deals=len(wrong.deals))
    else:
        yield found("counts", "counts")


def _guarded(check: str, look: Callable[[], Iterator[Found]]) -> Iterator[Found]:
    """Make a check; where damage keeps it from being made, say so instead."""
    made: list[Found] = []
    try:
        made.extend(look())
    except (SalestuiError, OSError, *DAMAGE, *DECODING) as error:
        made.append(found(check, "not_checked", Level.BAD, what=check, reason=str(error) or type(error).__name__))
    yield from made
