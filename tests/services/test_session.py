"""The start of every command: whose database it is, and where this machine says it stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestui import system
from salestui.domain.people import Permission
from salestui.errors import UnknownUser
from salestui.services import campaigns, session, settings, users
from salestui.services.request import Request
from tests.services.desk import number

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_the_first_person_administers_an_empty_database(tmp_path: Path):
    begun = session.begin(str(tmp_path / "sales.db"), NOW)
    assert begun.actor.permission is Permission.ADMIN
    assert begun.actor.login == system.person().login
    assert begun.empty
    request = Request(begun.store, begun.actor, NOW)
    assert settings.team(request).zone
    number(campaigns.new(request, {"name": "华东", "scenario": "new_market"}))
    begun.store.close()
    again = session.begin(str(tmp_path / "sales.db"), NOW, create=False)
    assert not again.empty
    again.store.close()


def test_a_stranger_is_turned_away_and_the_database_closed(tmp_path: Path):
    begun = session.begin(str(tmp_path / "sales.db"), NOW)
    request = Request(begun.store, begun.actor, NOW)
    number(users.add(request, "other", "别人", "admin"))
    other = Request(begun.store, users.find(request, "other").actor(), NOW)
    users.change(other, begun.actor.id, active=False)
    begun.store.close()
    with pytest.raises(UnknownUser):
        session.begin(str(tmp_path / "sales.db"), NOW)
    (tmp_path / "sales.db").unlink()


def test_the_time_zone_is_that_of_the_machine_where_it_says_so(tmp_path: Path):
    zone = tmp_path / "zoneinfo" / "Asia" / "Shanghai"
    zone.parent.mkdir(parents=True)
    zone.touch()
    link = tmp_path / "localtime"
    link.symlink_to(zone)
    assert session.zone_name(link) == "Asia/Shanghai"
    plain = tmp_path / "plain"
    plain.touch()
    assert session.zone_name(plain) is None
    assert session.zone_name(tmp_path / "missing") is None
