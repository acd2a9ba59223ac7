"""How hard the tests search: `SALESTUI_TEST_EFFORT=20 make test` looks at twenty times as many examples."""

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")
EFFORT = int(os.environ.get("SALESTUI_TEST_EFFORT", "1"))


def some(whole: Sequence[T], *short: int) -> Sequence[T]:
    """Return a whole list where more effort is asked for, otherwise the few that stand at these places in it."""
    return whole if EFFORT > 1 else [whole[place] for place in short]


def examples(count: int, **rest: int) -> settings:
    """Return settings for `count` examples, more where more effort is asked for."""
    return settings(max_examples=count * EFFORT, **rest)  # type: ignore[arg-type]
