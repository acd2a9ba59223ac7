"""Everybody with psql in hand: what a role may not do is refused and logged, what it may do the history tells."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestui.services import deals, history, history_check, move_check, settings, users
from salestui.services.history_texts import ACTIONS
from salestui.storage import chain, tables
from salestui.storage.postgres.rights import PUBLIC, RULES
from tests.postgres.attacks import APPROVAL, BACK, HIDDEN, RECORDED, REFUSED, TOLD, WITHDRAWAL
from tests.postgres.databases import server
from tests.postgres.server import binaries
from tests.postgres.team import Team, now, team
from tests.services.desk import number

_SCENE = """
INSERT INTO output (scope, owner_id, key, latest, withdrawn, version)
    SELECT 'deal', id, 'attacked', 2, false, 1 FROM deal WHERE id IN ({deal}, {theirs}, {managers}) ORDER BY id;
INSERT INTO revision (output_id, number, values, files, note, at, author_id)
    SELECT o.id, n, '{{}}', '[]', '', '{now}', CASE o.owner_id WHEN {managers} THEN {qian} ELSE {wang} END
    FROM output o JOIN deal d ON d.id = o.owner_id, generate_series(1, 2) n WHERE o.key = 'attacked';
INSERT INTO review (output_id, revision, deal_id, requested_by_id, requested_at, note, version)
    SELECT o.id, n, d.id, d.owner_id, '{now}', '', 1
    FROM output o JOIN deal d ON d.id = o.owner_id, generate_series(1, 2) n WHERE o.key = 'attacked';
INSERT INTO vote (review_id, role, user_id, name, decision, comment, at, evidence, files)
    SELECT id, 'legal', {sun}, 'x', 'reject', '', '{now}', '', '[]' FROM review WHERE deal_id = {managers};
INSERT INTO score (membership_id, playbook_version, values, evidence, total, grade, note, at, by_id)
    SELECT id, 1, '{{}}', '{{}}', 5, 'C', '', '{now}', {wang} FROM membership;
INSERT INTO waiver (deal_id, requirement, reason, granted_by_id, granted_name, granted_at, expires_at, evidence, files,
    version) VALUES ({theirs}, 'x', 'x', {chen}, 'x', '{now}', '{now}', '', '[]', 1);
INSERT INTO waiver (deal_id, requirement, reason, granted_by_id, granted_name, granted_at, expires_at, revoked_at,
    evidence, files, version)
    VALUES ({theirs}, 'y', 'y', {chen}, 'x', '{now}', '2099-01-01T00:00:00.000000Z', '{now}', '', '[]', 1);
INSERT INTO output (scope, owner_id, key, latest, withdrawn, version) VALUES ('campaign', 1, 'shared', 1, false, 1);
INSERT INTO revision (output_id, number, values, files, note, at, author_id)
    SELECT id, 1, '{{}}', '[]', '', '{now}', {wang} FROM output WHERE key = 'shared';
UPDATE review SET recalled_at = '{now}' WHERE deal_id = {managers} AND revision = 1;
INSERT INTO asked (review_id, role, user_id, waiting) SELECT id, 'technical', {qian}, true FROM review;
INSERT INTO action_tick (deal_id, key, note, at, by_id, undone_at) VALUES ({deal}, 'y', '', '{now}', {wang}, '{now}');
INSERT INTO activity (customer_id, state, channel, at, all_day, subject, outline, values, owner_id, author_id,
    created_at, version) VALUES (1, 'done', '', '{now}', false, 'theirs', '', '{{}}', {qian}, {qian}, '{now}', 1);
INSERT INTO activity_deal (activity_id, deal_id) SELECT id, {theirs} FROM activity WHERE subject = 'theirs';
INSERT INTO command (id, at, actor_id, result) VALUES ('taken', '{now}', {lin}, '{{}}');
INSERT INTO contact (customer_id, name, title, phone, email, role, stance, cares_about, note, removed, created_at,
    version) VALUES (1, '李工', '', '', '', '', '', '', '', false, '{now}', 1);
INSERT INTO customer_event (membership_id, kind, note, day, at, after_score, recorded_at, by_id)
    VALUES (1, 'x', '', '2026-01-01', '{now}', 0, '{now}', {wang});
INSERT INTO sending (output_id, revision, values, at, by_id)
    SELECT id, 1, '{{}}', '{now}', {wang} FROM output WHERE key IN ('attacked', 'shared');
INSERT INTO attachment (digest, content) VALUES (encode(sha256('y'), 'hex'), 'y');
INSERT INTO draft (scope, owner_id, key, author_id, values, files, based_on, at) VALUES ('deal', {deal}, 'kept', {wang},
    '{{}}', '[{{"name": "y", "sha256": "' || encode(sha256('y'), 'hex') || '", "size": 1}}]', 0, '{now}');
"""
_AS_BEFORE = "UPDATE deal SET stage = 'research', status = 'open', won_at = NULL, owner_id = {wang} WHERE id = {deal}"
_WATCHED = (
    "deal", "event", "vote", "waiver", "user", "setting", "revision", "output", "score", "review", "customer",
    "campaign", "deputy", "activity", "action_tick", "playbook", "command", "about",
    "membership", "asked", "sending", "activity_deal",
)  # fmt: skip


class Scene:
    """The team with everything there is to attack."""

    def __init__(self, of: Team) -> None:
        self.team = of
        self.words: dict[str, object] = {"now": now().replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"}
        self.words |= {user.login: user.id for user in users.all(of.ask("lin"))}
        theirs = number(deals.new(of.ask("qian"), 1, 1, {"title": "钱工的"}))
        managers = number(deals.new(of.ask("chen"), 1, 1, {"title": "陈默的"}))
        self.words |= {"deal": of.expansion, "theirs": theirs, "managers": managers}
        self.psql("postgres", _SCENE.format(**self.words), options="-c salestui.unaudited=on")
        self.words |= {
            name: server().sql(f"SELECT id FROM salestui.{query}", of.name)[0][0]  # noqa: S608
            for name, query in {
                "output": f"output WHERE key = 'attacked' AND owner_id = {of.expansion}",
                "paper": f"output WHERE key = 'attacked' AND owner_id = {theirs}",
                "shared": "output WHERE key = 'shared'",
                "talk": "activity WHERE subject = 'theirs'",
                "fair": f"review WHERE deal_id = {of.expansion} AND revision = 2",
                "old": f"review WHERE deal_id = {of.expansion} AND revision = 1",
                "own_deal": f"review WHERE deal_id = {theirs} AND revision = 2",
                "own_work": f"review WHERE deal_id = {managers} AND revision = 2",
            }.items()
        }
        users.change(of.ask("lin"), int(str(self.words["zhou"])), active=False)
        server().sql("DO $$ BEGIN CREATE ROLE mallory LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")

    def psql(self, login: str, words: str, options: str = "") -> subprocess.CompletedProcess[str]:
        """Say these words to the server as this role."""
        place = binaries()
        assert place is not None
        return subprocess.run(
            [str(place / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(server().socket), "-U", login,
             "-d", self.team.name, "-c", f"SET search_path = salestui; {words}"],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGOPTIONS": options},
        )  # fmt: skip

    def events(self) -> list[tables.Event]:
        store = self.team.ask("lin").store
        with store.reading():
            return list(tables.Event.select().order_by(tables.Event.id))

    def counted(self) -> list[tuple[object, ...]]:
        """Return a digest of all that people entered, whoever looks."""
        digest = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        union = " UNION ALL ".join(f"SELECT '{table}', {digest} FROM salestui.\"{table}\" t" for table in _WATCHED)  # noqa: S608
        return server().sql(union, self.team.name)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder, team(Path(folder)) as of:
        yield Scene(of)


def test_what_a_role_may_not_do_is_refused_changes_nothing_and_stands_in_the_log(scene: Scene):
    assert len(REFUSED) >= 40
    before = scene.counted()
    succeeded = []
    for count, (login, hope, words) in enumerate(REFUSED):
        mark = f"/* attack {count} of {scene.team.name} */"
        done = scene.psql(login, f"{mark} {words.format(**scene.words)}")
        if done.returncode == 0:
            succeeded.append(f"{login} could {hope}: {done.stdout}{done.stderr}")
        elif mark not in server().log.read_text("utf-8", "replace") and "FATAL" not in done.stderr:
            succeeded.append(f"not in the log: {login} wanted to {hope}: {done.stderr}")
        elif "syntax error" in done.stderr or "does not exist" in done.stderr:
            succeeded.append(f"a mistake of this test: {hope}: {done.stderr}")
    assert not succeeded, "\n".join(succeeded)
    assert scene.counted() == before


@pytest.mark.parametrize(("login", "hope", "words"), RECORDED, ids=[hope for _, hope, _ in RECORDED])
def test_what_a_role_may_do_past_the_product_is_told_by_an_event_in_its_name(scene: Scene, login, hope, words):
    before = scene.events()
    done = scene.psql(login, words.format(**scene.words))
    assert done.returncode == 0, done.stderr
    new = [event for event in scene.events()[len(before) :] if event.action == "database.changed"]
    assert new
    assert {event.actor_name for event in new} == {login}
    assert new[-1].after
    assert chain.verify(scene.team.ask("lin").store) is None
    scene.psql("postgres", _AS_BEFORE.format(**scene.words), options="-c salestui.unaudited=on")


@pytest.mark.parametrize(
    ("gate", "reason"),
    [("", "no_gate"), (', "gate": {{"met": 9, "excepted": []}}', "no_paper"),
     (', "gate": {{"met": 9, "excepted": ["research.market_report.submitted"]}}', "no_exception")],
)  # fmt: skip
def test_a_move_that_is_told_by_hand_as_an_ordinary_one_is_named(scene: Scene, gate: str, reason: str):
    assert scene.psql("postgres", BACK.format(**scene.words)).returncode == 0
    told = TOLD.replace('"next"', f'"grading"{gate}').format(**scene.words)
    moved = "UPDATE deal SET stage = 'grading', version = version + 1 WHERE id = {deal}".format(**scene.words)  # noqa: S608
    done = scene.psql("wang", f"BEGIN; {told}; {moved}; COMMIT")
    assert done.returncode == 0, done.stderr
    found = history_check.check(scene.team.ask("chen"))
    assert found.broken is None
    assert (found.moves[-1].event, found.moves[-1].reason) == (scene.events()[-1].id, reason)
    assert f"D{scene.words['deal']}" in move_check.sentence(found.moves[-1])
    scene.psql("postgres", _AS_BEFORE.format(**scene.words), options="-c salestui.unaudited=on")


def test_events_given_in_anothers_name_are_written_in_ones_own(scene: Scene):
    words = "SELECT record_event('2020-01-01T00:00:00.000000Z', {lin}, '林悦', 'talk.logged', 'T1', NULL, NULL, NULL, "
    assert scene.psql("wang", (words + "NULL, NULL, '', '')").format(**scene.words)).returncode == 0
    event = scene.events()[-1]
    assert (event.action, event.actor_id, event.actor_name) == ("talk.logged", scene.words["wang"], "王磊")
    assert abs((event.at - now()).total_seconds()) < 600


def test_what_the_product_has_a_word_for_may_be_announced_and_nothing_else(scene: Scene):
    inside = "SELECT prosrc FROM pg_proc WHERE proname = 'may_announce'"
    listed = re.findall(r"'([a-z]+\.[a-z_]+)'", str(server().sql(inside, scene.team.name)[0][0]).split("THEN false")[0])
    assert set(listed) == ACTIONS - {"database.restored"}


def test_drafts_of_others_are_not_seen(scene: Scene):
    draft = "INSERT INTO draft (scope, owner_id, key, author_id, values, files, based_on, at) VALUES "
    draft += "('deal', 1, 'attacked', {wang}, '{{}}', '[]', 0, '{now}')"
    assert scene.psql("wang", draft.format(**scene.words)).returncode == 0
    for login, seen in (("wang", "1 seen"), ("zhao", "0 seen"), ("lin", "0 seen")):
        assert seen in scene.psql(login, "SELECT count(*) || ' seen' FROM draft WHERE key = 'attacked'").stdout


def test_what_the_server_wrote_is_readable_in_the_product(scene: Scene):
    scene.psql("wang", "UPDATE deal SET title = 'by hand' WHERE id = {deal}".format(**scene.words))  # noqa: S608
    newest = history.events(scene.team.ask("chen"), limit=1)[0]
    assert newest.action == "database.changed"
    assert history.describe(newest, None, "en")


@pytest.fixture
def only_own(scene: Scene) -> Iterator[None]:
    settings.change(scene.team.ask("lin"), {"reps_see": "own"})
    yield
    settings.change(scene.team.ask("lin"), {"reps_see": "all"})


def counted(scene: Scene, login: str, table: str, before: str = "") -> int:
    """Return how many rows of a table somebody sees with psql, after these words in the same transaction."""
    words = f"BEGIN; {before}; SELECT 'rows ' || count(*) FROM \"{table}\"; ROLLBACK"  # noqa: S608
    done = scene.psql(login, words)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split("rows ")[1].split()[0])


def test_every_table_has_a_rule(scene: Scene):
    there = "SELECT relname FROM pg_class WHERE relnamespace = 'salestui'::regnamespace AND relkind = 'r'"
    assert {str(name) for (name,) in server().sql(there, scene.team.name)} == {*RULES, "guard", "about"}


@pytest.mark.parametrize("table", sorted(set(RULES) - PUBLIC - {"event", "seal"}))
def test_where_each_rep_sees_his_own_no_table_shows_others(scene: Scene, only_own: None, table: str):
    assert counted(scene, "wang" if table == "draft" else "lin", table)
    assert counted(scene, "zhao", table) == 0
    assert counted(scene, "zhao", table, "SELECT begin_change()") == 0


def test_where_each_rep_sees_his_own_events_of_others_are_hidden_those_of_the_server_too(scene: Scene, only_own: None):
    scene.psql("wang", WITHDRAWAL.format(**scene.words))
    scene.psql("qian", APPROVAL.format(**scene.words))
    told = "SELECT action || ' ' || subject FROM event WHERE deal_id IS NOT NULL OR customer_id IS NOT NULL "
    told += "OR action = 'database.changed' ORDER BY id"
    assert "review.voted" in scene.psql("lin", told).stdout or "vote" in scene.psql("lin", told).stdout
    seen = scene.psql("zhao", told).stdout.split("\n")
    assert [line for line in seen if "." in line and not any(f"changed {table} " in line for table in PUBLIC)] == []


def test_a_file_is_read_by_whoever_sees_what_names_it(scene: Scene, only_own: None):
    assert [counted(scene, login, "attachment") for login in ("lin", "wang", "zhao")] == [1, 1, 0]


def test_what_he_does_not_see_he_cannot_draw_into_his_sight(scene: Scene, only_own: None):
    for words in HIDDEN:
        done = scene.psql("zhao", words.format(**scene.words))
        assert done.returncode == 1, words
        assert not re.search("syntax error|does not exist|violates (foreign|unique)", done.stderr), done.stderr
    assert [counted(scene, "zhao", table) for table in ("deal", "customer", "activity", "review")] == [0, 0, 0, 0]
