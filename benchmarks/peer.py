"""kanban-tui, the nearest peer: its latest release in an environment of its own, with as many cards as our board."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.databases import CACHE

__all__ = ["Peer", "installed"]

_FILL: Final = """
import sqlite3, sys
from datetime import datetime
from kanban_tui.backends.sqlite.database import init_first_board, init_new_db
path, cards = sys.argv[1], int(sys.argv[2])
init_new_db(path)
init_first_board(path)
made = datetime.now().replace(microsecond=0).isoformat()
rows = [(f"Deal {n:05}", 1 + n % 3, made, f"Refit of line {n % 9}, 1.2M", "{}", n // 3) for n in range(cards)]
with sqlite3.connect(path) as database:
    database.executemany(
        'INSERT INTO tasks (title, "column", creation_date, description, metadata, position) VALUES (?, ?, ?, ?, ?, ?)',
        rows,
    )
"""
_VERSION: Final = "from importlib.metadata import version; print(version('kanban-tui'), version('textual'))"


@dataclass(frozen=True, slots=True)
class Peer:
    """The installed peer; where it could not be installed, `missing` says why and nothing is measured."""

    folder: Path
    version: str = ""
    missing: str = ""

    @property
    def command(self) -> tuple[str, ...]:
        """What starts it."""
        return (str(self.folder / "bin" / "ktui"),)

    def fill(self, home: Path, cards: int) -> Mapping[str, str]:
        """Make a board with so many cards in an empty home directory; return the environment that leads there."""
        told = {name: str(home / part) for name, part in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"))}
        told |= {"HOME": str(home)}
        database = home / "data" / "kanban_tui" / "kanban_tui.db"
        command = [str(self.folder / "bin" / "python"), "-c", _FILL, str(database), str(cards)]
        subprocess.run(command, check=True, env={**told, "LC_ALL": "C.UTF-8"}, cwd=home)
        return told


def installed() -> Peer:
    """Return the peer, installed from the package index when it is not there yet."""
    folder = CACHE / "kanban-tui"
    python = folder / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        if not (folder / "bin" / "ktui").exists():
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "kanban-tui"]
            subprocess.run(pip, check=True)
        told = subprocess.run([python, "-c", _VERSION], check=True, capture_output=True, text=True).stdout.split()
    except (OSError, subprocess.CalledProcessError) as error:
        kind = type(error).__name__
        return Peer(folder, missing=f"kanban-tui could not be installed here ({kind}), so nothing is said of it.")
    return Peer(folder, f"{told[0]} on Textual {told[1]}")
