"""Customers in campaigns: who is in which, and who works on whom."""

from __future__ import annotations

from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Kind, Membership, shown
from salestui.errors import NotFound
from salestui.services.request import Call, reads
from salestui.storage import campaigns as campaign_rows
from salestui.storage import customers as customer_rows
from salestui.storage import memberships as rows
from salestui.storage.store import Transaction
from salestui.storage.visibility import sees_customer

__all__ = ["campaigns_of", "ensure_membership", "membership", "not_responsible"]


@reads
def membership(call: Call, customer: int, campaign: int) -> Membership:
    """Return the customer's place in the campaign; raises NotFound where it is not in it."""
    found = rows.find(customer, campaign)
    if found is None:
        raise NotFound("customer", f"{shown(Kind.CUSTOMER, customer)} ({shown(Kind.CAMPAIGN, campaign)})")
    return found


@reads
def campaigns_of(call: Call, customer: int) -> tuple[int, ...]:
    """Return the numbers of the campaigns a customer is in, in the order it joined them."""
    return rows.campaigns_of(customer)


def ensure_membership(tx: Transaction, customer: int, campaign: int) -> Membership:
    """Return the customer's place in the campaign, made now where it has none. Raises NotFound."""
    found = rows.find(customer, campaign)
    if found is not None:
        return found
    if customer_rows.by_id(customer) is None or not sees_customer(tx.actor, customer):
        raise NotFound("customer", shown(Kind.CUSTOMER, customer))
    if campaign_rows.by_id(campaign) is None:
        raise NotFound("campaign", shown(Kind.CAMPAIGN, campaign))
    before = [shown(Kind.CAMPAIGN, number) for number in rows.campaigns_of(customer)]
    made = rows.insert(customer, campaign, tx.now)
    tx.record(
        "customer.changed",
        subject=shown(Kind.CUSTOMER, customer),
        customer=customer,
        campaign=campaign,
        before={"campaigns": before},
        after={"campaigns": [*before, shown(Kind.CAMPAIGN, campaign)]},
    )
    return made


def not_responsible(call: Call, customer: int, campaign: int | None = None) -> NotAllowed | None:
    """Return the refusal for somebody who neither manages nor works on the customer, in `campaign` where given.

    Raises NotFound.
    """
    known = customer_rows.by_id(customer)
    if known is None or (isinstance(call, Transaction) and not sees_customer(call.actor, customer)):
        raise NotFound("customer", shown(Kind.CUSTOMER, customer))
    code = refusal(call.actor, Act.EDIT_CUSTOMER, customer_rows.responsible(customer, campaign))
    if code is None:
        return None
    return NotAllowed(code, {"customer": shown(Kind.CUSTOMER, customer), "owner": known.owner_name})
