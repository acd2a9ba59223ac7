"""The written summary of a talk: recorded when it went out, late ones too (handbook A, stage 3: within 24 hours)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from salestui.domain.clock import deadline
from salestui.domain.facts import FileFact
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Playbook
from salestui.domain.records import Activity, ActivityState, Deal, Kind, shown
from salestui.errors import NotFound
from salestui.services import cards, playbooks
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.services.talk_forms import read_summary, summary_fields
from salestui.storage import activities as rows
from salestui.storage import deals as deal_rows
from salestui.storage.store import Transaction

__all__ = ["send_summary", "summary_due", "summary_files"]


@writes
def send_summary(
    tx: Transaction,
    activity: int,
    values: Mapping[str, object],
    files: Sequence[Path] = (),
    expected_version: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Record the summary that went to the customer: `values` are those of `summary_fields`, `files` what was attached.

    It was sent after the talk and not in the future; a late one is recorded as late. Recording it again corrects it,
    with before and after in the history; its files stay, new ones are added.
    """
    known = rows.get(activity)
    if known is None:
        raise NotFound("activity", shown(Kind.ACTIVITY, activity))
    name = shown(Kind.ACTIVITY, activity)
    deals = tuple(deal_rows.many(known.deals))
    code = refusal(tx.actor, Act.EDIT_TALK, {known.owner, known.author, *(deal.owner for deal in deals)})
    if code:
        return NotAllowed(code, {"activity": name, "owner": known.owner_name})
    if known.state is not ActivityState.DONE:
        return NotAllowed("talk_not_held", {"activity": name})
    if expected_version is not None and expected_version != known.version:
        return Conflict(name, expected_version, known.version)
    return _send(tx, known, deals, values, files)


def _send(
    tx: Transaction, known: Activity, deals: tuple[Deal, ...], raw: Mapping[str, object], files: Sequence[Path]
) -> Done | Invalid:
    playbook = playbooks.get(tx, deals[0].playbook, deals[0].playbook_version)
    team = team_of(tx)
    fields = summary_fields(playbook)
    if files and any(field.key == "material" for field in fields) and not raw.get("material"):
        raw = {**raw, "material": ", ".join(path.name for path in files)}
    values, problems = read_summary(fields, raw, talk_at=known.at, now=tx.now, team=team)
    if problems:
        return Invalid(problems)
    before_files = rows.summary_files(known.id, tx.store.files.exists)
    kept = {file.sha256: file for file in (*before_files, *(tx.store.files.put(path) for path in files))}
    sent_at = datetime.fromisoformat(str(values["sent_at"]))
    if known.summary == values and len(kept) == len(before_files):
        return Done(shown(Kind.ACTIVITY, known.id), known.version, known.id, changed=False)
    columns = {"summary_sent_at": sent_at, "summary": values, "summary_files": [_entry(file) for file in kept.values()]}
    rows.update(tx, known.id, known.version, columns)
    due = _due(playbook, known, tx)
    told = {
        "summary": values,
        "files": [_entry(file) for file in kept.values()],
        "late": due is not None and sent_at > due,
    }
    before = None
    if known.summary is not None:
        before = {"summary": dict(known.summary), "files": [_entry(file) for file in before_files]}
    for index, deal in enumerate(deals):
        tx.record(
            "talk.summary_sent" if before is None else "talk.changed",
            subject=shown(Kind.ACTIVITY, known.id),
            deal=deal.id,
            customer=deal.customer if index == 0 else None,
            campaign=deal.campaign,
            before=before,
            after=told,
        )
    cards.refresh(tx, known.deals)
    return Done(shown(Kind.ACTIVITY, known.id), known.version + 1, known.id)


def _entry(file: FileFact) -> dict[str, object]:
    return {"name": file.name, "sha256": file.sha256, "size": file.size, "type": file.type}


def _due(playbook: Playbook, talk: Activity, call: Call) -> datetime | None:
    output = playbook.talk_output()
    return deadline(talk.at, output.summary.within, team_of(call)) if output and output.summary else None


@reads
def summary_due(call: Call, talk: Activity) -> datetime | None:
    """Return when the summary of a talk is due (UTC), or None where the playbook asks for none."""
    deal = next(deal_rows.many(talk.deals[:1]), None)
    if deal is None:
        return None
    return _due(playbooks.get(call, deal.playbook, deal.playbook_version), talk, call)


@reads
def summary_files(call: Call, activity: int) -> tuple[FileFact, ...]:
    """Return the files that went out with a talk's summary."""
    return rows.summary_files(activity, call.store.files.exists)
