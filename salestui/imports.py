"""How a start imports less than others would: modules that nothing here needs are not there for who would load them."""

from __future__ import annotations

import sys
from contextlib import contextmanager

TYPE_CHECKING = False  # what typing.TYPE_CHECKING is, without the time that importing typing takes
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["absent"]


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Let what is imported in the block go without these modules, as where they are not installed.

    Those that were loaded before stay. Whoever imports them afterwards gets them.
    """
    unwanted = [name for name in names if name not in sys.modules]
    for name in unwanted:
        sys.modules[name] = None  # type: ignore[assignment]  # what the import system takes for: there is none
    try:
        yield
    finally:
        for name in unwanted:
            del sys.modules[name]
