"""Conversations with customers: planned follow-ups, talks that took place, and their summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.problems import Problem
from salestui.domain.records import Activity, ActivityState, Deal, Kind, number_of, shown
from salestui.domain.text import clean_name
from salestui.errors import NotFound
from salestui.services import cards
from salestui.services.conversations import fields_of, get, record, refusal, served_by
from salestui.services.follow_ups import cancel, change, plan, postpone
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.services.summaries import send_summary
from salestui.services.summary_mail import as_eml, summary_text
from salestui.services.talk_forms import plan_fields, read_talk, summary_fields, talk_fields
from salestui.storage import activities as rows
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
        served = served_by(tx, deals)
        done = served if isinstance(served, Invalid) else _log_new(tx, served, values, clean_name(subject))
    else:
        done = _log_known(tx, get(tx, activity), deals, values, subject, expected_version)
    if not isinstance(done, Done) or summary is None:
        return done
    return send_summary(tx, done.number, summary, files)


def _log_new(tx: Transaction, deals: tuple[Deal, ...], raw: Mapping[str, object], subject: str) -> Done | Invalid:
    values, problems = read_talk(fields_of(tx, deals), raw, now=tx.now, team=team_of(tx))
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
    record(tx, "talk.logged", number, deals, None, {"subject": subject, "values": values})
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
    served = served_by(tx, (*known.deals, *deals))
    if isinstance(served, Invalid):
        return served
    refused = refusal(tx, known, expected_version)
    if refused:
        return refused
    was_talk = known.state is ActivityState.DONE
    if not was_talk and "channel" not in raw and known.channel:
        raw = {**raw, "channel": known.channel}
    values, problems = read_talk(fields_of(tx, served), {**known.values, **raw}, now=tx.now, team=team_of(tx))
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
        record(tx, "talk.changed", known.id, served, changes[0], changes[1])
    else:
        record(tx, "talk.logged", known.id, served, planned, after)
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
