"""Makes the place of a shared SQLite database: a directory for one group, with the modes that keep everybody else out.

Every file is made before the first connection and by its mode alone, so that the umask of whoever comes first does not
lock the others out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from salestui import system
from salestui.errors import DirectoryInUse, NoGroups, NotYoursToShare, UnknownAccount, UnknownGroup
from salestui.storage.faults import fault_of_os
from salestui.storage.location import Location
from salestui.storage.opening import SHARED_MODE

__all__ = ["DIRECTORY_MODE", "FILE_NAME", "administrator", "is_shared", "prepare_directory", "settle"]

DIRECTORY_MODE: Final = 0o2770
"""Owner and group alone, and whatever is made inside belongs to the group."""

FILE_NAME: Final = "salestui.db"
"""The name of a database that is given by its directory."""

_REACHABLE: Final = 0o755
_ENDINGS: Final = ("", "-wal", "-shm", "-journal", ".lock", ".gate")


def administrator(login: str | None) -> system.Person:
    """Return who administers a new database: the account given, else whoever called; raises UnknownAccount."""
    if login is None:
        return system.caller()
    found = system.account(login)
    if found is None:
        raise UnknownAccount(login)
    return found


def prepare_directory(database: Path, group: str) -> None:
    """Make the directory of a shared database, with its file store, or set right the modes of one that is there.

    The superuser makes it root's; a member of the group makes it his own. Raises NoGroups, UnknownGroup,
    DirectoryInUse, NotYoursToShare, and a storage fault where nothing can be written.
    """
    if sys.platform == "win32":
        raise NoGroups
    number = system.group_id(group)
    if number is None:
        raise UnknownGroup(group)
    directory = database.parent
    _check_contents(database)
    try:
        _make(directory)
        _give(directory, number, group, DIRECTORY_MODE)
        files = Location(database).files
        files.mkdir(exist_ok=True)
        _give(files, number, group, DIRECTORY_MODE)
    except OSError as error:
        raise fault_of_os(error, directory) from error
    settle(database, group)


def is_shared(directory: Path) -> bool:
    """Tell whether a directory lets its group write, and gives that group whatever is made in it."""
    try:
        mode = directory.stat().st_mode
    except OSError:
        return False
    return mode & 0o2020 == 0o2020


def settle(database: Path, group: str) -> None:
    """Give the files of the database to the group, in whatever state an earlier attempt left them."""
    number = system.group_id(group)
    for path in (Location(database).beside(ending) for ending in _ENDINGS):
        if number is not None and path.exists():
            _give(path, number, group, SHARED_MODE)
    present = Location(database).beside(".here")
    if number is not None and present.is_dir():
        _give(present, number, group, DIRECTORY_MODE)


def _check_contents(database: Path) -> None:
    try:
        names = sorted(os.listdir(database.parent))  # noqa: PTH208  # the names are all that is asked for
    except FileNotFoundError:
        return
    except OSError as error:
        raise fault_of_os(error, database.parent) from error
    foreign = [name for name in names if not name.startswith(database.name)]
    if foreign:
        raise DirectoryInUse(database.parent, foreign[0])


def _make(directory: Path) -> None:
    """Make a directory; those above it that are missing too may be entered by everybody."""
    missing = [each for each in (directory, *directory.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700)
        system.set_mode(each, DIRECTORY_MODE if each == directory else _REACHABLE)


def _give(path: Path, number: int, group: str, mode: int) -> None:
    status = path.lstat()
    if (status.st_gid, status.st_mode & 0o7777) == (number, mode):
        return
    try:
        system.give_to_group(path, number, mode)
    except PermissionError as error:
        raise NotYoursToShare(path, group) from error
    if path.lstat().st_mode & 0o7777 != mode:
        raise NotYoursToShare(path, group)
