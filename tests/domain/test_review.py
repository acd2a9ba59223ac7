"""When a review has approved the current revision: all, any, in sequence; the latest vote of each role counts."""

from datetime import timedelta

import pytest

from salestui.domain.facts import Decision, ReviewFact, VoteFact
from salestui.domain.playbook import ReviewMode, ReviewRule
from salestui.domain.review import approved_at, latest_votes, open_roles
from tests.domain.builders import NOW, review, revision, vote

ROLES = ("technical", "sales", "legal")
OK, NO, CHANGE = Decision.APPROVE, Decision.REJECT, Decision.ASK_CHANGE


def given(*decisions: tuple[str, Decision]) -> tuple[VoteFact, ...]:
    """Return votes given a minute apart, the last one now."""
    start = NOW - timedelta(minutes=len(decisions) - 1)
    return tuple(vote(role, said, at=start + timedelta(minutes=n)) for n, (role, said) in enumerate(decisions))


ALL_OK = tuple((role, OK) for role in ROLES)


@pytest.mark.parametrize(
    ("mode", "votes", "approved"),
    [
        (ReviewMode.ALL, (), False),
        (ReviewMode.ALL, ALL_OK[:2], False),
        (ReviewMode.ALL, ALL_OK, True),
        (ReviewMode.ALL, (*ALL_OK, ("legal", NO)), False),
        (ReviewMode.ALL, (*ALL_OK, ("legal", CHANGE)), False),
        (ReviewMode.ALL, (("legal", NO), *ALL_OK), True),
        (ReviewMode.ALL, (*ALL_OK[:2], ("finance", OK)), False),
        (ReviewMode.ALL, (*ALL_OK, ("finance", NO)), False),
        (ReviewMode.ANY, (), False),
        (ReviewMode.ANY, ALL_OK[:1], True),
        (ReviewMode.ANY, (*ALL_OK[:1], ("legal", NO)), False),
        (ReviewMode.ANY, (("finance", OK),), False),
        (ReviewMode.SEQUENCE, ALL_OK[:2], False),
        (ReviewMode.SEQUENCE, ALL_OK, True),
        (ReviewMode.SEQUENCE, (*ALL_OK, ("technical", NO)), False),
    ],
)
def test_a_revision_is_approved_when_its_rule_says_so(mode, votes, approved):
    rule = ReviewRule("paper", ROLES, mode)
    assert (approved_at(rule, review(*given(*votes)), revision()) is not None) is approved


@pytest.mark.parametrize(("mode", "minutes"), [(ReviewMode.ALL, 0), (ReviewMode.SEQUENCE, 0), (ReviewMode.ANY, 2)])
def test_it_is_approved_at_the_last_vote_that_was_needed(mode, minutes):
    rule = ReviewRule("paper", ROLES, mode)
    assert approved_at(rule, review(*given(*ALL_OK)), revision()) == NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("known", "number"),
    [
        (None, 1),
        (review(*given(*ALL_OK)), None),
        (review(*given(*ALL_OK)), 2),
        (review(*given(*ALL_OK), recalled=True), 1),
    ],
)
def test_votes_on_another_revision_or_in_a_recalled_review_count_for_nothing(known: ReviewFact | None, number):
    rule = ReviewRule("paper", ROLES)
    assert approved_at(rule, known, revision(number=number) if number else None) is None


def test_a_rule_without_roles_approves_nothing():
    assert approved_at(ReviewRule("paper", ()), review(*given(*ALL_OK)), revision()) is None


def test_the_last_vote_of_a_role_counts():
    votes = given(("legal", NO), ("technical", OK), ("legal", OK))
    assert [(known.role, known.decision) for known in latest_votes(review(*votes))] == [
        ("legal", OK),
        ("technical", OK),
    ]


@pytest.mark.parametrize(
    ("mode", "voted", "waiting"),
    [
        (ReviewMode.ALL, (), ROLES),
        (ReviewMode.ALL, ("sales",), ("technical", "legal")),
        (ReviewMode.ANY, ("sales",), ("technical", "legal")),
        (ReviewMode.SEQUENCE, (), ("technical",)),
        (ReviewMode.SEQUENCE, ("technical",), ("sales",)),
        (ReviewMode.SEQUENCE, ROLES, ()),
    ],
)
def test_the_roles_that_are_awaited(mode, voted, waiting):
    rule = ReviewRule("paper", ROLES, mode)
    assert open_roles(rule, review(*given(*((role, OK) for role in voted)))) == waiting
