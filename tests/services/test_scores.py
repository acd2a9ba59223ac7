from datetime import timedelta

import pytest

from salestui.domain.outcomes import Done, NotAllowed
from salestui.errors import NotFound
from salestui.playbooks.loader import builtin
from salestui.services import scores
from salestui.storage import tables
from tests.services.desk import NOW, Desk, changes, wrong

SCORING = builtin("expansion").scoring
CRITERIA = [criterion.key for criterion in SCORING.criteria]


def points(*values: int) -> dict[str, int]:
    """Return a value for every criterion, the same for all where only one is given."""
    return dict(zip(CRITERIA, values * len(CRITERIA) if len(values) == 1 else values, strict=True))


EVIDENCE = dict.fromkeys(CRITERIA, "客户亲口说的")


@pytest.fixture
def campaign(desk: Desk) -> int:
    return desk.campaign()


@pytest.fixture
def customer(desk: Desk, campaign: int) -> int:
    return desk.customer(campaign=campaign)


@pytest.mark.parametrize(
    ("values", "total", "grade"),
    [
        (points(4), 20, "A"),
        (points(5), 25, "A"),
        (points(3, 4, 4, 4, 4), 19, "B"),
        (points(3), 15, "B"),
        (points(2, 3, 3, 3, 3), 14, "C"),
        (points(1), 5, "C"),
        (dict.fromkeys(CRITERIA, "４"), 20, "A"),
    ],
)
def test_the_total_gives_the_grade(desk: Desk, campaign, customer, values, total, grade):
    assert scores.record(desk.rep, customer, campaign, values, EVIDENCE, "首评\x1b") == Done("C1", 1, 1)
    score = scores.latest(desk.rep, customer, campaign)
    assert (score.total, score.grade, score.by_name, score.at) == (total, grade, "王磊", NOW)
    assert score.evidence == EVIDENCE
    event = desk.events("score.recorded")[0]
    assert (event.before, event.after["total"], event.after["grade"], event.note) == (None, total, grade, "首评")
    assert (event.subject, event.customer_id, event.campaign_id) == ("C1", customer, campaign)


def test_the_newest_score_counts_and_the_old_ones_stay(desk: Desk, campaign, customer):
    scores.record(desk.rep, customer, campaign, points(3), EVIDENCE)
    later = desk.later(desk.rep, days=3)
    scores.record(later, customer, campaign, points(5), EVIDENCE)
    assert [score.total for score in scores.history(desk.rep, customer, campaign)] == [25, 15]
    assert scores.latest(desk.rep, customer, campaign).at == NOW + timedelta(days=3)
    before, after = changes(desk.events("score.recorded")[-1])
    assert (before["grade"], after["grade"], before["values"]) == ("B", "A", points(3))


def test_two_scores_of_the_same_instant_count_in_their_order(desk: Desk, campaign, customer):
    scores.record(desk.rep, customer, campaign, points(5), EVIDENCE)
    scores.record(desk.rep, customer, campaign, points(1), EVIDENCE)
    assert scores.latest(desk.rep, customer, campaign).total == 5


@pytest.mark.parametrize(
    ("values", "evidence", "problems"),
    [
        ({}, {}, [(key, "missing") for key in CRITERIA] + [(f"{key}_evidence", "missing") for key in CRITERIA]),
        ({**points(3), CRITERIA[0]: 0}, EVIDENCE, [(CRITERIA[0], "too_small")]),
        ({**points(3), CRITERIA[0]: 6}, EVIDENCE, [(CRITERIA[0], "too_large")]),
        ({**points(3), CRITERIA[0]: ""}, EVIDENCE, [(CRITERIA[0], "missing")]),
        ({**points(3), CRITERIA[0]: "3.5"}, EVIDENCE, [(CRITERIA[0], "too_many_decimals")]),
        ({**points(3), CRITERIA[0]: True}, EVIDENCE, [(CRITERIA[0], "wrong_type")]),
        ({**points(3), CRITERIA[0]: "good"}, EVIDENCE, [(CRITERIA[0], "bad_number")]),
        (points(3), {**EVIDENCE, CRITERIA[1]: " \u200b "}, [(f"{CRITERIA[1]}_evidence", "missing")]),
        ({**points(3), "charm": 5}, EVIDENCE, [("charm", "unknown_field")]),
        (points(3), {**EVIDENCE, "charm": "x"}, [("charm_evidence", "unknown_field")]),
    ],
)
def test_an_incomplete_scorecard_is_not_recorded(desk: Desk, campaign, customer, values, evidence, problems):
    assert sorted(wrong(scores.record(desk.rep, customer, campaign, values, evidence))) == sorted(problems)
    assert scores.latest(desk.rep, customer, campaign) is None
    assert desk.events("score.recorded") == []


def test_a_scorecard_is_recorded_from_its_form(desk: Desk, campaign, customer):
    form = {**points(4), **{f"{key}_evidence": text for key, text in EVIDENCE.items()}, "note": "复评"}
    keys = [field.key for field in scores.score_fields(desk.rep, campaign)]
    assert set(keys) == set(form)
    assert keys[:2] == [CRITERIA[0], f"{CRITERIA[0]}_evidence"]
    assert scores.record_form(desk.rep, customer, campaign, form) == Done("C1", 1, 1)
    score = scores.latest(desk.rep, customer, campaign)
    assert scores.form_values(score) == {key: value for key, value in form.items() if key != "note"}
    assert desk.events("score.recorded")[0].note == "复评"
    unknown = scores.record_form(desk.rep, customer, campaign, {**form, "charm": 5})
    assert wrong(unknown) == [("charm", "unknown_field")]


def test_the_form_says_what_each_value_means(desk: Desk, campaign):
    field = scores.score_fields(desk.rep, campaign)[0]
    assert (field.min, field.max, field.required) == (1, 5, True)
    assert "；5 " in field.help.zh
    assert "; 1 " in field.help.en


def test_a_playbook_without_scoring_takes_no_scores(desk: Desk, customer):
    campaign = desk.campaign(name="日常", playbook="role")
    assert scores.score_fields(desk.rep, campaign) == ()
    assert scores.card_of(desk.rep, campaign) is None
    assert wrong(scores.record_form(desk.rep, customer, campaign, {"size": 3})) == [("score", "no_scoring")]


def test_those_who_work_on_a_customer_in_the_campaign_score_it(desk: Desk):
    campaign, elsewhere = desk.campaign(desk.manager), desk.campaign(desk.manager, name="第二次")
    customer = desk.customer(desk.rep, campaign)
    desk.deal(desk.other, customer, elsewhere)
    refused = NotAllowed("only_owner_or_manager", {"customer": "C1", "owner": "王磊"})
    assert scores.record(desk.other, customer, campaign, points(3), EVIDENCE) == refused
    desk.deal(desk.other, customer, campaign)
    assert scores.record(desk.other, customer, campaign, points(3), EVIDENCE).number == 1
    assert scores.record(desk.manager, customer, campaign, points(3), EVIDENCE).number == 2


def test_scores_belong_to_the_campaign(desk: Desk, campaign, customer):
    second = desk.campaign(name="第二次")
    scores.record(desk.rep, customer, second, points(5), EVIDENCE)
    assert scores.latest(desk.rep, customer, campaign) is None
    assert scores.latest(desk.rep, customer, second).grade == "A"
    third = desk.campaign(name="第三次")
    assert scores.latest(desk.rep, customer, third) is None
    assert scores.history(desk.rep, customer, third) == ()


@pytest.mark.parametrize(("customer_id", "campaign_id"), [(9, 1), (1, 9)])
def test_what_is_not_there_is_not_scored(desk: Desk, campaign, customer, customer_id, campaign_id):
    with pytest.raises(NotFound):
        scores.record(desk.admin, customer_id, campaign_id, points(3), EVIDENCE)


def test_a_score_shows_on_the_board_at_once(desk: Desk, campaign, customer):
    desk.deal(desk.rep, customer, campaign)
    with desk.store.transaction(desk.rep.actor, now=NOW):
        tables.Card.create(deal=1)
    scores.record(desk.rep, customer, campaign, points(4), EVIDENCE)
    with desk.store.reading():
        card = tables.Card.get()
        assert (card.grade, card.score) == ("A", 20)
