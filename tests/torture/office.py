"""A database for many processes: people, a campaign, and deals that each count how often they were changed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from salestui.domain.outcomes import Conflict, Done
from salestui.domain.people import Actor
from salestui.services import campaigns, customers, deals, users
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import chain, tables
from salestui.storage.store import Store
from tests.services.desk import number

t: Any = tables
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def furnish(path: Path, *, deal_count: int, shared: bool = True) -> None:
    """Make a database with one manager, 陈默, and his deals D1 … each with the title 0."""
    with Store.open(path, shared=shared) as store:
        admin = Request(store, prepare(store, NOW, "lin", "林悦", "Asia/Shanghai", shared=shared), NOW)
        number(users.add(admin, "chen", "陈默", "manager"))
        chen = Request(store, users.find(admin, "chen").actor(), NOW)
        number(campaigns.new(chen, {"name": "华东包装", "playbook": "expansion", "scenario": "new_market"}))
        for count in range(deal_count):
            number(customers.new(chen, {"name": f"客户{count}"}))
            number(deals.new(chen, count + 1, 1, {"title": "0"}))


@dataclass
class Clerk:
    """One process at work: adds one to the title of a deal, as somebody who has read it before."""

    store: Store
    actor: Actor
    random: Random
    deal_count: int
    conflicts: int = 0
    versioned: bool = True

    @classmethod
    def begin(cls, path: Path, seed: int, deal_count: int, *, first: bool = False) -> "Clerk":
        """Open the database as 陈默."""
        store = Store.open(path, create=first)
        with store.reading():
            actor = users.find(Request(store, Actor(0, "", ""), NOW), "chen").actor()
        return cls(store, actor, Random(seed), deal_count)

    def ask(self, command_id: str | None = None) -> Request:
        """Return a request, a little later each time."""
        return Request(self.store, self.actor, NOW + timedelta(seconds=self.random.randrange(86400)), command_id)

    def new_id(self) -> str:
        """Return an id for a command."""
        return str(UUID(int=self.random.getrandbits(128)))

    def read(self) -> tuple[int, int, int]:
        """Read any deal: its number, its count and its version."""
        deal = deals.get(self.ask(), self.random.randrange(self.deal_count) + 1)
        return deal.id, int(deal.title), deal.version

    def add_one(self, seen: tuple[int, int, int], command_id: str) -> bool:
        """Write what was read plus one; False where somebody else was faster."""
        deal, count, version = seen
        expected = version if self.versioned else None
        outcome = deals.change(self.ask(command_id), deal, {"title": str(count + 1)}, expected)
        assert isinstance(outcome, Done | Conflict), outcome
        self.conflicts += isinstance(outcome, Conflict)
        return isinstance(outcome, Done)


@dataclass(frozen=True)
class Books:
    """What stands in the database: the count, the version and the number of changes of each deal, and all commands."""

    counts: dict[int, int]
    versions: dict[int, int]
    changes: dict[int, int]
    commands: frozenset[str]
    broken: str

    @classmethod
    def read(cls, store: Store) -> "Books":
        """Read everything, the chain of the history included."""
        with store.reading():
            rows = list(t.Deal.select(t.Deal.id, t.Deal.title, t.Deal.version).tuples())
            commands = frozenset(row[0] for row in t.Command.select(t.Command.id).tuples())
            changed = [
                row[0] for row in t.Event.select(t.Event.deal_id).where(t.Event.action == "deal.changed").tuples()
            ]
        return cls(
            {deal: int(title) for deal, title, _ in rows},
            {deal: version for deal, _, version in rows},
            {deal: changed.count(deal) for deal, _, _ in rows},
            commands,
            str(chain.verify(store) or ""),
        )

    def mistakes(self, acknowledged: frozenset[str] | set[str] = frozenset()) -> list[str]:
        """Return what does not agree: each change is in the deal, its version and the history, or in none of them."""
        half = [
            f"D{deal}: {count} in the deal, {self.versions[deal] - 1} versions, {self.changes[deal]} events"
            for deal, count in self.counts.items()
            if not count == self.versions[deal] - 1 == self.changes[deal]
        ]
        lost = sorted(acknowledged - self.commands)
        return half + [f"lost: {command}" for command in lost] + ([self.broken] if self.broken else [])
