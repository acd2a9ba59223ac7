"""The one place that knows the operating system: who runs us, locks, durable files, signals, opening a document.

Linux and macOS are served in full; Windows for one user on a laptop, with the nearest thing it has.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.dataclass import dataclass

if TYPE_CHECKING:
    import asyncio
    import pwd
    from collections.abc import Callable, Iterator

__all__ = [
    "Person",
    "account",
    "caller",
    "exclusive_lock",
    "flush_directory",
    "free_bytes",
    "give_to_group",
    "group_id",
    "group_name",
    "is_network_filesystem",
    "is_openable_link",
    "lock",
    "lock_holder",
    "lock_now",
    "login_of",
    "network_filesystem",
    "on_hangup",
    "open_document",
    "open_lock",
    "person",
    "replace_file",
    "set_mode",
]

_PROGRAMS = frozenset(
    {".app", ".appimage", ".bat", ".cmd", ".com", ".command", ".cpl", ".desktop", ".exe", ".hta", ".jar", ".js", ".jse"}
    | {".lnk", ".msi", ".pif", ".pkg", ".ps1", ".py", ".pyw", ".reg", ".run", ".scr", ".sh", ".terminal", ".url"}
    | {".vb", ".vbe", ".vbs", ".ws", ".wsf", ".wsh"}
)
"""Endings of files that a desktop may run instead of showing them."""

_NETWORK_FILESYSTEMS = frozenset(
    {"9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.glusterfs", "fuse.s3fs"}
    | {"fuse.sshfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "smb2", "smb3"}
    | {"smbfs", "vboxsf", "webdav"}
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever the operating system says runs this process."""

    uid: int
    """The numeric user id; -1 on Windows, which has none."""
    login: str
    full_name: str
    """The name on the account; the login where the account has none."""


def person() -> Person:
    """Ask the kernel and the account database, never the environment, which anybody can set to any name."""
    if sys.platform == "win32":
        import getpass

        login = getpass.getuser()
        return Person(uid=-1, login=login, full_name=login)
    import pwd  # there is none on Windows

    uid = os.getuid()
    try:
        account = pwd.getpwuid(uid)
    except KeyError:  # a container may run under a number without an account
        return Person(uid=uid, login=str(uid), full_name=str(uid))
    return _person(account)


def _person(account: pwd.struct_passwd) -> Person:
    full_name = account.pw_gecos.split(",")[0].replace("&", account.pw_name.capitalize()).strip()
    return Person(uid=account.pw_uid, login=account.pw_name, full_name=full_name or account.pw_name)


def account(login: str) -> Person | None:
    """Return the account with this login, None where this machine has none; Windows is not asked."""
    if sys.platform == "win32":
        return None
    import pwd

    try:
        return _person(pwd.getpwnam(login))
    except (KeyError, ValueError):  # a name with a NUL in it is no name
        return None


def caller() -> Person:
    """Return who called sudo where the superuser runs us, else who runs us.

    The variable that sudo sets counts for the superuser alone, who could set up anything anyway.
    """
    number = os.environ.get("SUDO_UID", "")
    if sys.platform == "win32" or os.getuid() != 0 or not number.isdecimal() or int(number) == 0:
        return person()
    import pwd

    try:
        return account(pwd.getpwuid(int(number)).pw_name) or person()
    except (KeyError, OverflowError):
        return person()


def group_id(name: str) -> int | None:
    """Return the number of a group, None where this machine has none of that name or no groups at all."""
    if sys.platform == "win32":
        return None
    import grp  # there is none on Windows

    try:
        return grp.getgrnam(name).gr_gid
    except (KeyError, ValueError):
        return None


def group_name(number: int) -> str:
    """Return the name of a group, its number where it has none."""
    if sys.platform == "win32":
        return str(number)
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except (KeyError, OverflowError):
        return str(number)


def give_to_group(path: Path, group: int, mode: int, *, owner: int = -1) -> None:
    """Give a file or directory to a group, with exactly `mode` whatever the umask; raises OSError as the system does.

    `owner` is the new owner's number, -1 for the old one. Windows knows no groups and does nothing.
    """
    if sys.platform != "win32":
        os.chown(path, owner, group, follow_symlinks=False)
        path.chmod(mode)  # after the owner, for a change of owner takes the group's bit away


def free_bytes(path: Path) -> int:
    """Return how many bytes this person may still write on the file system of a path that exists."""
    import shutil

    return shutil.disk_usage(path).free


@contextmanager
def exclusive_lock(path: Path, *, mode: int = 0o600) -> Iterator[None]:
    """Hold the lock file `path` alone while the block runs; waits as long as another process holds it.

    The file is created when missing, with exactly `mode` whatever the umask, and stays. The kernel frees the lock when
    the process dies. Never use a database file itself: closing any descriptor of it drops the locks of SQLite.
    """
    descriptor = open_lock(path, mode)
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path, mode: int) -> int:
    """Open a lock file, made with exactly `mode` when missing, and return its descriptor; a link is refused."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, mode)
    if sys.platform != "win32" and os.fstat(descriptor).st_uid == os.getuid():
        os.fchmod(descriptor, mode)
    return descriptor


def lock(descriptor: int) -> None:
    """Lock an open lock file; waits as long as another process holds it, and nothing can end the wait."""
    if sys.platform == "win32":
        import msvcrt  # only there

        while not lock_now(descriptor):
            with suppress(OSError):  # it gives up after ten seconds; we do not
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl  # there is none on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def lock_now(descriptor: int) -> bool:
    """Lock an open lock file; False, at once, when another process holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            return False
        raise
    return True


def lock_holder(path: Path, locks: Path = Path("/proc/locks")) -> int | None:
    """Return the process that holds the lock file, 0 for one that cannot be seen; None where the kernel is silent."""
    try:
        status = path.stat()
        lines = locks.read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in lines:
        fields = line.split()
        if len(fields) > 5 and fields[1] == "FLOCK" and fields[5] == device and fields[4].isdecimal():
            return int(fields[4])
    return None


def login_of(pid: int) -> str:
    """Return the login of the account that runs a process, "" where the system does not tell."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name
    except (OSError, KeyError):
        return ""


def flush_directory(path: Path) -> None:
    """Make created and renamed names in a directory survive a power cut; Windows has no such call."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file so that a reader, or a power cut, finds the old content or the new one and nothing in between.

    `mode` is the file's mode; None keeps that of the file replaced, or takes what the umask gives a new one.
    """
    import tempfile

    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        set_mode(Path(name), mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_directory(path.parent)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def set_mode(path: Path, mode: int) -> None:
    """Give a file or directory this Unix mode; Windows knows no groups and keeps its own."""
    if sys.platform != "win32":
        path.chmod(mode)


def on_hangup(loop: asyncio.AbstractEventLoop, leave: Callable[[], None]) -> Callable[[], None]:
    """Call `leave` in the event loop when the connection drops (SIGHUP) or we are told to end (SIGTERM).

    Without this the process dies with drafts unsaved, or lives on without a terminal. Returns what undoes it. On
    Windows, where closing the window ends the process, nothing is installed.
    """
    if sys.platform == "win32":
        return lambda: None
    installed = (signal.SIGHUP, signal.SIGTERM)
    for number in installed:
        loop.add_signal_handler(number, leave)

    def undo() -> None:
        for number in installed:
            loop.remove_signal_handler(number)

    return undo


def is_network_filesystem(path: Path) -> bool:
    """Tell whether a path, which need not exist yet, lies on a network file system, where SQLite's locks fail."""
    return bool(network_filesystem(path))


def network_filesystem(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the kind of network file system, such as nfs4, that a path lies on; "" for a local one.

    Known on Linux only; elsewhere the answer is "".
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    wanted = path.resolve()
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescape_mount(fields[4]))
        if (
            wanted.is_relative_to(point) and len(point.parts) >= best
        ):  # a later mount on the same point hides the earlier
            best, kind = len(point.parts), after.split(" ")[0]
    return kind if kind in _NETWORK_FILESYSTEMS else ""


def _unescape_mount(text: str) -> str:
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, letter)
    return text


def is_openable_link(link: str) -> bool:
    """Whether a link is one to a page or a mail (http, https, mailto) and there is a desktop to open it."""
    if not link.lower().startswith(("http://", "https://", "mailto:")) or not link.isprintable():
        return False
    return _has_desktop() or (sys.platform in {"win32", "darwin"} and not _over_ssh())


def _over_ssh() -> bool:
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def _has_desktop() -> bool:
    return not _over_ssh() and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_document(path: Path) -> bool:
    """Open a file with the program the desktop has for it, without a shell; False when there is no desktop to ask.

    Over SSH there is none, and what may be a program is never started: show or copy the path instead.
    """
    import shutil
    import subprocess

    target = str(path.resolve(strict=True))
    if _over_ssh() or path.suffix.lower() in _PROGRAMS:
        return False
    if sys.platform == "win32":
        os.startfile(target)  # noqa: S606  # takes no shell
        return True
    if sys.platform == "darwin":
        command = ["/usr/bin/open", target]
    elif _has_desktop():
        command = [shutil.which("xdg-open") or "/usr/bin/xdg-open", target]
    else:
        return False
    try:
        opener = subprocess.Popen(  # noqa: S603  # an absolute path as one argument, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except FileNotFoundError:
        return False
    threading.Thread(target=opener.wait, daemon=True).start()  # or it stays a zombie until we end
    return True
