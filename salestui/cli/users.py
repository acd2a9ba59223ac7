"""`salestui user`: who may use the database, with which permission and reviewer roles."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from salestui.cli import records
from salestui.cli.answers import Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import Given, given
from salestui.cli.parsing import Group, Parser, reads, writes
from salestui.cli.tables import table
from salestui.cli.templates import template_answer
from salestui.cli.words import yes_no
from salestui.domain.people import Permission
from salestui.domain.playbook import Field
from salestui.domain.values import normalise
from salestui.i18n import gettext as _
from salestui.services import handover, users

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a user."""
    parser = group.command("template", _template, _("what is needed to add one, or to change USER"))
    parser.add_argument("user", nargs="?", metavar=_("USER"))
    reads(group.command("list", _list, _("list everybody, those who left included")))
    parser = group.command("add", _add, _("let somebody use the database (administrators)"))
    parser.add_argument("login", nargs="?", metavar=_("LOGIN"), help=_("the account on this machine"))
    _options(parser)
    writes(parser, changes=False)
    parser = group.command("change", _change, _("change a user (administrators)"))
    parser.add_argument("user", metavar=_("USER"), help=_("login or name"))
    _options(parser)
    active = parser.add_mutually_exclusive_group()
    active.add_argument("--active", dest="active", action="store_true", default=None, help=_("let in again"))
    active.add_argument("--inactive", dest="active", action="store_false", help=_("do not let in any more"))
    writes(parser)
    parser = group.command("hand-over", _hand_over, _("give a leaver's open work to somebody else (managers)"))
    parser.add_argument("user", metavar=_("USER"), help=_("whose work: login or name"))
    parser.add_argument("successor", metavar=_("SUCCESSOR"), help=_("who takes it over: login or name"))
    writes(parser, changes=False)


def _options(parser: Parser) -> None:
    parser.add_argument("--name", metavar=_("NAME"), help=_("name as shown"))
    parser.add_argument("--permission", choices=[each.value for each in Permission], help=_("what the person may do"))
    parser.add_argument(
        "--role", action="append", metavar=_("KEY"), help=_("a reviewer role; may be repeated; `none` for no role")
    )


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    if args.user is None:
        return template_answer(context, users.user_fields(request, new=True))
    known = users.find(request, args.user)
    values = {key: value for key, value in records.user(known).items() if key not in {"login", "version"}}
    return template_answer(context, users.user_fields(request), revision=known.version, values=values)


def _list(context: Context, _args: Namespace) -> Answer:
    found = users.all(context.request())
    fields = users.user_fields(context.request())
    permission, roles = (next(each for each in fields if each.key == key) for key in ("permission", "roles"))

    def title(field: Field, key: str) -> str:
        choice = field.choice(key)
        return choice.text.get(context.language) if choice else key

    headings = (_("login"), _("name"), _("permission"), _("reviewer roles"), _("active"))
    rows = [
        (
            each.login,
            each.name,
            title(permission, each.permission.value),
            ", ".join(title(roles, key) for key in sorted(each.roles)),
            yes_no(each.active),
        )
        for each in found
    ]
    return Answer(
        {"format": "salestui.users/1", "users": [records.user(each) for each in found]}, lambda: table(headings, rows)
    )


def _roles(wanted: Sequence[str] | None) -> list[str] | None:
    return None if wanted is None else [role for role in wanted if role != "none"]


def _values(told: Given, fields: Sequence[Field]) -> dict[str, object]:
    """Return what was given of a user in its stored form; raises Refused."""
    values, problems = normalise(fields, told.values)
    if problems:
        raise invalid(problems, fields)
    return values | {key: [] for key, value in told.values.items() if key == "roles" and not value}


def _text(values: dict[str, object], key: str) -> str | None:
    return None if values.get(key) is None else str(values[key])


def _list_of(values: dict[str, object], key: str) -> list[str] | None:
    found = values.get(key)
    return [str(each) for each in found] if isinstance(found, list) else None


def _add(context: Context, args: Namespace) -> Answer:
    told = given(args, login=args.login, name=args.name, permission=args.permission, roles=_roles(args.role))
    request = context.request(told.command_id)
    fields = users.user_fields(request, new=True)
    values = _values(told, fields)
    outcome = users.add(
        request,
        _text(values, "login") or "",
        _text(values, "name") or "",
        _text(values, "permission") or Permission.REP,
        _list_of(values, "roles") or (),
    )
    made = done(outcome, fields=fields)
    return changed(made, _("{id} may use the database now.").format(id=made.id))


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args, name=args.name, permission=args.permission, roles=_roles(args.role), active=args.active)
    request = context.request(told.command_id)
    known = users.find(request, args.user)
    fields = users.user_fields(request)
    values = _values(told, fields)
    active = values.get("active")
    outcome = users.change(
        request,
        known.id,
        name=_text(values, "name"),
        permission=_text(values, "permission"),
        roles=_list_of(values, "roles"),
        active=active if isinstance(active, bool) else None,
        expected_version=told.expected_version,
    )
    made = done(outcome, fields=fields)
    return changed(made, _("{id} is changed.").format(id=made.id))


def _hand_over(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    leaver, successor = users.find(request, args.user), users.find(request, args.successor)
    said = handover.summary_text(handover.leaving(request, leaver.id))
    made = done(handover.hand_over(request, leaver.id, successor.id))
    if not made.changed:
        return changed(made, _("{name} has nothing to hand over.").format(name=leaver.name))
    return changed(made, _("{name} has taken over: {work}.").format(name=successor.name, work=said))
