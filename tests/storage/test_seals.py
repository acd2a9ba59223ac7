"""Every row that is written carries a seal, and what was written by anything else does not fit it."""

from contextlib import closing

import pytest

from salestui.storage import seals, tables
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.storage.helpers import LIN, NOW, add_setting, save_setting


def misfits(store: Store) -> set[str]:
    with closing(sqlite3.connect(store.location)) as connection:
        kept = dict(connection.execute("SELECT of_table || ' ' || row_key, digest FROM seal").fetchall())
        kept.pop("event head")
        now = {f"{table.name} {key}": digest for table in seals.SEALED for key, digest in table.rows(connection)}
    return {key for key in kept.keys() | now.keys() if kept.get(key) != now.get(key)}


def edit(store: Store, statement: str) -> None:
    with closing(sqlite3.connect(store.location, isolation_level=None)) as connection:
        connection.execute(statement)


def test_what_the_product_writes_fits_its_seals(store: Store) -> None:
    for number in range(5):
        save_setting(store, f"s{number}", number)
    with store.transaction(LIN, now=NOW):
        tables.Setting.update(value=7).where(tables.Setting.key == "s1").execute()
        tables.Setting.delete().where(tables.Setting.key == "s2").execute()
    assert misfits(store) == set()


def test_rows_with_a_key_of_two_columns_are_sealed(store: Store) -> None:
    with store.transaction(LIN, now=NOW):
        tables.Seal.insert(of_table="x", row_key="1", digest="0").execute()
    with store.transaction(LIN, now=NOW):
        tables.User.insert(login="a", name="a", permission="rep", roles=[], created_at=NOW).execute()
        tables.User.update(login="b").execute()
    assert misfits(store) == {"x 1"}


def test_a_transaction_that_is_rolled_back_leaves_the_seals_as_they_were(store: Store) -> None:
    save_setting(store, "kept")
    with store.transaction(LIN, now=NOW) as tx:
        add_setting(tx, "gone")
        tx.abandon()
    save_setting(store, "next")
    assert misfits(store) == set()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE setting SET value = '2' WHERE key = 'a'", {"setting a"}),
        ("UPDATE setting SET value = 1 WHERE key = 'a'", {"setting a"}),
        ("UPDATE setting SET value = CAST(value AS BLOB) WHERE key = 'a'", {"setting a"}),
        ("DELETE FROM setting WHERE key = 'a'", {"setting a"}),
        ("INSERT INTO setting VALUES ('b', '1')", {"setting b"}),
        ("DELETE FROM seal WHERE row_key = 'a'", {"setting a"}),
        ("UPDATE setting SET value = value", set()),
    ],
)
def test_what_another_program_changed_does_not_fit(store: Store, statement: str, found: set[str]) -> None:
    save_setting(store, "a", "1")
    edit(store, statement)
    assert misfits(store) == found


def test_a_new_database_and_a_second_connection_seal_too(store: Store) -> None:
    assert misfits(store) == set()
    with Store.open(store.location) as other:
        save_setting(other, "a")
        save_setting(store, "b")
    assert misfits(store) == set()
