"""Days and moments as people write them: 11-18 and 11-18 10:20 in Chinese, 18 Nov and 18 Nov 10:20 in English."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date, language: str) -> str:
    """Return a day without its year."""
    return f"{day.month:02}-{day.day:02}" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def short_moment(moment: datetime, zone: tzinfo, language: str) -> str:
    """Return a moment (aware) as day and local hour, without the year."""
    local = moment.astimezone(zone)
    return f"{short_day(local.date(), language)} {local:%H:%M}"
