"""A directory held by descriptor: names are looked up in it and nowhere else, and links are never followed.

Where the system has no such calls (Windows), paths stand in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from salestui import system

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["READ", "Folder"]

_BY_DESCRIPTOR: Final = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_COMMON: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

READ: Final = os.O_RDONLY | _COMMON | getattr(os, "O_NONBLOCK", 0)
"""Flags to read what may turn out to be a link or a pipe: the first is refused, the second does not hang."""

_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON


class Folder:
    """An open directory. Every call takes a bare name and raises OSError as the system does."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a directory that exists and is no link."""
        return cls(path, os.open(path, os.O_RDONLY | os.O_DIRECTORY | _COMMON) if _BY_DESCRIPTOR else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def sub(self, name: str) -> Folder:
        """Open a directory in this one."""
        if self._descriptor is None:
            return Folder(self.path / name, None)
        flags = os.O_RDONLY | os.O_DIRECTORY | _COMMON
        return Folder(self.path / name, os.open(name, flags, dir_fd=self._descriptor))

    def make(self, name: str, mode: int) -> None:
        """Make a directory in this one unless it is there."""
        try:
            os.mkdir(self._named(name), mode, dir_fd=self._descriptor)
        except FileExistsError:
            return
        system.set_mode(self.path / name, mode)

    def create(self, name: str, mode: int) -> int:
        """Create a new file and return its descriptor, open for writing."""
        descriptor = os.open(self._named(name), _CREATE, mode, dir_fd=self._descriptor)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        return descriptor

    def read(self, name: str) -> int:
        """Open a file for reading and return its descriptor."""
        return os.open(self._named(name), READ, dir_fd=self._descriptor)

    def move(self, name: str, target: Folder, new_name: str) -> None:
        """Move a file of this folder into another, in place of what has the name there, and make that durable."""
        if self._descriptor is None:
            (self.path / name).replace(target.path / new_name)
        else:
            os.replace(name, new_name, src_dir_fd=self._descriptor, dst_dir_fd=target._descriptor)
        target.flush()

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        try:
            os.unlink(self._named(name), dir_fd=self._descriptor)
        except FileNotFoundError:
            return

    def flush(self) -> None:
        """Make the names in this directory survive a power cut."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def _named(self, name: str) -> str | Path:
        return name if self._descriptor is not None else self.path / name
