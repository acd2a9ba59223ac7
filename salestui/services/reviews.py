"""Reviews: asked for, voted on, recalled. A vote binds to the revision it read; the latest one of a role counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from salestui.dataclass import dataclass
from salestui.domain.facts import Decision, FileFact
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Choice, Field, FieldType, MetBy, RequiredWhen, ReviewerRole, ReviewMode, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import tidy
from salestui.domain.records import Kind, User, shown
from salestui.domain.review import approved_at
from salestui.domain.sheets import ReviewRecord
from salestui.domain.text import clean_name
from salestui.services import attachments, playbooks, recording
from salestui.services import output_rules as outputs
from salestui.services import review_rules as rules
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.services.review_asking import Candidate, candidates, keep_waiting, reassign
from salestui.services.review_rules import Voting
from salestui.services.review_waiting import asked_by_me, voided_for_me, waiting_for_me
from salestui.storage import outputs as output_rows
from salestui.storage import reviews as rows
from salestui.storage.store import Transaction

__all__ = [
    "DECISIONS", "Candidate", "ask", "asked_by_me", "candidates", "get", "of_output", "reassign", "recall",
    "voided_for_me", "vote", "vote_fields", "waiting_for_me",
]  # fmt: skip

DECISIONS = (
    Choice(Decision.APPROVE.value, Text("通过", "Approve")),
    Choice(Decision.REJECT.value, Text("不通过", "Reject")),
    Choice(Decision.ASK_CHANGE.value, Text("要求修改", "Ask for a change")),
)


@reads
def get(call: Call, review: int) -> ReviewRecord:
    """Return one review with its votes; raises NotFound."""
    return rules.record(call, review)


@reads
def of_output(call: Call, deal: int, key: str) -> tuple[ReviewRecord, ...]:
    """Return all reviews of an output of a deal, newest first; raises NotFound."""
    spot = outputs.spot(call, deal, _reviewed(call, deal, key))
    return tuple(reversed(rows.of_output(spot.row, call.store.files.exists))) if spot.row else ()


def _reviewed(call: Call, deal: int, key: str) -> str:
    """The output that is reviewed where `key` is that of a review record (《方案评审记录表》 reads the solution)."""
    output = outputs.spot(call, deal, key).output
    return output.review.of if output.met_by is MetBy.REVIEW and output.review else key


@writes
def ask(tx: Transaction, deal: int, output_key: str, note: str = "") -> Done | NotAllowed:
    """Ask the playbook's roles to review the current revision of an output; one review at a time.

    `output_key` may be that of the review record. Raises NotFound for an unknown deal or output.
    """
    key = _reviewed(tx, deal, output_key)
    spot = outputs.spot(tx, deal, key)
    rule = outputs.review_rule(spot.loaded.playbook, key)
    if rule is None:
        return NotAllowed("no_review", {"output": key})
    refused = outputs.may_fill(tx.actor, spot)
    if refused:
        return refused
    revision, review = spot.facts.revision, spot.facts.review
    if spot.row is None or revision is None:
        return NotAllowed("submit_first", {"output": key})
    if review is not None and not review.recalled and review.revision == revision.number:
        params = {"output": key, "review": shown(Kind.REVIEW, review.id), "revision": revision.number}
        if outputs.is_pending(rule, review, revision):
            return NotAllowed("review_open", params)
        return NotAllowed("already_approved" if approved_at(rule, review, revision) else "change_first", params)
    words = tidy(note, lines=True)
    number = rows.insert(
        spot.row,
        deal=deal,
        requested_by=tx.actor.id,
        at=tx.now,
        note=words,
        roles=rule.roles,
        first=rule.mode is ReviewMode.SEQUENCE,
    )
    spot.record(
        tx,
        "review.requested",
        subject=shown(Kind.REVIEW, number),
        before=None,
        after={"output": key, "revision": revision.number, "roles": list(rule.roles)},
        note=words,
    )
    outputs.refresh(tx, spot)
    return Done(shown(Kind.REVIEW, number), 1, number)


@writes
def vote(
    tx: Transaction,
    review: int,
    role: str,
    decision: Decision | str,
    comment: str = "",
    *,
    recorded_for: str = "",
    voted_on: date | None = None,
    evidence: str = "",
    files: Sequence[Path] = (),
) -> Done | NotAllowed | Invalid | Conflict:
    """Vote in one role of a review, or record the vote of the person named in `recorded_for`.

    A deputy votes for the absent person who holds the role, and the vote says so. A comment is required unless
    approving. Who voted may change the vote until the review is decided by approval.
    A recorded vote needs the day it was given and evidence (a note or a file), and a database that allows it.
    Raises NotFound for an unknown review.
    """
    found = get(tx, review)
    voting = rules.load(tx, found)
    name = clean_name(recorded_for)
    if role not in voting.rule.roles:
        return Invalid((Problem("role", "unknown_choice", {"value": role}),))
    refused = rules.closed(voting) or _may_not_vote(tx, voting, role, name)
    if refused:
        return refused
    problems = _vote_problems(decision, comment)
    if name:
        today, since = _today_and_submission(tx, found)
        problems += recording.problems(voted_on, "voted_on", evidence, files, today=today, since=since)
    if problems:
        return Invalid(tuple(problems))
    kept, unreadable = attachments.take_evidence(tx, files)
    if unreadable:
        return Invalid(unreadable)
    absent = None if name else rules.absent_in(tx.actor, voting, role)
    words, proof = tidy(comment, lines=True), tidy(evidence, lines=True)
    given = _Given(role, name or tx.actor.name, Decision(decision), words, proof, absent)
    return _keep(tx, found, given, kept, recorded_on=voted_on if name else None, recorded=bool(name))


@dataclass(frozen=True, slots=True)
class _Given:
    """A vote as it is kept: in which role, by whom and for whom, what and why; the evidence of a recorded one."""

    role: str
    name: str
    decision: Decision
    comment: str
    evidence: str
    absent: User | None


def _keep(
    tx: Transaction,
    review: ReviewRecord,
    given: _Given,
    files: tuple[FileFact, ...],
    *,
    recorded_on: date | None,
    recorded: bool,
) -> Done | Conflict:
    """Keep a vote that may be given, with its event."""
    rows.add_vote(
        review.id,
        role=given.role,
        user=None if recorded else tx.actor.id,
        name=given.name,
        decision=given.decision,
        comment=given.comment,
        at=tx.now,
        recorded_by=tx.actor.id if recorded else None,
        voted_on=recorded_on,
        evidence=given.evidence,
        files=files,
        deputy_for=given.absent.id if given.absent else None,
    )
    if not rows.change(tx, review):
        return Conflict(shown(Kind.REVIEW, review.id), review.version, review.version + 1)
    keep_waiting(tx, rules.load(tx, get(tx, review.id)))
    record = {"recorded_by": tx.actor.name, "voted_on": recorded_on.isoformat() if recorded_on else None}
    proof = {"evidence": given.evidence, "files": output_rows.file_entries(files)}
    _record_vote(tx, review, given, {**record, **proof} if recorded else {})
    return Done(shown(Kind.REVIEW, review.id), review.version + 1, review.id)


def _record_vote(tx: Transaction, review: ReviewRecord, given: _Given, recorded: Mapping[str, object]) -> None:
    """Write the vote's event, with the vote of this role that it replaces."""
    before = next((vote.fact for vote in reversed(review.votes) if vote.fact.role == given.role), None)
    spot = outputs.spot(tx, review.deal, review.output.key)
    spot.record(
        tx,
        "review.voted",
        subject=shown(Kind.REVIEW, review.id),
        before={"role": given.role, "decision": before.decision.value, "name": before.name} if before else None,
        after={
            "output": review.output.key,
            "revision": review.revision,
            "role": given.role,
            "decision": given.decision.value,
            "name": given.name,
            **({"deputy_for": given.absent.name} if given.absent else {}),
            **recorded,
        },
        note=given.comment,
    )
    outputs.refresh(tx, spot)


def _today_and_submission(tx: Transaction, review: ReviewRecord) -> tuple[date, date]:
    """The team's date, and that on which the reviewed revision was submitted."""
    team = team_of(tx)
    revisions = output_rows.revisions(review.output, tx.store.files.exists)
    read = next(revision for revision in revisions if revision.number == review.revision)
    return team.today(tx.now), team.today(read.at)


def _vote_problems(decision: Decision | str, comment: str) -> list[Problem]:
    if decision not in {choice.key for choice in DECISIONS}:
        return [Problem("decision", "unknown_choice", {"value": str(decision)})]
    if decision != Decision.APPROVE and not tidy(comment, lines=True):
        return [Problem("comment", "missing", {"field": "comment"})]
    return []


def _may_not_vote(tx: Transaction, voting: Voting, role: str, name: str) -> NotAllowed | None:
    if name:
        refused = recording.not_allowed(tx) or outputs.may_fill(
            tx.actor, outputs.spot(tx, voting.deal.id, voting.review.output.key)
        )
        refused = refused or rules.barred_name(voting, role, name, tx.actor)
    else:
        refused = rules.barred(tx.actor, voting, role)
    again = rules.own_earlier_vote(tx.actor, voting, role, name)
    return refused or rules.not_in_turn(voting, role, again=again)


@writes
def recall(tx: Transaction, review: int, reason: str = "") -> Done | NotAllowed | Conflict:
    """Take a review back that is not decided: by who asked for it, or a manager. The output can then be changed.

    Raises NotFound for an unknown review.
    """
    found = get(tx, review)
    voting = rules.load(tx, found)
    params = {"review": shown(Kind.REVIEW, review), "by": found.requested_by_name}
    code = refusal(tx.actor, Act.CHANGE_REVIEW, found.requested_by)
    if code:
        return NotAllowed(code, params)
    refused = rules.closed(voting)
    if refused:
        return refused
    if outputs.is_refused(found.fact):
        return NotAllowed("change_first", {**params, "output": found.output.key})
    if not rows.change(tx, found, recalled_at=tx.now):
        return Conflict(shown(Kind.REVIEW, review), found.version, found.version + 1)
    rows.keep_waiting(review, voting.rule.roles, ())
    spot = outputs.spot(tx, found.deal, found.output.key)
    kind = {"output": found.output.key, "revision": found.revision}
    spot.record(
        tx,
        "review.recalled",
        subject=shown(Kind.REVIEW, review),
        before={**kind, "recalled": False},
        after={**kind, "recalled": True},
        note=tidy(reason, lines=True),
    )
    outputs.refresh(tx, spot)
    return Done(shown(Kind.REVIEW, review), found.version + 1, review)


@reads
def vote_fields(call: Call, review: int) -> tuple[Field, ...]:
    """Return the form of a vote: the roles that are open, and where the database allows it whom it is recorded for.

    Raises NotFound for an unknown review.
    """
    voting = rules.load(call, get(call, review))
    playbook = playbooks.get(call, voting.deal.playbook, voting.deal.playbook_version)
    mine, can_record = rules.votable_roles(call.actor, voting), recording.allowed(call)
    refusing = tuple(choice.key for choice in DECISIONS if choice.key != Decision.APPROVE)
    fields: tuple[Field, ...] = (
        Field(
            "role",
            FieldType.CHOICE,
            Text("角色", "Role"),
            required=True,
            choices=_role_choices(voting.open_roles if can_record else mine, playbook.roles),
        ),
        Field("decision", FieldType.CHOICE, Text("结论", "Decision"), required=True, choices=DECISIONS),
        Field(
            "comment",
            FieldType.LONG_TEXT,
            Text("意见", "Comment"),
            help=Text("不通过或要求修改时必填", "Required unless you approve"),
            rules=(RequiredWhen("decision", values=refusing),),
        ),
    )
    if not can_record:
        return fields
    return fields + recording.fields("voted_on", Text("表态日期", "Voted on"), required=not mine)


def _role_choices(keys: Iterable[str], roles: Iterable[ReviewerRole]) -> tuple[Choice, ...]:
    titles = {role.key: role.title for role in roles}
    return tuple(Choice(key, titles.get(key, Text(key, key))) for key in keys)
