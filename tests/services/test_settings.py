import pytest

from salestui.domain.clock import TeamCalendar
from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.people import Actor
from salestui.domain.team import TeamSettings, zone_named
from salestui.errors import CorruptValue
from salestui.services import cards, deals, settings
from salestui.services.request import Request
from salestui.storage import tables
from tests.services.desk import NOW, Desk, changes, number, wrong


def test_an_unprepared_database_has_the_defaults(store):
    request = Request(store, Actor(1, "lin", "林悦"), NOW)
    assert settings.team(request) == TeamSettings("UTC", frozenset({5, 6}), frozenset(), frozenset(), False, "CNY")
    assert not settings.initialised(request)


def test_settings_are_changed_field_by_field_and_recorded(desk):
    given = {"holidays": ["2026-10-01", "2026年10月2日", "2026-10-01"], "workdays": [{"date": "2026-10-10"}]}
    assert settings.change(desk.admin, given) == Done("settings", 1)
    team = settings.team(desk.rep)
    assert [day.isoformat() for day in sorted(team.holidays)] == ["2026-10-01", "2026-10-02"]
    assert [day.isoformat() for day in team.workdays] == ["2026-10-10"]
    assert team.zone == "Asia/Shanghai"
    event = desk.events("setting.changed")[-1]
    assert changes(event) == (
        {"holidays": [], "workdays": []},
        {"holidays": ["2026-10-01", "2026-10-02"], "workdays": ["2026-10-10"]},
    )
    assert (event.subject, event.actor_name) == ("settings", "林悦")


def test_the_form_shows_what_is_stored(desk):
    settings.change(desk.admin, {"weekend": ["周日"], "holidays": ["2026-10-01"], "currency": "usd"})
    assert settings.form_values(desk.rep) == {
        "zone": "Asia/Shanghai",
        "weekend": ["sunday"],
        "holidays": [{"date": "2026-10-01"}],
        "workdays": [],
        "recorded_votes": True,
        "currency": "USD",
        "reps_see": "all",
    }
    assert {field.key for field in settings.settings_fields()} == set(settings.form_values(desk.rep))


def test_a_list_given_empty_is_emptied(desk):
    settings.change(desk.admin, {"weekend": []})
    assert settings.team(desk.rep).weekend == frozenset()


def test_what_stays_the_same_leaves_no_event(desk):
    before = len(desk.events())
    assert settings.change(desk.admin, {"zone": "Asia/Shanghai"}) == Done("settings", 1, changed=False)
    assert len(desk.events()) == before


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"zone": "Mars/Olympus"}, [("zone", "unknown_zone")]),
        ({"zone": "../../etc/passwd"}, [("zone", "unknown_zone")]),
        ({"zone": "  "}, [("zone", "missing")]),
        ({"currency": "元"}, [("currency", "bad_currency")]),
        ({"currency": ""}, [("currency", "missing")]),
        ({"recorded_votes": "maybe"}, [("recorded_votes", "bad_yes_no")]),
        ({"holidays": ["30 February"]}, [("holidays.1.date", "bad_date")]),
        ({"colour": "red"}, [("colour", "unknown_field")]),
        ({"weekend": list(settings.WEEKDAYS)}, [("weekend", "no_workday")]),
    ],
)
def test_a_setting_that_cannot_be_is_refused(desk, given, problems):
    assert wrong(settings.change(desk.admin, given)) == problems
    assert settings.team(desk.admin).zone == "Asia/Shanghai"


@pytest.mark.parametrize("who", ["manager", "rep"])
def test_only_an_administrator_changes_settings(desk, who):
    assert settings.change(getattr(desk, who), {"recorded_votes": False}) == NotAllowed("only_admin")
    assert settings.team(desk.rep).recorded_votes


def test_another_calendar_has_every_card_judged_again(desk):
    campaign = desk.campaign()
    customer = desk.customer(campaign=campaign)
    deal = number(deals.new(desk.rep, customer, campaign, {"amount": "1000"}))
    cards.bring_up_to_date(desk.rep)
    assert cards.outdated(desk.rep) == ()
    settings.change(desk.admin, {"weekend": ["sunday"]})
    assert cards.outdated(desk.rep) == (deal,)


@pytest.mark.parametrize(("zone", "known"), [("Asia/Shanghai", True), ("UTC", True), ("", False), ("Asia", False)])
def test_a_time_zone_is_known_by_its_name(zone, known):
    assert (zone_named(zone) is not None) is known


def test_a_zone_this_machine_does_not_know_counts_as_utc():
    assert TeamSettings(zone="Mars/Olympus").calendar == TeamCalendar()


def test_a_value_nobody_here_wrote_is_told(desk):
    with desk.store.transaction(desk.admin.actor, now=desk.admin.now):
        tables.Setting.update(value=["not a day"]).where(tables.Setting.key == "holidays").execute()
    with pytest.raises(CorruptValue):
        settings.team(desk.rep)


def test_a_repeated_command_changes_settings_once(desk: Desk):
    twice = Request(desk.store, desk.admin.actor, desk.admin.now, "4f2c")
    first = settings.change(twice, {"currency": "EUR"})
    settings.change(desk.admin, {"currency": "USD"})
    assert settings.change(twice, {"currency": "EUR"}) == first
    assert settings.team(desk.rep).currency == "USD"
