"""Lists deals by the thousand, with the grade and the gate that the board keeps of each."""

from __future__ import annotations

from collections.abc import Sequence

from salestui.domain.deal_list import DealRow
from salestui.domain.facts import Status
from salestui.services import cards
from salestui.services.request import Call, Request, reads
from salestui.storage import deal_list as rows

__all__ = ["listed"]


def listed(
    request: Request,
    *,
    campaign: int | None = None,
    owner: int | None = None,
    customer: int | None = None,
    stage: str | None = None,
    statuses: Sequence[Status] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[DealRow, ...]:
    """Return the deals that meet all conditions, in the order of their ids.

    Cards whose kept figures time has overtaken are judged anew first.
    """
    while cards.outdated(request, 1):
        cards.catch_up(request)
    return _listed(request, campaign, owner, customer, stage, tuple(statuses), limit, offset)


@reads
def _listed(
    call: Call,
    campaign: int | None,
    owner: int | None,
    customer: int | None,
    stage: str | None,
    statuses: tuple[Status, ...],
    limit: int | None,
    offset: int,
) -> tuple[DealRow, ...]:
    return rows.rows(
        campaign=campaign,
        owner=owner,
        customer=customer,
        stage=stage,
        statuses=statuses,
        limit=limit,
        offset=offset,
    )
