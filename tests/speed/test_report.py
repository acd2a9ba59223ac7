"""The report says of every goal what was found, and what that is at the pace the goals were set at."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.figures import Figures
from benchmarks.goals import FLOOR_SECONDS


@pytest.mark.parametrize(
    ("answer", "floor", "told"),
    [
        (5.0, FLOOR_SECONDS, "5.0 ms · 440 B · 500 B | ≤ 6.0 ms · ≤ 600 B · ≤ 1.5 KB | hit |"),
        (9.0, 2 * FLOOR_SECONDS, "9.0 ms (4.5) · 440 B · 500 B | ≤ 6.0 ms · ≤ 600 B · ≤ 1.5 KB | hit at pace |"),
        (9.0, FLOOR_SECONDS, "9.0 ms · 440 B · 500 B | ≤ 6.0 ms · ≤ 600 B · ≤ 1.5 KB | **missed** |"),
        (5.0, FLOOR_SECONDS / 2, "5.0 ms (10.0) · 440 B · 500 B | ≤ 6.0 ms · ≤ 600 B · ≤ 1.5 KB | hit |"),
    ],
)
def test_a_goal_in_milliseconds_is_read_at_the_pace_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: float, floor: float, told: str
) -> None:
    monkeypatch.setattr(report, "CACHE", tmp_path)
    down = {"ms": answer, "worst_ms": answer, "bytes": 440, "worst_bytes": 440, "later_bytes": 500}
    start = {"start_s": floor, "start_processor_s": floor, "start_bytes": 1, "memory_kib": 1, "peak_kib": 1}
    key = {**down, "processor_ms": answer, "count": 7}
    programs = {"floor": {**start, "keys": {}}, "salestui 10000": {**start, "keys": {"down": key}}}
    said = report.written(Figures({"board": {"programs": programs}}), trial=True).read_text("utf-8")
    assert f"| cursor down: answer, bytes, the strip after a rest | {told}" in said
    assert "| open a deal | - · - | ≤ 80.0 ms · ≤ 20.0 KB | not measured |" in said
