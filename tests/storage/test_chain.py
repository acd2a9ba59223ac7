import pytest

from salestui.storage import chain
from salestui.storage.chain import ANCHOR, BrokenEvent, Head
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.storage.helpers import save_setting


@pytest.fixture
def history(store: Store, monkeypatch) -> Store:
    monkeypatch.setattr(chain, "_BATCH", 4)
    for number in range(1, 11):
        save_setting(store, f"s{number}", number)
    return store


def tamper(store, *statements):
    """Change the database behind the product's back, as anyone with a SQLite client may."""
    connection = sqlite3.connect(store.location, isolation_level=None)
    for statement in statements:
        connection.executescript(statement)
    connection.close()


def test_an_untouched_history_holds(history):
    assert chain.verify(history) is None
    assert chain.verify(history, chain.head(history)) is None


def test_an_empty_history_holds(store):
    assert chain.head(store) == Head(0, ANCHOR)
    assert chain.verify(store, Head(0, ANCHOR)) is None


@pytest.mark.parametrize(
    "change",
    [
        "note = 'x'",
        "actor_name = '陈默'",
        "actor_id = 2",
        "at = '2026-11-22T09:00:00.000000Z'",
        "action = 'setting.read'",
        "subject = 's7'",
        "deal_id = 1",
        "customer_id = 1",
        "campaign_id = 1",
        "before = '{}'",
        "after = '{\"value\":6}'",
        "after = '{\"value\": 5}'",
        "after = NULL",
        "command_id = 'x'",
        "digest = 'x'",
    ],
)
def test_one_edited_value_of_an_event_is_found(history, change):
    tamper(history, "UPDATE event SET " + change + " WHERE id = 5")  # noqa: S608  # the changes stand above
    assert chain.verify(history) == BrokenEvent(5, "edited")


def test_an_edited_chain_is_found(history):
    tamper(history, "UPDATE event SET chain = 'x' WHERE id = 5")
    assert chain.verify(history) == BrokenEvent(5, "moved")


@pytest.mark.parametrize(("removed", "found"), [(1, 2), (5, 6), (8, 9)])
def test_a_removed_event_is_found(history, removed, found):
    tamper(history, f"DELETE FROM event WHERE id = {removed}")  # noqa: S608  # a number from above
    assert chain.verify(history) == BrokenEvent(found, "moved")


def test_reordered_events_are_found(history):
    tamper(
        history,
        "UPDATE event SET id = 99 WHERE id = 4",
        "UPDATE event SET id = 4 WHERE id = 5",
        "UPDATE event SET id = 5 WHERE id = 99",
    )
    assert chain.verify(history) == BrokenEvent(4, "edited")


def test_a_removed_event_is_found_though_the_rest_was_renumbered(history):
    tamper(history, "DELETE FROM event WHERE id = 4", "UPDATE event SET id = id - 1 WHERE id > 4")
    assert chain.verify(history) == BrokenEvent(4, "edited")


@pytest.mark.parametrize("number", [-5, 0, 7000])
def test_an_inserted_event_is_found_whatever_its_number(history, number):
    tamper(
        history,
        f"CREATE TEMP TABLE forged AS SELECT * FROM event WHERE id = 5; UPDATE forged SET id = {number}",  # noqa: S608
        "INSERT INTO event SELECT * FROM forged",
    )
    assert chain.verify(history) == BrokenEvent(number, "edited")


def test_a_cut_off_tail_is_found_with_the_head_that_was_kept(history):
    kept = chain.head(history)
    tamper(history, "DELETE FROM event WHERE id > 8")
    assert chain.verify(history) is None
    assert chain.verify(history, kept) == BrokenEvent(9, "cut")


def test_a_history_rewritten_from_some_event_on_is_found_with_the_head_that_was_kept(history):
    kept = chain.head(history)
    tamper(history, "DELETE FROM event WHERE id > 8")
    for number in (9, 10, 11):
        save_setting(history, f"forged {number}")
    assert chain.verify(history) is None
    assert chain.verify(history, kept) == BrokenEvent(10, "cut")


def test_a_history_that_grew_holds_against_an_earlier_head(history):
    kept = chain.head(history)
    save_setting(history, "later")
    assert chain.verify(history, kept) is None
