"""What is pressed while the programs are measured, as data: one story for the board, one for the peer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.terminal import key_bytes

__all__ = ["PEER", "Step", "board_story"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing sent to a program.

    `figure` is the name under which the answer is counted, "" where it only leads on. `followed`: what comes after a
    rest belongs to the step, but is counted apart. `below`: what changes in these rows alone is counted apart.
    """

    figure: str
    data: bytes
    followed: bool = False
    below: range = range(0)


STRIP = range(36, 40)
"""The rows of the strip at 120×40, which follows the cursor when it has rested."""


def _key(figure: str, *names: str, followed: bool = False, below: range = range(0)) -> list[Step]:
    return [Step(figure, key_bytes(name), followed, below) for name in names]


def board_story(ready: Sequence[str], *, rounds: int = 2) -> tuple[Step, ...]:
    """Return the story of the board: the cursor, the gate panel, the filter, a deal, a form, and cards that move.

    `ready` are deals whose gate is open, as the filter finds them; `rounds` how often each part is told.
    """
    steps = _key("", "l")
    for _round in range(rounds):
        steps += _key("down", "j", "j", "j", followed=True)
        steps += _key("column", "h", "l", followed=True)
        steps += _key("gate_open", "g") + _key("gate_close", "g")
        steps += _key("filter_open", "/") + _key("filter", "e", "n", below=STRIP)
        steps += _key("filter_clear", "escape")
        steps += _key("deal_open", "enter") + _key("deal_close", "q")
        steps += _key("form_open", "i") + _key("", "N") + _key("field", *"orth") + _key("form_close", "escape")
    for code in ready:
        steps += [*_key("", "/"), Step("", code.encode()), *_key("", "enter", "escape"), *_key("move", ">")]
    return tuple(steps)


PEER = (*_key("", "j"), *_key("down", "j", "j", "j"), *_key("column", "l", "h"), *_key("move", "L"))
"""The story of kanban-tui: the cursor, and a card that moves to the next column."""
