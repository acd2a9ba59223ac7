"""The moves of a deal: right through its gates, left with a reason, off the board and back. All ask the one gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salestui.domain.facts import Status
from salestui.domain.gate import GateReport
from salestui.domain.outcomes import Blocked, Completed, Conflict, Done, Invalid, Moved, NotAllowed
from salestui.domain.permissions import Act
from salestui.domain.problems import Problem
from salestui.domain.records import Deal, Kind, shown
from salestui.domain.text import clean
from salestui.errors import NotFound
from salestui.services import cards
from salestui.services.deal_rules import CLOSED, conflict, get, not_allowed, off_board, plain, record
from salestui.services.loading import Loaded, judge_loaded, load
from salestui.services.request import writes
from salestui.storage import deals as rows
from salestui.storage.store import Transaction


@writes
def advance(
    tx: Transaction, deal: int, expected_version: int | None = None
) -> Moved | Completed | Blocked | Conflict | NotAllowed:
    """Move a deal one stage right, or complete it at the last stage, if its gate is open at this instant."""
    loaded = load(tx, deal)
    known = loaded.deal
    refused = not_allowed(tx, known, Act.MOVE_DEAL) or off_board(known) or conflict(known, expected_version)
    if refused:
        return refused
    report = judge_loaded(loaded, tx)
    if not report.can_move:
        return Blocked(report)
    if report.next is None:
        return _complete(tx, known, report)
    return _enter(tx, loaded, report, report.next)


def _passed(report: GateReport) -> dict[str, object]:
    """What the gate saw when it let the deal through."""
    return {"met": len(report.met), "excepted": [r.key for r in report.excepted]}


def _enter(tx: Transaction, loaded: Loaded, report: GateReport, target: str) -> Moved:
    known = loaded.deal
    won = loaded.playbook.stage(target).delivery and known.status is Status.OPEN
    changes: dict[str, object] = {"stage": target, "stage_since": tx.now}
    if won:
        changes |= {"status": Status.WON.value, "won_at": tx.now}
    rows.update(tx, known.id, known.version, changes)
    after: dict[str, object] = {"stage": target, "gate": _passed(report)}
    if won:
        after["status"] = Status.WON.value
    record(tx, known, "deal.moved", {"stage": known.stage, "status": known.status.value}, after)
    cards.refresh(tx, (known.id,))
    return Moved(shown(Kind.DEAL, known.id), known.version + 1, known.stage, target, won, report)


def _complete(tx: Transaction, known: Deal, report: GateReport) -> Completed:
    changes: dict[str, object] = {"status": Status.COMPLETED.value, "closed_at": tx.now}
    if known.won_at is None:
        changes["won_at"] = tx.now
    rows.update(tx, known.id, known.version, changes)
    after = {"status": Status.COMPLETED.value, "gate": _passed(report)}
    record(tx, known, "deal.completed", {"stage": known.stage, "status": known.status.value}, after)
    cards.refresh(tx, (known.id,))
    return Completed(shown(Kind.DEAL, known.id), known.version + 1, known.stage, report)


@writes
def move_left(
    tx: Transaction, deal: int, stage: str, reason: str, expected_version: int | None = None
) -> Moved | Conflict | NotAllowed | Invalid:
    """Move a deal to an earlier stage, with a reason; everything is kept, and going right asks the same gates again.

    Taking a deal out of delivery is a manager's act: it is no longer won.
    """
    loaded = load(tx, deal)
    known, playbook = loaded.deal, loaded.playbook
    if not playbook.has_stage(stage):
        raise NotFound("stage", stage)
    target, source = playbook.stage(stage), playbook.stage(known.stage)
    refused = not_allowed(tx, known, Act.MOVE_DEAL) or off_board(known) or conflict(known, expected_version)
    if refused:
        return refused
    if target.number >= source.number or target.retired:
        return NotAllowed("not_a_stage_to_the_left", {"stage": stage})
    delivery = playbook.delivery_stage()
    unwon = known.status is Status.WON and delivery is not None and target.number < delivery.number
    if unwon and (denied := not_allowed(tx, known, Act.CANCEL_WON_DEAL)):
        return denied
    reason = clean(reason, lines=True)
    if not reason:
        return Invalid((Problem("reason", "missing"),))
    changes: dict[str, object] = {"stage": stage, "stage_since": tx.now}
    if unwon:
        changes |= {"status": Status.OPEN.value, "won_at": None}
    rows.update(tx, deal, known.version, changes)
    before = {"stage": known.stage, "status": known.status.value}
    after = {"stage": stage, "status": Status.OPEN.value if unwon else known.status.value, "cancelled": unwon}
    record(tx, known, "deal.moved", before, after, reason)
    cards.refresh(tx, (deal,))
    return Moved(shown(Kind.DEAL, deal), known.version + 1, known.stage, stage)


@writes
def lose(
    tx: Transaction, deal: int, reason: str, competitor: str = "", note: str = "", expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Close a deal as lost, with a reason of the playbook, or any where it lists none.

    Of a won deal it is a manager's act, reported as cancelled.
    """
    extra = {"competitor": clean(competitor), "note": clean(note, lines=True)}
    return _close(tx, deal, Status.LOST, reason, expected_version, extra)


@writes
def park(
    tx: Transaction,
    deal: int,
    reason: str,
    note: str = "",
    look_again_on: date | None = None,
    expected_version: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Put a deal on the care list (长期维护名单), with a reason as for losing it and a day to look again."""
    extra = {"note": clean(note, lines=True), "look_again_on": look_again_on}
    return _close(tx, deal, Status.IN_CARE, reason, expected_version, extra)


def _close(
    tx: Transaction, deal: int, status: Status, reason: str, expected: int | None, extra: Mapping[str, object]
) -> Done | Invalid | NotAllowed | Conflict:
    loaded = load(tx, deal)
    known = loaded.deal
    won = known.status is Status.WON
    act = Act.CANCEL_WON_DEAL if won else Act.CLOSE_DEAL
    refused = not_allowed(tx, known, act) or off_board(known) or conflict(known, expected)
    if refused:
        return refused
    lost, reason = status is Status.LOST, clean(reason)
    reasons = loaded.playbook.lost_reasons if lost else loaded.playbook.care_reasons
    if not reason:
        return Invalid((Problem("reason", "missing"),))
    if reasons and reason not in {known_reason.key for known_reason in reasons}:
        return Invalid((Problem("reason", "unknown_choice", {"value": reason}),))
    look_again, today = extra.get("look_again_on"), loaded.team.today(tx.now)
    if isinstance(look_again, date) and look_again <= today:
        return Invalid((Problem("look_again_on", "not_after", {"what": "today", "date": today.isoformat()}),))
    changes = {"status": status.value, "closed_at": tx.now, "reason": reason, "cancelled": won, **extra}
    rows.update(tx, deal, known.version, changes)
    after = plain({"status": status.value, "reason": reason, "cancelled": won, **extra})
    before = {"status": known.status.value, "stage": known.stage}
    record(tx, known, "deal.lost" if lost else "deal.parked", before, after)
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


@writes
def reopen(
    tx: Transaction, deal: int, note: str = "", expected_version: int | None = None
) -> Done | NotAllowed | Conflict | Invalid:
    """Bring a lost or parked deal back to the stage where it stood; `note` says why, which is asked.

    The old reason stays in the history.
    """
    known = get(tx, deal)
    refused = not_allowed(tx, known, Act.REOPEN_DEAL) or off_board(known, CLOSED) or conflict(known, expected_version)
    if refused:
        return refused
    status = Status.WON if known.won_at else Status.OPEN
    if status is Status.WON and (denied := not_allowed(tx, known, Act.CANCEL_WON_DEAL)):
        return denied
    note = clean(note, lines=True)
    if not note:
        return Invalid((Problem("note", "missing"),))
    changes = {
        "status": status.value,
        "closed_at": None,
        "reason": "",
        "competitor": "",
        "note": "",
        "look_again_on": None,
        "cancelled": False,
        "stage_since": tx.now,
    }
    rows.update(tx, deal, known.version, changes)
    before = plain(
        {
            "status": known.status.value,
            "reason": known.reason,
            "competitor": known.competitor,
            "note": known.note,
            "look_again_on": known.look_again_on,
        }
    )
    after = {"status": status.value, "stage": known.stage}
    record(tx, known, "deal.reopened", before, after, note)
    cards.refresh(tx, (deal,))
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)
