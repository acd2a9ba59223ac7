"""Who may vote in which role of a review, and who may not: nobody approves his own work (handbook A, stage 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from salestui.domain.facts import Revision, VoteFact
from salestui.domain.outcomes import NotAllowed
from salestui.domain.people import Actor
from salestui.domain.playbook import ReviewMode, ReviewRule
from salestui.domain.records import Deal, Kind, shown
from salestui.domain.review import approved_at, latest_votes, open_roles
from salestui.domain.sheets import OutputRow, ReviewRecord
from salestui.domain.text import same_name
from salestui.services.output_rules import Spot, is_refused, review_rule
from salestui.services.request import Call
from salestui.storage import outputs as output_rows
from salestui.storage import reviews as rows
from salestui.storage import users as user_rows


@dataclass(frozen=True, slots=True)
class Voting:
    """A review with what decides who may vote: the rule, the deal, and the authors of what is reviewed."""

    review: ReviewRecord
    rule: ReviewRule
    deal: Deal
    authors: frozenset[int]

    @property
    def is_approved(self) -> bool:
        """Whether the reviewed revision has all approvals it needs."""
        return _approved(self.rule, self.review)

    @property
    def open_roles(self) -> tuple[str, ...]:
        """The roles whose vote is awaited now; none once the review is decided, recalled or stale."""
        fact = self.review.fact
        if self.review.recalled_at or self.review.stale or self.is_approved:
            return ()
        if is_refused(fact) and self.rule.mode is not ReviewMode.ALL:
            return ()
        return open_roles(self.rule, fact)


def _approved(rule: ReviewRule, review: ReviewRecord) -> bool:
    read = Revision(0, review.revision, {}, (), 0, "", review.requested_at)
    return approved_at(rule, review.fact, read) is not None


def voting(review: ReviewRecord, rule: ReviewRule, deal: Deal, reviews: Iterable[ReviewRecord]) -> Voting:
    """Gather what decides who may vote; `reviews` are all of the output."""
    return Voting(review, rule, deal, _authors(review.output, rule, review, reviews))


def _authors(
    output: OutputRow, rule: ReviewRule, review: ReviewRecord, reviews: Iterable[ReviewRecord]
) -> frozenset[int]:
    """Return who wrote any revision since the last one that was approved, up to the one reviewed."""
    earlier = (other for other in reviews if other.revision < review.revision and _approved(rule, other))
    return output_rows.authors(output, max((other.revision for other in earlier), default=0))


def closed(voting: Voting) -> NotAllowed | None:
    """Refuse when nobody can vote in the review any more."""
    review = voting.review
    params = {"review": shown(Kind.REVIEW, review.id), "revision": review.revision, "latest": review.output.latest}
    if review.recalled_at:
        return NotAllowed("review_recalled", params)
    if review.stale:
        return NotAllowed("review_stale", params)
    if voting.is_approved:
        return NotAllowed("review_closed", params)
    return None


def not_in_turn(voting: Voting, role: str, *, again: bool) -> NotAllowed | None:
    """Refuse a role that voted already (unless the same person votes `again`) or whose turn has not come."""
    latest = {vote.role: vote for vote in latest_votes(voting.review.fact)}
    params = {"role": role, "review": shown(Kind.REVIEW, voting.review.id)}
    if role in latest:
        return None if again else NotAllowed("role_voted", {**params, "name": latest[role].name})
    if role in voting.open_roles:
        return None
    if voting.rule.mode is ReviewMode.SEQUENCE and not is_refused(voting.review.fact):
        return NotAllowed("not_your_turn", {**params, "first": voting.open_roles[0]})
    return NotAllowed("change_first", {**params, "output": voting.review.output.key})


def barred(actor: Actor, voting: Voting, role: str) -> NotAllowed | None:
    """Refuse this person's own vote in `role`: without the role, on own work, on own deal, or in a second role."""
    params = {"role": role, "review": shown(Kind.REVIEW, voting.review.id)}
    if role not in actor.roles:
        return NotAllowed("no_role", params)
    if actor.id in voting.authors:
        return NotAllowed("own_work", {**params, "revision": voting.review.revision})
    if actor.id == voting.deal.owner:
        return NotAllowed("own_deal", {**params, "deal": shown(Kind.DEAL, voting.deal.id)})
    others = [vote for vote in latest_votes(voting.review.fact) if vote.role != role]
    if not voting.rule.one_person_many_roles and _is_among(actor.id, (actor.name, actor.login), others):
        return NotAllowed("one_role_only", params)
    return None


def barred_name(voting: Voting, role: str, name: str, recorder: Actor) -> NotAllowed | None:
    """Refuse a vote recorded for somebody who could not have given it: the deal's owner, an author, the recorder."""
    params = {"role": role, "review": shown(Kind.REVIEW, voting.review.id), "name": name}
    wanted = same_name(name)
    if wanted in names_of((recorder.id,)):
        return NotAllowed("record_for_yourself", params)
    if wanted in names_of(voting.authors):
        return NotAllowed("own_work", {**params, "revision": voting.review.revision})
    if wanted in names_of((voting.deal.owner,)):
        return NotAllowed("own_deal", {**params, "deal": shown(Kind.DEAL, voting.deal.id)})
    others = [vote for vote in latest_votes(voting.review.fact) if vote.role != role]
    if not voting.rule.one_person_many_roles and _is_among(None, (name,), others):
        return NotAllowed("one_role_only", params)
    return None


def names_of(users: Iterable[int]) -> frozenset[str]:
    """Return the logins and names of users in the form in which names are compared."""
    found = (user_rows.by_id(user) for user in users)
    return frozenset(same_name(text) for user in found if user for text in (user.login, user.name))


def _is_among(user: int | None, names: Sequence[str], votes: Iterable[VoteFact]) -> bool:
    wanted = {same_name(name) for name in names}
    for vote in votes:
        if user is not None and vote.user == user:
            return True
        if same_name(vote.name) in wanted or (vote.user and wanted & names_of((vote.user,))):
            return True
    return False


def own_earlier_vote(actor: Actor, voting: Voting, role: str, name: str) -> bool:
    """Tell whether the vote that counts for `role` is of the same person, who may then change it."""
    last = next((vote for vote in latest_votes(voting.review.fact) if vote.role == role), None)
    if last is None:
        return False
    return same_name(last.name) == same_name(name) if name else last.user == actor.id


def approval_day(call: Call, spot: Spot) -> date | None:
    """Return the team's day on which the current revision was approved; a recorded vote counts on its own day."""
    rule = review_rule(spot.loaded.playbook, spot.output.key)
    if rule is None or spot.row is None or spot.facts.review is None:
        return None
    review = rows.get(spot.facts.review.id, call.store.files.exists)
    if review is None or review.stale or not _approved(rule, review):
        return None
    latest = {vote.fact.role: vote.voted_on or spot.loaded.team.today(vote.fact.at) for vote in review.votes}
    days = [latest[role] for role in rule.roles if role in latest]
    return min(days) if rule.mode is ReviewMode.ANY else max(days)
