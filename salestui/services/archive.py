"""The one file of a backup or a dump: a ZIP archive whose first part lists all others with size and hash.

Any unzip program opens it. What is read from it is looked up in that list and checked against it, never unpacked by
the names in the archive; it appears under its name only when it is whole and on the disk.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from salestui import system
from salestui.dataclass import dataclass
from salestui.errors import BackupUnusable, FileThere
from salestui.i18n import gettext as _
from salestui.storage.faults import fault_of_os

__all__ = ["Archive", "ArchiveWriter", "Part", "opened", "scratch", "writing"]

LARGEST_LIST: Final = 100_000_000
"""The most bytes of an archive's list that are read."""

DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip
"""What reading a damaged archive may raise."""

_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive: its name in it, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


class ArchiveWriter:
    """An archive under way; made by `writing` alone."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.parts: list[Part] = []

    def add(self, name: str, source: IO[bytes], *, packed: bool = False) -> Part:
        """Copy a stream into the archive, `packed` where that saves space."""
        found, size = sha256(), 0
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._file.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                found.update(chunk)
                size += len(chunk)
                target.write(chunk)
        part = Part(name, size, found.hexdigest())
        self.parts.append(part)
        return part

    def close(self, name: str, document: Mapping[str, object]) -> None:
        """Write the list, last, as the part `name`: `document` and all parts."""
        parts = [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in self.parts]
        text = json.dumps({**document, "parts": parts}, ensure_ascii=False, indent=1, allow_nan=False)
        self._file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


@contextmanager
def writing(
    path: Path, check: Callable[[Path], None], *, mode: int = 0o600, replace: bool = False
) -> Iterator[ArchiveWriter]:
    """Write an archive; it appears at `path` when the block ends well and `check` accepts what lies on the disk.

    Raises FileThere, storage faults and what `check` raises, and then leaves nothing.
    """
    if os.path.lexists(path) and not replace:
        raise FileThere(path)
    draft = path.with_name(f".{path.name[:60]}.{secrets.token_hex(6)}.part")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), mode)
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as packed:
                yield ArchiveWriter(packed)
            file.flush()
            os.fsync(file.fileno())
        check(draft)
        draft.replace(path)
        system.flush_directory(path.parent)
    except OSError as error:
        raise fault_of_os(error, path) from error
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@contextmanager
def scratch(folder: Path | None = None) -> Iterator[Path]:
    """Give a private directory in `folder` that goes away; what the system refuses inside is a storage fault."""
    try:
        with tempfile.TemporaryDirectory(prefix=".salestui-", dir=folder) as name:
            yield Path(name)
    except OSError as error:
        raise fault_of_os(error, (folder or Path(tempfile.gettempdir())) / "salestui") from error


class Archive:
    """An archive that is read; made by `opened` alone."""

    def __init__(self, path: Path, file: zipfile.ZipFile, document: Mapping[str, Any]) -> None:
        self.path = path
        self.document = document
        self._file = file
        listed = (Part(part["name"], part["size"], part["sha256"]) for part in document["parts"])
        self.parts = {part.name: part for part in listed}

    def chunks(self, name: str) -> Generator[bytes]:
        """Yield a part piece by piece; raises BackupUnusable as soon as it is not what the list says."""
        part = self.parts.get(name)
        if part is None:
            raise BackupUnusable(self.path, _("It has no part {name}.").format(name=name))
        found, size = sha256(), 0
        try:
            with self._file.open(name) as source:
                while chunk := source.read(min(_CHUNK, part.size - size + 1)):
                    size += len(chunk)
                    if size > part.size:
                        break
                    found.update(chunk)
                    yield chunk
        except DAMAGED as error:
            raise BackupUnusable(self.path, _damaged(name)) from error
        if size != part.size or found.hexdigest() != part.sha256:
            raise BackupUnusable(self.path, _damaged(name))

    def unpack(self, name: str, target: BinaryIO) -> None:
        """Write a part to an open file; raises BackupUnusable where it is not what the list says."""
        target.writelines(self.chunks(name))

    def check(self, name: str) -> None:
        """Read a part through."""
        for _chunk in self.chunks(name):
            pass


def _damaged(name: str) -> str:
    return _("Its part {name} is damaged.").format(name=name)


@contextmanager
def opened(path: Path, name: str, kind: str) -> Iterator[Archive]:
    """Open an archive whose list is the part `name` and of the format `kind`; raises BackupUnusable."""
    try:
        packed = zipfile.ZipFile(path)
    except OSError as error:
        raise BackupUnusable(path, f"{error.strerror or error}.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off.")) from error
    with packed:
        yield Archive(path, packed, _listed(path, packed, name, kind))


def _listed(path: Path, packed: zipfile.ZipFile, name: str, kind: str) -> Mapping[str, Any]:
    try:
        with packed.open(name) as source:
            document = json.loads(source.read(LARGEST_LIST))
    except DAMAGED as error:
        raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off.")) from error
    if not isinstance(document, dict) or not isinstance(document.get("parts"), list):
        raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off."))
    if document.get("format") != kind:
        told = str(document.get("format"))[:60]
        raise BackupUnusable(path, _("Its format is {found}, not {wanted}.").format(found=told, wanted=kind))
    if not all(isinstance(part, dict) and _is_part(part) for part in document["parts"]):
        raise BackupUnusable(path, _("It is no archive of salestui, or it was cut off."))
    return document


def _is_part(part: Mapping[str, object]) -> bool:
    size = part.get("size")
    named = isinstance(part.get("name"), str) and isinstance(part.get("sha256"), str)
    return named and isinstance(size, int) and not isinstance(size, bool) and size >= 0
