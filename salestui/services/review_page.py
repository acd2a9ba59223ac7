"""The review of one output on its screen: how it stands, and what this person can do, or why not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from salestui.dataclass import dataclass
from salestui.domain import permissions
from salestui.domain.dates import short_moment
from salestui.domain.facts import Decision, VoteFact
from salestui.domain.outcomes import NotAllowed
from salestui.domain.passages import AIR, Passage, heading
from salestui.domain.records import Kind, shown
from salestui.domain.review import latest_votes
from salestui.domain.sheets import ReviewRecord
from salestui.domain.views import CheckState, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import deputies, output_page, recording, refusals, review_asking, review_rules, reviewers
from salestui.services import output_rules as rules
from salestui.services.output_page import OutputPage
from salestui.services.request import Call, reads
from salestui.services.review_rules import Voting

EARLIER = 4


class Act(StrEnum):
    """What can be done about a review."""

    VOTE = "vote"
    RECORD = "record"
    ASK = "ask"
    REASSIGN = "reassign"
    RECALL = "recall"
    OPEN = "open"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do, in one role where it is a vote; `refused` says why this person cannot do it now.

    `deputy_for` names the absent person for whom the vote would be.
    """

    act: Act
    role: str = ""
    refused: NotAllowed | None = None
    deputy_for: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A review as its screen shows it; `review` is that of the latest revision, None where nobody asked for one."""

    output: OutputPage
    review: ReviewRecord | None
    ways: tuple[Way, ...]

    @property
    def key(self) -> str:
        """The key of the output that is reviewed."""
        return self.output.sheet.output.key


@reads
def page(call: Call, deal: int, key: str) -> ReviewPage:
    """Return the review of an output, or of what a review record reads; raises NotFound."""
    shown_output = output_page.page(call, deal, key)
    reviewed = shown_output.sheet.output.review
    if shown_output.rule is None and reviewed is not None and reviewed.of != key:
        shown_output = output_page.page(call, deal, reviewed.of)
    latest = shown_output.sheet.latest
    found = next((known for known in shown_output.reviews if known.revision == latest), None)
    review = found if found and not found.recalled_at and not shown_output.sheet.facts.withdrawn else None
    return ReviewPage(shown_output, review, _ways(call, shown_output, review))


def _ways(call: Call, shown_output: OutputPage, review: ReviewRecord | None) -> tuple[Way, ...]:
    deal, rule = shown_output.loaded.deal, shown_output.rule
    spot = rules.spot(call, deal.id, shown_output.sheet.output.key)
    may_fill = rules.may_fill(call.actor, spot)
    ways: list[Way] = []
    if review is not None and rule is not None:
        voting = review_rules.voting(review, rule, deal, shown_output.reviews, deputies.represented(call))
        ways += _votes(call, voting, idle=may_fill is not None)
        if voting.open_roles and recording.allowed(call):
            ways.append(Way(Act.RECORD, refused=may_fill))
        ways += _reassign(call, voting)
        ways += _recall(call, voting)
    refused = review is not None and rules.is_refused(review.fact)
    if review is None or refused:
        ways.append(Way(Act.ASK, refused=may_fill or _cannot_ask(shown_output, review)))
    if refused and may_fill is None:
        return (Way(Act.CHANGE), *ways)
    return (*ways, Way(Act.OPEN))


def _votes(call: Call, voting: Voting, *, idle: bool) -> list[Way]:
    """The votes this person could give; one who has nothing else to do here (`idle`) reads why he cannot vote."""
    closed = review_rules.closed(voting)
    if closed is not None:
        return []
    ways = []
    for role in voting.rule.roles:
        if role not in review_rules.roles_of(call.actor, voting):
            continue
        again = review_rules.own_earlier_vote(call.actor, voting, role, "")
        barred = review_rules.barred(call.actor, voting, role)
        absent = review_rules.absent_in(call.actor, voting, role)
        refused = barred or review_rules.not_in_turn(voting, role, again=again)
        ways.append(Way(Act.VOTE, role, refused, absent.name if absent else ""))
    if idle and not ways and voting.open_roles:
        role = voting.open_roles[0]
        ways.append(Way(Act.VOTE, role, review_rules.barred(call.actor, voting, role)))
    return ways


def _reassign(call: Call, voting: Voting) -> list[Way]:
    """Asking one other person is offered to who may do it, while somebody else there can be asked."""
    if review_asking.may_reassign(call, voting) is not None:
        return []
    others = review_asking.candidates(call, voting.review.id)
    return [Way(Act.REASSIGN)] if any(not other.asked and other.refused is None for other in others) else []


def _recall(call: Call, voting: Voting) -> list[Way]:
    review = voting.review
    if review_rules.closed(voting) is not None or rules.is_refused(review.fact):
        return []
    params = {"review": shown(Kind.REVIEW, review.id), "by": review.requested_by_name}
    code = permissions.refusal(call.actor, permissions.Act.CHANGE_REVIEW, review.requested_by)
    return [Way(Act.RECALL, refused=NotAllowed(code, params) if code else None)]


def _cannot_ask(shown_output: OutputPage, review: ReviewRecord | None) -> NotAllowed | None:
    key = {"output": shown_output.sheet.output.key}
    if shown_output.rule is None:
        return NotAllowed("no_review", key)
    if shown_output.sheet.facts.revision is None:
        return NotAllowed("submit_first", key)
    return NotAllowed("change_first", key) if review is not None else None


# How it stands


def state(page: ReviewPage, now: datetime) -> tuple[Passage, ...]:
    """Return how the review stands at `now` (aware UTC): who asked, who voted how, who is awaited, what was before."""
    output, review = page.output, page.review
    passages: list[Passage] = []
    if review is None:
        passages += _not_asked(output)
    else:
        passages += _asked(output, review, now)
    earlier = [known for known in output.reviews if review is None or known.id != review.id][:EARLIER]
    if earlier:
        passages += [AIR, heading(_("Earlier reviews"))]
        for known in earlier:
            passages += _earlier(output, known)
    return tuple(passages)


def _not_asked(output: OutputPage) -> list[Passage]:
    newest, rule = output.newest, output.rule
    if rule is None:
        return [Passage(_("The handbook asks for no review of this output."), tone=Tone.MUTED)]
    if output.sheet.facts.withdrawn:
        return [Passage(_("r{n} is withdrawn; there is nothing to review.").format(n=output.sheet.latest))]
    if newest is None:
        return [Passage(_("Nothing is submitted yet; there is nothing to review."))]
    roles = [refusals.role_title(key, output.loaded.playbook) for key in rule.roles]
    said = _("Nobody has asked for a review of r{n} yet.").format(n=newest.number)
    return [Passage(said), *(Passage(role, sign=CheckState.OPEN, tone=Tone.MUTED) for role in roles)]


def _asked(output: OutputPage, review: ReviewRecord, now: datetime) -> list[Passage]:
    zone, playbook = output.loaded.team.zone, output.loaded.playbook
    at = short_moment(review.requested_at, zone, language())
    said = _("{name} asked on {at} for a review of r{n}.").format(
        name=review.requested_by_name, at=at, n=review.revision
    )
    passages = [Passage(said)]
    if review.note:
        passages.append(Passage(review.note, label=_("Message"), tone=Tone.MUTED))
    passages.append(AIR)
    given = {vote.role: vote for vote in latest_votes(review.fact)}
    for key in output.rule.roles if output.rule else ():
        role, vote = refusals.role_title(key, playbook), given.get(key)
        if vote is None:
            waits = output_page.awaited(output, review.fact, key, now)
            passages.append(Passage(role, sign=CheckState.OPEN, right=waits))
        else:
            passages += _vote(output, role, vote)
    return passages


def _vote(output: OutputPage, role: str, vote: VoteFact) -> list[Passage]:
    decisions = {
        Decision.APPROVE: (_("approved"), CheckState.MET),
        Decision.REJECT: (_("not approved"), CheckState.UNMET),
        Decision.ASK_CHANGE: (_("asks for a change"), CheckState.UNMET),
    }
    said, sign = decisions[vote.decision]
    at = short_moment(vote.at, output.loaded.team.zone, language())
    who = f"{vote.name} {reviewers.for_absent(vote.deputy_for)}".strip()
    passages = [Passage(f"{role}   {who}   {said}", sign=sign, right=at)]
    if vote.comment:
        passages.append(Passage(vote.comment, label=" ", tone=Tone.MUTED))
    if vote.recorded_by:
        told = _("recorded by {name}: {evidence}").format(name=vote.recorded_by, evidence=vote.evidence or _("file"))
        passages.append(Passage(told, label=" ", tone=Tone.WARNING))
    return passages


def _earlier(output: OutputPage, review: ReviewRecord) -> list[Passage]:
    at = short_moment(review.requested_at, output.loaded.team.zone, language())
    if review.recalled_at is not None:
        return [Passage(_("r{n} recalled").format(n=review.revision), tone=Tone.MUTED, right=at)]
    said = []
    for vote in latest_votes(review.fact):
        role = refusals.role_title(vote.role, output.loaded.playbook)
        verdict = _("approved") if vote.decision is Decision.APPROVE else _("sent back")
        comment = f" {vote.comment}" if vote.comment and vote.decision is not Decision.APPROVE else ""
        said.append(f"{role} {reviewers.voter(vote)} {verdict}{comment}")
    if review.voided_by is not None:
        said.insert(0, _("voided by r{n}").format(n=review.voided_by))
    text = "   ".join(said) or _("no votes")
    return [Passage(text.replace("\n", " "), label=f"r{review.revision}", tone=Tone.MUTED, right=at, lines=2)]
