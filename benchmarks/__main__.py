"""The command behind `make bench` and `make bench-cli`.

`--quick` takes few runs and leaves the largest database and the peer out; `--only TEXT` measures the programs whose
name holds the text, beside the floor, `--without TEXT` the others. None of them writes the report, unless told to
`--keep` it: only what is measured whole is kept. `report` measures nothing and writes the kept figures anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from benchmarks import commands, peer, programs
from benchmarks.databases import database
from benchmarks.figures import Figures, environment, figures_of
from benchmarks.programs import Program, Session
from benchmarks.report import written

RUNS: Final = 7
_IDLE_SECONDS: Final = 60.0


def _board_programs(*, quick: bool) -> tuple[list[Program], list[Program], str]:
    """Return the programs measured in every run, those measured once, and what is said of the peer."""
    found = [programs.floor(), programs.board(10, rounds=0)]
    if quick:
        return [*found, programs.board(10_000, rounds=1)], [], ""
    found += [programs.board(deals, rounds=1) for deals in (1_000, 10_000, 60_000)]
    found.append(programs.board(10_000, ssh=True, rounds=1, moves=1))
    other = peer.installed()
    if other.missing:
        return found, [], other.missing
    found += [programs.peer(other, 10), programs.peer(other, 1_000, story=False)]
    slow = programs.peer(other, 1_000)
    once = [replace(slow, name=f"{slow.name} keys"), programs.peer(other, 10_000, story=False, deadline=900)]
    told = "its keys at 1,000 cards and its start at 10,000 were measured once, they take minutes"
    return found, once, f"kanban-tui {other.version}; {told}"


def _measure(wanted: Sequence[Program], runs: int, failures: list[str]) -> dict[str, Any]:
    """Run the programs in turns; a session that fails is told in the report and leaves the others alone."""
    sessions: dict[str, list[Session]] = {}
    for number in range(runs):
        for program in wanted:
            print(f"{number + 1}/{runs} {program.name}", file=sys.stderr, flush=True)
            try:
                sessions.setdefault(program.name, []).append(programs.run(program))
            except RuntimeError as error:
                print(error, file=sys.stderr, flush=True)
                failures.append(str(error).partition("\n")[0])
    return {name: figures_of(told) for name, told in sessions.items() if told}


def _board(runs: int, *, quick: bool, only: str, without: str) -> dict[str, Any]:
    told = environment(runs)
    repeated, once, about = _board_programs(quick=quick)
    if only:
        repeated = [program for program in repeated if program.name == "floor" or only in program.name]
        once = []
    if without:
        repeated, once = ([program for program in some if without not in program.name] for some in (repeated, once))
    failures: list[str] = []
    measured = {**_measure(repeated, runs, failures), **_measure(once, 1, failures)}
    proved = [program for program in repeated if program.story and program.name.startswith("salestui")]
    proofs = {program.name: programs.prove(program) for program in proved}
    resting = next((program for program in repeated if program.name == "salestui 10000"), repeated[-1])
    size, share = programs.rest(resting, 5.0 if quick or only else _IDLE_SECONDS)
    return {
        "environment": told,
        "peer": about if any(name.startswith("kanban-tui") for name in measured) else "",
        "programs": measured,
        "failures": failures,
        "proofs": {
            name: {"compared": proof.compared, "different": list(proof.different)} for name, proof in proofs.items()
        },
        "idle": {"bytes": size, "percent": round(share * 100, 3)},
    }


def _commands(runs: int, *, quick: bool) -> dict[str, Any]:
    told = environment(runs)
    sizes = (10_000,) if quick else (10_000, 60_000)
    return {"environment": told, "seconds": commands.measured(runs, sizes)}


def main() -> None:
    """Measure what is asked for and write the report."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("what", choices=("board", "commands", "all", "databases", "report"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="")
    parser.add_argument("--keep", action="store_true", help="write the report all the same")
    parser.add_argument("--runs", type=int)
    args = parser.parse_args()
    runs = args.runs or (1 if args.quick else RUNS)
    trial = bool(args.quick or args.only or args.without or runs < RUNS) and not args.keep
    figures = Figures({}) if trial else Figures.kept()
    if args.what == "databases":
        for deals in (10, 1_000, 10_000, 60_000):
            print(database(deals))
        return
    if args.what in {"board", "all"}:
        figures.sections["board"] = _board(runs, quick=args.quick, only=args.only, without=args.without)
    if args.what in {"commands", "all"}:
        figures.sections["commands"] = _commands(max(runs, 3), quick=args.quick)
    if trial:
        print(written(figures, trial=True).read_text("utf-8"))
    else:
        figures.keep()
        print(written(figures))


if __name__ == "__main__":
    main()
