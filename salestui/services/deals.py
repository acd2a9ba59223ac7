"""The life of a deal: made, moved through its gates, closed, reopened. Every move right asks the one gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from salestui.domain import fields as form
from salestui.domain.facts import Status
from salestui.domain.gate import GateReport
from salestui.domain.outcomes import Blocked, Completed, Conflict, Done, Invalid, Moved, NotAllowed, Problem
from salestui.domain.people import Act, refusal
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.records import Deal, Kind, number_of, shown
from salestui.domain.text import clean, same_name
from salestui.errors import NotFound
from salestui.services import campaigns, cards, customers, playbooks, users
from salestui.services.loading import Loaded, judge_loaded, load, team_of
from salestui.services.request import Call, reads, writes
from salestui.storage import deals as rows
from salestui.storage.store import Transaction

ON_BOARD = (Status.OPEN, Status.WON)
CLOSED = (Status.LOST, Status.IN_CARE)


def deal_fields() -> tuple[Field, ...]:
    """Return the fields asked when a deal is made or changed."""
    return (
        Field("title", FieldType.TEXT, Text("单子名称", "Title"), Text("留空则用客户名", "Empty: the customer's name")),
        Field("amount", FieldType.MONEY, Text("预计金额", "Expected amount")),
        Field("expected_on", FieldType.DATE, Text("预计签约", "Expected signing")),
        Field("need", FieldType.LONG_TEXT, Text("客户需求", "Need")),
        Field("source", FieldType.TEXT, Text("线索来源", "Source")),
        Field("owner", FieldType.PERSON, Text("负责人", "Owner"), help=Text("留空则为自己", "Empty: yourself")),
    )


@reads
def get(call: Call, deal: int) -> Deal:
    """Return one deal; raises NotFound."""
    found = next(rows.many((deal,)), None)
    if found is None:
        raise NotFound("deal", shown(Kind.DEAL, deal))
    return found


@reads
def find(call: Call, text: str) -> Deal:
    """Return the deal with this shown id ("D7"), or the only one with this customer or title; raises NotFound."""
    number = number_of(Kind.DEAL, text.strip())
    if number is not None:
        return get(call, number)
    wanted = same_name(text)
    same = [d for d in rows.select() if wanted in {same_name(n) for n in (d.title, d.customer_name, d.customer_label)}]
    if len(same) != 1:
        raise NotFound("deal", text)
    return same[0]


@reads
def listed(
    call: Call,
    *,
    campaign: int | None = None,
    owner: int | None = None,
    customer: int | None = None,
    stage: str | None = None,
    statuses: Sequence[Status] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Deal, ...]:
    """Return the deals that meet all conditions, in the order of their ids."""
    return rows.select(
        campaign=campaign, owner=owner, customer=customer, stage=stage, statuses=statuses, limit=limit, offset=offset
    )


def _values(call: Call, raw: Mapping[str, object], currency: str) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the given values as columns, with what is wrong with them."""
    today = team_of(call).today(call.now)
    values, problems = form.normalise(deal_fields(), raw, today=today, currency=currency)
    problems = (*problems, *form.check(deal_fields(), values, today=today))
    columns: dict[str, object] = {}
    for key in ("title", "need", "source"):
        if key in raw:
            columns[key] = values.get(key, "")
    if "amount" in raw:
        amount = values.get("amount")
        columns["amount_minor"] = amount["minor"] if isinstance(amount, Mapping) else None
        columns["currency"] = amount["currency"] if isinstance(amount, Mapping) else currency
    if "expected_on" in raw:
        day = values.get("expected_on")
        columns["expected_on"] = date.fromisoformat(day) if isinstance(day, str) and not problems else None
    return columns, problems


@writes
def new(
    tx: Transaction, customer: int, campaign: int, values: Mapping[str, object], *, imported: bool = False
) -> Done | Invalid | NotAllowed:
    """Put a new card into the first stage of the campaign's playbook version.

    `values` are those of `deal_fields`. A rep makes deals for himself; a manager for anybody.
    """
    pushed = campaigns.get(tx, campaign)
    company = customers.get(tx, customer)
    playbook = playbooks.get(tx, pushed.playbook, pushed.playbook_version)
    columns, problems = _values(tx, values, pushed.currency)
    if problems:
        return Invalid(problems)
    owner = users.find(tx, str(values["owner"])).id if values.get("owner") else tx.actor.id
    if owner != tx.actor.id and not tx.actor.manages:
        return NotAllowed("only_manager")
    if pushed.closed:
        return NotAllowed("campaign_closed", {"campaign": pushed.name})
    customers.ensure_membership(tx, customer, campaign)
    stage = playbook.first_stage()
    number = rows.insert(
        {
            "customer": company.id,
            "campaign": pushed.id,
            "playbook": playbook.key,
            "playbook_version": playbook.version,
            "stage": stage.key,
            "status": Status.OPEN.value,
            "owner": owner,
            "created_at": tx.now,
            "stage_since": tx.now,
            "imported": imported,
            "currency": pushed.currency,
            **columns,
        }
    )
    _record(tx, get(tx, number), "deal.created", None, {"stage": stage.key, "owner": owner, **_plain(columns)})
    cards.refresh(tx, (number,))
    return Done(shown(Kind.DEAL, number), 1, number)


def _plain(columns: Mapping[str, object]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in columns.items()}


def _record(
    tx: Transaction,
    deal: Deal,
    action: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    note: str = "",
) -> None:
    tx.record(
        action,
        subject=shown(Kind.DEAL, deal.id),
        deal=deal.id,
        customer=deal.customer,
        campaign=deal.campaign,
        before=before,
        after=after,
        note=note,
    )


def _conflict(deal: Deal, expected: int | None) -> Conflict | None:
    if expected is None or expected == deal.version:
        return None
    return Conflict(shown(Kind.DEAL, deal.id), expected, deal.version)


def _not_allowed(tx: Transaction, deal: Deal, act: Act) -> NotAllowed | None:
    code = refusal(tx.actor, act, deal.owner)
    return NotAllowed(code, {"deal": shown(Kind.DEAL, deal.id), "owner": deal.owner_name}) if code else None


def _closed(deal: Deal, allowed: Sequence[Status] = ON_BOARD) -> NotAllowed | None:
    if deal.status in allowed:
        return None
    return NotAllowed(f"deal_is_{deal.status.value}", {"deal": shown(Kind.DEAL, deal.id)})


@writes
def change(
    tx: Transaction, deal: int, values: Mapping[str, object], expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Change the fields given (`deal_fields` without the owner: see `reassign`)."""
    known = get(tx, deal)
    refused = _not_allowed(tx, known, Act.EDIT_DEAL) or _conflict(known, expected_version)
    if refused:
        return refused
    given = {key: value for key, value in values.items() if key != "owner"}
    columns, problems = _values(tx, given, known.amount.currency if known.amount else team_currency(tx, known))
    if problems:
        return Invalid(problems)
    before = {
        "title": known.title,
        "need": known.need,
        "source": known.source,
        "expected_on": known.expected_on,
        "amount_minor": known.amount.minor if known.amount else None,
        "currency": _currency_before(known, columns),
    }
    changed = {key: value for key, value in columns.items() if before[key] != value}
    if not changed:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.update(tx, deal, known.version, changed)
    _record(tx, known, "deal.changed", _plain({key: before[key] for key in changed}), _plain(changed))
    cards.refresh(tx, (deal,))
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


def _currency_before(known: Deal, columns: Mapping[str, object]) -> object:
    """The currency that was stored; a deal that has and gets no amount has none to change."""
    if known.amount is not None:
        return known.amount.currency
    return columns.get("currency") if columns.get("amount_minor") is None else None


def team_currency(call: Call, deal: Deal) -> str:
    """Return the currency of the deal's campaign."""
    return campaigns.get(call, deal.campaign).currency


@writes
def advance(
    tx: Transaction, deal: int, expected_version: int | None = None
) -> Moved | Completed | Blocked | Conflict | NotAllowed:
    """Move a deal one stage right, or complete it at the last stage, if its gate is open at this instant."""
    loaded = load(tx, deal)
    known = loaded.deal
    refused = _not_allowed(tx, known, Act.MOVE_DEAL) or _closed(known) or _conflict(known, expected_version)
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
    _record(tx, known, "deal.moved", {"stage": known.stage, "status": known.status.value}, after)
    cards.refresh(tx, (known.id,))
    return Moved(shown(Kind.DEAL, known.id), known.version + 1, known.stage, target, won, report)


def _complete(tx: Transaction, known: Deal, report: GateReport) -> Completed:
    changes: dict[str, object] = {"status": Status.COMPLETED.value, "closed_at": tx.now}
    if known.won_at is None:
        changes["won_at"] = tx.now
    rows.update(tx, known.id, known.version, changes)
    after = {"status": Status.COMPLETED.value, "gate": _passed(report)}
    _record(tx, known, "deal.completed", {"stage": known.stage, "status": known.status.value}, after)
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
    refused = _not_allowed(tx, known, Act.MOVE_DEAL) or _closed(known) or _conflict(known, expected_version)
    if refused:
        return refused
    if target.number >= source.number or target.retired:
        return NotAllowed("not_a_stage_to_the_left", {"stage": stage})
    delivery = playbook.delivery_stage()
    unwon = known.status is Status.WON and delivery is not None and target.number < delivery.number
    if unwon and (denied := _not_allowed(tx, known, Act.CANCEL_WON_DEAL)):
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
    _record(tx, known, "deal.moved", before, after, reason)
    cards.refresh(tx, (deal,))
    return Moved(shown(Kind.DEAL, deal), known.version + 1, known.stage, stage)


@writes
def lose(
    tx: Transaction, deal: int, reason: str, competitor: str = "", note: str = "", expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Close a deal as lost, with a reason of the playbook; of a won deal a manager's act, reported as cancelled."""
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
    """Put a deal on the care list (长期维护名单), with a reason of the playbook and a day to look again."""
    extra = {"note": clean(note, lines=True), "look_again_on": look_again_on}
    return _close(tx, deal, Status.IN_CARE, reason, expected_version, extra)


def _close(
    tx: Transaction, deal: int, status: Status, reason: str, expected: int | None, extra: Mapping[str, object]
) -> Done | Invalid | NotAllowed | Conflict:
    loaded = load(tx, deal)
    known = loaded.deal
    won = known.status is Status.WON
    act = Act.CANCEL_WON_DEAL if won else Act.CLOSE_DEAL
    refused = _not_allowed(tx, known, act) or _closed(known) or _conflict(known, expected)
    if refused:
        return refused
    lost = status is Status.LOST
    reasons = loaded.playbook.lost_reasons if lost else loaded.playbook.care_reasons
    if not reason:
        return Invalid((Problem("reason", "missing"),))
    if reason not in {known_reason.key for known_reason in reasons}:
        return Invalid((Problem("reason", "unknown_choice", {"value": reason}),))
    look_again = extra.get("look_again_on")
    if isinstance(look_again, date) and look_again <= loaded.team.today(tx.now):
        return Invalid((Problem("look_again_on", "not_after", {"than": "today"}),))
    changes = {"status": status.value, "closed_at": tx.now, "reason": reason, "cancelled": won, **extra}
    rows.update(tx, deal, known.version, changes)
    after = _plain({"status": status.value, "reason": reason, "cancelled": won, **extra})
    before = {"status": known.status.value, "stage": known.stage}
    _record(tx, known, "deal.lost" if lost else "deal.parked", before, after)
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


@writes
def reopen(
    tx: Transaction, deal: int, note: str = "", expected_version: int | None = None
) -> Done | NotAllowed | Conflict:
    """Bring a lost or parked deal back to the stage where it stood; the old reason stays in the history."""
    known = get(tx, deal)
    refused = _not_allowed(tx, known, Act.REOPEN_DEAL) or _closed(known, CLOSED) or _conflict(known, expected_version)
    if refused:
        return refused
    status = Status.WON if known.won_at else Status.OPEN
    if status is Status.WON and (denied := _not_allowed(tx, known, Act.CANCEL_WON_DEAL)):
        return denied
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
    before = _plain(
        {
            "status": known.status.value,
            "reason": known.reason,
            "competitor": known.competitor,
            "note": known.note,
            "look_again_on": known.look_again_on,
        }
    )
    after = {"status": status.value, "stage": known.stage}
    _record(tx, known, "deal.reopened", before, after, clean(note, lines=True))
    cards.refresh(tx, (deal,))
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


@writes
def reassign(
    tx: Transaction, deal: int, owner: str, expected_version: int | None = None
) -> Done | NotAllowed | Conflict:
    """Give a deal to another owner (login or name); raises NotFound for an unknown one."""
    known = get(tx, deal)
    refused = _not_allowed(tx, known, Act.REASSIGN_DEAL) or _conflict(known, expected_version)
    if refused:
        return refused
    target = users.find(tx, owner)
    if not target.active:
        return NotAllowed("user_inactive", {"user": target.name})
    if target.id == known.owner:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.update(tx, deal, known.version, {"owner": target.id})
    before = {"owner": known.owner, "owner_name": known.owner_name}
    _record(tx, known, "deal.reassigned", before, {"owner": target.id, "owner_name": target.name})
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


@writes
def tick(tx: Transaction, deal: int, action: str, note: str = "") -> Done | Invalid | NotAllowed:
    """Record a key action as done, with a note where the playbook asks for one; raises NotFound for an unknown one."""
    loaded = load(tx, deal)
    known = loaded.deal
    try:
        _, asked = loaded.playbook.action(action)
    except KeyError:
        raise NotFound("action", action) from None
    refused = _not_allowed(tx, known, Act.EDIT_DEAL) or _closed(known)
    if refused:
        return refused
    if asked.data is not None:
        return NotAllowed("met_by_data", {"action": action})
    note = clean(note, lines=True)
    if asked.note_required and not note:
        return Invalid((Problem("note", "missing"),))
    before = loaded.facts.actions.get(action)
    if before is not None and before.note == note:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.untick(deal, action, tx.now)
    rows.tick(deal, action, note, tx.actor.id, tx.now)
    old = {"note": before.note, "by": before.by_name} if before else None
    _record(tx, known, "action.ticked", old, {"action": action, "note": note})
    return _touched(tx, known)


@writes
def untick(tx: Transaction, deal: int, action: str) -> Done | NotAllowed:
    """Take back a key action that was recorded as done."""
    loaded = load(tx, deal)
    known = loaded.deal
    refused = _not_allowed(tx, known, Act.EDIT_DEAL) or _closed(known)
    if refused:
        return refused
    before = loaded.facts.actions.get(action)
    if before is None:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.untick(deal, action, tx.now)
    _record(tx, known, "action.unticked", {"action": action, "note": before.note, "by": before.by_name}, None)
    return _touched(tx, known)


def _touched(tx: Transaction, known: Deal) -> Done:
    rows.update(tx, known.id, known.version, {})
    cards.refresh(tx, (known.id,))
    return Done(shown(Kind.DEAL, known.id), known.version + 1, known.id)
