"""The queries behind the facts of deals, each composed once; their parameters are lists of ids."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN

from salestui.domain.playbook import Scope
from salestui.domain.records import ActivityState
from salestui.storage import tables as t
from salestui.storage.compiled import compiled
from salestui.storage.deals import joined

CUSTOMER_FIELDS = ("name", "short_name", "industry", "region", "size", "website", "address", "source", "need")
"""What a gate may ask of a customer's own fields."""


@compiled
def deals(deals: list[int]) -> Any:
    """Select deals as `joined` does, with their campaigns' scenarios and their customers' fields (`customer_…`)."""
    others = (name for name in CUSTOMER_FIELDS if name != "name")
    customer = (getattr(t.Customer, name).alias(f"customer_{name}") for name in others)
    return joined(*customer, t.Campaign.scenario.alias("scenario")).where(t.Deal.id.in_(deals)).objects()


@compiled
def memberships(customers: list[int], campaigns: list[int]) -> Any:
    """Select customers in campaigns, with who classified them."""
    return (
        t.Membership.select(t.Membership, t.User)
        .join(t.User, JOIN.LEFT_OUTER, on=(t.Membership.classified_by == t.User.id))
        .where(t.Membership.customer.in_(customers) & t.Membership.campaign.in_(campaigns))
    )


@compiled
def outputs(*numbers: list[int]) -> Any:
    """Select outputs, by the numbers of their owners for each scope."""
    return t.Output.select().where(_of_owners(t.Output, numbers))


@compiled
def drafts(*numbers: list[int]) -> Any:
    """Select scope, owner and key of drafts, by the numbers of their owners for each scope."""
    keys = (t.Draft.scope, t.Draft.owner_id, t.Draft.key)
    return t.Draft.select(*keys).where(_of_owners(t.Draft, numbers)).tuples()


@compiled
def revisions(outputs: list[int]) -> Any:
    """Select the newest revision of each output."""
    return (
        t.Revision.select(t.Revision, t.User.name.alias("author_name"))
        .join(t.Output, on=((t.Revision.output == t.Output.id) & (t.Revision.number == t.Output.latest)))
        .join(t.User, on=(t.Revision.author == t.User.id))
        .where(t.Revision.output.in_(outputs))
        .objects()
    )


@compiled
def reviews(outputs: list[int]) -> Any:
    """Select reviews of outputs, oldest first."""
    return (
        t.Review.select(t.Review, t.User.name.alias("requester"))
        .join(t.User, on=(t.Review.requested_by == t.User.id))
        .where(t.Review.output.in_(outputs))
        .order_by(t.Review.id)
        .objects()
    )


@compiled
def votes(reviews: list[int]) -> Any:
    """Select votes, oldest first."""
    recorder, absent = t.User.alias(), t.User.alias()
    return (
        t.Vote.select(t.Vote, recorder.name.alias("recorder"), absent.name.alias("absent_name"))
        .join(recorder, JOIN.LEFT_OUTER, on=(t.Vote.recorded_by == recorder.id))
        .switch(t.Vote)
        .join(absent, JOIN.LEFT_OUTER, on=(t.Vote.deputy_for == absent.id))
        .where(t.Vote.review.in_(reviews))
        .order_by(t.Vote.id)
        .objects()
    )


@compiled
def sendings(outputs: list[int]) -> Any:
    """Select what was sent, oldest first."""
    return (
        t.Sending.select(t.Sending, t.User.name.alias("sender"))
        .join(t.User, on=(t.Sending.by == t.User.id))
        .where(t.Sending.output.in_(outputs))
        .order_by(t.Sending.id)
        .objects()
    )


@compiled
def scores(memberships: list[int]) -> Any:
    """Select scores, oldest first."""
    return (
        t.Score.select(t.Score, t.User.name.alias("scorer"))
        .join(t.User, on=(t.Score.by == t.User.id))
        .where(t.Score.membership.in_(memberships))
        .order_by(t.Score.id)
        .objects()
    )


@compiled
def customer_events(memberships: list[int]) -> Any:
    """Select what moved at customers, oldest first."""
    event = t.CustomerEvent
    return event.select().where(event.membership.in_(memberships)).order_by(event.id).objects()


@compiled
def activities(deals: list[int]) -> Any:
    """Select talks and plans that serve deals, by their time; those called off are left out."""
    return (
        t.Activity.select(t.Activity, t.ActivityDeal.deal.alias("serves"))
        .join(t.ActivityDeal, on=(t.ActivityDeal.activity == t.Activity.id))
        .where(t.ActivityDeal.deal.in_(deals) & (t.Activity.state != ActivityState.CANCELLED.value))
        .order_by(t.Activity.at, t.Activity.id)
        .objects()
    )


@compiled
def ticks(deals: list[int]) -> Any:
    """Select key actions done, oldest first."""
    return (
        t.ActionTick.select(t.ActionTick, t.User.name.alias("ticker"))
        .join(t.User, on=(t.ActionTick.by == t.User.id))
        .where(t.ActionTick.deal.in_(deals) & t.ActionTick.undone_at.is_null())
        .order_by(t.ActionTick.id)
        .objects()
    )


@compiled
def waivers(deals: list[int]) -> Any:
    """Select exceptions in force or run out, oldest first."""
    recorder = t.User.alias()
    return (
        t.Waiver.select(t.Waiver, recorder.name.alias("recorder"))
        .join(recorder, JOIN.LEFT_OUTER, on=(t.Waiver.recorded_by == recorder.id))
        .where(t.Waiver.deal.in_(deals) & t.Waiver.revoked_at.is_null())
        .order_by(t.Waiver.id)
        .objects()
    )


def _of_owners(model: Any, numbers: Iterable[list[int]]) -> Any:
    pairs = zip(Scope, numbers, strict=True)
    return reduce(or_, [(model.scope == scope.value) & model.owner_id.in_(known) for scope, known in pairs])
