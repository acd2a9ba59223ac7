"""What reviews want of a person: the votes that are awaited of him, and those that a new revision voided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from salestui.domain.playbook import Text
from salestui.domain.records import Deal, User
from salestui.domain.sheets import ReviewLine, ReviewRecord, VoidedLine
from salestui.services import deputies
from salestui.services import output_rules as outputs
from salestui.services import review_rules as rules
from salestui.services.playbook_memo import PlaybookOf, remembered
from salestui.services.request import Call, reads
from salestui.services.review_rules import Voting
from salestui.storage import deals as deal_rows
from salestui.storage import reviews as rows

__all__ = ["LIMIT", "VOIDED_FOR", "asked_by_me", "voided_for_me", "waiting_for_me"]

LIMIT: Final = 200
"""The most reviews that are listed: more than anybody reads in a day."""
VOIDED_FOR: Final = timedelta(days=7)
"""For how long people are told that their votes were voided, unless another review is asked for before."""


@reads
def waiting_for_me(call: Call, limit: int = LIMIT) -> tuple[ReviewLine, ...]:
    """Return the reviews in which this person may vote now, the longest waiting first.

    In his own roles and in those of the absent people whose deputy he is; not where one other person is asked.
    """
    absent = deputies.represented(call)
    seats = {call.actor.id: call.actor.roles} | {user.id: user.roles for user in absent}
    if not any(seats.values()):
        return ()
    found = rows.awaiting(seats, call.store.files.exists, limit=limit)
    playbook_of = remembered(call)
    lines = (_line(call, playbook_of, voting) for voting in _votings(call, playbook_of, found, absent))
    return tuple(line for line in lines if line.roles)


@reads
def asked_by_me(call: Call, limit: int = LIMIT) -> tuple[ReviewLine, ...]:
    """Return the reviews this person asked for that still wait for others, the longest waiting first.

    `roles` of a line are those whose vote is missing.
    """
    found = rows.asked_by(call.actor.id, call.store.files.exists, limit=limit)
    playbook_of = remembered(call)
    lines = (_line(call, playbook_of, voting, mine=False) for voting in _votings(call, playbook_of, found, ()))
    return tuple(line for line in lines if line.roles)


def _votings(
    call: Call, playbook_of: PlaybookOf, found: tuple[ReviewRecord, ...], absent: tuple[User, ...]
) -> Iterator[Voting]:
    """Gather what decides who may vote in each review, with few queries for all of them."""
    deals = {deal.id: deal for deal in deal_rows.many([review.deal for review in found])}
    reviews = rows.of_outputs({review.output.id for review in found}, call.store.files.exists)
    known = rules.known_of({review.output.id for review in found})
    for review in found:
        deal = deals[review.deal]
        rule = rules.rule_of(playbook_of(deal.playbook, deal.playbook_version), review)
        yield rules.voting(review, rule, deal, reviews[review.output.id], absent, known)


def _line(call: Call, playbook_of: PlaybookOf, voting: Voting, *, mine: bool = True) -> ReviewLine:
    """Return what a list shows of a review: the roles in which this person may vote, or (not `mine`) all awaited."""
    review, deal = voting.review, voting.deal
    playbook = playbook_of(deal.playbook, deal.playbook_version)
    awaited = rules.awaited_roles(call.actor, voting) if mine else voting.open_roles
    roles = () if outputs.is_refused(review.fact) else awaited
    titles = (playbook.role(role) for role in roles)
    absent = {role: rules.absent_in(call.actor, voting, role) for role in roles} if mine else {}
    return ReviewLine(
        review=review.id,
        deal=deal.id,
        customer=deal.customer_label,
        output=review.output.key,
        title=playbook.output(review.output.key).title,
        revision=review.revision,
        roles=roles,
        requested_by=review.requested_by_name,
        requested_at=review.requested_at,
        note=review.note,
        role_titles=tuple(known.title if known else Text("", "") for known in titles),
        deputy_for={role: user.name for role, user in absent.items() if user is not None},
    )


@reads
def voided_for_me(call: Call, limit: int = LIMIT) -> tuple[VoidedLine, ...]:
    """Return the reviews, asked for by this person or with his vote, that a new revision voided; the latest first.

    For a week, and only until another review of the output is asked for.
    """
    found = rows.voided(call.actor.id, call.now - VOIDED_FOR, call.store.files.exists, limit=limit)
    deals: dict[int, Deal] = {deal.id: deal for deal in deal_rows.many([review.deal for review, _at in found])}
    playbook_of = remembered(call)
    lines = []
    for review, at in found:
        deal = deals[review.deal]
        playbook = playbook_of(deal.playbook, deal.playbook_version)
        if rules.rule_of(playbook, review).roles:
            lines.append(
                VoidedLine(
                    review.id,
                    deal.id,
                    review.output.key,
                    playbook.output(review.output.key).title,
                    review.revision,
                    review.revision + 1,
                    at,
                    review.requested_by == call.actor.id,
                )
            )
    return tuple(lines)
