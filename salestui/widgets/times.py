"""Days as the screens write them: 11-18 and 周四 in Chinese, 18 Nov and Thu in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.i18n import language

if TYPE_CHECKING:
    from datetime import date

__all__ = ["short_day", "weekday"]


def short_day(day: date) -> str:
    """Return a local day without its year."""
    if language() == "zh":
        return f"{day.month:02}-{day.day:02}"
    return f"{day.day} {_month(day.month)}"


def weekday(day: date) -> str:
    """Return the short name of a local day's weekday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day.weekday()]


def _month(month: int) -> str:
    return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[month - 1]
