"""`salestui agenda`: what is due."""

from __future__ import annotations

from argparse import Namespace
from datetime import tzinfo

from salestui.cli.answers import Answer
from salestui.cli.context import Context
from salestui.cli.parsing import Group, reads
from salestui.cli.tables import table
from salestui.domain.agenda import AgendaLine
from salestui.domain.dates import short_day, short_moment
from salestui.domain.records import Kind, shown
from salestui.domain.views import AgendaKind
from salestui.i18n import gettext as _
from salestui.services import agenda
from salestui.services.loading import team_of

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the agenda."""
    parser = reads(group.alone(_agenda))
    parser.add_argument("--owner", metavar=_("USER"), help=_("what is due for this person, instead of me"))
    parser.add_argument("--everybody", action="store_true", help=_("what is due for everybody"))
    parser.add_argument(
        "--days", type=int, default=agenda.DAYS_AHEAD, metavar=_("N"), help=_("how many days ahead (14)")
    )


def _agenda(context: Context, args: Namespace) -> Answer:
    from salestui.services import cards, users

    request = context.request()
    cards.bring_up_to_date(request)
    with request.reading():
        owner: int | None = context.actor.id
        if args.everybody:
            owner = None
        elif args.owner is not None:
            owner = users.find(request, args.owner).id
        found = agenda.due(request, owner=owner, until_days=max(args.days, 0))
        zone = team_of(request).zone
    document = {"format": "salestui.agenda/1", "lines": [_document(each) for each in found]}
    return Answer(document, lambda: _text(found, zone, context.language))


def _document(line: AgendaLine) -> dict[str, object]:
    return {
        "kind": line.kind.value,
        "section": line.section.value,
        "at": line.at.isoformat(timespec="seconds"),
        "all_day": line.all_day,
        "late": line.late,
        "minutes": line.minutes,
        "deal": shown(Kind.DEAL, line.deal),
        "customer": {"id": shown(Kind.CUSTOMER, line.customer), "name": line.label},
        "stage": line.stage,
        "what": line.what,
        "owner": line.owner_name,
        "talk": shown(Kind.ACTIVITY, line.activity) if line.activity else None,
        "review": shown(Kind.REVIEW, line.review) if line.review else None,
        "output": line.output or None,
    }


def _text(found: tuple[AgendaLine, ...], zone: tzinfo, language: str) -> str:
    if not found:
        return _("Nothing is due.")
    titles = {
        AgendaKind.LATE: _("Late"),
        AgendaKind.TODAY: _("Today"),
        AgendaKind.REVIEW: _("For me to review"),
        AgendaKind.TOMORROW: _("Tomorrow"),
        AgendaKind.LATER: _("Later"),
        AgendaKind.NO_STEP: _("Without a next step"),
    }
    lines: list[str] = []
    for section, title in titles.items():
        rows = [
            (
                f"  {_when(each, zone, language)}",
                shown(Kind.DEAL, each.deal),
                each.label,
                each.what,
                shown(Kind.ACTIVITY, each.activity)
                if each.activity
                else shown(Kind.REVIEW, each.review)
                if each.review
                else "",
            )
            for each in found
            if each.section is section
        ]
        if rows:
            lines += [title, table(("",) * 5, rows).removeprefix("\n"), ""]
    return "\n".join(lines).rstrip()


def _when(line: AgendaLine, zone: tzinfo, language: str) -> str:
    if line.section is AgendaKind.NO_STEP:
        return "-"
    if line.all_day:
        return short_day(line.at.astimezone(zone).date(), language)
    return short_moment(line.at, zone, language)
