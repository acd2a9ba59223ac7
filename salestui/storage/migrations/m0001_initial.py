"""Version 1: all tables of the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from salestui.storage.connection import SalesDatabase

_SQL: Final = """
CREATE TABLE "user" ("id" INTEGER NOT NULL PRIMARY KEY, "login" TEXT NOT NULL, "name" TEXT NOT NULL, "permission" TEXT
    NOT NULL, "roles" TEXT NOT NULL, "active" INTEGER NOT NULL, "created_at" TEXT NOT NULL, "version" INTEGER NOT
    NULL);

CREATE UNIQUE INDEX "user_login" ON "user" ("login");

CREATE TABLE "customer" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "name_key" TEXT NOT NULL, "core_key"
    TEXT NOT NULL, "short_name" TEXT NOT NULL, "industry" TEXT NOT NULL, "region" TEXT NOT NULL, "size" TEXT NOT NULL,
    "website" TEXT NOT NULL, "address" TEXT NOT NULL, "source" TEXT NOT NULL, "need" TEXT NOT NULL, "note" TEXT NOT
    NULL, "owner_id" INTEGER NOT NULL, "created_at" TEXT NOT NULL, "merged_into_id" INTEGER, "searched" TEXT NOT NULL,
    "version" INTEGER NOT NULL, FOREIGN KEY ("owner_id") REFERENCES "user" ("id") ON DELETE RESTRICT, FOREIGN KEY
    ("merged_into_id") REFERENCES "customer" ("id") ON DELETE RESTRICT);

CREATE INDEX "customer_name_key" ON "customer" ("name_key");

CREATE INDEX "customer_core_key" ON "customer" ("core_key");

CREATE INDEX "customer_owner_id" ON "customer" ("owner_id");

CREATE INDEX "customer_merged_into_id" ON "customer" ("merged_into_id");

CREATE INDEX "customer_merged_into_id_name_key_id_owner_id_searched" ON "customer" ("merged_into_id", "name_key",
    "id", "owner_id", "searched");

CREATE TABLE "campaign" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "name_key" TEXT NOT NULL, "playbook"
    TEXT NOT NULL, "playbook_version" INTEGER NOT NULL, "scenario" TEXT NOT NULL, "market" TEXT NOT NULL, "currency"
    TEXT NOT NULL, "owner_id" INTEGER NOT NULL, "note" TEXT NOT NULL, "closed" INTEGER NOT NULL, "shared" INTEGER NOT
    NULL, "created_at" TEXT NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY ("owner_id") REFERENCES "user" ("id") ON
    DELETE RESTRICT);

CREATE UNIQUE INDEX "campaign_name_key" ON "campaign" ("name_key");

CREATE INDEX "campaign_owner_id" ON "campaign" ("owner_id");

CREATE TABLE "deal" ("id" INTEGER NOT NULL PRIMARY KEY, "customer_id" INTEGER NOT NULL, "campaign_id" INTEGER NOT
    NULL, "playbook" TEXT NOT NULL, "playbook_version" INTEGER NOT NULL, "title" TEXT NOT NULL, "stage" TEXT NOT NULL,
    "status" TEXT NOT NULL, "owner_id" INTEGER NOT NULL, "amount_minor" INTEGER, "currency" TEXT NOT NULL,
    "expected_on" TEXT, "need" TEXT NOT NULL, "source" TEXT NOT NULL, "created_at" TEXT NOT NULL, "stage_since" TEXT
    NOT NULL, "won_at" TEXT, "closed_at" TEXT, "reason" TEXT NOT NULL, "competitor" TEXT NOT NULL, "note" TEXT NOT
    NULL, "look_again_on" TEXT, "cancelled" INTEGER NOT NULL, "imported" INTEGER NOT NULL, "version" INTEGER NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id") ON DELETE RESTRICT, FOREIGN KEY ("campaign_id")
    REFERENCES "campaign" ("id") ON DELETE RESTRICT, FOREIGN KEY ("owner_id") REFERENCES "user" ("id") ON DELETE
    RESTRICT);

CREATE INDEX "deal_customer_id" ON "deal" ("customer_id");

CREATE INDEX "deal_campaign_id" ON "deal" ("campaign_id");

CREATE INDEX "deal_owner_id" ON "deal" ("owner_id");

CREATE INDEX "deal_campaign_id_status_stage" ON "deal" ("campaign_id", "status", "stage");

CREATE INDEX "deal_owner_id_status" ON "deal" ("owner_id", "status");

CREATE INDEX "deal_status_look_again_on" ON "deal" ("status", "look_again_on");

CREATE TABLE "action_tick" ("id" INTEGER NOT NULL PRIMARY KEY, "deal_id" INTEGER NOT NULL, "key" TEXT NOT NULL, "note"
    TEXT NOT NULL, "at" TEXT NOT NULL, "by_id" INTEGER NOT NULL, "undone_at" TEXT, FOREIGN KEY ("deal_id") REFERENCES
    "deal" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "action_tick_deal_id" ON "action_tick" ("deal_id");

CREATE INDEX "action_tick_by_id" ON "action_tick" ("by_id");

CREATE INDEX "action_tick_deal_id_key" ON "action_tick" ("deal_id", "key");

CREATE TABLE "activity" ("id" INTEGER NOT NULL PRIMARY KEY, "customer_id" INTEGER NOT NULL, "state" TEXT NOT NULL,
    "channel" TEXT NOT NULL, "at" TEXT NOT NULL, "all_day" INTEGER NOT NULL, "subject" TEXT NOT NULL, "outline" TEXT
    NOT NULL, "values" TEXT NOT NULL, "owner_id" INTEGER NOT NULL, "author_id" INTEGER NOT NULL, "summary_sent_at"
    TEXT, "summary" TEXT, "summary_files" TEXT, "created_at" TEXT NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY
    ("customer_id") REFERENCES "customer" ("id") ON DELETE RESTRICT, FOREIGN KEY ("owner_id") REFERENCES "user" ("id")
    ON DELETE RESTRICT, FOREIGN KEY ("author_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "activity_customer_id" ON "activity" ("customer_id");

CREATE INDEX "activity_owner_id" ON "activity" ("owner_id");

CREATE INDEX "activity_author_id" ON "activity" ("author_id");

CREATE INDEX "activity_customer_id_at" ON "activity" ("customer_id", "at");

CREATE INDEX "activity_state_owner_id_at" ON "activity" ("state", "owner_id", "at");

CREATE INDEX "activity_state_at" ON "activity" ("state", "at");

CREATE INDEX "activity_state_summary_sent_at_at" ON "activity" ("state", "summary_sent_at", "at");

CREATE TABLE "activity_deal" ("activity_id" INTEGER NOT NULL, "deal_id" INTEGER NOT NULL, PRIMARY KEY ("activity_id",
    "deal_id"), FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE CASCADE, FOREIGN KEY ("deal_id")
    REFERENCES "deal" ("id") ON DELETE RESTRICT);

CREATE INDEX "activity_deal_activity_id" ON "activity_deal" ("activity_id");

CREATE INDEX "activity_deal_deal_id" ON "activity_deal" ("deal_id");

CREATE TABLE "output" ("id" INTEGER NOT NULL PRIMARY KEY, "scope" TEXT NOT NULL, "owner_id" INTEGER NOT NULL, "key"
    TEXT NOT NULL, "latest" INTEGER NOT NULL, "withdrawn" INTEGER NOT NULL, "version" INTEGER NOT NULL);

CREATE UNIQUE INDEX "output_scope_owner_id_key" ON "output" ("scope", "owner_id", "key");

CREATE TABLE "review" ("id" INTEGER NOT NULL PRIMARY KEY, "output_id" INTEGER NOT NULL, "revision" INTEGER NOT NULL,
    "deal_id" INTEGER, "requested_by_id" INTEGER NOT NULL, "requested_at" TEXT NOT NULL, "note" TEXT NOT NULL,
    "recalled_at" TEXT, "version" INTEGER NOT NULL, FOREIGN KEY ("output_id") REFERENCES "output" ("id") ON DELETE
    RESTRICT, FOREIGN KEY ("deal_id") REFERENCES "deal" ("id") ON DELETE RESTRICT, FOREIGN KEY ("requested_by_id")
    REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "review_output_id" ON "review" ("output_id");

CREATE INDEX "review_deal_id" ON "review" ("deal_id");

CREATE INDEX "review_requested_by_id" ON "review" ("requested_by_id");

CREATE TABLE "asked" ("id" INTEGER NOT NULL PRIMARY KEY, "review_id" INTEGER NOT NULL, "role" TEXT NOT NULL, "user_id"
    INTEGER, "waiting" INTEGER NOT NULL, FOREIGN KEY ("review_id") REFERENCES "review" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "asked_review_id" ON "asked" ("review_id");

CREATE INDEX "asked_user_id" ON "asked" ("user_id");

CREATE UNIQUE INDEX "asked_review_id_role" ON "asked" ("review_id", "role");

CREATE INDEX "asked_waiting_role" ON "asked" ("waiting", "role");

CREATE TABLE "board_count" ("id" INTEGER NOT NULL PRIMARY KEY, "campaign" INTEGER NOT NULL, "playbook" TEXT NOT NULL,
    "shown_in" TEXT NOT NULL, "owner" INTEGER NOT NULL, "currency" TEXT NOT NULL, "deals" INTEGER NOT NULL, "amounts"
    INTEGER NOT NULL, "minor" INTEGER NOT NULL, "late" INTEGER NOT NULL, "ready" INTEGER NOT NULL);

CREATE UNIQUE INDEX "board_count_campaign_playbook_shown_in_owner_currency" ON "board_count" ("campaign", "playbook",
    "shown_in", "owner", "currency");

CREATE TABLE "card" ("deal_id" INTEGER NOT NULL PRIMARY KEY, "grade" TEXT NOT NULL, "score" INTEGER, "unmet" INTEGER
    NOT NULL, "met" INTEGER NOT NULL, "waiting" INTEGER NOT NULL, "excepted" INTEGER NOT NULL, "hopeless" INTEGER NOT
    NULL, "outputs_done" TEXT NOT NULL, "actions_done" INTEGER NOT NULL, "actions_total" INTEGER NOT NULL, "next_at"
    TEXT, "next_all_day" INTEGER NOT NULL, "summary_due" TEXT, "score_until" TEXT, "last_touch" TEXT, "score_event"
    TEXT NOT NULL, "contact_due" TEXT, "idle_at" TEXT, "quiet_at" TEXT, "clock" TEXT NOT NULL, "clock_due" TEXT,
    "unanswered" INTEGER NOT NULL, "stale" INTEGER NOT NULL, "changes_at" TEXT, "campaign" INTEGER NOT NULL,
    "playbook" TEXT NOT NULL, "owner" INTEGER NOT NULL, "shown_in" TEXT NOT NULL, "currency" TEXT NOT NULL, "minor"
    INTEGER, "place" INTEGER NOT NULL, "late" INTEGER NOT NULL, "place_until" TEXT, "searched" TEXT NOT NULL, FOREIGN
    KEY ("deal_id") REFERENCES "deal" ("id") ON DELETE CASCADE);

CREATE INDEX "card_stale" ON "card" ("stale");

CREATE INDEX "card_changes_at" ON "card" ("changes_at");

CREATE INDEX "card_place_until" ON "card" ("place_until");

CREATE INDEX "card_campaign_shown_in_place_deal_id_owner_currency_mino_907ebf0" ON "card" ("campaign", "shown_in",
    "place", "deal_id", "owner", "currency", "minor", "late", "unmet", "searched");

CREATE INDEX "card_playbook_shown_in_place_deal_id_owner_currency_mino_9db8660" ON "card" ("playbook", "shown_in",
    "place", "deal_id", "owner", "currency", "minor", "late", "unmet", "searched");

CREATE INDEX "card_score_until_owner" ON "card" ("score_until", "owner");

CREATE INDEX "card_contact_due_owner" ON "card" ("contact_due", "owner");

CREATE INDEX "card_idle_at_owner" ON "card" ("idle_at", "owner");

CREATE INDEX "card_quiet_at_owner" ON "card" ("quiet_at", "owner");

CREATE INDEX "card_clock_due_owner" ON "card" ("clock_due", "owner");

CREATE INDEX "card_unanswered_owner" ON "card" ("unanswered", "owner");

CREATE TABLE "command" ("id" TEXT NOT NULL PRIMARY KEY, "at" TEXT NOT NULL, "actor_id" INTEGER NOT NULL, "result" TEXT
    NOT NULL);

CREATE TABLE "contact" ("id" INTEGER NOT NULL PRIMARY KEY, "customer_id" INTEGER NOT NULL, "name" TEXT NOT NULL,
    "title" TEXT NOT NULL, "phone" TEXT NOT NULL, "email" TEXT NOT NULL, "role" TEXT NOT NULL, "stance" TEXT NOT NULL,
    "cares_about" TEXT NOT NULL, "note" TEXT NOT NULL, "removed" INTEGER NOT NULL, "created_at" TEXT NOT NULL,
    "version" INTEGER NOT NULL, FOREIGN KEY ("customer_id") REFERENCES "customer" ("id") ON DELETE RESTRICT);

CREATE INDEX "contact_customer_id" ON "contact" ("customer_id");

CREATE TABLE "membership" ("id" INTEGER NOT NULL PRIMARY KEY, "customer_id" INTEGER NOT NULL, "campaign_id" INTEGER
    NOT NULL, "classification" TEXT NOT NULL, "reason" TEXT NOT NULL, "classified_at" TEXT, "classified_by_id"
    INTEGER, "created_at" TEXT NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY ("customer_id") REFERENCES "customer"
    ("id") ON DELETE RESTRICT, FOREIGN KEY ("campaign_id") REFERENCES "campaign" ("id") ON DELETE RESTRICT, FOREIGN
    KEY ("classified_by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "membership_customer_id" ON "membership" ("customer_id");

CREATE INDEX "membership_campaign_id" ON "membership" ("campaign_id");

CREATE INDEX "membership_classified_by_id" ON "membership" ("classified_by_id");

CREATE UNIQUE INDEX "membership_customer_id_campaign_id" ON "membership" ("customer_id", "campaign_id");

CREATE TABLE "customer_event" ("id" INTEGER NOT NULL PRIMARY KEY, "membership_id" INTEGER NOT NULL, "kind" TEXT NOT
    NULL, "note" TEXT NOT NULL, "day" TEXT NOT NULL, "at" TEXT NOT NULL, "after_score" INTEGER NOT NULL, "recorded_at"
    TEXT NOT NULL, "by_id" INTEGER NOT NULL, FOREIGN KEY ("membership_id") REFERENCES "membership" ("id") ON DELETE
    RESTRICT, FOREIGN KEY ("by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "customer_event_membership_id" ON "customer_event" ("membership_id");

CREATE INDEX "customer_event_by_id" ON "customer_event" ("by_id");

CREATE TABLE "deputy" ("id" INTEGER NOT NULL PRIMARY KEY, "user_id" INTEGER NOT NULL, "deputy_id" INTEGER NOT NULL,
    "starts" TEXT NOT NULL, "ends" TEXT NOT NULL, "named_by_id" INTEGER NOT NULL, "named_at" TEXT NOT NULL, "ended_at"
    TEXT, "version" INTEGER NOT NULL, FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE RESTRICT, FOREIGN KEY
    ("deputy_id") REFERENCES "user" ("id") ON DELETE RESTRICT, FOREIGN KEY ("named_by_id") REFERENCES "user" ("id") ON
    DELETE RESTRICT);

CREATE INDEX "deputy_user_id" ON "deputy" ("user_id");

CREATE INDEX "deputy_deputy_id" ON "deputy" ("deputy_id");

CREATE INDEX "deputy_named_by_id" ON "deputy" ("named_by_id");

CREATE TABLE "draft" ("id" INTEGER NOT NULL PRIMARY KEY, "scope" TEXT NOT NULL, "owner_id" INTEGER NOT NULL, "key"
    TEXT NOT NULL, "author_id" INTEGER NOT NULL, "values" TEXT NOT NULL, "files" TEXT NOT NULL, "based_on" INTEGER NOT
    NULL, "at" TEXT NOT NULL, FOREIGN KEY ("author_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "draft_author_id" ON "draft" ("author_id");

CREATE UNIQUE INDEX "draft_scope_owner_id_key_author_id" ON "draft" ("scope", "owner_id", "key", "author_id");

CREATE TABLE "event" ("id" INTEGER NOT NULL PRIMARY KEY, "at" TEXT NOT NULL, "actor_id" INTEGER NOT NULL, "actor_name"
    TEXT NOT NULL, "action" TEXT NOT NULL, "subject" TEXT NOT NULL, "deal_id" INTEGER, "customer_id" INTEGER,
    "campaign_id" INTEGER, "before" TEXT, "after" TEXT, "note" TEXT NOT NULL, "command_id" TEXT NOT NULL, "salt" TEXT
    NOT NULL, "digest" TEXT NOT NULL, "chain" TEXT NOT NULL);

CREATE INDEX "event_at" ON "event" ("at");

CREATE INDEX "event_deal_id" ON "event" ("deal_id");

CREATE INDEX "event_customer_id" ON "event" ("customer_id");

CREATE TABLE "playbook" ("id" INTEGER NOT NULL PRIMARY KEY, "key" TEXT NOT NULL, "number" INTEGER NOT NULL, "text"
    TEXT NOT NULL, "checked" TEXT NOT NULL, "digest" TEXT NOT NULL, "installed_at" TEXT NOT NULL, "installed_by_id"
    INTEGER, FOREIGN KEY ("installed_by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "playbook_installed_by_id" ON "playbook" ("installed_by_id");

CREATE UNIQUE INDEX "playbook_key_number" ON "playbook" ("key", "number");

CREATE TABLE "revision" ("id" INTEGER NOT NULL PRIMARY KEY, "output_id" INTEGER NOT NULL, "number" INTEGER NOT NULL,
    "values" TEXT NOT NULL, "files" TEXT NOT NULL, "note" TEXT NOT NULL, "restored_from" INTEGER, "at" TEXT NOT NULL,
    "author_id" INTEGER NOT NULL, FOREIGN KEY ("output_id") REFERENCES "output" ("id") ON DELETE RESTRICT, FOREIGN KEY
    ("author_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "revision_output_id" ON "revision" ("output_id");

CREATE INDEX "revision_author_id" ON "revision" ("author_id");

CREATE UNIQUE INDEX "revision_output_id_number" ON "revision" ("output_id", "number");

CREATE INDEX "revision_at" ON "revision" ("at");

CREATE TABLE "schema_version" ("number" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "at" TEXT NOT NULL);

CREATE TABLE "score" ("id" INTEGER NOT NULL PRIMARY KEY, "membership_id" INTEGER NOT NULL, "playbook_version" INTEGER
    NOT NULL, "values" TEXT NOT NULL, "evidence" TEXT NOT NULL, "total" INTEGER NOT NULL, "grade" TEXT NOT NULL,
    "note" TEXT NOT NULL, "at" TEXT NOT NULL, "by_id" INTEGER NOT NULL, FOREIGN KEY ("membership_id") REFERENCES
    "membership" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "score_membership_id" ON "score" ("membership_id");

CREATE INDEX "score_by_id" ON "score" ("by_id");

CREATE INDEX "score_membership_id_at" ON "score" ("membership_id", "at");

CREATE TABLE "seal" ("of_table" TEXT NOT NULL, "row_key" TEXT NOT NULL, "digest" TEXT NOT NULL, PRIMARY KEY
    ("of_table", "row_key"));

CREATE TABLE "sending" ("id" INTEGER NOT NULL PRIMARY KEY, "output_id" INTEGER NOT NULL, "revision" INTEGER NOT NULL,
    "values" TEXT NOT NULL, "at" TEXT NOT NULL, "by_id" INTEGER NOT NULL, FOREIGN KEY ("output_id") REFERENCES
    "output" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "sending_output_id" ON "sending" ("output_id");

CREATE INDEX "sending_by_id" ON "sending" ("by_id");

CREATE TABLE "setting" ("key" TEXT NOT NULL PRIMARY KEY, "value" TEXT NOT NULL);

CREATE TABLE "vote" ("id" INTEGER NOT NULL PRIMARY KEY, "review_id" INTEGER NOT NULL, "role" TEXT NOT NULL, "user_id"
    INTEGER, "deputy_for_id" INTEGER, "name" TEXT NOT NULL, "decision" TEXT NOT NULL, "comment" TEXT NOT NULL, "at"
    TEXT NOT NULL, "recorded_by_id" INTEGER, "voted_on" TEXT, "evidence" TEXT NOT NULL, "files" TEXT NOT NULL, FOREIGN
    KEY ("review_id") REFERENCES "review" ("id") ON DELETE RESTRICT, FOREIGN KEY ("user_id") REFERENCES "user" ("id")
    ON DELETE RESTRICT, FOREIGN KEY ("deputy_for_id") REFERENCES "user" ("id") ON DELETE RESTRICT, FOREIGN KEY
    ("recorded_by_id") REFERENCES "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "vote_review_id" ON "vote" ("review_id");

CREATE INDEX "vote_user_id" ON "vote" ("user_id");

CREATE INDEX "vote_deputy_for_id" ON "vote" ("deputy_for_id");

CREATE INDEX "vote_recorded_by_id" ON "vote" ("recorded_by_id");

CREATE TABLE "waiver" ("id" INTEGER NOT NULL PRIMARY KEY, "deal_id" INTEGER NOT NULL, "requirement" TEXT NOT NULL,
    "reason" TEXT NOT NULL, "granted_by_id" INTEGER, "granted_name" TEXT NOT NULL, "granted_at" TEXT NOT NULL,
    "expires_at" TEXT NOT NULL, "revoked_at" TEXT, "recorded_by_id" INTEGER, "evidence" TEXT NOT NULL, "files" TEXT
    NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY ("deal_id") REFERENCES "deal" ("id") ON DELETE RESTRICT, FOREIGN
    KEY ("granted_by_id") REFERENCES "user" ("id") ON DELETE RESTRICT, FOREIGN KEY ("recorded_by_id") REFERENCES
    "user" ("id") ON DELETE RESTRICT);

CREATE INDEX "waiver_deal_id" ON "waiver" ("deal_id");

CREATE INDEX "waiver_granted_by_id" ON "waiver" ("granted_by_id");

CREATE INDEX "waiver_recorded_by_id" ON "waiver" ("recorded_by_id");

CREATE TRIGGER "event_appended" BEFORE INSERT ON "event" WHEN NOT (NEW."id" IS (SELECT COALESCE(MAX("id"), 0) + 1 FROM
    "event")) BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END;

CREATE TRIGGER "event_kept" BEFORE DELETE ON "event" BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END;

CREATE TRIGGER "event_unchanged" BEFORE UPDATE ON "event" WHEN NEW."id" IS NOT OLD."id" OR NEW."at" IS NOT OLD."at" OR
    NEW."actor_id" IS NOT OLD."actor_id" OR NEW."actor_name" IS NOT OLD."actor_name" OR NEW."action" IS NOT
    OLD."action" OR NEW."subject" IS NOT OLD."subject" OR NEW."deal_id" IS NOT OLD."deal_id" OR NEW."customer_id" IS
    NOT OLD."customer_id" OR NEW."campaign_id" IS NOT OLD."campaign_id" OR NEW."command_id" IS NOT OLD."command_id" OR
    NEW."digest" IS NOT OLD."digest" OR NEW."chain" IS NOT OLD."chain" OR NOT EXISTS (SELECT 1 FROM "event" AS
    "erasure" WHERE "erasure"."id" = (SELECT MAX("id") FROM "event") AND "erasure"."action" = 'person.erased' AND
    INSTR("erasure"."after", '"' || OLD."id" || '":') > 0) BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END
"""


def up(database: SalesDatabase) -> None:
    """Create the tables, their indices and triggers."""
    for statement in _SQL.split(";\n\n"):
        database.execute_sql(statement)
