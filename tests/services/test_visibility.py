"""Where the team shows each rep only his own, what is not his is on no board and in no list, search or history."""

import pytest

from salestui.domain.facts import Status
from salestui.domain.outcomes import Done
from salestui.errors import NotFound
from salestui.services import (
    agenda,
    board,
    campaigns,
    customers,
    deals,
    history,
    history_check,
    search,
    settings,
)
from salestui.services.loading import load
from tests.postgres import databases
from tests.services.desk import Desk, number

pytestmark = pytest.mark.skipif(
    databases.on_postgres(), reason="the server hides rows itself, from everybody but the role that these tests have"
)


@pytest.fixture
def apart(desk: Desk) -> dict[str, int]:
    """王磊 and 赵敏 have a deal each, in campaigns of their own; reps see their own."""
    found = {}
    for who, name in (("rep", "启明"), ("other", "远帆")):
        request = getattr(desk, who)
        campaign = desk.campaign(request, name=f"{name}拓展")
        customer = desk.customer(request, campaign, name=f"{name}食品有限公司")
        deal = number(deals.new(request, customer, campaign, {"amount": "50万"}))
        found |= {f"{who} campaign": campaign, f"{who} customer": customer, f"{who} deal": deal}
    assert isinstance(settings.change(desk.admin, {"reps_see": "own"}), Done)
    return found


def seen_on_board(request, campaign: int) -> int:
    return board.load(request, board.Selection(campaign=campaign)).deals


def test_what_is_not_his_is_nowhere(desk, apart):
    theirs = apart["other deal"]
    with pytest.raises(NotFound):
        deals.get(desk.rep, theirs)
    with pytest.raises(NotFound):
        load(desk.rep, theirs)
    with pytest.raises(NotFound):
        deals.change(desk.rep, theirs, {"title": "x"})
    assert {deal.id for deal in deals.listed(desk.rep)} == {apart["rep deal"]}
    assert seen_on_board(desk.rep, apart["other campaign"]) == 0
    assert search.find(desk.rep, "远帆") == ()
    assert [each.name for each in customers.all(desk.rep)] == ["启明食品有限公司"]
    assert not any(event.deal == theirs for event in history.events(desk.rep, limit=200))
    assert all(line.deal != theirs for line in agenda.due(desk.rep, owner=None))


def test_managers_and_shared_campaigns_show_everything(desk, apart):
    both = {apart["rep deal"], apart["other deal"]}
    assert {deal.id for deal in deals.listed(desk.manager)} == both
    campaigns.change(desk.other, apart["other campaign"], {"shared": True})
    assert {deal.id for deal in deals.listed(desk.rep)} == both
    assert seen_on_board(desk.rep, apart["other campaign"]) == 1
    assert search.find(desk.rep, "远帆")


def test_he_still_works_on_his_own_and_the_history_still_holds(desk, apart):
    mine = apart["rep deal"]
    assert number(deals.change(desk.rep, mine, {"title": "二期"})) == mine
    assert deals.get(desk.rep, mine).title == "二期"
    assert deals.get(desk.rep, mine).status is Status.OPEN
    assert history_check.check(desk.rep).broken is None


def test_nothing_of_it_stays_in_the_connection(desk, apart):
    deals.listed(desk.rep)
    assert {deal.id for deal in deals.listed(desk.manager)} == {apart["rep deal"], apart["other deal"]}


def test_everything_is_seen_again_once_the_team_says_so(desk, apart):
    settings.change(desk.admin, {"reps_see": "all"})
    assert {deal.id for deal in deals.listed(desk.rep)} == {apart["rep deal"], apart["other deal"]}
