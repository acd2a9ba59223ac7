"""How long the commands for scripts take, from the start of the process to its end, against a bare interpreter."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.databases import LANGUAGE, copied, database
from benchmarks.environment import PLAIN, programs

__all__ = ["measured"]

_DEALS: Final = (10_000, 60_000)
BLOCKED: Final = 3
"""The exit code of a gate that is shut."""


def _once(command: tuple[str, ...], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    code = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode
    if code not in {0, BLOCKED}:
        raise RuntimeError(f"{' '.join(command[1:])} failed with {code}")
    return time.perf_counter() - began


def measured(runs: int, sizes: tuple[int, ...] = _DEALS) -> dict[str, Any]:
    """Return the median seconds of each command, taken in turns."""
    found: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="salestui-bench-") as folder:
        plans = _plans(Path(folder), sizes)
        for number in range(runs + 1):
            for name, (command, environment) in plans.items():
                seconds = _once(command, environment)
                if number:  # the first of all warms up
                    found.setdefault(name, []).append(seconds)
    return {name: round(median(times), 4) for name, times in found.items()}


def _plans(folder: Path, sizes: tuple[int, ...]) -> dict[str, tuple[tuple[str, ...], dict[str, str]]]:
    tools = programs()
    python, salestui = str(tools / "python"), str(tools / "salestui")
    common = {**PLAIN, "SALESTUI_LANGUAGE": LANGUAGE, "HOME": str(folder), "PATH": str(tools)}
    plans = {
        "bare": ((python, "-c", "pass"), common),
        "version": ((salestui, "--version"), common),
    }
    for deals in sizes:
        home = folder / str(deals)
        home.mkdir()
        there = {**common, "SALESTUI_DATABASE": str(copied(database(deals), home))}
        plans[f"list {deals}"] = ((salestui, "deal", "list", "--json"), there)
        plans[f"gate {deals}"] = ((salestui, "deal", "gate", "D5", "--json"), there)
    return plans
