"""`salestui deal`: the cards; made, listed, shown and changed here, moved and closed in `moves`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from salestui.cli import moves, records
from salestui.cli.answers import Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import Given, given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import choice_of, only, owner_choices, template_answer
from salestui.domain.facts import Status
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Deal, Kind, shown
from salestui.i18n import gettext as _
from salestui.services import deals

if TYPE_CHECKING:
    from salestui.domain.deal_list import DealRow
    from salestui.services.request import Request

__all__ = ["add"]

MOST_CHOICES = 500
"""How many customers a template offers, the newest ones; any other may be given as well."""

CUSTOMER = Field(
    "customer",
    FieldType.CHOICE,
    Text("客户", "Customer"),
    help=Text(
        "编号（C3）或名称；列出最近的，其他的也可以填", "Id (C3) or name; the newest are listed, any may be given"
    ),
    required=True,
)
CAMPAIGN = Field(
    "campaign",
    FieldType.CHOICE,
    Text("拓展活动", "Campaign"),
    help=Text("编号（M1）或名称", "Its id (M1) or name"),
    required=True,
)


def add(group: Group, _name: str) -> None:
    """Add the commands of a deal."""
    parser = group.command("template", _template, _("what is needed to make one, or to change or close DEAL"))
    parser.add_argument("deal", nargs="?", metavar=_("DEAL"))
    parser.add_argument("--playbook", metavar=_("KEY"), help=_("only campaigns of this playbook"))
    parser.add_argument("--field", metavar=_("FIELD"), help=_("only this field, as a required one"))
    parser.add_argument("--for", dest="purpose", choices=("change", *moves.FORMS), default="change", help=_("what for"))
    parser = group.command("new", _new, _("put a deal into the first stage of a campaign"))
    parser.add_argument("--customer", metavar=_("CUSTOMER"), help=_("whose deal it is"))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("the campaign it belongs to"))
    writes(parser, changes=False)
    _add_list(group)
    parser = reads(group.command("show", _show, _("show one deal")))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser = group.command("change", _change, _("change the values given"))
    parser.add_argument("deal", metavar=_("DEAL"))
    writes(parser)
    moves.add(group)


def _add_list(group: Group) -> None:
    parser = reads(group.command("list", _list, _("list deals; without --status those that are open or won")))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("only of this campaign"))
    parser.add_argument("--customer", metavar=_("CUSTOMER"), help=_("only of this customer"))
    parser.add_argument("--owner", metavar=_("USER"), help=_("only of this owner"))
    parser.add_argument("--mine", action="store_true", help=_("only my own"))
    parser.add_argument("--stage", metavar=_("STAGE"), help=_("only in this stage"))
    parser.add_argument(
        "--status",
        action="append",
        choices=("all", *(status.value for status in Status)),
        help=_("only of this status; may be repeated"),
    )
    parser.add_argument("--limit", type=int, metavar=_("N"), help=_("at most N"))
    parser.add_argument("--offset", type=int, default=0, metavar=_("N"), help=_("leave the first N out"))


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    if args.deal is not None:
        if args.purpose != "change":
            return moves.template(context, args)
        known = deals.find(request, args.deal)
        fields = only([field for field in deals.deal_fields() if field.key != "owner"], args)
        return template_answer(context, fields, revision=known.version, values=_values(known))
    from salestui.cli.customers import campaign_choices
    from salestui.storage import customers as customer_rows

    with request.reading():
        newest = customer_rows.page(sorted(customer_rows.matching(""), reverse=True)[:MOST_CHOICES])
        choices: dict[str, Sequence[Choice]] = {
            **owner_choices(request),
            "customer": [choice_of(shown(Kind.CUSTOMER, each.id), each.name) for each in newest],
            "campaign": campaign_choices(request, args.playbook),
        }
    return template_answer(context, only((CUSTOMER, CAMPAIGN, *deals.deal_fields()), args), choices=choices)


def _values(known: Deal) -> dict[str, object]:
    values = {
        "title": known.title,
        "amount": records.money(known.amount),
        "expected_on": known.expected_on.isoformat() if known.expected_on else None,
        "need": known.need,
        "source": known.source,
    }
    return {key: value for key, value in values.items() if value}


def _new(context: Context, args: Namespace) -> Answer:
    from salestui.services import campaigns, customers

    told = given(args, customer=args.customer, campaign=args.campaign)
    request = context.request(told.command_id)
    missing = [Problem(key, "missing", {"field": key}) for key in ("customer", "campaign") if not told.text(key)]
    fields = (CUSTOMER, CAMPAIGN, *deals.deal_fields())
    if missing:
        raise invalid(missing, fields)
    customer = customers.find(request, told.text("customer"))
    campaign = campaigns.find(request, told.text("campaign"))
    values = {key: value for key, value in told.values.items() if key not in {"customer", "campaign"}}
    made = done(deals.new(request, customer.id, campaign.id, values), fields=fields)
    return changed(
        made, _("{id} is on the board. What its first gate asks: salestui deal gate {id}").format(id=made.id)
    )


def _change(context: Context, args: Namespace) -> Answer:
    told: Given = given(args)
    request = context.request(told.command_id)
    known = deals.find(request, args.deal)
    outcome = deals.change(request, known.id, told.values, told.expected_version)
    made = done(outcome, fields=deals.deal_fields())
    return changed(made, _("{id} is changed.").format(id=made.id))


def _statuses(wanted: Sequence[str] | None) -> tuple[Status, ...]:
    if not wanted:
        return (Status.OPEN, Status.WON)
    return () if "all" in wanted else tuple(Status(each) for each in wanted)


def _list(context: Context, args: Namespace) -> Answer:
    from salestui.services import deal_list

    request = context.request()
    found = deal_list.listed(
        request,
        campaign=_number(request, "campaigns", args.campaign),
        customer=_number(request, "customers", args.customer),
        owner=context.actor.id if args.mine else _number(request, "users", args.owner),
        stage=args.stage,
        statuses=_statuses(args.status),
        limit=None if args.limit is None else max(args.limit, 0),
        offset=max(args.offset, 0),
    )
    return Answer(
        {"format": "salestui.deals/1", "deals": [_listed(each) for each in found]},
        lambda: _list_text(context, found),
    )


def _number(request: Request, aggregate: str, name: str | None) -> int | None:
    """Return the number of what a filter names; raises NotFound."""
    if name is None:
        return None
    if aggregate == "campaigns":
        from salestui.services import campaigns

        return campaigns.find(request, name).id
    if aggregate == "customers":
        from salestui.services import customers

        return customers.find(request, name).id
    from salestui.services import users

    return users.find(request, name).id


def _listed(deal: DealRow) -> dict[str, object]:
    """Return a deal as the list shows it: without its long texts, with grade and gate."""
    return {
        "id": f"D{deal.id}",
        "title": deal.title,
        "customer": {"id": f"C{deal.customer}", "name": deal.customer_name},
        "campaign": {"id": f"M{deal.campaign}", "name": deal.campaign_name},
        "stage": deal.stage,
        "status": deal.status.value,
        "owner": deal.owner_name,
        "amount": records.money(deal.amount),
        "expected_on": deal.expected_on.isoformat() if deal.expected_on else None,
        "grade": deal.grade or None if deal.on_board else None,
        "unmet": deal.unmet if deal.on_board else None,
        "version": deal.version,
    }


def _list_text(context: Context, found: Sequence[DealRow]) -> str:
    from salestui.cli.tables import table
    from salestui.cli.words import gate_word, stage_word, status_word
    from salestui.domain.showing import short_amount
    from salestui.i18n import ngettext
    from salestui.services import playbooks

    request = context.request()
    with request.reading():
        pinned = {(each.playbook, each.playbook_version) for each in found}
        books = {key: playbooks.get(request, *key) for key in pinned}
    rows = [
        (
            f"D{each.id}",
            each.title or each.customer_label,
            stage_word(books[each.playbook, each.playbook_version], each.stage, context.language),
            status_word(each.status),
            each.grade if each.on_board else "",
            gate_word(each.gate) if each.gate else "",
            f"{short_amount(each.amount, context.language)} {each.amount.currency}" if each.amount else "",
            each.owner_name,
        )
        for each in found
    ]
    headings = (_("id"), _("deal"), _("stage"), _("status"), _("grade"), _("gate"), _("amount"), _("owner"))
    count = ngettext("{n} deal", "{n} deals", len(found)).format(n=len(found))
    return "\n".join((table(headings, rows, right=(6,)), count))


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.services import exceptions
    from salestui.services.loading import load

    request = context.request()
    with request.reading():
        loaded = load(request, deals.find(request, args.deal).id)
        granted = exceptions.of(request, loaded.deal.id)
    facts = loaded.facts
    document = {
        "format": "salestui.deal/1",
        **records.deal(loaded.deal),
        "score": records.score(facts.score) if facts.score else None,
        "class": facts.classification.key if facts.classification else None,
        "outputs": {
            key: {"revision": each.revision.number if each.revision else 0, "withdrawn": each.withdrawn}
            for key, each in facts.outputs.items()
        },
        "actions": {key: {"by": each.by_name, "note": each.note, "at": each.at} for key, each in facts.actions.items()},
        "exceptions": [records.exception(each) for each in granted],
    }
    return Answer(document, lambda: _show_text(context, loaded.deal))


def _show_text(context: Context, deal: Deal) -> str:
    from salestui.cli.gate import read
    from salestui.cli.sheets import sheet
    from salestui.cli.words import status_word

    lines = [f"D{deal.id} {deal.title or deal.customer_label}   {status_word(deal.status)}   {deal.owner_name}"]
    lines.append(f"  {deal.customer_name} · {deal.campaign_name}")
    lines.append(sheet(deals.deal_fields(), _values(deal), context.language))
    if deal.status in deals.ON_BOARD:
        lines += ["", read(context.request(), deal.id).text(context.language)]
    elif deal.reason or deal.note:
        lines.append(f"  {deal.reason}   {deal.competitor}   {deal.note}".rstrip())
    return "\n".join(line for line in lines if line)
