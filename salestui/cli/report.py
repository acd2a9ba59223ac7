"""`salestui report`: figures of the team, or of one person."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer
from salestui.cli.context import Context
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, reads
from salestui.cli.tables import table
from salestui.domain.dates import short_day
from salestui.domain.records import Kind, shown
from salestui.domain.reports import Hits, Outcome, RepReport, Sum, TeamReport
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.domain.clock import TeamCalendar
    from salestui.domain.reports import ExceptionLine

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the reports."""
    parser = reads(group.alone(_report))
    parser.add_argument("--user", metavar=_("USER"), help=_("the figures of this person, instead of the team's"))
    parser.add_argument("--from", dest="since", metavar=_("DAY"), help=_("first day (that of this month)"))
    parser.add_argument("--to", dest="until", metavar=_("DAY"), help=_("last day (that of the month of the first day)"))


def _report(context: Context, args: Namespace) -> Answer:
    from salestui.services import reports, users
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        team = team_of(request)
        today = team.today(context.now)
        since = _day(args.since, today) or reports.month_of(today)[0]
        until = _day(args.until, today) or reports.month_of(since)[1]
        if until < since:
            raise UsageError(_("The last day lies before the first."), "salestui report --help")
        if args.user is not None:
            rep = reports.rep_report(request, users.find(request, args.user).id, since, until)
            document = {"format": "salestui.report/1", **_span(since, until), "user": _rep(rep)}
            return Answer(document, lambda: _rep_text(rep, context.language, team))
        found = reports.team_report(request, since, until)
    document = {
        "format": "salestui.report/1",
        **_span(since, until),
        "users": [_rep(rep) for rep in found.reps],
        "exceptions": [_exception(line) for line in found.exceptions],
    }
    return Answer(document, lambda: _team_text(found, context.language, team))


def _day(text: str | None, today: date) -> date | None:
    from salestui.domain.days import read_date
    from salestui.domain.reading import Unreadable

    if text is None:
        return None
    try:
        return read_date(text, today)
    except Unreadable as error:
        raise UsageError(_("{text} is no day.").format(text=text), "salestui report --help") from error


def _span(since: date, until: date) -> dict[str, object]:
    return {"from": since.isoformat(), "to": until.isoformat()}


# Documents


def _rep(rep: RepReport) -> dict[str, object]:
    return {
        "login": rep.login,
        "name": rep.name,
        "summaries": _hits(rep.summaries),
        "scores": _hits(rep.scores),
        "gates": {"passed": rep.gates, "by_exception": rep.by_exception},
        "deals": {
            **{outcome.value: _sum(total) for outcome, total in rep.outcomes.items()},
            "completed": rep.completed,
            "on_board": _sum(rep.open),
            "without_next_step": rep.without_step,
        },
        "talks": dict(rep.talks),
        "stages": [
            {
                "playbook": each.playbook,
                "stage": each.stage,
                "title": each.title,
                "deals": each.deals,
                "average_days": each.days,
                "idle": each.idle,
            }
            for each in rep.stages
        ],
        "exceptions": [_exception(line) for line in rep.exceptions],
    }


def _hits(found: Hits) -> dict[str, int | None]:
    return {
        "kept": found.kept,
        "late": found.late,
        "missed": found.missed,
        "running": found.running,
        "rate": found.rate,
    }


def _sum(total: Sum) -> dict[str, object]:
    amounts = [{"amount": str(money.amount), "currency": money.currency} for money in total.amounts]
    return {"count": total.count, "amounts": amounts}


def _exception(line: ExceptionLine) -> dict[str, object]:
    return {
        "id": shown(Kind.EXCEPTION, line.id),
        "deal": shown(Kind.DEAL, line.deal),
        "customer": line.label,
        "owner": line.owner_name,
        "requirement": line.requirement,
        "title": line.title,
        "reason": line.reason,
        "granted_by": line.granted_by,
        "recorded_by": line.recorded_by or None,
        "granted_at": line.granted_at.isoformat(timespec="seconds"),
        "expires_at": line.expires_at.isoformat(timespec="seconds"),
        "revoked_at": line.revoked_at.isoformat(timespec="seconds") if line.revoked_at else None,
        "state": line.state.value,
    }


# Texts


def _team_text(report: TeamReport, language: str, team: TeamCalendar) -> str:
    from salestui.services import report_texts as words

    headings = (
        _("name"), _("summaries in time"), _("scores in time"), _("gates"), _("won"), _("lost"), _("cancelled"),
        _("in care"), _("deals"), _("without a step"), _("exceptions"),
    )  # fmt: skip
    lines = [
        (
            rep.name,
            words.rate(rep.summaries),
            words.rate(rep.scores),
            str(rep.gates),
            *(str(rep.outcomes[outcome].count) for outcome in Outcome),
            str(rep.open.count),
            str(rep.without_step),
            str(len(rep.exceptions)),
        )
        for rep in report.reps
    ]
    text = f"{words.span(report.since, report.until, language)}\n{table(headings, lines, right=range(1, 11))}"
    return "\n\n".join((text, *_exceptions_text(report.exceptions, language, team)))


def _rep_text(rep: RepReport, language: str, team: TeamCalendar) -> str:
    from salestui.services import report_texts as words

    facts = table(("", ""), [(fact.label, fact.value) for fact in words.facts(rep, language)]).removeprefix("\n")
    parts = [f"{rep.name}  {words.span(rep.since, rep.until, language)}\n{facts}"]
    if rep.stages:
        rows = [(f"{each.number} {each.title}", str(each.deals), str(each.days), str(each.idle)) for each in rep.stages]
        headings = (_("stage"), _("deals"), _("average days"), _("standing still"))
        parts.append(table(headings, rows, right=(1, 2, 3)))
    return "\n\n".join((*parts, *_exceptions_text(rep.exceptions, language, team)))


def _exceptions_text(lines: tuple[ExceptionLine, ...], language: str, team: TeamCalendar) -> tuple[str, ...]:
    from salestui.services import report_texts as words

    if not lines:
        return ()
    rows = [
        (
            shown(Kind.EXCEPTION, line.id),
            words.state(line.state),
            shown(Kind.DEAL, line.deal),
            line.label,
            line.title,
            line.granted_by,
            short_day(words.last_day(line, team), language),
            line.reason,
        )
        for line in lines
    ]
    headings = (
        "", _("state"), _("deal"), _("customer"), _("requirement"), _("granted by"), _("valid through"), _("reason"),
    )  # fmt: skip
    return (f"{_('Exceptions')}\n{table(headings, rows)}",)
