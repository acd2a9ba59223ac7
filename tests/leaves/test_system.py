import asyncio
import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from salestui import system


def test_who_we_are_comes_from_the_account_and_not_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = system.person()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert system.person() == before
    assert before.uid == os.getuid()
    assert before.full_name


def test_a_number_without_an_account_is_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_123)
    assert system.person() == system.Person(2_000_000_123, "2000000123", "2000000123")


def test_a_lock_keeps_other_processes_out_and_ends_with_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = (
        "import sys, pathlib; from salestui import system\n"
        "with system.exclusive_lock(pathlib.Path(sys.argv[1])):\n"
        "    print('in', flush=True)\n"
        "    sys.stdin.read()\n"
    )

    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(lock)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        with lock.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        holder.kill()
    with system.exclusive_lock(lock):
        pass


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_a_lock_file_has_its_mode_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    before = os.umask(0o077)
    try:
        with system.exclusive_lock(tmp_path / "lock", mode=mode):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == mode


def test_a_lock_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"), system.exclusive_lock(tmp_path / "lock"):
        pass


def test_a_replaced_file_keeps_its_mode_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    system.replace_file(path, b"one", mode=0o640)
    system.replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        system.replace_file(tmp_path / "taken", b"x", mode=0o600)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


_MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:40 / /srv/nfs rw shared:1 - nfs4 server:/export rw
31 30 8:2 / /srv/nfs/local rw - xfs /dev/sdb rw
32 22 0:41 / /mnt/my\\040share rw - cifs //server/share rw
33 22 8:3 / /twice rw - ext4 /dev/sdc rw
34 22 0:42 / /twice rw - fuse.sshfs host:/ rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/lin/salestui.db", False),
        ("/srv/nfs/team/salestui.db", True),
        ("/srv/nfs/local/salestui.db", False),
        ("/srv/nfs-but-not-it/salestui.db", False),
        ("/mnt/my share/salestui.db", True),
        ("/twice/salestui.db", True),
    ],
)
def test_a_network_file_system_is_told_by_the_mount_the_path_lies_on(tmp_path: Path, path: str, expected: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS, "utf-8")
    assert bool(system.network_filesystem(Path(path), mounts)) is expected


def test_where_mounts_are_not_told_nothing_is_a_network_file_system(tmp_path: Path) -> None:
    assert system.network_filesystem(tmp_path, tmp_path / "missing") == ""
    assert system.is_network_filesystem(tmp_path) is False


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
async def test_a_dropped_line_and_a_request_to_end_are_heard_in_the_event_loop(number: signal.Signals) -> None:
    heard = asyncio.Event()
    undo = system.on_hangup(asyncio.get_running_loop(), heard.set)
    os.kill(os.getpid(), number)
    await asyncio.wait_for(heard.wait(), 10)
    undo()
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_document_is_opened_with_its_whole_path_and_no_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = tmp_path / "xdg-open"
    seen = tmp_path / "seen"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}.new"\nmv "{seen}.new" "{seen}"\n', "utf-8")
    opener.chmod(0o755)
    document = tmp_path / "$(touch pwned) 合同.pdf"
    document.touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def remembered(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(real(*args, **options))  # type: ignore[call-overload]  # passed on as they came
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)
    assert system.open_document(document) is True
    assert started[0].wait(30) == 0
    assert seen.read_text("utf-8") == str(document)


def test_without_a_desktop_no_document_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert system.open_document(Path(__file__)) is False


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_no_document_is_opened(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv(variable, "1")
    assert system.open_document(Path(__file__)) is False


@pytest.mark.parametrize("name", ["a.exe", "b.SH", "c.desktop", "d.pdf.bat", "e.py"])
def test_what_may_be_a_program_is_never_started(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    (tmp_path / name).write_text("#!/bin/sh\n", "utf-8")
    assert system.open_document(tmp_path / name) is False


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        ("https://example.com/a?b=c", True),
        ("HTTP://example.com", True),
        ("mailto:lin@example.com", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("ssh://example.com", False),
        ("/etc/passwd", False),
        ("https://example.com/\x1b]0;x", False),
        ("", False),
    ],
)
def test_only_links_to_pages_and_mails_are_opened_and_none_over_ssh(
    link: str, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    assert system.is_openable_link(link) is opens
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    assert system.is_openable_link(link) is False
