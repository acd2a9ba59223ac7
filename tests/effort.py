"""How hard the tests search: `SALESTUI_TEST_EFFORT=20 make test` looks at twenty times as many examples."""

import os

from hypothesis import settings

EFFORT = int(os.environ.get("SALESTUI_TEST_EFFORT", "1"))


def examples(count: int, **rest: int) -> settings:
    """Return settings for `count` examples, more where more effort is asked for."""
    return settings(max_examples=count * EFFORT, **rest)  # type: ignore[arg-type]
