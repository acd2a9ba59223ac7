"""`salestui customer`: companies."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from salestui.cli import records
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.sheets import sheet
from salestui.cli.tables import table
from salestui.cli.templates import choice_of, only, owner_choices, template_answer
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.records import Campaign, Kind, shown
from salestui.i18n import gettext as _
from salestui.services import campaigns, customers
from salestui.services.request import Request

__all__ = ["CAMPAIGN", "add", "campaign_choices"]

CAMPAIGN = Field(
    "campaign",
    FieldType.CHOICE,
    Text("拓展活动", "Campaign"),
    help=Text("编号（M1）或名称", "Its id (M1) or name"),
)


def add(group: Group, _name: str) -> None:
    """Add the commands of a customer."""
    parser = group.command("template", _template, _("what is needed to enter one, or to change CUSTOMER"))
    parser.add_argument("customer", nargs="?", metavar=_("CUSTOMER"))
    parser.add_argument("--playbook", metavar=_("KEY"), help=_("only campaigns of this playbook"))
    parser.add_argument("--field", metavar=_("FIELD"), help=_("only this field, as a required one"))
    parser = group.command("new", _new, _("enter a customer"))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("the campaign it joins"))
    writes(parser, changes=False)
    parser = reads(group.command("list", _list, _("list customers by name")))
    parser.add_argument("--text", default="", metavar=_("TEXT"), help=_("a part of name, industry or region"))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("only those of this campaign"))
    parser.add_argument("--limit", type=int, default=100, metavar=_("N"), help=_("at most N (100)"))
    parser.add_argument("--offset", type=int, default=0, metavar=_("N"), help=_("leave the first N out"))
    parser = reads(group.command("show", _show, _("show one customer, with its contacts and deals")))
    parser.add_argument("customer", metavar=_("CUSTOMER"))
    parser = group.command("change", _change, _("change the values given"))
    parser.add_argument("customer", metavar=_("CUSTOMER"))
    writes(parser)


def campaign_choices(request: Request, playbook: str | None) -> tuple[Choice, ...]:
    """Return the campaigns that take new deals, the newest first; of one playbook where it is named."""
    return tuple(
        choice_of(shown(Kind.CAMPAIGN, each.id), each.name)
        for each in sorted(campaigns.all(request), key=lambda each: -each.id)
        if not each.closed and playbook in {None, each.playbook}
    )


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    fields = customers.customer_fields()
    choices: dict[str, Sequence[Choice]] = {
        **owner_choices(request),
        "campaign": campaign_choices(request, args.playbook),
    }
    if args.customer is None:
        return template_answer(context, only((*fields, CAMPAIGN), args), choices=choices)
    known = customers.find(request, args.customer)
    values = customers.form_values(known)
    return template_answer(context, only(fields, args), revision=known.version, values=values, choices=choices)


def _joined(request: Request, named: object) -> Campaign | None:
    return campaigns.find(request, str(named)) if named not in (None, "") else None


def _new(context: Context, args: Namespace) -> Answer:
    told = given(args, campaign=args.campaign)
    request = context.request(told.command_id)
    joined = _joined(request, told.values.get("campaign"))
    values = {key: value for key, value in told.values.items() if key != "campaign"}
    made = done(
        customers.new(request, values, joined.id if joined else None), fields=(*customers.customer_fields(), CAMPAIGN)
    )
    return changed(made, _("{id} is entered.").format(id=made.id))


def _list(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        joined = _joined(request, args.campaign)
        number = joined.id if joined else None
        found = customers.all(request, args.text, limit=max(args.limit, 0), offset=max(args.offset, 0), campaign=number)
        total = customers.count(request, args.text, campaign=number)
    headings = (_("id"), _("name"), _("industry"), _("region"), _("owner"))
    rows = [(shown(Kind.CUSTOMER, each.id), each.name, each.industry, each.region, each.owner_name) for each in found]
    return Answer(
        {"format": "salestui.customers/1", "total": total, "customers": [records.customer(each) for each in found]},
        lambda: "\n".join((table(headings, rows), _("{n} of {total}").format(n=len(found), total=total))),
    )


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.services import contacts, deals

    request = context.request()
    with request.reading():
        known = customers.find(request, args.customer)
        people = contacts.of(request, known.id)
        cards = deals.listed(request, customer=known.id)
    document = {
        "format": "salestui.customer/1",
        **records.customer(known),
        "contacts": [records.contact(each) for each in people],
        "deals": [records.deal(each) for each in cards],
    }

    def text() -> str:
        lines = [f"{shown(Kind.CUSTOMER, known.id)} {known.name}"]
        lines.append(sheet(customers.customer_fields(), customers.form_values(known), context.language))
        lines += [
            f"  {shown(Kind.CONTACT, each.id)} {each.name}   {each.title}   {each.phone}   {each.email}".rstrip()
            for each in people
        ]
        lines += [f"  D{each.id} {each.campaign_name}   {each.stage}   {each.status.value}" for each in cards]
        return "\n".join(lines)

    return Answer(document, text)


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    known = customers.find(request, args.customer)
    outcome = customers.change(request, known.id, told.values, told.expected_version)
    made = done(outcome, fields=customers.customer_fields())
    return changed(made, _("{id} is changed.").format(id=made.id))
