"""Turns sessions into figures: medians of all runs, kept as JSON beside the report they are printed in."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.programs import Session

__all__ = ["Figures", "environment", "figures_of"]

_KEPT: Final = Path(__file__).with_name("results.json")
_LIBRARIES: Final = ("textual", "rich", "peewee", "pydantic")


@dataclass(slots=True)
class Figures:
    """Everything measured, as JSON knows it: a section for each command, each with where and when it was measured."""

    sections: dict[str, Any]

    @classmethod
    def kept(cls) -> Figures:
        """Return what was measured last, nothing where nothing was."""
        return cls(json.loads(_KEPT.read_text("utf-8")) if _KEPT.exists() else {})

    def keep(self) -> None:
        """Keep it for the next report."""
        _KEPT.write_text(json.dumps(self.sections, indent=1, sort_keys=True) + "\n", "utf-8")

    def at(self, *path: str) -> Any:  # noqa: ANN401  # a number, a text or a part of the tree
        """Return what stands at a path, None where nothing was measured."""
        found: Any = self.sections
        for name in path:
            if not isinstance(found, Mapping) or name not in found:
                return None
            found = found[name]
        return found


def figures_of(sessions: Sequence[Session]) -> dict[str, Any]:
    """Return the medians of several sessions of one program."""
    names = dict.fromkeys(name for session in sessions for name in session.answers)
    told: dict[str, Any] = {
        "runs": len(sessions),
        "start_s": _median(session.start for session in sessions),
        "start_bytes": _median(session.start_bytes for session in sessions),
        "start_processor_s": _median(session.processor for session in sessions),
        "memory_kib": _median(session.memory for session in sessions),
        "peak_kib": _median(session.peak for session in sessions),
        "unsettled": sum(not session.settled for session in sessions),
        "keys": {},
    }
    for name in names:
        answers = [answer for session in sessions for answer in session.answers.get(name, ())]
        told["keys"][name] = {
            "count": len(answers),
            "ms": _median(answer.last for answer in answers),
            "worst_ms": round(max(answer.last for answer in answers), 1),
            "bytes": _median(answer.bytes for answer in answers),
            "worst_bytes": max(answer.bytes for answer in answers),
            "later_bytes": _median(answer.later for answer in answers),
            "processor_ms": _median(answer.processor for answer in answers),
        }
        told["unsettled"] += sum(not answer.settled for answer in answers)
    return told


def _median(values: Iterable[float]) -> float:
    return round(median(values), 3)


def environment(runs: int) -> dict[str, Any]:
    """Return where and when it is measured: the kind of machine and the versions, no names and no paths."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "runs": runs,
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB, {platform.system()} {_release()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "sqlite": _sqlite(),
        "load": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    told = _text("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory() -> str:
    found = re.search(r"^MemTotal:\s*(\d+)", _text("/proc/meminfo"), re.MULTILINE)
    return str(round(int(found[1]) / 2**20)) if found else "?"


def _release() -> str:
    return ".".join(platform.release().split("-", 1)[0].split(".")[:2])


def _sqlite() -> str:
    from salestui.storage.driver import sqlite3

    return str(sqlite3.sqlite_version)


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""
