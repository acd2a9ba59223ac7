"""Attached files, kept by the hash of their content: nothing about them depends on the name a person gave."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from salestui import system
from salestui.domain.facts import FileFact
from salestui.domain.text import clean_name
from salestui.errors import FileDamaged, FileMissing, FileTooLarge, FileUnreadable, NotARegularFile
from salestui.storage.faults import fault_of_os
from salestui.storage.folders import READ, Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from salestui.storage.location import Location

__all__ = ["SIZE_LIMIT", "DirectoryFileStore", "FileStore"]

SIZE_LIMIT: Final = 100_000_000
"""The most bytes of one attached file."""

_CHUNK: Final = 1024 * 1024
_DRAFT: Final = "new-"
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class FileStore(Protocol):
    """Keeps attached files by content hash (SHA-256, hex), wherever they lie. A stored file is never changed."""

    def put(self, source: Path | int, *, name: str | None = None, limit: int = SIZE_LIMIT) -> FileFact:
        """Keep a copy of a plain file, given by path or open descriptor; `name` is its shown name.

        The copy is safe on the disk when this returns. Raises FileUnreadable, NotARegularFile, FileTooLarge, and
        DiskFull or another storage fault when the copy cannot be written.
        """
        ...

    def open(self, digest: str) -> AbstractContextManager[BinaryIO]:
        """Open a stored file for reading, its content verified; raises FileMissing or FileDamaged."""
        ...

    def exists(self, digest: str) -> bool:
        """Whether there is a file of this hash; its content is not looked at."""
        ...

    def verify(self, digest: str) -> None:
        """Read a stored file through; raises FileMissing or FileDamaged."""
        ...


class DirectoryFileStore:
    """A file store in a directory beside the database: `ab/cdef…` by the hash.

    `untouchable` are paths that are never opened, because closing the database's file would drop SQLite's locks.
    """

    def __init__(
        self, root: Path, *, folder_mode: int = 0o700, file_mode: int = 0o600, untouchable: tuple[Path, ...] = ()
    ) -> None:
        self.root = root
        self._folder_mode = folder_mode
        self._file_mode = file_mode
        self._untouchable = untouchable

    @classmethod
    def beside(cls, location: Location, *, shared: bool = False) -> DirectoryFileStore:
        """Return the file store of a database; a shared one for its group as well."""
        own = tuple(location.beside(ending) for ending in ("", "-wal", "-shm", "-journal", ".lock", ".gate"))
        if shared:
            return cls(location.files, folder_mode=0o2770, file_mode=0o660, untouchable=own)
        return cls(location.files, untouchable=own)

    def put(self, source: Path | int, *, name: str | None = None, limit: int = SIZE_LIMIT) -> FileFact:
        """Keep a copy of a plain file; see FileStore."""
        if isinstance(source, int):
            return self._keep(source, Path(name or ""), name or "", limit)
        self._check_touchable(source)
        try:
            descriptor = os.open(source, READ)
        except OSError as error:
            if source.is_symlink():
                raise NotARegularFile(source) from error
            raise FileUnreadable(source, error.strerror or "") from error
        try:
            return self._keep(descriptor, source, name if name is not None else source.name, limit)
        finally:
            os.close(descriptor)

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """Open a stored file, verified; see FileStore."""
        path = self._path(digest)
        with self._descriptor(digest) as descriptor, os.fdopen(descriptor, "rb", closefd=False) as file:
            found = sha256()
            while chunk := file.read(_CHUNK):
                found.update(chunk)
            if found.hexdigest() != digest:
                raise FileDamaged(path)
            file.seek(0)
            yield file

    def exists(self, digest: str) -> bool:
        """Whether there is a file of this hash."""
        return bool(_HASH.fullmatch(digest)) and self._path(digest).is_file()

    def verify(self, digest: str) -> None:
        """Read a stored file through; see FileStore."""
        with self.open(digest):
            return

    def is_sound(self, digest: str) -> bool:
        """Whether the file of this hash is there and what it was."""
        try:
            self.verify(digest)
        except (FileMissing, FileDamaged, FileUnreadable):
            return False
        return True

    def bring(self, digest: str, chunks: Iterable[bytes]) -> None:
        """Keep a file that comes in pieces under its hash, in place of a damaged one; raises FileDamaged, DiskFull."""
        path = self._path(digest)
        try:
            self._make_root()
            with Folder.open(self.root) as root:
                found = self._copy(chunks, root)[0]
        except OSError as error:
            raise fault_of_os(error, self.root) from error
        if found != digest:
            raise FileDamaged(path)

    def stored(self) -> Iterator[str]:
        """Yield the hashes of all files kept, by their names alone."""
        for folder in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if folder.is_dir() and not folder.is_symlink():
                yield from (name for name in (folder.name + file.name for file in folder.iterdir()) if _is_hash(name))

    def leftovers(self, before: float) -> tuple[Path, ...]:
        """Return the files begun and never finished that were last written before a time (seconds since 1970)."""
        found = self.root.glob(f"{_DRAFT}*") if self.root.is_dir() else ()
        return tuple(path for path in sorted(found) if path.lstat().st_mtime < before)

    def _path(self, digest: str) -> Path:
        if not _HASH.fullmatch(digest):
            raise FileMissing(self.root / "?")
        return self.root / digest[:2] / digest[2:]

    @contextmanager
    def _descriptor(self, digest: str) -> Iterator[int]:
        path = self._path(digest)
        try:
            with Folder.open(self.root) as root, root.sub(digest[:2]) as folder:
                descriptor = folder.read(digest[2:])
        except FileNotFoundError as error:
            raise FileMissing(path) from error
        except OSError as error:
            raise FileDamaged(path) if path.is_symlink() else FileUnreadable(path, error.strerror or "") from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileDamaged(path)
            yield descriptor
        finally:
            os.close(descriptor)

    def _check_touchable(self, source: Path) -> None:
        """Refuse the database's own files by what they are, under whatever name, before anything opens them."""
        try:
            status = os.lstat(source)
        except OSError as error:
            raise FileUnreadable(source, error.strerror or "") from error
        for path in self._untouchable:
            if path.exists() and os.path.samestat(status, path.stat()):
                raise NotARegularFile(source)

    def _keep(self, descriptor: int, source: Path, name: str, limit: int) -> FileFact:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotARegularFile(source)
        if status.st_size > limit:
            raise FileTooLarge(source, limit)
        shown = clean_name(PurePosixPath(name.replace("\\", "/")).name)
        shown = "file" if shown in {"", ".", ".."} else shown
        try:
            self._make_root()
            with Folder.open(self.root) as root:
                digest, size = self._copy(self._chunks(descriptor, source, limit), root)
        except OSError as error:
            raise fault_of_os(error, self.root) from error
        return FileFact(shown, digest, size, PurePosixPath(shown).suffix[1:].lower())

    def _make_root(self) -> None:
        try:
            self.root.mkdir(mode=self._folder_mode)
        except FileExistsError:
            return
        system.set_mode(self.root, self._folder_mode)
        system.flush_directory(self.root.parent)

    def _copy(self, chunks: Iterable[bytes], root: Folder) -> tuple[str, int]:
        """Copy and hash in one pass, so that what is kept is what was hashed."""
        draft = f"{_DRAFT}{os.urandom(16).hex()}"
        target = root.create(draft, self._file_mode)
        try:
            with os.fdopen(target, "wb") as copy:
                found, size = sha256(), 0
                for chunk in chunks:
                    size += len(chunk)
                    found.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            digest = found.hexdigest()
            root.make(digest[:2], self._folder_mode)
            with root.sub(digest[:2]) as folder:
                root.move(draft, folder, digest[2:])
            root.flush()
        finally:
            root.remove(draft)
        return digest, size

    @staticmethod
    def _chunks(descriptor: int, source: Path, limit: int) -> Iterator[bytes]:
        """Read one descriptor from its beginning; raises FileTooLarge as soon as it has more than `limit` bytes."""
        size = 0
        while True:
            try:
                chunk = os.pread(descriptor, _CHUNK, size) if hasattr(os, "pread") else os.read(descriptor, _CHUNK)
            except OSError as error:
                raise FileUnreadable(source, error.strerror or "") from error
            if not chunk:
                return
            size += len(chunk)
            if size > limit:
                raise FileTooLarge(source, limit)
            yield chunk


def _is_hash(name: str) -> bool:
    return bool(_HASH.fullmatch(name))
