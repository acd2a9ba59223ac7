"""The first steps: `salestui demo` on sample data, and `salestui init`, which makes a database."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.cli.options import Options
    from salestui.cli.parsing import Group

__all__ = ["add"]


def add(group: Group, name: str) -> None:
    """Add `demo`, which the program itself carries out, or `init`."""
    if name == "demo":
        group.alone(_demo)
        return
    parser = group.alone(_init)
    parser.set_defaults(opens=False)
    parser.add_argument(
        "--shared", action="store_true", help=_("for several people on this machine; nobody records votes for others")
    )
    parser.add_argument("--currency", default="CNY", metavar=_("CODE"), help=_("currency that campaigns start with"))
    parser.add_argument("--zone", metavar=_("NAME"), help=_("the team's time zone, such as Asia/Shanghai"))


def _demo(_options: Options, _args: Namespace) -> Answer:
    raise AssertionError("the program opens the app itself")


def _init(options: Options, args: Namespace) -> Answer:
    """Make a database with both handbooks; whoever does it becomes its administrator."""
    from salestui import system
    from salestui.cli.answers import invalid
    from salestui.domain.problems import Problem
    from salestui.domain.team import zone_named
    from salestui.services import session, setup
    from salestui.services.settings import is_currency
    from salestui.storage.store import Store

    if not is_currency(args.currency):
        raise invalid((Problem("currency", "bad_currency", {"value": args.currency}),))
    if args.zone and zone_named(args.zone) is None:
        raise invalid((Problem("zone", "unknown_zone", {"value": args.zone}),))
    person = system.person()
    location = options.database
    with Store.open(location, shared=args.shared or None) as store:
        actor = setup.prepare(
            store,
            options.now(),
            person.login,
            person.full_name,
            args.zone or session.zone_name(),
            shared=args.shared,
            currency=args.currency.upper(),
        )
        place = store.location_label
        document = {"database": store.location, "user": actor.login, "permission": actor.permission.value}
    return Answer(
        {"format": "salestui.init/1", **document},
        lambda: _("{place} is ready for {name}. Open the board with: salestui").format(place=place, name=actor.name),
    )
