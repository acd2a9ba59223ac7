"""The primary dies under load: the standby takes over, sessions go on by themselves, nothing acknowledged is lost."""

from collections import Counter
from pathlib import Path

import pytest

from salestui.services import campaigns, customers, deals
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import chain, tables
from salestui.storage.postgres.opening import prepare_server
from salestui.storage.store import Store
from tests.effort import EFFORT
from tests.postgres.cluster import Cluster, cluster
from tests.postgres.crowd import Crowd, crowd
from tests.postgres.server import why_not
from tests.postgres.team import now
from tests.services.desk import number

ROUNDS = 20 if EFFORT > 1 else 1
WRITERS = 8 if EFFORT > 1 else 3
NAME = "sales"


def _settle(both: Cluster) -> None:
    """Prepare the database with an administrator, a customer and a deal."""
    prepare_server(both.primary.url(NAME))
    with Store.open(both.primary.url(NAME)) as store:
        prepare(store, now(), "lin", "林悦", "UTC", shared=True)
    with Store.open(both.primary.url(NAME, "lin")) as store:
        lin = Request(store, prepare(store, now(), "lin", "林悦"), now())
        push = number(campaigns.new(lin, {"name": "华东包装", "scenario": "new_market"}))
        customer = number(customers.new(lin, {"name": "苏州启明", "region": "华东", "size": "9", "industry": "食品"}))
        number(deals.new(lin, customer, push, {"amount": "1"}))


def _lost(store: Store, people: Crowd) -> tuple[list[str], list[str]]:
    """Return which acknowledged commands left nothing, and which left more than one contact."""
    acknowledged = people.noted("contact")

    def names() -> Counter[str]:
        with store.reading():
            return Counter(row.name.removeprefix("P ") for row in tables.Contact.select(tables.Contact.name))

    found = store.persist(names)
    return [each for each in acknowledged if not found[each]], [each for each in found if found[each] > 1]


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a server")
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the processes of a server are found in /proc")
@pytest.mark.timeout(0 if EFFORT > 1 else 300)
def test_the_standby_takes_over_and_nothing_acknowledged_is_lost(tmp_path: Path):
    with cluster() as both:
        _settle(both)
        both.follow()
        address = both.url(NAME, "lin")
        with Store.open(address) as session, crowd(tmp_path / "crowd", address, "lin", WRITERS, ("contact",)) as people:
            for round_ in range(ROUNDS):
                people.wait_for(3)
                both.fail_over()
                people.wait_for(3)
                assert all(people.alive()), people.errors()
                if round_ + 1 < ROUNDS:
                    both.follow()
            people.stop()
            lin = Request(session, prepare(session, now(), "lin", "林悦"), now(), "after")
            assert deals.get(lin, 1).title == ""
            assert _lost(session, people) == ([], [])
            assert chain.verify(session) is None
            print(f"{ROUNDS} failovers, {len(people.noted('contact'))} acknowledged, 0 lost")
