"""What a database holds for the whole team: its settings, and the playbook versions installed in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar


class Sight(StrEnum):
    """What reps see: everything, or their own deals and those of shared campaigns."""

    ALL = "all"
    OWN = "own"


SATURDAY_AND_SUNDAY = frozenset({5, 6})


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone with an IANA name such as Asia/Shanghai, or None where there is none of this name."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """The settings of the team, which belong to the database and not to a person.

    `zone` is an IANA name; `weekend` has the days of the week that are free (Monday is 0); `holidays` are free and
    `workdays` (调休) are worked whatever the day of the week. `recorded_votes` lets votes and exceptions be recorded
    for somebody else. `currency` is the ISO 4217 code new campaigns start with. `reps_see` is what reps read.
    """

    zone: str = "UTC"
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    recorded_votes: bool = False
    currency: str = "CNY"
    reps_see: Sight = Sight.ALL

    @property
    def calendar(self) -> TeamCalendar:
        """The calendar by which deadlines run; UTC where this machine does not know the zone."""
        return TeamCalendar(zone_named(self.zone) or UTC, self.weekend, self.holidays, self.workdays)


@dataclass(frozen=True, slots=True)
class InstalledPlaybook:
    """One version of a playbook in the database; `digest` is the SHA-256 of its text.

    `installed_by` is empty for the versions that come with the program.
    """

    key: str
    version: int
    digest: str
    installed_at: datetime
    installed_by: str
