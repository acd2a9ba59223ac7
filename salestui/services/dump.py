"""Moves a team from one kind of database to another: everything in one file, and back, compared row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from salestui import __version__, system
from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.errors import BackupUnusable, FileDamaged, FileMissing, FileUnreadable
from salestui.i18n import gettext as _
from salestui.services import archive, export_files
from salestui.services.archive import Archive
from salestui.services.history_check import Anchor, anchor, sentence
from salestui.services.request import Request
from salestui.storage import chain, portable
from salestui.storage.attached import attached
from salestui.storage.chain import Head
from salestui.storage.copying import put_in_place
from salestui.storage.faults import fault_of_os
from salestui.storage.files import DirectoryFileStore
from salestui.storage.location import Location
from salestui.storage.migrations import LATEST
from salestui.storage.store import Store

__all__ = ["Dumped", "Loaded", "dump", "load", "read"]

FORMAT: Final = "salestui.dump/1"
LIST: Final = "dump.json"
FILES: Final = "files/"


@dataclass(frozen=True, slots=True)
class Dumped:
    """A dump that was written and read again; `missing` names attached files that were not there any more."""

    path: Path
    rows: int
    files: int
    anchor: Anchor
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A database that was filled and compared with the dump, row by row and file by file."""

    place: str
    rows: int
    files: int
    anchor: Anchor


def dump(request: Request, to: Path, *, replace: bool = False) -> Dumped | NotAllowed:
    """Write everything of one instant to the new file `to`; only an administrator may.

    Raises BadInput, FileThere, and storage faults; then nothing is left.
    """
    code = refusal(request.actor, Act.BACK_UP)
    if code:
        return NotAllowed(code)
    target = export_files.check_place(to, replace=replace)
    missing: list[str] = []

    def check(draft: Path) -> None:
        with archive.opened(draft, LIST, FORMAT) as found:
            for name in found.parts:
                found.check(name)

    with archive.writing(target, check, replace=replace) as made:
        with request.store.reading():
            head = anchor(request)
            rows = {table: _add_table(made, request.store, table) for table in portable.TABLES}
            files = attached(request.store)
        for digest, (file, where) in files.items():
            try:
                with request.store.files.open(digest) as content:
                    made.add(f"{FILES}{digest}", content)
            except (FileMissing, FileDamaged, FileUnreadable):
                missing.append(f"{file.name} ({where})")
        at = request.now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        made.close(
            LIST,
            {
                "format": FORMAT, "made_at": at, "made_by": request.actor.login, "program": __version__,
                "schema": LATEST, "origin": chain.origin(request.store), "anchor": head.document(), "rows": rows,
                "missing": missing,
            },
        )  # fmt: skip
    return Dumped(target, sum(rows.values()), len(files) - len(missing), head, tuple(missing))


def read(path: Path) -> tuple[datetime, str]:
    """Return when a dump was made, and of which database: the link of its first event. Raises BackupUnusable."""
    with archive.opened(path, LIST, FORMAT) as found:
        try:
            return datetime.fromisoformat(str(found.document["made_at"])), str(found.document["origin"])
        except (KeyError, ValueError) as error:
            raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off.")) from error


def _add_table(made: archive.ArchiveWriter, store: Store, table: str) -> int:
    count = 0
    with tempfile.TemporaryFile() as scratch:
        for line in portable.lines(store, table):
            scratch.write(line.encode("utf-8") + b"\n")
            count += 1
        scratch.seek(0)
        made.add(_part(table), scratch, packed=True)
    return count


def _part(table: str) -> str:
    return f"tables/{table}.jsonl"


def load(path: Path, place: str) -> Loaded:
    """Fill the empty database at a place from a dump, and compare all of it; a missing SQLite database is made.

    Empty is also one that was made (`salestui init`) and in which nobody has begun to work; it stays shared if it was.
    On a server it must have been prepared, and it is a superuser's act. Raises BackupUnusable where the database is in
    use or the dump is damaged, DatabaseInUse, BadInput and storage faults; then nothing was written.
    """
    location = None if _on_server(place) else Location.parse(place)
    if location is not None and _is_made(location):
        return _load_over(path, location)
    with archive.opened(path, LIST, FORMAT) as found:
        told = _told(found)
        with _opened(place) as store:
            if not portable.blank(store) and (not store.on_server or portable.in_use(store)):
                raise BackupUnusable(path, _("{place} is not empty.").format(place=store.location_label))
            with portable.filling(store):
                rows = {table: _fill(found, store, table) for table in portable.TABLES}
                files = _bring(found, store)
                _compare(found, store, told)
            return Loaded(store.location_label, sum(rows.values()), files, told)


def _on_server(place: str) -> bool:
    return "://" in place and not place.lower().startswith("sqlite:")


def _is_made(location: Location) -> bool:
    """Whether a database was made there in which nobody has begun to work."""
    if not location.path.exists():
        return False
    with Store.open(location.path, create=False) as store:
        return not portable.blank(store) and not portable.in_use(store)


def _load_over(path: Path, location: Location) -> Loaded:
    """Load beside a database that is not in use yet, then take its place."""
    shared = bool(location.path.stat().st_mode & 0o020)
    with archive.scratch(location.path.parent) as scratch:
        fresh = scratch / location.path.name
        loaded = load(path, str(fresh))
        kept = DirectoryFileStore.beside(location, shared=shared)
        with Store.open(fresh, create=False, shared=False) as store:
            for digest in attached(store):
                with suppress(FileMissing), store.files.open(digest) as content:
                    kept.bring(digest, iter(partial(content.read, 1 << 20), b""))
        system.set_mode(fresh, 0o660 if shared else 0o600)
        put_in_place(fresh, location, Location(scratch / "before"))
    return replace(loaded, place=location.label)


@contextmanager
def _opened(place: str) -> Iterator[Store]:
    """Open the database to be filled; a file made for it goes away again where that fails."""
    path = None if _on_server(place) else Location.parse(place).path
    made = path is not None and not path.exists()
    try:
        with Store.open(place) as store:
            yield store
    except BaseException as error:
        if made and path is not None:
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise fault_of_os(error, path or Path(tempfile.gettempdir()) / "salestui") from error
        raise


def _told(found: Archive) -> Anchor:
    """Return the anchor of a dump that this version can take."""
    told: dict[str, Any] = dict(found.document)
    if told.get("schema") != LATEST:
        raise BackupUnusable(found.path, _("Its schema is {found}, not {wanted}.").format(
            found=told.get("schema"), wanted=LATEST))  # fmt: skip
    lacks = [table for table in portable.TABLES if _part(table) not in found.parts]
    if lacks:
        raise BackupUnusable(found.path, _("It has no part {name}.").format(name=_part(lacks[0])))
    try:
        head = told["anchor"]
        return Anchor.parse(head)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupUnusable(found.path, _("It is no archive of salestui, or it was cut off.")) from error


def _fill(found: Archive, store: Store, table: str) -> int:
    with closing(found.chunks(_part(table))) as chunks:
        return portable.fill(store, table, _lines(chunks))


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _bring(found: Archive, store: Store) -> int:
    count = 0
    for name in found.parts:
        if name.startswith(FILES):
            with tempfile.TemporaryFile() as scratch:
                found.unpack(name, scratch)
                scratch.flush()
                fact = store.files.put(scratch.fileno(), name=name)
            if fact.sha256 != name.removeprefix(FILES):
                raise BackupUnusable(found.path, _("Its part {name} is damaged.").format(name=name))
            count += 1
    return count


def _compare(found: Archive, store: Store, told: Anchor) -> None:
    """Read everything back and compare it with the dump; raises BackupUnusable."""
    for table in portable.TABLES:
        digest = sha256()
        for line in portable.lines(store, table):
            digest.update(line.encode("utf-8") + b"\n")
        if digest.hexdigest() != found.parts[_part(table)].sha256:
            raise BackupUnusable(found.path, _("Table {table} did not arrive as it was.").format(table=table))
    broken = chain.verify(store, Head(told.count, told.head))
    if broken:
        raise BackupUnusable(found.path, sentence(broken))
    missing = set(map(str, found.document.get("missing", [])))
    for digest_, (file, where) in attached(store).items():
        if f"{file.name} ({where})" not in missing:
            store.files.verify(digest_)
