import pytest

from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.errors import NotFound
from salestui.playbooks import loader
from salestui.services import campaigns, playbooks
from salestui.services.request import Request
from salestui.storage import tables
from tests.services.desk import NEW_MARKET, NOW, Desk, changes, number, wrong


def test_a_campaign_pins_the_newest_version_of_the_default_handbook(desk: Desk):
    given = {**NEW_MARKET, "market": "华东食品加工企业", "note": "重点看\n包装线"}
    assert campaigns.new(desk.rep, given) == Done("M1", 1, 1)
    made = campaigns.get(desk.rep, 1)
    assert (made.playbook, made.playbook_version, made.scenario) == ("expansion", 1, "new_market")
    assert (made.currency, made.owner_name, made.closed, made.note) == ("CNY", "王磊", False, "重点看\n包装线")
    event = desk.events("campaign.created")[0]
    assert (event.subject, event.campaign_id, event.before) == ("M1", 1, None)
    assert event.after == {
        "name": "华东包装拓展",
        "playbook": "expansion",
        "playbook_version": 1,
        "scenario": "new_market",
        "market": "华东食品加工企业",
        "currency": "CNY",
        "note": "重点看\n包装线",
        "owner": "王磊",
    }


def test_a_playbook_without_scenarios_asks_none(desk: Desk):
    assert number(campaigns.new(desk.rep, {"name": "日常", "playbook": "role"})) == 1
    assert wrong(campaigns.new(desk.rep, {"name": "B", "playbook": "role", "scenario": "new_market"})) == [
        ("scenario", "unknown_field")
    ]


def test_a_playbook_may_be_named_by_its_title_and_an_older_version(desk: Desk):
    title = loader.builtin("role").title.zh
    text = loader.builtin_text("role").replace("version = 1", "version = 2", 1)
    playbooks.install(desk.admin, text, "role.toml")
    campaigns.new(desk.rep, {"name": "新", "playbook": title})
    campaigns.new(desk.rep, {"name": "旧", "playbook": "role", "playbook_version": "1"})
    assert [(c.name, c.playbook_version) for c in campaigns.all(desk.rep)] == [("旧", 1), ("新", 2)]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": "", "scenario": "new_market"}, [("name", "missing")]),
        ({"name": "\u200b\x1b", "scenario": "new_market"}, [("name", "missing")]),
        ({"name": "A"}, [("scenario", "missing")]),
        ({"name": "A", "scenario": "conquest"}, [("scenario", "unknown_choice")]),
        ({**NEW_MARKET, "playbook": "nothing"}, [("playbook", "unknown_choice")]),
        ({**NEW_MARKET, "playbook_version": 9}, [("playbook_version", "unknown_version")]),
        (
            {**NEW_MARKET, "playbook_version": 0},
            [("playbook_version", "unknown_version"), ("playbook_version", "too_small")],
        ),
        ({**NEW_MARKET, "currency": "元"}, [("currency", "bad_currency")]),
        ({**NEW_MARKET, "owner": "李雷"}, [("owner", "unknown_person")]),
        ({**NEW_MARKET, "stage": "research"}, [("stage", "unknown_field")]),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(desk: Desk, given, problems):
    assert sorted(wrong(campaigns.new(desk.rep, given))) == sorted(problems)
    assert campaigns.all(desk.rep) == ()
    assert desk.events("campaign.created") == []


@pytest.mark.parametrize("name", ["华东包装拓展", "华东 包装拓展", " 华东包装\u200b拓展"])
def test_two_campaigns_do_not_have_the_same_name(desk: Desk, name):
    desk.campaign()
    outcome = campaigns.new(desk.other, {**NEW_MARKET, "name": name})
    assert wrong(outcome) == [("name", "same_name")]
    assert outcome.problems[0].params == {"id": "M1", "name": "华东包装拓展"}


def test_a_rep_starts_campaigns_of_his_own_and_a_manager_for_anybody(desk: Desk):
    assert campaigns.new(desk.rep, {**NEW_MARKET, "owner": "赵敏"}) == NotAllowed("only_manager")
    assert number(campaigns.new(desk.rep, {**NEW_MARKET, "owner": "wang"})) == 1
    campaigns.new(desk.manager, {**NEW_MARKET, "name": "二", "owner": "赵敏"})
    assert campaigns.get(desk.rep, 2).owner_name == "赵敏"


def test_a_change_touches_what_is_given_and_records_it(desk: Desk):
    campaign = desk.campaign(market="食品")
    assert campaigns.change(desk.rep, campaign, {"market": "", "currency": "usd", "closed": "是"}) == Done("M1", 2, 1)
    changed = campaigns.get(desk.rep, campaign)
    assert (changed.name, changed.market, changed.currency, changed.closed) == ("华东包装拓展", "", "USD", True)
    event = desk.events("campaign.changed")[0]
    assert changes(event) == (
        {"market": "食品", "currency": "CNY", "closed": False},
        {"market": "", "currency": "USD", "closed": True},
    )
    assert event.campaign_id == campaign


@pytest.mark.parametrize(
    "given", [{}, {"name": "华东包装拓展"}, {"currency": ""}, {"owner": ""}, {"owner": "wang"}, {"closed": ""}]
)
def test_a_change_of_nothing_does_nothing(desk: Desk, given):
    campaign = desk.campaign()
    assert campaigns.change(desk.rep, campaign, given) == Done("M1", 1, 1, changed=False)
    assert desk.events("campaign.changed") == []


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": " "}, [("name", "missing")]),
        ({"scenario": ""}, [("scenario", "missing")]),
        ({"scenario": "conquest"}, [("scenario", "unknown_choice")]),
        ({"currency": "dollars"}, [("currency", "bad_currency")]),
        ({"currency": 7}, [("currency", "bad_currency")]),
        ({"closed": "perhaps"}, [("closed", "bad_yes_no")]),
        ({"owner": "李雷"}, [("owner", "unknown_person")]),
        ({"playbook": "role"}, [("playbook", "unknown_field")]),
        ({"name": "第二次"}, [("name", "same_name")]),
    ],
)
def test_a_change_that_cannot_be_is_refused(desk: Desk, given, problems):
    campaign = desk.campaign()
    desk.campaign(name="第二次")
    assert wrong(campaigns.change(desk.rep, campaign, given)) == problems
    assert campaigns.get(desk.rep, campaign).version == 1


def test_only_its_owner_or_a_manager_changes_a_campaign(desk: Desk):
    campaign = desk.campaign()
    refused = campaigns.change(desk.other, campaign, {"note": "mine"})
    assert refused == NotAllowed("only_owner_or_manager", {"campaign": "M1", "owner": "王磊"})
    assert campaigns.change(desk.manager, campaign, {"note": "ok"}).version == 2


def test_only_a_manager_gives_a_campaign_to_somebody_else(desk: Desk):
    campaign = desk.campaign()
    assert campaigns.change(desk.rep, campaign, {"owner": "赵敏"}) == NotAllowed("only_manager")
    assert campaigns.change(desk.manager, campaign, {"owner": "zhao"}).version == 2
    assert changes(desk.events("campaign.changed")[0]) == ({"owner": "王磊"}, {"owner": "赵敏"})
    assert campaigns.get(desk.rep, campaign).owner == desk.other.actor.id


def test_two_changes_of_the_same_version_conflict(desk: Desk):
    campaign = desk.campaign()
    campaigns.change(desk.rep, campaign, {"note": "first"}, expected_version=1)
    assert campaigns.change(desk.rep, campaign, {"note": "second"}, expected_version=1) == Conflict("M1", 1, 2)
    assert campaigns.get(desk.rep, campaign).note == "first"
    assert len(desk.events("campaign.changed")) == 1


def test_another_scenario_has_the_cards_of_the_campaign_judged_again(desk: Desk):
    campaign = desk.campaign()
    desk.deal(desk.rep, desk.customer(campaign=campaign), campaign)
    with desk.store.transaction(desk.rep.actor, now=NOW):
        tables.Card.create(deal=1, unmet=0)
    campaigns.change(desk.rep, campaign, {"scenario": "key_account"})
    with desk.store.reading():
        assert tables.Card.get().unmet > 0


@pytest.mark.parametrize("text", ["M1", "m1", "1", "华东包装拓展", "华东 包装拓展", " M1 "])
def test_a_campaign_is_found_by_id_or_name(desk: Desk, text):
    desk.campaign()
    assert campaigns.find(desk.rep, text).id == 1


@pytest.mark.parametrize("text", ["M2", "C1", "华东", "", "9" * 40])
def test_what_is_no_campaign_is_not_found(desk: Desk, text):
    desk.campaign()
    with pytest.raises(NotFound):
        campaigns.find(desk.rep, text)
    with pytest.raises(NotFound):
        campaigns.get(desk.rep, 2)


def test_running_campaigns_come_before_closed_ones(desk: Desk):
    for name in ("一", "二", "三"):
        desk.campaign(name=name)
    campaigns.change(desk.rep, 3, {"closed": True})
    assert [campaign.name for campaign in campaigns.all(desk.rep)] == ["二", "一", "三"]


def test_the_forms_follow_the_playbook(desk: Desk):
    keys = [field.key for field in campaigns.campaign_fields(desk.rep)]
    assert keys == ["name", "playbook", "playbook_version", "scenario", "market", "currency", "note", "owner"]
    assert "scenario" not in {field.key for field in campaigns.campaign_fields(desk.rep, "role")}
    campaign = desk.campaign()
    fields = {field.key for field in campaigns.change_fields(desk.rep, campaign)}
    assert fields == set(campaigns.form_values(campaigns.get(desk.rep, campaign)))


def test_a_repeated_command_starts_one_campaign(desk: Desk):
    twice = Request(desk.store, desk.rep.actor, NOW, "c-1")
    assert campaigns.new(twice, NEW_MARKET) == campaigns.new(twice, NEW_MARKET) == Done("M1", 1, 1)
    assert len(campaigns.all(desk.rep)) == 1


def test_a_campaign_of_a_handbook_without_scenarios_is_changed_like_any_other(desk: Desk):
    campaign = desk.campaign(playbook="role")
    assert isinstance(campaigns.change(desk.rep, campaign, {"market": "华南", "closed": "yes"}), Done)
    assert campaigns.get(desk.rep, campaign).closed
