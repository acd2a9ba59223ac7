"""More deals than the sample tells stories about, written by the thousand: the first three stages, with all they ask.

Each was entered at one moment of the last forty days and taken as far as it stands; the gates in between were open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.domain import scoring as rules
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.playbook import Scope, Scoring, Text
from salestui.domain.records import ActivityState, Kind, User, shown
from salestui.services.sample_companies import CITIES, PEOPLE, PROFILES, TITLES
from salestui.services.sample_script import Cast, Setting, points
from salestui.services.sample_texts import Scene, evidence
from salestui.services.sample_writer import passed
from salestui.storage import bulk
from salestui.storage.store import Transaction

__all__ = ["more"]

_FIRST: Final = Text(
    "恒瓯申云皖江泰盐通湖丽淮衢苏戚澜", "Heng Ou Shen Yun Wan Jiang Tai Yan Tong Hu Li Huai Qu Su Qi Lan"
)
_SECOND: Final = Text(
    "岳泰浦栈岩锐春悦芯立方稷化锦江思", "yue tai pu zhan yan rui chun yue xin li fang ji hua jin jiang si"
)
_REASON: Final = Text("需求真实，今年要投", "A real need, investing this year")
_CALL: Final = Text("电话回访", "call back")
_NEED: Final = Text("{line}改造：{pain}", "Refit of {line}: {pain}")
_OWNERS: Final = ("lin", "lin", "lin", "chen", "zhao")
_STAGES: Final = ("research",) * 9 + ("grading",) * 8 + ("contact",) * 3
_AT_ONCE: Final = 500
_PLAN_AFTER: Final = 20
"""From this score on a customer has grade A, which asks for an account plan."""


@dataclass(slots=True)
class _Deal:
    """One deal in the making, and the ids its rows were given."""

    number: int
    name: str
    owner: User
    at: datetime
    stage: str
    scene: Scene
    customer: int = 0
    place: int = 0
    deal: int = 0
    contacts: list[Mapping[str, object]] = field(default_factory=list)


def more(tx: Transaction, campaign: int, cast: Cast, setting: Setting, count: int) -> list[int]:
    """Enter `count` deals, a third of them beyond the first stage's gate; return their ids."""
    maker = _Maker(tx, campaign, cast, setting)
    numbers: list[int] = []
    step, names = timedelta(days=40) / max(count, 1), _names(setting.language)
    for start in range(0, count, _AT_ONCE):
        page = range(start, min(start + _AT_ONCE, count))
        numbers += maker.enter([maker.deal(n, next(names), setting.now - timedelta(days=40) + step * n) for n in page])
    return numbers


def _names(language: str) -> Iterator[str]:
    """Yield names without end; the number keeps them apart."""
    first, second = _FIRST.get(language), _SECOND.get(language)
    heads = tuple(first) if language == "zh" else tuple(first.split())
    tails = tuple(second) if language == "zh" else tuple(second.split())
    number = 0
    while True:
        number += 1
        head, tail = heads[number % len(heads)], tails[number // len(heads) % len(tails)]
        yield f"{head}{tail}{number:05}" if language == "zh" else f"{head}{tail} {number:05}"


class _Maker:
    """Writes pages of deals with everything that hangs on them, and the events that tell of it."""

    def __init__(self, tx: Transaction, campaign: int, cast: Cast, setting: Setting) -> None:
        self._tx, self._campaign, self._cast, self._setting = tx, campaign, cast, setting
        scoring = setting.playbook.scoring
        if scoring is None:
            raise ValueError("The sample's playbook scores customers")
        self._scoring: Scoring = scoring
        self._profiles, self._cities = tuple(PROFILES.values()), tuple(CITIES.values())

    def deal(self, number: int, name: str, at: datetime) -> _Deal:
        """Decide what there is to know of a deal; chance comes from the setting's seed."""
        chance, language = self._setting.random, self._setting.language
        owner = self._cast.people[_OWNERS[number % len(_OWNERS)]]
        amount, total = Money(chance.randrange(5, 200) * 1_000_000, "CNY"), chance.randrange(12, 24)
        stage = _STAGES[chance.randrange(len(_STAGES))]
        passing = 16
        if stage == "contact":
            total = max(total, passing)
        first = number * 3 % (len(PEOPLE) - 2)
        people = tuple(person.get(language) for person in PEOPLE[first : first + 3])
        profile = self._profiles[number % len(self._profiles)]
        scene = Scene(profile, (people[0], people[1], people[2]), owner.name, "", amount, total, number, language)
        return _Deal(number, name, owner, at, stage, scene)

    def enter(self, page: list[_Deal]) -> list[int]:
        """Write a page of deals; return their ids."""
        events: dict[int, list[dict[str, object]]] = {deal.number: [] for deal in page}
        self._customers(page, events)
        self._deals(page, events)
        self._scores([deal for deal in page if deal.stage != "research"], events)
        self._plans([deal for deal in page if deal.stage == "contact"], events)
        self._follow_ups([deal for deal in page if deal.number % 10 == 0], events)
        bulk.record(self._tx, [event for deal in page for event in events[deal.number]])
        return [deal.deal for deal in page]

    def _customers(self, page: list[_Deal], events: dict[int, list[dict[str, object]]]) -> None:
        rows = [self._company(deal) for deal in page]
        for deal, number in zip(page, bulk.add(self._tx, "customer", rows), strict=True):
            deal.customer = number
            deal.contacts = [self._person(deal, index) for index in range(deal.number % 3 + 1)]
        places = bulk.add(self._tx, "membership", [self._membership(deal) for deal in page])
        people = [{"customer": deal.customer, **row, "created_at": deal.at} for deal in page for row in deal.contacts]
        numbers = iter(bulk.add(self._tx, "contact", people))
        for deal, place, row in zip(page, places, rows, strict=True):
            deal.place, known = place, events[deal.number]
            told = {name: value for name, value in row.items() if name not in {"owner", "created_at"}}
            after = {**told, "owner": deal.owner.name, "campaigns": [shown(Kind.CAMPAIGN, self._campaign)]}
            known.append(self._event(deal, "customer.created", shown(Kind.CUSTOMER, deal.customer), None, after))
            for person in deal.contacts:
                subject = shown(Kind.CONTACT, next(numbers))
                known.append(self._event(deal, "contact.created", subject, None, person))

    def _company(self, deal: _Deal) -> dict[str, object]:
        language, told = self._setting.language, deal.scene.profile
        return {
            "name": deal.name,
            "short_name": "",
            "industry": told.industry.get(language),
            "region": self._cities[deal.number % len(self._cities)].get(language),
            "need": deal.scene.filled(_NEED),
            "owner": deal.owner.id,
            "created_at": deal.at,
        }

    def _person(self, deal: _Deal, index: int) -> dict[str, object]:
        title, role, stance, cares = TITLES[index]
        language = self._setting.language
        tail = (deal.number * 137 + index * 2749) % 10_000
        return {
            "name": deal.scene.people[index],
            "title": title.get(language),
            "phone": f"{138 + index} 0000 {tail:04}",
            "role": role,
            "stance": stance,
            "cares_about": cares.get(language),
        }

    def _membership(self, deal: _Deal) -> dict[str, object]:
        row: dict[str, object] = {"customer": deal.customer, "campaign": self._campaign, "created_at": deal.at}
        if deal.stage == "research":
            return row
        reason = _REASON.get(self._setting.language)
        sorted_in = {"classification": "high_potential", "reason": reason, "classified_at": deal.at}
        return {**row, **sorted_in, "classified_by": deal.owner.id, "version": 2}

    def _deals(self, page: list[_Deal], events: dict[int, list[dict[str, object]]]) -> None:
        playbook = self._setting.playbook
        first = playbook.first_stage().key
        rows = [
            {
                "amount_minor": deal.scene.amount.minor,
                "currency": deal.scene.amount.currency,
                "customer": deal.customer,
                "campaign": self._campaign,
                "playbook": playbook.key,
                "playbook_version": playbook.version,
                "stage": deal.stage,
                "status": Status.OPEN.value,
                "owner": deal.owner.id,
                "created_at": deal.at,
                "stage_since": deal.at,
                "version": 1 + ("research", "grading", "contact").index(deal.stage),
            }
            for deal in page
        ]
        for deal, number in zip(page, bulk.add(self._tx, "deal", rows), strict=True):
            deal.deal = number
            amount = {"amount_minor": deal.scene.amount.minor, "currency": deal.scene.amount.currency}
            told = {"stage": first, "owner": deal.owner.id, **amount}
            events[deal.number].append(self._of_deal(deal, "deal.created", None, told))
            if deal.stage != "research":
                after = {"class": "high_potential", "reason": _REASON.get(self._setting.language)}
                subject = shown(Kind.CUSTOMER, deal.customer)
                events[deal.number].append(self._event(deal, "customer.classified", subject, None, after))
                events[deal.number].append(self._moved(deal, "research", "grading"))

    def _scores(self, page: list[_Deal], events: dict[int, list[dict[str, object]]]) -> None:
        keys = [criterion.key for criterion in self._scoring.criteria]
        rows: list[dict[str, object]] = []
        for deal in page:
            values = points(deal.scene.total, keys, deal.number)
            total = rules.total(self._scoring, values)
            judged: dict[str, Any] = {"total": total, "grade": rules.grade_for(self._scoring, total).key}
            told = evidence(self._scoring, values, self._setting.language)
            who = {"playbook_version": self._setting.playbook.version, "by": deal.owner.id, "at": deal.at}
            rows.append({"membership": deal.place, **who, "values": values, "evidence": told, **judged})
            subject, after = shown(Kind.CUSTOMER, deal.customer), {**judged, "values": values}
            events[deal.number].append(self._event(deal, "score.recorded", subject, None, after))
        bulk.add(self._tx, "score", rows)

    def _plans(self, page: list[_Deal], events: dict[int, list[dict[str, object]]]) -> None:
        """Write the account plans of grade A, and have the deals pass on."""
        planned = [deal for deal in page if deal.scene.total >= _PLAN_AFTER]
        heads = [{"scope": Scope.CUSTOMER_IN_CAMPAIGN.value, "owner_id": deal.place} for deal in planned]
        rows = [{**head, "key": "account_plan", "latest": 1, "version": 2} for head in heads]
        sheets = []
        for deal, output in zip(planned, bulk.add(self._tx, "output", rows), strict=True):
            values = deal.scene.output("account_plan", deal.at.astimezone(self._setting.team.zone).date())
            sheets.append({"output": output, "number": 1, "values": values, "files": [], "at": deal.at})
            sheets[-1]["author"] = deal.owner.id
            before = {"output": "account_plan", "revision": 0, "withdrawn": False, "values": {}}
            after = {"output": "account_plan", "revision": 1, "values": values}
            subject = f"{shown(Kind.CUSTOMER, deal.customer)}/{shown(Kind.CAMPAIGN, self._campaign)}.account_plan"
            events[deal.number].append(self._event(deal, "output.submitted", subject, before, after))
        bulk.add(self._tx, "revision", sheets)
        for deal in page:
            events[deal.number].append(self._moved(deal, "grading", "contact"))

    def _follow_ups(self, page: list[_Deal], events: dict[int, list[dict[str, object]]]) -> None:
        rows: list[dict[str, Any]] = []
        for deal in page:
            at = max(self._setting.now + timedelta(days=self._setting.random.randrange(-3, 20)), deal.at)
            subject = _CALL.get(self._setting.language)
            told = {"at": at, "all_day": False, "channel": "phone", "subject": subject, "outline": ""}
            who = {"owner": deal.owner.id, "author": deal.owner.id, "created_at": deal.at}
            rows.append({**told, **who, "customer": deal.customer, "state": ActivityState.PLANNED.value, "values": {}})
        numbers = bulk.add(self._tx, "activity", rows)
        bulk.serve(self._tx, [(number, deal.deal) for number, deal in zip(numbers, page, strict=True)])
        for deal, number, row in zip(page, numbers, rows, strict=True):
            told = {name: row[name] for name in ("all_day", "channel", "subject", "outline")}
            after = {**told, "at": row["at"].isoformat(), "owner": deal.owner.id}
            subject = shown(Kind.ACTIVITY, number)
            events[deal.number].append(self._event(deal, "activity.planned", subject, None, after, of_deal=True))

    def _moved(self, deal: _Deal, left: str, target: str) -> dict[str, object]:
        after = {"stage": target, "gate": passed(self._setting.playbook, left)}
        return self._of_deal(deal, "deal.moved", {"stage": left, "status": Status.OPEN.value}, after)

    def _of_deal(
        self, deal: _Deal, action: str, before: Mapping[str, object] | None, after: Mapping[str, object]
    ) -> dict[str, object]:
        return self._event(deal, action, shown(Kind.DEAL, deal.deal), before, after, of_deal=True)

    def _event(
        self,
        deal: _Deal,
        action: str,
        subject: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object],
        *,
        of_deal: bool = False,
    ) -> dict[str, object]:
        return {
            "at": deal.at,
            "actor_id": deal.owner.id,
            "actor_name": deal.owner.name,
            "action": action,
            "subject": subject,
            "deal_id": deal.deal if of_deal else None,
            "customer_id": deal.customer,
            "campaign_id": self._campaign,
            "before": before,
            "after": after,
            "note": "",
            "command_id": "",
        }
