"""A team on a secured database: everybody works through a session of his own role, at the present time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from salestui.domain.people import Actor
from salestui.services import campaigns, customers, deals, users
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.postgres.databases import database, server
from tests.services.desk import number
from tests.ui.filling import Filler

PEOPLE = (
    ("chen", "陈默", "manager", ()),
    ("wang", "王磊", "rep", ()),
    ("zhao", "赵敏", "rep", ("sales",)),
    ("qian", "钱工", "rep", ("technical",)),
    ("sun", "孙律", "rep", ("legal",)),
    ("zhou", "周会", "manager", ("sales_manager",)),
)


def now() -> datetime:
    """Return the present: the server refuses any other time from people."""
    return datetime.now(UTC)


@dataclass
class Team:
    """林悦 administers, 陈默 and 周会 manage, the others sell; `expansion` and `role` are the deals of 王磊."""

    name: str
    folder: Path
    stores: dict[str, Store] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    expansion: int = 0
    role: int = 0

    def url(self, login: str) -> str:
        """Return the address of the database for a role."""
        return server().url(self.name, login)

    def ask(self, login: str) -> Request:
        """Return a request of this person, through a session of his own."""
        if login not in self.stores:
            self.stores[login] = Store.open(self.url(login))
        if login not in self.actors:
            self.actors[login] = users.identify(self.stores[login], now(), login, login)
        return Request(self.stores[login], self.actors[login], now())

    def reviewer(self, role: str) -> Request:
        """Return the request of a person who has a reviewer role."""
        return self.ask(next(login for login, _name, _permission, roles in PEOPLE if role in roles))

    def filler(self, deal: int) -> Filler:
        """Return the one who meets what the deal's gate asks, as 王磊."""
        return Filler(self.folder, deal, self.ask("wang"), self.reviewer)

    def close(self) -> None:
        """Close all sessions."""
        for store in self.stores.values():
            store.close()
        self.stores.clear()


@contextmanager
def team(folder: Path) -> Iterator[Team]:
    """Prepare a database as `salestui init` does, let the team in, and put two deals on the board."""
    with database() as name:
        with Store.open(server().url(name)) as store:
            prepare(store, now(), "lin", "林悦", "UTC", shared=True)
        team = Team(name, folder)
        try:
            for login, shown, permission, roles in PEOPLE:
                number(users.add(team.ask("lin"), login, shown, permission, roles))
            push = number(campaigns.new(team.ask("chen"), {"name": "华东包装", "scenario": "new_market"}))
            other = number(campaigns.new(team.ask("chen"), {"name": "老客户", "playbook": "role"}))
            facts = {"region": "华东", "size": "500 人", "industry": "食品"}
            customer = number(customers.new(team.ask("wang"), {"name": "苏州启明", **facts}))
            team.expansion = number(deals.new(team.ask("wang"), customer, push, {"amount": "68万"}))
            team.role = number(deals.new(team.ask("wang"), customer, other, {}))
            yield team
        finally:
            team.close()
