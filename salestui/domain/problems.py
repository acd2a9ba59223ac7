"""What can be wrong with something that was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from salestui.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was given: where (field path such as "sources.2.kind"), a code, and its parameters."""

    where: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
