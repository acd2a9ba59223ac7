"""The tables of every database, whatever is sold: schema, settings, people, deputies, playbooks, history, commands."""

from __future__ import annotations

import peewee as pw

from salestui.storage.fields import IsoDate, Json, UtcDateTime


class Table(pw.Model):
    """Base of all tables; `Store` binds them to its database."""

    class Meta:
        legacy_table_names = False


class SchemaVersion(Table):
    """One row per migration that was run."""

    number = pw.IntegerField(primary_key=True)
    name = pw.TextField()
    at = UtcDateTime()


class Setting(Table):
    """Settings of the team, which belong to the database: time zone, calendar, whether votes may be recorded."""

    key = pw.TextField(primary_key=True)
    value = Json()


class User(Table):
    """People who may use the database; `roles` is a sorted list of reviewer roles."""

    login = pw.TextField(unique=True)
    name = pw.TextField()
    permission = pw.TextField()
    roles = Json()
    active = pw.BooleanField(default=True)
    created_at = UtcDateTime()
    version = pw.IntegerField(default=1)


class Deputy(Table):
    """Who votes for an absent person, from day `starts` to day `ends`; `ended_at` when it was ended before that."""

    user = pw.ForeignKeyField(User, on_delete="RESTRICT")
    deputy = pw.ForeignKeyField(User, on_delete="RESTRICT")
    starts = IsoDate()
    ends = IsoDate()
    named_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    named_at = UtcDateTime()
    ended_at = UtcDateTime(null=True)
    version = pw.IntegerField(default=1)


class Playbook(Table):
    """Installed playbook versions, never changed: the TOML as written and its checked form as JSON."""

    key = pw.TextField()
    number = pw.IntegerField()
    text = pw.TextField()
    checked = pw.TextField()
    digest = pw.TextField()
    installed_at = UtcDateTime()
    installed_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")

    class Meta:
        indexes = ((("key", "number"), True),)


class Event(Table):
    """The history: append-only (`storage.triggers`).

    `chain` is a hash over this event's digest and the chain before it. `salt` is random; a redacted event has none.
    """

    at = UtcDateTime(index=True)
    actor_id = pw.IntegerField()
    actor_name = pw.TextField()
    action = pw.TextField()
    subject = pw.TextField()
    deal_id = pw.IntegerField(null=True, index=True)
    customer_id = pw.IntegerField(null=True, index=True)
    campaign_id = pw.IntegerField(null=True)
    before = Json(null=True)
    after = Json(null=True)
    note = pw.TextField(default="")
    command_id = pw.TextField(default="")
    salt = pw.TextField()
    digest = pw.TextField()
    chain = pw.TextField()


class Command(Table):
    """Results of commands that came with an id, so that a repeated one is recognised."""

    id = pw.TextField(primary_key=True)
    at = UtcDateTime()
    actor_id = pw.IntegerField()
    result = Json()


class Seal(Table):
    """A digest of each row of the other tables, kept with every change (`storage.seals`); the history has its chain."""

    of_table = pw.TextField()
    row_key = pw.TextField()
    digest = pw.TextField()

    class Meta:
        primary_key = pw.CompositeKey("of_table", "row_key")
