"""Where the team shows each rep only his own, what is not his is on no board and in no list, search or history."""

import pytest

from salestui.domain.facts import Status
from salestui.domain.outcomes import Done
from salestui.domain.records import Event
from salestui.errors import NotFound
from salestui.services import (
    activities,
    agenda,
    board,
    campaigns,
    contacts,
    customers,
    deals,
    exceptions,
    history,
    history_check,
    outputs,
    reviews,
    scores,
    search,
    settings,
)
from salestui.services.loading import load
from salestui.services.request import Request
from salestui.storage import tables, visibility
from tests.postgres import databases
from tests.services.desk import Desk, number
from tests.services.test_scores import EVIDENCE, points

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


@pytest.fixture
def full(desk: Desk, apart: dict[str, int]) -> dict[str, int]:
    """赵敏's deal has a row in every table that can speak of it, and her campaign a paper with its event."""
    theirs, customer, campaign = (apart[f"other {what}"] for what in ("deal", "customer", "campaign"))
    at, her = desk.other.now, desk.other.actor.id
    number(contacts.new(desk.other, customer, {"name": "李工", "phone": "138 0000 0000"}))
    number(activities.plan(desk.other, [theirs], at="2026-12-01 10:00", subject="二次拜访"))
    scores.record(desk.other, customer, campaign, points(4), EVIDENCE, "first")
    with desk.store.transaction(desk.other.actor, now=at, command_id="hers") as tx:
        place = tables.Membership.get(tables.Membership.customer == customer).id
        for scope, owner in (("deal", theirs), ("campaign", campaign), ("customer", customer)):
            paper = tables.Output.create(scope=scope, owner_id=owner, key="hidden", latest=1)
            tables.Revision.create(output=paper, number=1, values={}, files=[], at=at, author=her)
            tables.Sending.create(output=paper, revision=1, values={}, at=at, by=her)
            review = tables.Review.create(output=paper, revision=1, deal=theirs, requested_by=her, requested_at=at)
            tables.Vote.create(review=review, role="x", user=her, name="x", decision="reject", at=at, files=[])
            tables.Asked.create(review=review, role="x", user=her, waiting=True)
        tables.Draft.create(scope="deal", owner_id=theirs, key="hidden", author=her, values={}, files=[], at=at)
        tables.CustomerEvent.create(
            membership=place, kind="x", note="", day=at.date(), at=at, after_score=0, recorded_at=at, by=her
        )
        tables.ActionTick.create(deal=theirs, key="x", at=at, by=her)
        waiver = tables.Waiver.create(
            deal=theirs, requirement="x", reason="x", granted_name="x", granted_at=at, expires_at=at, files=[]
        )
        tx.record("output.submitted", subject="M2.hidden", before=None, after={"values": 1}, campaign=campaign)
        tx.keep_result({})
    return apart | {"review": review.id, "waiver": waiver.id}


def test_every_table_is_either_narrowed_or_public(desk, full):
    everything = {model._meta.table_name for model in tables.MODELS}
    assert not visibility.PUBLIC & set(visibility._views(desk.rep.actor))
    assert visibility.PUBLIC | set(visibility._views(desk.rep.actor)) == everything


def test_no_row_of_others_is_read_from_any_table(desk, full):
    def seen(who: Request, model: type[tables.Table]) -> list[tuple[object, ...]]:
        with who.reading():
            return list(model.select().tuples())

    for model in tables.MODELS:
        if model._meta.table_name in visibility.PUBLIC or model is tables.Event:
            continue
        mine, hers, every = (seen(who, model) for who in (desk.rep, desk.other, desk.manager))
        assert hers, model
        assert not {str(row) for row in mine} & {str(row) for row in hers}, model
        assert len(mine) + len(hers) == len(every), model


def test_no_event_of_others_is_read(desk, full):
    mine, hers = every_event(desk.rep), every_event(desk.other)
    assert not any(event.deal == full["other deal"] or "hidden" in event.subject for event in mine)
    assert any("hidden" in event.subject for event in hers)
    assert not any(event.customer == full["other customer"] for event in mine)


def every_event(who: Request) -> tuple[Event, ...]:
    return tuple(history.events(who, limit=500))


def test_what_has_a_number_is_not_found_by_it(desk, full):
    customer, campaign, theirs = full["other customer"], full["other campaign"], full["other deal"]
    assert scores.latest(desk.rep, customer, campaign) is None
    assert scores.history(desk.rep, customer, campaign) == ()
    assert scores.latest(desk.other, customer, campaign) is not None
    hidden = (
        lambda who: reviews.get(who, full["review"]),
        lambda who: exceptions.get(who, full["waiver"]),
        lambda who: customers.get(who, customer),
        lambda who: customers.change(who, customer, {"need": "x"}),
        lambda who: contacts.new(who, customer, {"name": "x"}),
        lambda who: contacts.change(who, 1, {"name": "x"}),
        lambda who: deals.new(who, customer, campaign, {}),
        lambda who: deals.new(who, customer, full["rep campaign"], {}),
        lambda who: scores.record(who, customer, campaign, points(1), EVIDENCE, "x"),
        lambda who: outputs.save_draft(who, theirs, "market_note", {}),
        lambda who: activities.log(who, [theirs], {}),
    )
    for ask in hidden:
        with pytest.raises(NotFound):
            ask(desk.rep)


def test_a_customer_of_the_same_name_is_his_own(desk, full):
    made = number(customers.new(desk.rep, {"name": "远帆食品有限公司"}, full["rep campaign"]))
    assert made != full["other customer"]
    assert customers.get(desk.rep, made).owner == desk.rep.actor.id
