"""Writes RESULTS.md: what was to be reached and what was, what it was measured on, and all figures behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.databases import CACHE
from benchmarks.figures import Figures
from benchmarks.goals import FLOOR_SECONDS, GOALS, Value, pace

__all__ = ["written"]

BUSY: Final = 1.0
"""The load from which on times are not to be trusted."""
ENOUGH: Final = 7
RESULTS: Final = Path(__file__).with_name("RESULTS.md")
MISSES: Final = Path(__file__).with_name("misses.md")
_HEAD: Final = """\
# What salestui costs

Written by `make bench` and `make bench-cli`; docs/speed.md says how it is measured. A terminal of 120×40 in colour;
medians of all runs, the programs in turns. Times are those of one machine: read them as ratios to the floor, which is
the smallest Textual app there is, measured in the same run.
"""
_SIGNS: Final = ("**missed**", "not measured", "hit at pace", "hit")
"""What a goal comes to, the worst first: the worst of its numbers decides."""


def written(figures: Figures, *, trial: bool = False) -> Path:
    """Write the report from everything that is known; return where it is. A trial does not touch the kept one."""
    parts = (_HEAD, *_measured_on(figures), *_goals(figures), *_screens(figures), *_starts(figures), *_keys(figures))
    misses = MISSES.read_text("utf-8") if MISSES.exists() else ""
    whole = "\n".join(part.rstrip("\n") for part in (*parts, *_commands(figures), misses) if part) + "\n"
    target = CACHE / RESULTS.name if trial else RESULTS
    target.write_text(whole, "utf-8")
    return target


def _measured_on(figures: Figures) -> Iterator[str]:
    for section, name in (("board", "make bench"), ("commands", "make bench-cli")):
        told = figures.at(section, "environment")
        if told:
            libraries = ", ".join(f"{library} {number}" for library, number in told["libraries"].items())
            yield (
                f"- `{name}`: {told['date']}, {told['runs']} runs, {told['machine']}; Python {told['python']}, "
                f"{libraries}, SQLite {told['sqlite']}; load before it began {told['load']}"
            )
            if told["load"] > BUSY:
                yield (
                    f"\n**The machine was busy with other work during `{name}`: of what follows, bytes, screens, "
                    "memory and processor times hold; seconds and milliseconds do not.**"
                )
            if told["runs"] < ENOUGH:
                yield f"\n**`{name}` was run {told['runs']} times only.**"
    peer = figures.at("board", "peer")
    if peer:
        yield f"- the peer: {peer}"
    for failure in figures.at("board", "failures") or ():
        yield f"- **a session failed**: {failure}"


def _goals(figures: Figures) -> Iterator[str]:
    yield "\n## Goals"
    if figures.at("board", "programs", "floor"):
        floor = figures.at("board", "programs", "floor", "start_s")
        yield (
            f"\nThe goals in milliseconds were set where the floor starts in {FLOOR_SECONDS:.2f} s. Here it took "
            f"{floor:.2f} s, so everything took {pace(figures):.2f}\ntimes as long; in brackets is what was found "
            "at the pace of the goals. A goal that is reached there alone says so."
        )
    yield "\n| what | found | goal | |\n|---|---|---|---|"
    for goal in GOALS:
        values = list(goal.values(figures))
        found = " · ".join(value.text() for value in values)
        limits = list(dict.fromkeys(value.limit_text() for value in values))
        sign = min((_sign(value) for value in values), key=_SIGNS.index)
        yield f"| {goal.what} | {found} | {' · '.join(limits)} | {sign} |"


def _sign(value: Value) -> str:
    if value.found is None or value.paced is None:
        return "not measured"
    if value.found <= value.limit:
        return "hit"
    return "hit at pace" if value.paced <= value.limit else "**missed**"


def _screens(figures: Figures) -> Iterator[str]:
    proofs: dict[str, Any] = figures.at("board", "proofs") or {}
    if not proofs:
        return
    yield (
        "\n## Screens\n\nAfter every step of the story the settled screen was compared, cell by cell with its colours, "
        "with the one drawn from\nscratch on an empty terminal, and every card that was moved was looked up in the "
        "database afterwards.\n"
    )
    for name, proof in proofs.items():
        different = ", ".join(proof["different"])
        told = f"**{different} differ**" if different else "all the same"
        yield f"- {name}: {proof['compared']} screens, {told}"


def _starts(figures: Figures) -> Iterator[str]:
    programs: dict[str, Any] = figures.at("board", "programs") or {}
    if not programs:
        return
    floor = programs["floor"]
    yield "\n## Start and memory\n"
    yield "| program | start | to the floor | processor | to the floor | bytes | memory | to the floor | at the end |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, told in programs.items():
        ratio, memory, spent = (told[key] / floor[key] for key in ("start_s", "memory_kib", "start_processor_s"))
        yield (
            f"| {name} | {told['start_s']:.2f} s | {ratio:.2f}× | {told['start_processor_s']:.2f} s | {spent:.2f}× "
            f"| {told['start_bytes']:,.0f} | {told['memory_kib'] / 1024:.0f} MB | {memory:.2f}× "
            f"| {told['peak_kib'] / 1024:.0f} MB |"
        )


def _keys(figures: Figures) -> Iterator[str]:
    programs: dict[str, Any] = figures.at("board", "programs") or {}
    for name, told in programs.items():
        if told["keys"]:
            yield (
                f"\n## Keys: {name}\n\n| key | answer | worst | bytes | most | after a rest | processor | times |\n"
                "|---|---|---|---|---|---|---|---|"
            )
            for key, key_told in told["keys"].items():
                yield (
                    f"| {key.replace('_', ' ')} | {key_told['ms']:.1f} ms | {key_told['worst_ms']:.1f} ms "
                    f"| {key_told['bytes']:,.0f} | {key_told['worst_bytes']:,} | {key_told['later_bytes']:,.0f} "
                    f"| {key_told['processor_ms']:.1f} ms | {key_told['count']} |"
                )


def _commands(figures: Figures) -> Iterator[str]:
    seconds: dict[str, float] = figures.at("commands", "seconds") or {}
    if seconds:
        yield "\n## Commands\n\n| command | time | to a bare interpreter |\n|---|---|---|"
        for name, time in seconds.items():
            yield f"| {name} | {time * 1000:.0f} ms | {time / seconds['bare']:.1f}× |"
