from pathlib import Path

import pytest

from salestui.errors import SchemaMismatch
from salestui.storage import migrations, tables
from salestui.storage.migrations import m0001_initial
from salestui.storage.store import Store
from tests.storage.helpers import save_setting, setting_keys, start_python


def differences_after(store, *statements):
    with store.database.writing():
        for statement in statements:
            store.database.execute_sql(statement)
        return migrations.differences(store.database)


def test_a_migrated_database_has_exactly_the_tables_of_the_models(store):
    assert differences_after(store) == ()


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("ALTER TABLE deal DROP COLUMN competitor", "deal.competitor: has nothing instead of TEXT NOT NULL"),
        ("ALTER TABLE deal ADD COLUMN mood TEXT", "deal.mood: has TEXT instead of nothing"),
        ("DROP TABLE card", "card: missing"),
        ("CREATE TABLE song (title TEXT)", "song: not in the models"),
        ("DROP INDEX user_login", "user.index(login): has nothing instead of unique"),
        (
            "CREATE INDEX deal_won ON deal (won_at) WHERE won_at IS NOT NULL",
            "deal.index(won_at) WHERE won_at IS NOT NULL: has plain instead of nothing",
        ),
    ],
)
def test_a_drift_between_database_and_models_is_named(store, statement, difference):
    assert differences_after(store, statement) == (difference,)


@pytest.mark.parametrize("trigger", ["event_appended", "event_kept", "event_unchanged"])
def test_a_lost_trigger_is_named(store, trigger):
    [difference] = differences_after(store, f"DROP TRIGGER {trigger}")
    assert difference.startswith(f"event.trigger({trigger}): has nothing instead of CREATE TRIGGER")


def test_a_lost_foreign_key_is_named(store):
    with store.reading():
        [(sql,)] = store.database.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'sending'").fetchall()
    without = sql[: sql.index(", FOREIGN KEY")] + ")"
    found = differences_after(store, "DROP TABLE sending", without)
    assert "sending.by_id→: has nothing instead of user(id) on delete RESTRICT on update NO ACTION" in found


def test_every_migration_leaves_its_record(store):
    with store.reading():
        rows = list(tables.SchemaVersion.select().order_by(tables.SchemaVersion.number))
    assert [row.number for row in rows] == list(range(1, migrations.LATEST + 1))
    assert rows[0].name == "initial"
    assert rows[0].at.tzinfo is not None


def test_the_first_migration_does_not_follow_later_models():
    source = Path(m0001_initial.__file__).read_text("utf-8")
    assert "CREATE TABLE" in source
    assert "tables" not in source.replace("the tables", "").replace("all tables", "")


def add_song(database):
    database.execute_sql("CREATE TABLE song (title TEXT)")


@pytest.fixture
def second_step(monkeypatch):
    """Let there be a second migration, and the models it leads to."""

    def arrange(step):
        monkeypatch.setattr(migrations, "_STEPS", (*migrations._STEPS, ("song", step)))
        monkeypatch.setattr(migrations, "LATEST", 2)
        monkeypatch.setattr(migrations, "_check", lambda database: None)

    return arrange


def test_an_older_database_is_brought_up_to_date_when_opened(store, path, second_step):
    save_setting(store, "a")
    store.close()
    second_step(add_song)
    with Store.open(path) as upgraded:
        assert setting_keys(upgraded) == ["a"]
        with upgraded.reading():
            assert migrations.applied(upgraded.database) == 2
            assert "song" in upgraded.database.get_tables()
    Store.open(path).close()


def test_a_migration_that_fails_changes_nothing(store, path, second_step, monkeypatch):
    save_setting(store, "a")
    store.close()

    def fail(database):
        add_song(database)
        raise ZeroDivisionError

    second_step(fail)
    with pytest.raises(ZeroDivisionError):
        Store.open(path)
    monkeypatch.undo()
    with Store.open(path) as again:
        assert setting_keys(again) == ["a"]
        assert differences_after(again) == ()


def test_a_migration_that_does_not_lead_to_the_models_changes_nothing(store, path, monkeypatch):
    store.close()
    monkeypatch.setattr(migrations, "_STEPS", (*migrations._STEPS, ("song", add_song)))
    monkeypatch.setattr(migrations, "LATEST", 2)
    with pytest.raises(SchemaMismatch, match="song: not in the models"):
        Store.open(path)
    monkeypatch.undo()
    with Store.open(path) as again, again.reading():
        assert migrations.applied(again.database) == 1


def test_a_migration_that_orphans_rows_changes_nothing(store, path, monkeypatch):
    with store.database.foreign_keys_off(), store.database.writing():
        store.database.execute_sql(
            'INSERT INTO score (membership_id, playbook_version, "values", evidence, total, grade, note, at, by_id) '
            "VALUES (7, 1, '{}', '{}', 1, 'A', '', '', 7)"
        )
    store.close()
    monkeypatch.setattr(migrations, "_STEPS", (*migrations._STEPS, ("nothing", lambda database: None)))
    monkeypatch.setattr(migrations, "LATEST", 2)
    with pytest.raises(SchemaMismatch, match="score: row 1"):
        Store.open(path)


UPGRADE = """
import sys
from salestui.storage import migrations
from salestui.storage.store import Store
def step(database):
    database.execute_sql("CREATE TABLE song (title TEXT)")
    if sys.argv[2] == "wait":
        print("inside", flush=True)
        sys.stdin.readline()
migrations._STEPS = (*migrations._STEPS, ("song", step))
migrations.LATEST = 2
migrations._check = lambda database: None
Store.open(sys.argv[1]).close()
"""


def test_a_kill_in_the_middle_of_a_migration_changes_nothing(store, path):
    save_setting(store, "a")
    store.close()
    victim = start_python(UPGRADE, path, "wait")
    assert victim.stdout.readline() == "inside\n", victim.communicate()
    victim.kill()
    victim.communicate()
    with Store.open(path) as again:
        assert setting_keys(again) == ["a"]
        assert differences_after(again) == ()


def test_of_several_processes_that_find_an_older_database_one_upgrades_it(store, path):
    store.close()
    starters = [start_python(UPGRADE, path, "go") for _ in range(4)]
    assert [starter.communicate(timeout=60)[1] for starter in starters] == [""] * 4
