"""`salestui history`: who did what, when and why; and whether anybody tampered with it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.answers import FAILED, Answer
from salestui.cli.context import Context
from salestui.cli.faults import Refused
from salestui.cli.parsing import Group, reads
from salestui.i18n import gettext as _

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
    parser.add_argument("--text", default="", metavar=_("TEXT"), help=_("every word occurs in it"))
    parser.add_argument("--limit", type=int, default=50, metavar=_("N"), help=_("at most N (50)"))
    parser.add_argument("--before", type=int, metavar=_("ID"), help=_("events before this one"))
    parser.add_argument("--verify", action="store_true", help=_("check that no event was changed or removed"))


def _history(context: Context, args: Namespace) -> Answer:
    if args.verify:
        return _verify(context)
    from salestui.domain.dates import short_moment
    from salestui.services import history
    from salestui.services.loading import team_of

    request = context.request()
    with request.store.reading():
        found = history.events(
            request,
            **_about(request, args),
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


def _about(request: Request, args: Namespace) -> dict[str, int | None]:
    """Return the numbers of what the options name."""
    from salestui.services import campaigns, customers, deals, users

    return {
        "deal": deals.find(request, args.deal).id if args.deal else None,
        "customer": customers.find(request, args.customer).id if args.customer else None,
        "campaign": campaigns.find(request, args.campaign).id if args.campaign else None,
        "user": users.find(request, args.user).id if args.user else None,
    }


def _verify(context: Context) -> Answer:
    from salestui.services import history_check
    from salestui.storage import chain

    store = context.opened.store
    broken, head = chain.verify(store), chain.head(store)
    if broken is not None:
        sentence = history_check.sentence(broken)
        raise Refused("history_broken", sentence, FAILED, {"event": broken.id, "reason": broken.reason})
    document = {"format": "salestui.history_check/1", "sound": True, "events": head.count, "chain": head.chain}
    return Answer(
        document,
        lambda: _("{n} events, all as they were written. Chain: {chain}").format(n=head.count, chain=head.chain),
    )
