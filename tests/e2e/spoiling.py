"""Writes a text wherever a database may hold one of people's, past the services, as another program may have done.

Every text column of the tables is named here: those that are spoiled, and those that are not with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from salestui.domain.facts import Decision
from salestui.domain.playbook import ReviewRule
from salestui.screens import customer_event, customer_forms, dialogs, review_forms
from salestui.screens.base import SalesScreen
from salestui.screens.campaign import CampaignScreen
from salestui.screens.desk import Desk
from salestui.screens.reviews import ReviewScreen
from salestui.screens.revisions import RevisionsScreen
from salestui.services import output_page, review_page, reviews
from salestui.storage import chain
from salestui.storage import tables as t
from salestui.storage.store import Transaction
from tests.ui.filling import complete
from tests.ui.stories import Story

__all__ = ["JSON", "PLAIN", "SPARED", "deeper", "furnish", "spoil", "untouched"]

PLAIN: Final[Mapping[type[t.Table], tuple[str, ...]]] = {
    t.Campaign: ("name", "market", "note"),
    t.Customer: (
        *("name", "short_name", "industry", "region", "size", "website", "address", "source", "need", "note"),
        "searched",
    ),
    t.Contact: ("name", "title", "phone", "email", "role", "stance", "cares_about", "note"),
    t.Membership: ("reason",),
    t.Score: ("note",),
    t.CustomerEvent: ("note",),
    t.Deal: ("title", "need", "source", "reason", "competitor", "note"),
    t.Card: ("searched",),
    t.Revision: ("note",),
    t.Review: ("note",),
    t.Vote: ("name", "comment", "evidence"),
    t.Waiver: ("reason", "granted_name", "evidence"),
    t.Activity: ("subject", "outline"),
    t.ActionTick: ("note",),
    t.User: ("login", "name"),
    t.Playbook: ("text",),
    t.Event: ("actor_name", "action", "subject", "note"),
}
"""Columns that become the text, each in all rows."""

JSON: Final[Mapping[type[t.Table], tuple[str, ...]]] = {
    t.Score: ("evidence",),
    t.Revision: ("values", "files"),
    t.Draft: ("values", "files"),
    t.Vote: ("files",),
    t.Sending: ("values",),
    t.Activity: ("values", "summary", "summary_files"),
    t.Waiver: ("files",),
    t.Playbook: ("checked",),
    t.Event: ("before", "after"),
}
"""Columns in whose JSON every text of people becomes the text; days, keys of choices, amounts and digests stay."""

_CHOSEN: Final = "a word of the program or the playbook, chosen from a list and looked up, never shown as it is"
_DERIVED: Final = "made of the name for finding it, never shown"
_DIGEST: Final = "hexadecimal digits that the program makes"
SPARED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            *("User.permission", "Campaign.playbook", "Campaign.scenario", "Membership.classification"),
            *("CustomerEvent.kind", "Score.grade", "Deal.playbook", "Deal.stage", "Deal.status", "Card.grade"),
            *("Card.outputs_done", "Card.score_event", "Card.clock", "Card.playbook", "Card.shown_in"),
            *("BoardCount.playbook", "BoardCount.shown_in", "Output.scope", "Output.key", "Draft.scope", "Draft.key"),
            *("Asked.role", "Vote.role", "Vote.decision", "ActionTick.key", "Activity.state", "Activity.channel"),
            *("Waiver.requirement", "Playbook.key", "User.roles", "Setting.key"),
        ),
        _CHOSEN,
    ),
    **dict.fromkeys(("Campaign.name_key", "Customer.name_key", "Customer.core_key"), _DERIVED),
    **dict.fromkeys(
        ("Event.salt", "Event.digest", "Event.chain", "Seal.digest", "Playbook.digest"),
        _DIGEST,
    ),
    **dict.fromkeys(("Seal.of_table", "Seal.row_key"), "the table and the number of a row"),
    **dict.fromkeys(
        ("Campaign.currency", "Deal.currency", "Card.currency", "BoardCount.currency"),
        "three letters, checked on entry; sums are counted by them",
    ),
    "Score.values": "numbers alone",
    "Setting.value": "the time zone, days, switches and a currency: no day can be told without them",
    "SchemaVersion.name": "the name of a migration, looked up",
    "Event.command_id": "compared with ids, never shown",
    "Command.id": "compared with ids, never shown",
    "Command.result": "what the program answered, for the repetition of the command",
}
"""Text columns that keep what they hold, each with its reason."""

_OURS: Final = re.compile(
    r"|[a-z0-9_]+(?:\.[a-z0-9_]+)*|[A-Z]{1,3}\d*|\d{4}-\d\d-\d\d(?:T[\d:.+Z-]+)?|[0-9a-f]{64}", re.ASCII
)
"""Leaves of JSON that no person writes."""

_WEEK: Final = timedelta(days=7)

Opens = Callable[[Desk], Awaitable[SalesScreen[Any]]]


def spoil(story: Story, text: str) -> None:
    """Write a text wherever people may write one; rows of every kind are put in where the story has none."""
    boss = story.people["boss"]
    roles = frozenset(role.key for role in story.loaded.playbook.roles)
    story.people = {**story.people, "boss": replace(boss, roles=roles)}
    with story.store.transaction(boss, now=story.now) as tx:
        furnish(tx, story)
        for table, columns in PLAIN.items():
            if table not in (t.Event, t.User):
                _update(table, dict.fromkeys(columns, text))
        for user in t.User.select():
            t.User.update(name=text, login=f"{text}{user.id}").where(t.User.id == user.id).execute()
        for table, columns in JSON.items():
            if table not in (t.Event, t.Playbook):
                for row in table.select():
                    for column in columns:
                        setattr(row, column, _spoiled(getattr(row, column), text))
                    row.save()
        for book in t.Playbook.select():
            checked = json.dumps(_titles(json.loads(book.checked), text), ensure_ascii=False)
            digest = sha256(checked.encode("utf-8", "surrogatepass")).hexdigest()
            t.Playbook.update(checked=checked, digest=digest).where(t.Playbook.id == book.id).execute()
        _tell_events(tx, text)


def _update(table: type[t.Table], values: Mapping[str, object]) -> None:
    """Set columns of all rows."""
    table.update({getattr(table, name): value for name, value in values.items()}).execute()


def furnish(tx: Transaction, story: Story) -> None:
    """Put a row into every table that the story leaves empty: a draft, a review with its vote, an exception …"""
    boss, now = story.people["boss"].id, story.now
    lin = story.people["lin"].id
    fact = tx.store.files.put(_paper(story))
    files = [{"name": "报价 1.pdf", "sha256": fact.sha256, "size": fact.size, "type": "pdf"}]
    output: Any = t.Output.select().first()
    deal: Any = t.Deal.get_by_id(story.deal)
    revision: Any = t.Revision.select().where(t.Revision.output == output.id).first()
    rule, under_review = _reviewed(story, lin)
    membership = t.Membership.select().first()
    t.CustomerEvent.create(
        membership=membership, kind="project", note="二期立项", day=now.date(), at=now, recorded_at=now, by=boss
    )
    t.Revision.update(files=files).execute()
    for key, scope, owner in ((output.key, output.scope, output.owner_id), ("offer", "deal", story.deal)):
        given = {"scope": scope, "owner_id": owner, "key": key, "author": boss}
        t.Draft.create(**given, values=revision.values, files=files, based_on=1, at=now)
    asked = {"revision": 1, "deal": deal, "requested_by": lin, "requested_at": now, "note": "请看"}
    review = t.Review.create(output=under_review, **asked)
    vote = {"review": review, "name": "孙洁", "at": now, "comment": "可以", "evidence": "邮件", "files": files}
    for place, role in enumerate(rule.roles):
        t.Asked.create(review=review, role=role, user=boss, waiting=place == 0)
        if place:
            t.Vote.create(**vote, role=role, decision="approve", recorded_by=boss, voted_on=now.date())
    t.Sending.create(
        output=output, revision=1, values={"channel": "email", "to": "王总", "note": "合同"}, at=now, by=lin
    )
    playbook = story.loaded.playbook
    for stage in playbook.stages:
        for action in stage.actions:
            t.ActionTick.create(deal=deal, key=action.key, note="已做", at=now, by=lin)
    granted = {"deal": deal, "reason": "客户催", "granted_name": "方总", "granted_at": now, "files": files}
    for key in (*story.unmet[:1], "research.market_report.complete"):
        t.Waiver.create(
            **granted, requirement=key, granted_by=None, recorded_by=lin, evidence="微信", expires_at=now + _WEEK
        )
    t.Activity.update(summary_files=files, outline="提纲").execute()
    planned = t.Activity.create(
        customer=deal.customer, state="planned", channel="phone", at=now, subject="走访", outline="三点",
        values={"note": "带样机"}, owner=lin, author=lin, created_at=now,
    )  # fmt: skip
    t.ActivityDeal.create(activity=planned, deal=deal)
    closed = dict(deal.__data__) | {"status": "lost", "closed_at": now, "note": "客户换了人", "competitor": "科瑞"}
    t.Deal.create(**{name: value for name, value in closed.items() if name != "id"})


def _reviewed(story: Story, author: int) -> tuple[ReviewRule, Any]:
    """Submit the first output that is reviewed; return the rule of the review, and the output."""
    playbook = story.loaded.playbook
    rule = next(output.review for _stage, output in playbook.outputs() if output.review)
    output, _made = t.Output.get_or_create(scope="deal", owner_id=story.deal, key=rule.of, defaults={"latest": 1})
    values = complete(playbook.output(rule.of).fields, story.ask())
    for number in (1, 2):
        given = {"number": number, "values": values, "files": [], "note": "改了价格", "at": story.now}
        t.Revision.create(output=output, author=author, **given)
    t.Output.update(latest=1).where(t.Output.id == output.id).execute()
    return rule, output


def deeper(story: Story) -> dict[str, tuple[Opens, tuple[str, ...]]]:
    """Return the screens behind the screens, where the texts of reviews, revisions and remarks stand."""
    playbook = story.loaded.playbook
    rule = next(output.review for _stage, output in playbook.outputs() if output.review)
    ticked = next(action.key for stage in playbook.stages for action in stage.actions if action.data is None)

    async def review(desk: Desk) -> SalesScreen[Any]:
        return ReviewScreen(desk, await desk.ask(review_page.page, story.deal, rule.of))

    async def revisions(desk: Desk) -> SalesScreen[Any]:
        return RevisionsScreen(desk, await desk.ask(output_page.page, story.deal, rule.of), None)

    async def comment(desk: Desk) -> SalesScreen[Any]:
        line = (await desk.ask(reviews.waiting_for_me))[0]
        return review_forms.comment(desk, line, rule.roles[0], Decision.REJECT)

    async def campaign(desk: Desk) -> SalesScreen[Any]:
        return CampaignScreen(desk, story.campaign)

    found: dict[str, Opens] = {
        "review": review,
        "revisions": revisions,
        "comment on a review": comment,
        "campaign": campaign,
        "customer's event": partial(customer_event.record, deal=story.deal),
        "contact's form": partial(customer_forms.edit_contact, contact=1),
        "contact to be removed": partial(customer_forms.remove_contact, contact=1),
        "ticked action": partial(dialogs.tick, deal=story.deal, action=ticked),
    }
    return {name: (opens, ("down", "tab")) for name, opens in found.items()}


def untouched(story: Story, text: str) -> list[str]:
    """Return the columns to be spoiled in which the text does not stand."""
    left = []
    with story.store.reading():
        for table, columns in (*PLAIN.items(), *JSON.items()):
            rows = list(table.select())
            for column in columns:
                left += [f"{table.__name__}.{column}"] * (
                    not any(text in _leaves(getattr(row, column)) for row in rows)
                )
    return left


def _leaves(value: object) -> list[str]:
    """Return every text in a value, also in JSON that is kept as text, and what a login begins with."""
    if isinstance(value, Mapping):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    if not isinstance(value, str):
        return []
    if value.startswith("{"):
        try:
            return [value, *_leaves(json.loads(value))]
        except ValueError:
            return [value]
    return [value, value.rstrip("0123456789")]


def _paper(story: Story) -> Path:
    path = story.folder / "paper.pdf"
    path.write_bytes(b"%PDF-1.4 paper")
    return path


def _spoiled(value: Any, text: str) -> Any:
    """Return a JSON value with every text of people replaced."""
    if isinstance(value, Mapping):
        return {key: _spoiled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_spoiled(each, text) for each in value]
    return text if isinstance(value, str) and not _OURS.fullmatch(value) else value


def _titles(value: Any, text: str) -> Any:
    """Return a playbook's tree with every text that it has in two languages replaced."""
    if isinstance(value, Mapping):
        if value and set(value) <= {"zh", "en"}:
            return dict.fromkeys(value, text)
        return {key: _titles(each, text) for key, each in value.items()}
    return [_titles(each, text) for each in value] if isinstance(value, list) else value


def _tell_events(tx: Transaction, text: str) -> None:
    """Tell every kind of event once more with the text in it, and one whose action and subject are the text.

    Events cannot be changed.
    """
    told: dict[str, Any] = {}
    for event in t.Event.select():
        told.setdefault(event.action, event)
    last = list(told.values())[-1]
    for action, event in [*told.items(), (text, last)]:
        values = {
            "at": tx.now, "actor_id": event.actor_id, "actor_name": text, "action": action,
            "subject": event.subject if action in told else text, "deal_id": event.deal_id,
            "customer_id": event.customer_id, "campaign_id": event.campaign_id,
            "before": {**(event.before or {}), "note": text},
            "after": {**_spoiled(event.after or {}, text), "name": text},
            "note": text, "command_id": "",
        }  # fmt: skip
        chain.append(tx.store.database, values)
