"""What a rep sees where the team shows each rep only his own: one rule, under every query of a reading service.

While such a rep reads, temporary views stand in the place of the tables that speak of deals and customers, in this
connection alone. So no list, search, report or export can forget the rule, whoever writes it and whenever. Writing
services work on the tables themselves; a server has row-level security instead.
"""

# ruff: noqa: S608  # a view takes no parameters; only numbers and quoted keys of roles are put in

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.domain.team import Sight
from salestui.storage import settings, tables

if TYPE_CHECKING:
    from salestui.storage.store import Store

__all__ = ["narrowed", "sees_deal"]

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
    if _sees_all(actor) or not _only_own():
        return True
    database = t.Deal._meta.database  # noqa: SLF001  # Peewee's documented name for a model's options
    found = database.execute_sql(f"SELECT 1 FROM deal WHERE id = {int(deal)} AND ({_deal(actor, 'deal', '')})")
    return found.fetchone() is not None


def _views(actor: Actor) -> Mapping[str, str]:
    """Return the query behind each view; those before it may be used by those after it."""
    me, shared = int(actor.id), "SELECT id FROM main.campaign WHERE shared"
    deals, customers = "SELECT id FROM temp.deal", "SELECT id FROM temp.customer"
    on_board = f"(owner = {me} OR campaign IN ({shared}))"
    return {
        "deal": f"SELECT * FROM main.deal WHERE {_deal(actor, 'deal', 'main.')}",
        "customer": f"SELECT * FROM main.customer WHERE owner_id = {me}"
        " OR id IN (SELECT customer_id FROM temp.deal)"
        f" OR id IN (SELECT customer_id FROM main.membership WHERE campaign_id IN ({shared}))"
        " OR NOT EXISTS (SELECT 1 FROM main.deal AS of_it WHERE of_it.customer_id = customer.id)",
        "card": f"SELECT * FROM main.card WHERE {on_board} UNION ALL"
        f" SELECT {_off_board()} FROM main.card WHERE NOT {on_board} AND deal_id IN ({deals})",
        "board_count": f"SELECT * FROM main.board_count WHERE {on_board}",
        "contact": f"SELECT * FROM main.contact WHERE customer_id IN ({customers})",
        "activity": f"SELECT * FROM main.activity WHERE owner_id = {me} OR author_id = {me}"
        f" OR id IN (SELECT activity_id FROM main.activity_deal WHERE deal_id IN ({deals}))",
        "event": f"SELECT * FROM main.event WHERE deal_id IN ({deals})"
        f" OR (deal_id IS NULL AND (customer_id IS NULL OR customer_id IN ({customers})))",
    }


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
