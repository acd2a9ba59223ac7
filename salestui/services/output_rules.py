"""What stands around one output of one deal: whose it is, who may fill it, what locks it, what a change brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from salestui.dataclass import dataclass
from salestui.domain import answers
from salestui.domain.case import is_required
from salestui.domain.facts import DealFacts, Decision, OutputFacts, ReviewFact, Revision
from salestui.domain.gate import evaluate
from salestui.domain.outcomes import Conflict, NotAllowed
from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType, Output, Playbook, ReviewRule, Scope, Stage
from salestui.domain.problems import Problem
from salestui.domain.records import Deal, Kind, OutputOwner, shown
from salestui.domain.requirement import State
from salestui.domain.review import approved_at, latest_votes
from salestui.domain.sending import sent_date
from salestui.domain.sheets import Consequence, OutputRow
from salestui.errors import NotFound
from salestui.services import cards
from salestui.services.loading import Loaded, load, load_many
from salestui.services.request import Call
from salestui.storage import campaigns as campaign_rows
from salestui.storage import customers as customer_rows
from salestui.storage import deals as deal_rows
from salestui.storage import memberships
from salestui.storage import outputs as rows
from salestui.storage.cards import ON_BOARD
from salestui.storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Spot:
    """One output seen from one deal at instant `now`, with everything loaded.

    `row` is None before anything was submitted.
    """

    now: datetime
    loaded: Loaded
    stage: Stage
    output: Output
    owner: OutputOwner
    row: OutputRow | None
    facts: OutputFacts

    @property
    def deal(self) -> Deal:
        """The deal from which the output is seen."""
        return self.loaded.deal

    @property
    def latest(self) -> int:
        """The number of the latest revision, withdrawn or not; 0 before the first."""
        return self.row.latest if self.row else 0

    @property
    def subject(self) -> str:
        """The output as the history names it: its owner's shown id and its key, such as "D7.solution"."""
        deal = self.deal
        owners = {
            Scope.DEAL: shown(Kind.DEAL, deal.id),
            Scope.CUSTOMER: shown(Kind.CUSTOMER, deal.customer),
            Scope.CAMPAIGN: shown(Kind.CAMPAIGN, deal.campaign),
            Scope.CUSTOMER_IN_CAMPAIGN: f"{shown(Kind.CUSTOMER, deal.customer)}/{shown(Kind.CAMPAIGN, deal.campaign)}",
        }
        return f"{owners[self.output.owner]}.{self.output.key}"

    def record(
        self,
        tx: Transaction,
        action: str,
        *,
        before: Mapping[str, object] | None,
        after: Mapping[str, object],
        note: str = "",
        subject: str = "",
    ) -> None:
        """Write an event of this output into the history of whom it concerns: the deal, or all that share it."""
        deal, scope = self.deal, self.output.owner
        tx.record(
            action,
            subject=subject or self.subject,
            before=before,
            after=after,
            note=note,
            deal=deal.id if scope is Scope.DEAL else None,
            customer=None if scope is Scope.CAMPAIGN else deal.customer,
            campaign=None if scope is Scope.CUSTOMER else deal.campaign,
        )


def owner_of(loaded: Loaded, output: Output) -> OutputOwner:
    """Return to whom an output of this deal belongs; id 0 where the customer is not in the campaign yet."""
    deal = loaded.deal
    if output.owner is Scope.CUSTOMER_IN_CAMPAIGN:
        membership = memberships.find(deal.customer, deal.campaign)
        return OutputOwner(output.owner, membership.id if membership else 0)
    ids = {Scope.DEAL: deal.id, Scope.CUSTOMER: deal.customer, Scope.CAMPAIGN: deal.campaign}
    return OutputOwner(output.owner, ids[output.owner])


def spot(call: Call, deal: int, key: str) -> Spot:
    """Load one output of one deal; raises NotFound for either."""
    loaded = load(call, deal)
    try:
        output = loaded.playbook.output(key)
    except KeyError as error:
        raise NotFound("output", key) from error
    owner = owner_of(loaded, output)
    facts = loaded.facts.outputs.get(key) or OutputFacts(key)
    return Spot(call.now, loaded, loaded.playbook.stage_of(key), output, owner, rows.find(owner, key), facts)


def refresh(tx: Transaction, spot: Spot) -> None:
    """Judge anew every deal that the output serves."""
    deal = spot.deal
    if spot.output.owner is Scope.DEAL:
        cards.refresh(tx, (deal.id,))
    elif spot.output.owner is Scope.CUSTOMER:
        cards.refresh_for(tx, customer=deal.customer)
    elif spot.output.owner is Scope.CAMPAIGN:
        cards.refresh_for(tx, campaign=deal.campaign)
    else:
        cards.refresh_for(tx, customer=deal.customer, campaign=deal.campaign)


def overtaken(spot: Spot, expected: int | None) -> Conflict | None:
    """Return a conflict when there is another revision now than the one that was read; None asks nothing."""
    if expected is None or expected == spot.latest:
        return None
    return Conflict(spot.subject, expected, spot.latest)


# Who may


def may_fill(actor: Actor, spot: Spot) -> NotAllowed | None:
    """Refuse whoever neither manages, nor owns what the output belongs to, nor a deal that it serves."""
    deal, scope = spot.deal, spot.output.owner
    code = refusal(actor, Act.FILL_OUTPUT, deal.owner)
    if code and scope is not Scope.DEAL:
        customer = None if scope is Scope.CAMPAIGN else deal.customer
        campaign = None if scope is Scope.CUSTOMER else deal.campaign
        served = deal_rows.select(owner=actor.id, customer=customer, campaign=campaign, limit=1)
        holder = _campaign_owner(deal) if scope is Scope.CAMPAIGN else _customer_owner(deal)
        code = None if served else refusal(actor, Act.FILL_OUTPUT, holder)
    return NotAllowed(code, {"deal": shown(Kind.DEAL, deal.id), "owner": deal.owner_name}) if code else None


def _campaign_owner(deal: Deal) -> int | None:
    campaign = campaign_rows.by_id(deal.campaign)
    return campaign.owner if campaign else None


def _customer_owner(deal: Deal) -> int | None:
    customer = customer_rows.by_id(deal.customer)
    return customer.owner if customer else None


def serves_many(spot: Spot) -> bool:
    """Tell whether withdrawing it is a manager's act: an output of the campaign, of the customer, of several deals."""
    scope, deal = spot.output.owner, spot.deal
    if scope is Scope.CUSTOMER_IN_CAMPAIGN:
        return len(deal_rows.ids_with(customer=deal.customer, campaign=deal.campaign)) > 1
    return scope in {Scope.CAMPAIGN, Scope.CUSTOMER}


# Reviews of an output


def review_rule(playbook: Playbook, key: str) -> ReviewRule | None:
    """Return the rule by which output `key` is reviewed, its own or that of a review output; None where none is."""
    rules = (output.review for _, output in playbook.outputs() if output.review and output.review.of == key)
    return next(rules, None)


def is_refused(review: ReviewFact) -> bool:
    """Tell whether a reviewer rejected the revision or asked for a change."""
    return any(vote.decision is not Decision.APPROVE for vote in latest_votes(review))


def is_pending(rule: ReviewRule | None, review: ReviewFact | None, revision: Revision | None) -> bool:
    """Tell whether a review of the current revision still waits for votes.

    A refusal decides it: the content is then to be changed, and the other votes no longer hold it.
    """
    if rule is None or review is None or revision is None or review.recalled or review.revision != revision.number:
        return False
    return approved_at(rule, review, revision) is None and not is_refused(review)


# What stands against filling it in


def not_a_form(spot: Spot) -> NotAllowed | None:
    """Refuse an output that lives in the data: the score, the class, a talk, the review of another output."""
    if spot.output.met_by is None:
        return None
    return NotAllowed("not_a_form", {"output": spot.output.key, "by": spot.output.met_by.value})


def review_pending(spot: Spot) -> NotAllowed | None:
    """Refuse while reviewers read the current revision: they vote on what they see (recalling the review unlocks)."""
    review = spot.facts.review
    rule = review_rule(spot.loaded.playbook, spot.output.key)
    if review is None or not is_pending(rule, review, spot.facts.revision):
        return None
    params = {"output": spot.output.key, "review": shown(Kind.REVIEW, review.id), "by": review.requested_by_name}
    return NotAllowed("review_pending", params)


def send_first(spot: Spot) -> NotAllowed | None:
    """Refuse an output whose forerunner has not gone to the customer (handbook B, stage 4: approve, send, sign)."""
    key, playbook, facts = spot.output.requires_sent, spot.loaded.playbook, spot.loaded.facts
    if not key:
        return None
    forerunner = playbook.output(key)
    known = facts.outputs.get(key) or OutputFacts(key)
    sent = known.sent is not None and known.revision is not None and known.sent.revision == known.revision.number
    if sent or not is_required(forerunner.required_when, facts) or _excepted(spot, forerunner):
        return None
    return NotAllowed("send_first", {"output": spot.output.key, "of": key})


def _excepted(spot: Spot, forerunner: Output) -> bool:
    stage = spot.loaded.playbook.stage_of(forerunner.key)
    wanted = f"{stage.key}.{forerunner.key}.sent"
    in_force = {known.requirement for known in spot.loaded.facts.exceptions if known.expires_at > spot.now}
    return forerunner.exceptable and wanted in in_force


def locked(actor: Actor, spot: Spot) -> NotAllowed | None:
    """Return why this person cannot submit the output now, None when nothing stands against it."""
    return not_a_form(spot) or may_fill(actor, spot) or review_pending(spot) or send_first(spot)


def date_field(fields: tuple[Field, ...]) -> Field | None:
    """Return the field that says when an output went out: the first date or time of its send rule."""
    return next((field for field in fields if field.type in {FieldType.DATE, FieldType.DATETIME}), None)


def sent_on(spot: Spot, key: str) -> str | None:
    """Return the ISO date on which output `key` of the deal went to the customer."""
    sent = (spot.loaded.facts.outputs.get(key) or OutputFacts(key)).sent
    if sent is None:
        return None
    return sent_date(spot.loaded.playbook.output(key), sent.values) or spot.loaded.team.today(sent.at).isoformat()


def answer_problems(spot: Spot, values: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the rows that name a revision as their answer which is not there, or older than they are."""
    loaded = spot.loaded
    for place in answers.places((spot.output,)):
        key = place.rule.of
        times = rows.revision_times(owner_of(loaded, loaded.playbook.output(key)), key)
        yield from answers.problems(place, values, {number: loaded.team.today(at) for number, at in times.items()})


# What a change brings with it


def consequences(spot: Spot) -> tuple[Consequence, ...]:
    """Return what a new revision would bring with it: votes that no longer count, a sending, other deals."""
    found = []
    review, revision, sent = spot.facts.review, spot.facts.revision, spot.facts.sent
    rule = review_rule(spot.loaded.playbook, spot.output.key)
    if rule and review and revision and review.revision == revision.number and not review.recalled and review.votes:
        roles = tuple(dict.fromkeys(vote.role for vote in review.votes))
        found.append(Consequence("voids_votes", {"review": shown(Kind.REVIEW, review.id), "roles": roles}))
    if sent and revision and sent.revision == revision.number:
        found.append(Consequence("send_again", {"revision": revision.number}))
    others = len(served(spot)) - 1
    if others > 0:
        found.append(Consequence("serves_others", {"count": others}))
    return tuple(found)


def served(spot: Spot) -> tuple[int, ...]:
    """Return the deals on the board that the output serves."""
    deal, scope = spot.deal, spot.output.owner
    if scope is Scope.DEAL:
        return (deal.id,)
    customer = None if scope is Scope.CAMPAIGN else deal.customer
    campaign = None if scope is Scope.CUSTOMER else deal.campaign
    return deal_rows.ids_with(customer=customer, campaign=campaign, statuses=ON_BOARD)


def blocked_without(call: Call, spot: Spot) -> tuple[Deal, ...]:
    """Return the deals on the board whose gate would newly ask for the output, were it withdrawn."""
    numbers = served(spot)
    blocked: list[Deal] = []
    for start in range(0, len(numbers), cards.AT_ONCE):
        some = load_many(call, numbers[start : start + cards.AT_ONCE]).values()
        blocked.extend(loaded.deal for loaded in some if _would_miss(call, loaded, spot.output.key))
    return tuple(blocked)


def _would_miss(call: Call, loaded: Loaded, key: str) -> bool:
    facts = loaded.facts
    known = facts.outputs.get(key)
    if known is None or known.revision is None:
        return False
    without = replace(facts, outputs={**facts.outputs, key: replace(known, revision=None, withdrawn=True)})
    return bool(_unmet(call, loaded, without) - _unmet(call, loaded, facts))


def _unmet(call: Call, loaded: Loaded, facts: DealFacts) -> set[str]:
    report = evaluate(loaded.playbook, facts, call.now, loaded.team)
    return {requirement.key for requirement in report.requirements if requirement.state is State.UNMET}


def today(spot: Spot) -> date:
    """Return the team's date."""
    return spot.loaded.team.today(spot.now)


def currency(spot: Spot) -> str:
    """Return the currency of amounts that are given without one: the deal's, else the campaign's."""
    if spot.deal.amount is not None:
        return spot.deal.amount.currency
    campaign = campaign_rows.by_id(spot.deal.campaign)
    return campaign.currency if campaign else "CNY"
