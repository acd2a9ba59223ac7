"""Reads the deals that are off the board: the care list (长期维护名单), the lost and the completed ones."""

from __future__ import annotations

from datetime import date

from salestui.domain.clock import TeamCalendar
from salestui.domain.closed_views import ClosedDeal, ClosedLists
from salestui.domain.facts import Status
from salestui.domain.playbook import Playbook
from salestui.domain.records import Deal, Kind, shown
from salestui.i18n import language
from salestui.services import deals, reason_texts
from salestui.services.loading import team_of
from salestui.services.playbook_memo import remembered
from salestui.services.request import Call, reads

__all__ = ["lists"]


@reads
def lists(call: Call, owner: int | None = None) -> ClosedLists:
    """Return the deals off the board, those of one person or (None) everybody's."""
    team = team_of(call)
    today = team.today(call.now)
    care = _read(call, Status.IN_CARE, owner, team, today)
    lost = _read(call, Status.LOST, owner, team, today)
    completed = _read(call, Status.COMPLETED, owner, team, today)
    return ClosedLists(
        tuple(sorted(care, key=lambda deal: (deal.look_again_on or date.max, deal.name))),
        tuple(sorted(lost, key=_closed, reverse=True)),
        tuple(sorted(completed, key=_closed, reverse=True)),
    )


def _closed(deal: ClosedDeal) -> tuple[date, int]:
    return deal.closed_on or date.min, deal.id


def _read(call: Call, status: Status, owner: int | None, team: TeamCalendar, today: date) -> list[ClosedDeal]:
    found = deals.listed(call, owner=owner, statuses=(status,))
    playbook_of = remembered(call)
    return [_line(playbook_of(deal.playbook, deal.playbook_version), deal, team, today) for deal in found]


def _line(playbook: Playbook, deal: Deal, team: TeamCalendar, today: date) -> ClosedDeal:
    ended = team.today(deal.closed_at) if deal.closed_at else None
    return ClosedDeal(
        id=deal.id,
        code=shown(Kind.DEAL, deal.id),
        name=deal.title or deal.customer_label,
        company=deal.customer_name,
        campaign=deal.campaign_name,
        owner=deal.owner,
        owner_name=deal.owner_name,
        amount=deal.amount,
        stage=playbook.stage(deal.stage).short.get(language()) if playbook.has_stage(deal.stage) else deal.stage,
        closed_on=ended,
        days=max(0, ((ended or today) - team.today(deal.created_at)).days),
        reason=reason_texts.reason(playbook, deal) if deal.reason else "",
        competitor=deal.competitor,
        note=deal.note,
        look_again_on=deal.look_again_on,
        due=deal.look_again_on is not None and deal.look_again_on <= today,
        cancelled=deal.cancelled,
        imported=deal.imported,
    )
