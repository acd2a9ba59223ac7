"""Who may do what with each table, as the server enforces it: one table of rules, turned into grants and policies.

Everybody in the team reads everything but other people's drafts, or what the team lets reps see: then every table but
those of `PUBLIC` is narrowed, row by row. Writing is judged by row (`check`, `using`, triggers) for the person who
logged in; what nobody may do is not granted at all, so that the server says so and logs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from salestui.dataclass import dataclass

__all__ = ["GROUPS", "OWNER", "PUBLIC", "RULES", "Rule", "statements"]

OWNER: Final = "salestui_owner"
"""The role that owns everything; nobody logs in as it. Its members, and superusers, are trusted."""

GROUPS: Final = ("salestui_rep", "salestui_manager", "salestui_admin")
"""The groups; each is a member of the one before."""

PUBLIC: Final = frozenset({"schema_version", "setting", "user", "playbook", "campaign", "deputy"})
"""The tables that everybody of the team reads whole, whatever reps see: none says anything of a deal or a customer."""

_ANYBODY: Final = "(SELECT me()) IS NOT NULL"
_MANAGES: Final = "(SELECT manages())"
_ADMINISTERS: Final = "(SELECT administers())"


_SEES_ALL: Final = "(SELECT sees_all())"
_CHANGING: Final = "(SELECT changing())"
"""Whoever changes a deal's card keeps the figures of its column, also where the deal is another's."""
_STALE: Final = ("stale_cards", "AFTER INSERT OR UPDATE")


def _mine(column: str) -> str:
    return f'"{column}" = (SELECT me())'


def _sees(function: str, arguments: str, own: str = "") -> str:
    """Who sees everything, what is one's `own` by this column, and what a function of the server tells."""
    mine = f"{_mine(own)} OR " if own else ""
    return f"{_SEES_ALL} OR {mine}{function}({arguments})"


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be done with one table.

    `insert` is the condition of a new row; `later` are columns that it leaves unset. `update` is the condition of a row
    that may be changed, in the columns `changes` alone (without them in all but the id and those it `keeps`), and
    `after` that of what it becomes: the server says so where that fails, whereas it passes over rows that fail `update`
    in silence. `delete`: which rows may go. None: not granted. `announced` is a pattern of the event actions that tell
    of a change; without one a change needs none. `now` names the column that must hold the present time in a new row.
    `also` are (trigger function, when) of rules of their own.
    """

    read: str = _ANYBODY
    insert: str | None = None
    update: str | None = None
    changes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    after: str = "true"
    delete: str | None = None
    later: tuple[str, ...] = ()
    announced: str = ""
    now: str = ""
    also: tuple[tuple[str, str], ...] = ()


_OWN_OR_MANAGER: Final = f"{_mine('owner_id')} OR {_MANAGES}"
_SAME_OWNER: Final = ("same_owner", "BEFORE UPDATE")
_FINDING: Final = ("fair_finding", "BEFORE INSERT")
_DRAFT: Final = ("values", "files", "based_on", "at")

_OF_OUTPUT: Final = (
    "campaign_id IS NOT NULL AND "
    "(action ~ '^(output|review)\\.' OR action = 'database.changed' AND subject !~ '^campaign ')"
)
_EVENT_SEEN: Final = (
    f"{_SEES_ALL} OR CASE WHEN deal_id IS NOT NULL THEN sees_deal(deal_id) "
    f"WHEN customer_id IS NOT NULL THEN sees_customer(customer_id) "
    f"WHEN {_OF_OUTPUT} THEN sees_campaign(campaign_id) ELSE {_ANYBODY} END"
)
_CUSTOMER_SEEN: Final = _sees("sees_customer", "customer_id")
_DEAL_SEEN: Final = _sees("sees_deal", "deal_id")
_MEMBERSHIP_SEEN: Final = _sees("sees_membership", "membership_id")
_PAPER_SEEN: Final = _sees("sees_paper", "output_id")
_REVIEW_SEEN: Final = _sees("sees_review", "review_id")

RULES: Final[Mapping[str, Rule]] = {
    "schema_version": Rule(),
    "setting": Rule(
        insert=_ADMINISTERS, update=_ANYBODY, after=_ADMINISTERS, changes=("value",), announced=r"^setting\."
    ),
    "user": Rule(
        read="true",
        insert=_ADMINISTERS,
        update=_ANYBODY,
        after=_ADMINISTERS,
        changes=("name", "permission", "roles", "active", "version"),
        announced=r"^user\.",
        also=(("let_in", "AFTER INSERT OR UPDATE"),),
    ),
    "playbook": Rule(insert=_ADMINISTERS, announced=r"^playbook\."),
    "campaign": Rule(
        insert=_OWN_OR_MANAGER,
        update=_ANYBODY,
        after=_OWN_OR_MANAGER,
        keeps=("playbook", "created_at"),
        announced=r"^campaign\.",
        now="created_at",
        also=(_SAME_OWNER,),
    ),
    "customer": Rule(
        read=_sees("sees_customer", "id", "owner_id"),
        insert=_OWN_OR_MANAGER,
        update=_ANYBODY,
        keeps=("created_at", "merged_into_id"),
        later=("merged_into_id",),
        announced=r"^(customer|import)\.",
        now="created_at",
        also=(_SAME_OWNER, _STALE),
    ),
    "contact": Rule(
        read=_CUSTOMER_SEEN,
        insert=_CUSTOMER_SEEN,
        update=_ANYBODY,
        keeps=("customer_id", "created_at"),
        announced=r"^(contact|import)\.",
        now="created_at",
    ),
    "membership": Rule(
        read=_CUSTOMER_SEEN,
        insert=_CUSTOMER_SEEN,
        update=_ANYBODY,
        changes=("classification", "reason", "classified_at", "classified_by_id", "version"),
        announced=r"^(customer|deal|score|import|output)\.",
        now="created_at",
        also=(("fair_class", "BEFORE INSERT OR UPDATE"), _STALE),
    ),
    "score": Rule(
        read=_MEMBERSHIP_SEEN, insert=_mine("by_id"), announced=r"^score\.", now="at", also=(_FINDING, _STALE)
    ),
    "customer_event": Rule(
        read=_MEMBERSHIP_SEEN,
        insert=_mine("by_id"),
        announced=r"^customer\.",
        now="recorded_at",
        also=(_FINDING, _STALE),
    ),
    "deal": Rule(
        read=_sees("sees_deal", "id", "owner_id"),
        insert=f"({_OWN_OR_MANAGER}) AND ({_CUSTOMER_SEEN})",
        update=_ANYBODY,
        after=_OWN_OR_MANAGER,
        keeps=("customer_id", "campaign_id", "playbook", "created_at", "imported"),
        announced=r"^deal\.",
        now="created_at",
        also=(_SAME_OWNER,),
    ),
    "card": Rule(read=_DEAL_SEEN, insert=_ANYBODY, update=_ANYBODY, keeps=("deal_id",)),
    "board_count": Rule(
        read=f"{_sees('in_sight', 'owner, campaign')} OR {_CHANGING} AND counts_for(owner, campaign)",
        insert=_ANYBODY,
        update=_ANYBODY,
        keeps=("id",),
        delete=_ANYBODY,
    ),
    "output": Rule(
        read=_sees("sees_output", "scope, owner_id"),
        insert=_ANYBODY,
        update=_ANYBODY,
        changes=("latest", "withdrawn", "version"),
        announced=r"^output\.",
        also=(("fair_output", "BEFORE INSERT OR UPDATE"), ("latest_is_last", "DEFERRED INSERT OR UPDATE"), _STALE),
    ),
    "revision": Rule(
        read=_PAPER_SEEN,
        insert=_mine("author_id"),
        announced=r"^output\.",
        now="at",
        also=(("next_revision", "BEFORE INSERT"),),
    ),
    "draft": Rule(
        read=_mine("author_id"),
        insert=_mine("author_id"),
        update=_mine("author_id"),
        changes=_DRAFT,
        after=_mine("author_id"),
        delete=_mine("author_id"),
    ),
    "review": Rule(
        read=_sees("sees_paper", "output_id", "requested_by_id"),
        insert=_mine("requested_by_id"),
        update=_ANYBODY,
        changes=("recalled_at", "version"),
        later=("recalled_at",),
        announced=r"^(review|output)\.",
        now="requested_at",
        also=(("fair_review", "BEFORE INSERT OR UPDATE"),),
    ),
    "asked": Rule(
        read=_REVIEW_SEEN,
        insert=_REVIEW_SEEN,
        update=_ANYBODY,
        changes=("user_id", "waiting"),
        announced=r"^(review|output|deal|campaign|exception|user|deputy)\.",
        also=(("fair_asking", "BEFORE INSERT OR UPDATE"),),
    ),
    "deputy": Rule(
        insert=f"{_mine('named_by_id')} AND "
        f"({_mine('user_id')} OR {_ADMINISTERS} OR hands_over(user_id, starts, ends))",
        update=_ANYBODY,
        after=f"{_mine('user_id')} OR {_MANAGES}",
        changes=("ended_at", "version"),
        later=("ended_at",),
        announced=r"^deputy\.",
        now="named_at",
    ),
    "vote": Rule(
        read=_REVIEW_SEEN,
        insert=_mine("user_id"),
        announced=r"^review\.voted$",
        now="at",
        also=(("fair_vote", "BEFORE INSERT"),),
    ),
    "sending": Rule(
        read=_PAPER_SEEN,
        insert=_mine("by_id"),
        announced=r"^output\.sent$",
        now="at",
        also=(("fair_sending", "BEFORE INSERT"),),
    ),
    "action_tick": Rule(
        read=_DEAL_SEEN,
        insert=_mine("by_id"),
        update=_ANYBODY,
        changes=("undone_at",),
        later=("undone_at",),
        announced=r"^action\.",
        now="at",
        also=(("fair_tick", "BEFORE INSERT OR UPDATE"),),
    ),
    "activity": Rule(
        read=_sees("sees_talk", "id", "author_id"),
        insert=f"{_mine('author_id')} AND ({_CUSTOMER_SEEN})",
        update=_ANYBODY,
        keeps=("customer_id", "author_id", "created_at"),
        announced=r"^(activity|talk|import|deal)\.",
        now="created_at",
        also=(("own_talk", "BEFORE UPDATE"), ("fair_talk", "DEFERRED INSERT OR UPDATE")),
    ),
    "activity_deal": Rule(
        read=_DEAL_SEEN,
        insert=_ANYBODY,
        delete=_ANYBODY,
        announced=r"^(activity|talk)\.",
        also=(("own_link", "BEFORE INSERT OR DELETE"),),
    ),
    "waiver": Rule(
        read=_DEAL_SEEN,
        insert=f"{_mine('granted_by_id')} AND {_MANAGES}",
        update=_ANYBODY,
        after=_MANAGES,
        changes=("revoked_at", "version"),
        later=("revoked_at",),
        announced=r"^exception\.",
        now="granted_at",
        also=(("fair_exception", "BEFORE INSERT OR UPDATE"),),
    ),
    "event": Rule(
        read=_EVENT_SEEN,
        update=_ADMINISTERS,
        changes=("before", "after", "note", "salt"),
        also=(("keep_history", "BEFORE INSERT OR UPDATE OR DELETE"), ("true_event", "DEFERRED INSERT")),
    ),
    "command": Rule(
        read=f"{_SEES_ALL} OR {_mine('actor_id')}",
        insert=_mine("actor_id"),
        also=(("own_command", "BEFORE INSERT"),),
    ),
    "seal": Rule(read="false"),
    "attachment": Rule(read=_sees("sees_file", "digest"), insert=_ANYBODY),
}  # fmt: skip
"""The rule of every table. The history is written by `record_event` alone; erasure changes what an event says."""

_ERASED: Final[Mapping[str, tuple[str, ...]]] = {
    "score": ("evidence", "note"),
    "customer_event": ("note",),
    "revision": ("values", "files", "note"),
    "review": ("note",),
    "vote": ("comment", "evidence", "files"),
    "sending": ("values",),
    "action_tick": ("note",),
    "waiver": ("reason", "evidence", "files"),
    "draft": ("values", "files"),
}
"""What only the erasure of a person changes, by an administrator."""

_CALLED: Final = (
    "trusted()", "sees_all()", "sees_deal(integer)", "sees_customer(integer)", "sees_talk(integer)",
    "sees_campaign(integer)", "sees_membership(integer)", "sees_output(text, integer)", "sees_paper(integer)",
    "sees_review(integer)", "sees_file(text)", "in_sight(integer, integer)", "counts_for(integer, integer)",
    "hands_over(integer, text, text)", "changing()", "me()", "manages()", "administers()", "utc_now()", "refuse(text)",
    "begin_change()", "near_now(text)",
    "record_event(text, integer, text, text, text, integer, integer, integer, text, text, text, text)",
)  # fmt: skip


def statements(columns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what gives each table its rights; `columns` are those of each table in the database. May be run again."""
    everybody = GROUPS[0]
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA salestui FROM PUBLIC"
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA salestui FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA salestui TO {everybody}"
    yield f"GRANT SELECT ON about TO {everybody}"
    for function in _CALLED:
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {everybody}"
    for table, rule in RULES.items():
        yield from _policies(table, rule)
        yield from _grants(table, rule, columns[table])
        yield from _triggers(table, rule)


def _policies(table: str, rule: Rule) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    found = {
        "own": f"TO {OWNER} USING (true) WITH CHECK (true)",
        "reads": f"FOR SELECT TO {GROUPS[0]} USING ({rule.read})",
    }
    if rule.insert is not None:
        found["inserts"] = f"FOR INSERT TO {GROUPS[0]} WITH CHECK ({rule.insert})"
    if rule.update is not None:
        found["updates"] = f"FOR UPDATE TO {GROUPS[0]} USING ({rule.update}) WITH CHECK ({rule.after})"
    if rule.delete is not None:
        found["deletes"] = f"FOR DELETE TO {GROUPS[0]} USING ({rule.delete})"
    if table in _ERASED:
        found["erases"] = f"FOR UPDATE TO {GROUPS[2]} USING ({_ADMINISTERS}) WITH CHECK ({_ADMINISTERS})"
    for name in ("own", "reads", "inserts", "updates", "deletes", "erases"):
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
        if name in found:
            yield f'CREATE POLICY {name} ON "{table}" {found[name]}'


def _grants(table: str, rule: Rule, columns: tuple[str, ...]) -> Iterator[str]:
    yield f'REVOKE ALL ON "{table}" FROM {", ".join(GROUPS)}'
    yield f'GRANT SELECT ON "{table}" TO {GROUPS[0]}'
    if rule.insert is not None:
        given = [column for column in columns if (column != "id" or table == "command") and column not in rule.later]
        yield f'GRANT INSERT ({_names(given)}) ON "{table}" TO {GROUPS[0]}'
    if rule.update is not None:
        changes = rule.changes or tuple(column for column in columns if column not in {"id", *rule.keeps})
        yield f'GRANT UPDATE ({_names(changes)}) ON "{table}" TO {GROUPS[2 if table == "event" else 0]}'
    if rule.delete is not None:
        yield f'GRANT DELETE ON "{table}" TO {GROUPS[0]}'
    if table in _ERASED:
        yield f'GRANT UPDATE ({_names(_ERASED[table])}) ON "{table}" TO {GROUPS[2]}'


def _names(columns: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _triggers(table: str, rule: Rule) -> Iterator[str]:
    wanted = [("queue", "BEFORE INSERT OR UPDATE OR DELETE", "STATEMENT", "")]
    if rule.now:
        wanted.append(("honest_time", "BEFORE INSERT", "ROW", f"'{rule.now}'"))
    wanted += [(name, when, "ROW", "") for name, when in rule.also]
    if rule.announced:
        yield (
            f"INSERT INTO about (key, value) VALUES ('announces.{table}', '{rule.announced}') "  # noqa: S608  # patterns of ours
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
        )
        wanted.append(("audit", "DEFERRED INSERT OR UPDATE OR DELETE", "ROW", ""))
    if table == "event":
        wanted.append(("keep_whole", "BEFORE TRUNCATE", "STATEMENT", ""))
    for name, when, level, argument in wanted:
        deferred = when.removeprefix("DEFERRED ")
        yield f'DROP TRIGGER IF EXISTS "{table}_{name}" ON "{table}"'
        if deferred != when:
            yield (
                f'CREATE CONSTRAINT TRIGGER "{table}_{name}" AFTER {deferred} ON "{table}" '
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            yield (
                f'CREATE TRIGGER "{table}_{name}" {when} ON "{table}" FOR EACH {level} '
                f"EXECUTE FUNCTION {name}({argument})"
            )
