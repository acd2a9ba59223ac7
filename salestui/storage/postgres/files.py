"""Attached files in the database, where whatever backs it up and copies it to a standby has them too."""

from __future__ import annotations

import io
import os
import re
import stat
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from salestui.domain.facts import FileFact
from salestui.domain.text import clean_name
from salestui.errors import FileDamaged, FileMissing, FileTooLarge, FileUnreadable, NotARegularFile
from salestui.storage.files import SIZE_LIMIT, DirectoryFileStore
from salestui.storage.folders import READ

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from salestui.storage.postgres.connection import PostgresDatabase

__all__ = ["DatabaseFileStore", "shared_folder"]

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_KEEP: Final = "INSERT INTO attachment (digest, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def shared_folder(folder: str) -> DirectoryFileStore:
    """Return the file store in a directory that belongs to the team's group."""
    return DirectoryFileStore(Path(folder), folder_mode=0o2770, file_mode=0o660)


class DatabaseFileStore:
    """A file store in the table `attachment`; a file is kept as the transaction under way is, else at once.

    What is put while a snapshot is read is kept by a connection of its own; the snapshot does not show it, so it is
    remembered until the snapshot ends.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._there: set[str] = set()
        self._fresh: dict[str, bytes] = {}

    def put(self, source: Path | int, *, name: str | None = None, limit: int = SIZE_LIMIT) -> FileFact:
        """Keep a copy of a plain file; see FileStore."""
        if isinstance(source, int):
            return self._keep(source, Path(name or ""), name or "", limit)
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

    def _keep(self, descriptor: int, source: Path, name: str, limit: int) -> FileFact:
        content = _content(descriptor, source, limit)
        shown = clean_name(PurePosixPath(name.replace("\\", "/")).name)
        shown = "file" if shown in {"", ".", ".."} else shown
        digest = sha256(content).hexdigest()
        if self._database.in_transaction() and not self._database.changing:  # type: ignore[no-untyped-call]  # Peewee's
            self._database.aside(_KEEP, (digest, content))
            self._fresh[digest] = content
        else:
            with self._change():
                self._database.execute_sql(_KEEP, (digest, content))
        return FileFact(shown, digest, len(content), PurePosixPath(shown).suffix[1:].lower())

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """Open a stored file, verified; see FileStore."""
        place = Path("attachment") / digest
        if not self._database.in_transaction():  # type: ignore[no-untyped-call]  # Peewee's types leave it out
            self._fresh.clear()
        if digest in self._fresh:
            yield io.BytesIO(self._fresh[digest])
            return
        row = None
        if _HASH.fullmatch(digest):
            with self._look():
                row = self._database.execute_sql(
                    "SELECT content FROM attachment WHERE digest = %s", (digest,)
                ).fetchone()
        if row is None:
            raise FileMissing(place)
        content = bytes(row[0])
        if sha256(content).hexdigest() != digest:
            raise FileDamaged(place)
        yield io.BytesIO(content)

    def exists(self, digest: str) -> bool:
        """Whether there is a file of this hash; one that was there stays there."""
        if digest in self._there:
            return True
        if not _HASH.fullmatch(digest):
            return False
        with self._look():
            row = self._database.execute_sql("SELECT 1 FROM attachment WHERE digest = %s", (digest,)).fetchone()
        if row is not None and not self._database.changing:
            self._there.add(digest)
        return row is not None

    def verify(self, digest: str) -> None:
        """Read a stored file through; see FileStore."""
        with self.open(digest):
            return

    def _look(self) -> AbstractContextManager[None]:
        return nullcontext() if self._database.in_transaction() else self._database.snapshot()  # type: ignore[no-untyped-call]  # Peewee's

    def _change(self) -> AbstractContextManager[None]:
        return nullcontext() if self._database.in_transaction() else self._database.writing()  # type: ignore[no-untyped-call]  # Peewee's


def _content(descriptor: int, source: Path, limit: int) -> bytes:
    """Read a plain file whole, from its beginning, wherever the descriptor stands."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NotARegularFile(source)
    if status.st_size > limit:
        raise FileTooLarge(source, limit)
    content = bytearray()
    try:
        while chunk := os.pread(descriptor, 1024 * 1024, len(content)):
            content += chunk
            if len(content) > limit:
                raise FileTooLarge(source, limit)
    except OSError as error:
        raise FileUnreadable(source, error.strerror or "") from error
    return bytes(content)
