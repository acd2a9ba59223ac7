"""The first steps: `salestui demo` on sample data, and `salestui init`, which makes a database."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
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
        "place",
        nargs="?",
        metavar=_("PLACE"),
        help=_("path or address of the database, or the directory for it; without it that of --database"),
    )
    parser.add_argument(
        "--shared", action="store_true", help=_("for several people on this machine; nobody records votes for others")
    )
    parser.add_argument(
        "--group", metavar=_("NAME"), help=_("the group that shares it: PLACE becomes a directory for them alone")
    )
    parser.add_argument(
        "--admin", metavar=_("LOGIN"), help=_("who administers it; without it whoever calls, also by sudo")
    )
    parser.add_argument(
        "--files",
        metavar=_("FOLDER"),
        help=_("folder of attached files of a PostgreSQL database; else in it"),
    )
    parser.add_argument("--currency", default="CNY", metavar=_("CODE"), help=_("currency that campaigns start with"))
    parser.add_argument("--zone", metavar=_("NAME"), help=_("the team's time zone, such as Asia/Shanghai"))


def _demo(_options: Options, _args: Namespace) -> Answer:
    raise AssertionError("the program opens the app itself")


def _init(options: Options, args: Namespace) -> Answer:
    """Make a database with both handbooks; whoever does it, or is named, becomes its administrator."""
    from salestui.cli.faults import UsageError
    from salestui.services import session, setup, sharing
    from salestui.storage.store import Store

    _check(args)
    person = sharing.administrator(args.admin)
    location = _location(options.database, args)
    if args.group:
        sharing.prepare_directory(Path(location), args.group)
    elif args.shared and not Store.is_on_server(location) and not sharing.is_shared(Path(location).parent):
        raise UsageError(_("--shared takes --group NAME: else nobody but you could open it."))
    if Store.is_on_server(location):
        Store.prepare_server(location, files=args.files)
    with Store.open(location, shared=args.shared or None) as store:
        actor = setup.prepare(
            store,
            options.now(),
            person.login,
            person.full_name,
            args.zone or session.zone_name(),
            shared=args.shared or store.on_server,
            currency=args.currency.upper(),
        )
        if args.group:
            sharing.settle(Path(location), args.group)
        place = store.location if args.group else store.location_label  # `~` is another place for everybody
        document = {"database": store.location, "user": actor.login, "permission": actor.permission.value}
    told = {"place": place, "name": actor.name, "group": args.group}

    def text() -> str:
        if args.group:
            return _(
                "{place} is ready for the group {group}; {name} administers it. Everybody sets: export "
                "SALESTUI_DATABASE={place}"
            ).format(**told)
        if args.place:
            return _("{place} is ready for {name}. Open the board with: salestui --database {place}").format(**told)
        return _("{place} is ready for {name}. Open the board with: salestui").format(**told)

    return Answer({"format": "salestui.init/1", **document}, text)


def _check(args: Namespace) -> None:
    """Refuse what cannot be before anything is made."""
    from salestui.cli.answers import invalid
    from salestui.cli.faults import UsageError
    from salestui.domain.problems import Problem
    from salestui.domain.team import zone_named
    from salestui.services.settings import is_currency

    if args.group and not args.shared:
        raise UsageError(_("--group goes with --shared."))
    if args.files and not Path(args.files).is_absolute():
        raise UsageError(_("--files takes an absolute path."))
    if not is_currency(args.currency):
        raise invalid((Problem("currency", "bad_currency", {"value": args.currency}),))
    if args.zone and zone_named(args.zone) is None:
        raise invalid((Problem("zone", "unknown_zone", {"value": args.zone}),))


def _location(usual: str, args: Namespace) -> str:
    """Return where the database is to lie: a directory given stands for the file of the usual name in it."""
    from salestui.services.sharing import FILE_NAME
    from salestui.storage.location import Location

    given = str(args.place or usual)
    if "://" in given and not args.group:
        return given
    path = Location.parse(given).path
    directory = path.is_dir() or (bool(args.group) and bool(args.place) and path.suffix != ".db")
    return str(path / FILE_NAME if directory else path)
