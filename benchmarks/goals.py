"""What is to be reached, as data: each goal names its figure, its limit and how the figure reads in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.figures import Figures

__all__ = ["FLOOR_SECONDS", "GOALS", "Goal", "Value", "pace"]

FLOOR_SECONDS: Final = 0.28
"""Seconds that the floor took to start where the goals in milliseconds were set."""

_BOARD: Final = "salestui 10000"
_LARGE: Final = "salestui 60000"
_SSH: Final = "salestui 10000 ssh"


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a goal: what was measured, what is allowed, and its unit."""

    found: float | None
    limit: float
    unit: str
    pace: float = 1
    """How many times as long as there everything takes on this machine; 1 for what is no time of a key."""

    @property
    def paced(self) -> float | None:
        """What it would have been at the pace the goals were set at."""
        return None if self.found is None else self.found / self.pace

    def text(self) -> str:
        """Return the number as the report shows it, in brackets what it is at the pace of the goals."""
        if self.found is None or self.paced is None:
            return "-"
        shown = _shown(self.found, self.unit)
        return shown if self.pace == 1 else f"{shown} ({self.paced:.1f})"

    def limit_text(self) -> str:
        """Return the limit as the report shows it."""
        return f"≤ {_shown(self.limit, self.unit)}"


def _shown(number: float, unit: str) -> str:
    if unit == "B":
        return f"{number / 1000:.1f} KB" if number >= 1000 else f"{number:.0f} B"
    if unit == "×":
        return f"{number:.2f}×"
    if unit == "%":
        return f"{number:.2f} %"
    return f"{number:.1f} ms" if unit == "ms" else f"{number:.2f} s"


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table: what is measured, and its numbers."""

    what: str
    values: Callable[[Figures], Iterator[Value]]


def _ratio(figures: Figures, program: str, name: str, base: str = "floor") -> float | None:
    own, floor = figures.at("board", "programs", program, name), figures.at("board", "programs", base, name)
    return own / floor if own is not None and floor else None


def pace(figures: Figures) -> float:
    """Return how many times as long the floor took to start as where the goals were set; 1 where nobody measured."""
    floor = figures.at("board", "programs", "floor", "start_s")
    return floor / FLOOR_SECONDS if floor else 1


def _starts(program: str, name: str, limit: float) -> Callable[[Figures], Iterator[Value]]:
    def values(figures: Figures) -> Iterator[Value]:
        yield Value(_ratio(figures, program, name), limit, "×")

    return values


def _key(program: str, *names: str, ms: float = 0, size: float = 0, later: float = 0) -> Callable[..., Iterator[Value]]:
    """Return the numbers of the slowest and largest of several keys."""

    def values(figures: Figures) -> Iterator[Value]:
        for limit, part, unit in ((ms, "ms", "ms"), (size, "bytes", "B"), (later, "later_bytes", "B")):
            if limit:
                found = [figures.at("board", "programs", program, "keys", name, part) for name in names]
                known = [number for number in found if number is not None]
                yield Value(max(known) if known else None, limit, unit, pace(figures) if unit == "ms" else 1)

    return values


def _idle(figures: Figures) -> Iterator[Value]:
    yield Value(figures.at("board", "idle", "bytes"), 0, "B")
    yield Value(figures.at("board", "idle", "percent"), 0.5, "%")


def _larger(*names: str) -> Callable[[Figures], Iterator[Value]]:
    def values(figures: Figures) -> Iterator[Value]:
        for name in names:
            if name == "start_s":
                yield Value(_ratio(figures, _LARGE, name, _BOARD), 1.3, "×")
                continue
            own = figures.at("board", "programs", _LARGE, "keys", name, "ms")
            base = figures.at("board", "programs", _BOARD, "keys", name, "ms")
            yield Value(own / base if own is not None and base else None, 6.0 if name == "filter" else 1.3, "×")

    return values


def _command(name: str, limit: float, *, ratio_to: str = "", unit: str = "s") -> Callable[[Figures], Iterator[Value]]:
    def values(figures: Figures) -> Iterator[Value]:
        own, base = figures.at("commands", "seconds", name), figures.at("commands", "seconds", ratio_to)
        found = own / base if own is not None and base else own
        yield Value(found, limit, "×" if ratio_to else unit)

    return values


GOALS: Final = (
    Goal("start, 10 deals", _starts("salestui 10", "start_s", 1.4)),
    Goal("start, 10,000 deals", _starts(_BOARD, "start_s", 1.5)),
    Goal("memory, 10,000 deals", _starts(_BOARD, "memory_kib", 1.6)),
    Goal("cursor down: answer, bytes, the strip after a rest", _key(_BOARD, "down", ms=6, size=600, later=1500)),
    Goal("next column: answer, bytes, the strip after a rest", _key(_BOARD, "column", ms=6, size=600, later=1500)),
    Goal("cursor, SSH profile: bytes, the strip after a rest", _key(_SSH, "down", "column", size=250, later=800)),
    Goal("move a card through its gate, committed", _key(_BOARD, "move", ms=50, size=5000)),
    Goal("one character in the board filter", _key(_BOARD, "filter", ms=30, size=4000)),
    Goal("open and close the gate panel, bytes each", _key(_BOARD, "gate_open", "gate_close", size=8000)),
    Goal("the gate panel, SSH profile", _key(_SSH, "gate_open", "gate_close", size=4000)),
    Goal("open a deal", _key(_BOARD, "deal_open", ms=80, size=20_000)),
    Goal("one character in a form field", _key(_BOARD, "field", ms=8, size=300)),
    Goal("idle for 60 s: bytes, processor", _idle),
    Goal("60,000 deals to 10,000: start, cursor, column", _larger("start_s", "down", "column")),
    Goal("60,000 deals to 10,000: gate panel, deal, move", _larger("gate_open", "gate_close", "deal_open", "move")),
    Goal("60,000 deals to 10,000: filter (at most linear)", _larger("filter")),
    Goal("`salestui --version`, to a bare interpreter", _command("version", 3.0, ratio_to="bare")),
    Goal("`deal list --json`, 10,000 deals", _command("list 10000", 0.6)),
    Goal("`deal list --json`, 60,000 to 10,000 (linear)", _command("list 60000", 6.0, ratio_to="list 10000")),
    Goal("`deal gate`, 10,000 deals", _command("gate 10000", 0.35)),
)
