"""The programs that are measured, each with its story, and how one session of each is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.databases import LANGUAGE, copied, counted_moves, database, ready_deals
from benchmarks.environment import PLAIN, programs
from benchmarks.meter import Answer, Meter
from benchmarks.peer import Peer
from benchmarks.stories import PEER, Step, board_story

__all__ = ["Program", "Proof", "Session", "board", "floor", "peer", "prove", "rest", "run"]

_HERE: Final = Path(__file__).parent
_SSH: Final = {"SSH_CONNECTION": "192.0.2.1 50022 192.0.2.2 22"}


@dataclass(frozen=True, slots=True)
class Program:
    """One program with so many cards.

    `prepare` fills an empty home and returns the environment that leads there; `shows` stands on its first screen;
    `moves` looks in the home afterwards whether the cards really moved.
    """

    name: str
    command: tuple[str, ...]
    prepare: Callable[[Path], Mapping[str, str]]
    shows: tuple[str, ...]
    story: Sequence[Step] = ()
    moves: Callable[[Path], None] | None = None
    deadline: float = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """What one session showed, with the answers by the figure they belong to.

    `start` is in seconds, from just before the program was started to the last byte of its settled first screen,
    `processor` what all its threads worked until then. `memory` is the most it took for that, in KiB, `peak` the most
    of the whole session.
    """

    start: float
    start_bytes: int
    processor: float
    memory: int
    peak: int
    settled: bool
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether each screen of a story equals the one drawn from scratch: how many were compared, and which differ."""

    compared: int
    different: tuple[str, ...]


def _nothing(_home: Path) -> Mapping[str, str]:
    return {}


def floor() -> Program:
    """Return the bare Textual app."""
    return Program("floor", (str(programs() / "python"), str(_HERE / "floor.py")), _nothing, ("floor",))


def board(deals: int, *, ssh: bool = False, rounds: int = 2, moves: int = 2) -> Program:
    """Return salestui on its board with so many deals; `ssh` as it is over a slow line."""
    source = database(deals)
    ready = ready_deals(source, moves) if rounds else ()

    def prepare(home: Path) -> Mapping[str, str]:
        return {
            "SALESTUI_DATABASE": str(copied(source, home)),
            "SALESTUI_LANGUAGE": LANGUAGE,
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
            "HOME": str(home),
            **(_SSH if ssh else {}),
        }

    def moved(home: Path) -> None:
        done = counted_moves(home / "sales.db") - before
        if done != len(ready):
            raise RuntimeError(f"{done} of {len(ready)} cards moved, of {deals} deals")

    before = counted_moves(source)
    command = (str(programs() / "salestui"),)
    story = board_story(ready, rounds=rounds) if rounds else ()
    name = f"salestui {deals}{' ssh' if ssh else ''}"
    return Program(name, command, prepare, ("1 Research", "advance", " met"), story, moved)


def peer(found: Peer, cards: int, *, story: bool = True, deadline: float = 120.0) -> Program:
    """Return kanban-tui with so many cards."""

    def prepare(home: Path) -> Mapping[str, str]:
        return found.fill(home, cards)

    return Program(
        f"kanban-tui {cards}", found.command, prepare, ("Ready", "Deal 0"), PEER if story else (), deadline=deadline
    )


@contextmanager
def _started(program: Program) -> Iterator[tuple[Meter, Path]]:
    with TemporaryDirectory(prefix="salestui-bench-") as folder:
        home = Path(folder)
        environment = {**PLAIN, **program.prepare(home)}
        with Meter(program.command, environment=environment, directory=home, deadline=program.deadline) as meter:
            yield meter, home


def _begun(program: Program, meter: Meter) -> bool:
    """Wait until the program shows its first screen and rests; False when it does not rest."""
    settled = meter.rested()
    while settled and not all(text in meter.text() for text in program.shows):
        if meter.ended or meter.last_byte > program.deadline:
            raise RuntimeError(f"{program.name} never showed {program.shows}:\n{meter.text()}")
        settled = meter.rested()
    return settled


def run(program: Program) -> Session:
    """Run a program through its story once. Raises RuntimeError where a card that should have moved did not."""
    with _started(program) as (meter, home):
        settled = _begun(program, meter)
        start, size, spent, memory = meter.last_byte, len(meter.raw), meter.processor(), meter.memory
        answers: dict[str, list[Answer]] = {}
        for step in program.story:
            answer = meter.answer(step.data, followed=step.followed, below=step.below)
            if step.figure:
                answers.setdefault(step.figure, []).append(answer)
        peak = meter.memory
        meter.close()
        if program.moves is not None:
            program.moves(home)
    return Session(start, size, spent, memory, peak, settled, answers)


def rest(program: Program, seconds: float) -> tuple[int, float]:
    """Return the bytes a program writes while nobody touches it, and the share of a core it takes."""
    with _started(program) as (meter, _home):
        _begun(program, meter)
        known, spent = len(meter.raw), meter.processor()
        meter.watch(seconds)
        return len(meter.raw) - known, (meter.processor() - spent) / seconds


def prove(program: Program) -> Proof:
    """Run a program through its story and compare the screen after every step with the one drawn from scratch."""
    different, compared = [], 0
    with _started(program) as (meter, _home):
        _begun(program, meter)
        steps = [Step("start", b""), *program.story]
        for index, step in enumerate(steps):
            if step.data:
                meter.answer(step.data)
            shown = meter.picture()
            compared += 1
            if shown != meter.redrawn():
                different.append(f"{index} {step.figure or repr(step.data)}")
    return Proof(compared, tuple(different))
