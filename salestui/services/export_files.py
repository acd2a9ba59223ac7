"""Writes exported files whole or not at all, and never over an existing file unasked."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from salestui.domain.documents import Exported
from salestui.errors import BadInput, DiskFull, FileThere
from salestui.i18n import gettext as _

__all__ = ["check_place", "write"]

_PRIVATE = 0o600
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


def check_place(path: Path, *, replace: bool) -> Path:
    """Return the absolute path of a file that can be written there; raises BadInput and FileThere.

    It is asked before the work of making the content.
    """
    target = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100  # resolve() would follow a link at the end
    if target.is_dir():
        raise BadInput(str(path), _("This is a folder. Give the name of a file in it."))
    if not target.parent.is_dir():
        raise BadInput(str(path), _("There is no folder {folder}.").format(folder=target.parent))
    if os.path.lexists(target) and not replace:
        raise FileThere(target)
    return target


def write(path: Path, content: bytes, *, replace: bool = False) -> Exported:
    """Write a new file at an absolute path, or with `replace` in place of one that exists; return what was written.

    A new file is its owner's alone, for it holds customers' data; one that is replaced keeps its permissions. Raises
    FileThere, DiskFull, and BadInput where nothing can be written.
    """
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.part")
    try:
        _write_new(temporary, content, _mode(path) if replace else _PRIVATE)
        try:
            if replace:
                temporary.replace(path)
            else:
                _move_to_new(temporary, path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except FileExistsError as error:
        raise FileThere(path) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(path) from error
        problem = _("It cannot be written there ({reason}).").format(reason=error.strerror or error)
        raise BadInput(str(path), problem) from error
    return Exported(str(path), len(content), hashlib.sha256(content).hexdigest())


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return _PRIVATE


def _write_new(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, _PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(mode)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def _move_to_new(source: Path, target: Path) -> None:
    """Give a file its name unless that is taken, with no instant between asking and doing where links are known."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        source.rename(target)
