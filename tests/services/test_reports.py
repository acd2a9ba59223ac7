"""Reports: figures per rep from what happened, each given to who owned the deal then; exceptions of the team."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.money import Money
from salestui.domain.outcomes import Blocked
from salestui.domain.reports import ExceptionState, Hits, Outcome, RepReport, Sum
from salestui.errors import NotFound
from salestui.services import (
    activities,
    customer_events,
    deals,
    exceptions,
    report_texts,
    reports,
    sample,
    scores,
)
from salestui.services.loading import judge, team_of
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.services.desk import NOW, Desk, number
from tests.ui.stories import Story, make

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
POINTS = dict.fromkeys(("company_size", "industry_fit", "urgency", "budget", "decision_chain"), 4)
FIT = "contact.fit_assessment.complete"


@pytest.fixture
def deal(desk: Desk) -> int:
    """Return a deal of the rep over 680,000 yuan."""
    campaign = desk.campaign()
    customer = desk.customer(desk.rep, campaign, short_name="启明")
    return number(deals.new(desk.rep, customer, campaign, {"amount": "68万"}))


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Return a deal of 林悦 in the stage of first contact, everything before it met."""
    made = make(tmp_path, "contact")
    yield made
    made.close()


def report(request: Request, user: int | None = None, span: tuple[date, date] = NOVEMBER) -> RepReport:
    return reports.rep_report(request, user or request.actor.id, *span)


def talk(request: Request, deal: int, at: str, channel: str = "phone") -> int:
    return number(activities.log(request, [deal], {"channel": channel, "at": at}))


def send(request: Request, talk: int, at: str) -> None:
    number(activities.send_summary(request, talk, {"sent_at": at, "text": "x", "material": "y"}))


def score(request: Request, deal: int) -> None:
    known = deals.get(request, deal)
    number(scores.record(request, known.customer, known.campaign, POINTS, dict.fromkeys(POINTS, "访谈")))


# Clocks


def test_summaries_are_kept_late_missed_or_running_with_a_hit_rate(desk: Desk, deal: int) -> None:
    for day, sent in (("16", "2026-11-17T09:00:00+08:00"), ("17", "2026-11-18T10:01:00+08:00"), ("18", ""), ("21", "")):
        found = talk(desk.rep, deal, f"2026-11-{day}T10:00:00+08:00")
        if sent:
            send(desk.rep, found, sent)
    found = report(desk.rep)
    assert found.summaries == Hits(kept=1, late=1, missed=1, running=1)
    assert (found.summaries.rate, found.talks) == (33, (("phone", 4),))
    later = report(desk.later(desk.rep, days=3))
    assert later.summaries == Hits(kept=1, late=1, missed=2)
    assert report(desk.rep, span=DECEMBER).summaries == Hits()
    assert report(desk.other).summaries == Hits()


def test_a_summary_sent_after_all_turns_missed_into_late_and_never_into_kept(desk: Desk, deal: int) -> None:
    found = talk(desk.rep, deal, "2026-11-18T10:00:00+08:00")
    assert report(desk.rep).summaries == Hits(missed=1)
    send(desk.rep, found, "2026-11-21T16:00:00+08:00")
    assert report(desk.rep).summaries == Hits(late=1)


def test_a_talk_belongs_to_who_held_it_and_the_span_ends_at_the_teams_midnight(desk: Desk, deal: int) -> None:
    talk(desk.other, deal, "2026-11-01T00:00:00+08:00", "visit")
    talk(desk.other, deal, "2026-10-31T23:59:59+08:00", "visit")
    assert report(desk.other).talks == (("visit", 1),)
    assert report(desk.other, span=(date(2026, 10, 1), date(2026, 10, 31))).talks == (("visit", 1),)


def test_scores_are_renewed_in_time_late_or_missed(desk: Desk, deal: int) -> None:
    score(desk.rep, deal)
    assert report(desk.rep).scores == Hits(running=1)
    in_time = desk.later(desk.rep, days=20)
    score(in_time, deal)
    assert report(in_time, span=DECEMBER).scores == Hits(kept=1, running=1)
    expired = desk.later(desk.rep, days=60)
    january = (date(2027, 1, 1), date(2027, 1, 31))
    assert report(expired, span=january).scores == Hits(missed=1)
    score(expired, deal)
    assert report(expired, span=january).scores == Hits(late=1, running=1)


def test_a_change_at_the_customer_must_be_answered_by_a_score_within_three_working_days(desk: Desk, deal: int) -> None:
    score(desk.rep, deal)
    known = deals.get(desk.rep, deal)
    monday = desk.later(desk.rep, days=2)
    number(customer_events.record(monday, known.customer, known.campaign, "budget"))
    late = desk.later(desk.rep, days=8)
    assert report(late).scores == Hits(missed=1)
    score(late, deal)
    assert report(late).scores == Hits(late=1, running=1)


def test_nobody_is_blamed_for_a_score_of_a_deal_that_is_closed(desk: Desk, deal: int) -> None:
    score(desk.rep, deal)
    number(deals.lose(desk.rep, deal, "price"))
    assert report(desk.later(desk.rep, days=40), span=DECEMBER).scores == Hits()
    assert report(desk.rep).scores == Hits()


# Gates and ends


def test_gates_belong_to_who_owned_the_deal_when_they_were_passed(story: Story) -> None:
    before = report(story.ask())
    assert (before.gates, before.by_exception) == (2, 0)
    number(deals.reassign(story.ask("fang"), story.deal, "chen"))
    assert report(story.ask()).gates == 2
    assert report(story.ask(), story.people["chen"].id).gates == 0
    assert report(story.ask(), story.people["chen"].id).open.count == 1


def test_a_gate_passed_by_exception_is_counted_as_such_and_moving_left_is_no_gate(story: Story) -> None:
    story.fill.meet(but=("fit_assessment",))
    number(exceptions.grant(story.ask("fang"), story.deal, FIT, "客户停产检修", date(2026, 11, 25)))
    deals.advance(story.ask(), story.deal)
    deals.move_left(story.ask(), story.deal, "contact", "需求变了")
    found = report(story.ask())
    assert (found.gates, found.by_exception) == (3, 1)


def test_deals_end_with_their_amounts_per_currency(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    dollars = number(deals.new(desk.rep, known.customer, known.campaign, {"amount": "12000 USD"}))
    parked = number(deals.new(desk.rep, known.customer, known.campaign, {}))
    for each in (deal, dollars):
        number(deals.lose(desk.rep, each, "price"))
    number(deals.park(desk.rep, parked, "not_yet"))
    found = report(desk.rep).outcomes
    assert found[Outcome.LOST] == Sum(2, (Money(68000000, "CNY"), Money(1200000, "USD")))
    assert found[Outcome.IN_CARE] == Sum(1)
    assert found[Outcome.WON] == found[Outcome.CANCELLED] == Sum()
    number(deals.reopen(desk.rep, deal, "又来问了"))
    assert report(desk.rep).outcomes[Outcome.LOST].count == 1


def test_a_won_deal_that_is_lost_or_taken_back_is_cancelled(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    won = report(story.ask())
    assert (won.outcomes[Outcome.WON], won.gates) == (Sum(1, (Money(118000000, "CNY"),)), 5)
    deals.move_left(story.ask("fang"), story.deal, "contract", "客户毁约")
    assert report(story.ask()).outcomes[Outcome.CANCELLED].count == 1
    assert report(story.ask()).outcomes[Outcome.WON].count == 0
    story.close()


def test_completed_deals_are_counted_and_stay_won(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    story.fill.meet()
    deals.advance(story.ask(), story.deal)
    found = report(story.ask())
    assert (found.completed, found.outcomes[Outcome.WON].count, found.gates, found.open.count) == (1, 1, 6, 0)
    story.close()


# The board now


def test_ages_are_those_of_now_and_never_negative(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    number(deals.new(desk.later(desk.rep, days=10), known.customer, known.campaign, {}))
    (stage,) = report(desk.later(desk.rep, days=30)).stages
    assert (stage.stage, stage.number, stage.deals, stage.days, stage.idle) == ("research", 1, 2, 25, 1)
    (stage,) = report(desk.later(desk.rep, days=-1)).stages
    assert stage.days == 0
    assert report(desk.rep).without_step == 2
    number(activities.plan(desk.rep, [deal], at="+3", all_day=True, subject="电话"))
    assert report(desk.rep).without_step == 1


# Exceptions


def test_exceptions_are_listed_while_they_were_in_force_and_what_expired_is_unmet_again(story: Story) -> None:
    story.fill.meet(but=("fit_assessment",))
    number(exceptions.grant(story.ask("fang"), story.deal, FIT, "客户停产检修", date(2026, 11, 25)))
    assert not judge(story.ask(), story.deal).unmet
    team = reports.team_report(story.ask(), *NOVEMBER)
    (line,) = team.exceptions
    assert (line.state, line.granted_by, line.reason, line.label, line.owner_name) == (
        ExceptionState.IN_FORCE,
        "方总",
        "客户停产检修",
        "恒岳新材",
        "林悦",
    )
    after = story.ask(days=7)
    (line,) = reports.team_report(after, *NOVEMBER).exceptions
    assert line.state is ExceptionState.EXPIRED
    assert report_texts.last_day(line, team_of(after)) == date(2026, 11, 25)
    blocked = deals.advance(after, story.deal)
    assert isinstance(blocked, Blocked)
    assert [requirement.key for requirement in blocked.report.unmet] == [FIT]
    assert reports.team_report(after, *DECEMBER).exceptions == ()


def test_a_revoked_exception_says_so_and_its_requirement_is_unmet_at_once(story: Story) -> None:
    story.fill.meet(but=("fit_assessment",))
    granted = number(exceptions.grant(story.ask("fang"), story.deal, FIT, "停产检修", date(2026, 12, 25)))
    number(exceptions.revoke(story.ask("fang"), granted, "评估表已补"))
    i18n.use("zh")
    (line,) = report(story.ask()).exceptions
    assert (line.state, line.title) == (ExceptionState.REVOKED, "《初步需求匹配度评估表》")
    assert report_texts.last_day(line, team_of(story.ask())) == date(2026, 11, 19)
    assert isinstance(deals.advance(story.ask(), story.deal), Blocked)


def test_a_recorded_exception_names_both(story: Story) -> None:
    story.recording(allowed=True)
    words = {"recorded_for": "方总", "evidence": "电话里同意"}
    number(exceptions.grant(story.ask(), story.deal, FIT, "停产检修", date(2026, 12, 25), **words))
    (line,) = report(story.ask()).exceptions
    assert (line.granted_by, line.recorded_by) == ("方总", "林悦")


# The team


def test_the_team_report_has_a_line_for_everybody_who_sells(desk: Desk, deal: int) -> None:
    talk(desk.manager, deal, "2026-11-20T10:00:00+08:00")
    team = reports.team_report(desk.rep, *NOVEMBER)
    assert [rep.name for rep in team.reps] == ["王磊", "陈默"]
    assert team.reps[0] == report(desk.rep)
    assert reports.team_report(desk.rep, *DECEMBER).reps[0].name == "王磊", "he has a deal on the board"


def test_an_unknown_person_has_no_report(desk: Desk) -> None:
    with pytest.raises(NotFound):
        reports.rep_report(desk.rep, 99, *NOVEMBER)
    nobody = report(desk.other)
    assert (nobody.gates, nobody.talks, nobody.open, nobody.stages) == (0, (), Sum(), ())


def test_the_sample_has_a_believable_report(store: Store) -> None:
    me = sample.fill(store, "zh", NOW)
    request = Request(store, me, NOW)
    team = reports.team_report(request, *NOVEMBER)
    assert len(team.reps) == 3
    mine = next(rep for rep in team.reps if rep.user == me.id)
    assert mine.gates > 10
    assert (mine.summaries.rate or 0) > 50
    assert mine.outcomes[Outcome.WON].count > 0
    assert sum(stage.deals for stage in mine.stages) == mine.open.count
    assert {line.state for line in team.exceptions} <= set(ExceptionState)


def test_imported_deals_are_nobodys_gates_or_ends(desk: Desk, deal: int) -> None:
    from salestui.storage import tables

    with desk.store.transaction(desk.rep.actor, now=NOW) as tx:
        tx.record(
            "deal.lost", subject="D1", deal=deal, before={"status": "open"}, after={"status": "lost", "imported": True}
        )
        tx.record("deal.lost", subject="D77", deal=77, before={"status": "open"}, after={"status": "lost"})
        tables.Deal.update(imported=True).where(tables.Deal.id == deal).execute()
        tx.record("deal.moved", subject="D1", deal=deal, before={"stage": "research"}, after={"stage": "grading"})
    found = report(desk.rep)
    assert (found.gates, found.outcomes[Outcome.LOST]) == (0, Sum())


def test_redacted_events_and_unknown_stages_are_counted_as_far_as_they_tell(desk: Desk, deal: int) -> None:
    later = NOW + timedelta(hours=1)
    with desk.store.transaction(desk.rep.actor, now=later) as tx:
        tx.record("deal.moved", subject="D1", deal=deal, before=None, after=None)
        tx.record("deal.moved", subject="D1", deal=deal, before={"stage": "x"}, after={"stage": "y", "gate": {}})
        tx.record("deal.reassigned", subject="D1", deal=deal, before=None, after=None)
        tx.record("deal.completed", subject="D1", deal=deal, before={"status": "open"}, after=None)
    found = report(desk.rep)
    assert (found.gates, found.completed, found.outcomes[Outcome.WON].count) == (2, 1, 1)


# Words


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        ("2026-11-01", "2026-11-30", "2026-11"),
        ("2026-10-01", "2026-12-31", "2026 Q4"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2028-02-01", "2028-02-29", "2028-02"),
        ("2026-11-01", "2026-12-31", "2026 1 Nov to 2026 31 Dec"),
        ("2026-11-02", "2026-11-30", "2026 2 Nov to 2026 30 Nov"),
    ],
)
def test_a_span_has_the_name_of_its_month_quarter_or_year(since: str, until: str, text: str) -> None:
    i18n.use("en")
    assert report_texts.span(date.fromisoformat(since), date.fromisoformat(until), "en") == text


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [((2028, 2, 10), 1, 29), ((2026, 2, 28), 1, 28), ((2026, 12, 31), 1, 31), ((2026, 11, 1), 1, 30)],
)
def test_the_month_of_a_day_is_a_whole_month(day: tuple[int, int, int], first: int, last: int) -> None:
    since, until = reports.month_of(date(*day))
    assert (since.day, until.day, since.month, until.month) == (first, last, day[1], day[1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_says_how_it_is_counted(desk: Desk, deal: int, language: i18n.Language) -> None:
    i18n.use(language)
    talk(desk.rep, deal, "2026-11-18T10:00:00+08:00", "video")
    found = report_texts.facts(report(desk.rep), language)
    assert all(fact.label and fact.value and fact.how for fact in found)
    assert found[2].value.startswith("1  ")
    assert report_texts.channel("fax") == "fax", "a word of a company's own playbook"
    assert report_texts.rate(Hits()) == "-"
    assert report_texts.share(Hits(), language) == ""
