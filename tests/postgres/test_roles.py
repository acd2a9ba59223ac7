"""The product at work under the rights of each person's own role: nothing it needs is refused, nothing goes untold."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.domain.outcomes import Done
from salestui.errors import NotAllToSee
from salestui.services import (
    activities,
    campaigns,
    contacts,
    customer_events,
    customers,
    deals,
    deputies,
    handover,
    move_check,
    outputs,
    reviews,
    settings,
    users,
)
from salestui.services.loading import load
from salestui.services.request import Request
from salestui.storage import chain, tables
from tests.postgres.team import Team, now, team
from tests.services.desk import number


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Team]:
    with team(tmp_path) as opened:
        yield opened


def untold(team: Team) -> list[tuple[str, str, object, object]]:
    """Return what the server had to write into the history because the product had not."""
    store = team.ask("lin").store
    with store.reading():
        found = tables.Event.select().where(tables.Event.action == "database.changed").order_by(tables.Event.id)
        return [(event.subject, event.note, event.before, event.after) for event in found]


@pytest.mark.parametrize(("handbook", "reps_see"), [("expansion", "all"), ("role", "own")])
def test_a_whole_handbook_is_walked_with_everybody_in_a_role_of_his_own(at_work: Team, handbook: str, reps_see: str):
    assert isinstance(settings.change(at_work.ask("lin"), {"reps_see": reps_see}), Done)
    deal = getattr(at_work, handbook)
    last = load(at_work.ask("wang"), deal).playbook.stages[-1]
    filler = at_work.filler(deal)
    filler.go_to(last.key)
    filler.meet()
    deals.advance(at_work.ask("wang"), deal)
    assert deals.get(at_work.ask("wang"), deal).status is Status.COMPLETED
    assert untold(at_work) == []
    assert chain.verify(at_work.ask("lin").store) is None
    assert move_check.check(at_work.ask("lin")) == ()


@pytest.mark.parametrize("reps_see", ["all", "own"])
def test_what_the_permissions_allow_beyond_ones_own_the_server_allows_too(at_work: Team, reps_see: str):
    lin, chen, wang, zhao, qian = (at_work.ask(login) for login in ("lin", "chen", "wang", "zhao", "qian"))
    settings.change(lin, {"reps_see": reps_see})
    deal, day = at_work.expansion, (now() + timedelta(days=2)).isoformat()
    theirs = number(deals.new(qian, customers_of(qian), 1, {}))
    step = number(activities.plan(chen, [deal], at=day, subject="二次拜访", owner="wang"))
    number(activities.change(wang, step, {"subject": "三次拜访", "deals": [at_work.role]}))
    step = number(activities.plan(chen, [theirs], at=day, subject="内部准备"))
    number(activities.postpone(qian, step, (now() + timedelta(days=3)).isoformat()))
    again = number(deals.new(qian, customers_of(qian), 1, {"title": "二期"}))
    number(activities.change(qian, step, {"deals": [again]}))
    number(activities.cancel(qian, step, "不用了"))
    known = load(wang, deal)
    number(customers.classify(wang, known.deal.customer, 1, known.playbook.classes[0].key, "预算已立项"))
    number(customers.classify(chen, known.deal.customer, 1, known.playbook.classes[1].key, "再看看"))
    number(customer_events.record(wang, known.deal.customer, 1, "budget"))
    filler = at_work.filler(deal)
    filler.go_to("solution")
    filler.meet(but=("approved", "sent", "deal", "offer"))
    users.change(lin, zhao.actor.id, roles=("sales", "technical"))
    asked = number(reviews.ask(wang, deal, "solution"))
    number(reviews.reassign(wang, asked, "technical", zhao.actor.id))
    number(reviews.recall(wang, asked, "还要改"))
    asked = number(reviews.ask(chen, deal, "solution"))
    number(deputies.name(qian, qian.actor.id, at_work.ask("sun").actor.id, now().date(), now().date()))
    number(reviews.vote(at_work.ask("sun"), asked, "technical", "approve"))
    number(outputs.withdraw(chen, deal, "account_plan", "重写"))
    number(handover.hand_over(chen, wang.actor.id, zhao.actor.id))
    number(handover.hand_over(chen, at_work.ask("sun").actor.id, zhao.actor.id))
    assert deals.get(zhao, deal).owner == zhao.actor.id
    assert [each.deputy for each in deputies.all(lin)] == [zhao.actor.id]
    assert untold(at_work) == []


def customers_of(who: Request) -> int:
    """Enter a customer of this person, once."""
    found = customers.all(who, f"{who.actor.name}的客户")
    return found[0].id if found else number(customers.new(who, {"name": f"{who.actor.name}的客户"}))


def test_where_each_rep_sees_his_own_the_server_shows_no_more(at_work: Team):
    lin, wang, zhao = (at_work.ask(login) for login in ("lin", "wang", "zhao"))
    number(contacts.new(wang, 1, {"name": "李工", "phone": "138 0000 0000"}))

    def seen(who: Request) -> dict[str, int]:
        with who.store.reading():
            models = (tables.Deal, tables.Customer, tables.Contact, tables.Card, tables.BoardCount)
            concerning = tables.Event.select().where(tables.Event.deal_id.is_null(False))
            return {each.__name__: each.select().count() for each in models} | {"Event": concerning.count()}

    everything = seen(lin)
    assert seen(zhao) == everything
    settings.change(lin, {"reps_see": "own"})
    assert set(seen(zhao).values()) == {0}
    with pytest.raises(NotAllToSee):
        chain.verify(zhao.store)
    assert seen(wang) == seen(lin)
    campaigns.change(lin, 1, {"shared": True})
    assert seen(zhao)["Deal"] == 1
    campaigns.change(lin, 1, {"shared": False})
    mine = number(customers.new(zhao, {"name": "无锡新材", "region": "华东", "size": "9", "industry": "材料"}))
    number(deals.new(zhao, mine, 1, {"amount": "5万"}))
    assert seen(zhao)["Deal"] == 1
    assert [line.name for line in customers.all(zhao)] == ["无锡新材"]
    assert seen(wang)["Deal"] == 2
    assert untold(at_work) == []
