"""`salestui check`: the key actions of a deal's stages, ticked and unticked."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from salestui.cli.about import deal_with_playbook
from salestui.cli.answers import Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, Parser, reads, writes
from salestui.cli.templates import template_answer
from salestui.domain.outcomes import Conflict
from salestui.domain.playbook import Field, FieldType, KeyAction, Playbook, Text
from salestui.domain.problems import Problem
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import deals
from salestui.services.request import writes as in_one_transaction
from salestui.storage.store import Transaction

if TYPE_CHECKING:
    from salestui.domain.outcomes import Done, Invalid, NotAllowed

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a key action."""
    _about(group.command("template", _template, _("what is needed to tick a key action")))
    parser = reads(group.command("list", _list, _("list the key actions of a deal's stages")))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser = group.command("tick", _tick, _("record it as done"), default=True)
    _about(parser)
    parser.add_argument("--note", metavar=_("TEXT"), help=_("what was done, where the playbook asks for it"))
    writes(parser)
    parser = group.command("untick", _untick, _("take it back"))
    _about(parser)
    writes(parser, data=False)


def _about(parser: Parser) -> None:
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("action", metavar=_("ACTION"))


def _action(playbook: Playbook, key: str) -> KeyAction:
    try:
        return playbook.action(key)[1]
    except KeyError:
        raise NotFound("action", key) from None


def _fields(action: KeyAction) -> tuple[Field, ...]:
    return (Field("note", FieldType.LONG_TEXT, Text("说明", "Note"), action.why, required=action.note_required),)


def _template(context: Context, args: Namespace) -> Answer:
    from salestui.services.loading import load

    request = context.request()
    with request.reading():
        deal, playbook = deal_with_playbook(request, args.deal)
        action = _action(playbook, args.action)
        known = load(request, deal.id).facts.actions.get(action.key)
        values = {"note": known.note} if known and known.note else {}
        return template_answer(context, _fields(action), revision=deal.version, values=values)


def _list(context: Context, args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.cli.words import stage_word
    from salestui.services.loading import load

    request = context.request()
    with request.reading():
        loaded = load(request, deals.find(request, args.deal).id)
    told, rows = [], []
    for stage in loaded.playbook.stages:
        for action in stage.actions:
            known = loaded.facts.actions.get(action.key)
            by = known.by_name if known else ""
            title = action.title.get(context.language)
            told.append(
                {
                    "key": action.key,
                    "stage": stage.key,
                    "title": title,
                    "met_by": action.data.by.value if action.data else "tick",
                    "ticked": known is not None,
                    "by": by,
                    "note": known.note if known else "",
                }
            )
            sign = "✓" if known else "·" if action.data else ""
            where = stage_word(loaded.playbook, stage.key, context.language)
            rows.append((sign, action.key, title, where, by, known.note if known else ""))
    headings = ("", _("key action"), _("title"), _("stage"), _("by"), _("note"))
    document = {"format": "salestui.actions/1", "deal": f"D{loaded.deal.id}", "actions": told}
    return Answer(document, lambda: "\n".join((table(headings, rows), _("· is met by the data; nobody ticks it."))))


def _tick(context: Context, args: Namespace) -> Answer:
    told = given(args, note=args.note)
    request = context.request(told.command_id)
    deal, playbook = deal_with_playbook(request, args.deal)
    fields = _fields(_action(playbook, args.action))
    unknown = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key != "note"]
    if unknown:
        raise invalid(unknown, fields)
    outcome = _ticked(request, deal.id, args.action, told.text("note"), told.expected_version)
    made = done(outcome, fields=fields, playbook=playbook)
    return changed(made, _("{action} is ticked.").format(action=args.action))


def _conflict(tx: Transaction, deal: int, expected: int | None) -> Conflict | None:
    version = deals.get(tx, deal).version
    return None if expected in {None, version} else Conflict(f"D{deal}", int(expected or 0), version)


@in_one_transaction
def _ticked(
    tx: Transaction, deal: int, action: str, note: str, expected: int | None
) -> Done | Conflict | Invalid | NotAllowed:
    return _conflict(tx, deal, expected) or deals.tick(tx, deal, action, note)


@in_one_transaction
def _unticked(tx: Transaction, deal: int, action: str, expected: int | None) -> Done | Conflict | NotAllowed:
    return _conflict(tx, deal, expected) or deals.untick(tx, deal, action)


def _untick(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    deal, playbook = deal_with_playbook(request, args.deal)
    _action(playbook, args.action)
    made = done(_unticked(request, deal.id, args.action, told.expected_version), playbook=playbook)
    return changed(made, _("{action} is taken back.").format(action=args.action))
