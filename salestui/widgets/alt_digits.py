"""Lets alt and a digit arrive as what they are: Textual takes them for what a Mac's option key types (¡, ™, £ …).

The forms jump to what is missing with them. A Mac's own terminals send the sign itself, which stays text.
"""

from __future__ import annotations

from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

__all__ = ["let_through"]


def let_through() -> None:
    """Have ESC and a digit read as alt and the digit, in this process."""
    known = cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)  # a dict that is declared read-only
    for digit in "0123456789":
        known.pop(f"\x1b{digit}", None)
