"""Outputs: drafts, submitted revisions, withdrawing, restoring, and the sending to the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from salestui.domain import fields as form
from salestui.domain.facts import FileFact, Revision
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, Scope
from salestui.domain.problems import Problem
from salestui.domain.reading import tidy
from salestui.domain.records import Deal, Draft, Kind, OutputOwner, shown
from salestui.domain.review import approved_at
from salestui.domain.sending import sent_date
from salestui.domain.sheets import Consequence, OutputSheet
from salestui.errors import NotFound
from salestui.services import attachments, customers
from salestui.services import output_rules as rules
from salestui.services.output_rules import Spot, owner_of
from salestui.services.request import Call, reads, writes
from salestui.services.review_rules import approval_day
from salestui.storage import outputs as rows
from salestui.storage.store import Transaction

__all__ = [
    "consequences",
    "discard_draft",
    "mark_sent",
    "open_file",
    "owner_of",
    "restore",
    "save_draft",
    "send_fields",
    "sheet",
    "submit",
    "withdraw",
    "would_block",
]

Values = Mapping[str, object]


@reads
def sheet(call: Call, deal: int, key: str) -> OutputSheet:
    """Return an output as its form needs it; raises NotFound for an unknown deal or output."""
    spot = rules.spot(call, deal, key)
    draft = rows.draft(spot.owner, key, call.actor.id, call.store.files.exists)
    history = rows.revisions(spot.row, call.store.files.exists) if spot.row else ()
    newest = history[0] if history else None
    values, files = _start(spot, draft, newest)
    return OutputSheet(
        deal=deal,
        stage=spot.stage.key,
        output=spot.output,
        owner=spot.owner,
        facts=spot.facts,
        latest=spot.latest,
        values=values,
        files=files,
        draft=draft,
        draft_outdated=draft is not None and draft.based_on < spot.latest,
        revisions=history,
        locked=rules.locked(call.actor, spot),
        consequences=rules.consequences(spot),
    )


def _start(spot: Spot, draft: Draft | None, newest: Revision | None) -> tuple[Values, tuple[FileFact, ...]]:
    """What the form starts from: the person's draft, else the latest revision, else what is known already."""
    if draft is not None:
        return draft.values, draft.files
    if newest is not None:
        return newest.values, newest.files
    return _prefilled(spot), ()


def _prefilled(spot: Spot) -> Values:
    """What the customer's card already says of the fields that ask for it."""
    known = {f"customer.{name}": value for name, value in spot.loaded.facts.customer.items()}
    return {field.key: known[field.prefill] for field in spot.output.fields if known.get(field.prefill)}


@reads
def consequences(call: Call, deal: int, key: str) -> tuple[Consequence, ...]:
    """Return what submitting a new revision would bring: votes voided, a sending outdated, other deals touched."""
    return rules.consequences(rules.spot(call, deal, key))


@reads
def would_block(call: Call, deal: int, key: str) -> tuple[Deal, ...]:
    """Return the deals whose next move would be blocked if the output were withdrawn."""
    return rules.blocked_without(call, rules.spot(call, deal, key))


@reads
def send_fields(call: Call, deal: int, key: str) -> tuple[Field, ...]:
    """Return the fields asked when the output is marked as sent; empty for one that is not sent."""
    send = rules.spot(call, deal, key).output.send
    return send.fields if send else ()


@reads
def open_file(call: Call, sha256: str, *, name: str = "", folder: Path | None = None) -> Path:
    """Return a path at which other programs can open a copy of an attached file; raises FileMissing or FileDamaged."""
    return attachments.copy_out(call, sha256, name=name, folder=folder)


# Drafts


@writes
def save_draft(
    tx: Transaction,
    deal: int,
    key: str,
    values: Values,
    files: Sequence[Path] = (),
    based_on: int | None = None,
    *,
    keep_files: Sequence[str] | None = None,
) -> Done | NotAllowed | Invalid:
    """Keep what a person has typed so far, right or wrong; drafts are each person's own and never open a gate.

    `based_on` is the revision the form began on. Of the files those with a hash in `keep_files` stay (None: all).
    """
    spot = rules.spot(tx, deal, key)
    refused = rules.not_a_form(spot) or rules.may_fill(tx.actor, spot)
    if refused:
        return refused
    spot = _rooted(tx, spot)
    attached = attachments.gather(_known_files(tx, spot, drafted_first=True), keep_files, files)
    kept, problems = attachments.store(tx, attached)
    if attached.problems or problems:
        return Invalid((*attached.problems, *problems))
    base = spot.latest if based_on is None else based_on
    rows.save_draft(spot.owner, key, author=tx.actor.id, values=values, files=kept, based_on=base, at=tx.now)
    return Done(spot.subject, base)


@writes
def discard_draft(tx: Transaction, deal: int, key: str) -> Done:
    """Forget this person's draft of an output."""
    spot = rules.spot(tx, deal, key)
    return Done(spot.subject, spot.latest, changed=rows.discard_draft(spot.owner, key, tx.actor.id))


# Revisions


@writes
def submit(
    tx: Transaction,
    deal: int,
    key: str,
    values: Values,
    *,
    files: Sequence[Path] = (),
    keep_files: Sequence[str] | None = None,
    note: str = "",
    expected_revision: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Submit a new revision of an output: it must be complete, or nothing is kept.

    `files` are new ones; of those there already stay the ones with a hash in `keep_files` (None: all of the latest
    revision; beside new ones, those that are still on the disk). `expected_revision` is the number the form began on:
    another one there now is a conflict. The votes of a review stay with the revision they read.
    """
    spot = rules.spot(tx, deal, key)
    refused = rules.locked(tx.actor, spot) or rules.overtaken(spot, expected_revision)
    if refused:
        return refused
    stored, unreadable = form.normalise(
        spot.output.fields,
        values,
        today=rules.today(spot),
        currency=rules.currency(spot),
        zone=spot.loaded.team.zone,
    )
    spot = _rooted(tx, spot)
    known = _known_files(tx, spot, drafted_first=False)
    keep = keep_files
    if keep is None:
        keep = [file.sha256 for file in _latest_files(tx, spot) if file.present or not files]
    attached = attachments.gather(known, keep, files, spot.output.files)
    problems = (*unreadable, *_content_problems(spot, stored, unreadable), *attached.problems)
    if problems:
        return Invalid(problems)
    kept, problems = attachments.store(tx, attached)
    if problems:
        return Invalid(problems)
    return _keep(tx, spot, stored, kept, note=tidy(note, lines=True))


def _content_problems(spot: Spot, values: Values, unreadable: Sequence[Problem]) -> list[Problem]:
    """What is missing or wrong, without the fields already named as unreadable."""
    named = {problem.where.split(".", 1)[0] for problem in unreadable}
    found = [
        problem
        for problem in form.check(spot.output.fields, values, today=rules.today(spot))
        if problem.where.split(".", 1)[0] not in named
    ]
    field, since = spot.output.sent_before, rules.sent_on(spot, spot.output.requires_sent)
    value = values.get(field) if field else None
    if isinstance(value, str) and since is not None and value[:10] < since:
        found.append(Problem(field, "before_sent", {"date": since, "of": spot.output.requires_sent}))
    told = {problem.where for problem in found}
    return [*found, *(problem for problem in rules.answer_problems(spot, values) if problem.where not in told)]


def _keep(
    tx: Transaction,
    spot: Spot,
    values: Values,
    files: Sequence[FileFact],
    *,
    note: str,
    restored_from: Revision | None = None,
) -> Done | Conflict:
    row = rows.ensure(spot.owner, spot.output.key)
    before = next((r for r in rows.revisions(row, tx.store.files.exists) if r.number == row.latest), None)
    source = restored_from.number if restored_from else None
    number = rows.add_revision(
        row, values=values, files=files, note=note, author=tx.actor.id, at=tx.now, restored_from=source
    )
    if number is None:
        return Conflict(spot.subject, row.latest, row.latest + 1)
    rows.discard_draft(spot.owner, spot.output.key, tx.actor.id)
    was, now = _changes(before, values, files)
    kind = {"output": spot.output.key}
    spot.record(
        tx,
        "output.restored" if restored_from else "output.submitted",
        before={**kind, "revision": row.latest, "withdrawn": row.withdrawn, **was},
        after={**kind, "revision": number, **({"restored_from": source} if source else {}), **now},
        note=note,
    )
    rules.refresh(tx, spot)
    return Done(spot.subject, number, number)


def _changes(
    before: Revision | None, values: Values, files: Sequence[FileFact]
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the fields and files that differ, as they were and as they are."""
    old = before.values if before else {}
    keys = [key for key in dict.fromkeys((*old, *values)) if old.get(key) != values.get(key)]
    was: dict[str, object] = {"values": {key: old[key] for key in keys if key in old}}
    now: dict[str, object] = {"values": {key: values[key] for key in keys if key in values}}
    held = rows.file_entries(before.files if before else ())
    holds = rows.file_entries(files)
    if held != holds:
        was["files"], now["files"] = held, holds
    return was, now


@writes
def withdraw(
    tx: Transaction, deal: int, key: str, reason: str, expected_revision: int | None = None
) -> Done | NotAllowed | Invalid | Conflict:
    """Take the submitted revision back, with a reason: gates that ask for it close again.

    One that serves many deals takes a manager; the history names the deals it blocks. A new revision ends it.
    """
    spot = rules.spot(tx, deal, key)
    refused: NotAllowed | Conflict | None = rules.not_a_form(spot) or rules.may_fill(tx.actor, spot)
    if refused is None and rules.serves_many(spot):
        code = refusal(tx.actor, Act.WITHDRAW_SHARED_OUTPUT)
        refused = NotAllowed("shared_output", {"output": key}) if code else None
    refused = refused or rules.review_pending(spot) or rules.overtaken(spot, expected_revision)
    if refused:
        return refused
    if spot.row is None or spot.row.withdrawn or spot.facts.revision is None:
        code = "already_withdrawn" if spot.facts.withdrawn else "submit_first"
        return NotAllowed(code, {"output": key})
    why = tidy(reason, lines=True)
    if not why:
        return Invalid((Problem("reason", "missing", {"field": "reason"}),))
    blocks = [shown(Kind.DEAL, blocked.id) for blocked in rules.blocked_without(tx, spot)]
    if not rows.withdraw(spot.row):
        return Conflict(spot.subject, spot.row.version, spot.row.version + 1)
    kind = {"output": key, "revision": spot.latest}
    spot.record(
        tx,
        "output.withdrawn",
        before={**kind, "withdrawn": False},
        after={**kind, "withdrawn": True, "blocks": blocks},
        note=why,
    )
    rules.refresh(tx, spot)
    return Done(spot.subject, spot.latest, spot.latest)


@writes
def restore(
    tx: Transaction, deal: int, key: str, number: int, note: str = "", expected_revision: int | None = None
) -> Done | NotAllowed | Invalid | Conflict:
    """Submit the content of an older revision as a new one; it must be complete as judged today.

    Raises NotFound when there is no such revision.
    """
    spot = rules.spot(tx, deal, key)
    refused = rules.locked(tx.actor, spot) or rules.overtaken(spot, expected_revision)
    if refused:
        return refused
    history = rows.revisions(spot.row, tx.store.files.exists) if spot.row else ()
    wanted = next((revision for revision in history if revision.number == number), None)
    if wanted is None:
        raise NotFound("revision", f"r{number}")
    if number == spot.latest and not spot.facts.withdrawn:
        return NotAllowed("already_current", {"output": key, "revision": number})
    attached = attachments.gather(wanted.files, None, (), spot.output.files)
    problems = (*_content_problems(spot, wanted.values, ()), *attached.problems)
    if problems:
        return Invalid(problems)
    return _keep(tx, spot, wanted.values, attached.kept, note=tidy(note, lines=True), restored_from=wanted)


def _rooted(tx: Transaction, spot: Spot) -> Spot:
    """Put the customer into the campaign where the output belongs to that pair and it is not there yet."""
    if spot.output.owner is not Scope.CUSTOMER_IN_CAMPAIGN or spot.owner.id:
        return spot
    membership = customers.ensure_membership(tx, spot.deal.customer, spot.deal.campaign)
    return replace(spot, owner=OutputOwner(spot.output.owner, membership.id))


def _latest_files(tx: Transaction, spot: Spot) -> tuple[FileFact, ...]:
    history = rows.revisions(spot.row, tx.store.files.exists) if spot.row else ()
    return history[0].files if history else ()


def _known_files(tx: Transaction, spot: Spot, *, drafted_first: bool) -> tuple[FileFact, ...]:
    """The files that may be kept: those of all revisions and of the person's own draft."""
    draft = rows.draft(spot.owner, spot.output.key, tx.actor.id, tx.store.files.exists)
    if drafted_first:
        return draft.files if draft else _latest_files(tx, spot)
    history = rows.revisions(spot.row, tx.store.files.exists) if spot.row else ()
    return (*(file for revision in history for file in revision.files), *(draft.files if draft else ()))


# Sending


@writes
def mark_sent(
    tx: Transaction, deal: int, key: str, values: Values, expected_revision: int | None = None
) -> Done | NotAllowed | Invalid | Conflict:
    """Record that the current revision went to the customer: only after its review approved it, not before that day.

    `values` are those of `send_fields`.
    """
    spot = rules.spot(tx, deal, key)
    send, rule = spot.output.send, rules.review_rule(spot.loaded.playbook, key)
    if send is None:
        return NotAllowed("not_sent_out", {"output": key})
    refused = rules.may_fill(tx.actor, spot) or rules.overtaken(spot, expected_revision)
    if refused:
        return refused
    if spot.row is None or spot.facts.revision is None:
        return NotAllowed("submit_first", {"output": key})
    if rule and rule.required and approved_at(rule, spot.facts.review, spot.facts.revision) is None:
        return NotAllowed("approve_first", {"output": key, "revision": spot.latest})
    today = rules.today(spot)
    stored, problems = form.normalise(send.fields, values, today=today, zone=spot.loaded.team.zone)
    problems = (*problems, *(p for p in form.check(send.fields, stored, today=today) if not _named(p, problems)))
    problems = problems or _sending_problems(tx, spot, send.fields, stored)
    if problems:
        return Invalid(problems)
    rows.add_sending(spot.row, values=stored, by=tx.actor.id, at=tx.now)
    earlier = spot.facts.sent
    before: dict[str, object] | None = (
        {"output": key, "revision": earlier.revision, "values": dict(earlier.values)} if earlier else None
    )
    spot.record(
        tx,
        "output.sent",
        before=before,
        after={"output": key, "revision": spot.latest, "values": stored},
    )
    rules.refresh(tx, spot)
    return Done(spot.subject, spot.latest, spot.latest)


def _named(problem: Problem, problems: Sequence[Problem]) -> bool:
    return problem.where in {other.where for other in problems}


def _sending_problems(tx: Transaction, spot: Spot, fields: tuple[Field, ...], values: Values) -> tuple[Problem, ...]:
    field, day = rules.date_field(fields), sent_date(spot.output, values)
    if field is None or day is None:
        return ()
    approved = approval_day(tx, spot)
    if approved is not None and day < approved.isoformat():
        return (Problem(field.key, "before_approval", {"date": approved.isoformat()}),)
    if day > rules.today(spot).isoformat():
        return (Problem(field.key, "in_future", {}),)
    return ()
