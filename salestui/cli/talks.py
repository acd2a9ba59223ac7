"""`salestui log`: talks that took place, and follow-ups that are planned."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.about import deal_with_playbook
from salestui.cli.answers import Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import Given, given
from salestui.cli.parsing import Group, Parser, reads, writes
from salestui.cli.templates import needed, owner_choices, template_answer
from salestui.domain.playbook import After, Field, FieldType, MetBy, Playbook, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable, read_yes_no
from salestui.domain.records import Activity, ActivityState, Kind, shown
from salestui.i18n import gettext as _
from salestui.services import activities, deals, playbooks
from salestui.services.request import Request

if TYPE_CHECKING:
    from salestui.domain.clock import TeamCalendar

__all__ = ["add", "playbook_of"]

SUBJECT = Field("subject", FieldType.TEXT, Text("谈了什么（一句话）", "Subject, in a few words"))


def add(group: Group, _name: str) -> None:
    """Add the commands of a talk."""
    parser = group.command("template", _template, _("what is needed to log a talk, or to plan one"))
    parser.add_argument("deal", metavar=_("DEAL"))
    _which(parser)
    parser.add_argument("--planned", action="store_true", help=_("to plan one instead"))
    parser = group.command("add", _add, _("record a talk that took place; what is missing may follow"), default=True)
    parser.add_argument("deal", nargs="+", metavar=_("DEAL"), help=_("one or several deals of one customer"))
    _which(parser)
    writes(parser)
    parser = group.command("plan", _plan, _("plan a follow-up"))
    parser.add_argument("deal", nargs="+", metavar=_("DEAL"), help=_("one or several deals of one customer"))
    writes(parser, changes=False)
    parser = group.command("change", _change, _("change or postpone a planned follow-up"))
    parser.add_argument("talk", metavar=_("TALK"))
    writes(parser)
    parser = group.command("cancel", _cancel, _("call a planned follow-up off"))
    parser.add_argument("talk", metavar=_("TALK"))
    parser.add_argument("--reason", default="", metavar=_("TEXT"), help=_("why"))
    writes(parser, data=False)
    parser = reads(group.command("list", _list, _("list the talks and follow-ups of a deal, the newest first")))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser = reads(group.command("show", _show, _("show one talk with its summary")))
    parser.add_argument("talk", metavar=_("TALK"))


def _which(parser: Parser) -> None:
    parser.add_argument("--talk", metavar=_("TALK"), help=_("a talk to complete, or the planned one that took place"))


def playbook_of(request: Request, talk: Activity) -> Playbook:
    """Return the playbook that the first deal of a talk pins."""
    deal = deals.get(request, talk.deals[0])
    return playbooks.get(request, deal.playbook, deal.playbook_version)


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        _deal, playbook = deal_with_playbook(request, args.deal)
        if args.planned:
            return template_answer(context, _plan_fields(playbook), choices=owner_choices(request))
        fields = (*needed(activities.talk_fields(playbook), playbook, MetBy.TALK), SUBJECT)
        if args.talk is None:
            return template_answer(context, fields)
        talk = activities.find(request, args.talk)
        values = dict(talk.values)
        if talk.state is not ActivityState.DONE:
            values = {"channel": talk.channel} if talk.channel else {}
        if talk.subject:
            values["subject"] = talk.subject
        return template_answer(context, fields, revision=talk.version, values=values)


def _plan_fields(playbook: Playbook) -> tuple[Field, ...]:
    """Return the form of a follow-up; one that lies ahead when the gate asks is planned for another day."""
    return tuple(
        replace(field, rules=(*field.rules, After("today"))) if field.key == "at" else field
        for field in activities.plan_fields(playbook)
    )


def _add(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    found = [deals.find(request, name) for name in args.deal]
    playbook = playbooks.get(request, found[0].playbook, found[0].playbook_version)
    fields = (*activities.talk_fields(playbook), SUBJECT)
    values = {key: value for key, value in told.values.items() if key != "subject"}
    outcome = activities.log(
        request,
        [deal.id for deal in found],
        values,
        subject=told.text("subject"),
        activity=activities.find(request, args.talk).id if args.talk else None,
        expected_version=told.expected_version,
    )
    made = done(outcome, fields=fields, playbook=playbook)
    return changed(made, _("{id} is logged. Its summary: salestui summary send {id}").format(id=made.id))


def _plan_values(told: Given, fields: tuple[Field, ...]) -> dict[str, object]:
    """Return what was given of a plan; raises Refused for what is no part of it."""
    known = {field.key for field in fields}
    problems = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key not in known]
    values = dict(told.values)
    if values.get("all_day") not in (None, ""):
        try:
            values["all_day"] = read_yes_no(values["all_day"])
        except Unreadable as error:
            problems.append(Problem("all_day", error.code, {"type": "yes_no", **error.params}))
    if problems:
        raise invalid(problems, fields)
    return {key: value for key, value in values.items() if value is not None}


def _plan(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    found = [deals.find(request, name) for name in args.deal]
    playbook = playbooks.get(request, found[0].playbook, found[0].playbook_version)
    fields = activities.plan_fields(playbook)
    values = _plan_values(told, fields)
    outcome = activities.plan(
        request,
        [deal.id for deal in found],
        at=str(values.get("at", "")),
        subject=str(values.get("subject", "")),
        channel=str(values.get("channel", "")),
        all_day=values.get("all_day") is True,
        outline=str(values.get("outline", "")),
        owner=str(values.get("owner", "")) or None,
    )
    made = done(outcome, fields=fields, playbook=playbook)
    return changed(made, _("{id} is planned.").format(id=made.id))


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    talk = activities.find(request, args.talk)
    playbook = playbook_of(request, talk)
    fields = activities.plan_fields(playbook)
    outcome = activities.change(request, talk.id, _plan_values(told, fields), told.expected_version)
    made = done(outcome, fields=fields, playbook=playbook)
    return changed(made, _("{id} is changed.").format(id=made.id))


def _cancel(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    talk = activities.find(request, args.talk)
    made = done(activities.cancel(request, talk.id, args.reason, told.expected_version))
    return changed(made, _("{id} is called off.").format(id=made.id))


def _list(context: Context, args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        found = activities.of(request, deals.find(request, args.deal).id)
        team = team_of(request)
    states = {ActivityState.PLANNED: _("planned"), ActivityState.DONE: _("held"), ActivityState.CANCELLED: _("off")}
    headings = (_("id"), _("time"), _("state"), _("channel"), _("subject"), _("summary sent"), _("owner"))
    rows = [
        (
            shown(Kind.ACTIVITY, each.id),
            _when(each.at, team, context.language, all_day=each.all_day),
            states[each.state],
            each.channel,
            each.subject,
            _when(each.summary_sent_at, team, context.language) if each.summary_sent_at else "",
            each.owner_name,
        )
        for each in found
    ]
    document = {"format": "salestui.talks/1", "talks": [records.talk(each) for each in found]}
    return Answer(document, lambda: table(headings, rows))


def _when(at: datetime, team: TeamCalendar, language: str, *, all_day: bool = False) -> str:
    from salestui.domain.dates import short_day, short_moment

    return short_day(team.today(at), language) if all_day else short_moment(at, team.zone, language)


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.cli.sheets import sheet
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        talk = activities.find(request, args.talk)
        playbook = playbook_of(request, talk)
        team = team_of(request)

    def text() -> str:
        when = _when(talk.at, team, context.language, all_day=talk.all_day)
        names = ", ".join(shown(Kind.DEAL, number) for number in talk.deals)
        lines = [f"{shown(Kind.ACTIVITY, talk.id)} {when} {talk.subject}   {names}"]
        lines.append(sheet(activities.talk_fields(playbook), talk.values, context.language, zone=team.zone))
        lines.append(talk.outline)
        if talk.summary is not None:
            lines += ["", _("Summary")]
            lines.append(sheet(activities.summary_fields(playbook), talk.summary, context.language, zone=team.zone))
        return "\n".join(line for line in lines if line)

    return Answer({"format": "salestui.talk/1", **records.talk(talk)}, text)
