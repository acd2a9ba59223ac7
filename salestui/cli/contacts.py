"""`salestui contact`: the people at a customer."""

from __future__ import annotations

from argparse import Namespace

from salestui.cli import records
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.sheets import sheet
from salestui.cli.tables import table
from salestui.cli.templates import template_answer
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.services import contacts, customers

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a contact."""
    parser = group.command("template", _template, _("what is needed to enter one, or to change CONTACT"))
    parser.add_argument("contact", nargs="?", metavar=_("CONTACT"))
    parser = group.command("new", _new, _("enter a person at a customer"))
    parser.add_argument("customer", metavar=_("CUSTOMER"))
    writes(parser, changes=False)
    parser = reads(group.command("list", _list, _("list the people at a customer")))
    parser.add_argument("customer", metavar=_("CUSTOMER"))
    parser = reads(group.command("show", _show, _("show one person")))
    parser.add_argument("contact", metavar=_("CONTACT"))
    parser = group.command("change", _change, _("change the values given"))
    parser.add_argument("contact", metavar=_("CONTACT"))
    writes(parser)
    parser = group.command("remove", _remove, _("take a person out; the history keeps what was known"))
    parser.add_argument("contact", metavar=_("CONTACT"))
    writes(parser, data=False)


def _template(context: Context, args: Namespace) -> Answer:
    fields = contacts.contact_fields()
    if args.contact is None:
        return template_answer(context, fields)
    known = contacts.find(context.request(), args.contact)
    return template_answer(context, fields, revision=known.version, values=contacts.form_values(known))


def _new(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    customer = customers.find(request, args.customer)
    made = done(contacts.new(request, customer.id, told.values), fields=contacts.contact_fields())
    return changed(made, _("{id} is entered.").format(id=made.id))


def _list(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        customer = customers.find(request, args.customer)
        found = contacts.of(request, customer.id)
    roles = next(field for field in contacts.contact_fields() if field.key == "role")

    def role(key: str) -> str:
        choice = roles.choice(key)
        return choice.text.get(context.language) if choice else key

    headings = (_("id"), _("name"), _("title"), _("phone"), _("e-mail"), _("role"))
    return Answer(
        {"format": "salestui.contacts/1", "contacts": [records.contact(each) for each in found]},
        lambda: table(
            headings,
            [
                (shown(Kind.CONTACT, each.id), each.name, each.title, each.phone, each.email, role(each.role))
                for each in found
            ],
        ),
    )


def _show(context: Context, args: Namespace) -> Answer:
    known = contacts.find(context.request(), args.contact)
    return Answer(
        {"format": "salestui.contact/1", **records.contact(known)},
        lambda: "\n".join(
            (
                f"{shown(Kind.CONTACT, known.id)} {known.name}",
                sheet(contacts.contact_fields(), contacts.form_values(known), context.language),
            )
        ),
    )


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    known = contacts.find(request, args.contact)
    outcome = contacts.change(request, known.id, told.values, told.expected_version)
    made = done(outcome, fields=contacts.contact_fields())
    return changed(made, _("{id} is changed.").format(id=made.id))


def _remove(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    known = contacts.find(request, args.contact)
    made = done(contacts.remove(request, known.id, told.expected_version))
    return changed(made, _("{id} is removed.").format(id=made.id))
