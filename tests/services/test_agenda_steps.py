"""What is due though nobody was promised it: contacts, deals that stand still, no next step, the care list, clocks."""

from datetime import date

import pytest

from salestui import i18n
from salestui.domain.agenda import AgendaLine, Due
from salestui.domain.views import AgendaKind, TimeKind
from salestui.services import activities, agenda, agenda_page, campaigns, deals, playbooks, scores, settings
from salestui.services import board as boards
from salestui.services.request import Request
from salestui.storage import tables
from tests.services.desk import Desk, number

POINTS = {"company_size": 4, "industry_fit": 4, "urgency": 4, "budget": 4, "decision_chain": 4}
QUIET = {Due.CONTACT, Due.IDLE, Due.NEXT_STEP}


@pytest.fixture
def deal(desk: Desk) -> int:
    """Return a deal of the rep without anything planned."""
    campaign = desk.campaign()
    customer = desk.customer(desk.rep, campaign, short_name="启明")
    return number(deals.new(desk.rep, customer, campaign, {}))


def lines(request: Request, *kinds: Due, days: int = 14, owner: int | None = None) -> list[AgendaLine]:
    found = agenda.due(request, owner=owner or request.actor.id, until_days=days)
    return [line for line in found if line.kind in (kinds or QUIET)]


def score(request: Request, deal: int, points: int = 4) -> None:
    known = deals.get(request, deal)
    given = dict.fromkeys(POINTS, points)
    number(scores.record(request, known.customer, known.campaign, given, dict.fromkeys(POINTS, "访谈")))


def talk(request: Request, deal: int, at: str) -> int:
    return number(activities.log(request, [deal], {"channel": "phone", "at": at}))


def slot(request: Request, deal: int) -> tuple[TimeKind, int]:
    board = boards.load(request, boards.Selection(campaign=1))
    card = next(card for cards in board.columns.values() for card in cards if card.row.id == deal)
    return card.time.kind, card.time.value


# The next step


def test_an_open_deal_without_a_next_step_is_due_until_one_is_planned(desk: Desk, deal: int) -> None:
    (line,) = lines(desk.rep)
    assert (line.kind, line.section, line.what, line.late) == (
        Due.NEXT_STEP,
        AgendaKind.NO_STEP,
        "no next step: plan one",
        False,
    )
    assert agenda.counts(desk.rep, desk.rep.actor.id) == (0, 0, 0)
    number(activities.plan(desk.rep, [deal], at="+3", all_day=True, subject="电话"))
    assert lines(desk.rep) == []


def test_a_deal_whose_step_is_called_off_is_without_one_again_and_a_closed_one_needs_none(
    desk: Desk, deal: int
) -> None:
    step = number(activities.plan(desk.rep, [deal], at="+3", all_day=True, subject="电话"))
    number(activities.cancel(desk.rep, step))
    assert [line.kind for line in lines(desk.rep)] == [Due.NEXT_STEP]
    number(deals.lose(desk.rep, deal, "price"))
    assert lines(desk.rep) == []


def test_everybodys_deals_without_a_step_are_listed_in_windows_the_newest_first(desk: Desk, deal: int) -> None:
    known = deals.get(desk.rep, deal)
    for _n in range(4):
        number(deals.new(desk.other, known.customer, known.campaign, {}))
    found = [line.deal for line in agenda.due(desk.manager, owner=None, limit=3)]
    assert found == [3, 4, 5]
    assert lines(desk.other, owner=desk.rep.actor.id)[0].deal == deal


def test_the_page_shows_deals_without_a_step_last(desk: Desk, deal: int) -> None:
    i18n.use("en")
    page = agenda_page.page(desk.rep, desk.rep.actor.id)
    (section,) = page.sections
    assert (section.kind, section.rows[0].when, section.rows[0].kind) == (AgendaKind.NO_STEP, "-", "next step")


# The rhythm of a grade


@pytest.mark.parametrize(("points", "grade", "days"), [(4, "A", 7), (3, "B", 14), (1, "C", 30)])
def test_the_grade_sets_the_rhythm_from_the_last_talk(
    desk: Desk, deal: int, points: int, grade: str, days: int
) -> None:
    score(desk.rep, deal, points)
    talk(desk.rep, deal, "2026-11-21T10:00:00+08:00")
    (line,) = lines(desk.rep, days=31)
    assert (line.kind, line.minutes // 1440) == (Due.CONTACT, days)
    assert line.what == f"last talk 21 Nov; grade {grade} every {days} days"
    (line,) = lines(desk.later(desk.rep, days=days + 1))
    assert (line.section, line.late) == (AgendaKind.TODAY, False)


def test_a_planned_step_keeps_the_rhythm_and_a_new_talk_begins_it_anew(desk: Desk, deal: int) -> None:
    score(desk.rep, deal)
    later = desk.later(desk.rep, days=9)
    assert [(line.kind, line.what) for line in lines(later)] == [
        (Due.CONTACT, "no talk yet; grade A every 7 days"),
    ]
    assert agenda.counts(later, later.actor.id)[1] == 1
    step = number(activities.plan(later, [deal], at="+2", all_day=True, subject="电话"))
    assert lines(later) == []
    values = {"channel": "phone", "at": later.now.isoformat()}
    number(activities.log(later, [deal], values, activity=step))
    (line,) = lines(later)
    assert line.minutes // 1440 == 7


# Ageing


def test_a_deal_over_its_stages_limit_stands_still_until_a_talk(desk: Desk, deal: int) -> None:
    on_the_last_day = desk.later(desk.rep, days=20)
    assert [line.kind for line in lines(on_the_last_day)] == [Due.NEXT_STEP]
    assert slot(on_the_last_day, deal) == (TimeKind.AGE, 20)
    over = desk.later(desk.rep, days=21)
    (line,) = lines(over)
    assert (line.kind, line.section, line.what) == (
        Due.IDLE,
        AgendaKind.TODAY,
        "no contact for 21 days, limit 20",
    )
    assert slot(over, deal) == (TimeKind.OVER_AGE, 21)
    assert agenda.counts(over, over.actor.id) == (0, 1, 0)
    talk(over, deal, over.now.isoformat())
    assert lines(over, Due.IDLE) == []
    assert slot(over, deal)[0] is TimeKind.SUMMARY_LEFT


def test_internal_work_does_not_reset_ageing(desk: Desk, deal: int) -> None:
    over = desk.later(desk.rep, days=25)
    score(over, deal)
    number(deals.change(over, deal, {"need": "二号线"}))
    assert [line.kind for line in lines(over)] == [Due.IDLE]
    assert slot(over, deal) == (TimeKind.OVER_AGE, 25)


def test_a_planned_step_pauses_ageing_and_an_overdue_one_does_not(desk: Desk, deal: int) -> None:
    tenth = desk.later(desk.rep, days=10)
    step = number(activities.plan(tenth, [deal], at="+15", all_day=True, subject="参观"))
    paused = desk.later(desk.rep, days=24)
    assert lines(paused) == []
    assert slot(paused, deal)[0] is TimeKind.AGE
    overdue = desk.later(desk.rep, days=26)
    assert slot(overdue, deal) == (TimeKind.FOLLOWUP_LATE, 1)
    number(activities.cancel(overdue, step))
    assert slot(overdue, deal) == (TimeKind.OVER_AGE, 26), "what was called off paused nothing"


def test_the_days_of_a_pause_do_not_count_afterwards(desk: Desk, deal: int) -> None:
    number(activities.plan(desk.later(desk.rep, days=10), [deal], at="+15", all_day=True, subject="参观"))
    with desk.store.reading():
        idle_at = tables.Card.get(tables.Card.deal == deal).idle_at
    assert (idle_at - desk.rep.now).days == 20 + 16


# The care list


def test_a_parked_deal_is_due_on_the_day_to_look_again(desk: Desk, deal: int) -> None:
    number(deals.park(desk.rep, deal, "not_yet", look_again_on=date(2026, 11, 25)))
    (line,) = lines(desk.rep, Due.CARE)
    assert (line.section, line.what, line.all_day) == (AgendaKind.LATER, "on the care list: look again", True)
    late = desk.later(desk.rep, days=6)
    (line,) = lines(late, Due.CARE)
    assert line.late
    assert agenda.counts(late, late.actor.id) == (1, 0, 0)
    assert lines(desk.other, Due.CARE) == []
    number(deals.reopen(late, deal, "又来问了"))
    assert lines(late, Due.CARE) == []


# Clocks of a company's own playbook


def company_playbook(desk: Desk) -> int:
    """Install a playbook that wants a first talk within two working days, and start a deal by it."""
    from salestui.playbooks.loader import builtin_text

    clock = '\n[[clocks]]\nkey = "first_talk"\ntitle = { zh = "两天内首次联系", en = "First talk in two days" }\n'
    clock += 'starts = "stage_entered"\nstops = "talk"\nlimit = { count = 2, unit = "working_days" }\n'
    text = builtin_text("role").replace('key = "role"', 'key = "fast"', 1) + clock
    number(playbooks.install(desk.admin, text, "fast.toml"))
    campaign = desk.campaign(playbook="fast", name="快跑")
    customer = desk.customer(desk.rep, campaign, name="南京泰和机械有限公司")
    return number(deals.new(desk.rep, customer, campaign, {}))


def test_a_clock_of_the_companys_own_runs_by_the_teams_calendar_and_is_late_when_it_ran_out(desk: Desk) -> None:
    deal = company_playbook(desk)
    (line,) = lines(desk.rep, Due.CLOCK)
    assert (line.what, line.section, line.deal) == ("First talk in two days", AgendaKind.LATER, deal)
    assert line.minutes // 1440 == 3, "from Saturday to the end of Tuesday"
    late = desk.later(desk.rep, days=5)
    assert lines(late, Due.CLOCK)[0].late
    assert agenda.counts(late, late.actor.id)[0] == 1
    talk(late, deal, late.now.isoformat())
    assert lines(late, Due.CLOCK) == []


def test_a_changed_calendar_moves_what_is_due(desk: Desk) -> None:
    company_playbook(desk)
    number(settings.change(desk.admin, {"holidays": [{"date": "2026-11-23"}, {"date": "2026-11-24"}]}))
    agenda_page.page(desk.rep, None)
    (line,) = lines(desk.rep, Due.CLOCK)
    assert line.minutes // 1440 == 5
    number(settings.change(desk.admin, {"holidays": [], "workdays": [{"date": "2026-11-22"}]}))
    agenda_page.page(desk.rep, None)
    (line,) = lines(desk.rep, Due.CLOCK)
    assert line.minutes // 1440 == 2


# A machine's clock


def test_a_clock_set_back_by_a_day_hides_nothing_and_makes_no_age_negative(desk: Desk, deal: int) -> None:
    talk(desk.rep, deal, desk.rep.now.isoformat())
    number(activities.plan(desk.rep, [deal], at="+1", all_day=True, subject="电话"))
    yesterday = desk.later(desk.rep, days=-1)
    found = agenda.due(yesterday, owner=yesterday.actor.id)
    assert {line.kind for line in found} >= {Due.SUMMARY, Due.FOLLOW_UP}
    assert slot(yesterday, deal) == (TimeKind.SUMMARY_LEFT, 48)
    fresh = number(deals.new(desk.rep, deals.get(desk.rep, deal).customer, 1, {}))
    assert slot(yesterday, fresh) == (TimeKind.AGE, 0)
    assert campaigns.get(yesterday, 1).id == 1
