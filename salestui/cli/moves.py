"""`salestui deal gate, move, lose, park, reopen, reassign`: through the gates, and off the board and back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date

from salestui.cli.answers import BLOCKED, Answer, changed, done, invalid, refused
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.faults import Refused, UsageError
from salestui.cli.gate import read
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import owner_choices, template_answer
from salestui.domain.outcomes import Blocked, Completed, Conflict, Invalid, Moved, NotAllowed
from salestui.domain.playbook import After, Choice, Field, FieldType, Playbook, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Deal
from salestui.i18n import gettext as _
from salestui.services import deals, playbooks
from salestui.services.request import Request

__all__ = ["FORMS", "add", "template"]

FORMS = ("move", "lose", "park", "reopen", "reassign")

_NOTE = Field("note", FieldType.LONG_TEXT, Text("备注", "Note"))
_WHY = Field("note", FieldType.LONG_TEXT, Text("重开原因", "Why it is reopened"), required=True)


def add(group: Group) -> None:
    """Add the commands that move and close a deal."""
    parser = reads(group.command("gate", _gate, _("tell what its gate asks, and which command mends what is unmet")))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser = group.command("move", _move, _("move it one stage right, or complete it at the last; --to moves it left"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("--to", metavar=_("STAGE"), help=_("an earlier stage; asks for --reason"))
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("why it goes left"))
    writes(parser)
    parser = group.command("lose", _lose, _("close it as lost"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("--reason", metavar=_("KEY"), help=_("a reason of the playbook"))
    parser.add_argument("--competitor", metavar=_("NAME"), help=_("who won it"))
    parser.add_argument("--note", metavar=_("TEXT"), help=_("more about it"))
    writes(parser)
    parser = group.command("park", _park, _("put it on the care list"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("--reason", metavar=_("KEY"), help=_("a reason of the playbook"))
    parser.add_argument("--note", metavar=_("TEXT"), help=_("more about it"))
    parser.add_argument("--look-again-on", metavar=_("DATE"), help=_("when to look again"))
    writes(parser)
    parser = group.command("reopen", _reopen, _("bring a lost or parked deal back to its stage"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("--note", metavar=_("TEXT"), help=_("why"))
    writes(parser)
    parser = group.command("reassign", _reassign, _("give it to another owner"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("--owner", metavar=_("USER"), help=_("login or name"))
    writes(parser)


def _gate(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        gate = read(request, deals.find(request, args.deal).id)
    return Answer(gate.document(), lambda: gate.text(context.language))


def _fields(form: str, playbook: Playbook, deal: Deal) -> tuple[Field, ...]:
    """Return what a move or a closing asks."""
    if form == "move":
        stages = [stage for stage in playbook.stages if stage.number < playbook.stage(deal.stage).number]
        earlier = tuple(Choice(stage.key, stage.title) for stage in stages if not stage.retired)
        return (
            Field("to", FieldType.CHOICE, Text("退回到", "Back to"), required=True, choices=earlier),
            Field("reason", FieldType.LONG_TEXT, Text("原因", "Reason"), required=True),
        )
    if form == "reopen":
        return (_WHY,)
    if form == "reassign":
        return (Field("owner", FieldType.PERSON, Text("负责人", "Owner"), required=True),)
    lost = form == "lose"
    reasons = playbook.lost_reasons if lost else playbook.care_reasons
    reason = Field(
        "reason",
        FieldType.CHOICE,
        Text("丢单原因", "Reason for losing") if lost else Text("转维护原因", "Reason for parking"),
        required=True,
        choices=tuple(Choice(each.key, each.title) for each in reasons),
    )
    if lost:
        return reason, Field("competitor", FieldType.TEXT, Text("输给谁", "Lost to")), _NOTE
    again = Field("look_again_on", FieldType.DATE, Text("再看日期", "Look again on"), rules=(After("today"),))
    return reason, _NOTE, again


def template(context: Context, args: Namespace) -> Answer:
    """Answer what a move or a closing of a deal asks."""
    request = context.request()
    known = deals.find(request, args.deal)
    playbook = playbooks.get(request, known.playbook, known.playbook_version)
    choices = owner_choices(request) if args.purpose == "reassign" else None
    fields = _fields(args.purpose, playbook, known)
    return template_answer(context, fields, revision=known.version, choices=choices)


# Moving


def _move(context: Context, args: Namespace) -> Answer:
    told = given(args, to=args.to, reason=args.reason)
    _only_known(told.values, ("to", "reason"))
    request = context.request(told.command_id)
    known = deals.find(request, args.deal)
    if told.text("to"):
        if not told.text("reason").strip():
            raise UsageError(_("A deal moves left with a reason: --reason TEXT"))
        outcome: object = deals.move_left(
            request, known.id, told.text("to"), told.text("reason"), told.expected_version
        )
    elif told.text("reason"):
        raise UsageError(_("A reason goes with --to, for a move to the left."))
    else:
        outcome = deals.advance(request, known.id, told.expected_version)
    return _moved(context, known, outcome, told.text("to"))


def _moved(context: Context, known: Deal, outcome: object, wanted: str) -> Answer:
    """Answer a move with its outcome, and with the gate of where the deal stands now.

    A refused one names the stage that was `wanted`; completing leads to none.
    """
    request = context.request()
    if isinstance(outcome, Invalid):
        raise invalid(outcome.problems)
    gate = read(request, known.id)
    now = gate.loaded.deal
    target = wanted or gate.report.next
    if isinstance(outcome, Moved | Completed):
        target = outcome.target if isinstance(outcome, Moved) else None
    source = outcome.source if isinstance(outcome, Moved | Completed) else now.stage
    document: dict[str, object] = {
        "outcome": _name(outcome),
        "from": source,
        "to": target,
        "version": outcome.version if isinstance(outcome, Moved | Completed) else now.version,
        "gate": gate.document(),
    }
    if isinstance(outcome, Blocked):
        told = gate.text(context.language)
        unmet = [requirement.key for requirement in outcome.report.unmet]
        text = _("{deal} does not move: {n} unmet.").format(deal=f"D{known.id}", n=len(unmet))
        raise Refused("blocked", text, BLOCKED, {"unmet": unmet}, document, f"{text}\n{told}")
    if isinstance(outcome, NotAllowed | Conflict):
        raise refused(outcome, playbook=gate.loaded.playbook, document=document)
    if isinstance(outcome, Moved):
        return Answer(document, lambda: _moved_text(context, gate.loaded.playbook, outcome))
    return Answer(document, lambda: _("{deal} is completed.").format(deal=f"D{known.id}"))


def _name(outcome: object) -> str:
    names = {
        Moved: "moved",
        Completed: "completed",
        Blocked: "blocked",
        Conflict: "conflict",
        NotAllowed: "not_allowed",
    }
    return names[type(outcome)]


def _moved_text(context: Context, playbook: Playbook, outcome: Moved) -> str:
    from salestui.cli.words import stage_word

    target = stage_word(playbook, outcome.target, context.language)
    if outcome.won:
        return _("{deal} is won, and stands in {stage} now.").format(deal=outcome.id, stage=target)
    return _("{deal} stands in {stage} now.").format(deal=outcome.id, stage=target)


# Closing and reopening


def _lose(context: Context, args: Namespace) -> Answer:
    told = given(args, reason=args.reason, competitor=args.competitor, note=args.note)
    _only_known(told.values, ("reason", "competitor", "note"))
    request = context.request(told.command_id)
    known, playbook = _known(request, args.deal)
    outcome = deals.lose(
        request, known.id, told.text("reason"), told.text("competitor"), told.text("note"), told.expected_version
    )
    made = done(outcome, fields=_fields("lose", playbook, known), playbook=playbook)
    return changed(made, _("{id} is lost. To bring it back: salestui deal reopen {id} --note WHY").format(id=made.id))


def _park(context: Context, args: Namespace) -> Answer:
    told = given(args, reason=args.reason, note=args.note, look_again_on=args.look_again_on)
    _only_known(told.values, ("reason", "note", "look_again_on"))
    request = context.request(told.command_id)
    known, playbook = _known(request, args.deal)
    fields = _fields("park", playbook, known)
    day = _day(request, told.values.get("look_again_on"), fields)
    outcome = deals.park(request, known.id, told.text("reason"), told.text("note"), day, told.expected_version)
    made = done(outcome, fields=fields, playbook=playbook)
    said = _("{id} is on the care list. To bring it back: salestui deal reopen {id} --note WHY")
    return changed(made, said.format(id=made.id))


def _reopen(context: Context, args: Namespace) -> Answer:
    told = given(args, note=args.note)
    _only_known(told.values, ("note",))
    request = context.request(told.command_id)
    known, playbook = _known(request, args.deal)
    outcome = deals.reopen(request, known.id, told.text("note"), told.expected_version)
    made = done(outcome, fields=(_WHY,), playbook=playbook)
    return changed(made, _("{id} is back on the board.").format(id=made.id))


def _reassign(context: Context, args: Namespace) -> Answer:
    told = given(args, owner=args.owner)
    _only_known(told.values, ("owner",))
    request = context.request(told.command_id)
    known, playbook = _known(request, args.deal)
    if not told.text("owner"):
        raise invalid((Problem("owner", "missing", {"field": "owner"}),), _fields("reassign", playbook, known))
    made = done(deals.reassign(request, known.id, told.text("owner"), told.expected_version), playbook=playbook)
    return changed(made, _("{id} has another owner.").format(id=made.id))


def _known(request: Request, name: str) -> tuple[Deal, Playbook]:
    known = deals.find(request, name)
    return known, playbooks.get(request, known.playbook, known.playbook_version)


def _only_known(values: dict[str, object], keys: Sequence[str]) -> None:
    """Refuse values that this command does not take."""
    unknown = [Problem(key, "unknown_field", {"field": key}) for key in values if key not in keys]
    if unknown:
        raise invalid(unknown)


def _day(request: Request, raw: object, fields: Sequence[Field]) -> date | None:
    from salestui.cli.days import day_of

    return day_of(request, raw, "look_again_on", fields)
