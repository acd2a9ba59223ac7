"""Many writers on PostgreSQL at once: no update is lost, no rule is broken between its check and its act."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

from salestui.services import contacts, deals, deputies
from salestui.storage import chain, tables
from tests.effort import EFFORT
from tests.postgres.crowd import crowd
from tests.postgres.team import team

WRITERS = 32 if EFFORT > 1 else 4
EACH = 25 if EFFORT > 1 else 6


def test_no_update_is_lost_and_no_rule_broken(tmp_path: Path):
    with team(tmp_path) as of:
        start = deals.get(of.ask("lin"), of.expansion).amount
        with crowd(
            tmp_path / "crowd", of.url("wang"), "wang", WRITERS, ("amount", "name", "deputy", "contact")
        ) as them:
            them.wait_for(EACH)
            them.stop()
            amounts, names = them.noted("amount"), them.noted("name")
            people, absences = them.noted("contact"), them.noted("deputy")
        end = deals.get(of.ask("lin"), of.expansion).amount
        assert start is not None
        assert end is not None
        assert (end.minor - start.minor) // 100 == len(amounts)
        with of.ask("lin").store.reading():
            known = Counter(row.name for row in tables.Customer.select() if row.name.startswith("同名"))
            untold = tables.Event.select().where(tables.Event.action == "database.changed").count()
        assert known == Counter(names)
        assert max(known.values()) == 1
        assert untold == 0
        assert {f"P {command}" for command in people} == {each.name for each in contacts.of(of.ask("lin"), 1)}
        away = sorted((each.starts, each.ends) for each in deputies.all(of.ask("lin")))
        assert len(away) == len(absences)
        assert all(before[1] < after[0] for before, after in pairwise(away))
        assert chain.verify(of.ask("lin").store) is None
        print(
            f"{WRITERS} writers: {len(amounts)} updates, {len(names)} names, {len(absences)} deputies, 0 lost, 0 broken"
        )
