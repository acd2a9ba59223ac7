"""Finds what names a person in stored values, and takes it out: names, telephone numbers, addresses of e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from salestui.dataclass import dataclass

__all__ = ["MARK", "Found", "Redactor", "blanked", "findable"]

MARK: Final = "***"
"""What stands where something was erased."""

_KEPT: Final = frozenset({"sha256", "digest", "chain"})
_FEWEST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One text in which a person is named: the path to it inside the value, and the text as it was."""

    path: str
    text: str


def findable(name: str) -> bool:
    """Tell whether a name can be looked for in texts: one letter occurs everywhere."""
    return len(name.strip()) >= 2 and name.strip() != MARK


class Redactor:
    """Takes these names, telephone numbers and addresses out of values. Letters are found in either case.

    A name written in Latin letters is found as a whole word, a Chinese one wherever it stands; a number with any
    spaces and hyphens, with and without +86.
    """

    def __init__(self, names: Iterable[str], phones: Iterable[str] = (), emails: Iterable[str] = ()) -> None:
        patterns = [_name(name) for name in names if findable(name)]
        patterns += [pattern for phone in phones if (pattern := _phone(phone))]
        patterns += [_word(re.escape(email.strip()), email.strip()) for email in emails if findable(email)]
        longest_first = sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))
        self._pattern = re.compile("|".join(longest_first), re.IGNORECASE) if patterns else None

    def text(self, text: str) -> str:
        """Return a text with the mark in every place where the person is named."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def value(self, value: object) -> Any:  # noqa: ANN401  # any JSON value
        """Return a JSON value with all its texts redacted; keys and hashes stay."""
        return self._walk(value, "", [])

    def found(self, value: object, path: str = "") -> tuple[Found, ...]:
        """Return the texts of a JSON value that name the person."""
        found: list[Found] = []
        self._walk(value, path, found)
        return tuple(found)

    def _walk(self, value: object, path: str, found: list[Found]) -> Any:  # noqa: ANN401  # any JSON value
        if isinstance(value, str):
            left = self.text(value)
            if left != value:
                found.append(Found(path, value))
            return left
        if isinstance(value, Mapping):
            return {
                key: part if key in _KEPT else self._walk(part, _path(path, key), found) for key, part in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._walk(part, _path(path, number), found) for number, part in enumerate(value, 1)]
        return value


def blanked(value: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return a JSON value with the mark for every text in it that says something."""
    if isinstance(value, str):
        return MARK if value else value
    if isinstance(value, Mapping):
        return {key: blanked(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [blanked(part) for part in value]
    return value


def _path(path: str, part: object) -> str:
    return f"{path}.{part}" if path else str(part)


def _name(name: str) -> str:
    words = name.split()
    return _word(r"\s+".join(re.escape(word) for word in words), "".join(words))


def _word(pattern: str, text: str) -> str:
    """Let Latin letters and digits at either end be whole words."""
    before = r"(?<![A-Za-z0-9])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{pattern}{after}"


def _phone(phone: str) -> str:
    digits = re.sub(r"[^0-9]", "", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < _FEWEST_DIGITS:
        return ""
    return r"(?<![0-9])(?:\+?86[\s\-]*)?" + r"[\s\-.()]*".join(digits) + r"(?![0-9])"
