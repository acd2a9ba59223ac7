"""Saves what can still be read of a damaged database, with its attached files, to a new one."""

from __future__ import annotations

import os
from pathlib import Path

from salestui.dataclass import dataclass
from salestui.errors import DatabaseMissing, FileDamaged, FileMissing, FileUnreadable
from salestui.storage.attached import attached
from salestui.storage.files import DirectoryFileStore
from salestui.storage.location import Location
from salestui.storage.mending import Saved
from salestui.storage.mending import salvage as save_rows
from salestui.storage.store import Store

__all__ = ["Salvaged", "salvage"]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A new database with all that could be read: what of each table, and how many attached files."""

    path: Path
    tables: tuple[Saved, ...]
    files: int


def salvage(place: str, target: Path) -> Salvaged:
    """Write what can be read of the database at a place to a new one at `target`; the damaged one stays as it is.

    Raises DatabaseMissing, FileThere, CorruptDatabase where nothing can be read, and storage faults.
    """
    location = Location.parse(place)
    if not os.path.lexists(location.path):
        raise DatabaseMissing(location.path)
    path = target.expanduser().absolute()
    saved = save_rows(location.path, path)
    return Salvaged(path, saved, _bring_files(DirectoryFileStore.beside(location), path))


def _bring_files(source: DirectoryFileStore, target: Path) -> int:
    brought = 0
    with Store.open(target, create=False) as store:
        for digest in attached(store):
            try:
                with source.open(digest) as file:
                    store.files.put(file.fileno(), name=digest)
            except (FileMissing, FileDamaged, FileUnreadable):
                continue
            brought += 1
    return brought
