"""The triggers of SQLite by which the history takes events at its end alone, and lets none be changed or deleted.

The one exception is redaction: `before`, `after`, `note` and `salt` of an event that the newest event, an erasure,
names. Triggers keep out mistakes, and programs that mean no harm; who may write the file may drop them, which only
`chain.verify` with a head kept elsewhere can find.
"""

from __future__ import annotations

from typing import Final

__all__ = ["TRIGGERS"]

_FIXED: Final = (
    "id", "at", "actor_id", "actor_name", "action", "subject", "deal_id", "customer_id", "campaign_id", "command_id",
    "digest", "chain",
)  # fmt: skip
_CHANGED: Final = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in _FIXED)
_NAMED: Final = """EXISTS (SELECT 1 FROM "event" AS "erasure" WHERE "erasure"."id" = (SELECT MAX("id") FROM "event")
AND "erasure"."action" = 'person.erased' AND INSTR("erasure"."after", '"' || OLD."id" || '":') > 0)"""
_AT_THE_END: Final = 'NEW."id" IS (SELECT COALESCE(MAX("id"), 0) + 1 FROM "event")'


def _refusing(name: str, what: str, when: str = "") -> str:
    head = f'CREATE TRIGGER "{name}" BEFORE {what} ON "event" {when}'
    return " ".join(f"{head} BEGIN SELECT RAISE(ABORT, 'history_is_append_only'); END".split())


TRIGGERS: Final = (
    _refusing("event_appended", "INSERT", f"WHEN NOT ({_AT_THE_END})"),
    _refusing("event_kept", "DELETE"),
    _refusing("event_unchanged", "UPDATE", f"WHEN {_CHANGED} OR NOT {_NAMED}"),
)
