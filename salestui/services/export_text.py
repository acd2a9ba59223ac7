"""Text from people on its way into other programs: what they cannot hold goes, what they would run is quoted."""

from __future__ import annotations

import re
from typing import Final

from salestui.services.import_values import FORMULA_STARTS

__all__ = ["MARK", "legal", "looks_like_formula", "quoted", "width"]

MARK: Final = "\ue000"
"""A character that no text has after `legal`, so that it can mark a place."""

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue001-\ufffd\U00010000-\U0010ffff]")
_FULL_WIDTH: Final = ("＝", "＋", "－", "＠")


def legal(text: str) -> str:
    """Return `text` without the characters that XML cannot hold: control characters, surrogates, U+FFFE and U+FFFF."""
    return _ILLEGAL.sub("", text)


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a cell with `text` for a formula; some take full-width signs for one too."""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith((*FORMULA_STARTS, *_FULL_WIDTH))


def quoted(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula: `'` stands before one that looks like it."""
    return f"'{text}" if looks_like_formula(text) else text


def width(text: str) -> int:
    """Return how many cells the longest line of `text` takes; a Chinese character takes two."""
    if text.isascii() and "\n" not in text:
        return len(text)
    from rich.cells import cell_len

    return max((cell_len(line) for line in text.split("\n")), default=0)
