"""Columns that mean the same on SQLite and PostgreSQL: times, dates, JSON, stored as text that sorts and compares."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import peewee

from salestui.errors import CorruptValue

__all__ = ["IsoDate", "Json", "UtcDateTime", "canonical_json", "utc_text"]

_UTC_WIDTH = len("2026-11-21T09:00:00.000000Z")


def utc_text(moment: datetime) -> str:
    """Return an aware time as fixed-width UTC text, `2026-11-21T09:00:00.000000Z`, which sorts as the times do.

    Raises ValueError for a naive time: nobody can tell what it means.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"A time without a time zone cannot be stored: {moment!r}")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical_json(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks, no escapes, no NaN.

    Two equal values have equal text, so it can be hashed and compared. Dates, times and decimals must be text already;
    anything JSON does not know raises TypeError, NaN and infinities ValueError.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class UtcDateTime(peewee.Field):
    """An aware UTC `datetime`, stored as fixed-width ISO text."""

    field_type = "TEXT"

    def db_value(self, value: datetime | None) -> str | None:
        """Return the stored text; raises ValueError for a naive time."""
        return None if value is None else utc_text(value)

    def python_value(self, value: str | None) -> datetime | None:
        """Return the aware time of a stored text."""
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise CorruptValue(self.name, str(value)) from error
        if len(value) != _UTC_WIDTH or moment.tzinfo is None:
            raise CorruptValue(self.name, value)
        return moment


class IsoDate(peewee.Field):
    """A `date`, stored as `YYYY-MM-DD`."""

    field_type = "TEXT"

    def db_value(self, value: date | None) -> str | None:
        """Return the stored text; raises TypeError for a time, whose date depends on a time zone."""
        if value is None:
            return None
        if isinstance(value, datetime):
            raise TypeError(f"A time is not a date: {value!r}")
        return value.isoformat()

    def python_value(self, value: str | None) -> date | None:
        """Return the date of a stored text."""
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise CorruptValue(self.name, str(value)) from error


class Json(peewee.Field):
    """Any JSON value, stored as its canonical text; None is SQL NULL."""

    field_type = "TEXT"

    def db_value(self, value: object) -> str | None:
        """Return the canonical text."""
        return None if value is None else canonical_json(value)

    def python_value(self, value: str | None) -> object:
        """Return the value of a stored text."""
        if value is None:
            return None
        try:
            parsed: object = json.loads(value)
        except (TypeError, ValueError) as error:
            raise CorruptValue(self.name, str(value)) from error
        return parsed
