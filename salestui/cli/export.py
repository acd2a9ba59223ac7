"""`salestui export`: outputs and handbooks as Word documents or Markdown, lists as Excel workbooks or CSV."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer, refused
from salestui.cli.context import Context
from salestui.cli.parsing import Group, Parser, reads
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.domain.documents import Exported

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the exports."""
    parser = reads(group.command("output", _output, _("an output of a deal as a Word document or Markdown")))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("output", metavar=_("OUTPUT"))
    _place(parser, _("the file to write, ending in .docx or .md"))
    parser.add_argument("--template", metavar=_("FILE"), help=_("a Word file of the company that is filled in"))
    parser.add_argument("--revision", metavar=_("N"), type=int, help=_("an older revision instead of the current one"))
    parser = group.command("handbook", _handbook, _("a whole handbook as one document to print, in either language"))
    parser.add_argument("key", metavar=_("KEY"), nargs="?", help=_("which one; else the one that new campaigns get"))
    parser.add_argument("--version", type=int, metavar=_("N"), help=_("this version; else the newest"))
    _place(parser, _("the file to write, ending in .docx or .md"))
    parser.add_argument("--template", metavar=_("FILE"), help=_("a Word file of the company that is filled in"))
    lists = {
        "scores": _("scores and grades, with the evidence, best grade first"),
        "customers": _("customers with their first contact"),
        "care": _("the care list: why, and when to look again"),
    }
    for kind, purpose in lists.items():
        parser = reads(group.command(kind, _listing, purpose))
        _place(parser, _("the file to write, ending in .xlsx or .csv"))
        parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("only this campaign"))
        parser.set_defaults(kind=kind)


def _place(parser: Parser, help: str) -> None:
    parser.add_argument("--to", metavar=_("FILE"), required=True, help=help)
    parser.add_argument("--force", action="store_true", help=_("replace the file where it exists"))


def _output(context: Context, args: Namespace) -> Answer:
    from salestui.domain.documents import Exported
    from salestui.services import deals, exporting, loading

    request = context.request()
    loaded = loading.load(request, deals.find(request, args.deal).id)
    template = Path(args.template).expanduser() if args.template else None
    outcome = exporting.export_output(
        request,
        loaded.deal.id,
        args.output,
        Path(args.to),
        template=template,
        revision=args.revision,
        replace=args.force,
    )
    if not isinstance(outcome, Exported):
        raise refused(outcome, playbook=loaded.playbook)
    return _written(outcome)


def _handbook(context: Context, args: Namespace) -> Answer:
    from salestui.services import exporting, playbooks

    request = context.request()
    key = args.key or playbooks.default_key(request)
    template = Path(args.template).expanduser() if args.template else None
    made = exporting.export_handbook(
        request, key, Path(args.to), version=args.version, template=template, replace=args.force
    )
    return _written(made)


def _listing(context: Context, args: Namespace) -> Answer:
    from salestui.services import campaigns, exporting

    request = context.request()
    campaign = campaigns.find(request, args.campaign).id if args.campaign else None
    return _written(exporting.export_listing(request, args.kind, Path(args.to), campaign=campaign, replace=args.force))


def _written(made: Exported) -> Answer:
    document = {"format": "salestui.export/1", "path": made.path, "size": made.size, "sha256": made.sha256}
    return Answer(document, lambda: _("{path} is written ({size} bytes).").format(path=made.path, size=made.size))
