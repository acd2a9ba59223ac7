"""All tables, as Peewee models; rows never leave the storage package. Times are UTC, money is in minor units."""

from __future__ import annotations

import peewee as pw

from salestui.storage.base_tables import Command, Deputy, Event, Playbook, SchemaVersion, Seal, Setting, Table, User
from salestui.storage.fields import IsoDate, Json, UtcDateTime
from salestui.storage.market_tables import Campaign, Contact, Customer, CustomerEvent, Membership, Score

__all__ = [
    "MODELS",
    "ActionTick",
    "Activity",
    "ActivityDeal",
    "Asked",
    "BoardCount",
    "Campaign",
    "Card",
    "Command",
    "Contact",
    "Customer",
    "CustomerEvent",
    "Deal",
    "Deputy",
    "Draft",
    "Event",
    "Membership",
    "Output",
    "Playbook",
    "Review",
    "Revision",
    "SchemaVersion",
    "Score",
    "Seal",
    "Sending",
    "Setting",
    "Table",
    "User",
    "Vote",
    "Waiver",
]


class Deal(Table):
    """The cards of the board."""

    customer = pw.ForeignKeyField(Customer, on_delete="RESTRICT")
    campaign = pw.ForeignKeyField(Campaign, on_delete="RESTRICT")
    playbook = pw.TextField()
    playbook_version = pw.IntegerField()
    title = pw.TextField(default="")
    stage = pw.TextField()
    status = pw.TextField()
    owner = pw.ForeignKeyField(User, on_delete="RESTRICT")
    amount_minor = pw.BigIntegerField(null=True)
    currency = pw.TextField(default="CNY")
    expected_on = IsoDate(null=True)
    need = pw.TextField(default="")
    source = pw.TextField(default="")
    created_at = UtcDateTime()
    stage_since = UtcDateTime()
    won_at = UtcDateTime(null=True)
    closed_at = UtcDateTime(null=True)
    reason = pw.TextField(default="")
    competitor = pw.TextField(default="")
    note = pw.TextField(default="")
    look_again_on = IsoDate(null=True)
    cancelled = pw.BooleanField(default=False)
    imported = pw.BooleanField(default=False)
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = (
            (("campaign", "status", "stage"), False),
            (("owner", "status"), False),
            (("status", "look_again_on"), False),
        )


class Card(Table):
    """What the board shows of a deal, kept in the transaction that changes the deal's facts; it can be rebuilt.

    What the agenda finds it by is unset where there is nothing to do: `score_until`, `contact_due` and `unanswered` but
    for open deals, `idle_at` and `clock_due` off the board. From `quiet_at` on a deal without a planned step counts as
    something for today, because it stands still or is to be contacted.

    From `campaign` on: where it stands. `shown_in` is the stage whose column holds it, "" for a deal off the board;
    `place` orders that column, ties by deal; both, and `late`, hold until `place_until`. `campaign` to `minor` repeat
    the deal as it was last counted in `BoardCount`; `campaign` is 0 before. The two wide indices serve a column's
    window, a text filter and its sums without looking at the rows.
    """

    deal = pw.ForeignKeyField(Deal, primary_key=True, on_delete="CASCADE")
    grade = pw.TextField(default="")
    score = pw.IntegerField(null=True)
    unmet = pw.IntegerField(default=0)
    met = pw.IntegerField(default=0)
    waiting = pw.BooleanField(default=False)
    excepted = pw.IntegerField(default=0)
    hopeless = pw.BooleanField(default=False)
    outputs_done = pw.TextField(default="")
    actions_done = pw.IntegerField(default=0)
    actions_total = pw.IntegerField(default=0)
    next_at = UtcDateTime(null=True)
    next_all_day = pw.BooleanField(default=False)
    summary_due = UtcDateTime(null=True)
    score_until = UtcDateTime(null=True)
    last_touch = UtcDateTime(null=True)
    score_event = pw.TextField(default="")
    contact_due = UtcDateTime(null=True)
    idle_at = UtcDateTime(null=True)
    quiet_at = UtcDateTime(null=True)
    clock = pw.TextField(default="")
    clock_due = UtcDateTime(null=True)
    unanswered = pw.IntegerField(default=0)
    stale = pw.BooleanField(default=False, index=True)
    changes_at = UtcDateTime(null=True, index=True)
    campaign = pw.IntegerField(default=0)
    playbook = pw.TextField(default="")
    owner = pw.IntegerField(default=0)
    shown_in = pw.TextField(default="")
    currency = pw.TextField(default="")
    minor = pw.BigIntegerField(null=True)
    place = pw.BigIntegerField(default=0)
    late = pw.BooleanField(default=False)
    place_until = UtcDateTime(null=True, index=True)
    searched = pw.TextField(default="")

    class Meta:
        indexes = tuple(
            (
                (whole, "shown_in", "place", "deal", "owner", "currency", "minor", "late", "unmet", "searched"),
                False,
            )
            for whole in ("campaign", "playbook")
        ) + tuple(
            ((due, "owner"), False)
            for due in ("score_until", "contact_due", "idle_at", "quiet_at", "clock_due", "unanswered")
        )


class BoardCount(Table):
    """How many deals stand in a column, and their sums: kept in the transaction that changes a card, never counted.

    One row for each owner and currency in a column of a campaign; `amounts` counts the deals with an amount, `late`
    those with something late, `ready` those with nothing unmet.
    """

    campaign = pw.IntegerField()
    playbook = pw.TextField()
    shown_in = pw.TextField()
    owner = pw.IntegerField()
    currency = pw.TextField()
    deals = pw.IntegerField(default=0)
    amounts = pw.IntegerField(default=0)
    minor = pw.BigIntegerField(default=0)
    late = pw.IntegerField(default=0)
    ready = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("campaign", "playbook", "shown_in", "owner", "currency"), True),)


class Output(Table):
    """Outputs as they stand: `latest` is the number of the newest submitted revision, 0 before the first.

    `scope` and `owner_id` say to whom it belongs: a campaign, a membership, a customer or a deal.
    """

    scope = pw.TextField()
    owner_id = pw.IntegerField()
    key = pw.TextField()
    latest = pw.IntegerField(default=0)
    withdrawn = pw.BooleanField(default=False)
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("scope", "owner_id", "key"), True),)


class Revision(Table):
    """Submitted revisions, never changed. `files` is a list of {name, sha256, size, type}."""

    output = pw.ForeignKeyField(Output, on_delete="RESTRICT")
    number = pw.IntegerField()
    values = Json()
    files = Json()
    note = pw.TextField(default="")
    restored_from = pw.IntegerField(null=True)
    at = UtcDateTime()
    author = pw.ForeignKeyField(User, on_delete="RESTRICT")

    class Meta:
        indexes = ((("output", "number"), True), (("at",), False))


class Draft(Table):
    """What a person has typed into an output and not yet submitted: one draft per output and person."""

    scope = pw.TextField()
    owner_id = pw.IntegerField()
    key = pw.TextField()
    author = pw.ForeignKeyField(User, on_delete="RESTRICT")
    values = Json()
    files = Json()
    based_on = pw.IntegerField(default=0)
    at = UtcDateTime()

    class Meta:
        indexes = ((("scope", "owner_id", "key", "author"), True),)


class Review(Table):
    """Reviews of one revision of an output."""

    output = pw.ForeignKeyField(Output, on_delete="RESTRICT")
    revision = pw.IntegerField()
    deal = pw.ForeignKeyField(Deal, null=True, on_delete="RESTRICT")
    requested_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    requested_at = UtcDateTime()
    note = pw.TextField(default="")
    recalled_at = UtcDateTime(null=True)
    version = pw.IntegerField(default=1)


class Asked(Table):
    """Whom a review asks in each of its roles: one person, or (without `user`) whoever holds the role.

    `waiting` says that a vote in the role is awaited now; whoever changes the review keeps it.
    """

    review = pw.ForeignKeyField(Review, on_delete="RESTRICT")
    role = pw.TextField()
    user = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    waiting = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("review", "role"), True), (("waiting", "role"), False))


class Vote(Table):
    """Votes, never changed; the last one of a role counts. `deputy_for` is the absent person a deputy voted for.

    A recorded vote has `recorded_by`, the `name` of the person it is recorded for, and its evidence.
    """

    review = pw.ForeignKeyField(Review, on_delete="RESTRICT")
    role = pw.TextField()
    user = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    deputy_for = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    name = pw.TextField()
    decision = pw.TextField()
    comment = pw.TextField(default="")
    at = UtcDateTime()
    recorded_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    voted_on = IsoDate(null=True)
    evidence = pw.TextField(default="")
    files = Json()


class Sending(Table):
    """Revisions that went to the customer."""

    output = pw.ForeignKeyField(Output, on_delete="RESTRICT")
    revision = pw.IntegerField()
    values = Json()
    at = UtcDateTime()
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")


class ActionTick(Table):
    """Key actions ticked for a deal; unticking keeps the row with `undone_at`."""

    deal = pw.ForeignKeyField(Deal, on_delete="RESTRICT")
    key = pw.TextField()
    note = pw.TextField(default="")
    at = UtcDateTime()
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    undone_at = UtcDateTime(null=True)

    class Meta:
        indexes = ((("deal", "key"), False),)


class Activity(Table):
    """Conversations, planned or held."""

    customer = pw.ForeignKeyField(Customer, on_delete="RESTRICT")
    state = pw.TextField()
    channel = pw.TextField(default="")
    at = UtcDateTime()
    all_day = pw.BooleanField(default=False)
    subject = pw.TextField(default="")
    outline = pw.TextField(default="")
    values = Json()
    owner = pw.ForeignKeyField(User, on_delete="RESTRICT")
    author = pw.ForeignKeyField(User, on_delete="RESTRICT")
    summary_sent_at = UtcDateTime(null=True)
    summary = Json(null=True)
    summary_files = Json(null=True)
    created_at = UtcDateTime()
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = (
            (("customer", "at"), False),
            (("state", "owner", "at"), False),
            (("state", "at"), False),
            (("state", "summary_sent_at", "at"), False),
        )


class ActivityDeal(Table):
    """Which deals a conversation serves."""

    activity = pw.ForeignKeyField(Activity, on_delete="CASCADE")
    deal = pw.ForeignKeyField(Deal, on_delete="RESTRICT")

    class Meta:
        primary_key = pw.CompositeKey("activity", "deal")
        indexes = ((("deal",), False),)


class Waiver(Table):
    """Exceptions: one requirement of one deal, granted by a manager; in force until `expires_at` unless revoked.

    A recorded one has `recorded_by`; `granted_name` is the person who granted it.
    """

    deal = pw.ForeignKeyField(Deal, on_delete="RESTRICT")
    requirement = pw.TextField()
    reason = pw.TextField()
    granted_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    granted_name = pw.TextField()
    granted_at = UtcDateTime()
    expires_at = UtcDateTime()
    revoked_at = UtcDateTime(null=True)
    recorded_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    evidence = pw.TextField(default="")
    files = Json()
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("deal",), False),)


MODELS: tuple[type[Table], ...] = (
    SchemaVersion, Setting, User, Playbook, Campaign, Customer, Contact, Membership, Score, CustomerEvent, Deal, Card,
    BoardCount, Output, Revision, Draft, Review, Asked, Deputy, Vote, Sending, ActionTick, Activity, ActivityDeal,
    Waiver, Event, Command, Seal,
)  # fmt: skip
