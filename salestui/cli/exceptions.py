"""`salestui exception`: a manager's accountable overrides of single requirements."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.about import deal_with_playbook
from salestui.cli.answers import Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.days import day_of
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import template_answer
from salestui.domain.outcomes import Conflict
from salestui.domain.playbook import FileRule
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, number_of, shown
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import exceptions
from salestui.services.request import Request
from salestui.services.request import writes as in_one_transaction
from salestui.storage.store import Transaction

if TYPE_CHECKING:
    from salestui.domain.outcomes import Done, Invalid, NotAllowed
    from salestui.domain.sheets import ExceptionRecord

__all__ = ["add"]

_KEYS = ("requirement", "reason", "expires_on", "recorded_for", "granted_on", "evidence")


def add(group: Group, _name: str) -> None:
    """Add the commands of an exception."""
    parser = group.command("template", _template, _("what is needed to grant one"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("requirement", nargs="?", metavar=_("REQUIREMENT"))
    parser = group.command("grant", _grant, _("except one unmet requirement, with reason and expiry"), default=True)
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("requirement", nargs="?", metavar=_("REQUIREMENT"))
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("why it may pass"))
    parser.add_argument("--expires-on", metavar=_("DATE"), help=_("the last day it holds"))
    writes(parser, files=True, changes=False)
    parser = group.command("revoke", _revoke, _("end one that is in force"))
    parser.add_argument("exception", metavar=_("EXCEPTION"))
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("why"))
    writes(parser)
    parser = reads(group.command("list", _list, _("list the exceptions of a deal, those that are over too")))
    parser.add_argument("deal", metavar=_("DEAL"))


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        deal, _playbook = deal_with_playbook(request, args.deal)
        fields = exceptions.fields(request, deal.id)
    if args.requirement is not None:
        offered = next(field.choices for field in fields if field.key == "requirement")
        chosen = tuple(choice for choice in offered if choice.key == args.requirement)
        if not chosen:
            raise NotFound("requirement", args.requirement)
        fields = tuple(replace(field, choices=chosen) if field.key == "requirement" else field for field in fields)
    evidence = FileRule() if any(field.key == "recorded_for" for field in fields) else FileRule(max=0)
    values = {"requirement": args.requirement} if args.requirement else None
    return template_answer(context, fields, file_rule=evidence, values=values)


def _grant(context: Context, args: Namespace) -> Answer:
    told = given(args, requirement=args.requirement, reason=args.reason, expires_on=args.expires_on)
    request = context.request(told.command_id)
    deal, playbook = deal_with_playbook(request, args.deal)
    fields = exceptions.fields(request, deal.id)
    problems = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key not in _KEYS]
    problems += [Problem(key, "missing", {"field": key}) for key in ("requirement", "expires_on") if not told.text(key)]
    if problems:
        raise invalid(problems, fields)
    expires_on = day_of(request, told.values.get("expires_on"), "expires_on", fields) or date.min
    outcome = exceptions.grant(
        request,
        deal.id,
        told.text("requirement"),
        told.text("reason"),
        expires_on,
        recorded_for=told.text("recorded_for"),
        granted_on=day_of(request, told.values.get("granted_on"), "granted_on", fields),
        evidence=told.text("evidence"),
        files=told.files,
    )
    made = done(outcome, fields=fields, playbook=playbook)
    return changed(made, _("{id} is granted. To end it: salestui exception revoke {id}").format(id=made.id))


def _find(request: Request | Transaction, named: str) -> ExceptionRecord:
    number = number_of(Kind.EXCEPTION, named.strip())
    if number is None:
        raise NotFound("exception", named)
    return exceptions.get(request, number)


def _revoke(context: Context, args: Namespace) -> Answer:
    told = given(args, reason=args.reason)
    unknown = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key != "reason"]
    if unknown:
        raise invalid(unknown)
    request = context.request(told.command_id)
    made = done(_revoked(request, args.exception, told.text("reason"), told.expected_version))
    return changed(made, _("{id} is revoked.").format(id=made.id))


@in_one_transaction
def _revoked(tx: Transaction, named: str, reason: str, expected: int | None) -> Done | Conflict | Invalid | NotAllowed:
    known = _find(tx, named)
    if expected not in {None, known.version}:
        return Conflict(shown(Kind.EXCEPTION, known.id), int(expected or 0), known.version)
    return exceptions.revoke(tx, known.id, reason)


def _list(context: Context, args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.domain.dates import short_day
    from salestui.services.loading import team_of
    from salestui.services.requirement_titles import title_of

    request = context.request()
    with request.reading():
        deal, playbook = deal_with_playbook(request, args.deal)
        found = exceptions.of(request, deal.id)
        team = team_of(request)

    def until(each: ExceptionRecord) -> str:
        if each.revoked_at is not None:
            return _("revoked")
        if not each.in_force(context.now):
            return _("expired")
        return short_day(team.today(each.expires_at - timedelta(seconds=1)), context.language)

    headings = (_("id"), _("requirement"), _("by"), _("until"), _("reason"))
    rows = [
        (
            shown(Kind.EXCEPTION, each.id),
            title_of(each.requirement, playbook).get(context.language),
            _("{name}, recorded by {by}").format(name=each.granted_by, by=each.recorded_by)
            if each.recorded_by
            else each.granted_by,
            until(each),
            each.reason,
        )
        for each in found
    ]
    document = {"format": "salestui.exceptions/1", "exceptions": [records.exception(each) for each in found]}
    return Answer(document, lambda: table(headings, rows))
