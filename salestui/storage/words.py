"""What a filter looks in and what it looks for: texts folded when they are stored, searched by the database itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.domain.text import same_name

__all__ = ["SEARCHED", "Word", "holding", "searched", "words"]

SEARCHED: Final = 600
"""The most characters a filter looks in: what an index of PostgreSQL can hold at four bytes each."""

_DIGITS: Final = 10
"""Numbers of rows have fewer digits than that."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a filter, folded, and the people whose names hold it."""

    text: str
    owners: tuple[int, ...] = ()


def searched(texts: Iterable[str], rest: str, most: int = SEARCHED) -> str:
    """Return what a filter looks in: each text folded, a space between them, the short `rest` in any case."""
    room = most - len(rest) - 1
    return f"{' '.join(same_name(text) for text in texts)[:room]} {rest}"


def words(text: str, people: Sequence[tuple[int, str]]) -> tuple[Word, ...]:
    """Return the words of a filter; `people` are all who may own what is looked for, with their names."""
    wanted = [word for word in map(same_name, text.split()) if word]
    folded = [(number, same_name(name)) for number, name in people] if wanted else []
    return tuple(Word(word, tuple(number for number, name in folded if word in name)) for word in dict.fromkeys(wanted))


def holding(model: Any, words: Iterable[Word], condition: Any, prefix: str = "") -> Any:
    """Return `condition` narrowed to the rows of a model that hold every word in `searched`, or their owner's name.

    With the `prefix` of their ids, such as c, a word may also be the id of the row.
    """
    for word in words:
        holds = model.searched.contains(word.text)
        if word.owners:
            holds = model.owner.in_(word.owners) | holds
        number = word.text.removeprefix(prefix)
        if prefix and number != word.text and number.isdecimal() and len(number) < _DIGITS:
            holds |= model.id == int(number)
        condition &= holds
    return condition
