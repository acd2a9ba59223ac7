"""Campaigns as their screens show them: the list of all, and one with its lists of customers and its own outputs."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.dataclass import dataclass
from salestui.domain.facts import Revision
from salestui.domain.lists import CampaignLine, ClassList
from salestui.domain.money import Money
from salestui.domain.playbook import Output, Playbook, Scope
from salestui.domain.records import Campaign, OutputOwner
from salestui.i18n import language
from salestui.services import campaigns, classes, deals, playbooks
from salestui.services.request import Call, reads
from salestui.storage import outputs as output_rows
from salestui.storage import overviews as rows

__all__ = ["CampaignPage", "OutputLine", "lines", "page"]


@reads
def lines(call: Call) -> tuple[CampaignLine, ...]:
    """Return all campaigns, the running ones first, the newest on top."""
    counts, sizes = rows.campaign_deals(), rows.campaign_sizes()
    done = rows.campaign_outputs(Scope.CAMPAIGN.value)
    found = []
    for record in campaigns.all(call):
        playbook = playbooks.get(call, record.playbook, record.playbook_version)
        running, sums = counts.get(record.id, (0, {}))
        asked = [output.key for output in _own(playbook)]
        found.append(
            CampaignLine(
                campaign=record,
                playbook=playbook.title.get(language()),
                scenario=scenario_title(playbook, record.scenario),
                running=running,
                total=Money(sums[record.currency], record.currency) if record.currency in sums else None,
                customers=sizes.get(record.id, 0),
                outputs=(sum(key in done.get(record.id, ()) for key in asked), len(asked)),
            )
        )
    return tuple(found)


def _own(playbook: Playbook) -> tuple[Output, ...]:
    """Return the outputs that belong to the campaign and are written as forms."""
    return tuple(o for _stage, o in playbook.outputs() if o.owner is Scope.CAMPAIGN and o.met_by is None)


def scenario_title(playbook: Playbook, key: str) -> str:
    """Return the name of a scenario; "" for none."""
    return next((each.title.get(language()) for each in playbook.scenarios if each.key == key), key)


@dataclass(frozen=True, slots=True)
class OutputLine:
    """An output of the campaign: its latest submitted revision, None before the first, and whether it is withdrawn."""

    output: Output
    revision: Revision | None
    withdrawn: bool

    @property
    def stands(self) -> bool:
        """Whether there is one to go by."""
        return self.revision is not None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """Everything the screen of one campaign shows. `deals` are the numbers of its deals by customer, one for each."""

    campaign: Campaign
    playbook: Playbook
    scenario: str
    lists: tuple[ClassList, ...]
    outputs: tuple[OutputLine, ...]
    deals: Mapping[int, int]


@reads
def page(call: Call, campaign: int) -> CampaignPage:
    """Return the screen of a campaign. Raises NotFound."""
    record = campaigns.get(call, campaign)
    playbook = playbooks.get(call, record.playbook, record.playbook_version)
    return CampaignPage(
        campaign=record,
        playbook=playbook,
        scenario=scenario_title(playbook, record.scenario),
        lists=classes.classes_of(call, campaign),
        outputs=tuple(_output_line(call, campaign, output) for output in _own(playbook)),
        deals={deal.customer: deal.id for deal in deals.listed(call, campaign=campaign)},
    )


def _output_line(call: Call, campaign: int, output: Output) -> OutputLine:
    row = output_rows.find(OutputOwner(Scope.CAMPAIGN, campaign), output.key)
    if row is None or not row.latest:
        return OutputLine(output, None, withdrawn=False)
    revisions = output_rows.revisions(row, call.store.files.exists)
    return OutputLine(output, max(revisions, key=lambda revision: revision.number), row.withdrawn)
