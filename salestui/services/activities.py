"""Conversations with customers: planned follow-ups, talks that took place, and their summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

from salestui.domain.days import read_date, read_datetime
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import Field
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable
from salestui.domain.records import Activity, ActivityState, Deal, Kind, number_of, shown
from salestui.domain.text import clean, clean_name
from salestui.errors import NotFound
from salestui.services import cards, playbooks, users
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.services.summaries import send_summary
from salestui.services.summary_mail import as_eml, summary_text
from salestui.services.talk_forms import plan_fields, read_talk, summary_fields, talk_fields
from salestui.storage import activities as rows
from salestui.storage import deals as deal_rows
from salestui.storage.store import Transaction

__all__ = [
    "as_eml",
    "cancel",
    "change",
    "find",
    "get",
    "log",
    "of",
    "of_customer",
    "plan",
    "plan_fields",
    "postpone",
    "send_summary",
    "summary_fields",
    "summary_text",
    "talk_fields",
]

_DAY_ENDS = time(23, 59, 59)


@reads
def get(call: Call, activity: int) -> Activity:
    """Return one conversation; raises NotFound."""
    found = rows.get(activity)
    if found is None:
        raise NotFound("activity", shown(Kind.ACTIVITY, activity))
    return found


@reads
def find(call: Call, text: str) -> Activity:
    """Return the conversation with this shown id ("T9"); raises NotFound."""
    number = number_of(Kind.ACTIVITY, text.strip())
    if number is None:
        raise NotFound("activity", text)
    return get(call, number)


@reads
def of(call: Call, deal: int) -> tuple[Activity, ...]:
    """Return the conversations that serve a deal, planned ones too, newest first."""
    return rows.of_deal(deal)


@reads
def of_customer(call: Call, customer: int, limit: int = 50) -> tuple[Activity, ...]:
    """Return a customer's conversations, newest first."""
    return rows.of_customer(customer, limit)


@writes
def log(
    tx: Transaction,
    deals: Sequence[int],
    values: Mapping[str, object],
    *,
    subject: str = "",
    activity: int | None = None,
    summary: Mapping[str, object] | None = None,
    files: Sequence[Path] = (),
    expected_version: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Record a talk that took place: `values` are those of `talk_fields`; what is missing may be added later.

    `activity` names the planned one that it fulfils, or a talk to complete: values not given stay, empty ones go.
    A talk keeps the deals it serves; more may be added. `summary` and `files` send its summary at once.
    """
    done: Done | Invalid | NotAllowed | Conflict
    if activity is None:
        served = _served(tx, deals)
        done = served if isinstance(served, Invalid) else _log_new(tx, served, values, clean_name(subject))
    else:
        done = _log_known(tx, get(tx, activity), deals, values, subject, expected_version)
    if not isinstance(done, Done) or summary is None:
        return done
    return send_summary(tx, done.number, summary, files)


def _served(tx: Transaction, deals: Sequence[int]) -> tuple[Deal, ...] | Invalid:
    """Return the deals a conversation serves: at least one, and all of one customer; raises NotFound."""
    wanted = tuple(dict.fromkeys(deals))
    found = {deal.id: deal for deal in deal_rows.many(wanted)}
    for number in wanted:
        if number not in found:
            raise NotFound("deal", shown(Kind.DEAL, number))
    if not wanted:
        return Invalid((Problem("deals", "missing", {"field": "deals"}),))
    if len({deal.customer for deal in found.values()}) > 1:
        return Invalid((Problem("deals", "other_customer"),))
    return tuple(found[number] for number in wanted)


def _fields(tx: Transaction, deals: Sequence[Deal]) -> tuple[Field, ...]:
    """Return what the playbooks of all these deals ask about a talk; the first one's come first."""
    fields: dict[str, Field] = {}
    for key, version in dict.fromkeys((deal.playbook, deal.playbook_version) for deal in deals):
        for field in talk_fields(playbooks.get(tx, key, version)):
            fields.setdefault(field.key, field)
    return tuple(fields.values())


def _log_new(tx: Transaction, deals: tuple[Deal, ...], raw: Mapping[str, object], subject: str) -> Done | Invalid:
    values, problems = read_talk(_fields(tx, deals), raw, now=tx.now, team=team_of(tx))
    if problems:
        return Invalid(problems)
    columns = _talk_columns(values) | {"subject": subject}
    number = rows.insert(
        {
            **columns,
            "customer": deals[0].customer,
            "owner": tx.actor.id,
            "author": tx.actor.id,
            "created_at": tx.now,
        },
        [deal.id for deal in deals],
    )
    _record(tx, "talk.logged", number, deals, None, {"subject": subject, "values": values})
    cards.refresh(tx, [deal.id for deal in deals])
    return Done(shown(Kind.ACTIVITY, number), 1, number)


def _talk_columns(values: Mapping[str, object]) -> dict[str, object]:
    return {
        "state": ActivityState.DONE.value,
        "channel": values["channel"],
        "at": datetime.fromisoformat(str(values["at"])),
        "all_day": False,
        "values": dict(values),
    }


def _log_known(
    tx: Transaction,
    known: Activity,
    deals: Sequence[int],
    raw: Mapping[str, object],
    subject: str,
    expected_version: int | None,
) -> Done | Invalid | NotAllowed | Conflict:
    served = _served(tx, (*known.deals, *deals))
    if isinstance(served, Invalid):
        return served
    refused = _refused(tx, known, expected_version)
    if refused:
        return refused
    was_talk = known.state is ActivityState.DONE
    if not was_talk and "channel" not in raw and known.channel:
        raw = {**raw, "channel": known.channel}
    values, problems = read_talk(_fields(tx, served), {**known.values, **raw}, now=tx.now, team=team_of(tx))
    if known.summary_sent_at and known.summary_sent_at < datetime.fromisoformat(str(values.get("at", known.at))):
        problems = (*problems, Problem("at", "after_summary", {"at": known.summary_sent_at.isoformat()}))
    if problems:
        return Invalid(problems)
    after = {"subject": clean_name(subject) or known.subject, "values": values}
    before = {"subject": known.subject, "values": dict(known.values)}
    added = [deal.id for deal in served if deal.id not in known.deals]
    if was_talk and before == after and not added:
        return Done(shown(Kind.ACTIVITY, known.id), known.version, known.id, changed=False)
    rows.update(tx, known.id, known.version, {**_talk_columns(values), "subject": after["subject"]})
    rows.add_deals(known.id, added)
    planned = {"state": known.state.value, "at": known.at.isoformat(), "subject": known.subject}
    changes = _changed(before, after, added)
    if was_talk:
        _record(tx, "talk.changed", known.id, served, changes[0], changes[1])
    else:
        _record(tx, "talk.logged", known.id, served, planned, after)
    cards.refresh(tx, [deal.id for deal in served])
    return Done(shown(Kind.ACTIVITY, known.id), known.version + 1, known.id)


def _changed(
    before: Mapping[str, object], after: Mapping[str, object], added: Sequence[int]
) -> tuple[dict[str, object], dict[str, object]]:
    """Return what differs, before and after; of the talk's values only those that changed."""
    old, new = dict(before), dict(after)
    if old["subject"] == new["subject"]:
        del old["subject"], new["subject"]
    one, other = old["values"], new["values"]
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
        old["values"], new["values"] = ({key: values.get(key) for key in keys} for values in (one, other))
    if added:
        new["deals"] = list(added)
    return old, new


def _record(
    tx: Transaction,
    action: str,
    activity: int,
    deals: Sequence[Deal],
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    note: str = "",
) -> None:
    """Write one event for each deal served, so that every deal's history tells it; the customer's tells it once."""
    for index, deal in enumerate(deals):
        tx.record(
            action,
            subject=shown(Kind.ACTIVITY, activity),
            deal=deal.id,
            customer=deal.customer if index == 0 else None,
            campaign=deal.campaign,
            before=before,
            after=after,
            note=note,
        )


def _refused(tx: Transaction, known: Activity, expected_version: int | None) -> NotAllowed | Conflict | None:
    """Say why the actor may not change a conversation: it is another's, it was called off, or it changed meanwhile."""
    name = shown(Kind.ACTIVITY, known.id)
    owners = {deal.owner for deal in deal_rows.many(known.deals)} | {known.owner, known.author}
    if not tx.actor.manages and tx.actor.id not in owners:
        return NotAllowed("only_owner_or_manager", {"activity": name, "owner": known.owner_name})
    if known.state is ActivityState.CANCELLED:
        return NotAllowed("activity_cancelled", {"activity": name})
    if expected_version is not None and expected_version != known.version:
        return Conflict(name, expected_version, known.version)
    return None


@writes
def plan(
    tx: Transaction,
    deals: Sequence[int],
    *,
    at: datetime | date | str,
    subject: str,
    channel: str = "",
    all_day: bool = False,
    outline: str = "",
    owner: str | int | None = None,
) -> Done | Invalid | NotAllowed:
    """Plan a follow-up for deals of one customer, with an outline for the talk where there is one.

    `at` is a moment or, for a whole day, a date; texts are read as people write them. `owner` (login, name or id) is
    the actor unless given; only a manager plans for people other than himself and the deals' owners.
    """
    served = _served(tx, deals)
    if isinstance(served, Invalid):
        return served
    given = {"at": at, "subject": subject, "channel": channel, "all_day": all_day, "outline": outline, "owner": owner}
    columns, problems = _plan_columns(tx, given, served, all_day=all_day)
    if problems:
        return Invalid(problems)
    denied = _owner_refusal(tx, columns, served)
    if denied:
        return denied
    columns = {"owner": tx.actor.id, **columns, "state": ActivityState.PLANNED.value}
    number = rows.insert(
        {**columns, "values": {}, "customer": served[0].customer, "author": tx.actor.id, "created_at": tx.now},
        [deal.id for deal in served],
    )
    _record(tx, "activity.planned", number, served, None, _told(columns))
    cards.refresh(tx, [deal.id for deal in served])
    return Done(shown(Kind.ACTIVITY, number), 1, number)


def _owner_refusal(tx: Transaction, columns: Mapping[str, object], deals: Sequence[Deal]) -> NotAllowed | None:
    near = {tx.actor.id, *(deal.owner for deal in deals)}
    if columns.get("owner") in {None, *near} or tx.actor.manages:
        return None
    return NotAllowed("only_manager")


def _told(columns: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in columns.items()
        if key in {"at", "all_day", "subject", "channel", "outline", "owner"} and value != ""
    }


def _plan_columns(
    tx: Transaction, given: Mapping[str, object], deals: Sequence[Deal], *, all_day: bool
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the columns of a planned activity for the keys in `given`, and what is wrong with them."""
    problems: list[Problem] = []
    columns: dict[str, object] = {}
    if "at" in given or "all_day" in given:
        try:
            columns["at"] = _moment(tx, given["at"], all_day=all_day)
            columns["all_day"] = all_day
        except Unreadable as error:
            problems.append(Problem("at", error.code, error.params))
    if "subject" in given:
        columns["subject"] = clean_name(str(given["subject"]))
        if not columns["subject"]:
            problems.append(Problem("subject", "missing", {"field": "subject"}))
    if "outline" in given:
        columns["outline"] = clean(str(given["outline"]), lines=True)
    if "channel" in given:
        columns["channel"] = given["channel"]
        field = next(field for field in _fields(tx, deals) if field.key == "channel")
        if given["channel"] and field.choice(str(given["channel"])) is None:
            problems.append(Problem("channel", "unknown_choice", {"value": given["channel"]}))
    wanted = given.get("owner")
    if wanted:
        columns["owner"] = wanted if isinstance(wanted, int) else users.find(tx, str(wanted)).id
    return columns, tuple(problems)


def _moment(tx: Transaction, at: object, *, all_day: bool) -> datetime:
    """Return when something is planned for (UTC); a whole day counts as lying ahead until it ends."""
    team = team_of(tx)
    today = team.today(tx.now)
    if all_day:
        if isinstance(at, datetime):
            day = team.today(at)
        else:
            day = read_date(at.strip() if isinstance(at, str) else at, today)
        return datetime.combine(day, _DAY_ENDS, team.zone)
    if isinstance(at, date) and not isinstance(at, datetime):
        raise Unreadable("bad_datetime", value=at.isoformat())
    return read_datetime(at, today, team.zone)


@writes
def change(
    tx: Transaction, activity: int, values: Mapping[str, object], expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Change a planned activity: any of the fields of `plan_fields`, and `deals`. Talks are changed by `log`."""
    known = get(tx, activity)
    refused = _refused(tx, known, expected_version) or _not_planned(known)
    if refused:
        return refused
    wanted = values.get("deals")
    served = _served(tx, tuple(wanted) if isinstance(wanted, list | tuple) else known.deals)
    if isinstance(served, Invalid):
        return served
    if served[0].customer != known.customer:
        return Invalid((Problem("deals", "other_customer"),))
    all_day = bool(values.get("all_day", known.all_day))
    given = {key: value for key, value in values.items() if key != "deals"}
    if "all_day" in given:
        given.setdefault("at", known.at)
    columns, problems = _plan_columns(tx, given, served, all_day=all_day)
    if problems:
        return Invalid(problems)
    denied = _owner_refusal(tx, columns, served)
    if denied:
        return denied
    return _changed_plan(tx, known, served, columns)


def _not_planned(known: Activity) -> NotAllowed | None:
    if known.state is ActivityState.PLANNED:
        return None
    return NotAllowed("talk_took_place", {"activity": shown(Kind.ACTIVITY, known.id)})


def _changed_plan(tx: Transaction, known: Activity, served: tuple[Deal, ...], columns: Mapping[str, object]) -> Done:
    changed = {key: value for key, value in columns.items() if getattr(known, key) != value}
    deals = tuple(deal.id for deal in served)
    if not changed and set(deals) == set(known.deals):
        return Done(shown(Kind.ACTIVITY, known.id), known.version, known.id, changed=False)
    rows.update(tx, known.id, known.version, changed)
    before = _told({key: getattr(known, key) for key in changed})
    after = {**dict.fromkeys(before, ""), **_told(changed)}
    if set(deals) != set(known.deals):
        rows.remove_deals(known.id, [deal for deal in known.deals if deal not in deals])
        rows.add_deals(known.id, [deal for deal in deals if deal not in known.deals])
        before["deals"], after["deals"] = list(known.deals), list(deals)
    _record(tx, "activity.changed", known.id, served, before, after)
    cards.refresh(tx, tuple({*deals, *known.deals}))
    return Done(shown(Kind.ACTIVITY, known.id), known.version + 1, known.id)


@writes
def postpone(
    tx: Transaction,
    activity: int,
    at: datetime | date | str,
    *,
    all_day: bool | None = None,
    expected_version: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Move a planned activity to another time; `all_day` None leaves it as it is."""
    values: dict[str, object] = {"at": at}
    if all_day is not None:
        values["all_day"] = all_day
    return change(tx, activity, values, expected_version)


@writes
def cancel(
    tx: Transaction, activity: int, reason: str = "", expected_version: int | None = None
) -> Done | NotAllowed | Conflict:
    """Call a planned activity off; a talk that took place stays."""
    known = get(tx, activity)
    refused = _refused(tx, known, expected_version) or _not_planned(known)
    if refused:
        return refused
    rows.update(tx, activity, known.version, {"state": ActivityState.CANCELLED.value})
    served = tuple(deal_rows.many(known.deals))
    before = {"at": known.at.isoformat(), "subject": known.subject}
    _record(tx, "activity.cancelled", activity, served, before, None, clean(reason, lines=True))
    cards.refresh(tx, known.deals)
    return Done(shown(Kind.ACTIVITY, activity), known.version + 1, activity)
