"""What every change of a deal begins and ends with: who may, on which deals, from which version, and its event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from salestui.domain.facts import Status
from salestui.domain.outcomes import Conflict, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Deal, Kind, shown
from salestui.errors import NotFound
from salestui.services.request import Call, reads
from salestui.storage import deals as rows
from salestui.storage.store import Transaction
from salestui.storage.visibility import sees_deal

ON_BOARD: Final = (Status.OPEN, Status.WON)
"""The statuses of deals that can move."""

CLOSED: Final = (Status.LOST, Status.IN_CARE)
"""The statuses from which a deal can be reopened."""


@reads
def get(call: Call, deal: int) -> Deal:
    """Return one deal; raises NotFound."""
    found = next(rows.many((deal,)), None)
    if found is None or (isinstance(call, Transaction) and not sees_deal(call.actor, deal)):
        raise NotFound("deal", shown(Kind.DEAL, deal))
    return found


def not_allowed(tx: Transaction, deal: Deal, act: Act) -> NotAllowed | None:
    """Refuse whoever may not do this to the deal."""
    code = refusal(tx.actor, act, deal.owner)
    return NotAllowed(code, {"deal": shown(Kind.DEAL, deal.id), "owner": deal.owner_name}) if code else None


def off_board(deal: Deal, allowed: Sequence[Status] = ON_BOARD) -> NotAllowed | None:
    """Refuse a deal in another status than those allowed."""
    if deal.status in allowed:
        return None
    return NotAllowed(f"deal_is_{deal.status.value}", {"deal": shown(Kind.DEAL, deal.id)})


def conflict(deal: Deal, expected: int | None) -> Conflict | None:
    """Return a conflict when the deal is not at the version it was read with; None as version asks nothing."""
    if expected is None or expected == deal.version:
        return None
    return Conflict(shown(Kind.DEAL, deal.id), expected, deal.version)


def plain(columns: Mapping[str, object]) -> dict[str, object]:
    """Return values as the history keeps them."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in columns.items()}


def record(
    tx: Transaction,
    deal: Deal,
    action: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    note: str = "",
) -> None:
    """Write an event of the deal, into the histories of its customer and campaign as well."""
    tx.record(
        action,
        subject=shown(Kind.DEAL, deal.id),
        deal=deal.id,
        customer=deal.customer,
        campaign=deal.campaign,
        before=before,
        after=after,
        note=note,
    )
