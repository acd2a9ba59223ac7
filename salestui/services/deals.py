"""A deal: found, made, changed, given to another owner, its key actions ticked. Moves live in a module of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestui.domain.facts import Status
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.problems import Problem
from salestui.domain.records import Deal, Kind, number_of, shown
from salestui.domain.text import clean, same_name
from salestui.errors import NotFound
from salestui.services import campaigns, cards, customers, playbooks, users
from salestui.services.deal_form import deal_fields, read_values
from salestui.services.deal_rules import CLOSED, ON_BOARD, conflict, get, not_allowed, off_board, plain, record
from salestui.services.loading import load
from salestui.services.moves import advance, lose, move_left, park, reopen
from salestui.services.request import Call, reads, writes
from salestui.storage import deals as rows
from salestui.storage.store import Transaction

__all__ = [
    "CLOSED",
    "ON_BOARD",
    "advance",
    "change",
    "deal_fields",
    "find",
    "get",
    "listed",
    "lose",
    "move_left",
    "new",
    "park",
    "reassign",
    "reopen",
    "team_currency",
    "tick",
    "untick",
]


@reads
def find(call: Call, text: str) -> Deal:
    """Return the deal with this shown id ("D7"), or the only one with this customer or title; raises NotFound."""
    number = number_of(Kind.DEAL, text.strip())
    if number is not None:
        return get(call, number)
    wanted = same_name(text)
    if not wanted:
        raise NotFound("deal", text)
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
    columns, problems = read_values(tx, values, pushed.currency)
    if problems:
        return Invalid(problems)
    owner = tx.actor.id
    if values.get("owner"):
        person = users.find(tx, str(values["owner"]))
        if not person.active:
            return NotAllowed("user_inactive", {"user": person.name})
        owner = person.id
    code = refusal(tx.actor, Act.ENTER_FOR, owner)
    if code:
        return NotAllowed(code)
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
    record(tx, get(tx, number), "deal.created", None, {"stage": stage.key, "owner": owner, **plain(columns)})
    cards.refresh(tx, (number,))
    return Done(shown(Kind.DEAL, number), 1, number)


@writes
def change(
    tx: Transaction, deal: int, values: Mapping[str, object], expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Change the fields given (`deal_fields` without the owner: see `reassign`)."""
    known = get(tx, deal)
    refused = not_allowed(tx, known, Act.EDIT_DEAL) or conflict(known, expected_version)
    if refused:
        return refused
    given = {key: value for key, value in values.items() if key != "owner"}
    columns, problems = read_values(tx, given, known.amount.currency if known.amount else team_currency(tx, known))
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
    record(tx, known, "deal.changed", plain({key: before[key] for key in changed}), plain(changed))
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
def reassign(
    tx: Transaction, deal: int, owner: str, expected_version: int | None = None
) -> Done | NotAllowed | Conflict:
    """Give a deal to another owner (login or name); raises NotFound for an unknown one."""
    known = get(tx, deal)
    refused = not_allowed(tx, known, Act.REASSIGN_DEAL) or conflict(known, expected_version)
    if refused:
        return refused
    target = users.find(tx, owner)
    if not target.active:
        return NotAllowed("user_inactive", {"user": target.name})
    if target.id == known.owner:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.update(tx, deal, known.version, {"owner": target.id})
    before = {"owner": known.owner, "owner_name": known.owner_name}
    record(tx, known, "deal.reassigned", before, {"owner": target.id, "owner_name": target.name})
    return Done(shown(Kind.DEAL, deal), known.version + 1, deal)


@writes
def tick(
    tx: Transaction, deal: int, action: str, note: str = "", expected_version: int | None = None
) -> Done | Invalid | NotAllowed | Conflict:
    """Record a key action as done, with a note where the playbook asks for one; raises NotFound for an unknown one."""
    loaded = load(tx, deal)
    known = loaded.deal
    try:
        _, asked = loaded.playbook.action(action)
    except KeyError:
        raise NotFound("action", action) from None
    refused = not_allowed(tx, known, Act.EDIT_DEAL) or off_board(known) or conflict(known, expected_version)
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
    record(tx, known, "action.ticked", old, {"action": action, "note": note})
    return _touched(tx, known)


@writes
def untick(
    tx: Transaction, deal: int, action: str, expected_version: int | None = None
) -> Done | NotAllowed | Conflict:
    """Take back a key action that was recorded as done."""
    loaded = load(tx, deal)
    known = loaded.deal
    refused = not_allowed(tx, known, Act.EDIT_DEAL) or off_board(known) or conflict(known, expected_version)
    if refused:
        return refused
    before = loaded.facts.actions.get(action)
    if before is None:
        return Done(shown(Kind.DEAL, deal), known.version, deal, changed=False)
    rows.untick(deal, action, tx.now)
    record(tx, known, "action.unticked", {"action": action, "note": before.note, "by": before.by_name}, None)
    return _touched(tx, known)


def _touched(tx: Transaction, known: Deal) -> Done:
    rows.update(tx, known.id, known.version, {})
    cards.refresh(tx, (known.id,))
    return Done(shown(Kind.DEAL, known.id), known.version + 1, known.id)
