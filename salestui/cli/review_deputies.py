"""`salestui review deputies`, `deputy`, `deputy-end`: who votes for whom while somebody is absent."""

from __future__ import annotations

from argparse import Namespace

from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.tables import table
from salestui.domain.dates import short_day
from salestui.i18n import gettext as _
from salestui.services import deputies, users
from salestui.services.loading import team_of

__all__ = ["add"]


def add(group: Group) -> None:
    """Add the commands of deputies to those of reviews."""
    parser = reads(group.command("deputies", _list, _("list who votes for whom, now and in days to come")))
    parser.add_argument("--over", action="store_true", help=_("those of the past too"))
    parser = group.command("deputy", _name, _("name who votes for me, or (administrators) for USER, while absent"))
    parser.add_argument("user", nargs="?", metavar=_("USER"), help=_("login or name"))
    parser.add_argument("--deputy", metavar=_("PERSON"), help=_("login or name"))
    parser.add_argument("--starts", metavar=_("DATE"), help=_("the first day"))
    parser.add_argument("--ends", metavar=_("DATE"), help=_("the last day"))
    writes(parser, changes=False)
    parser = group.command("deputy-end", _end, _("end a deputy before the day"))
    parser.add_argument("number", type=int, metavar=_("NUMBER"), help=_("its number in the list"))
    writes(parser, changes=False)


def _list(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        found = deputies.all(request, over=args.over)
        today = team_of(request).today(request.now)
    told = [
        {
            "number": each.id,
            "name": each.user_name,
            "deputy": each.deputy_name,
            "starts": each.starts.isoformat(),
            "ends": each.ends.isoformat(),
            "in_force": each.in_force(today),
            "named_by": each.named_by,
        }
        for each in found
    ]
    headings = (_("number"), _("absent"), _("deputy"), _("from"), _("until"), _("named by"))
    rows = [
        (
            str(each.id),
            each.user_name,
            each.deputy_name,
            short_day(each.starts, context.language),
            short_day(each.ends, context.language),
            each.named_by,
        )
        for each in found
    ]
    return Answer({"format": "salestui.deputies/1", "deputies": told}, lambda: table(headings, rows))


def _name(context: Context, args: Namespace) -> Answer:
    told = given(args, deputy=args.deputy, starts=args.starts, ends=args.ends)
    request = context.request(told.command_id)
    absent = users.find(request, args.user).id if args.user else request.actor.id
    made = done(deputies.name_given(request, absent, told.values), fields=deputies.fields())
    return changed(made, _("A deputy votes for {id} in these days.").format(id=made.id))


def _end(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    made = done(deputies.end(request, args.number))
    return changed(made, _("No deputy votes for {id} any more.").format(id=made.id))
