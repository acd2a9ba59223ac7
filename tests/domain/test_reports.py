"""The sums of reports: hit rates, amounts per currency, and how deals ended."""

import pytest

from salestui.domain.clocks import ClockRun, ClockState
from salestui.domain.money import Money
from salestui.domain.reports import DealEvent, Happened, Hits, Outcome, Sum, ends, hits, sum_of
from tests.domain.builders import NOW


def runs(*states: ClockState) -> list[ClockRun]:
    return [ClockRun("any", NOW, NOW, None, state) for state in states]


@pytest.mark.parametrize(
    ("found", "rate"),
    [
        (Hits(), None),
        (Hits(running=4), None),
        (Hits(kept=3), 100),
        (Hits(kept=199, missed=1), 99),
        (Hits(kept=1, late=1, missed=1), 33),
        (Hits(late=2), 0),
    ],
)
def test_the_hit_rate_counts_what_is_decided_and_is_full_only_when_all_was_kept(found, rate):
    assert found.rate == rate


def test_runs_are_counted_by_how_they_ended():
    kept, late, missed, running = ClockState.KEPT, ClockState.LATE, ClockState.MISSED, ClockState.RUNNING
    assert hits(runs(kept, kept, late, missed, running)) == Hits(2, 1, 1, 1)
    assert hits([]) == Hits()


def test_amounts_are_added_up_per_currency():
    amounts = [Money(100, "USD"), None, Money(250, "CNY"), Money(50, "CNY")]
    assert sum_of(amounts) == Sum(4, (Money(300, "CNY"), Money(100, "USD")))
    assert sum_of([]) == Sum()


def story(*happened: Happened | tuple[Happened, int]) -> dict[int, tuple[Outcome, int]]:
    events = [each if isinstance(each, tuple) else (each, 1) for each in happened]
    return dict(ends([DealEvent(7, owner, what) for what, owner in events]))


W, C, L, X, P, R, G = (
    Happened.WON,
    Happened.COMPLETED,
    Happened.LOST,
    Happened.CANCELLED,
    Happened.IN_CARE,
    Happened.REOPENED,
    Happened.GATE,
)


@pytest.mark.parametrize(
    ("happened", "end"),
    [
        ((G, G), None),
        ((G, W, G, C), Outcome.WON),
        ((L,), Outcome.LOST),
        ((P,), Outcome.IN_CARE),
        ((W, X), Outcome.CANCELLED),
        ((X,), Outcome.CANCELLED),
        ((L, R), None),
        ((R,), None),
        ((W, X, R), Outcome.WON),
        ((L, R, P), Outcome.IN_CARE),
        ((W, X, W), Outcome.WON),
    ],
)
def test_the_last_end_of_a_deal_counts_and_reopening_takes_it_back(happened, end):
    found = story(*happened)
    assert found == ({7: (end, 1)} if end else {})


def test_an_end_belongs_to_who_owned_the_deal_then():
    assert story((W, 1), (X, 2)) == {7: (Outcome.CANCELLED, 2)}
    assert story((W, 1), (X, 2), (R, 2)) == {7: (Outcome.WON, 1)}
