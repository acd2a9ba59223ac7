"""The signs the screens use: one cell wide in every terminal, with an ASCII form for those that cannot draw them."""

from __future__ import annotations

import locale
import os
from dataclasses import fields
from typing import TYPE_CHECKING, Final, Literal

from salestui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASCII", "UNICODE", "Symbols", "choose", "plain", "symbols", "use"]

Choice = Literal["auto", "unicode", "ascii"]


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of signs. None of them has the East Asian width *ambiguous*, which some terminals draw two cells wide."""

    tick: str = "✓"
    cross: str = "✗"
    open: str = "◦"
    leads_to: str = "▸"
    below: str = "▾"
    above: str = "▴"
    rule: str = "╌"
    range: str = "╍"
    bar: str = "▐"
    left: str = "‹"
    right: str = "›"
    late: str = "!"
    marked: str = "*"
    changed: str = "~"
    cut: str = ".."


UNICODE: Final = Symbols()
ASCII: Final = Symbols(
    tick="+", cross="x", open="o", leads_to=">", below="v", above="^", rule="-", range="=", bar=">", left="<", right=">"
)


class _Current:
    symbols: Symbols = UNICODE


def symbols() -> Symbols:
    """Return the signs in use."""
    return _Current.symbols


def use(chosen: Symbols) -> None:
    """Draw with this set from now on."""
    _Current.symbols = chosen


def choose(setting: Choice = "auto", environment: Mapping[str, str] | None = None) -> Symbols:
    """Return the set a setting asks for; `auto` takes ASCII where the locale is not UTF-8.

    The locale's variables decide as they do for other programs (LC_ALL, LC_CTYPE, LANG); when none is set, what Python
    found decides.
    """
    if setting != "auto":
        return ASCII if setting == "ascii" else UNICODE
    values = os.environ if environment is None else environment
    named = next((values[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if values.get(name)), "")
    if named in {"", "C", "POSIX"}:
        encoding = locale.getencoding() if environment is None else ""
    else:
        encoding = named.partition(".")[2].partition("@")[0]
    return UNICODE if encoding.lower().replace("-", "") in {"utf8", ""} and (encoding or named) else ASCII


def plain(text: str) -> str:
    """Return `text` with the Unicode signs in it replaced by those in use."""
    now = _Current.symbols
    if now is UNICODE:
        return text
    return text.translate(
        {ord(getattr(UNICODE, part.name)): getattr(now, part.name) for part in fields(UNICODE) if part.name in _SIGNS}
    )


_SIGNS: Final = frozenset({"tick", "cross", "open", "leads_to", "below", "above", "rule", "range"})
