"""The gate of a shared database: fair, with a limit, and it says who is inside."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salestui import i18n, system
from salestui.domain.hold_up import HoldUp
from salestui.errors import DatabaseBusy, StorageFault
from salestui.storage.gate import Gate

HOLD = "import fcntl,os,sys; f=open(sys.argv[1],'r+'); fcntl.flock(f,fcntl.LOCK_EX); print(1,flush=True); input()"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "sales.db"


def gate_of(place: Path, seconds: float = 30.0) -> Gate:
    return Gate(place.with_name("sales.db.gate"), place, 0o660, seconds)


@contextmanager
def held(place: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the gate, one that does not sign."""
    gate = place.with_name("sales.db.gate")
    gate.touch()
    command = [sys.executable, "-c", HOLD, str(gate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            yield other
        finally:
            other.kill()


def test_a_gate_that_is_not_left_in_time_is_reported_with_who_is_inside(place: Path) -> None:
    gate, told = gate_of(place, 0.05), list[HoldUp]()
    gate.on_wait = told.append
    with held(place) as other:
        with pytest.raises(DatabaseBusy) as busy, gate.passed():
            raise AssertionError("nobody may be inside")
        login = system.person().login
        assert told == [HoldUp(login, other.pid)]
        i18n.use("en")
        assert f"{login} (process {other.pid}) has held the database {place}" in busy.value.text()
    gate.close()


def test_who_lost_patience_keeps_the_place_and_lets_the_next_one_in(place: Path) -> None:
    gate, next_one = gate_of(place, 0.05), gate_of(place)
    with held(place):
        for _try in range(2):
            with pytest.raises(DatabaseBusy), gate.passed():
                raise AssertionError("nobody may be inside")
        assert sum(thread.name == "gate" and thread.is_alive() for thread in threading.enumerate()) == 1
    with next_one.passed():
        pass
    with gate.passed():
        pass
    assert gate.hold_up() is None


def test_a_turn_that_comes_while_one_waits_is_taken(place: Path) -> None:
    gate, inside = gate_of(place), threading.Event()
    with held(place) as other:

        def pass_gate() -> None:
            with gate.passed():
                inside.set()

        waiting = threading.Thread(target=pass_gate)
        waiting.start()
        while gate.hold_up() is None:
            assert not inside.is_set()
        other.kill()
        waiting.join(60)
        assert inside.is_set()


def test_only_one_of_many_is_inside(place: Path) -> None:
    inside, most = [0], [0]

    def work() -> None:
        gate = gate_of(place)
        for _turn in range(30):
            with gate.passed():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                os.sched_yield()
                inside[0] -= 1
        gate.close()

    workers = [threading.Thread(target=work) for _number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert most == [1]


def test_the_file_names_the_last_writer_and_is_written_only_when_it_names_another(place: Path) -> None:
    gate = gate_of(place)
    with gate.passed():
        pass
    path = place.with_name("sales.db.gate")
    assert path.read_text().split() == [str(os.getpid()), system.person().login]
    os.utime(path, (1, 1))
    with gate.passed():
        pass
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize("written", [b"", b"nonsense", b"-5 wang", b"\xff\xfe\x00 x", b"12 \x1b]0;title\x07"])
def test_whatever_stands_in_the_file_is_no_reason_to_stumble(
    place: Path, written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "lock_holder", lambda _path: None)
    gate = gate_of(place, 0.01)
    with held(place):
        place.with_name("sales.db.gate").write_bytes(written)
        with pytest.raises(DatabaseBusy) as busy, gate.passed():
            raise AssertionError("nobody may be inside")
    assert busy.value.text().isprintable()


def test_the_kernel_says_who_holds_a_lock_file_and_else_nobody_is_named(tmp_path: Path) -> None:
    lock, locks = tmp_path / "gate", tmp_path / "locks"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert system.lock_holder(lock) == os.getpid()
    assert system.lock_holder(lock) is None
    locks.write_text("1: FLOCK\n2: POSIX  ADVISORY  READ 1 fe:00:1 128 128\n")
    assert system.lock_holder(lock, locks) is None
    assert system.lock_holder(lock, tmp_path / "none") is None
    assert system.login_of(os.getpid()) == system.person().login
    assert system.login_of(0) == ""


def test_a_gate_that_cannot_be_opened_is_a_fault_that_names_the_place(tmp_path: Path) -> None:
    gate = gate_of(tmp_path / "none" / "sales.db")
    with pytest.raises(StorageFault) as fault, gate.passed():
        raise AssertionError("nobody may be inside")
    assert "none" in str(fault.value)
