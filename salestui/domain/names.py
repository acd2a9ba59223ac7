"""The shortest form under which each of several people can be told apart: 林, or 林悦 where two are called 林."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_JOINERS: Final = "\u200d\ufe0e\ufe0f"


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _begin(name: str, count: int) -> str:
    """Return the first characters of a name, without a joiner that would tie what follows to the last of them."""
    return name[:count].rstrip(_JOINERS)


def _forms(name: str) -> tuple[str, ...]:
    """The forms of a name from shortest to whole."""
    if name and _is_han(name[0]):
        return (name[0], name)
    words = name.split()
    if len(words) < 2:
        return (_begin(name, 2).upper(), _begin(name, 3), name)
    initials = "".join(word[0].upper() for word in words[:3])
    return (initials, f"{words[0]} {words[-1][0].upper()}", name)


def shortest(names: Iterable[str]) -> dict[str, str]:
    """Return for each name its shortest form that no other of the names shares; equal names share the whole name."""
    people = sorted(set(names))
    short: dict[str, str] = {}
    for name in people:
        others = [form for other in people if other != name for form in _forms(other)]
        short[name] = next((form for form in _forms(name) if form and form not in others), name)
    return short
