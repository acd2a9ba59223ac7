import threading

import peewee
import pytest

from salestui.errors import CommandIdTaken, DatabaseBusy, DiskFull, ReadOnlyDatabase
from salestui.storage import chain, tables
from salestui.storage.driver import sqlite3
from salestui.storage.store import Store
from tests.storage.helpers import CHEN, LIN, NOW, add_setting, event_count, save_setting, setting_keys, start_python


def add_user(store, login="lin"):
    with store.transaction(LIN, now=NOW) as tx:
        user = tables.User.create(login=login, name="林悦", permission="rep", roles=[], created_at=NOW)
        tx.record("user.added", subject=login, before=None, after={"name": "林悦"})
        return user.id


def test_a_change_is_there_after_the_store_was_opened_again(store, path):
    save_setting(store, "a", {"zone": "Asia/Shanghai"})
    store.close()
    with Store.open(path) as again, again.reading():
        assert tables.Setting.get_by_id("a").value == {"zone": "Asia/Shanghai"}


def test_an_event_tells_who_when_what_before_and_after(store):
    with store.transaction(CHEN, now=NOW, command_id="c1") as tx:
        number = tx.record(
            "deal.moved",
            subject="D7",
            before={"stage": "research"},
            after={"stage": "grading"},
            deal=7,
            customer=3,
            campaign=1,
            note="走起",
        )
    with store.reading():
        event = tables.Event.get_by_id(number)
    assert (event.actor_id, event.actor_name, event.at) == (2, "陈默", NOW)
    assert (event.action, event.subject, event.note) == ("deal.moved", "D7", "走起")
    assert (event.deal_id, event.customer_id, event.campaign_id, event.command_id) == (7, 3, 1, "c1")
    assert (event.before, event.after) == ({"stage": "research"}, {"stage": "grading"})


def test_a_transaction_that_raises_leaves_nothing(store):
    def fail():
        with store.transaction(LIN, now=NOW) as tx:
            add_setting(tx, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert setting_keys(store) == []
    assert event_count(store) == 0
    save_setting(store, "b")
    assert setting_keys(store) == ["b"]


def test_an_abandoned_transaction_leaves_nothing_and_raises_nothing(store):
    with store.transaction(LIN, now=NOW, command_id="c1") as tx:
        add_setting(tx, "a")
        tx.keep_result(1)
        tx.abandon()
    assert setting_keys(store) == []
    with store.transaction(LIN, now=NOW, command_id="c1") as tx:
        assert tx.earlier_result() is None


def test_a_broken_constraint_is_the_callers_business_and_changes_nothing(store):
    add_user(store)
    with pytest.raises(peewee.IntegrityError):
        add_user(store)
    assert event_count(store) == 1


def test_a_row_cannot_refer_to_what_does_not_exist(store):
    with pytest.raises(peewee.IntegrityError), store.transaction(LIN, now=NOW):
        tables.Campaign.create(
            name="x", name_key="x", playbook="expansion", playbook_version=1, owner=99, created_at=NOW
        )


def test_a_transaction_inside_another_is_a_mistake(store):
    with store.transaction(LIN, now=NOW), pytest.raises(RuntimeError), store.transaction(LIN, now=NOW):
        pass
    with store.reading(), pytest.raises(RuntimeError), store.transaction(LIN, now=NOW):
        pass
    save_setting(store, "a")


def test_a_query_outside_of_a_snapshot_or_transaction_is_a_mistake(store):
    with pytest.raises(RuntimeError, match=r"store\.reading"):
        tables.Setting.select().count()
    with pytest.raises(RuntimeError, match=r"store\.reading"):
        tables.Setting.create(key="a", value=1)


def test_writing_in_a_snapshot_is_refused_and_later_writing_is_not(store):
    with pytest.raises(ReadOnlyDatabase), store.reading():
        tables.Setting.create(key="a", value=1)
    save_setting(store, "b")
    assert setting_keys(store) == ["b"]


def test_a_closed_store_is_not_opened_again_by_mistake(store):
    store.close()
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        setting_keys(store)
    with pytest.raises((RuntimeError, peewee.InterfaceError)):
        save_setting(store, "a")


def test_a_snapshot_joins_the_transaction_around_it(store):
    with store.transaction(LIN, now=NOW) as tx:
        add_setting(tx, "a")
        assert setting_keys(store) == ["a"]
        add_setting(tx, "b")
    assert setting_keys(store) == ["a", "b"]


def test_a_snapshot_keeps_showing_one_state(store, path):
    save_setting(store, "a")
    with Store.open(path) as other, store.reading():
        assert setting_keys(store) == ["a"]
        save_setting(other, "b")
        assert setting_keys(other) == ["a", "b"]
        assert setting_keys(store) == ["a"]
    assert setting_keys(store) == ["a", "b"]


def test_a_cursor_left_half_read_does_not_keep_the_snapshot(store, path):
    for number in range(300):
        save_setting(store, f"{number:03}")
    with store.reading():
        half_read = iter(tables.Setting.select().iterator())
        next(half_read)
    with Store.open(path) as other, other.database.writing():
        pass
    connection = sqlite3.connect(str(path))
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        list(half_read)


def test_two_stores_on_two_databases_keep_apart_however_they_are_nested(store, tmp_path):
    with Store.open(tmp_path / "other.db") as other:
        save_setting(store, "here")
        save_setting(other, "there")
        with store.transaction(LIN, now=NOW) as tx:
            with other.transaction(CHEN, now=NOW) as inner:
                add_setting(inner, "there too")
            add_setting(tx, "here too")
        with store.reading():
            assert setting_keys(other) == ["there", "there too"]
            assert [row.key for row in tables.Setting.select()] == ["here", "here too"]


def test_stores_in_several_threads_keep_apart(tmp_path):
    def work(number):
        with Store.open(tmp_path / f"{number}.db") as store:
            for count in range(10):
                save_setting(store, f"{number}-{count}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        with Store.open(tmp_path / f"{number}.db") as store:
            assert setting_keys(store) == [f"{number}-{count}" for count in range(10)]


def test_one_store_may_be_used_from_any_thread(store):
    threads = [threading.Thread(target=save_setting, args=(store, str(number))) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert setting_keys(store) == list("01234567")


def test_a_database_that_others_hold_too_long_is_reported_as_busy(store, path):
    with Store.open(path, busy_seconds=0.05) as hasty:
        with store.transaction(LIN, now=NOW), pytest.raises(DatabaseBusy, match="try again"):
            save_setting(hasty, "a")
        save_setting(hasty, "b")


def test_reading_goes_on_while_others_write(store, path):
    save_setting(store, "a")
    with Store.open(path, busy_seconds=0.05) as other, store.transaction(LIN, now=NOW) as tx:
        add_setting(tx, "b")
        assert setting_keys(other) == ["a"]


def test_the_data_version_changes_with_the_writing_of_others_alone(store, path):
    first = store.data_version()
    save_setting(store, "a")
    assert store.data_version() == first
    with Store.open(path) as other:
        save_setting(other, "b")
    assert store.data_version() != first


def test_a_row_is_changed_only_at_the_version_that_was_read(store):
    number = add_user(store)
    with store.transaction(LIN, now=NOW) as tx:
        assert tx.bump(tables.User, number, 1, {"name": "林越", "roles": ["legal"]})
        assert not tx.bump(tables.User, number, 1, {"name": "lost"})
        assert not tx.bump(tables.User, 99, None, {"name": "nobody"})
        assert tx.bump(tables.User, number, None, {"active": False})
        user = tables.User.get_by_id(number)
    assert (user.name, user.roles, user.active, user.version) == ("林越", ["legal"], False, 3)


def test_of_two_who_read_the_same_version_one_is_told(store, path):
    number = add_user(store)
    with Store.open(path) as other:
        with store.transaction(LIN, now=NOW) as tx:
            assert tx.bump(tables.User, number, 1, {"name": "A"})
        with other.transaction(CHEN, now=NOW) as tx:
            assert not tx.bump(tables.User, number, 1, {"name": "B"})


def test_a_repeated_command_finds_its_first_result(store):
    results = []
    for _ in range(2):
        with store.transaction(LIN, now=NOW, command_id="c1") as tx:
            if (earlier := tx.earlier_result()) is None:
                add_setting(tx, "a")
                tx.keep_result({"id": "D7", "version": 1})
            else:
                results.append(earlier)
    assert results == [{"id": "D7", "version": 1}]
    assert event_count(store) == 1


def test_a_command_without_an_id_has_no_earlier_result(store):
    for _ in range(2):
        with store.transaction(LIN, now=NOW) as tx:
            assert tx.earlier_result() is None
            tx.keep_result({"id": "D7"})


def test_the_result_of_another_persons_command_is_not_told(store):
    with store.transaction(LIN, now=NOW, command_id="c1") as tx:
        tx.keep_result({"id": "D7"})
    with pytest.raises(CommandIdTaken), store.transaction(CHEN, now=NOW, command_id="c1") as tx:
        tx.earlier_result()


def test_a_full_disk_is_named_and_changes_nothing_and_writing_goes_on_with_space(store):
    save_setting(store, "a")
    with store.reading():
        pages = store.database.pragma("page_count")
    with store.database.writing():
        store.database.pragma("max_page_count", pages)
    for _ in range(3):
        with pytest.raises(DiskFull, match="make space"):
            save_setting(store, "big", "x" * 100_000)
    assert setting_keys(store) == ["a"]
    with store.database.writing():
        store.database.pragma("max_page_count", 1_000_000)
    save_setting(store, "big", "x" * 100_000)
    assert setting_keys(store) == ["a", "big"]
    assert chain.verify(store) is None


HOLD = """
import sys
from salestui.storage.store import Store
from tests.storage.helpers import LIN, NOW, add_setting, save_setting
store = Store.open(sys.argv[1])
save_setting(store, "acknowledged")
with store.transaction(LIN, now=NOW) as tx:
    for number in range(2000):
        add_setting(tx, f"half {number}", "x" * 1000)
    print("inside", flush=True)
    sys.stdin.readline()
"""


def test_a_kill_in_the_middle_of_a_transaction_leaves_what_was_acknowledged_and_no_more(path):
    victim = start_python(HOLD, path)
    assert victim.stdout.readline() == "inside\n", victim.communicate()
    victim.kill()
    victim.communicate()
    with Store.open(path) as store:
        assert setting_keys(store) == ["acknowledged"]
        assert event_count(store) == 1
        save_setting(store, "next")
        assert chain.verify(store) is None


WRITE = """
import sys
from salestui.storage.store import Store
from tests.storage.helpers import save_setting
with Store.open(sys.argv[1], shared=sys.argv[3] == "True") as store:
    for number in range(20):
        save_setting(store, f"{sys.argv[2]}-{number:02}")
"""


@pytest.mark.parametrize("shared", [False, True])
def test_the_writing_of_four_processes_is_all_kept_in_one_chain(path, shared):
    Store.open(path, shared=shared).close()
    writers = [start_python(WRITE, path, number, shared) for number in range(4)]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == [""] * 4
    with Store.open(path) as store:
        assert setting_keys(store) == [f"{writer}-{number:02}" for writer in range(4) for number in range(20)]
        assert chain.head(store).count == 80
        assert chain.verify(store) is None
