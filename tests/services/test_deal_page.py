"""What strip, panel and deal screen show of a deal: the same requirements, with the same numbers, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.deal_views import StageState
from salestui.domain.facts import Decision, Status
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Reason
from salestui.domain.views import CheckState, GateSlot, GateState, StageRef, Tone
from salestui.errors import NotFound
from salestui.playbooks.loader import builtin
from salestui.services import activities, classes, contacts, deal_page, deals, exceptions, gate_views, outputs, reviews
from salestui.services.gate_views import channel
from salestui.services.reason_texts import reason
from tests.domain.builders import book, said, stage
from tests.services.desk import number
from tests.services.market import Market
from tests.ui.filling import complete


@pytest.fixture
def market(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Open a market of its own for the test."""
    opened = Market.open(tmp_path / "market", tmp_path_factory.getbasetemp())
    yield opened
    opened.close()


def new(market: Market, campaign: int = 1, **values: object) -> int:
    """Put a deal of 王磊 on the board."""
    return number(deals.new(market.ask("wang"), 1, campaign, values))


def at(market: Market, stage: str) -> int:
    """Return the deal of 王磊 that was led to a stage before the test."""
    market.restart(stage)
    return 1


# Strip and panel


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("stage", ["research", "grading", "contact", "solution", "contract", "fulfilment"])
def test_strip_panel_and_page_number_the_same_requirements(market: Market, stage, language):
    deal = at(market, stage)
    i18n.use(language)
    request = market.ask("wang")
    view, page = gate_views.view(request, deal), deal_page.page(request, deal)
    unmet = [requirement.key for requirement in view.report.unmet]
    assert view.strip.lines == view.panel.lines
    assert [line.number for line in view.strip.lines] == list(range(1, len(unmet) + 1))
    assert (view.strip.unmet, view.strip.met) == (len(unmet), len(view.report.met))
    rows = [row for group in page.conditions.groups for row in group.rows if row.state is CheckState.UNMET]
    assert sorted((row.number, row.key) for row in rows) == list(enumerate(unmet, 1))
    for place, key in enumerate(unmet, 1):
        assert view.requirement(place).key == page.numbered(place).key == page.requirement(key).key == key
    for outside in (0, len(unmet) + 1):
        assert view.requirement(outside) is page.numbered(outside) is None
    assert view.panel.from_stage.title == page.head.stage


def test_the_last_gate_leads_nowhere(market: Market):
    deal = at(market, "fulfilment")
    view, page = gate_views.view(market.ask("wang"), deal), deal_page.page(market.ask("wang"), deal)
    assert view.strip.to_stage is view.panel.to_stage is page.conditions.to_stage is None
    assert view.strip.from_stage == StageRef(6, "Fulfilment")


def test_what_is_met_is_told_by_output_and_counted_for_the_rest(market: Market):
    deal = at(market, "solution")
    market.filler(deal).meet()
    items = [item.text for item in gate_views.view(market.ask("wang"), deal).panel.met_items]
    assert any(item.startswith("Solution review record r1 approved") for item in items)
    assert "3 key actions" in items
    assert items[-1].endswith("of earlier stages")
    i18n.use("zh")
    items = [item.text for item in gate_views.view(market.ask("wang"), deal).panel.met_items]
    assert not any(item.isascii() for item in items)


def test_each_unmet_requirement_names_every_way_out(market: Market):
    deal = new(market)
    classes.classify(market.ask("wang"), 1, 1, "not_now", "预算没了")
    lines = gate_views.view(market.ask("wang"), deal).strip.lines
    ways = {line.why: [way.key for way in line.ways] for line in lines}
    assert ways['on the list "Not now"'] == ["enter", "p"]
    assert ways["not written yet"] == ["enter", "e"]


def test_an_exception_is_told_among_what_is_met(market: Market):
    deal = new(market)
    day = market.now.date() + timedelta(days=5)
    granted = exceptions.grant(market.ask("chen"), deal, "research.market_report.complete", "先走", day)
    assert isinstance(granted, Done)
    view, page = gate_views.view(market.ask("wang"), deal), deal_page.page(market.ask("wang"), deal)
    assert any("exception" in item.text for item in view.panel.met_items)
    (row,) = [row for group in page.conditions.groups for row in group.rows if row.warning]
    assert row.detail == "exception by 陈默 until 26 Nov"


def test_the_strip_tells_what_comes_next_what_was_last_and_whom_to_call(market: Market):
    deal, request = new(market), market.ask("wang")
    empty = gate_views.view(request, deal).strip
    assert (empty.next, empty.last, empty.contact) == ((), (), ())
    contacts.new(request, 1, {"name": "王建国", "title": "采购总监", "phone": "138"})
    activities.plan(request, [deal], at=market.now + timedelta(hours=2), subject="报价", channel="phone")
    activities.plan(request, [deal], at=market.now + timedelta(days=2), subject="回访")
    activities.log(
        request, [deal], {"channel": "visit", "at": (market.now - timedelta(days=1)).isoformat()}, subject="看线"
    )
    strip = gate_views.view(request, deal).strip
    assert strip.next == ("today 19:00", "Phone", "报价")
    assert strip.last == ("20 Nov", "Visit", "看线")
    assert strip.contact == ("王建国", "采购总监", "138")


@pytest.mark.parametrize(
    ("days", "all_day", "told"), [(0, True, "today"), (3, True, "24 Nov"), (3, False, "24 Nov 17:00")]
)
def test_a_plan_is_told_by_day_and_hour(market: Market, days, all_day, told):
    deal, request = new(market), market.ask("wang")
    moment = market.now + timedelta(days=days)
    at_time = moment.date() if all_day else moment
    assert isinstance(activities.plan(request, [deal], at=at_time, all_day=all_day, subject="回访"), Done)
    assert gate_views.view(request, deal).strip.next[0] == told
    page = deal_page.page(request, deal)
    (row,) = next(section for section in page.side if section.title == "Follow-up").rows
    assert row.words[0].text == told


@pytest.mark.parametrize(
    ("playbook", "key", "name"),
    [
        (builtin("expansion"), "phone", "Phone"),
        (book(stage("one")), "phone", "call"),
        (book(stage("one")), "smoke", "smoke"),
        (builtin("expansion"), "smoke", "smoke"),
    ],
)
def test_a_channel_goes_by_the_word_of_the_handbook(playbook, key, name):
    assert channel(playbook, key) == name


# The page


def test_the_head_of_a_deal_says_who_what_and_how_it_stands(market: Market):
    deal = at(market, "fulfilment")
    request = market.ask("wang")
    head = deal_page.page(request, deal).head
    assert (head.name, head.grade, head.grade_title, head.owner) == ("苏州启明", "A", "Focus", "王磊")
    assert (head.stage, head.notice) == ("Fulfilment", "won")
    market.filler(deal).meet()
    deals.advance(request, deal)
    assert deal_page.page(request, deal).head.notice == "completed"


@pytest.mark.parametrize(
    ("close", "notice"),
    [
        (lambda ask, deal: deals.lose(ask, deal, "price", "科瑞"), "lost: Price"),
        (lambda ask, deal: deals.park(ask, deal, "grade_c"), "in care: Graded C"),
    ],
)
def test_a_closed_deal_says_why(market: Market, close, notice):
    deal = new(market, title="二号线")
    assert isinstance(close(market.ask("wang"), deal), Done)
    head = deal_page.page(market.ask("wang"), deal).head
    assert (head.name, head.grade) == ("二号线", None)
    assert head.notice.casefold() == notice.casefold()


def test_a_reason_the_handbook_does_not_know_is_told_as_it_was_written(market: Market):
    deal = new(market)
    deals.lose(market.ask("wang"), deal, "price")
    known = deals.get(market.ask("wang"), deal)
    assert reason(book(stage("one")), replace(known, reason="老板说的")) == "老板说的"
    other = book(stage("one"), lost_reasons=(Reason("price", said("Money")),))
    assert reason(other, known) == "Money"
    assert reason(other, replace(known, status=Status.IN_CARE)) == "price"


def test_the_rail_tells_where_the_deal_was_how_long_and_what_is_open_there(market: Market):
    deal = new(market)
    market.filler(deal).meet()
    deals.advance(market.ask("wang"), deal)
    market.pass_time(timedelta(days=4))
    outputs.withdraw(market.ask("chen"), deal, "market_report", "旧了")
    rail = deal_page.page(market.ask("wang"), deal).rail
    assert [each.state for each in rail[:3]] == [StageState.PAST, StageState.NOW, StageState.AHEAD]
    assert (rail[0].days, rail[0].gate) == (0, GateSlot(GateState.UNMET, 2))
    assert (rail[1].days, rail[1].limit) == (4, 30)
    assert rail[1].gate.state is GateState.UNMET
    assert len(rail) == 6
    market.filler(deal).meet()
    rail = deal_page.page(market.ask("wang"), deal).rail
    assert [each.gate for each in rail[:2]] == [GateSlot(GateState.READY)] * 2


def test_the_rail_tells_a_gate_that_waits_one_that_is_excepted_and_one_that_cannot_pass(market: Market):
    deal = at(market, "solution")
    filler = market.filler(deal)
    filler.meet(but=("approved",))
    assert deal_page.page(market.ask("wang"), deal).rail[3].gate == GateSlot(GateState.UNMET, 1)
    number(reviews.ask(market.ask("wang"), deal, "solution"))
    assert deal_page.page(market.ask("wang"), deal).rail[3].gate == GateSlot(GateState.WAITING)
    day = market.now.date() + timedelta(days=5)
    exceptions.grant(market.ask("chen"), deal, "solution.solution_review.approved", "急", day)
    assert deal_page.page(market.ask("wang"), deal).rail[3].gate == GateSlot(GateState.EXCEPTION)
    classes.classify(market.ask("wang"), 1, 1, "not_now", "预算没了")
    assert deal_page.page(market.ask("wang"), deal).rail[3].gate == GateSlot(GateState.CANNOT_PASS)


def test_a_review_shows_the_sign_of_each_role(market: Market):
    deal = at(market, "solution")
    market.filler(deal).meet(but=("approved",))
    review = number(reviews.ask(market.ask("wang"), deal, "solution"))
    reviews.vote(market.reviewer("technical"), review, "technical", Decision.APPROVE)
    reviews.vote(market.reviewer("legal"), review, "legal", Decision.REJECT, "条款不行")
    page = deal_page.page(market.ask("wang"), deal)
    (row,) = [row for group in page.conditions.groups for row in group.rows if row.votes]
    assert [(vote.who, vote.state) for vote in row.votes] == [
        ("Technical", CheckState.MET),
        ("Sales", CheckState.OPEN),
        ("Legal", CheckState.UNMET),
    ]


def test_earlier_stages_stand_in_one_line_until_something_is_wrong_there(market: Market):
    deal = at(market, "contact")
    group = deal_page.page(market.ask("wang"), deal).conditions.groups[-1]
    assert (group.title, len(group.rows), group.done == group.total) == ("Earlier stages", 1, True)
    assert group.rows[0].what == "Research, Grading"
    outputs.withdraw(market.ask("chen"), deal, "market_report", "旧了")
    group = deal_page.page(market.ask("wang"), deal).conditions.groups[-1]
    assert {row.state for row in group.rows} == {CheckState.UNMET}
    assert group.done < group.total


def test_the_last_talk_is_told_in_its_own_words(market: Market):
    deal, request = at(market, "contact"), market.ask("wang")
    assert deal_page.page(request, deal).conditions.talk == ()
    activities.log(request, [deal], {"channel": "phone", "at": market.now.isoformat()}, subject="先打个招呼")
    view = deal_page.page(request, deal).conditions
    assert (view.talk, view.talk_title) == (("先打个招呼",), ("21 Nov", "Phone"))
    values = complete(activities.talk_fields(market.playbook(deal)), request)
    market.pass_time(timedelta(hours=1))
    request = market.ask("wang")
    activities.log(request, [deal], {**values, "at": market.now.isoformat(), "participants": "王建国"})
    view = deal_page.page(request, deal).conditions
    assert len(view.talk) == 2
    assert view.talk_title == ("21 Nov", "Phone", "王建国")


def test_the_side_tells_customer_contacts_score_next_steps_and_history(market: Market):
    deal, request = at(market, "contact"), market.ask("wang")
    contacts.new(request, 1, {"name": "王建国", "role": "decision", "stance": "支持"})
    page = deal_page.page(request, deal)
    sections = {section.title: section for section in page.side}
    assert list(sections) == ["Customer", "Contacts", "Score", "Follow-up", "History"]
    assert [word.text for word in sections["Customer"].rows[1].words] == ["食品", "华东", "500 人"]
    assert sections["Contacts"].rows[0].words[0].text == "王建国"
    assert sections["Score"].total[0].tone is Tone.SUCCESS
    assert sections["History"].rows
    i18n.use("zh")
    assert [section.title for section in deal_page.page(request, deal).side][:3] == ["客户", "联系人", "评分"]


def test_an_empty_side_says_what_fills_it(market: Market):
    sections = {section.title: section for section in deal_page.page(market.ask("wang"), new(market)).side}
    for title in ("Contacts", "Score", "Follow-up"):
        assert sections[title].rows == ()
        assert sections[title].empty[0]


def test_a_handbook_without_scores_shows_none(market: Market):
    deal = number(deals.new(market.ask("wang"), 2, 2, {}))
    page = deal_page.page(market.ask("wang"), deal)
    assert "Score" not in [section.title for section in page.side]
    assert page.head.grade is None


@pytest.mark.parametrize(("hours", "tone"), [(-48, Tone.ERROR), (2, Tone.WARNING), (72, Tone.FAINT)])
def test_a_next_step_is_as_loud_as_it_is_late(market: Market, hours, tone):
    deal, request = new(market), market.ask("wang")
    activities.plan(request, [deal], at=market.now + timedelta(hours=72), subject="回访")
    activity = market.load(deal).facts.next_activity
    market.now = activity - timedelta(hours=hours)
    page = deal_page.page(market.ask("wang"), deal)
    (row,) = next(section for section in page.side if section.title == "Follow-up").rows
    assert row.words[0].tone is tone


def test_what_is_not_there_is_not_shown(market: Market):
    for show in (gate_views.view, deal_page.page):
        with pytest.raises(NotFound):
            show(market.ask("wang"), 99)
