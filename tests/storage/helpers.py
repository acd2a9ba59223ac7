"""What the storage tests share: people, a moment, small changes, other processes."""

import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from salestui.domain.people import Actor
from salestui.storage import tables
from salestui.storage.store import Store, Transaction

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIN = Actor(1, "lin", "林悦")
CHEN = Actor(2, "chen", "陈默")


def add_setting(tx: Transaction, key: str, value: object = 1) -> None:
    """Make the smallest change there is, with its event."""
    tables.Setting.create(key=key, value=value)
    tx.record("setting.changed", subject=key, before=None, after={"value": value})


def save_setting(store: Store, key: str, value: object = 1) -> None:
    with store.transaction(LIN, now=NOW) as tx:
        add_setting(tx, key, value)


def setting_keys(store: Store) -> list[str]:
    with store.reading():
        return [row.key for row in tables.Setting.select().order_by(tables.Setting.key)]


def event_count(store: Store) -> int:
    with store.reading():
        return tables.Event.select().count()


def start_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python that can import the product and these tests."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def open_directory() -> Iterator[Path]:
    """Give a directory that every user may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        try:
            yield directory
        finally:
            directory.chmod(0o755)


def without_privileges(function: Callable[[], object]) -> str:
    """Run a function as an ordinary user and return the name of the exception it raised, or what it returned.

    The superuser may write anywhere, so nothing could be refused to it.
    """
    if os.getuid() != 0:
        return _outcome(function)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, _outcome(function).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def _outcome(function: Callable[[], object]) -> str:
    try:
        return str(function())
    except Exception as error:  # noqa: BLE001  # the name of any error is the result
        return type(error).__name__ if str(error) else traceback.format_exc()
