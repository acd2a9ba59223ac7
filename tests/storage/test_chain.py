import pytest
from peewee import IntegrityError

from salestui.storage import chain
from salestui.storage.chain import ANCHOR, BrokenEvent, Head
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.storage.helpers import LIN, NOW, save_setting


@pytest.fixture
def history(store: Store, monkeypatch) -> Store:
    monkeypatch.setattr(chain, "_BATCH", 4)
    for number in range(1, 11):
        save_setting(store, f"s{number}", number)
    return store


def tamper(store, *statements):
    """Change the database behind the product's back, as anyone with a SQLite client may who drops its triggers."""
    connection = sqlite3.connect(store.location, isolation_level=None)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
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
        "salt = ''",
        "digest = 'x'",
    ],
)
def test_one_edited_value_of_an_event_is_found(history, change):
    tamper(history, "UPDATE event SET " + change + " WHERE id = 5")  # noqa: S608  # the changes stand above
    assert chain.verify(history) == BrokenEvent(5, "edited")


def test_an_edited_chain_is_found(history):
    tamper(history, "UPDATE event SET chain = 'x' WHERE id = 5")
    assert chain.verify(history) == BrokenEvent(5, "edited")


def rehash(store, number):
    """Give an event the digest of what it says now, as a forger would who knows how it is made."""
    with store.database.writing():
        row = next(chain._rows(store.database, number - 1, 1))
    tamper(store, f"UPDATE event SET digest = '{chain._digest(row)}' WHERE id = {number}")  # noqa: S608


def test_an_edited_event_is_found_though_its_digest_was_made_anew(history):
    tamper(history, "UPDATE event SET note = 'forged' WHERE id = 5")
    rehash(history, 5)
    assert chain.verify(history) == BrokenEvent(5, "edited")


@pytest.mark.parametrize("removed", [1, 5, 8, 9])
def test_a_removed_event_is_found_and_named(history, removed):
    tamper(history, f"DELETE FROM event WHERE id = {removed}")  # noqa: S608  # a number from above
    assert chain.verify(history) == BrokenEvent(removed, "removed")


def test_reordered_events_are_found_and_it_is_told_where_they_stood(history):
    tamper(
        history,
        "UPDATE event SET id = 99 WHERE id = 4",
        "UPDATE event SET id = 4 WHERE id = 5",
        "UPDATE event SET id = 5 WHERE id = 99",
    )
    assert chain.verify(history) == BrokenEvent(4, "moved", was=5)


def test_a_removed_event_is_found_though_the_rest_was_renumbered(history):
    tamper(history, "DELETE FROM event WHERE id = 4", "UPDATE event SET id = id - 1 WHERE id > 4")
    assert chain.verify(history) == BrokenEvent(4, "moved", was=5)


@pytest.mark.parametrize("number", [-5, 0, 7000])
def test_an_inserted_event_is_found_whatever_its_number(history, number):
    tamper(
        history,
        f"CREATE TEMP TABLE forged AS SELECT * FROM event WHERE id = 5; UPDATE forged SET id = {number}",  # noqa: S608
        "INSERT INTO event SELECT * FROM forged",
    )
    assert chain.verify(history) == BrokenEvent(number, "moved", was=5)


def test_an_event_inserted_before_the_first_with_a_digest_of_its_own_is_found(history):
    tamper(
        history,
        "CREATE TEMP TABLE forged AS SELECT * FROM event WHERE id = 5; UPDATE forged SET id = 0",
        "INSERT INTO event SELECT * FROM forged",
    )
    rehash(history, 0)
    assert chain.verify(history) == BrokenEvent(0, "edited")


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
    assert chain.verify(history, kept) == BrokenEvent(10, "rewritten")


def test_a_history_that_grew_holds_against_an_earlier_head(history):
    kept = chain.head(history)
    save_setting(history, "later")
    assert chain.verify(history, kept) is None


# What the database itself refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET note = 'x' WHERE id = 5",
        "UPDATE event SET \"after\" = NULL, salt = '' WHERE id = 10",
        "UPDATE OR REPLACE event SET id = 4 WHERE id = 5",
        "UPDATE event SET digest = 'x', chain = 'x'",
        "DELETE FROM event WHERE id = 10",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 5",
        """INSERT INTO event SELECT 12, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id,
        "before", "after", note, command_id, salt, digest, chain FROM event WHERE id = 5""",
        """INSERT INTO event (at, actor_id, actor_name, action, subject, note, command_id, salt, digest, chain)
        VALUES ('', 1, '', '', '', '', '', '', '', '')""",
    ],
)
def test_no_statement_changes_or_removes_an_event_or_puts_one_elsewhere_than_at_the_end(history, statement):
    connection = sqlite3.connect(history.location, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="history_is_append_only"):
        connection.execute(statement)
    connection.close()
    assert chain.verify(history, Head(10, chain.head(history).chain)) is None


# Redaction


def erase(store, number, note="***", named=None):
    """Redact the note and the content of an event, by an erasure that names it (or `named`)."""
    with store.transaction(LIN, now=NOW) as tx:
        left = chain.redacted(store.database, number, None, {"value": "***"}, note)
        events = {str(named or number): left.digest}
        tx.record(chain.ERASURE, subject="P1", before=None, after={"events": events})
        chain.redact(store.database, left)


def test_a_redacted_event_holds_while_an_erasure_names_it(history):
    kept = chain.head(history)
    erase(history, 5)
    assert chain.verify(history, kept) is None
    assert chain.erasures(history).keys() == {5}
    tamper(history, "UPDATE event SET note = 'again' WHERE id = 5")
    assert chain.verify(history) == BrokenEvent(5, "edited")


def test_the_last_erasure_of_an_event_tells_what_is_left_of_it(history):
    erase(history, 5)
    erase(history, 5, note="less")
    assert chain.verify(history) is None


def test_an_event_that_no_erasure_names_cannot_be_redacted(history):
    with pytest.raises(IntegrityError):
        erase(history, 5, named=6)
    with pytest.raises(IntegrityError), history.transaction(LIN, now=NOW):
        chain.redact(history.database, chain.redacted(history.database, 5, None, None, ""))


def test_an_erasure_allows_redaction_only_while_it_is_the_newest_event(history):
    erase(history, 5)
    save_setting(history, "later")
    with pytest.raises(IntegrityError), history.transaction(LIN, now=NOW):
        chain.redact(history.database, chain.redacted(history.database, 5, None, None, ""))


def test_what_was_erased_and_came_back_is_found(history):
    with history.reading():
        row = next(chain._rows(history.database, 4, 1))
    erase(history, 5)
    said = f"\"after\" = '{row['after']}', note = '{row['note']}', salt = '{row['salt']}'"
    tamper(history, f"UPDATE event SET {said} WHERE id = 5")  # noqa: S608  # values of the test
    assert chain.verify(history) == BrokenEvent(5, "edited")


@pytest.mark.parametrize("content", ["NULL", "'{'", "'[]'", '\'{"events": {"x": 1}}\''])
def test_an_erasure_whose_content_was_damaged_is_found(history, content):
    erase(history, 5)
    tamper(history, f'UPDATE event SET "after" = {content} WHERE id = 11')  # noqa: S608  # values from above
    assert chain.verify(history) == BrokenEvent(5, "edited")


def test_an_erasure_says_nothing_about_later_events(history):
    with history.transaction(LIN, now=NOW) as tx:
        tx.record(chain.ERASURE, subject="P1", before=None, after={"events": {"12": "x", "11": "y"}})
    save_setting(history, "later")
    assert chain.verify(history) is None
