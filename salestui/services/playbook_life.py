"""The life of a playbook: what a new version changes, what it would mean for running deals, and moving them over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.dataclass import dataclass
from salestui.domain.gate import evaluate
from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Playbook
from salestui.domain.playbook_diff import Difference, compare
from salestui.domain.records import Campaign, Deal, Kind, shown
from salestui.domain.upgrades import DealPreview, Obstacle, UpgradePreview
from salestui.errors import NotFound
from salestui.services import campaigns as pushes_of
from salestui.services import cards, playbooks, review_asking
from salestui.services.deal_rules import ON_BOARD, record
from salestui.services.loading import judge_loaded, load_many, team_of
from salestui.services.request import Call, reads, writes
from salestui.storage import campaigns as campaign_rows
from salestui.storage import deals as deal_rows
from salestui.storage import playbooks as rows
from salestui.storage.facts import deals_with_facts
from salestui.storage.store import Transaction

__all__ = ["Edition", "PlaybookDiff", "diff", "upgrade", "upgrade_preview"]

Edition = Playbook | tuple[str, int]
"""A playbook: itself, such as one read from a file, or key and version of an installed one."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class PlaybookDiff:
    """What differs between two playbooks; `services.playbook_texts.lines` says it."""

    old: Playbook
    new: Playbook
    differences: tuple[Difference, ...]


@reads
def diff(call: Call, a: Edition, b: Edition) -> PlaybookDiff:
    """Return in what playbook `b` differs from `a`, part by part. Raises NotFound."""
    old, new = (edition if isinstance(edition, Playbook) else playbooks.get(call, *edition) for edition in (a, b))
    return PlaybookDiff(old, new, compare(old, new))


# Moving deals over


@reads
def upgrade_preview(call: Call, key: str, to_version: int, deals: Sequence[int] | None = None) -> UpgradePreview:
    """Return what moving deals to another version would do: these, or all of the playbook that are on the board.

    Raises NotFound, also for a deal of another playbook.
    """
    target = playbooks.get(call, key, to_version)
    wanted = [number for number, _version, _stage in rows.deals_on(key, ON_BOARD)] if deals is None else list(deals)
    found: dict[int, DealPreview] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= {preview.deal.id: preview for preview in _previews(call, target, wanted[start : start + _AT_ONCE])}
    missing = next((number for number in wanted if number not in found), None)
    if missing is not None:
        raise NotFound("deal", shown(Kind.DEAL, missing))
    return UpgradePreview(key, to_version, tuple(found[number] for number in dict.fromkeys(wanted)))


def _previews(call: Call, target: Playbook, deals: Sequence[int]) -> Iterator[DealPreview]:
    scopes = {output.key: output.owner for _stage, output in target.outputs()}
    read_by_target = deals_with_facts(deals, call.store.files.exists, lambda _key, _version: scopes)
    team = team_of(call)
    for loaded in load_many(call, deals).values():
        deal = loaded.deal
        if deal.playbook != target.key:
            continue
        obstacle = _obstacle(deal, target)
        before = judge_loaded(loaded, call) if deal.status in ON_BOARD else None
        if obstacle is not Obstacle.NONE:
            yield DealPreview(deal, obstacle, before)
            continue
        stage = target.stage(deal.stage)
        _deal, facts = read_by_target[deal.id]
        after = evaluate(target, facts, call.now, team)
        yield DealPreview(deal, obstacle, before, after, stage.retired, stage.number)


def _obstacle(deal: Deal, target: Playbook) -> Obstacle:
    if deal.status not in ON_BOARD:
        return Obstacle.CLOSED
    if deal.playbook_version == target.version:
        return Obstacle.SAME_VERSION
    return Obstacle.NONE if target.has_stage(deal.stage) else Obstacle.STAGE_MISSING


@writes
def upgrade(
    tx: Transaction, key: str, to_version: int, *, deals: Sequence[int] = (), campaigns: Sequence[int] = ()
) -> Done | NotAllowed:
    """Move deals, and campaigns for their future deals, to another version of their playbook; nothing else changes.

    Managers may. All or none: a closed deal keeps its version, and so does one whose stage is not there. `number` of
    what is returned counts those moved; what has the version already is none of them. Raises NotFound.
    """
    code = refusal(tx.actor, Act.UPGRADE_PLAYBOOK)
    if code:
        return NotAllowed(code)
    target = playbooks.get(tx, key, to_version)
    moving = tuple(_found(tx, deals))
    pushes = tuple(_campaigns(tx, campaigns))
    refused = next((no for deal in moving if (no := _deal_stays(deal, target))), None)
    refused = refused or next((no for each in pushes if (no := _campaign_stays(each, target))), None)
    if refused:
        return refused
    moved = [deal for deal in moving if deal.playbook_version != to_version]
    for deal in moved:
        deal_rows.update(tx, deal.id, deal.version, {"playbook_version": to_version})
        versions = {"playbook_version": deal.playbook_version}, {"playbook_version": to_version}
        record(tx, deal, "deal.upgraded", *versions)
        review_asking.keep_waiting_on(tx, deal.id)
    pushed = [each for each in pushes if each.playbook_version != to_version]
    for each in pushed:
        _move_campaign(tx, each, to_version)
    cards.refresh(tx, [deal.id for deal in moved])
    count = len(moved) + len(pushed)
    return Done(key, to_version, count, changed=bool(count))


def _found(tx: Transaction, deals: Sequence[int]) -> Iterator[Deal]:
    wanted = tuple(dict.fromkeys(deals))
    found: dict[int, Deal] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= {deal.id: deal for deal in deal_rows.many(wanted[start : start + _AT_ONCE])}
    for number in wanted:
        if number not in found:
            raise NotFound("deal", shown(Kind.DEAL, number))
        yield found[number]


def _campaigns(tx: Transaction, wanted: Sequence[int]) -> Iterator[Campaign]:
    yield from (pushes_of.get(tx, number) for number in dict.fromkeys(wanted))


def _deal_stays(deal: Deal, target: Playbook) -> NotAllowed | None:
    number = shown(Kind.DEAL, deal.id)
    if deal.playbook != target.key:
        return NotAllowed("other_playbook", {"id": number, "playbook": deal.playbook})
    obstacle = _obstacle(deal, target)
    if obstacle is Obstacle.CLOSED:
        return NotAllowed("closed_keeps_version", {"deal": number})
    if obstacle is Obstacle.STAGE_MISSING:
        return NotAllowed("stage_not_there", {"deal": number, "stage": deal.stage, "version": target.version})
    return None


def _campaign_stays(campaign: Campaign, target: Playbook) -> NotAllowed | None:
    number = shown(Kind.CAMPAIGN, campaign.id)
    if campaign.playbook != target.key:
        return NotAllowed("other_playbook", {"id": number, "playbook": campaign.playbook})
    if campaign.scenario and campaign.scenario not in {scenario.key for scenario in target.scenarios}:
        params = {"campaign": number, "scenario": campaign.scenario, "version": target.version}
        return NotAllowed("scenario_not_there", params)
    return None


def _move_campaign(tx: Transaction, campaign: Campaign, to_version: int) -> None:
    campaign_rows.update(tx, campaign.id, campaign.version, {"playbook_version": to_version})
    tx.record(
        "campaign.upgraded",
        subject=shown(Kind.CAMPAIGN, campaign.id),
        campaign=campaign.id,
        before={"playbook_version": campaign.playbook_version},
        after={"playbook_version": to_version},
    )
