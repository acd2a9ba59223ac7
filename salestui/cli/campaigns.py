"""`salestui campaign`: pushes into a market, each under one playbook version."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from salestui.cli import records
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.sheets import sheet
from salestui.cli.tables import table
from salestui.cli.templates import owner_choices, template_answer
from salestui.cli.words import yes_no
from salestui.domain.playbook import Choice
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.services import campaigns, playbooks, settings

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a campaign."""
    parser = group.command("template", _template, _("what is needed to start one, or to change CAMPAIGN"))
    parser.add_argument("campaign", nargs="?", metavar=_("CAMPAIGN"))
    parser.add_argument("--playbook", metavar=_("KEY"), help=_("the playbook it is to follow"))
    writes(group.command("new", _new, _("start a campaign")), changes=False)
    reads(group.command("list", _list, _("list all campaigns")))
    parser = reads(group.command("show", _show, _("show one campaign, with its lists of customers")))
    parser.add_argument("campaign", metavar=_("CAMPAIGN"))
    parser = group.command("change", _change, _("change the values given"))
    parser.add_argument("campaign", metavar=_("CAMPAIGN"))
    writes(parser)


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        if args.campaign is not None:
            known = campaigns.find(request, args.campaign)
            return template_answer(
                context,
                campaigns.change_fields(request, known.id),
                revision=known.version,
                values=campaigns.form_values(known),
                choices=owner_choices(request),
            )
        fields = [each for each in campaigns.campaign_fields(request, args.playbook) if each.key != "playbook_version"]
        choices: dict[str, Sequence[Choice]] = dict(owner_choices(request))
        default = args.playbook or playbooks.default_key(request)
        offered = next(each.choices for each in fields if each.key == "playbook")
        first = [choice for choice in offered if choice.key == default]
        values: dict[str, object] = {"playbook": default, "currency": settings.team(request).currency}
        if args.playbook is not None:
            fields = [replace(each, required=True) if each.key == "playbook" else each for each in fields]
            choices["playbook"] = first
        else:
            choices["playbook"] = [*first, *(choice for choice in offered if choice.key != default)]
        return template_answer(context, fields, values=values, choices=choices)


def _new(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    key = told.values.get("playbook")
    known = {version.key for version in playbooks.installed(request)}
    fields = campaigns.campaign_fields(request, key if isinstance(key, str) and key in known else None)
    made = done(campaigns.new(request, told.values), fields=fields)
    return changed(made, _("{id} is started.").format(id=made.id))


def _list(context: Context, _args: Namespace) -> Answer:
    found = campaigns.all(context.request())
    headings = (_("id"), _("name"), _("playbook"), _("market"), _("owner"), _("closed"))
    return Answer(
        {"format": "salestui.campaigns/1", "campaigns": [records.campaign(each) for each in found]},
        lambda: table(
            headings,
            [
                (
                    shown(Kind.CAMPAIGN, each.id),
                    each.name,
                    f"{each.playbook} {each.playbook_version}",
                    each.market,
                    each.owner_name,
                    yes_no(each.closed),
                )
                for each in found
            ],
        ),
    )


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.services import customers

    request = context.request()
    with request.reading():
        known = campaigns.find(request, args.campaign)
        lists = customers.classes_of(request, known.id)
        fields = campaigns.change_fields(request, known.id)
    document = {
        "format": "salestui.campaign/1",
        **records.campaign(known),
        "lists": [
            {
                "class": each.cls.key if each.cls else None,
                "customers": [
                    {"id": shown(Kind.CUSTOMER, member.customer), "name": member.name, "reason": member.reason}
                    for member in each.members
                ],
            }
            for each in lists
        ],
    }

    def text() -> str:
        lines = [f"{shown(Kind.CAMPAIGN, known.id)} {known.name}   {known.playbook} {known.playbook_version}"]
        lines.append(sheet(fields, campaigns.form_values(known), context.language))
        for each in lists:
            title = each.cls.title.get(context.language) if each.cls else _("not classified")
            lines += ["", f"{title} · {len(each.members)}"]
            lines += [
                f"  {shown(Kind.CUSTOMER, member.customer)} {member.name}   {member.reason}".rstrip()
                for member in each.members
            ]
        return "\n".join(lines)

    return Answer(document, text)


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    known = campaigns.find(request, args.campaign)
    fields = campaigns.change_fields(request, known.id)
    outcome = campaigns.change(request, known.id, told.values, told.expected_version)
    made = done(outcome, fields=fields)
    return changed(made, _("{id} is changed.").format(id=made.id))
