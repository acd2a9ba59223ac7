"""Makes backups of a database in use, with its attached files, and lets none count that was not read again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from salestui import __version__
from salestui.dataclass import dataclass
from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.errors import BackupUnusable, BadInput, CopyUnsound, FileDamaged, FileMissing, FileUnreadable
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.services import archive, backup_format, dump
from salestui.services.backup_format import DATABASE, FORMAT, LIST
from salestui.services.history_check import Anchor, sentence
from salestui.services.request import Request
from salestui.storage import chain, examining
from salestui.storage.attached import attached
from salestui.storage.chain import Head
from salestui.storage.copying import copy_database
from salestui.storage.faults import fault_of_os
from salestui.storage.location import Location
from salestui.storage.migrations import LATEST
from salestui.storage.store import Store

__all__ = ["Made", "back_up", "back_up_apart", "default_folder"]

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_ENDING: Final = ".zip"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and read again: where, how large (bytes), how far its history goes.

    `damage` are sentences about what is wrong with the database it was made of; then no older backup was removed.
    `removed` are the older backups that made room.
    """

    path: Path
    size: int
    anchor: Anchor
    rows: int
    files: int
    damage: tuple[str, ...] = ()
    removed: tuple[Path, ...] = ()


def default_folder(request: Request) -> Path:
    """Return where backups go that nobody names a place for: `NAME.backups` beside the database.

    Beside a shared one each administrator has a folder of his own, `NAME.backups-LOGIN`: a backup holds everything.
    """
    whose = f"-{re.sub(r'[^A-Za-z0-9]+', '-', request.actor.login)}" if request.store.database.shared else ""
    return Location(Path(request.store.location)).beside(f".backups{whose}")


def back_up(request: Request, to: Path | None = None, *, keep: int | None = None) -> Made | NotAllowed:
    """Make a backup of the state of this instant, whoever writes meanwhile, and read it again.

    `to` is a file that does not exist, or a directory that gets NAME-TIME.zip (None: `default_folder`). With `keep`,
    which needs a directory, no more than so many backups of this database stay there. Of a database on a server it is
    a dump (`services.dump`), and `to` must be given. Only an administrator may.
    Raises BadInput, FileThere, CopyUnsound and storage faults; then no backup was made and none removed.
    """
    code = refusal(request.actor, Act.BACK_UP)
    if code:
        return NotAllowed(code)
    if request.store.on_server:
        return _of_server(request, to, keep)
    location = Location(Path(request.store.location))
    folder, target = _place(to, default_folder(request))
    if keep is not None and (target is not None or keep < 1):
        raise BadInput("--keep", _("It takes a number from 1 on, and a folder to keep the backups in."))
    path = target or _free(folder / f"{location.path.stem}-{request.now.astimezone(UTC).strftime(_STAMP)}{_ENDING}")
    before = chain.head(request.store)
    with archive.scratch(folder) as scratch:
        copy = scratch / DATABASE
        copy_database(location.path, copy)
        made = _write(request, copy, path, before)
    if keep is None or made.damage:
        return made
    return Made(
        path, made.size, made.anchor, made.rows, made.files, (), tuple(_make_room(location.path.stem, path, keep))
    )


def _of_server(request: Request, to: Path | None, keep: int | None) -> Made | NotAllowed:
    if to is None:
        raise BadInput(request.store.location_label, _("Say where the backup of a server's database is to go."))
    wanted = to.expanduser().absolute()
    if keep is not None and (not wanted.is_dir() or keep < 1):
        raise BadInput("--keep", _("It takes a number from 1 on, and a folder to keep the backups in."))
    stem = re.sub(r"[^A-Za-z0-9]+", "-", request.store.location_label.rpartition("/")[2]).strip("-") or "salestui"
    path = wanted
    if wanted.is_dir():
        path = _free(wanted / f"{stem}-{request.now.astimezone(UTC).strftime(_STAMP)}{_ENDING}")
    made = dump.dump(request, path)
    if isinstance(made, NotAllowed):
        return made
    removed = tuple(_make_room(stem, path, keep)) if keep is not None and not made.missing else ()
    return Made(path, path.stat().st_size, made.anchor, made.rows, made.files, made.missing, removed)


def back_up_apart(request: Request) -> Made | NotAllowed:
    """Make a backup in the usual place by a connection of its own, so that the request's store stays free meanwhile."""
    with Store.open(request.store.location, create=False) as store:
        return back_up(Request(store, request.actor, request.now))


def _place(to: Path | None, default: Path) -> tuple[Path, Path | None]:
    """Return the directory of the backup, and its file where that was given; a directory made here is for its owner."""
    wanted = default if to is None else to.expanduser().absolute()
    try:
        if to is None:
            wanted.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise fault_of_os(error, wanted) from error
    if wanted.is_dir():
        return wanted, None
    if not wanted.parent.is_dir():
        raise BadInput(str(to), _("There is no folder {folder}.").format(folder=wanted.parent))
    return wanted.parent, wanted


def _free(path: Path) -> Path:
    """Return the path, or one with a number where a backup of the same second has the name."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _write(request: Request, copy: Path, path: Path, before: Head) -> Made:
    damage = list(_damage(copy))
    rows = examining.row_counts(copy)
    with Store.open(copy, create=False, shared=False) as store:
        broken = chain.verify(store, before)
        if broken:
            damage.append(sentence(broken))
        head, origin = chain.head(store), chain.origin(store)
        files = attached(store)
    anchor = Anchor(head.count, head.chain, request.now)

    def check(draft: Path) -> None:
        with backup_format.unpacked(draft):
            pass

    try:
        with archive.writing(path, check, mode=0o600) as target:
            with copy.open("rb") as database:
                target.add(DATABASE, database, packed=True)
            for digest, (file, where) in files.items():
                try:
                    with request.store.files.open(digest) as content:
                        target.add(backup_format.file_part(digest), content)
                except (FileMissing, FileDamaged, FileUnreadable) as error:
                    damage.append(f"{file.name} ({where}): {error.text()}")
            target.close(LIST, _told(request, anchor, origin, rows, tuple(damage)))
    except BackupUnusable as error:
        raise CopyUnsound(path, str(error.params["reason"])) from error
    return Made(path, path.stat().st_size, anchor, sum(rows.values()), len(target.parts) - 1, tuple(damage))


def _damage(copy: Path) -> Iterator[str]:
    """Say what is wrong with a copy that can be read; raises CopyUnsound for one that cannot."""
    examined = examining.examine(copy)
    worst = (*examined.unreadable, *examined.structure)
    if worst:
        raise CopyUnsound(copy, worst[0])
    if examined.schema:
        yield _("The tables are not those of this version: {what}").format(what=examined.schema[0])
    orphans, misfits = len(examined.foreign_keys), len(examined.misfits)
    if orphans:
        yield ngettext("{n} row names another that is gone.", "{n} rows name others that are gone.", orphans).format(
            n=orphans
        )
    if misfits:
        yield ngettext("{n} row is not what salestui wrote.", "{n} rows are not what salestui wrote.", misfits).format(
            n=misfits
        )


def _told(
    request: Request, anchor: Anchor, origin: str, rows: dict[str, int], damage: tuple[str, ...]
) -> dict[str, object]:
    at = request.now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "format": FORMAT,
        "made_at": at,
        "made_by": request.actor.login,
        "program": __version__,
        "schema": LATEST,
        "origin": origin,
        "anchor": anchor.document(),
        "rows": rows,
        "damage": list(damage),
    }


# Rotation


def _make_room(stem: str, newest: Path, keep: int) -> Iterator[Path]:
    """Remove the oldest backups of this database beyond the `keep` newest; others' files are never touched."""
    named = re.compile(rf"{re.escape(stem)}-\d{{8}}T\d{{6}}Z(-\d+)?{re.escape(_ENDING)}")
    origin = _read(newest)[1]
    known = []
    for path in newest.parent.iterdir():
        if not named.fullmatch(path.name) or path.is_symlink():
            continue
        try:
            made_at, of = _read(path)
        except BackupUnusable:
            continue
        if of == origin:
            known.append((made_at, path.name, path))
    for _made_at, _name, path in sorted(known)[:-keep]:
        if path != newest:
            path.unlink(missing_ok=True)
            yield path


def _read(path: Path) -> tuple[datetime, str]:
    """Return when a backup was made, and of which database: the link of its first event."""
    try:
        found = backup_format.read(path)
    except BackupUnusable:
        return dump.read(path)
    return found.made_at, found.origin
