"""Compares stored texts with what somebody looks for: any part of them, whatever its width, case and spaces.

Databases fold neither full-width letters nor case the same way, so texts are compared here and not in their queries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from salestui.domain.text import same_name

__all__ = ["Wanted"]

_BETWEEN_DIGITS = re.compile(r"[\s()+\-./]+")
_FEWEST_DIGITS = 3


def _folded(stored: str) -> str:
    """Fold a text that was cleaned when it was stored; `same_name` of it, faster."""
    plain = stored if stored.isascii() else unicodedata.normalize("NFKC", stored)
    return "".join(plain.casefold().split())


def _digits(text: str) -> str:
    """Return a telephone number's digits without what people put between them, or nothing where it is none."""
    bare = _BETWEEN_DIGITS.sub("", text)
    return bare if bare.isascii() and bare.isdigit() and len(bare) >= _FEWEST_DIGITS else ""


class Wanted:
    """What somebody looks for; nothing matches everything."""

    def __init__(self, text: str) -> None:
        self._text = same_name(text)
        self._digits = _digits(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def within(self, *stored: str) -> bool:
        """Tell whether one of the texts has what is wanted in it."""
        return any(self._text in _folded(text) for text in stored)

    def within_number(self, stored: str) -> bool:
        """Tell whether a telephone number has the wanted digits in it, whatever stands between them."""
        return bool(self._digits) and self._digits in _BETWEEN_DIGITS.sub("", _folded(stored))

    def rank(self, stored: Iterable[str]) -> int:
        """Return 0 where a text is what is wanted, 1 where one begins with it, else 2."""
        folded = [_folded(text) for text in stored]
        if self._text in folded:
            return 0
        return 1 if any(text.startswith(self._text) for text in folded) else 2
