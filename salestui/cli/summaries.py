"""`salestui summary`: the written summary of a talk, within 24 hours with material attached (handbook A, stage 3)."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from salestui import system
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.talks import playbook_of
from salestui.cli.templates import template_answer
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.services import activities

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a summary."""
    parser = group.command("template", _template, _("what is needed to record a summary, with a ready text"))
    parser.add_argument("talk", metavar=_("TALK"))
    parser = reads(group.command("show", _show, _("show a ready text to send, or the one that was sent")))
    parser.add_argument("talk", metavar=_("TALK"))
    parser.add_argument("--eml", metavar=_("FILE"), help=_("write it to a new file as an e-mail"))
    parser = group.command("send", _send, _("record that it went to the customer"), default=True)
    parser.add_argument("talk", metavar=_("TALK"))
    writes(parser, files=True)


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        talk = activities.find(request, args.talk)
        fields = activities.summary_fields(playbook_of(request, talk))
        values = dict(talk.summary or {})
        if not values and any(field.key == "text" for field in fields):
            values["text"] = activities.summary_text(request, talk.id, context.language)
        return template_answer(context, fields, revision=talk.version, values=values)


def _show(context: Context, args: Namespace) -> Answer:
    request = context.request()
    talk = activities.find(request, args.talk)
    text = activities.summary_text(request, talk.id, context.language)
    document: dict[str, object] = {
        "format": "salestui.summary/1",
        "talk": shown(Kind.ACTIVITY, talk.id),
        "sent": talk.summary is not None,
        "text": text,
    }
    if args.eml is None:
        return Answer(document, lambda: text)
    path = Path(args.eml)
    if path.exists():
        raise UsageError(_("{path} is there already.").format(path=path))
    try:
        system.replace_file(path, activities.as_eml(request, talk.id), mode=0o600)
    except OSError as error:
        raise UsageError(_("{path} cannot be written ({reason}).").format(path=path, reason=error.strerror)) from error
    document["file"] = str(path)
    return Answer(document, lambda: _("Written to {path}.").format(path=path))


def _send(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    talk = activities.find(request, args.talk)
    playbook = playbook_of(request, talk)
    outcome = activities.send_summary(request, talk.id, told.values, told.files, told.expected_version)
    made = done(outcome, fields=activities.summary_fields(playbook), playbook=playbook)
    return changed(made, _("The summary of {id} is recorded.").format(id=made.id))
