"""The words of reports: rates, sums, spans of time, states of exceptions; screens and commands say them alike."""

from __future__ import annotations

from datetime import date, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day
from salestui.domain.reports import ExceptionLine, ExceptionState, Hits, Outcome, RepReport, Sum
from salestui.domain.showing import short_amount
from salestui.i18n import gettext as _
from salestui.i18n import pgettext

__all__ = ["Fact", "amounts", "channel", "facts", "last_day", "outcome", "rate", "share", "span", "state", "total"]


def rate(found: Hits) -> str:
    """Return a hit rate in percent; "-" where nothing is decided."""
    return "-" if found.rate is None else f"{found.rate}%"


def share(found: Hits, language: str) -> str:
    """Return how many were kept, late and missed, in words; what there is none of is not said."""
    parts = (
        (found.kept, _("{n} in time")),
        (found.late, _("{n} late")),
        (found.missed, _("{n} missed")),
        (found.running, _("{n} still running")),
    )
    return ("，" if language == "zh" else ", ").join(text.format(n=count) for count, text in parts if count)


def amounts(found: Sum, language: str) -> str:
    """Return the amounts of deals, one per currency."""
    return " + ".join(short_amount(money, language) for money in found.amounts)


def total(found: Sum, language: str) -> str:
    """Return how many deals, with their amounts."""
    return "  ".join(part for part in (str(found.count), amounts(found, language)) if part)


def outcome(found: Outcome) -> str:
    """Return how deals ended, in a word."""
    words = {
        Outcome.WON: _("won"),
        Outcome.LOST: _("lost"),
        Outcome.CANCELLED: _("cancelled"),
        Outcome.IN_CARE: _("in care"),
    }
    return words[found]


def state(found: ExceptionState) -> str:
    """Return whether an exception holds, in a word."""
    words = {
        ExceptionState.IN_FORCE: _("in force"),
        ExceptionState.EXPIRED: pgettext("exception", "expired"),
        ExceptionState.REVOKED: pgettext("exception", "revoked"),
    }
    return words[found]


def channel(key: str) -> str:
    """Return the usual name of a channel; the key of one that only a company's own playbook knows."""
    usual = {"phone": _("call"), "email": _("e-mail"), "visit": _("visit"), "video": _("video")}
    return usual.get(key, key)


def last_day(line: ExceptionLine, team: TeamCalendar) -> date:
    """Return the last day on which an exception holds, or held."""
    if line.revoked_at is not None:
        return team.today(line.revoked_at)
    return team.today(line.expires_at - timedelta(seconds=1))


def span(since: date, until: date, language: str) -> str:
    """Return the days of a report: a whole month, quarter or year by its name, else from and to."""
    months = (until.year - since.year) * 12 + until.month - since.month + 1
    whole = since.day == 1 and (until + timedelta(days=1)).day == 1
    if whole and months == 1:
        return f"{since.year}-{since.month:02}"
    if whole and months == 12 and since.month == 1:
        return str(since.year)
    if whole and months == 3 and since.month % 3 == 1:
        return f"{since.year} Q{since.month // 3 + 1}"
    return _("{since} to {until}").format(
        since=f"{since.year} {short_day(since, language)}", until=f"{until.year} {short_day(until, language)}"
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a rep: its name, its value, and how it is counted."""

    label: str
    value: str
    how: str


def facts(rep: RepReport, language: str) -> tuple[Fact, ...]:
    """Return a rep's figures, each with how it is counted: whoever is measured may know by what."""
    talks = "  ".join(f"{channel(key)} {count}" for key, count in rep.talks)
    held = sum(count for _key, count in rep.talks)
    return (
        Fact(
            _("summaries in time"),
            f"{rate(rep.summaries)}  {share(rep.summaries, language)}".rstrip(),
            _("Summaries of the talks held in this time; one that is not due yet does not count."),
        ),
        Fact(
            _("scores in time"),
            f"{rate(rep.scores)}  {share(rep.scores, language)}".rstrip(),
            _("Scores to be renewed in this time: after a month, or after something moved at the customer."),
        ),
        Fact(
            _("talks"),
            "  ".join(part for part in (str(held), talks) if part),
            _("Talks held in this time, by channel; planned ones do not count."),
        ),
        Fact(_("gates passed"), _gates(rep), _("Moves to the right, and completions, of deals owned at that time.")),
        *(Fact(outcome(each), total(found, language), _outcome_how(each)) for each, found in rep.outcomes.items()),
        Fact(_("completed"), str(rep.completed), _("Deals that passed the last gate in this time.")),
        Fact(_("on the board now"), total(rep.open, language), _("Open and won deals as of now.")),
        Fact(
            _("without a step"),
            str(rep.without_step),
            _("Open deals for which nothing is planned; every open deal has a next step with owner and date."),
        ),
    )


def _gates(rep: RepReport) -> str:
    if not rep.by_exception:
        return str(rep.gates)
    return _("{n}, {excepted} of them by exception").format(n=rep.gates, excepted=rep.by_exception)


def _outcome_how(found: Outcome) -> str:
    words = {
        Outcome.WON: _("Deals that came to delivery in this time, or were completed where there is none."),
        Outcome.LOST: _("Deals lost in this time and not reopened since."),
        Outcome.CANCELLED: _("Won deals that were lost or taken out of delivery again."),
        Outcome.IN_CARE: _("Deals put on the care list in this time."),
    }
    return words[found]
