"""What somebody changed past salestui about the rules on the server is named, and `salestui init` sets it right."""

from collections.abc import Iterator

import pytest

from salestui import i18n
from salestui.services import customers, doctor, server_health
from salestui.services import session as sessions
from salestui.services.health import Finding, Level
from salestui.services.health_texts import SERVER_CODES
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage import chain
from salestui.storage.postgres import integrity
from salestui.storage.postgres.opening import prepare_server
from salestui.storage.store import Store
from tests.postgres import databases
from tests.postgres.cluster import cluster
from tests.postgres.server import fresh_name, why_not
from tests.postgres.team import now
from tests.services.desk import NOW, number

CHANGES = (
    ("DROP POLICY inserts ON deal", "gone", "POLICY inserts ON deal"),
    ("ALTER POLICY reads ON draft USING (true)", "changed", "POLICY reads ON draft"),
    ("CREATE POLICY everybody ON deal TO salestui_rep USING (true)", "added", "POLICY everybody ON deal"),
    ("ALTER TABLE deal DISABLE ROW LEVEL SECURITY", "changed", "ROW LEVEL SECURITY ON deal"),
    ("ALTER TABLE vote NO FORCE ROW LEVEL SECURITY", "changed", "ROW LEVEL SECURITY ON vote"),
    ("ALTER TABLE event DISABLE TRIGGER event_keep_history", "changed", "TRIGGER event_keep_history ON event"),
    ("DROP TRIGGER deal_audit ON deal", "gone", "TRIGGER deal_audit ON deal"),
    ("ALTER FUNCTION fair_vote() SECURITY INVOKER", "changed", "FUNCTION fair_vote()"),
    ("CREATE OR REPLACE FUNCTION manages() RETURNS boolean LANGUAGE sql AS 'SELECT true'", "changed",
     "FUNCTION manages()"),
    ("CREATE FUNCTION me(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'", "added", "FUNCTION me(integer)"),
    ("GRANT DELETE ON event TO salestui_rep", "added", "GRANT DELETE ON event TO salestui_rep"),
    ("GRANT UPDATE (digest) ON event TO PUBLIC", "added", "GRANT UPDATE ON event (digest) TO PUBLIC"),
    ("GRANT SELECT ON seal TO salestui_rep WITH GRANT OPTION", "changed", "GRANT SELECT ON seal TO salestui_rep"),
    ("REVOKE SELECT ON customer FROM salestui_rep", "gone", "GRANT SELECT ON customer TO salestui_rep"),
    ("GRANT EXECUTE ON FUNCTION let_in() TO PUBLIC", "added", "GRANT EXECUTE ON FUNCTION let_in() TO PUBLIC"),
    ("GRANT CREATE ON SCHEMA salestui TO salestui_rep", "added", "GRANT CREATE ON SCHEMA salestui TO salestui_rep"),
    ("ALTER TABLE score OWNER TO postgres", "changed", "OWNER OF score"),
)  # fmt: skip

ASKED = {
    "a dropped policy": ("DROP POLICY updates ON deal", "1 rules on the server are gone: POLICY updates ON deal"),
    "a disabled trigger": (
        "ALTER TABLE event DISABLE TRIGGER event_keep_history",
        "1 rules on the server were changed: TRIGGER event_keep_history ON event",
    ),
    "a changed function": (
        "ALTER FUNCTION fair_vote() SECURITY INVOKER",
        "1 rules on the server were changed: FUNCTION fair_vote()",
    ),
    "a granted right": (
        "GRANT DELETE ON event TO salestui_rep",
        "1 rules or rights were added on the server: GRANT DELETE ON event TO salestui_rep",
    ),
}


@pytest.fixture(scope="module")
def prepared() -> Iterator[str]:
    """Give the name of a database of its own for these tests, which `init` mends again and again."""
    name = fresh_name()
    databases.server().sql(f"CREATE DATABASE {name} TEMPLATE prepared")
    yield name
    databases.server().sql(f"DROP DATABASE {name} WITH (FORCE)")


def told(found: tuple[Finding, ...]) -> dict[str, Finding]:
    """Return what is not good by its code, with every text and advice told in both languages."""
    for language in i18n.LANGUAGES:
        i18n.use(language)
        for each in found:
            assert each.code in SERVER_CODES | {"clock"}
            assert "{" not in each.text() + each.advice()
            assert bool(each.advice()) == (each.level is not Level.GOOD)
    i18n.use("en")
    return {each.code: each for each in found if each.level is not Level.GOOD}


def wrong(store: Store) -> dict[str, Finding]:
    return told(tuple(server_health.check(store, NOW)))


def test_the_rules_of_a_fresh_database_are_sound(store: Store):
    codes = [each.code for each in server_health.check(store, NOW)]
    assert codes == ["server", "rules", "standby_none", "clock"]
    assert server_health.at_start(store) == ()
    assert wrong(store) == {}


def test_whatever_was_changed_past_salestui_is_named_and_init_sets_all_of_it_right(prepared: str):
    server = databases.server()
    for statement, _kind, _name in CHANGES:
        server.sql(f"SET search_path = salestui; {statement}", prepared)
    with Store.open(server.url(prepared)) as store:
        with store.reading():
            drift = integrity.drift(store.database)
        for kind in ("gone", "changed", "added"):
            named = {name for _statement, of, name in CHANGES if of == kind}
            assert named <= set(getattr(drift, kind)), named - set(getattr(drift, kind))
        assert set(told(server_health.at_start(store))) == {"rules_gone", "rules_changed", "rules_added"}
        begun = sessions.begin(server.url(prepared), NOW)
        begun.store.close()
        assert {each.code for each in begun.findings} == {"rules_gone", "rules_changed", "rules_added"}
        prepare_server(server.url(prepared))
        assert wrong(store) == {}
        assert server_health.at_start(store) == ()


@pytest.mark.parametrize(("statement", "text"), ASKED.values(), ids=ASKED)
def test_the_doctor_names_what_was_changed_and_what_to_type(prepared: str, statement: str, text: str):
    server = databases.server()
    copy = fresh_name()
    server.sql(f"CREATE DATABASE {copy} TEMPLATE {prepared}")
    server.sql(f"SET search_path = salestui; {statement}", copy)
    report = doctor.examine(server.url(copy), NOW)
    assert not report.sound
    [found] = [each for each in report.findings if each.level is Level.BAD]
    assert found.text() == text
    assert found.advice().endswith(f"sudo -u postgres salestui init postgresql:///{copy}")
    server.sql(f"DROP DATABASE {copy} WITH (FORCE)")


def test_rules_of_another_version_or_server_are_told_at_the_start(prepared: str, monkeypatch: pytest.MonkeyPatch):
    server = databases.server()
    with Store.open(server.url(prepared)) as store:
        server.sql("UPDATE salestui.about SET value = replace(value, ',16]', ',15]') WHERE key = 'rules'", prepared)
        then = server.sql("SELECT value::jsonb ->> -1 FROM salestui.about WHERE key = 'rules'", prepared)
        if then == [("15",)]:
            assert set(wrong(store)) == set(told(server_health.at_start(store))) == {"server_upgraded"}
        monkeypatch.setattr(integrity, "source", lambda: "newer")
        assert set(wrong(store)) == set(told(server_health.at_start(store))) == {"rules_of_other_version"}
        monkeypatch.undo()
        server.sql("DELETE FROM salestui.about WHERE key LIKE 'rules%'", prepared)
        assert set(wrong(store)) == {"rules_of_other_version"}
        prepare_server(server.url(prepared))
        assert wrong(store) == {}


def test_roles_that_pass_all_rules_are_named_with_the_command_to_type(store: Store):
    server = databases.server()
    server.sql("CREATE ROLE trusted IN ROLE salestui_owner")
    server.sql('CREATE ROLE "o\'Neil" BYPASSRLS IN ROLE salestui_rep')
    try:
        found = wrong(store)["rules_passed"]
        assert found.text() == "The rules on the server do not hold for o'Neil, trusted."
        assert found.advice().endswith('ALTER ROLE "o\'Neil" NOBYPASSRLS; REVOKE salestui_owner FROM "trusted"')
    finally:
        server.sql('DROP ROLE trusted, "o\'Neil"')


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a server")
def test_a_standby_that_is_waited_for_and_away_is_told_at_the_start():
    with cluster() as both:
        prepare_server(both.primary.url("sales"))
        both.follow()
        with Store.open(both.primary.url("sales")) as store:
            prepare(store, now(), "lin", "林悦", "UTC", shared=True)
        with Store.open(both.primary.url("sales", "lin")) as store:
            found = tuple(server_health.check(store, now()))
            assert {each.level for each in found} == {Level.GOOD}
            [standby] = [each for each in found if each.code.startswith("standby")]
            assert standby.text() == "The standby has every change before it counts as saved: standby."
            both.standby.stop()
            both.gone()
            [missing] = server_health.at_start(store)
            assert told((missing,)).keys() == {"standby_missing"}
            assert "ALTER SYSTEM RESET synchronous_standby_names" in missing.advice()


@pytest.mark.parametrize(
    ("wanted", "there", "enough"),
    [
        ("", (), True),
        ("standby", ("standby",), True),
        ("standby", (), False),
        ("FIRST 1 (a, b)", ("a",), True),
        ("ANY 2 (a, b, c)", ("a",), False),
        ("2 (a, b)", ("a", "b"), True),
        ("any1", (), False),
    ],
)
def test_a_commit_waits_for_as_many_standbys_as_were_asked_for(wanted: str, there: tuple[str, ...], enough: bool):
    assert integrity.Standbys(wanted, there).enough is enough


def test_a_session_goes_on_when_init_sets_the_rules_anew():
    with databases.database() as name:
        server = databases.server()
        with Store.open(server.url(name)) as store:
            prepare(store, now(), "lin", "林悦", "UTC", shared=True)
        with Store.open(server.url(name, "lin")) as session:
            actor = prepare(session, now(), "lin", "林悦")

            def enter(*names: str) -> None:
                for each in names:
                    number(customers.new(Request(session, actor, now()), {"name": each}))

            enter(*map(str, range(8)))
            prepare_server(server.url(name))
            enter("after", "and again")
            assert chain.verify(session) is None
