"""One thing to do before its deal is looked up: what the parts of the agenda have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.agenda import Due
from salestui.domain.views import AgendaKind

__all__ = ["LAST_SECOND", "Item"]

LAST_SECOND: Final = timedelta(seconds=1)
"""What is due on a day is due in its last second."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do."""

    kind: Due
    at: datetime
    deal: int
    what: str
    section: AgendaKind
    all_day: bool = False
    late: bool = False
    titled: bool = False
    activity: int = 0
    review: int = 0
    channel: str = ""
    output: str = ""
