"""Which modules a start imports, seen from inside: `python -m tests.speed.modules` keeps the present list."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from salestui import system
from salestui.services import sample
from salestui.storage.store import Store
from tools.terminal import Terminal

KEPT = Path(__file__).with_name("first_frame.txt")
"""Our modules that are imported before the first frame."""

ROOT = Path(__file__).resolve().parents[2]
_TOLD = """
import atexit, sys
def tell():
    with open(sys.argv[1], "w") as file:
        file.write("\\n".join(sorted(sys.modules)))
atexit.register(tell)
from salestui.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
_RESTLESS = "import salestui.app\nsalestui.app.AT_REST = 3600\n"
"""What is loaded while nobody asks for it does not count, however long the start takes."""


def made(folder: Path, deals: int = 10) -> Path:
    """Return a small database whose administrator is who runs the tests."""
    path = folder / "sales.db"
    with Store.open(path) as store:
        sample.fill(store, "en", datetime.now(UTC), deals=deals, login=system.person().login)
    return path


def of_board(database: Path) -> frozenset[str]:
    """Return what was imported when the board stood on the screen and the user left."""
    told = database.parent / "modules.txt"
    environment = {"SALESTUI_DATABASE": str(database), "SALESTUI_LANGUAGE": "en", "LC_ALL": "C.UTF-8"}
    with Terminal([sys.executable, "-c", _RESTLESS + _TOLD, told], environment=environment, directory=ROOT) as terminal:
        terminal.wait_for("advance", "met")
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return frozenset(told.read_text().split())


def of_command(database: Path, *words: str) -> frozenset[str]:
    """Return what a command imported."""
    told = database.parent / "modules.txt"
    environment = {**os.environ, "SALESTUI_DATABASE": str(database), "SALESTUI_LANGUAGE": "en"}
    command = [sys.executable, "-c", _TOLD, str(told), *words]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False, cwd=ROOT)
    return frozenset(told.read_text().split())


def ours(modules: frozenset[str]) -> list[str]:
    """Return the modules of this program, in order."""
    return sorted(name for name in modules if name.partition(".")[0] == "salestui")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        KEPT.write_text("\n".join(ours(of_board(made(Path(folder))))) + "\n", "utf-8")
