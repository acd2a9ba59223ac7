"""A store on PostgreSQL: what it refuses to open, how it hears of changes, how it lives through a broken connection."""

import contextlib
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.errors import FileMissing, NotPrepared, ServerUnreachable, UnknownLocation, UnknownUser
from salestui.services import contacts, customers
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import chain, tables
from salestui.storage.postgres.address import Address, is_address
from salestui.storage.postgres.model_sql import postgres_sql
from salestui.storage.postgres.rights import RULES
from salestui.storage.store import Store
from tests.house.source import ROOT
from tests.postgres import databases
from tests.postgres.server import running
from tests.services.desk import NOW, Desk
from tests.storage.helpers import LIN, event_count, save_setting, setting_keys

ADDRESSES = [
    ("postgresql:///sales", "sales", "postgresql:///sales", "postgresql:///sales"),
    ("postgres://lin:secret@db1/sales", "sales", "postgresql://db1/sales", "postgresql://lin@db1/sales"),
    ("postgresql://db1:5433/s%C3%A4les?sslmode=require", "säles", "postgresql://db1:5433/säles",
     "postgresql://db1:5433/s%C3%A4les?sslmode=require"),
    ("postgresql://lin@/sales?password=secret&options=-c%20x", "sales", "postgresql:///sales",
     "postgresql://lin@/sales"),
    ("postgresql://db1,db2/sales", "sales", "postgresql://db1,db2/sales",
     "postgresql://db1,db2/sales?target_session_attrs=read-write"),
    ("postgresql://lin:p%40ss@db1,db2/sales?target_session_attrs=any", "sales", "postgresql://db1,db2/sales",
     "postgresql://lin@db1,db2/sales?target_session_attrs=any"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "name", "label", "shown"), ADDRESSES)
def test_an_address_is_shown_without_what_is_secret_in_it(given, name, label, shown):
    address = Address.parse(given)
    assert (address.name, address.label, str(address)) == (name, label, shown)
    assert not re.search("secret|p%40ss|p@ss", f"{address!r}{address}{address.label}")
    assert is_address(given)


@pytest.mark.parametrize(
    "given", ["postgresql://", "postgresql:///", "postgresql://db1", "postgresql://[/x", "postgres:///a/b"]
)
def test_an_address_without_a_database_is_refused_unseen(given):
    with pytest.raises(UnknownLocation) as refused:
        Address.parse(given)
    assert "db1" not in str(refused.value)


def test_the_address_of_another_database_keeps_everything_else():
    address = Address.parse("postgresql://lin:secret@db1/sales?sslmode=require").elsewhere("postgres")
    assert address.url == "postgresql://lin:secret@db1/postgres?sslmode=require"


def test_the_frozen_tables_are_those_of_the_models():
    from salestui.storage.postgres import m0001_tables

    def plain(sql: str) -> str:
        return " ".join(sql.split())

    assert plain(m0001_tables.SQL).rstrip(";") == plain("; ".join(postgres_sql())), "run: python -m tools.schema"


def test_every_table_has_a_rule():
    assert {model._meta.table_name for model in tables.MODELS} <= set(RULES)


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(ServerUnreachable) as fault:
        Store.open("postgresql://lin:secret@/sales?host=/nowhere")
    assert "secret" not in f"{fault.value}{fault.value.params}{fault.value!r}"


def test_a_database_that_nobody_prepared_is_left_alone():
    databases.server().sql("CREATE DATABASE bare")
    with pytest.raises(NotPrepared):
        Store.open(databases.server().url("bare"))
    assert databases.server().sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'salestui'", "bare") == [(0,)]


def test_whom_the_server_does_not_know_is_told_whom_to_ask(store: Store):
    with pytest.raises(UnknownUser, match="salestui user add nobody_known"):
        Store.open(databases.server().url("prepared", "nobody_known"))


# Transactions, as on SQLite


def test_a_transaction_is_kept_wholly_or_not_at_all(store: Store):
    save_setting(store, "kept")
    with pytest.raises(ValueError, match="stop"), store.transaction(LIN, now=NOW) as tx:  # noqa: PT012  # leaves as it does
        tables.Setting.create(key="lost", value=1)
        tx.record("setting.changed", subject="lost", before=None, after=None)
        raise ValueError("stop")
    assert (setting_keys(store), event_count(store)) == (["kept"], 1)


def test_a_statement_outside_of_a_transaction_is_refused(store: Store):
    with pytest.raises(RuntimeError):
        store.database.execute_sql("SELECT 1")


def test_writing_inside_a_snapshot_is_refused(store: Store):
    with pytest.raises(Exception, match="read-only"), store.reading():
        tables.Setting.create(key="lost", value=1)
    assert setting_keys(store) == []


def test_a_failed_statement_that_was_caught_does_not_pass_for_kept(store: Store):
    import peewee

    save_setting(store, "there")
    caught = contextlib.suppress(peewee.IntegrityError)
    with pytest.raises(peewee.InternalError), store.transaction(LIN, now=NOW), caught:
        tables.Setting.create(key="there", value=2)
    assert event_count(store) == 1


def test_the_chain_of_the_server_is_that_of_the_product(store: Store):
    for text in ("plain", '中文 "quoted" \\ back', "tab\tline\nnul-free \x7f \x1f end", "emoji 🎉"):
        save_setting(store, text, {"text": text})
    assert chain.verify(store) is None
    with store.reading():
        assert [event.subject for event in tables.Event.select().order_by(tables.Event.id)][1].startswith("中文")


def test_an_edited_event_is_found(store: Store):
    for number in range(3):
        save_setting(store, str(number))
    name = store.location.partition("?")[0].rpartition("/")[2]
    databases.server().sql(
        "SET session_replication_role = replica; UPDATE salestui.event SET subject = 'x' WHERE id = 2", name
    )
    broken = chain.verify(store)
    assert broken is not None
    assert (broken.id, broken.reason) == (2, "edited")


# Files


def test_files_lie_in_the_database_and_are_read_back_whole(store: Store, tmp_path: Path):
    path = tmp_path / "offer.pdf"
    path.write_bytes(b"%PDF-1 \x00\xff" * 1000)
    kept = store.files.put(path)
    assert store.files.exists(kept.sha256)
    with store.files.open(kept.sha256) as file:
        assert file.read() == path.read_bytes()
    with pytest.raises(FileMissing), store.files.open("0" * 64) as file:
        pass


def test_a_file_of_a_transaction_that_is_given_up_is_not_kept(store: Store, tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    with pytest.raises(ValueError, match="stop"), store.transaction(LIN, now=NOW):  # noqa: PT012  # leaves as it does
        digest = store.files.put(path).sha256
        assert store.files.exists(digest)
        raise ValueError("stop")
    assert not store.files.exists(digest)


# Others, and connections that break


def comes_true(claim: Callable[[], bool]) -> bool:
    """Ask again and again, as the screens do: the server tells in its own time."""
    pause = threading.Event()
    return any(claim() or pause.wait(0.05) for _ in range(600))


def test_changes_of_others_are_heard_and_ones_own_are_not(store: Store):
    name = store.location.partition("?")[0].rpartition("/")[2]
    with Store.open(databases.server().url(name, options=databases.QUIET)) as other:
        save_setting(store, "before")
        seen = store.data_version()
        assert store.data_version() == seen
        save_setting(store, "own")
        assert store.data_version() == seen
        save_setting(other, "theirs")
        assert comes_true(lambda: store.data_version() == seen + 1)
        with pytest.raises(ValueError, match="stop"), other.transaction(LIN, now=NOW):
            raise ValueError("stop")
        assert store.data_version() == seen + 1


def _cut(store: Store, moment: str = "") -> None:
    """Have the server end every session of the store's database but its own."""
    name = store.location.partition("?")[0].rpartition("/")[2]
    databases.server().sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'{moment}")  # noqa: S608


def test_a_session_that_was_cut_goes_on_by_itself(desk: Desk):
    number = desk.customer()
    _cut(desk.store)
    assert customers.get(desk.rep, number).name
    seen = desk.store.data_version()
    _cut(desk.store)
    assert comes_true(lambda: desk.store.data_version() > seen)
    _cut(desk.store)
    assert isinstance(contacts.new(desk.rep, number, {"name": "李"}), Done)
    assert [each.name for each in contacts.of(desk.rep, number)] == ["李"]


def test_a_command_whose_answer_was_lost_is_done_once(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """The commit reaches the server and the line breaks before the answer: nobody can tell, but the command's id."""
    number = desk.customer()
    database = desk.store.database
    commit, broken = database.commit, []

    def cut_after() -> None:
        commit()
        if not broken:
            broken.append(True)
            _cut(desk.store)
            database.connection().execute("SELECT 1")

    monkeypatch.setattr(database, "commit", cut_after)
    outcome = contacts.new(Request(desk.store, desk.rep.actor, NOW, "mine"), number, {"name": "李"})
    assert broken
    assert isinstance(outcome, Done)
    assert [each.name for each in contacts.of(desk.rep, number)] == ["李"]
    assert len(list(desk.events("contact.created"))) == 1


@pytest.fixture
def restarting() -> Iterator[tuple[Store, object]]:
    databases.server()
    with running() as server:
        from salestui.storage.postgres.opening import prepare_server

        prepare_server(server.url("sales"))
        with Store.open(server.url("sales", options=databases.QUIET)) as store:
            yield store, server


def test_a_session_lives_through_a_restart_of_the_server(restarting):
    store, server = restarting
    request = Request(store, prepare(store, NOW, "lin", "林悦", "UTC"), NOW)
    server.stop(signal.SIGQUIT)
    server.start()
    assert isinstance(customers.new(request, {"name": "苏州启明"}), Done)
    assert (ROOT / "docs/postgresql.md").exists()
