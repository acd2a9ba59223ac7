"""Exceptions: a manager's accountable override of one requirement of one deal, with reason and expiry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from salestui.domain.clock import TeamCalendar
from salestui.domain.gate import GateReport
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import After, Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import tidy
from salestui.domain.records import Kind, shown
from salestui.domain.requirement import Requirement, State
from salestui.domain.sheets import ExceptionRecord
from salestui.domain.text import clean_name, same_name
from salestui.errors import NotFound
from salestui.services import attachments, cards, recording
from salestui.services.loading import Loaded, judge_loaded, load
from salestui.services.request import Call, reads, writes
from salestui.services.requirement_titles import title_of
from salestui.services.review_rules import names_of
from salestui.storage import exceptions as rows
from salestui.storage.cards import ON_BOARD
from salestui.storage.outputs import file_entries
from salestui.storage.store import Transaction

__all__ = ["LONGEST_DAYS", "fields", "get", "grant", "of", "open_requirements", "revoke"]

LONGEST_DAYS = 180
"""The most days an exception may last."""


@reads
def get(call: Call, exception: int) -> ExceptionRecord:
    """Return one exception; raises NotFound."""
    found = rows.get(exception, call.store.files.exists)
    if found is None:
        raise NotFound("exception", shown(Kind.EXCEPTION, exception))
    return found


@reads
def of(call: Call, deal: int) -> tuple[ExceptionRecord, ...]:
    """Return all exceptions of a deal, oldest first, also those expired or revoked; raises NotFound."""
    load(call, deal)
    return rows.of_deal(deal, call.store.files.exists)


@reads
def open_requirements(call: Call, deal: int) -> tuple[Requirement, ...]:
    """Return the requirements of a deal for which an exception may be granted now; raises NotFound."""
    return _open(judge_loaded(load(call, deal), call))


def _open(report: GateReport) -> tuple[Requirement, ...]:
    return tuple(requirement for requirement in report.unmet if requirement.exceptable)


@writes
def grant(
    tx: Transaction,
    deal: int,
    requirement_key: str,
    reason: str,
    expires_on: date,
    *,
    recorded_for: str = "",
    granted_on: date | None = None,
    evidence: str = "",
    files: Sequence[Path] = (),
) -> Done | NotAllowed | Invalid:
    """Except one requirement that the deal's gate asks now and does not find met, until the end of `expires_on`.

    A manager who does not own the deal grants it; or it is recorded for the person who did (`recorded_for`, on the day
    `granted_on`, today when None, with evidence), where the database allows it. Raises NotFound for an unknown deal or
    requirement.
    """
    loaded = load(tx, deal)
    name = clean_name(recorded_for)
    refused = _may_not_grant(tx, loaded, name) or _not_excepted(tx, loaded, requirement_key)
    if refused:
        return refused
    team = loaded.team
    today = team.today(tx.now)
    day = granted_on or today
    problems = _grant_problems(reason, expires_on, today)
    if name:
        problems += recording.problems(day, "granted_on", evidence, files, today=today)
    if problems:
        return Invalid(tuple(problems))
    kept, unreadable = attachments.take_evidence(tx, files)
    if unreadable:
        return Invalid(unreadable)
    why, proof = tidy(reason, lines=True), tidy(evidence, lines=True)
    number = rows.insert(
        deal,
        requirement_key,
        why,
        granted_by=None if name else tx.actor.id,
        granted_name=name or tx.actor.name,
        granted_at=tx.now if not name or day == today else _start_of(day, team),
        expires_at=team.end_of(expires_on),
        recorded_by=tx.actor.id if name else None,
        evidence=proof,
        files=kept,
    )
    after: dict[str, object] = {
        "requirement": requirement_key,
        "expires_on": expires_on.isoformat(),
        "granted_by": name or tx.actor.name,
    }
    if name:
        entries = file_entries(kept)
        after |= {"recorded_by": tx.actor.name, "granted_on": day.isoformat(), "evidence": proof, "files": entries}
    _record(tx, loaded, "exception.granted", number, None, after, why)
    cards.refresh(tx, (deal,))
    return Done(shown(Kind.EXCEPTION, number), 1, number)


def _start_of(day: date, team: TeamCalendar) -> datetime:
    return datetime.combine(day, time(), team.zone)


def _may_not_grant(tx: Transaction, loaded: Loaded, name: str) -> NotAllowed | None:
    deal = loaded.deal
    params = {"deal": shown(Kind.DEAL, deal.id), "owner": deal.owner_name, "name": name}
    if deal.status not in ON_BOARD:
        return NotAllowed("deal_not_on_board", params)
    if not name:
        code = refusal(tx.actor, Act.GRANT_EXCEPTION, deal.owner)
        return NotAllowed("no_own_exception" if code == "not_own_deal" else code, params) if code else None
    refused = recording.not_allowed(tx)
    if refused:
        return refused
    code = refusal(tx.actor, Act.RECORD_EXCEPTION, deal.owner)
    if code:
        return NotAllowed(code, params)
    if same_name(name) in names_of((deal.owner,)):
        return NotAllowed("no_own_exception", params)
    return NotAllowed("record_for_yourself", params) if same_name(name) in names_of((tx.actor.id,)) else None


def _not_excepted(tx: Transaction, loaded: Loaded, key: str) -> NotAllowed | None:
    requirement = judge_loaded(loaded, tx).requirement(key)
    if requirement is None:
        raise NotFound("requirement", key)
    params: dict[str, object] = {"requirement": key, "output": requirement.output}
    if requirement.met:
        return NotAllowed("requirement_met", params)
    if not requirement.exceptable:
        return NotAllowed("not_exceptable", params)
    if requirement.state is State.EXCEPTED and requirement.exception:
        return NotAllowed("already_excepted", {**params, "exception": shown(Kind.EXCEPTION, requirement.exception.id)})
    return None


def _grant_problems(reason: str, expires_on: date, today: date) -> list[Problem]:
    problems = []
    if not tidy(reason, lines=True):
        problems.append(Problem("reason", "missing", {"field": "reason"}))
    if expires_on <= today:
        problems.append(Problem("expires_on", "not_after", {"what": "today", "date": today.isoformat()}))
    elif expires_on > today + timedelta(days=LONGEST_DAYS):
        problems.append(Problem("expires_on", "too_far", {"days": LONGEST_DAYS}))
    return problems


@writes
def revoke(tx: Transaction, exception: int, reason: str) -> Done | NotAllowed | Invalid | Conflict:
    """End an exception that is in force; a manager's act, with a reason. Raises NotFound."""
    found = get(tx, exception)
    params = {"exception": shown(Kind.EXCEPTION, exception)}
    code = refusal(tx.actor, Act.REVOKE_EXCEPTION)
    if code:
        return NotAllowed(code, params)
    if not found.in_force(tx.now):
        return NotAllowed("exception_over", params)
    why = tidy(reason, lines=True)
    if not why:
        return Invalid((Problem("reason", "missing", {"field": "reason"}),))
    if not rows.revoke(tx, found, tx.now):
        return Conflict(shown(Kind.EXCEPTION, exception), found.version, found.version + 1)
    kind = {"requirement": found.requirement}
    before = {**kind, "revoked": False, "granted_by": found.granted_by}
    _record(tx, load(tx, found.deal), "exception.revoked", exception, before, {**kind, "revoked": True}, why)
    cards.refresh(tx, (found.deal,))
    return Done(shown(Kind.EXCEPTION, exception), found.version + 1, exception)


def _record(
    tx: Transaction,
    loaded: Loaded,
    action: str,
    exception: int,
    before: dict[str, object] | None,
    after: dict[str, object],
    note: str,
) -> None:
    deal = loaded.deal
    tx.record(
        action,
        subject=shown(Kind.EXCEPTION, exception),
        before=before,
        after=after,
        deal=deal.id,
        customer=deal.customer,
        campaign=deal.campaign,
        note=note,
    )


@reads
def fields(call: Call, deal: int) -> tuple[Field, ...]:
    """Return the form of an exception: the requirements it can be granted for, why, until when; raises NotFound."""
    loaded = load(call, deal)
    wanted = _open(judge_loaded(loaded, call))
    choices = tuple(Choice(requirement.key, title_of(requirement.key, loaded.playbook)) for requirement in wanted)
    asked: tuple[Field, ...] = (
        Field("requirement", FieldType.CHOICE, Text("过关条件", "Requirement"), required=True, choices=choices),
        Field(
            "reason",
            FieldType.LONG_TEXT,
            Text("理由", "Reason"),
            help=Text("为什么可以先过，由谁何时补上", "Why it may pass, and who makes it good by when"),
            required=True,
        ),
        Field(
            "expires_on",
            FieldType.DATE,
            Text("有效到", "Valid through"),
            help=Text("含当天，最长 180 天", "Through the end of that day; 180 days at most"),
            required=True,
            rules=(After("today"),),
        ),
    )
    if not recording.allowed(call):
        return asked
    own = refusal(call.actor, Act.GRANT_EXCEPTION, loaded.deal.owner) is not None
    return asked + recording.fields("granted_on", Text("批准日期", "Granted on"), required=own)
