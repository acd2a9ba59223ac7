"""`salestui output`: what the stages require, as forms with files."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.about import sheet_of
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import Given, given
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, Parser, reads, writes
from salestui.cli.revisions import add_compare
from salestui.cli.sheets import sheet
from salestui.cli.templates import needed, template_answer
from salestui.domain.outcomes import Conflict
from salestui.domain.playbook import MetBy, Playbook
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.services import deals, output_page, outputs
from salestui.services.request import Request
from salestui.services.request import writes as in_one_transaction
from salestui.storage.store import Transaction

if TYPE_CHECKING:
    from datetime import tzinfo

    from salestui.domain.outcomes import Done, Invalid, NotAllowed
    from salestui.domain.records import Deal
    from salestui.domain.sheets import OutputSheet

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of an output."""
    parser = group.command("template", _template, _("what is needed to fill it in, or to mark it as sent"))
    _about(parser)
    parser.add_argument("--for", dest="purpose", choices=("set", "sent"), default="set", help=_("what for"))
    parser = reads(group.command("list", _list, _("list the outputs of a deal")))
    parser.add_argument("deal", metavar=_("DEAL"))
    _about(reads(group.command("show", _show, _("show its current revision, and its earlier ones"))))
    parser = group.command("set", _set, _("submit a new revision; files it has already stay"))
    _about(parser)
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("what changed"))
    parser.add_argument(
        "--keep", action="append", metavar=_("SHA256"), help=_("keep only these of its files; `none` keeps none")
    )
    writes(parser, files=True)
    parser = group.command("sent", _sent, _("record that the current revision went to the customer"))
    _about(parser)
    writes(parser)
    parser = group.command("withdraw", _withdraw, _("take the submitted revision back; gates that ask for it close"))
    _about(parser)
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("why"))
    writes(parser)
    add_compare(group)
    parser = group.command("restore", _restore, _("submit an earlier revision again as a new one"))
    _about(parser)
    parser.add_argument("revision", type=int, metavar=_("REVISION"))
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("why"))
    writes(parser, data=False)
    parser = reads(group.command("file", _file, _("copy an attached file out of the database")))
    _about(parser)
    parser.add_argument("name", metavar=_("FILE"), help=_("its name or SHA-256"))
    parser.add_argument("--to", default=".", metavar=_("FOLDER"), help=_("where to (here)"))


def _about(parser: Parser) -> None:
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("output", metavar=_("OUTPUT"))


def _sheet(request: Request, args: Namespace) -> tuple[OutputSheet, Deal, Playbook]:
    return sheet_of(request, args.deal, args.output)


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    found, deal, playbook = _sheet(request, args)
    output = found.output
    if args.purpose == "sent":
        fields = outputs.send_fields(request, deal.id, output.key)
        return template_answer(context, fields, revision=found.latest)
    fields = needed(output.fields, playbook, MetBy.OUTPUT, output.key)
    return template_answer(context, fields, file_rule=output.files, revision=found.latest, values=found.values)


def _list(context: Context, args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.cli.words import stage_word
    from salestui.domain.facts import OutputFacts
    from salestui.services.loading import load

    request = context.request()
    with request.reading():
        loaded = load(request, deals.find(request, args.deal).id)
    playbook, facts = loaded.playbook, loaded.facts.outputs
    told = []
    for stage, output in playbook.outputs():
        known = facts.get(output.key) or OutputFacts(output.key)
        told.append(
            {
                "key": output.key,
                "title": output.title.get(context.language),
                "stage": stage.key,
                "lives_in": output.met_by.value if output.met_by else "form",
                "revision": known.revision.number if known.revision else 0,
                "withdrawn": known.withdrawn,
                "draft": known.has_draft,
            }
        )
    headings = (_("output"), _("title"), _("stage"), _("lives in"), _("revision"))
    rows = [
        (
            str(each["key"]),
            str(each["title"]),
            stage_word(playbook, str(each["stage"]), context.language),
            str(each["lives_in"]),
            f"r{each['revision']}" if each["revision"] else _("withdrawn") if each["withdrawn"] else "",
        )
        for each in told
    ]
    document = {"format": "salestui.outputs/1", "deal": f"D{loaded.deal.id}", "outputs": told}
    return Answer(document, lambda: table(headings, rows))


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.services.loading import team_of

    request = context.request()
    found, deal, _playbook = _sheet(request, args)
    document = {
        "format": "salestui.output/1",
        "deal": f"D{deal.id}",
        "output": found.output.key,
        "revision": found.latest,
        "withdrawn": found.facts.withdrawn,
        "values": dict(found.facts.revision.values) if found.facts.revision else {},
        "files": records.files(found.facts.revision.files) if found.facts.revision else [],
        "sent": _sending(found),
        "revisions": [records.revision(each) for each in found.revisions],
    }
    zone = team_of(request).zone
    return Answer(document, lambda: "\n".join(_told(found, context, zone)))


def _sending(found: OutputSheet) -> dict[str, object] | None:
    sent = found.facts.sent
    if sent is None:
        return None
    return {"revision": sent.revision, "values": dict(sent.values), "at": sent.at.isoformat(), "by": sent.by_name}


def _told(found: OutputSheet, context: Context, zone: tzinfo) -> Iterator[str]:
    from salestui.domain.dates import short_moment

    output, current = found.output, found.facts.revision
    yield output.title.get(context.language)
    if current is None:
        yield _("withdrawn") if found.facts.withdrawn else _("Nothing is submitted yet.")
    else:
        at = short_moment(current.at, zone, context.language)
        yield _("r{n}, {day} {name}").format(n=current.number, day=at, name=current.author_name)
        yield sheet(output.fields, current.values, context.language, zone=zone)
        yield from (f"  {file.name}  {file.size}  {file.sha256[:12]}" for file in current.files)
    for earlier in found.revisions:
        if current is None or earlier.number != current.number:
            at = short_moment(earlier.at, zone, context.language)
            yield f"  r{earlier.number}  {at}  {earlier.author_name}  {earlier.note}".rstrip()


def _set(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    found, deal, playbook = _sheet(request, args)
    keep = None if args.keep is None else [digest for digest in args.keep if digest != "none"]
    outcome = outputs.submit(
        request,
        deal.id,
        found.output.key,
        told.values,
        files=told.files,
        keep_files=keep,
        note=args.note,
        expected_revision=told.expected_version,
    )
    made = done(outcome, fields=found.output.fields, playbook=playbook)
    said = _("{output} is submitted as r{n}.").format(output=found.output.title.get(context.language), n=made.version)
    now = outputs.sheet(request, deal.id, found.output.key).facts.revision
    odd = output_page.sum_warning(found.output.fields, now.values if now else {}, "")
    answer = changed(made, f"{said} ! {odd}" if odd else said)
    return Answer({**answer.document, **({"warnings": [odd]} if odd else {})}, answer.text)


def _sent(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    found, deal, playbook = _sheet(request, args)
    outcome = _mark_sent(request, deal.id, found.output.key, told)
    send = found.output.send
    made = done(outcome, fields=send.fields if send else (), playbook=playbook)
    return changed(made, _("{output} is marked as sent.").format(output=found.output.title.get(context.language)))


def _conflict(tx: Transaction, deal: int, key: str, expected: int | None) -> Conflict | None:
    """Return the conflict of a caller who knows another revision than the latest."""
    latest = outputs.sheet(tx, deal, key).latest
    return None if expected in {None, latest} else Conflict(f"D{deal}.{key}", int(expected or 0), latest)


@in_one_transaction
def _mark_sent(tx: Transaction, deal: int, key: str, told: Given) -> Done | Conflict | NotAllowed | Invalid:
    return _conflict(tx, deal, key, told.expected_version) or outputs.mark_sent(tx, deal, key, told.values)


@in_one_transaction
def _withdrawn(tx: Transaction, deal: int, key: str, told: Given) -> Done | Conflict | NotAllowed | Invalid:
    conflict = _conflict(tx, deal, key, told.expected_version)
    return conflict or outputs.withdraw(tx, deal, key, told.text("reason"))


@in_one_transaction
def _restored(
    tx: Transaction, deal: int, key: str, number: int, note: str, expected: int | None
) -> Done | Conflict | NotAllowed | Invalid:
    return _conflict(tx, deal, key, expected) or outputs.restore(tx, deal, key, number, note)


def _withdraw(context: Context, args: Namespace) -> Answer:
    told = given(args, reason=args.reason)
    request = context.request(told.command_id)
    found, deal, playbook = _sheet(request, args)
    blocked = outputs.would_block(request, deal.id, found.output.key)
    made = done(_withdrawn(request, deal.id, found.output.key, told), playbook=playbook)
    names = ", ".join(f"D{each.id}" for each in blocked)
    said = _("{output} is withdrawn.").format(output=found.output.title.get(context.language))
    if blocked:
        count = ngettext("{n} deal is blocked by it: {deals}", "{n} deals are blocked by it: {deals}", len(blocked))
        said = f"{said} {count.format(n=len(blocked), deals=names)}"
    answer = changed(made, said)
    return Answer({**answer.document, "blocks": [f"D{each.id}" for each in blocked]}, answer.text)


def _restore(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    found, deal, playbook = _sheet(request, args)
    outcome = _restored(request, deal.id, found.output.key, args.revision, args.note, told.expected_version)
    made = done(outcome, fields=found.output.fields, playbook=playbook)
    said = _("{output} is submitted as r{n}.").format(output=found.output.title.get(context.language), n=made.version)
    return changed(made, said)


def _file(context: Context, args: Namespace) -> Answer:
    request = context.request()
    found, _deal, _playbook = _sheet(request, args)
    known = [file for each in found.revisions for file in each.files]
    file = next((each for each in known if args.name in {each.name, each.sha256}), None)
    if file is None:
        raise NotFound("file", args.name)
    folder = Path(args.to)
    if not folder.is_dir():
        raise UsageError(_("{path} is no folder.").format(path=args.to))
    path = outputs.open_file(request, file.sha256, name=file.name, folder=folder)
    return Answer({"format": "salestui.file/1", "path": str(path), "sha256": file.sha256}, lambda: str(path))
