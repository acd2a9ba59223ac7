"""The product at work under the rights of each person's own role: nothing it needs is refused, nothing goes untold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.services import deals
from salestui.services.loading import load
from salestui.storage import chain, tables
from tests.postgres.team import Team, team


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Team]:
    with team(tmp_path) as opened:
        yield opened


def untold(team: Team) -> list[tuple[str, str, object, object]]:
    """Return what the server had to write into the history because the product had not."""
    store = team.ask("lin").store
    with store.reading():
        found = tables.Event.select().where(tables.Event.action == "database.changed").order_by(tables.Event.id)
        return [(event.subject, event.note, event.before, event.after) for event in found]


@pytest.mark.parametrize("handbook", ["expansion", "role"])
def test_a_whole_handbook_is_walked_with_everybody_in_a_role_of_his_own(at_work: Team, handbook: str):
    deal = getattr(at_work, handbook)
    last = load(at_work.ask("wang"), deal).playbook.stages[-1]
    filler = at_work.filler(deal)
    filler.go_to(last.key)
    filler.meet()
    deals.advance(at_work.ask("wang"), deal)
    assert deals.get(at_work.ask("wang"), deal).status is Status.COMPLETED
    assert untold(at_work) == []
    assert chain.verify(at_work.ask("lin").store) is None
