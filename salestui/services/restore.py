"""Brings a backup back: says what would be lost, keeps what it replaces, and leaves no moment without a database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from salestui import system
from salestui.dataclass import dataclass
from salestui.domain.outcomes import NotAllowed
from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.errors import BadInput, DatabaseMissing, StorageFault
from salestui.i18n import gettext as _
from salestui.services import archive, backup_format, users
from salestui.services.backup_format import FORMAT, LIST, Backup
from salestui.services.request import Request
from salestui.storage.comparing import ahead
from salestui.storage.copying import put_in_place
from salestui.storage.faults import fault_of_os
from salestui.storage.files import DirectoryFileStore
from salestui.storage.location import Location
from salestui.storage.postgres.address import is_address
from salestui.storage.store import Store

__all__ = ["Loss", "Plan", "Restored", "plan", "restore", "restore_files"]

_STAMP: Final = "%Y%m%dT%H%M%SZ"
RESTORED: Final = "database.restored"
SUBJECT: Final = "database"


@dataclass(frozen=True, slots=True)
class Loss:
    """What stands at the place now and not in the backup.

    `readable`: the database there can be read at all; if not, nothing more is known. `related`: its history begins as
    that of the backup. `events` are those after the last one they share, counted by the names of who did them, `last`
    the time of the newest. `drafts` are forms begun or changed since and not submitted.
    """

    readable: bool
    related: bool = True
    events: int = 0
    by: tuple[tuple[str, int], ...] = ()
    last: datetime | None = None
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A backup that was checked, and what bringing it back would cost; `loss` is None where nothing is there."""

    backup: Backup
    place: str
    loss: Loss | None


@dataclass(frozen=True, slots=True)
class Restored:
    """A database brought back to `place`; `kept` is the one that was there, None where nothing was."""

    backup: Backup
    place: Path
    kept: Path | None
    files: int


def plan(backup: Path, place: str) -> Plan:
    """Check a backup and tell what bringing it back to a place (path or `sqlite:///path`) would cost; changes nothing.

    Raises BackupUnusable and UnknownLocation.
    """
    location = _location(place)
    with backup_format.unpacked(backup) as (told, copy):
        return Plan(told, location.label, _loss(location, told, copy))


def restore(backup: Path, place: str, now: datetime, *, replace: bool = False) -> Restored | Plan | NotAllowed:
    """Bring a backup back to a place; with `replace` also where a database is, which stays under a dated name.

    Returns the plan, with nothing changed, where a database is and `replace` was not given. Only an administrator of
    the database that is there may replace it, unless it cannot be read. Raises BackupUnusable, DatabaseInUse and
    storage faults; then nothing was changed.
    """
    location = _location(place)
    folder = location.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise fault_of_os(error, folder) from error
    with backup_format.unpacked(backup, beside=folder) as (told, copy):
        loss = _loss(location, told, copy)
        if loss is not None and not replace:
            return Plan(told, location.label, loss)
        shared = loss is not None and bool(location.path.stat().st_mode & 0o020)
        if loss is not None and loss.readable:
            code = _refusal(location, now)
            if code:
                return NotAllowed(code)
        _record(copy, told, loss, now)
        with _lock(location, shared=shared):
            files = _bring_files(backup, told, DirectoryFileStore.beside(location, shared=shared))
            system.set_mode(copy, 0o660 if shared else 0o600)
            kept = _exchange(copy, location, now)
    return Restored(told, location.path, kept, files)


def restore_files(backup: Path, place: str) -> int:
    """Bring the attached files back that are missing or damaged at a place, and nothing else; return how many.

    A file's name is the hash of what it holds, so nothing can be lost. Raises BackupUnusable and storage faults.
    """
    location = _location(place)
    if not location.path.exists():
        raise DatabaseMissing(location.path)
    with backup_format.unpacked(backup) as (told, _copy):
        shared = bool(location.path.stat().st_mode & 0o020)
        return _bring_files(backup, told, DirectoryFileStore.beside(location, shared=shared))


def _location(place: str) -> Location:
    if is_address(place):
        raise BadInput(place.partition("://")[0], _("A database on a server is brought back with: salestui load FILE"))
    return Location.parse(place)


@contextmanager
def _lock(location: Location, *, shared: bool) -> Iterator[None]:
    lock = location.beside(".lock")
    try:
        with system.exclusive_lock(lock, mode=0o660 if shared else 0o600):
            yield
    except OSError as error:
        raise fault_of_os(error, lock) from error


def _refusal(location: Location, now: datetime) -> str | None:
    with Store.open(location.path, create=False) as store:
        login = system.person().login
        actor = Actor(0, login, login)
        found = [user for user in users.all(Request(store, actor, now)) if user.login == login and user.active]
        return refusal(found[0].actor() if found else actor, Act.RESTORE)


def _exchange(copy: Path, location: Location, now: datetime) -> Path | None:
    """Put the database in its place and return where the one before is kept, with its files."""
    try:
        if not os.path.lexists(location.path):
            copy.replace(location.path)
            system.flush_directory(location.path.parent)
            return None
        kept = _free(location, now)
        _keep_files(location.files, kept.files)
    except OSError as error:
        raise fault_of_os(error, location.path) from error
    try:
        put_in_place(copy, location, kept)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(kept.files, ignore_errors=True)
        raise
    return kept.path


def _free(location: Location, now: datetime) -> Location:
    stamp = f".before-{now.astimezone(UTC).strftime(_STAMP)}"
    number, kept = 1, Location(location.beside(stamp))
    while os.path.lexists(kept.path) or os.path.lexists(kept.files):
        number += 1
        kept = Location(location.beside(f"{stamp}-{number}"))
    return kept


def _keep_files(source: Path, target: Path) -> None:
    """Give the kept database the files it names: the same ones under a second name, or copies where that cannot be."""

    def link(old: str, new: str) -> None:
        try:
            os.link(old, new, follow_symlinks=False)
        except OSError:
            shutil.copy2(old, new, follow_symlinks=False)

    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=link)


def _bring_files(backup: Path, told: Backup, files: DirectoryFileStore) -> int:
    brought = 0
    with archive.opened(backup, LIST, FORMAT) as found:
        for digest in told.files:
            if not files.is_sound(digest):
                files.bring(digest, found.chunks(backup_format.file_part(digest)))
                brought += 1
    return brought


# What would be lost


def _loss(location: Location, told: Backup, copy: Path) -> Loss | None:
    if not os.path.lexists(location.path):
        return None
    try:
        with (
            Store.open(location.path, create=False) as store,
            Store.open(copy, create=False, shared=False) as other,
        ):
            found = ahead(store, other, told.made_at)
            return Loss(True, found.shared > 0, found.events, found.by, found.last, found.drafts)
    except (StorageFault, ValueError):
        return Loss(readable=False)


def _record(copy: Path, told: Backup, loss: Loss | None, now: datetime) -> None:
    """Write into the history of the database that comes back that it did, and what it took the place of."""
    person = system.person()
    with Store.open(copy, create=False, shared=False) as store:
        actor = Actor(0, person.login, person.full_name)
        found = [user for user in users.all(Request(store, actor, now)) if user.login == person.login]
        actor = found[0].actor() if found else actor
        after: dict[str, object] = {"made_at": told.made_at.isoformat(), "count": told.anchor.count}
        if loss is not None:
            after |= {"lost": loss.events}
        with store.transaction(actor, now=now) as tx:
            tx.record(RESTORED, subject=SUBJECT, before=None, after=after)
