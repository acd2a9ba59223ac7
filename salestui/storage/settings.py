"""The team's settings: one JSON value per key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from salestui.domain.team import Sight, TeamSettings
from salestui.errors import CorruptValue
from salestui.storage import tables as t

__all__ = ["as_values", "load", "save", "stored"]


def stored() -> dict[str, Any]:
    """Return the settings that were ever stored, by key; an unprepared database has none."""
    return {key: t.Setting.value.python_value(value) for key, value in _rows()}


def _rows() -> tuple[tuple[str, str], ...]:
    """Return all keys with their values as they are stored."""
    database = t.Setting._meta.database  # noqa: SLF001  # Peewee's documented name for a model's options
    return tuple(database.execute_sql('SELECT "key", "value" FROM "setting" ORDER BY "key"').fetchall())


def load() -> TeamSettings:
    """Return the team's settings, the defaults where none is stored; raises CorruptValue."""
    return _settings(_rows())


@lru_cache(maxsize=8)
def _settings(rows: tuple[tuple[str, str], ...]) -> TeamSettings:
    """Read settings once for each state of them: every judgement of a gate asks for them."""
    values = as_values(TeamSettings()) | {key: t.Setting.value.python_value(value) for key, value in rows}
    try:
        return TeamSettings(
            zone=str(values["zone"]),
            weekend=frozenset(int(day) for day in values["weekend"]),
            holidays=frozenset(date.fromisoformat(day) for day in values["holidays"]),
            workdays=frozenset(date.fromisoformat(day) for day in values["workdays"]),
            recorded_votes=bool(values["recorded_votes"]),
            currency=str(values["currency"]),
            reps_see=Sight(values["reps_see"]),
        )
    except (TypeError, ValueError) as error:
        raise CorruptValue("setting", str(error)) from error


def as_values(settings: TeamSettings) -> dict[str, Any]:
    """Return settings as JSON values, by key."""
    return {
        "zone": settings.zone,
        "weekend": sorted(settings.weekend),
        "holidays": [day.isoformat() for day in sorted(settings.holidays)],
        "workdays": [day.isoformat() for day in sorted(settings.workdays)],
        "recorded_votes": settings.recorded_votes,
        "currency": settings.currency,
        "reps_see": settings.reps_see.value,
    }


def save(values: Mapping[str, object]) -> None:
    """Store settings, those given."""
    for key, value in values.items():
        if not t.Setting.update({t.Setting.value: value}).where(t.Setting.key == key).execute():
            t.Setting.insert({t.Setting.key: key, t.Setting.value: value}).execute()
