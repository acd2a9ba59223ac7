"""When a review has approved an output, and what the gate asks of it."""

from __future__ import annotations

from datetime import datetime

from salestui.domain.case import Case
from salestui.domain.facts import Decision, ReviewFact, Revision, VoteFact
from salestui.domain.playbook import Output, ReviewMode, ReviewRule, Stage
from salestui.domain.requirement import Fix, FixKind, Group, Requirement


def approved_at(rule: ReviewRule, review: ReviewFact | None, revision: Revision | None) -> datetime | None:
    """Return when the current revision got its last needed approval, or None while it has not.

    A review of an older revision counts for nothing; one rejection or wish for a change keeps it open.
    """
    if review is None or revision is None or review.recalled or review.revision != revision.number:
        return None
    if any(vote.decision is not Decision.APPROVE for vote in latest_votes(review)):
        return None
    times = {vote.role: vote.at for vote in latest_votes(review) if vote.role in rule.roles}
    if rule.mode is ReviewMode.ANY:
        return min(times.values(), default=None)
    return max(times.values(), default=None) if len(times) == len(rule.roles) else None


def latest_votes(review: ReviewFact) -> tuple[VoteFact, ...]:
    """Return the last vote of each role."""
    return tuple({vote.role: vote for vote in review.votes}.values())


def open_roles(rule: ReviewRule, review: ReviewFact) -> tuple[str, ...]:
    """Return the roles whose vote is awaited now: all that lack one, or only the next in sequence."""
    voted = {vote.role for vote in latest_votes(review)}
    waiting = tuple(role for role in rule.roles if role not in voted)
    return waiting[:1] if rule.mode is ReviewMode.SEQUENCE else waiting


def awaited_roles(rule: ReviewRule, review: ReviewFact) -> tuple[str, ...]:
    """Return the roles whose vote holds the review open: none once it is recalled, refused or approved."""
    votes = latest_votes(review)
    if review.recalled or any(vote.decision is not Decision.APPROVE for vote in votes):
        return ()
    if rule.mode is ReviewMode.ANY and any(vote.role in rule.roles for vote in votes):
        return ()
    return open_roles(rule, review)


def review_requirement(case: Case, stage: Stage, output: Output, rule: ReviewRule) -> Requirement:
    """Return what a review asks: the approvals of `rule` on the current revision of what it reads."""
    known = case.output(rule.of)
    review, revision = known.review, known.revision
    params: dict[str, object] = {"of": rule.of, "roles": rule.roles}
    fix = Fix(FixKind.REQUEST_REVIEW, {"output": rule.of})
    waiting = False
    when = approved_at(rule, review, revision)
    if when is not None:
        code = "review_approved"
        params["at"] = when.isoformat()
    elif revision is None:
        code = "review_nothing_yet"
        fix = Fix(FixKind.FILL_OUTPUT, {"output": rule.of})
    elif review is None or review.recalled:
        code = "review_not_requested"
    elif review.revision != revision.number:
        code = "review_outdated"
        params["reviewed"] = review.revision
    elif any(vote.decision is not Decision.APPROVE for vote in latest_votes(review)):
        code = "review_refused"
        fix = Fix(FixKind.FILL_OUTPUT, {"output": rule.of})
    else:
        code, waiting = "review_waiting", True
        fix = Fix(FixKind.VOTE, {"review": f"R{review.id}"})
    if revision is not None:
        params["revision"] = revision.number
    if review is not None and not review.recalled:
        params |= _review_params(rule, review)
    return Requirement(
        key=f"{stage.key}.{output.key}.approved",
        stage=stage.key,
        group=Group.OUTPUTS,
        code=code,
        met=when is not None,
        holds=output.holds,
        params=params,
        fix=fix,
        output=output.key,
        exceptable=output.exceptable,
        waiting=waiting,
    )


def _review_params(rule: ReviewRule, review: ReviewFact) -> dict[str, object]:
    votes = latest_votes(review)
    return {
        "review": review.id,
        "requested_at": review.requested_at.isoformat(),
        "approved": tuple(vote.role for vote in votes if vote.decision is Decision.APPROVE),
        "refused": tuple(vote.role for vote in votes if vote.decision is not Decision.APPROVE),
        "waiting_for": open_roles(rule, review),
    }
