"""Who may vote in which role of a review, and who may not: nobody approves his own work (handbook A, stage 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from salestui.dataclass import dataclass
from salestui.domain.facts import Revision, VoteFact
from salestui.domain.outcomes import NotAllowed
from salestui.domain.people import Actor
from salestui.domain.playbook import Playbook, ReviewMode, ReviewRule, Scope
from salestui.domain.records import Deal, Kind, User, shown
from salestui.domain.review import approved_at, latest_votes, open_roles
from salestui.domain.sheets import ReviewRecord
from salestui.domain.text import same_name
from salestui.errors import NotFound
from salestui.services import deputies, playbooks
from salestui.services.output_rules import Spot, is_refused, review_rule
from salestui.services.request import Call
from salestui.storage import deals as deal_rows
from salestui.storage import outputs as output_rows
from salestui.storage import reviews as rows
from salestui.storage import users as user_rows


@dataclass(frozen=True, slots=True)
class Voting:
    """A review with what decides who may vote: the rule, the deal, and the authors of what is reviewed.

    `absent` are the people for whom the actor votes today; `names` are the users' names, where many reviews are asked.
    """

    review: ReviewRecord
    rule: ReviewRule
    deal: Deal
    authors: frozenset[int]
    absent: tuple[User, ...] = ()
    names: Mapping[int, frozenset[str]] | None = None

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


def voting(
    review: ReviewRecord,
    rule: ReviewRule,
    deal: Deal,
    reviews: Iterable[ReviewRecord],
    absent: tuple[User, ...] = (),
    known: Known | None = None,
) -> Voting:
    """Gather what decides who may vote; `reviews` are all of the output, `absent` those for whom the actor votes."""
    after = _approved_before(rule, review, reviews)
    if known is None:
        return Voting(review, rule, deal, output_rows.authors(review.output, after), absent)
    written = known.authors.get(review.output.id, ())
    authors = frozenset(author for number, author in written if number > after)
    return Voting(review, rule, deal, authors, absent, known.names)


@dataclass(frozen=True, slots=True)
class Known:
    """What many reviews are judged by, read at once: who wrote which revision of an output, and all users' names."""

    authors: Mapping[int, Sequence[tuple[int, int]]]
    names: Mapping[int, frozenset[str]]


def known_of(outputs: Collection[int]) -> Known:
    """Read what the reviews of these outputs are judged by."""
    names = {user.id: frozenset({same_name(user.login), same_name(user.name)}) for user in user_rows.everyone()}
    return Known(output_rows.written(outputs), names)


def load(call: Call, review: ReviewRecord) -> Voting:
    """Gather what decides who may vote in a review."""
    deal = next(deal_rows.many((review.deal,)))
    rule = rule_of(playbooks.get(call, deal.playbook, deal.playbook_version), review)
    reviews = rows.of_output(review.output, call.store.files.exists)
    return voting(review, rule, deal, reviews, deputies.represented(call))


def record(call: Call, review: int) -> ReviewRecord:
    """Return a review with its votes; raises NotFound."""
    found = rows.get(review, call.store.files.exists)
    if found is None:
        raise NotFound("review", shown(Kind.REVIEW, review))
    return found


def rule_of(playbook: Playbook, review: ReviewRecord) -> ReviewRule:
    """Return the rule of a review; it asks no role where the playbook has none any more."""
    return review_rule(playbook, review.output.key) or ReviewRule(review.output.key, ())


def _approved_before(rule: ReviewRule, review: ReviewRecord, reviews: Iterable[ReviewRecord]) -> int:
    """Return the last revision approved before the one reviewed: who wrote any since then is an author of it."""
    earlier = (other for other in reviews if other.revision < review.revision and _approved(rule, other))
    return max((other.revision for other in earlier), default=0)


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


def votable_roles(actor: Actor, voting: Voting) -> tuple[str, ...]:
    """Return the roles in which this person may vote now."""
    return tuple(role for role in voting.open_roles if barred(actor, voting, role) is None)


def awaited_roles(actor: Actor, voting: Voting) -> tuple[str, ...]:
    """Return the roles in which a vote is awaited of this person: those of one other person are not."""
    people = {actor.id, *(user.id for user in voting.absent)}
    asked = {role: voting.review.asked_of(role) for role in voting.rule.roles}
    return tuple(
        role for role in votable_roles(actor, voting) if (known := asked[role]) is None or known.user in people
    )


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


def roles_of(actor: Actor, voting: Voting) -> frozenset[str]:
    """Return the roles in which this person votes today: his own, and those of the absent people he stands in for."""
    return actor.roles.union(*(user.roles for user in voting.absent))


def absent_in(actor: Actor, voting: Voting, role: str) -> User | None:
    """Return the absent person for whom this person would vote in `role`; None where he holds it himself.

    Nobody stands in for an author or for the deal's owner, who could not vote either.
    """
    if role in actor.roles:
        return None
    holders = [user for user in voting.absent if role in user.roles]
    free = (user for user in holders if user.id not in voting.authors and user.id != voting.deal.owner)
    return next(free, holders[0] if holders else None)


def barred(actor: Actor, voting: Voting, role: str) -> NotAllowed | None:
    """Refuse this person's own vote in `role`: without the role, on own work, on own deal, or in a second role.

    A deputy is refused what either of the two would be refused.
    """
    params = {"role": role, "review": shown(Kind.REVIEW, voting.review.id)}
    if role not in roles_of(actor, voting):
        return NotAllowed("no_role", params)
    absent = absent_in(actor, voting, role)
    if actor.id in voting.authors:
        return NotAllowed("own_work", {**params, "revision": voting.review.revision})
    if absent is not None and absent.id in voting.authors:
        return NotAllowed("own_work", {**params, "revision": voting.review.revision, "name": absent.name})
    voters = {actor.id, absent.id if absent else None}
    if voting.deal.owner in voters or (voting.review.requested_by in voters and _serves_asker(voting)):
        return NotAllowed("own_deal", {**params, "deal": shown(Kind.DEAL, voting.deal.id)})
    people = (actor, absent) if absent is not None else (actor,)
    names = [name for person in people for name in (person.name, person.login)]
    if not voting.rule.one_person_many_roles and _is_among(
        {person.id for person in people}, names, _in_other_roles(voting, role), voting.names
    ):
        return NotAllowed("one_role_only", params)
    return None


def _serves_asker(voting: Voting) -> bool:
    """Whether what is reviewed serves a deal of whoever asked, though it was asked for from another's."""
    scope, deal = voting.review.output.owner.scope, voting.deal
    if scope is Scope.DEAL:
        return False
    customer = None if scope is Scope.CAMPAIGN else deal.customer
    campaign = None if scope is Scope.CUSTOMER else deal.campaign
    owner = voting.review.requested_by
    return bool(deal_rows.select(owner=owner, customer=customer, campaign=campaign, limit=1))


def _in_other_roles(voting: Voting, role: str) -> list[VoteFact]:
    return [vote for vote in latest_votes(voting.review.fact) if vote.role != role]


def barred_user(user: User, voting: Voting, role: str) -> NotAllowed | None:
    """Refuse to ask a person in `role` who could not vote in it."""
    actor = Actor(user.id, user.login, user.name, user.permission, user.roles)
    refused = barred(actor, Voting(voting.review, voting.rule, voting.deal, voting.authors), role)
    if refused is not None and refused.code in {"own_work", "no_role"}:
        code = "their_work" if refused.code == "own_work" else "not_their_role"
        return NotAllowed(code, {**refused.params, "name": user.name})
    return refused


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
    if not voting.rule.one_person_many_roles and _is_among(frozenset(), (name,), _in_other_roles(voting, role)):
        return NotAllowed("one_role_only", params)
    return None


def names_of(users: Iterable[int]) -> frozenset[str]:
    """Return the logins and names of users in the form in which names are compared."""
    found = (user_rows.by_id(user) for user in users)
    return frozenset(same_name(text) for user in found if user for text in (user.login, user.name))


def _is_among(
    users: Collection[int],
    names: Sequence[str],
    votes: Iterable[VoteFact],
    known: Mapping[int, frozenset[str]] | None = None,
) -> bool:
    """Tell whether one of these people voted, or a deputy for one of them."""
    wanted = {same_name(name) for name in names}
    for vote in votes:
        voters = {number for number in (vote.user, vote.absent) if number is not None}
        if voters & set(users) or same_name(vote.name) in wanted:
            return True
        theirs = names_of(voters) if known is None else frozenset().union(*(known.get(n, ()) for n in voters))
        if wanted & theirs:
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
