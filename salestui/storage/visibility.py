"""What a rep sees where the team shows each rep only his own: one rule, under every query of a reading service.

While such a rep reads, temporary views stand in the place of all tables but those of `PUBLIC`, in this connection
alone. So no list, search, report or export can forget the rule, whoever writes it and whenever. Writing
services work on the tables themselves; a server has row-level security instead.
"""

# ruff: noqa: S608  # a view takes no parameters; only numbers and quoted keys of roles are put in

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.domain.team import Sight
from salestui.storage import settings, tables

if TYPE_CHECKING:
    from salestui.storage.store import Store

__all__ = ["PUBLIC", "narrowed", "sees_customer", "sees_deal"]

PUBLIC: Final = frozenset({"schema_version", "setting", "user", "playbook", "campaign", "deputy", "seal"})
"""The tables that are read whole, whatever reps see: none says anything of a deal or a customer."""

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


@contextmanager
def narrowed(store: Store, actor: Actor) -> Iterator[None]:
    """Let the reading done inside see what this person may see; does nothing inside of another reading."""
    database = store.database
    if _sees_all(actor) or store.on_server or database.in_transaction():
        yield
        return
    with store.reading():
        views = _views(actor) if _only_own() else None
    if views is None:
        yield
    else:
        with database.seen_through(views):  # type: ignore[union-attr]  # no server comes here
            yield


def _sees_all(actor: Actor) -> bool:
    return refusal(actor, Act.SEE_DEAL) is None


def _only_own() -> bool:
    return settings.load().reps_see is Sight.OWN


def sees_deal(actor: Actor, deal: int) -> bool:
    """Tell, inside a transaction, whether a person may know of a deal at all."""
    return _sees(actor, "deal", deal)


def sees_customer(actor: Actor, customer: int) -> bool:
    """Tell, inside a transaction, whether a person may know of a customer at all."""
    return _sees(actor, "customer", customer)


def _sees(actor: Actor, table: str, number: int) -> bool:
    if _sees_all(actor) or not _only_own():
        return True
    database = t.Deal._meta.database  # noqa: SLF001  # Peewee's documented name for a model's options
    deal = _deal(actor, "deal", "")
    condition = deal if table == "deal" else _customer(actor, f"SELECT customer_id FROM deal WHERE {deal}", "")
    found = database.execute_sql(f"SELECT 1 FROM {table} WHERE id = {int(number)} AND ({condition})")
    return found.fetchone() is not None


def _views(actor: Actor) -> Mapping[str, str]:
    """Return the query behind each view; those before it may be used by those after it."""
    me, shared = int(actor.id), "SELECT id FROM main.campaign WHERE shared"
    on_board = f"(owner = {me} OR campaign IN ({shared}))"
    deal, customer, membership = (_seen("deal", "deal_id"), _seen("customer", "customer_id"), "membership")
    conditions = {
        "deal": _deal(actor, "deal", "main."),
        "customer": _customer(actor, "SELECT customer_id FROM temp.deal", "main."),
        "board_count": on_board,
        "contact": customer,
        membership: customer,
        "score": _seen(membership, "membership_id"),
        "customer_event": _seen(membership, "membership_id"),
        "activity_deal": deal,
        "activity": f"owner_id = {me} OR author_id = {me} OR {_seen('activity_deal', 'activity.id', 'activity_id')}",
        "action_tick": deal,
        "waiver": deal,
        "output": _output(actor),
        "revision": _seen("output", "output_id"),
        "sending": _seen("output", "output_id"),
        "review": f"requested_by_id = {me} OR {_seen('output', 'output_id')}",
        "vote": _seen("review", "review_id"),
        "asked": _seen("review", "review_id"),
        "draft": f"author_id = {me}",
        "command": f"actor_id = {me}",
        "event": _event(actor),
    }
    views = {table: f"SELECT * FROM main.{table} WHERE {condition}" for table, condition in conditions.items()}
    off_board = f"SELECT {_off_board()} FROM main.card WHERE NOT {on_board} AND {deal}"
    return views | {"card": f"SELECT * FROM main.card WHERE {on_board} UNION ALL {off_board}"}


def _seen(view: str, column: str, key: str = "id") -> str:
    """The condition under which `column` names a row of a view: found by the key, never by listing the view."""
    return f"EXISTS (SELECT 1 FROM temp.{view} AS seen_{view} WHERE seen_{view}.{key} = {column})"


def _customer(actor: Actor, customers_of_deals: str, schema: str) -> str:
    """The condition under which a customer is seen: owned, of a seen deal or a shared campaign, or without deals."""
    return (
        f"customer.owner_id = {int(actor.id)} OR customer.id IN ({customers_of_deals})"
        f" OR customer.id IN (SELECT m.customer_id FROM {schema}membership AS m JOIN {schema}campaign AS c"
        " ON c.id = m.campaign_id WHERE c.shared)"
        f" OR NOT EXISTS (SELECT 1 FROM {schema}deal AS of_it WHERE of_it.customer_id = customer.id)"
    )


def _campaign(actor: Actor, column: str) -> str:
    """The condition under which what belongs to a campaign is seen: owned, shared, or with a deal that is seen."""
    known = f"SELECT id FROM main.campaign WHERE shared OR owner_id = {int(actor.id)}"
    return f"({column} IN ({known}) OR {_seen('deal', column, 'campaign_id')})"


def _output(actor: Actor) -> str:
    return (
        f"CASE scope WHEN 'deal' THEN {_seen('deal', 'output.owner_id')}"
        f" WHEN 'customer' THEN {_seen('customer', 'output.owner_id')}"
        f" WHEN 'campaign' THEN {_campaign(actor, 'output.owner_id')}"
        f" ELSE {_seen('membership', 'output.owner_id')} END"
    )


def _event(actor: Actor) -> str:
    """The condition under which an event is seen: its deal is, else its customer, else the campaign of its output."""
    return (
        f"CASE WHEN deal_id IS NOT NULL THEN {_seen('deal', 'deal_id')}"
        f" WHEN customer_id IS NOT NULL THEN {_seen('customer', 'customer_id')}"
        " WHEN campaign_id IS NOT NULL AND (action GLOB 'output.*' OR action GLOB 'review.*')"
        f" THEN {_campaign(actor, 'event.campaign_id')} ELSE 1 END"
    )


def _deal(actor: Actor, table: str, schema: str) -> str:
    """The condition under which a deal is seen: owned, in a shared campaign, or its review is asked of the person."""
    roles = ", ".join("'" + role.replace("'", "''") + "'" for role in sorted(actor.roles)) or "NULL"
    asked = (
        f"SELECT r.deal_id FROM {schema}review AS r JOIN {schema}asked AS a ON a.review_id = r.id"
        f" WHERE a.user_id = {int(actor.id)} OR (a.user_id IS NULL AND a.role IN ({roles}))"
        f" OR a.user_id IN (SELECT user_id FROM {schema}deputy WHERE deputy_id = {int(actor.id)} AND ended_at IS NULL)"
    )
    shared = f"SELECT id FROM {schema}campaign WHERE shared"
    return f"{table}.owner_id = {int(actor.id)} OR {table}.campaign_id IN ({shared}) OR {table}.id IN ({asked})"


def _off_board() -> str:
    """The columns of a card that is read for a review alone: it stands in no column of the person's board."""
    columns = [field.column_name for field in t.Card._meta.sorted_fields]  # noqa: SLF001  # as above
    return ", ".join("'' AS shown_in" if name == "shown_in" else f'"{name}"' for name in columns)
