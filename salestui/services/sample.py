"""Fills a database with a believable pipeline: companies in all stages, with everything a handbook asks of them.

All dates are relative to `now`, and the same seed gives the same pipeline. The people and companies are invented.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from salestui.domain.facts import FileFact
from salestui.domain.money import Money
from salestui.domain.outcomes import Done
from salestui.domain.people import Actor, Permission
from salestui.domain.playbook import Text
from salestui.domain.records import User
from salestui.services import campaigns, cards, loading, playbooks, setup, users
from salestui.services.sample_companies import PROFILES, Company, companies
from salestui.services.sample_entry import FIRST, enter, people_of
from salestui.services.sample_more import more
from salestui.services.sample_script import Act, Cast, Script, Setting
from salestui.services.sample_texts import Scene, campaign_report
from salestui.services.sample_writer import Life, SampleWriter
from salestui.storage.store import Store, Transaction

__all__ = ["DEALS", "SEED", "fill"]

SEED: Final = 20261119
DEALS: Final = 94
"""How many deals the sample has: 82 on the board, and twelve that are completed, lost or in care."""

_BEGINS: Final = timedelta(days=160)
_CAMPAIGN: Final = Text("华东新市场进入", "East China")
_MARKET: Final = Text("长三角，产线改造", "Yangtze delta, line refits")
_OUR_PEOPLE: Final = (
    ("chen", "chenli", Text("陈立", "Chen Li"), Permission.REP, ()),
    ("zhao", "zhaoming", Text("赵明", "Zhao Ming"), Permission.REP, ("technical",)),
    ("zhou", "zhoumin", Text("周敏", "Zhou Min"), Permission.REP, ("legal",)),
    ("sun", "sunjie", Text("孙洁", "Sun Jie"), Permission.MANAGER, ("sales", "sales_manager")),
    ("wu", "wufan", Text("吴凡", "Wu Fan"), Permission.REP, ("technical",)),
)
_ME: Final = Text("林悦", "Lin Yue")
_MY_ROLES: Final = ("sales", "sales_manager")
_VOTERS: Final = {
    "technical": ("zhao", "wu"),
    "sales": ("sun", "lin"),
    "legal": ("zhou",),
    "sales_manager": ("sun", "lin"),
}
_PAGE: Final = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
)
_FILES: Final = {
    "contract_approval": Text("设备改造合同（草案）.pdf", "Refit contract (draft).pdf"),
    "signed_contract": Text("已签合同扫描件.pdf", "Signed contract, scan.pdf"),
    "summary": Text("公司宣传册 2026.pdf", "Brochure 2026.pdf"),
}


def fill(
    store: Store,
    language: str,
    now: datetime,
    *,
    seed: int = SEED,
    deals: int = DEALS,
    login: str = "linyue",
    zone: str = "Asia/Shanghai",
) -> Actor:
    """Fill an empty database and return who acts: Lin Yue (林悦), who owns most deals and administers everything.

    `language` is that of the sample's texts. `deals` beyond the sample's own are plain ones in the first stages.
    `login` is the account that is to act as her. Raises a storage fault.
    """
    start = now - _BEGINS
    me = setup.prepare(store, start, login, _ME.get(language), zone=zone)
    with store.transaction(me, now=start) as tx:
        people = _staff(tx, me, language)
        actor = people["lin"].actor()
        tx.actor = actor
        campaign = _campaign(tx, language)
        playbook = playbooks.latest(tx, "expansion")
        team = loading.team_of(tx)
        cast = Cast(people, _VOTERS, "sun", _files(tx, language))
        writer = SampleWriter(tx, playbook, campaign, team)
        setting = Setting(playbook, team, now, Random(seed), language)
        scripts = _scripts(writer, cast, setting, deals)
        acts = [act for script in scripts for act in script.written()]
        acts.append(_report(writer, cast, setting, start))
        for act in sorted(acts, key=lambda act: act.at):
            tx.now, tx.actor = act.at, act.by.actor()
            act.do()
        numbers = [script.life.deal for script in scripts] + more(tx, campaign, cast, setting, deals - len(scripts))
        tx.now, tx.actor = now, actor
        cards.refresh(tx, numbers)
    return actor


def _staff(tx: Transaction, me: Actor, language: str) -> dict[str, User]:
    """Enter our people; the words are those of the sample's table."""
    for _word, login, name, permission, roles in _OUR_PEOPLE:
        users.add(tx, login, name.get(language), permission, roles)
    users.change(tx, me.id, roles=_MY_ROLES)
    known = {user.login: user for user in users.all(tx)}
    return {"lin": known[me.login], **{word: known[login] for word, login, *_rest in _OUR_PEOPLE}}


def _campaign(tx: Transaction, language: str) -> int:
    values = {
        "name": _CAMPAIGN.get(language),
        "playbook": "expansion",
        "scenario": "new_market",
        "market": _MARKET.get(language),
        "currency": "CNY",
    }
    made = campaigns.new(tx, values)
    if not isinstance(made, Done):
        raise TypeError(f"The sample's campaign was refused: {made}")
    return made.number


def _files(tx: Transaction, language: str) -> dict[str, FileFact]:
    """Store the sample's files: small documents that any viewer opens."""
    found = {}
    for key, name in _FILES.items():
        with tempfile.TemporaryFile() as file:
            file.write(_pdf(f"salestui sample: {key}"))
            file.flush()
            found[key] = tx.store.files.put(file.fileno(), name=name.get(language))
    return found


def _pdf(text: str) -> bytes:
    """Return a PDF of one page with one line of ASCII text."""
    stream = f"BT /F1 18 Tf 72 770 Td ({text}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n"
    )
    return (body + tail + "%%EOF\n").encode("ascii")


def _scripts(writer: SampleWriter, cast: Cast, setting: Setting, deals: int) -> list[Script]:
    """Return one script for each company, the one that newcomers open always among them."""
    found = []
    language, today = setting.language, setting.team.today(setting.now)
    for number, company in enumerate(_chosen(tuple(companies()), deals), 1):
        people = people_of(company, number)
        scene = Scene(
            profile=PROFILES[company.profile],
            people=(people[0].get(language), people[1].get(language), people[2].get(language)),
            owner=cast.people[company.owner].name,
            engineer=cast.voter("technical", company.owner).name,
            amount=Money(round(company.amount * 10_000) * 100, "CNY"),
            total=company.total,
            number=number,
            language=language,
        )
        expected_on = today + timedelta(days=20 + number % 60)
        entry = partial(enter, writer, company, scene, expected_on=expected_on)
        found.append(Script(company, scene, writer, setting, cast, entry))
    return found


def _report(writer: SampleWriter, cast: Cast, setting: Setting, at: datetime) -> Act:
    """Return the act of submitting the market research report that serves all deals."""
    lin, day = cast.people["lin"], setting.team.today(at)
    values = campaign_report(setting.language, day)
    return Act(at, lin, lambda: writer.submit(Life(owner=lin.id), "market_report", values))


def _chosen(known: Sequence[Company], deals: int) -> list[Company]:
    """Return as many companies as asked for, of all stages; all of them in the order of the table."""
    if deals >= len(known):
        return list(known)
    first = next(company for company in known if company.name.en == FIRST)
    others = [company for company in known if company is not first]
    step = len(others) / max(deals - 1, 1)
    return [first, *(others[int(index * step)] for index in range(deals - 1))]
