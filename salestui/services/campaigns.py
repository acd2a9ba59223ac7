"""Campaigns: pushes into a market, each bound to one version of a playbook."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Choice, Field, FieldType, Playbook, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable, read_choice
from salestui.domain.records import Campaign, Kind, number_of, shown
from salestui.domain.text import clean_name
from salestui.errors import NotFound
from salestui.services import cards, editing, playbooks, settings, users
from salestui.services.request import Call, reads, writes
from salestui.storage import campaigns as rows
from salestui.storage.store import Transaction

__all__ = ["all", "campaign_fields", "change", "change_fields", "find", "form_values", "get", "new"]

Values = Mapping[str, object]

_NAME = Field(
    "name",
    FieldType.TEXT,
    Text("活动名称", "Name"),
    example=Text("2026 华东食品包装拓展", "East China food packaging 2026"),
    required=True,
)
_MARKET = Field(
    "market",
    FieldType.TEXT,
    Text("目标市场", "Market"),
    help=Text("打哪个行业、哪个区域", "Which industry, which region"),
    example=Text("华东食品加工企业", "Food processors in East China"),
)
_CURRENCY = Field(
    "currency",
    FieldType.TEXT,
    Text("币种", "Currency"),
    help=Text("三个字母的代码，单子金额默认用它", "Three letters; the amounts of its deals start with it"),
    example=Text("CNY", "CNY"),
)
_OWNER = Field(
    "owner",
    FieldType.PERSON,
    Text("负责人", "Owner"),
    help=Text("姓名或登录名，不填就是自己", "Name or login; left empty it is yourself"),
)
_NOTE = Field("note", FieldType.LONG_TEXT, Text("备注", "Note"))
_CLOSED = Field(
    "closed",
    FieldType.YES_NO,
    Text("已结束", "Closed"),
    help=Text("结束后不再进新单子，已有的照常推进", "It takes no new deals; those it has go on"),
)

_SHARED = Field(
    "shared",
    FieldType.YES_NO,
    Text("共享", "Shared"),
    help=Text(
        "团队设置里销售只看自己的时，这里的单子大家也都看得到", "All reps see its deals, even where each sees his own"
    ),
)


def _scenario_field(playbook: Playbook) -> tuple[Field, ...]:
    if not playbook.scenarios:
        return ()
    choices = tuple(Choice(scenario.key, scenario.title) for scenario in playbook.scenarios)
    return (
        Field(
            "scenario",
            FieldType.CHOICE,
            Text("拓展场景", "Scenario"),
            help=Text("这次为什么出去跑", "What this campaign is for"),
            required=True,
            choices=choices,
        ),
    )


@reads
def campaign_fields(call: Call, playbook: str | None = None) -> tuple[Field, ...]:
    """Return the form of a new campaign under `playbook`, or under the default one. Raises NotFound."""
    versions = playbooks.installed(call)
    chosen = playbooks.latest(call, playbook or playbooks.default_key(call))
    titles = {key: playbooks.latest(call, key).title for key in dict.fromkeys(version.key for version in versions)}
    return (
        _NAME,
        Field(
            "playbook",
            FieldType.CHOICE,
            Text("手册", "Playbook"),
            help=Text("按哪本手册走，定了就不再换", "The handbook it follows; it stays"),
            choices=editing.choices_of(titles),
        ),
        Field(
            "playbook_version",
            FieldType.INTEGER,
            Text("手册版本", "Playbook version"),
            help=Text("不填就用最新版", "Left empty it is the newest"),
            min=1,
        ),
        *_scenario_field(chosen),
        _MARKET,
        _CURRENCY,
        _NOTE,
        _OWNER,
    )


@reads
def change_fields(call: Call, campaign: int) -> tuple[Field, ...]:
    """Return the form by which a campaign is changed; its playbook is not in it. Raises NotFound."""
    record = get(call, campaign)
    playbook = playbooks.get(call, record.playbook, record.playbook_version)
    return (_NAME, *_scenario_field(playbook), _MARKET, _CURRENCY, _NOTE, _SHARED, _CLOSED, _OWNER)


def form_values(record: Campaign) -> dict[str, object]:
    """Return a campaign as values of its form."""
    return {
        "name": record.name,
        "scenario": record.scenario,
        "market": record.market,
        "currency": record.currency,
        "owner": record.owner_name,
        "note": record.note,
        "shared": record.shared,
        "closed": record.closed,
    }


@reads
def all(call: Call) -> tuple[Campaign, ...]:  # noqa: A001  # always read as campaigns.all
    """Return all campaigns, the running ones first, the newest on top."""
    return rows.everyone()


@reads
def get(call: Call, campaign: int) -> Campaign:
    """Return a campaign by number; raises NotFound."""
    found = rows.by_id(campaign)
    if found is None:
        raise NotFound("campaign", shown(Kind.CAMPAIGN, campaign))
    return found


@reads
def find(call: Call, text: str) -> Campaign:
    """Return the campaign with this shown id ("M1") or name; raises NotFound."""
    named = rows.by_name(text)
    number = number_of(Kind.CAMPAIGN, text.strip())
    found = named or (rows.by_id(number) if number is not None else None)
    if found is None:
        raise NotFound("campaign", clean_name(text))
    return found


@writes
def new(tx: Transaction, values: Values) -> Done | Invalid | NotAllowed:
    """Start a campaign; it pins the newest version of its playbook unless another is given.

    A rep starts campaigns of his own; a manager for anybody.
    """
    try:
        playbook = _chosen_playbook(tx, values)
    except NotFound as error:
        return Invalid((Problem("playbook", "unknown_choice", {"value": error.params["id"]}),))
    owner, unknown = users.owner_given(tx, values)
    given, problems = editing.read_new(tx, campaign_fields(tx, playbook.key), editing.without_owner(values))
    version = given.get("playbook_version")
    if isinstance(version, int):
        try:
            playbook = playbooks.get(tx, playbook.key, version)
        except NotFound:
            problems += (Problem("playbook_version", "unknown_version", {"value": version}),)
    problems += (*_name_problems(given), *_currency_problems(given), *unknown)
    if problems:
        return Invalid(problems)
    code = refusal(tx.actor, Act.ENTER_FOR, owner.id if owner else tx.actor.id)
    if code:
        return NotAllowed(code)
    columns: dict[str, object] = {
        "name": given["name"],
        "playbook": playbook.key,
        "playbook_version": playbook.version,
        "scenario": given.get("scenario", ""),
        "market": given.get("market", ""),
        "currency": str(given.get("currency") or settings.team(tx).currency).upper(),
        "note": given.get("note", ""),
    }
    number = rows.insert({**columns, "owner": owner.id if owner else tx.actor.id}, tx.now)
    subject = shown(Kind.CAMPAIGN, number)
    after = {**columns, "owner": owner.name if owner else tx.actor.name}
    tx.record("campaign.created", subject=subject, campaign=number, before=None, after=after)
    return Done(subject, 1, number)


def _chosen_playbook(tx: Transaction, values: Values) -> Playbook:
    """Return the newest version of the playbook that is named by key or title, of the default one where none is."""
    raw = values.get("playbook")
    default = playbooks.default_key(tx)
    if not isinstance(raw, str) or not raw.strip():
        return playbooks.latest(tx, default)
    choices = next(field for field in campaign_fields(tx, default) if field.key == "playbook").choices
    try:
        return playbooks.latest(tx, read_choice(choices, raw))
    except Unreadable as error:
        raise NotFound("playbook", error.params["value"]) from error


def _name_problems(values: Values, campaign: int | None = None) -> tuple[Problem, ...]:
    name = values.get("name")
    same = rows.by_name(str(name)) if name else None
    if same is None or same.id == campaign:
        return ()
    return (Problem("name", "same_name", {"id": shown(Kind.CAMPAIGN, same.id), "name": same.name}),)


def _currency_problems(values: Values) -> tuple[Problem, ...]:
    currency = str(values.get("currency") or "")
    if not currency or settings.is_currency(currency):
        return ()
    return (Problem("currency", "bad_currency", {"value": currency}),)


@writes
def change(
    tx: Transaction, campaign: int, values: Values, expected_version: int | None = None
) -> Done | Conflict | NotAllowed | Invalid:
    """Change the fields given of a campaign. Its owner or a manager may; only a manager gives it to another owner.

    Raises NotFound.
    """
    record = get(tx, campaign)
    subject = shown(Kind.CAMPAIGN, campaign)
    code = refusal(tx.actor, Act.EDIT_CAMPAIGN, record.owner)
    if code:
        return NotAllowed(code, {"campaign": subject, "owner": record.owner_name})
    owner, unknown = users.owner_given(tx, values)
    given = _in_capitals(record, editing.without_owner(values))
    edit = editing.read_change(tx, change_fields(tx, campaign), form_values(record), given)
    named = (*_name_problems(edit.values, campaign), *_currency_problems(edit.values))
    if edit.problems or named or unknown:
        return Invalid((*edit.problems, *named, *unknown))
    if owner and owner.id != record.owner:
        code = refusal(tx.actor, Act.GIVE_AWAY)
        if code:
            return NotAllowed(code)
        edit = edit.with_owner(record.owner_name, owner)
    if not edit.columns:
        return Done(subject, record.version, campaign, changed=False)
    expected = record.version if expected_version is None else expected_version
    if not rows.update(tx, campaign, expected, edit.columns):
        return Conflict(subject, expected, record.version)
    tx.record("campaign.changed", subject=subject, campaign=campaign, before=edit.before, after=edit.after)
    if "scenario" in edit.columns:
        cards.refresh_for(tx, campaign=campaign)
    return Done(subject, record.version + 1, campaign)


def _in_capitals(record: Campaign, values: Values) -> dict[str, object]:
    """Write the currency in capitals; a campaign always has one."""
    currency = values.get("currency", record.currency)
    if isinstance(currency, str):
        currency = clean_name(currency).upper() or record.currency
    return {**values, "currency": currency}
