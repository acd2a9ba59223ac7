"""`salestui playbook upgrade`: what another version would mean for running deals, and moving them over."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, writes
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.domain.gate import GateReport
    from salestui.domain.playbook import Playbook
    from salestui.domain.requirement import Requirement
    from salestui.domain.upgrades import UpgradePreview
    from salestui.services.request import Request

__all__ = ["add_upgrade"]


def add_upgrade(group: Group) -> None:
    """Add the command."""
    parser = group.command("upgrade", _upgrade, _("move running deals to another version of their playbook"))
    parser.add_argument("key", metavar=_("KEY"))
    parser.add_argument("--to", type=int, metavar=_("N"), help=_("this version; else the newest"))
    parser.add_argument("--deal", action="append", default=[], metavar=_("DEAL"), help=_("this deal; may be repeated"))
    parser.add_argument("--all", action="store_true", help=_("every running deal that can be moved"))
    parser.add_argument(
        "--campaign", action="append", default=[], metavar=_("CAMPAIGN"), help=_("this campaign, for its future deals")
    )
    parser.add_argument("--preview", action="store_true", help=_("only tell what it would mean for each deal"))
    writes(parser, data=False, changes=False)


def _upgrade(context: Context, args: Namespace) -> Answer:
    from salestui.services import campaigns, deals, playbook_life, playbooks
    from salestui.services.playbook_texts import preview_lines

    told = given(args)
    request = context.request(told.command_id)
    if args.all and args.deal:
        raise UsageError(_("--all and --deal exclude each other."))
    with request.reading():
        latest = playbooks.latest(request, args.key)
        target = latest if args.to is None else playbooks.get(request, args.key, args.to)
        named = [deals.find(request, word).id for word in args.deal]
        pushes = [campaigns.find(request, word).id for word in args.campaign]
    if args.preview or not (args.all or named or pushes):
        found = playbook_life.upgrade_preview(request, target.key, target.version, named or None)
        return Answer(_document(request, found, target), lambda: "\n".join(preview_lines(request, found)))
    if args.all:
        found = playbook_life.upgrade_preview(request, target.key, target.version)
        named = [preview.deal.id for preview in found.movable]
    made = done(playbook_life.upgrade(request, target.key, target.version, deals=named, campaigns=pushes))
    document = {"id": made.id, "version": made.version, "moved": made.number, "changed": made.changed}
    sentence = ngettext("{n} moved to {key} {version}.", "{n} moved to {key} {version}.", made.number)
    return Answer(document, lambda: sentence.format(n=made.number, key=made.id, version=made.version))


def _document(request: Request, found: UpgradePreview, target: Playbook) -> dict[str, object]:
    return {
        "format": "salestui.playbook_upgrade/1",
        "playbook": {"key": found.key, "version": found.version},
        "counts": {"deals": len(found.deals), "movable": len(found.movable), "blocked": len(found.blocked)},
        "deals": list(_deals(request, found, target)),
    }


def _deals(request: Request, found: UpgradePreview, target: Playbook) -> Iterator[dict[str, object]]:
    from salestui.services import playbooks

    for preview in found.deals:
        deal = preview.deal
        pinned = playbooks.get(request, deal.playbook, deal.playbook_version)
        yield {
            "deal": f"D{deal.id}",
            "customer": deal.customer_label,
            "stage": deal.stage,
            "retired": preview.retired,
            "from": deal.playbook_version,
            "obstacle": preview.obstacle.value or None,
            "before": _gate(preview.before),
            "after": _gate(preview.after),
            "would_block": preview.blocked,
            "blocked_by": _asked(request, preview.blocked_by, target),
            "gained": _asked(request, preview.gained, target),
            "lost": _asked(request, preview.lost, pinned),
        }


def _gate(report: GateReport | None) -> dict[str, object] | None:
    if report is None:
        return None
    return {"can_move": report.can_move, "unmet": [requirement.key for requirement in report.unmet]}


def _asked(request: Request, asked: Iterable[Requirement], playbook: Playbook) -> list[dict[str, object]]:
    from salestui.services.gate_texts import describe
    from salestui.services.loading import team_of

    team = team_of(request)
    return [
        {"key": each.key, "state": each.state.value, "text": describe(each, playbook, team, request.now).line}
        for each in asked
    ]
