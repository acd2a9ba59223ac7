"""What a command is about: a customer in a campaign, named by a deal or by both; a deal with its playbook."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from salestui.cli.faults import UsageError
from salestui.cli.parsing import Parser
from salestui.dataclass import dataclass
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import deals, playbooks

if TYPE_CHECKING:
    from salestui.domain.playbook import Playbook
    from salestui.domain.records import Deal
    from salestui.domain.sheets import OutputSheet
    from salestui.services.request import Request

__all__ = ["Place", "deal_with_playbook", "place_arguments", "place_of", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """A customer in a campaign, with the playbook in force there."""

    customer: int
    campaign: int
    playbook: Playbook


def place_arguments(parser: Parser) -> None:
    """Let a command be told the customer and the campaign: by a deal, or by both."""
    parser.add_argument("deal", nargs="?", metavar=_("DEAL"))
    parser.add_argument("--customer", metavar=_("CUSTOMER"), help=_("instead of a deal: the customer"))
    parser.add_argument("--campaign", metavar=_("CAMPAIGN"), help=_("instead of a deal: the campaign"))


def place_of(request: Request, args: Namespace) -> Place:
    """Return the place that a command is about; raises NotFound, and UsageError where it is not told."""
    if args.deal is not None and args.customer is None and args.campaign is None:
        deal = deals.find(request, args.deal)
        customer, campaign = deal.customer, deal.campaign
    elif args.deal is None and args.customer is not None and args.campaign is not None:
        from salestui.services import customers

        customer = customers.find(request, args.customer).id
        campaign = _campaign(request, args.campaign)
    else:
        raise UsageError(_("Name a deal, or a customer and a campaign: --customer CUSTOMER --campaign CAMPAIGN"))
    return Place(customer, campaign, _playbook(request, campaign))


def _campaign(request: Request, named: str) -> int:
    from salestui.services import campaigns

    return campaigns.find(request, named).id


def _playbook(request: Request, campaign: int) -> Playbook:
    from salestui.services import campaigns

    found = campaigns.get(request, campaign)
    return playbooks.get(request, found.playbook, found.playbook_version)


def deal_with_playbook(request: Request, named: str) -> tuple[Deal, Playbook]:
    """Return a deal and the playbook version it pins; raises NotFound."""
    deal = deals.find(request, named)
    return deal, playbooks.get(request, deal.playbook, deal.playbook_version)


def sheet_of(request: Request, deal: str, output: str) -> tuple[OutputSheet, Deal, Playbook]:
    """Return an output of a deal, both as they were named, with the deal and its playbook; raises NotFound."""
    from salestui.services import outputs

    with request.reading():
        found, playbook = deal_with_playbook(request, deal)
        return outputs.sheet(request, found.id, _output_key(playbook, output)), found, playbook


def _output_key(playbook: Playbook, named: str) -> str:
    """Return the key of the output that is named by key or title; raises NotFound."""
    from salestui.domain.text import same_name

    wanted = same_name(named)
    for _stage, output in playbook.outputs():
        titles = {same_name(title) for title in (output.title.zh, output.title.en)}
        if named == output.key or wanted in titles | {title.strip("《》") for title in titles}:
            return output.key
    raise NotFound("output", named)
