"""Whom a review asks: in each role whoever holds it, or the one person whom the requester or a manager names."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.dataclass import dataclass
from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Kind, User, shown
from salestui.domain.review import awaited_roles
from salestui.domain.text import clean_name
from salestui.errors import NotFound
from salestui.services import output_rules as outputs
from salestui.services import review_rules as rules
from salestui.services.request import Call, reads, writes
from salestui.services.review_rules import Voting
from salestui.storage import reviews as rows
from salestui.storage import users as user_rows
from salestui.storage.store import Transaction

__all__ = ["Candidate", "candidates", "keep_waiting", "keep_waiting_on", "may_reassign", "reassign"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds a role that a review still awaits; `refused` says why he cannot be asked."""

    role: str
    user: User
    asked: bool
    refused: NotAllowed | None


@reads
def candidates(call: Call, review: int) -> tuple[Candidate, ...]:
    """Return who can be asked in the roles that have not voted, in the order of the roles. Raises NotFound.

    A role that one person alone holds is left out: that person is asked already.
    """
    return tuple(_candidates(rules.load(call, rules.record(call, review))))


def _candidates(voting: Voting) -> Iterator[Candidate]:
    for role in _unvoted(voting):
        asked = voting.review.asked_of(role)
        holders = [user for user in user_rows.everyone() if user.active and role in user.roles]
        for user in holders if len(holders) > 1 else ():
            mine = asked is not None and asked.user == user.id
            yield Candidate(role, user, mine, rules.barred_user(user, voting, role))


def _unvoted(voting: Voting) -> tuple[str, ...]:
    voted = {vote.fact.role for vote in voting.review.votes}
    return tuple(role for role in voting.rule.roles if role not in voted) if voting.open_roles else ()


def may_reassign(call: Call, voting: Voting) -> NotAllowed | None:
    """Refuse whoever neither asked for the review nor manages, and a review that is decided."""
    review = voting.review
    params = {"review": shown(Kind.REVIEW, review.id), "by": review.requested_by_name}
    code = refusal(call.actor, Act.CHANGE_REVIEW, review.requested_by)
    if code:
        return NotAllowed(code, params)
    if refused := rules.closed(voting):
        return refused
    if outputs.is_refused(review.fact):
        return NotAllowed("change_first", {**params, "output": review.output.key})
    return None


@writes
def reassign(tx: Transaction, review: int, role: str, user: int, note: str = "") -> Done | NotAllowed | Conflict:
    """Ask another holder of a role: by who asked for the review, or a manager. It then waits for that person alone.

    Whoever else holds the role may still vote, so that nothing hangs on one person. Raises NotFound.
    """
    found = rules.record(tx, review)
    voting = rules.load(tx, found)
    if role not in voting.rule.roles:
        raise NotFound("role", clean_name(role))
    person = user_rows.by_id(user)
    if person is None or not person.active:
        raise NotFound("user", user)
    refused = may_reassign(tx, voting) or _has_voted(voting, role) or rules.barred_user(person, voting, role)
    if refused:
        return refused
    before = found.asked_of(role)
    number = shown(Kind.REVIEW, review)
    if before is not None and before.user == user:
        return Done(number, found.version, review, changed=False)
    if not rows.change(tx, found):
        return Conflict(number, found.version, found.version + 1)
    keep_waiting(tx, voting)
    rows.ask_person(review, role, user)
    outputs.spot(tx, found.deal, found.output.key).record(
        tx,
        "review.reassigned",
        subject=number,
        before={"role": role, "name": before.name} if before else None,
        after={"output": found.output.key, "revision": found.revision, "role": role, "name": person.name},
        note=clean_name(note),
    )
    return Done(number, found.version + 1, review)


def _has_voted(voting: Voting, role: str) -> NotAllowed | None:
    vote = next((vote.fact for vote in reversed(voting.review.votes) if vote.fact.role == role), None)
    if vote is None:
        return None
    return NotAllowed("role_voted", {"role": role, "name": vote.name})


def keep_waiting(tx: Transaction, voting: Voting) -> None:
    """Keep in which roles the review awaits a vote, after what changed it."""
    rows.keep_waiting(voting.review.id, voting.rule.roles, awaited_roles(voting.rule, voting.review.fact))


def keep_waiting_on(tx: Transaction, deal: int) -> None:
    """Keep it for the undecided reviews of a deal, when another playbook version may ask other roles."""
    for review in rows.running(deal, tx.store.files.exists):
        keep_waiting(tx, rules.load(tx, review))
