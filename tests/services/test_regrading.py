"""What a new grade brings: a fall to C stops the deal and suggests care, a rise to A asks for an account plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.facts import Status
from salestui.domain.outcomes import Blocked, Moved
from salestui.domain.views import GateState
from salestui.services import board, deals, gate_texts, gate_views
from salestui.services.loading import judge, load, team_of
from tests.services.desk import number
from tests.ui.stories import Story, make

GRADE = "grading.grade.passes"
PLAN = "grading.account_plan.complete"
A, B, C = (5, 5, 4, 4, 4), (3, 3, 3, 3, 4), (1, 1, 1, 2, 2)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Return a deal of a grade-A customer in needs and solution, its gate open."""
    made = make(tmp_path, "solution")
    made.fill.meet()
    yield made
    made.close()


def score(story: Story, points: tuple[int, ...]) -> None:
    story.fill.score(story.loaded, points)


def texts(story: Story, key: str, language: i18n.Language) -> gate_texts.RequirementText:
    request = story.ask()
    requirement = judge(request, story.deal).requirement(key)
    assert requirement is not None
    i18n.use(language)
    return gate_texts.describe(requirement, story.loaded.playbook, team_of(request), request.now)


def test_a_fall_to_c_blocks_every_further_move_and_the_card_says_it_cannot_pass(story: Story) -> None:
    score(story, C)
    blocked = deals.advance(story.ask(), story.deal)
    assert isinstance(blocked, Blocked)
    assert GRADE in {requirement.key for requirement in blocked.report.unmet}
    shown = board.load(story.ask(), board.Selection(campaign=story.campaign))
    (card,) = (card for cards in shown.columns.values() for card in cards if card.row.id == story.deal)
    assert (card.gate.state, card.row.grade) == (GateState.CANNOT_PASS, "C")


@pytest.mark.parametrize(
    ("language", "why", "detail", "care"),
    [
        (
            "en",
            "grade C does not go on",
            "Only A, B go on. Score again when things have moved, or put it on the care list.",
            ("p", "care list"),
        ),
        ("zh", "C 级不能推进", "只有 A、B 级能往下走。情况有变就重评，否则转入长期维护名单。", ("p", "转维护")),
    ],
)
def test_the_gate_of_a_c_says_what_to_do_and_offers_the_care_list(
    story: Story, language: i18n.Language, why: str, detail: str, care: tuple[str, str]
) -> None:
    score(story, C)
    told = texts(story, GRADE, language)
    assert (told.why, told.detail) == (why, detail)
    view = gate_views.view(story.ask(), story.deal)
    (line,) = (line for line in view.panel.lines if line.headline == told.headline)
    assert care in [(way.key, way.verb) for way in line.ways]
    assert [way.key for way in line.ways] == ["enter", "p", "e"], "the exception comes last"


def test_a_c_on_the_care_list_keeps_everything_and_comes_back_with_a_better_grade(story: Story) -> None:
    score(story, C)
    number(deals.park(story.ask(), story.deal, "grade_c"))
    assert load(story.ask(), story.deal).deal.status is Status.IN_CARE
    number(deals.reopen(story.ask(), story.deal, "又来问了"))
    assert load(story.ask(), story.deal).deal.stage == "solution"
    assert isinstance(deals.advance(story.ask(), story.deal), Blocked)
    score(story, A)
    assert isinstance(deals.advance(story.ask(), story.deal), Moved)


def test_a_rise_to_a_asks_for_the_account_plan_at_the_next_gate(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    score(story, B)
    story.fill.meet()
    assert isinstance(deals.advance(story.ask(), story.deal), Moved), "a B needs no plan"
    story.fill.meet()
    assert not judge(story.ask(), story.deal).unmet
    score(story, A)
    blocked = deals.advance(story.ask(), story.deal)
    assert isinstance(blocked, Blocked)
    assert PLAN in {requirement.key for requirement in blocked.report.unmet}
    assert load(story.ask(), story.deal).deal.stage == "contact", "it stays where it is"
    told = texts(story, PLAN, "en")
    assert (told.what, told.why, told.verb) == ("Grade-A account plan", "not written yet", "fill in")
    assert texts(story, PLAN, "zh").headline == "《A级客户专项拓展计划》：还没有写"
    story.fill.fill("account_plan")
    assert isinstance(deals.advance(story.ask(), story.deal), Moved)
    story.close()


def test_a_won_deal_is_not_held_up_by_a_fallen_grade(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    score(story, C)
    assert judge(story.ask(), story.deal).requirement(GRADE) is None
    story.close()
