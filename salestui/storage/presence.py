"""Who has what before him just now: one small file for each session that looks at something, beside the database.

A file is locked by its session for as long as that lives; whoever can lock it knows that the session has died, and
clears it away. So nothing has to be written while nothing happens, no clock decides who is still there, and the
database itself is left alone. Opening a deal costs one file, closing it removes it.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from salestui.storage.claims import Claim, Presence
from salestui.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from salestui.storage.store import Store

__all__ = ["DirectoryPresence", "presence_of"]

ENDING: Final = ".here"
LARGEST: Final = 1000
"""Bytes of a file that are read; ours have a tenth of it."""


class DirectoryPresence:
    """The presence of one session in a directory that all sessions of the database share.

    It never raises: where the directory cannot be used nobody is seen.
    """

    def __init__(self, directory: Path, *, shared: bool) -> None:
        self._directory = directory
        self._modes = (0o2770, 0o660) if shared else (0o700, 0o600)
        self._path = directory / f"{os.getpid()}-{os.urandom(4).hex()}{ENDING}"
        self._held: int | None = None

    def tell(self, claim: Claim | None) -> None:
        """Say what this session has before it; None: nothing."""
        if sys.platform == "win32":
            return
        with suppress(OSError):
            if claim is None:
                self._let_go()
            else:
                self._claim(claim)

    def _claim(self, claim: Claim) -> None:
        import fcntl  # there is none on Windows

        directory_mode, mode = self._modes
        if not self._directory.is_dir():
            self._directory.mkdir(exist_ok=True)
            self._directory.chmod(directory_mode)
        written = self._path.with_suffix(".new")
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(written, flags, mode)
        try:
            os.fchmod(descriptor, mode)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            content = {"user": claim.user, "subject": claim.subject, "doing": claim.doing}
            os.write(descriptor, json.dumps(content).encode())
            written.rename(self._path)
        except OSError:
            os.close(descriptor)
            raise
        if self._held is not None:
            os.close(self._held)
        self._held = descriptor

    def _let_go(self) -> None:
        if self._held is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._held)
            self._held = None

    def token(self) -> int:
        """Return a number that changes when somebody comes, goes on to something else, or goes; made to be polled."""
        try:
            return self._directory.stat().st_mtime_ns
        except OSError:
            return 0

    def others(self) -> tuple[Claim, ...]:
        """Return what the other sessions that live have before them; what dead ones left is cleared away."""
        if sys.platform == "win32":
            return ()
        try:
            names = sorted(entry.name for entry in os.scandir(self._directory))
        except OSError:
            return ()
        return tuple(self._read(names))

    def _read(self, names: list[str]) -> Iterator[Claim]:
        for name in names:
            path = self._directory / name
            if path.suffix == ENDING and path != self._path:
                with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                    claim = _living(path)
                    if claim is not None:
                        yield claim

    def close(self) -> None:
        """Let go of everything; the session ends."""
        self.tell(None)


def _living(path: Path) -> Claim | None:
    """Return what a session says, None where it has died; then its file is removed."""
    import fcntl  # there is none on Windows

    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            said = json.loads(os.read(descriptor, LARGEST))
            return Claim(int(said["user"]), str(said["subject"]), str(said["doing"]))
        path.unlink(missing_ok=True)
        return None
    finally:
        os.close(descriptor)


def presence_of(store: Store) -> Presence:
    """Return the presence of a new session at a store: in a directory beside its file, or on its server."""
    database = store.database
    if isinstance(database.location, Location):
        return DirectoryPresence(database.location.beside(".here"), shared=database.shared)
    from salestui.storage.postgres.presence import ServerPresence

    return ServerPresence(database)  # type: ignore[arg-type]  # only a server has another kind of location
