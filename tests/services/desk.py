"""A database in use: a team of four, both handbooks, and a way to ask as any of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from salestui.domain.outcomes import Done, Invalid
from salestui.domain.people import Actor
from salestui.services import campaigns, customers, users
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import tables
from salestui.storage.store import Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEW_MARKET = {"name": "华东包装拓展", "scenario": "new_market"}


@dataclass(frozen=True)
class Desk:
    """The store with its people: 林悦 administers, 陈默 manages, 王磊 and 赵敏 sell."""

    store: Store
    admin: Request
    manager: Request
    rep: Request
    other: Request

    def later(self, request: Request, **length: float) -> Request:
        """Return the same person's request some time on."""
        return Request(self.store, request.actor, request.now + timedelta(**length))

    def events(self, action: str = "") -> list[tables.Event]:
        """Return the history, of one action where given."""
        with self.store.reading():
            query = tables.Event.select().order_by(tables.Event.id)
            return [event for event in query if not action or event.action == action]

    def campaign(self, request: Request | None = None, **values: object) -> int:
        """Start a campaign."""
        given = {**NEW_MARKET, **values}
        if given.get("playbook", "expansion") != "expansion":
            del given["scenario"]
        return number(campaigns.new(request or self.rep, given))

    def customer(self, request: Request | None = None, campaign: int | None = None, **values: object) -> int:
        """Enter a customer."""
        given = {"name": "苏州启明食品有限公司", **values}
        return number(customers.new(request or self.rep, given, campaign))

    def deal(self, request: Request, customer: int, campaign: int) -> None:
        """Put a card of this person on the board, without what comes with it."""
        with self.store.transaction(request.actor, now=request.now):
            tables.Deal.create(
                customer=customer,
                campaign=campaign,
                playbook="expansion",
                playbook_version=1,
                stage="research",
                status="open",
                owner=request.actor.id,
                created_at=NOW,
                stage_since=NOW,
            )


def open_desk(store: Store) -> Desk:
    """Prepare an empty store and let the team in."""
    admin = Request(store, prepare(store, NOW, "lin", "林悦", "Asia/Shanghai"), NOW)
    for login, name, permission in (("chen", "陈默", "manager"), ("wang", "王磊", "rep"), ("zhao", "赵敏", "rep")):
        users.add(admin, login, name, permission)

    def who(login: str) -> Actor:
        return users.find(admin, login).actor()

    return Desk(store, admin, *(Request(store, who(login), NOW) for login in ("chen", "wang", "zhao")))


def number(outcome: object) -> int:
    """Return the number of what was made."""
    assert isinstance(outcome, Done), outcome
    return outcome.number


def wrong(outcome: object) -> list[tuple[str, str]]:
    """Return where and how what was given is wrong."""
    assert isinstance(outcome, Invalid), outcome
    return [(problem.where, problem.code) for problem in outcome.problems]


def changes(event: tables.Event) -> tuple[Mapping[str, object] | None, Mapping[str, object] | None]:
    """Return what an event says was before and is after."""
    return event.before, event.after
