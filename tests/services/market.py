"""A whole sales team at work on one database through two stores, for tests that try anything in any order."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from peewee import fn

from salestui.domain.outcomes import Blocked, Completed, Conflict, Done, Invalid, Moved, NotAllowed
from salestui.domain.people import Actor
from salestui.domain.playbook import Playbook
from salestui.services import campaigns, cards, customers, deals, users
from salestui.services.loading import Loaded, judge_loaded, load_many
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import tables
from salestui.storage.store import Store
from tests.domain.oracle import Oracle
from tests.services.desk import NOW, number
from tests.ui.filling import Filler

t: Any = tables
PEOPLE = (
    ("chen", "陈默", "manager", ()),
    ("wang", "王磊", "rep", ()),
    ("zhao", "赵敏", "rep", ("sales",)),
    ("qian", "钱工", "rep", ("technical",)),
    ("sun", "孙律", "rep", ("legal",)),
    ("zhou", "周会", "manager", ("sales_manager",)),
)
SELLERS = ("wang", "zhao")
REFUSALS = (Blocked, Conflict, NotAllowed, Invalid)
DONE: Counter[str] = Counter()
"""How often what was tried came out how, for the figures of a long search."""


@cache
def _model(folder: Path) -> Path:
    """Prepare one database for a whole run of tests; it is copied for each example."""
    folder.mkdir()
    path = folder / "sales.db"
    with Store.open(path) as store:
        admin = Request(store, prepare(store, NOW, "lin", "林悦", "Asia/Shanghai"), NOW)
        for login, name, permission, roles in PEOPLE:
            number(users.add(admin, login, name, permission, roles))
        number(campaigns.new(admin, {"name": "华东包装", "playbook": "expansion", "scenario": "new_market"}))
        number(campaigns.new(admin, {"name": "老客户", "playbook": "role"}))
        for name in ("苏州启明", "杭州同创"):
            number(customers.new(admin, {"name": name, "region": "华东", "size": "500 人", "industry": "食品"}))
    return path


@cache
def _led_to(run: Path, stage: str) -> Path:
    """Prepare one database in which a deal stands in `stage`."""
    folder = run / f"market-{stage}"
    market = Market.open(folder, run)
    deal = number(deals.new(market.ask("wang"), 1, 1, {}))
    market.filler(deal).go_to(stage)
    market.close(keep=True)
    return folder


@dataclass
class Market:
    """The database, opened twice; the sellers work through one store, everybody else through the other."""

    folder: Path
    ours: Store
    theirs: Store
    people: dict[str, Actor]
    now: datetime = NOW

    run: Path = Path()
    known: dict[int, Loaded] = field(default_factory=dict)
    """The deals as they stand at `instant`; thrown away as soon as anything was tried, written, or went by."""
    instant: tuple[object, ...] = ()
    done: int = 0
    at_hand: int = 1

    def take(self, nth: int) -> int:
        """Take one of the deals, wherever the number falls; it is the one at hand until another one is taken."""
        known = self.deals()
        self.at_hand = known[nth % len(known)]
        return self.at_hand

    def restart(self, stage: str) -> None:
        """Begin anew with a database in which the deal D1 of 王磊 stands in `stage`."""
        self.close()
        other = Market.open(self.folder, self.run, stage)
        self.ours, self.theirs = other.ours, other.theirs

    @classmethod
    def open(cls, folder: Path, run: Path, stage: str = "") -> "Market":
        """Open a market of its own in `folder`; `run` is the folder of the whole run.

        With `stage` there is a deal in it, D1 of 王磊, that stands there.
        """
        shutil.copytree(_led_to(run, stage) if stage else _model(run / "market").parent, folder)
        ours, theirs = (Store.open(folder / "sales.db") for _ in range(2))
        for store in (ours, theirs):
            # what a power cut leaves is not asked here, and waiting for the disk would take half the time
            store.database.connection().execute("PRAGMA synchronous = off").fetchall()
        with ours.reading():
            nobody = Request(ours, Actor(0, "", ""), NOW)
            people = {row.login: users.find(nobody, row.login).actor() for row in t.User.select()}
        return cls(folder, ours, theirs, people, run=run)

    def close(self, *, keep: bool = False) -> None:
        """Close both stores and remove what they kept."""
        self.ours.close()
        self.theirs.close()
        if not keep:
            shutil.rmtree(self.folder)

    def ask(self, login: str) -> Request:
        """Return this person's request as of now; "" is the owner of the deal at hand."""
        login = login or self.login_of(self.load(self.at_hand).deal.owner)
        store = self.ours if login in SELLERS else self.theirs
        return Request(store, self.people[login], self.now)

    def pass_time(self, length: timedelta) -> None:
        """Let time go by."""
        self.now += length

    def login_of(self, user: int) -> str:
        """Return the login of a user."""
        return next(login for login, actor in self.people.items() if actor.id == user)

    def owner(self, deal: int) -> Request:
        """Return the request of a deal's owner."""
        return self.ask(self.login_of(self.load(deal).deal.owner))

    def reviewer(self, role: str) -> Request:
        """Return the request of a person who has a reviewer role."""
        return self.ask(next(login for login, _name, _permission, roles in PEOPLE if role in roles))

    def filler(self, deal: int) -> Filler:
        """Return the one who meets what the deal's gate asks, as its owner."""
        return Filler(self.folder, deal, self.owner(deal), self.reviewer)

    def state(self) -> tuple[object, ...]:
        """Return what stays equal as long as nobody has written anything, lost a file, or let time go by."""
        written = (store.database.connection().total_changes for store in (self.ours, self.theirs))
        return (self.ours, *written, self.done, self.now)

    def load(self, deal: int) -> Loaded:
        """Return a deal as it stands."""
        instant = self.state()
        if instant != self.instant:
            self.known, self.instant = load_many(self.ask("chen"), self.deals()), instant
        return self.known[deal]

    def deals(self) -> tuple[int, ...]:
        """Return all deals."""
        with self.theirs.reading():
            return tuple(row[0] for row in t.Deal.select(t.Deal.id).order_by(t.Deal.id).tuples())

    def held_up(self, deal: int) -> set[str]:
        """Return what keeps a deal from moving right, told by the handbook instead of by the program."""
        loaded = self.load(deal)
        return Oracle(loaded.playbook, loaded.facts, self.now, loaded.team).holds_up()

    def playbook(self, deal: int) -> Playbook:
        """Return the playbook of a deal."""
        return self.load(deal).playbook

    def kept_files(self) -> list[Path]:
        """Return the attached files on the disk: each is called by its hash, of which its folder has the beginning."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and len(path.name) >= 60)

    def refresh_cards(self) -> None:
        """Judge all cards anew, as checking the database does after files were lost."""
        self.done += 1
        with self.theirs.transaction(self.people["chen"], now=self.now) as tx:
            cards.refresh(tx, self.deals())

    def events(self, after: int = 0) -> list[Any]:
        """Return the history after an event."""
        with self.theirs.reading():
            return list(t.Event.select().where(t.Event.id > after).order_by(t.Event.id))

    def newest_event(self) -> int:
        """Return the number of the last event of the history."""
        with self.theirs.reading():
            return int(t.Event.select(fn.MAX(t.Event.id)).scalar() or 0)

    def card(self, loaded: Loaded) -> tuple[dict[str, object], dict[str, object]] | None:
        """Return the figures kept of a deal on the board and the fresh ones; None where they are known to be old."""
        fresh = cards.figures(loaded, judge_loaded(loaded, self.ask("chen")))
        with self.theirs.reading():
            kept = t.Card.select().where(t.Card.deal == loaded.deal.id).dicts().get()
        if loaded.deal.status not in deals.ON_BOARD or kept["stale"]:
            return None
        if kept["changes_at"] is not None and kept["changes_at"] <= self.now:
            return None
        return {key: kept[key] for key in fresh}, fresh

    def attempt(self, act: Callable[[], object]) -> object:
        """Do something; a refusal leaves no trace in the history."""
        before = self.newest_event()
        outcome = act()
        DONE[type(outcome).__name__] += 1
        if isinstance(outcome, REFUSALS):
            assert self.newest_event() == before, outcome
        else:
            self.done += 1
            assert isinstance(outcome, Done | Moved | Completed), outcome
        return outcome
