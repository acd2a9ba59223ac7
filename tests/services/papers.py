"""A short playbook with one output of every kind, and an office that works by it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

from salestui.domain.facts import Decision
from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.people import Actor
from salestui.services import campaigns, customers, deals, outputs, playbooks, reviews, settings, users
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import NOW, number, open_desk


def _text(zh: str, en: str) -> str:
    return f'{{ zh = "{zh}", en = "{en}" }}'


def _field(key: str, kind: str = "text", extra: str = "required = true", under: str = "fields") -> str:
    label = _text(f"字段 {key}", f"Field {key}")
    return f'[[stages.outputs.{under}]]\nkey = "{key}"\ntype = "{kind}"\nlabel = {label}\n{extra}\n'


def _output(key: str, owner: str, *parts: str, settings: str = "") -> str:
    title = _text(f"《{key}》", f"Paper {key}")
    head = f'[[stages.outputs]]\nkey = "{key}"\ntitle = {title}\nowner = "{owner}"\nholds = "always"\n{settings}\n'
    return head + "".join(parts)


def _stage(key: str, zh: str, en: str, *parts: str, settings: str = "") -> str:
    title, owner = _text(zh, en), _text("销售", "Sales")
    head = (
        f'[[stages]]\nkey = "{key}"\ntitle = {title}\nshort = {title}\ngoal = {title}\nowners = [{owner}]\n{settings}\n'
    )
    return head + "".join(parts)


_ROLES = "".join(
    f'[[roles]]\nkey = "{key}"\ntitle = {_text(zh, en)}\n'
    for key, zh, en in (("technical", "技术", "Technical"), ("legal", "法务", "Legal"), ("finance", "财务", "Finance"))
)
PLAYBOOK = "\n".join(
    (
        'format = "salestui.playbook/1"\nkey = "papers"\nversion = 1',
        f"title = {_text('文件', 'Papers')}\ndescription = {_text('短', 'Short')}",
        _ROLES,
        _stage(
            "plan",
            "准备方案",
            "Plan",
            f'[[stages.actions]]\nkey = "warned"\ntitle = {_text("提醒过", "Warned")}\nexceptable = false\n',
            _output("market_note", "campaign", _field("size", "integer")),
            _output("account_note", "customer_in_campaign", _field("goal")),
            _output("profile", "customer", _field("name", extra='required = true\nprefill = "customer.name"')),
            _output(
                "offer",
                "deal",
                _field("price", "money"),
                _field("pains", "long_text", "required = false"),
                settings='files = { max = 2, types = ["pdf", "txt"] }',
            ),
            _output(
                "offer_review",
                "deal",
                settings='met_by = "review"\nreview = { of = "offer", roles = ["technical", "legal"] }',
            ),
        ),
        _stage(
            "close",
            "签约",
            "Close",
            _output(
                "contract",
                "deal",
                _field("sent_on", "date", under="send.fields"),
                _field("sent_to", "person", under="send.fields"),
                settings=(
                    'exceptable = false\nfiles = { min = 1, types = ["pdf"] }\n'
                    'review = { of = "contract", roles = ["legal", "finance"], mode = "sequence" }'
                ),
            ),
            _output(
                "signature",
                "deal",
                _field("signed_on", "date"),
                settings='requires_sent = "contract"\nsent_before = "signed_on"',
            ),
            _output(
                "memo",
                "deal",
                _field("text"),
                settings='review = { of = "memo", roles = ["technical", "finance"], mode = "any" }',
            ),
            _output(
                "minutes",
                "deal",
                _field("text"),
                settings='review = { of = "minutes", roles = ["technical", "legal"], one_person_many_roles = true }',
            ),
            _output(
                "letter",
                "deal",
                _field("text"),
                _field("sent_at", "datetime", under="send.fields"),
                settings='review = { of = "letter", roles = ["legal"], required = false }',
            ),
            _output(
                "visit",
                "deal",
                _field("next", "date", 'required = true\nrules = [{ after = "today" }]'),
                settings="optional = true",
            ),
        ),
    )
)


@dataclass(frozen=True)
class Office:
    """A store with one deal of 王磊, who sells; 林悦 administers, 陈默 manages, 赵敏 sells as well.

    钱工 is technical, 孙律 legal, 周会 technical, legal and finance. Votes are not recorded for others here.
    """

    store: Store
    admin: Request
    manager: Request
    rep: Request
    other: Request
    technical: Request
    legal: Request
    many: Request
    campaign: int
    customer: int
    deal: int

    def submitted(self, key: str, values: Mapping[str, object], who: Request | None = None, *files: Path) -> int:
        """Submit an output of the deal; return the number of its revision."""
        return number(outputs.submit(who or self.rep, self.deal, key, values, files=files))

    def offer(self) -> int:
        """Submit the offer."""
        return self.submitted("offer", {"price": "680000"})

    def asked(self, key: str) -> int:
        """Ask for a review; return its number."""
        return number(reviews.ask(self.rep, self.deal, key))

    def voted(self, who: Request, review: int, *roles: str) -> None:
        """Approve in these roles."""
        for role in roles:
            assert isinstance(reviews.vote(who, review, role, Decision.APPROVE), Done)

    def approved_contract(self, draft: Path) -> int:
        """Submit the contract and get it approved; return the number of the review."""
        self.submitted("contract", {}, None, draft)
        review = self.asked("contract")
        self.voted(self.legal, review, "legal")
        self.voted(self.many, review, "finance")
        return review

    def recording(self) -> None:
        """Let votes and exceptions be recorded for others, as on one's own laptop."""
        assert isinstance(settings.change(self.admin, {"recorded_votes": True}), Done)

    def deal_of(self, owner: Request, customer: int | None = None, campaign: int | None = None) -> int:
        """Put a further deal on the board."""
        known = customer or self.customer
        return number(deals.new(owner, known, campaign or self.campaign, {"title": f"单子 {owner.actor.name}"}))


def open_office(store: Store) -> Office:
    """Prepare an empty store, let the team in, and put one deal on the board."""
    desk = open_desk(store)
    assert isinstance(playbooks.install(desk.admin, PLAYBOOK, "papers.toml"), Done)
    people = (
        ("qian", "钱工", ("technical",)),
        ("sun", "孙律", ("legal",)),
        ("zhou", "周会", ("technical", "legal", "finance")),
    )
    for login, name, roles in people:
        assert isinstance(users.add(desk.admin, login, name, "rep", roles), Done)
    settings.change(desk.admin, {"recorded_votes": False})

    def who(login: str) -> Request:
        actor: Actor = users.find(desk.admin, login).actor()
        return Request(store, actor, NOW)

    campaign = number(campaigns.new(desk.manager, {"name": "文件拓展活动", "playbook": "papers"}))
    customer = number(customers.new(desk.rep, {"name": "苏州启明食品有限公司"}, campaign))
    deal = number(deals.new(desk.rep, customer, campaign, {}))
    return Office(
        store,
        desk.admin,
        desk.manager,
        desk.rep,
        desk.other,
        who("qian"),
        who("sun"),
        who("zhou"),
        campaign,
        customer,
        deal,
    )


def _moved(office: Office, store: Store) -> Office:
    """Return the office on another store with the same content."""
    requests = {
        field.name: Request(store, known.actor, known.now)
        for field in fields(office)
        if isinstance(known := getattr(office, field.name), Request)
    }
    return replace(office, store=store, **requests)


@cache
def _model(folder: Path) -> Office:
    """Prepare one office for a whole run of tests: it is closed, and copied for each of them."""
    folder.mkdir()
    with Store.open(folder / "sales.db") as store:
        return open_office(store)


@contextmanager
def office_in(folder: Path, run: Path) -> Iterator[Office]:
    """Open an office of its own in a test's `folder`; `run` is the folder of the whole run."""
    if databases.on_postgres():
        with databases.copy_of("papers", open_office) as (prepared, store):
            yield _moved(prepared, store)
        return
    model = _model(run / "papers")
    shutil.copy(run / "papers" / "sales.db", folder / "sales.db")
    with Store.open(folder / "sales.db") as store:
        yield _moved(model, store)


def refused(outcome: object) -> str:
    """Return the code of a refusal."""
    assert isinstance(outcome, NotAllowed), outcome
    return outcome.code
