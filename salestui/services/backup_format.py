"""What a backup is: one ZIP archive with the database, the attached files, and a list that says what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.errors import BackupUnusable
from salestui.i18n import gettext as _
from salestui.services import archive
from salestui.services.history_check import Anchor
from salestui.storage import chain, examining
from salestui.storage.chain import Head
from salestui.storage.migrations import LATEST
from salestui.storage.store import Store

__all__ = ["DATABASE", "FORMAT", "LIST", "Backup", "file_part", "read", "unpacked"]

FORMAT: Final = "salestui.backup/1"
LIST: Final = "backup.json"
DATABASE: Final = "salestui.db"
FILES: Final = "files/"


def file_part(digest: str) -> str:
    """Return the name of an attached file in the archive."""
    return f"{FILES}{digest[:2]}/{digest[2:]}"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: when and by whom it was made, of which database, how far its history goes.

    `origin` is the link of the first event, which no other database has; `rows` counts the rows of each table; `files`
    are the hashes of the attached files in it. `damage` are sentences about what was wrong with the database already.
    """

    path: Path
    made_at: datetime
    made_by: str
    program: str
    schema: int
    origin: str
    anchor: Anchor
    rows: Mapping[str, int]
    files: tuple[str, ...]
    damage: tuple[str, ...]


def read(path: Path) -> Backup:
    """Return what a backup says of itself, unchecked; raises BackupUnusable."""
    with archive.opened(path, LIST, FORMAT) as found:
        return _backup(path, found.document, tuple(found.parts))


def _backup(path: Path, told: Mapping[str, Any], parts: tuple[str, ...]) -> Backup:
    try:
        return Backup(
            path,
            _moment(told["made_at"]),
            str(told["made_by"]),
            str(told["program"]),
            int(told["schema"]),
            str(told["origin"]),
            Anchor.parse(told["anchor"]),
            {str(name): int(count) for name, count in told["rows"].items()},
            tuple(name.removeprefix(FILES).replace("/", "") for name in parts if name.startswith(FILES)),
            tuple(str(line) for line in told["damage"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off.")) from error


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


@contextmanager
def unpacked(path: Path, *, beside: Path | None = None) -> Iterator[tuple[Backup, Path]]:
    """Check a backup whole; yield what it says and its database, unpacked to a private directory that goes away.

    Every part is read and compared with the list; the database is examined, its rows are counted and its history is
    compared with the anchor. Raises BackupUnusable. `beside` is a directory for the unpacked database.
    """
    with archive.opened(path, LIST, FORMAT) as found, archive.scratch(beside) as folder:
        told = _backup(path, found.document, tuple(found.parts))
        if told.schema > LATEST:
            raise BackupUnusable(path, _("A newer salestui made it. Upgrade salestui."))
        copy = folder / DATABASE
        with copy.open("xb") as target:
            found.unpack(DATABASE, target)
        for digest in told.files:
            part = found.parts[file_part(digest)]
            if part.sha256 != digest:
                raise BackupUnusable(path, _("Its part {name} is damaged.").format(name=part.name))
            found.check(part.name)
        _check_database(told, copy)
        yield told, copy


def _check_database(told: Backup, copy: Path) -> None:
    damage = _("Its database is damaged ({reason}).")
    examined = examining.examine(copy)
    first = (*examined.unreadable, *examined.structure)
    if first:
        raise BackupUnusable(told.path, damage.format(reason=first[0]))
    if not told.damage and not examined.sound:
        reason = str((*examined.misfits, *examined.foreign_keys, *examined.schema)[0])
        raise BackupUnusable(told.path, damage.format(reason=reason))
    if examining.row_counts(copy) != told.rows:
        raise BackupUnusable(told.path, damage.format(reason="rows"))
    with Store.open(copy, create=False, shared=False) as store:
        broken = chain.verify(store, Head(told.anchor.count, told.anchor.head))
        if chain.head(store) != Head(told.anchor.count, told.anchor.head) or (broken and not told.damage):
            raise BackupUnusable(told.path, damage.format(reason="history"))
