"""Whether a SQLite database stands where it is safe: what is measured, what that means, and what to do about it.

`measure` asks the system, `judge` is a pure function of what it said. The start of the program shows what is wrong;
`salestui doctor` lists all of it.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from salestui import system
from salestui.dataclass import dataclass
from salestui.errors import CorruptValue
from salestui.services.health_texts import advice_of, text_of
from salestui.services.sharing import DIRECTORY_MODE
from salestui.storage import events
from salestui.storage.connection import sqlite_is_safe
from salestui.storage.driver import sqlite3
from salestui.storage.location import Location
from salestui.storage.store import Store

__all__ = ["Facts", "Finding", "Level", "at_start", "check", "clock", "judge", "measure"]

LITTLE_SPACE: Final = 200_000_000
"""Free bytes below which the disk counts as nearly full."""

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far the last change may lie in the future: that much two clocks differ that are both kept right."""

_SIDE_FILES: Final = ("", "-wal", "-shm", ".lock", ".gate")
_OTHERS: Final = stat.S_IRWXO


class Level(StrEnum):
    """How bad a finding is: nothing to do, worth doing, or a danger to the data."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a stable `code`, how bad it is, and the facts of its texts."""

    code: str
    level: Level = Level.GOOD
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def text(self) -> str:
        """Say in the user's language what was found."""
        return text_of(self.code).format(**self.params)

    def advice(self) -> str:
        """Say in the user's language what to do, the command to type included; "" where there is nothing to do."""
        return "" if self.level is Level.GOOD else advice_of(self.code).format(**self.params)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or directory: its place, its mode (12 bits) and the number of its group."""

    path: Path
    mode: int
    group: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system says about a database and its place; `closed` are directories above it that others cannot enter.

    `network` is the kind of network file system, "" for a local one. `last_change` is the time of the newest event.
    """

    path: Path
    shared: bool
    sqlite_version: str
    sqlite_safe: bool
    network: str
    directory: Entry
    files: tuple[Entry, ...]
    folders: tuple[Entry, ...]
    closed: tuple[Path, ...]
    free: int
    size: int
    now: datetime
    last_change: datetime | None = None


def at_start(store: Store, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with the place of an open database, the worst first; takes about a millisecond."""
    database = store.database
    location = database.location
    if not isinstance(location, Location):
        return ()
    last_change = None
    # a damaged event must not keep anybody from asking `history --verify` and `doctor` which one it is
    with suppress(CorruptValue), store.reading():
        last_change = events.last_at()
    found = judge(measure(location.path, now, shared=database.shared, last_change=last_change))
    wrong = [each for each in found if each.level is Level.BAD]
    wrong += [each for each in found if each.level is Level.WARNING and each.code != "sqlite_unsafe"]
    return tuple(wrong)


def check(path: Path, now: datetime, last_change: datetime | None = None) -> tuple[Finding, ...]:
    """Look at the place of a database that exists, whatever state it is in itself; nothing of it is opened."""
    return judge(measure(path, now, last_change=last_change))


def measure(path: Path, now: datetime, *, shared: bool | None = None, last_change: datetime | None = None) -> Facts:
    """Ask the system about the place of a database that exists; raises OSError as the system does.

    `shared`: whether it is used by several people; None as its mode says.
    """
    location = Location(path)
    directory = _entry(path.parent)
    files = tuple(_entry(each) for end in _SIDE_FILES if (each := location.beside(end)).exists())
    group_bits = bool(files and files[0].mode & stat.S_IWGRP)
    return Facts(
        path=path,
        shared=(group_bits if shared is None else shared) and sys.platform != "win32",
        sqlite_version=sqlite3.sqlite_version,
        sqlite_safe=sqlite_is_safe(),
        network=system.network_filesystem(path),
        directory=directory,
        files=files,
        folders=(_entry(location.files),) if location.files.exists() else (),
        closed=tuple(each for each in path.parent.parents if not each.stat().st_mode & stat.S_IXOTH),
        free=system.free_bytes(path.parent),
        size=path.stat().st_size,
        now=now,
        last_change=last_change,
    )


def _entry(path: Path) -> Entry:
    status = path.stat()
    return Entry(path, stat.S_IMODE(status.st_mode), status.st_gid)


def judge(facts: Facts) -> tuple[Finding, ...]:
    """Return every check's finding, those without a fault included."""
    return tuple(finding for look in _CHECKS for finding in look(facts))


def _sqlite(facts: Facts) -> Iterator[Finding]:
    if facts.sqlite_safe:
        yield Finding("sqlite_safe", params={"version": facts.sqlite_version})
    else:
        level = Level.BAD if facts.shared else Level.WARNING
        yield Finding("sqlite_unsafe", level, {"version": facts.sqlite_version})


def _filesystem(facts: Facts) -> Iterator[Finding]:
    if facts.network:
        level = Level.BAD if facts.shared else Level.WARNING
        yield Finding("network", level, {"path": facts.path, "kind": facts.network})
    else:
        yield Finding("local_disk", params={"path": facts.path})


def _modes(facts: Facts) -> Iterator[Finding]:
    wrong = tuple(_wrong_modes(facts) if facts.shared else _private_modes(facts))
    yield from wrong or (Finding("modes_right", params={"path": facts.path}),)


def _wrong_modes(facts: Facts) -> Iterator[Finding]:
    directory = facts.directory
    named = {
        "group": system.group_name(directory.group), "directory": directory.path, "database": facts.path
    }  # fmt: skip
    for entry in (directory, *facts.folders):
        if entry.mode & 0o7777 != DIRECTORY_MODE:
            code = "open_to_others" if entry.mode & _OTHERS else "directory_mode"
            yield Finding(code, Level.WARNING, {**named, "path": entry.path, "mode": _octal(entry.mode)})
    for entry in (*facts.files, *facts.folders):
        if entry.group != directory.group:
            level = Level.BAD if entry.path == facts.path else Level.WARNING
            yield Finding("wrong_group", level, {**named, "path": entry.path, "other": system.group_name(entry.group)})
    for entry in facts.files:
        if entry.mode & 0o060 != 0o060:
            yield Finding("group_locked_out", Level.BAD, {**named, "path": entry.path, "mode": _octal(entry.mode)})
        elif entry.mode & _OTHERS:
            yield Finding("open_to_others", Level.WARNING, {**named, "path": entry.path, "mode": _octal(entry.mode)})
    for path in facts.closed:
        yield Finding("parent_closed", Level.WARNING, {**named, "path": path})


def _private_modes(facts: Facts) -> Iterator[Finding]:
    directory, database = facts.directory, facts.files[0] if facts.files else None
    if database is None:
        return
    if directory.mode & 0o2070 == 0o2070:
        named = {"group": system.group_name(directory.group), "directory": directory.path, "database": facts.path}
        yield Finding("group_locked_out", Level.WARNING, {**named, "path": facts.path, "mode": _octal(database.mode)})
    elif database.mode & 0o077:
        yield Finding("readable_by_others", Level.WARNING, {"path": facts.path, "mode": _octal(database.mode)})


def _octal(mode: int) -> str:
    return f"{mode:04o}"


def _space(facts: Facts) -> Iterator[Finding]:
    free = {"free": round(facts.free / 1_000_000), "path": facts.directory.path}
    if facts.free < LITTLE_SPACE:
        yield Finding("little_space", Level.WARNING, free)
    elif facts.free < 2 * facts.size:
        yield Finding("no_space_for_copies", Level.WARNING, {**free, "size": round(facts.size / 1_000_000)})
    else:
        yield Finding("space", params=free)


def _clock(facts: Facts) -> Iterator[Finding]:
    yield from clock(facts.now, facts.last_change)


def clock(now: datetime, last_change: datetime | None) -> Iterator[Finding]:
    """Compare this machine's clock with the time of the newest event."""
    if last_change is not None and now < last_change - CLOCK_TOLERANCE:
        shown = {"now": f"{now:%Y-%m-%d %H:%M}", "last": f"{last_change:%Y-%m-%d %H:%M}"}
        yield Finding("clock_back", Level.WARNING, shown)
    else:
        yield Finding("clock", params={"now": f"{now:%Y-%m-%d %H:%M}"})


_CHECKS: Final[tuple[Callable[[Facts], Iterator[Finding]], ...]] = (_sqlite, _filesystem, _modes, _space, _clock)
