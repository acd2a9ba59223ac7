"""The tables of the market: campaigns, customers with their people, and what is judged of a customer in a campaign."""

from __future__ import annotations

import peewee as pw

from salestui.storage.base_tables import Table, User
from salestui.storage.fields import IsoDate, Json, UtcDateTime


class Campaign(Table):
    """Pushes into a market; all reps see the deals of a `shared` one, whatever they see otherwise."""

    name = pw.TextField()
    name_key = pw.TextField(unique=True)
    playbook = pw.TextField()
    playbook_version = pw.IntegerField()
    scenario = pw.TextField(default="")
    market = pw.TextField(default="")
    currency = pw.TextField(default="CNY")
    owner = pw.ForeignKeyField(User, on_delete="RESTRICT")
    note = pw.TextField(default="")
    closed = pw.BooleanField(default=False)
    shared = pw.BooleanField(default=False)
    created_at = UtcDateTime()
    version = pw.IntegerField(default=1)


class Customer(Table):
    """Companies; `name_key` finds same names, `core_key` possible doubles, `searched` is what a filter looks in."""

    name = pw.TextField()
    name_key = pw.TextField(index=True)
    core_key = pw.TextField(index=True)
    short_name = pw.TextField(default="")
    industry = pw.TextField(default="")
    region = pw.TextField(default="")
    size = pw.TextField(default="")
    website = pw.TextField(default="")
    address = pw.TextField(default="")
    source = pw.TextField(default="")
    need = pw.TextField(default="")
    note = pw.TextField(default="")
    owner = pw.ForeignKeyField(User, on_delete="RESTRICT")
    created_at = UtcDateTime()
    merged_into = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT")
    searched = pw.TextField(default="")
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("merged_into", "name_key", "id", "owner", "searched"), False),)


class Contact(Table):
    """People at customers."""

    customer = pw.ForeignKeyField(Customer, backref="contacts", on_delete="RESTRICT")
    name = pw.TextField()
    title = pw.TextField(default="")
    phone = pw.TextField(default="")
    email = pw.TextField(default="")
    role = pw.TextField(default="")
    stance = pw.TextField(default="")
    cares_about = pw.TextField(default="")
    note = pw.TextField(default="")
    removed = pw.BooleanField(default=False)
    created_at = UtcDateTime()
    version = pw.IntegerField(default=1)


class Membership(Table):
    """Customers in campaigns: the class with its reason; scores and outputs of this pair hang here."""

    customer = pw.ForeignKeyField(Customer, on_delete="RESTRICT")
    campaign = pw.ForeignKeyField(Campaign, on_delete="RESTRICT")
    classification = pw.TextField(default="")
    reason = pw.TextField(default="")
    classified_at = UtcDateTime(null=True)
    classified_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    created_at = UtcDateTime()
    version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("customer", "campaign"), True),)


class Score(Table):
    """Scorecards, never changed; the newest one of a membership counts."""

    membership = pw.ForeignKeyField(Membership, on_delete="RESTRICT")
    playbook_version = pw.IntegerField()
    values = Json()
    evidence = Json()
    total = pw.IntegerField()
    grade = pw.TextField()
    note = pw.TextField(default="")
    at = UtcDateTime()
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")

    class Meta:
        indexes = ((("membership", "at"), False),)


class CustomerEvent(Table):
    """What moved at a customer, never changed: `day` is when it did, `at` from when the score counts as due.

    `after_score` is the number of the newest scorecard when it was recorded, 0 without one.
    """

    membership = pw.ForeignKeyField(Membership, on_delete="RESTRICT")
    kind = pw.TextField()
    note = pw.TextField(default="")
    day = IsoDate()
    at = UtcDateTime()
    after_score = pw.IntegerField(default=0)
    recorded_at = UtcDateTime()
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
