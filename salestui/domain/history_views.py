"""The history as it is asked for, and as its screen shows it: a line for each event, and what the event changed."""

from __future__ import annotations

from datetime import date, datetime, time

from salestui.dataclass import dataclass

__all__ = ["Change", "EventFilter", "HistoryLine", "HistoryPage"]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: all conditions given. A deal's are also those of its customer, and of its campaign's outputs.

    `since` (inclusive) and `until` (exclusive) are aware. `action` is a whole one, or the part before its dot. Every
    word of `text` occurs somewhere in the event.
    """

    deal: int | None = None
    customer: int | None = None
    campaign: int | None = None
    user: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    action: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; `before` is empty where it was not there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event: its local day and time, who, what it concerns, what happened, and what changed.

    `deal` and `customer` are the numbers of what can be opened from it; `note` is what the person said about it.
    """

    id: int
    day: date
    at: time
    who: str
    concerns: str
    told: str
    changes: tuple[Change, ...] = ()
    note: str = ""
    deal: int | None = None
    customer: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Lines, newest first; `older` is the id to ask the next page with, None where nothing is left."""

    lines: tuple[HistoryLine, ...]
    older: int | None
