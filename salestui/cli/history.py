"""`salestui history`: who did what, when and why; and whether anybody tampered with it."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.answers import FAILED, Answer
from salestui.cli.context import Context
from salestui.cli.days import day_of
from salestui.cli.faults import Refused
from salestui.cli.parsing import Group, reads
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.services.request import Request

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the history."""
    parser = reads(group.alone(_history))
    parser.add_argument("--deal", metavar=_("DEAL"), help=_("of a deal, its customer and its campaign's outputs"))
    parser.add_argument("--customer", metavar=_("CUSTOMER"), help=_("of a customer"))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("of a campaign"))
    parser.add_argument("--user", metavar=_("USER"), help=_("what this person did"))
    parser.add_argument("--since", metavar=_("DATE"), help=_("from this day on"))
    parser.add_argument("--until", metavar=_("DATE"), help=_("up to the end of this day"))
    parser.add_argument("--action", default="", metavar=_("WORD"), help=_("deal.moved, or deal for all that begin so"))
    parser.add_argument("--text", default="", metavar=_("TEXT"), help=_("every word occurs in it"))
    parser.add_argument("--limit", type=int, default=50, metavar=_("N"), help=_("at most N (50)"))
    parser.add_argument("--before", type=int, metavar=_("ID"), help=_("events before this one"))
    parser.add_argument("--export", metavar=_("FILE"), help=_("write all that fits to a file, .jsonl or .csv"))
    parser.add_argument("--force", action="store_true", help=_("replace the file where it exists"))
    parser.add_argument("--verify", action="store_true", help=_("check that no event was changed or removed"))
    parser.add_argument(
        "--anchor", metavar=_("FILE"), help=_("with --verify: also that nothing was cut off since this answer was kept")
    )


def _history(context: Context, args: Namespace) -> Answer:
    if args.verify:
        return _verify(context, args.anchor)
    if args.export is not None:
        return _export(context.request(), args)
    from salestui.domain.dates import short_moment
    from salestui.services import history
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        deal, customer, campaign, user = _about(request, args)
        since, until = _days(request, args)
        found = history.events(
            request,
            deal=deal,
            customer=customer,
            campaign=campaign,
            user=user,
            since=since,
            until=until,
            action=args.action,
            text=args.text,
            limit=args.limit,
            before=args.before,
        )
        lines = history.lines(request, found, context.language)
        zone = team_of(request).zone
    document = {
        "format": "salestui.history/1",
        "events": [records.event(each, line) for each, line in zip(found, lines, strict=True)],
    }

    def text() -> str:
        return "\n".join(
            f"{each.id}  {short_moment(each.at, zone, context.language)}  {each.actor_name}  {line}"
            for each, line in zip(found, lines, strict=True)
        )

    return Answer(document, text)


def _about(request: Request, args: Namespace) -> tuple[int | None, ...]:
    """Return the numbers of the deal, customer, campaign and user that the options name."""
    from salestui.services import campaigns, customers, deals, users

    return (
        deals.find(request, args.deal).id if args.deal else None,
        customers.find(request, args.customer).id if args.customer else None,
        campaigns.find(request, args.campaign).id if args.campaign else None,
        users.find(request, args.user).id if args.user else None,
    )


def _days(request: Request, args: Namespace) -> tuple[datetime | None, datetime | None]:
    """Return when the days asked for begin and end, by the team's clock."""
    from salestui.services.loading import team_of

    team = team_of(request)
    first, last = day_of(request, args.since, "since"), day_of(request, args.until, "until")
    return team.end_of(first - timedelta(days=1)) if first else None, team.end_of(last) if last else None


def _export(request: Request, args: Namespace) -> Answer:
    from salestui.services import history_export

    deal, customer, campaign, user = _about(request, args)
    first, last = day_of(request, args.since, "since"), day_of(request, args.until, "until")
    chosen = history_export.Filter(deal, customer, campaign, user, first, last, args.action, args.text)
    made = history_export.export(request, Path(args.export), chosen, replace=args.force)
    document = {
        "format": "salestui.history_exported/1",
        "path": made.path,
        "events": made.events,
        "anchor": made.anchor.document(),
        "anchor_path": made.anchor_path,
    }

    def text() -> str:
        line = ngettext("{path}: {n} event.", "{path}: {n} events.", made.events).format(path=made.path, n=made.events)
        kept = _("The anchor is in {path}.").format(path=made.anchor_path or made.path)
        return f"{line} {kept}"

    return Answer(document, text)


def _verify(context: Context, anchor: str | None) -> Answer:
    from salestui.services import history_check, move_check

    found = history_check.check(context.request(), history_check.read_anchor(Path(anchor)) if anchor else None)
    if found.broken is not None:
        sentence = history_check.sentence(found.broken)
        raise Refused("history_broken", sentence, FAILED, {"event": found.broken.id, "reason": found.broken.reason})
    document = {
        "format": "salestui.history_check/1",
        "sound": True,
        "events": found.anchor.count,
        "redacted": list(found.redacted),
        "moves": [
            {"event": each.event, "deal": each.deal, "reason": each.reason, "what": each.what} for each in found.moves
        ],
        "anchor": found.anchor.document(),
    }

    def text() -> str:
        told = [_("{n} events, all as they were written. Chain: {chain}")]
        if found.redacted:
            told.append(ngettext("{k} of them is redacted.", "{k} of them are redacted.", len(found.redacted)))
        told += [move_check.sentence(each).replace("{", "{{").replace("}", "}}") for each in found.moves]
        if not anchor:
            told.append(_("Only --anchor finds a cut-off end. Keep one: salestui history --verify --json > FILE"))
        return "\n".join(told).format(n=found.anchor.count, chain=found.anchor.head, k=len(found.redacted))

    return Answer(document, text)
