"""`salestui classify`: on which of the campaign's lists a customer stands, and why."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from salestui.cli.about import Place, place_arguments, place_of
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import template_answer
from salestui.domain.playbook import Field, Verdict
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, Membership, shown
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import customers
from salestui.services.request import Request

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a class."""
    place_arguments(group.command("template", _template, _("what is needed to classify a customer")))
    parser = group.command("set", _set, _("put it on a list, with the reason"), default=True)
    place_arguments(parser)
    writes(parser)
    place_arguments(reads(group.command("show", _show, _("show the list it is on"))))


def _fields(request: Request, place: Place) -> tuple[Field, ...]:
    """Return the form; the classes that pass the gate are told."""
    passing = tuple(each.key for each in place.playbook.classes if each.verdict is Verdict.PASSES)
    fields = customers.classify_fields(request, place.campaign)
    return tuple(replace(field, passes=passing) if field.key == "class" else field for field in fields)


def _membership(request: Request, place: Place) -> Membership | None:
    try:
        return customers.membership(request, place.customer, place.campaign)
    except NotFound:  # the customer joins the campaign when it is classified
        return None


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        place = place_of(request, args)
        known = _membership(request, place)
        values = {"class": known.classification, "reason": known.reason} if known and known.classification else {}
        fields = _fields(request, place)
        return template_answer(context, fields, revision=known.version if known else 0, values=values)


def _set(context: Context, args: Namespace) -> Answer:
    from salestui.cli.answers import invalid

    told = given(args)
    request = context.request(told.command_id)
    place = place_of(request, args)
    fields = _fields(request, place)
    unknown = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key not in {"class", "reason"}]
    if unknown:
        raise invalid(unknown, fields)
    expected = told.expected_version if _membership(request, place) else None
    outcome = customers.classify(
        request, place.customer, place.campaign, told.text("class"), told.text("reason"), expected
    )
    made = done(outcome, fields=fields, playbook=place.playbook)
    return changed(made, _("{id} is classified.").format(id=made.id))


def _show(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        place = place_of(request, args)
        known = _membership(request, place)
    found = next((each for each in place.playbook.classes if known and each.key == known.classification), None)
    document = {
        "format": "salestui.class/1",
        "customer": shown(Kind.CUSTOMER, place.customer),
        "campaign": shown(Kind.CAMPAIGN, place.campaign),
        "class": found.key if found else None,
        "reason": known.reason if known else "",
        "version": known.version if known else 0,
    }
    title = found.title.get(context.language) if found else _("not classified")
    reason = known.reason if known and found else ""
    return Answer(document, f"{title}   {reason}".rstrip)
