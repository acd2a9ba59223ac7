"""Follow-ups: conversations planned for a moment or a whole day, changed, postponed and called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from salestui.domain import permissions
from salestui.domain.days import read_date, read_datetime
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable
from salestui.domain.records import Activity, ActivityState, Deal, Kind, shown
from salestui.domain.text import clean, clean_name
from salestui.services import cards, users
from salestui.services.conversations import fields_of, get, record, refusal, served_by
from salestui.services.loading import team_of
from salestui.services.request import writes
from salestui.storage import activities as rows
from salestui.storage import deals as deal_rows
from salestui.storage.store import Transaction

__all__ = ["cancel", "change", "plan", "postpone"]

_DAY_ENDS = time(23, 59, 59)


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
    served = served_by(tx, deals)
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
    record(tx, "activity.planned", number, served, None, _told(columns))
    cards.refresh(tx, [deal.id for deal in served])
    return Done(shown(Kind.ACTIVITY, number), 1, number)


def _owner_refusal(tx: Transaction, columns: Mapping[str, object], deals: Sequence[Deal]) -> NotAllowed | None:
    near = {tx.actor.id, *(deal.owner for deal in deals)}
    own = tx.actor.id if columns.get("owner") in {None, *near} else None
    code = permissions.refusal(tx.actor, Act.PLAN_FOR, own)
    return NotAllowed(code) if code else None


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
        field = next(field for field in fields_of(tx, deals) if field.key == "channel")
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
    refused = refusal(tx, known, expected_version) or _not_planned(known)
    if refused:
        return refused
    wanted = values.get("deals")
    served = served_by(tx, tuple(wanted) if isinstance(wanted, list | tuple) else known.deals)
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
    record(tx, "activity.changed", known.id, served, before, after)
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
    refused = refusal(tx, known, expected_version) or _not_planned(known)
    if refused:
        return refused
    rows.update(tx, activity, known.version, {"state": ActivityState.CANCELLED.value})
    served = tuple(deal_rows.many(known.deals))
    before = {"at": known.at.isoformat(), "subject": known.subject}
    record(tx, "activity.cancelled", activity, served, before, None, clean(reason, lines=True))
    cards.refresh(tx, known.deals)
    return Done(shown(Kind.ACTIVITY, activity), known.version + 1, activity)
