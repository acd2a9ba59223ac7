"""What somebody with psql in hand might try: who, what he hopes for, and his words to the server.

`{wang}` and the like are the numbers of users, `{deal}` is 王磊's deal, `{theirs}` 钱工's, `{now}` the present as text.
`{shared}` is an output of the campaign, `{talk}` a talk that 钱工 held for his deal.
"""

from typing import Final

_DEAL: Final = (
    "INSERT INTO deal (customer_id, campaign_id, playbook, playbook_version, title, stage, status, owner_id, currency, "
    "need, source, created_at, stage_since, reason, competitor, note, cancelled, imported, version) VALUES "
    "(1, 1, 'expansion', 1, '', 'research', 'open', {owner}, 'CNY', '', '', '{at}', '{at}', '', '', '', false, "
    "false, 1)"
)
_VOTE: Final = (
    "INSERT INTO vote (review_id, role, user_id, deputy_for_id, name, decision, comment, at, recorded_by_id, evidence, "
    "files) VALUES ({review}, '{role}', {user}, {deputy}, 'x', 'approve', '', '{at}', {recorded}, '', '[]')"
)
_WAIVER: Final = (
    "INSERT INTO waiver (deal_id, requirement, reason, granted_by_id, granted_name, granted_at, expires_at, evidence, "
    "files, version) VALUES ({of}, 'x', 'because', {by}, 'x', '{now}', '2099-01-01T00:00:00.000000Z', '', '[]', 1)"
)
_EVENT: Final = (
    "SELECT record_event('{now}', {actor}, '林悦', '{action}', 'D{deal}', {deal}, 1, 1, NULL, '{told}', '', '')"
)


def _deal(owner: str = "{wang}", at: str = "{now}") -> str:
    return _DEAL.replace("{owner}", owner).replace("{at}", at)


def _vote(review: str, role: str, user: str, *, deputy: str = "NULL", recorded: str = "NULL", at: str = "{now}") -> str:
    text = _VOTE.replace("{review}", review).replace("{role}", role).replace("{user}", user)
    return text.replace("{deputy}", deputy).replace("{recorded}", recorded).replace("{at}", at)


def _waiver(of: str, by: str) -> str:
    return _WAIVER.replace("{of}", of).replace("{by}", by)


def _event(action: str, told: str = "{{}}", actor: str = "{lin}") -> str:
    return _EVENT.replace("{action}", action).replace("{told}", told).replace("{actor}", actor)


_REVISION: Final = (
    "INSERT INTO revision (output_id, number, values, files, note, at, author_id) VALUES "
    "({output}, {number}, '{{}}', '[]', '', '{now}', {author})"
)
_REVIEW: Final = (
    "INSERT INTO review (output_id, revision, deal_id, requested_by_id, requested_at, note, version) VALUES "
    "({of}, {revision}, {on}, {by}, '{now}', '', 1)"
)
_TALK: Final = (
    "INSERT INTO activity (customer_id, state, channel, at, all_day, subject, outline, values, owner_id, author_id, "
    "created_at, version) VALUES (1, '{state}', '', '{now}', false, '', '', '{{}}', {zhao}, {wang}, '{now}', 1)"
)
_SENDING: Final = (
    "INSERT INTO sending (output_id, revision, values, at, by_id) VALUES ({output}, {revision}, '{{}}', '{at}', {by})"
)
_CLASS: Final = "UPDATE membership SET classification = 'key', classified_by_id = {by}, classified_at = '{at}'"
_NEWEST: Final = "(SELECT max(id) FROM review)"
_LAST_YEAR: Final = "2025-01-01T00:00:00.000000Z"


def _at_once(*words: str) -> str:
    return "; ".join(("BEGIN", *words, "COMMIT"))


def _review(of: str, on: str, by: str, revision: str = "2") -> str:
    text = _REVIEW.replace("{of}", of).replace("{on}", on).replace("{by}", by)
    return text.replace("{revision}", revision)


def _sending(by: str, revision: str = "2", at: str = "{now}") -> str:
    return _SENDING.replace("{by}", by).replace("{revision}", revision).replace("{at}", at)


def _classified(by: str, at: str = "{now}") -> str:
    return _CLASS.replace("{by}", by).replace("{at}", at)


_MOVED: Final = "UPDATE deal SET stage = 'delivery', version = version + 1 WHERE id = {deal}"
_TITLED: Final = _event("deal.changed", '{{"title": ""}}')
_TOLD: Final = _event("deal.moved", '{{"stage": "delivery"}}')

REFUSED: Final[tuple[tuple[str, str, str], ...]] = (
    # a deal that is not one's own
    ("wang", "enter a deal in another's name", _deal("{zhao}")),
    ("wang", "enter a deal of last year", _deal(at="2025-01-01T00:00:00.000000Z")),
    ("wang", "give his deal away", "UPDATE deal SET owner_id = {zhao} WHERE id = {deal}"),
    ("wang", "take another's deal", "UPDATE deal SET owner_id = {wang} WHERE id = {theirs}"),
    ("wang", "edit another's deal", "UPDATE deal SET title = 'mine' WHERE id = {theirs}"),
    ("wang", "move another's deal", "UPDATE deal SET stage = 'delivery' WHERE id = {theirs}"),
    ("wang", "make his deal older", "UPDATE deal SET created_at = '{now}' WHERE id = {deal}"),
    ("wang", "let a deal vanish", "DELETE FROM deal WHERE id = {deal}"),
    ("wang", "let all deals vanish", "TRUNCATE deal CASCADE"),
    ("wang", "own a customer of another's", "UPDATE customer SET owner_id = {zhao}"),
    ("wang", "take over a campaign", "UPDATE campaign SET owner_id = {wang}"),
    # the history
    ("wang", "edit the history", "UPDATE event SET note = 'nothing happened'"),
    ("wang", "delete the history", "DELETE FROM event"),
    ("wang", "empty the history", "TRUNCATE event"),
    ("wang", "write the history by hand", "INSERT INTO event (at, actor_id, action) VALUES ('', 1, 'deal.moved')"),
    ("wang", "number an event himself", _event("x").replace("record_event", "append_event")),
    ("wang", "tell of a move that was none", _event("deal.moved", '{{"stage": "delivery"}}')),
    ("wang", "tell of a loss that was none", _event("deal.lost", '{{"status": "lost"}}')),
    ("wang", "tell of a vote that nobody gave", _event("review.voted", '{{"decision": "approve"}}')),
    ("chen", "tell of an exception that nobody granted", _event("exception.granted")),
    ("wang", "announce an exception", _event("exception.granted")),
    ("wang", "announce a change of a user", _event("user.changed")),
    ("wang", "announce an erasure", _event("person.erased", '{{"events": {{"1": "x"}}}}')),
    ("lin", "pass for the server", _event("database.changed")),
    ("wang", "announce what the product has no word for", _event("deal.foo", '{{"stage": "delivery"}}')),
    ("chen", "announce what the product has no word for, as a manager", _event("x.tried")),
    ("wang", "move it under another name",
     _at_once(_event("deal.changed", '{{"stage": "delivery"}}'), _MOVED)),
    ("wang", "win it under another name",
     _at_once(_event("deal.changed", '{{"status": "won"}}'), "UPDATE deal SET status = 'won' WHERE id = {deal}")),
    ("zhao", "write into the history of another's deal", _TITLED),
    ("wang", "announce a hand-over", _event("work.handed_over")),
    ("chen", "edit the history as a manager", "UPDATE event SET note = ''"),
    ("lin", "edit the history as administrator", "UPDATE event SET note = 'x' WHERE id = 1"),
    ("lin", "delete the history as administrator", "DELETE FROM event"),
    ("lin", "renumber the history", "UPDATE event SET id = id + 1"),
    # the server's own books
    ("wang", "let the server forget what it saw", "UPDATE guard SET head = 1000000"),
    ("wang", "keep everybody from writing", "SELECT * FROM guard FOR UPDATE"),
    ("wang", "have every event announce everything", "UPDATE about SET value = '.*'"),
    ("wang", "fill in the result of another's command",
     "INSERT INTO command (id, at, actor_id, result) VALUES ('x', '{now}', {lin}, '{{}}')"),
    ("wang", "change the result of a command", "UPDATE command SET result = '{{}}'"),
    # approval
    ("qian", "approve his own work", _vote("{own_work}", "technical", "{qian}")),
    ("qian", "approve on his own deal", _vote("{own_deal}", "technical", "{qian}")),
    ("zhao", "approve in a role he does not hold", _vote("{fair}", "technical", "{zhao}")),
    ("zhao", "vote in another's name", _vote("{fair}", "technical", "{qian}")),
    ("chen", "vote in another's name as a manager", _vote("{fair}", "technical", "{qian}")),
    ("wang", "record a vote for another", _vote("{fair}", "technical", "NULL", recorded="{wang}")),
    ("zhao", "vote as a deputy whom nobody named", _vote("{fair}", "technical", "{zhao}", deputy="{qian}")),
    ("qian", "vote yesterday", _vote("{fair}", "technical", "{qian}", at="2026-01-01T00:00:00.000000Z")),
    ("qian", "vote on a revision of before", _vote("{old}", "technical", "{qian}")),
    ("wang", "turn a vote round", "UPDATE vote SET decision = 'approve'"),
    ("lin", "turn a vote round as administrator", "UPDATE vote SET decision = 'approve'"),
    ("wang", "take a vote away", "DELETE FROM vote"),
    ("zhao", "become somebody's deputy",
     ("INSERT INTO deputy (user_id, deputy_id, starts, ends, named_by_id, named_at, version) VALUES "
     "({qian}, {zhao}, '2020-01-01', '2099-01-01', {zhao}, '{now}', 1)")),
    ("zhao", "recall another's review", "UPDATE review SET recalled_at = '{now}' WHERE id = {fair}"),
    ("qian", "have his own deal's paper reviewed for no deal", _review("{paper}", "NULL", "{qian}")),
    ("qian", "have his own deal's paper reviewed for another's deal", _review("{paper}", "{deal}", "{qian}")),
    ("qian", "vote on a review of his own paper for another's deal",
     _at_once(_review("{paper}", "{deal}", "{qian}"), _vote(_NEWEST, "technical", "{qian}"))),
    ("qian", "have what serves his deal reviewed for another's, and approve it",
     _at_once(_review("{shared}", "{deal}", "{qian}", "1"), _vote(_NEWEST, "technical", "{qian}"))),
    ("zhao", "have another's paper reviewed", _review("{output}", "{deal}", "{zhao}")),
    ("wang", "have an older revision reviewed", _review("{output}", "{deal}", "{wang}", "1")),
    ("chen", "go on with a review that was recalled",
     "UPDATE review SET recalled_at = NULL WHERE recalled_at IS NOT NULL"),
    ("wang", "have asked for a review that is recalled",
     _review("{output}", "{deal}", "{wang}").replace("version)", "version, recalled_at)").replace("1)", "1, '{now}')")),
    ("zhao", "let nobody be waited for", "UPDATE asked SET waiting = false"),
    ("zhao", "have a review ask him", "UPDATE asked SET user_id = {zhao}"),
    ("zhao", "have a review ask him too",
     "INSERT INTO asked (review_id, role, user_id, waiting) VALUES ({fair}, 'sales', {zhao}, true)"),
    # exceptions
    ("wang", "grant himself an exception", _waiver("{deal}", "{wang}")),
    ("wang", "grant one in a manager's name", _waiver("{deal}", "{chen}")),
    ("chen", "grant one for his own deal", _waiver("{managers}", "{chen}")),
    ("chen", "grant one in another manager's name", _waiver("{deal}", "{zhou}")),
    ("wang", "revoke one", "UPDATE waiver SET revoked_at = '{now}'"),
    ("chen", "take a revocation back", "UPDATE waiver SET revoked_at = NULL WHERE revoked_at IS NOT NULL"),
    ("chen", "revoke one last year",
     "UPDATE waiver SET revoked_at = '2025-01-01T00:00:00.000000Z' WHERE revoked_at IS NULL"),
    ("chen", "lengthen one", "UPDATE waiver SET expires_at = '2099-12-31T00:00:00.000000Z'"),
    # who is who
    ("wang", "become a manager", "UPDATE \"user\" SET permission = 'manager' WHERE id = {wang}"),
    ("chen", "become an administrator", "UPDATE \"user\" SET permission = 'admin' WHERE id = {chen}"),
    ("wang", "take a reviewer's role", "UPDATE \"user\" SET roles = '[\"legal\"]' WHERE id = {wang}"),
    ("wang", "take another login", "UPDATE \"user\" SET login = 'wang2' WHERE id = {lin}"),
    ("wang", "let a friend in",
     ('INSERT INTO "user" (login, name, permission, roles, active, created_at, version) VALUES '
     "('mallory', 'x', 'admin', '[]', true, '{now}', 1)")),
    ("lin", "make the owner of everything a user",
     ('INSERT INTO "user" (login, name, permission, roles, active, created_at, version) VALUES '
     "('salestui_owner', 'x', 'rep', '[]', true, '{now}', 1)")),
    ("wang", "join the managers", "GRANT salestui_manager TO wang"),
    ("wang", "act as a manager", "SET ROLE salestui_manager"),
    ("wang", "act as the owner of everything", "SET ROLE salestui_owner"),
    ("lin", "act as the owner of everything, as administrator", "SET ROLE salestui_owner"),
    ("wang", "act as another person", "SET SESSION AUTHORIZATION lin"),
    ("wang", "become a superuser", "ALTER ROLE wang SUPERUSER"),
    ("lin", "make a superuser", "CREATE ROLE evil SUPERUSER LOGIN"),
    # the rules themselves
    ("wang", "switch the triggers off", "ALTER TABLE event DISABLE TRIGGER ALL"),
    ("lin", "switch the triggers off as administrator", "ALTER TABLE deal DISABLE TRIGGER ALL"),
    ("wang", "write as a replica does", "SET session_replication_role = replica"),
    ("wang", "switch row-level security off", "ALTER TABLE deal NO FORCE ROW LEVEL SECURITY"),
    ("lin", "drop a policy", "DROP POLICY inserts ON vote"),
    ("wang", "be everybody", "CREATE OR REPLACE FUNCTION salestui.me() RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
    ("wang", "put a function before the server's",
     "CREATE FUNCTION salestui.to_json(text) RETURNS json LANGUAGE sql AS 'SELECT null::json'"),
    ("wang", "put a table before the server's",
     ("CREATE TEMP TABLE \"user\" AS SELECT {wang} AS id, 'wang' AS login, true AS active, 'admin' AS permission; "
     "SET search_path = pg_temp, salestui; UPDATE salestui.deal SET owner_id = {wang} WHERE id = {theirs}")),
    ("wang", "have votes recorded", "UPDATE setting SET value = 'true' WHERE key = 'recorded_votes'"),
    ("wang", "ease the handbook", "UPDATE playbook SET checked = '{{}}'"),
    ("chen", "bring a handbook of his own",
     "INSERT INTO playbook (key, number, text, checked, digest, installed_at) VALUES ('x', 1, '', '', '', '{now}')"),
    # papers
    ("wang", "edit a submitted revision", "UPDATE revision SET values = '{{}}'"),
    ("wang", "submit in another's name",
     _REVISION.replace("{number}", "3").replace("{author}", "{qian}")),
    ("wang", "leave a revision out",
     _REVISION.replace("{number}", "9").replace("{author}", "{wang}")),
    ("wang", "go back to an approved revision", "UPDATE output SET latest = 1 WHERE id = {output}"),
    ("wang", "better a score", "UPDATE score SET grade = 'A'"),
    ("wang", "score in another's name",
     ("INSERT INTO score (membership_id, playbook_version, values, evidence, total, grade, note, at, by_id) VALUES "
     "(1, 1, '{{}}', '{{}}', 25, 'A', '', '{now}', {zhao})")),
    ("wang", "tick in another's name",
     "INSERT INTO action_tick (deal_id, key, note, at, by_id) VALUES ({deal}, 'x', '', '{now}', {zhao})"),
    ("wang", "have another hold a talk",
     ("INSERT INTO activity (customer_id, state, channel, at, all_day, subject, outline, values, owner_id, author_id, "
     "created_at, version) VALUES (1, 'done', '', '{now}', false, '', '', '{{}}', {zhao}, {zhao}, '{now}', 1)")),
    ("zhao", "submit a revision of another's paper",
     _at_once(_REVISION.replace("{number}", "3").replace("{author}", "{zhao}"),
              "UPDATE output SET latest = 3 WHERE id = {output}")),
    ("zhao", "withdraw another's paper", "UPDATE output SET withdrawn = true WHERE id = {output}"),
    ("zhao", "enter a paper for another's deal",
     ("INSERT INTO output (scope, owner_id, key, latest, withdrawn, version) VALUES "
      "('deal', {deal}, 'forged', 0, false, 1)")),
    ("wang", "withdraw what serves others too", "UPDATE output SET withdrawn = true WHERE id = {shared}"),
    ("wang", "have sent it last year", _sending("{wang}", at=_LAST_YEAR)),
    ("wang", "have sent an older revision", _sending("{wang}", revision="1")),
    ("zhao", "send another's paper", _sending("{zhao}")),
    ("wang", "classify in another's name", _classified("{lin}")),
    ("wang", "have classified it last year", _classified("{wang}", _LAST_YEAR)),
    ("zhao", "classify another's customer", _classified("{zhao}")),
    ("zhao", "score another's customer",
     ("INSERT INTO score (membership_id, playbook_version, values, evidence, total, grade, note, at, by_id) VALUES "
     "(1, 1, '{{}}', '{{}}', 25, 'A', '', '{now}', {zhao})")),
    ("zhao", "tick another's action",
     "INSERT INTO action_tick (deal_id, key, note, at, by_id) VALUES ({deal}, 'x', '', '{now}', {zhao})"),
    ("wang", "tick again what was taken back", "UPDATE action_tick SET undone_at = NULL WHERE undone_at IS NOT NULL"),
    ("wang", "enter a talk that another held", _TALK.replace("{state}", "done")),
    ("wang", "plan a step for somebody who has no part in it", _TALK.replace("{state}", "planned")),
    ("zhao", "rewrite another's talk", "UPDATE activity SET values = '{{\"x\": 1}}' WHERE id = {talk}"),
    ("zhao", "take over another's talk", "UPDATE activity SET owner_id = {zhao} WHERE id = {talk}"),
    ("wang", "have another's talk serve his deal",
     "INSERT INTO activity_deal (activity_id, deal_id) VALUES ({talk}, {deal})"),
    ("zhao", "take the talks from the deals", "DELETE FROM activity_deal"),
    ("wang", "use another's command id",
     "INSERT INTO command (id, at, actor_id, result) VALUES ('taken', '{now}', {wang}, '{{}}')"),
    ("wang", "put another file in a file's place", "UPDATE attachment SET content = 'x'"),
    ("wang", "keep a file under a wrong hash",
     "INSERT INTO attachment (digest, content) VALUES (repeat('0', 64), 'x')"),
    # beyond the database
    ("wang", "run a program", "COPY event TO PROGRAM 'cat'"),
    ("lin", "run a program as administrator", "COPY event TO PROGRAM 'cat'"),
    ("wang", "read a file of the server", "SELECT pg_read_file('postgresql.conf')"),
    ("mallory", "look in as a stranger", "SELECT * FROM salestui.deal"),
    ("zhou", "look in after he left", "SELECT * FROM salestui.deal"),
)  # fmt: skip

RECORDED: Final[tuple[tuple[str, str, str], ...]] = (
    ("wang", "move his card past the gate", _MOVED),
    ("wang", "move it with the audit switched off", f"SET salestui.unaudited = on; {_MOVED}"),
    ("wang", "move it after announcing something else",
     f"BEGIN; {_TITLED}; {_MOVED}; COMMIT"),
    ("wang", "move it and take the announcement back",
     f"BEGIN; SAVEPOINT a; {_TOLD}; ROLLBACK TO a; {_MOVED}; COMMIT"),
    ("wang", "move it after announcing another move",
     _at_once(_event("deal.moved"), _MOVED)),
    ("wang", "move it with the checks at once", f"BEGIN; SET CONSTRAINTS ALL IMMEDIATE; {_MOVED}; COMMIT"),
    ("wang", "win it", "UPDATE deal SET status = 'won', won_at = '{now}' WHERE id = {deal}"),
    ("wang", "have it stand there for longer",
     "UPDATE deal SET stage_since = '2026-01-01T00:00:00.000000Z' WHERE id = {deal}"),
    ("wang", "change an amount", "UPDATE deal SET amount_minor = 1 WHERE id = {deal}"),
    ("chen", "hand a deal over", "UPDATE deal SET owner_id = {zhao} WHERE id = {deal}"),
    ("chen", "grant an exception", _waiver("{deal}", "{chen}")),
    ("wang", "withdraw an output", "UPDATE output SET withdrawn = true WHERE id = {output}"),
    ("wang", "tick an action",
     "INSERT INTO action_tick (deal_id, key, note, at, by_id) VALUES ({deal}, 'x', '', '{now}', {wang})"),
    ("zhao", "edit a customer", "UPDATE customer SET need = 'other' WHERE id = 1"),
    ("qian", "approve another's work", _vote("{fair}", "technical", "{qian}")),
    ("lin", "give a role", "UPDATE \"user\" SET roles = '[\"legal\"]' WHERE id = {wang}"),
    ("lin", "edit a revision as administrator",
     "UPDATE revision SET values = '{{\"x\": 1}}' WHERE output_id = {output}"),
    ("lin", "change a setting", "UPDATE setting SET value = 'true' WHERE key = 'recorded_votes'"),
)  # fmt: skip

APPROVAL: Final = _vote("{fair}", "technical", "{qian}")
WITHDRAWAL: Final = "UPDATE output SET withdrawn = true WHERE id = {output}"

HIDDEN: Final[tuple[str, ...]] = (
    ("INSERT INTO membership (customer_id, campaign_id, classification, reason, created_at, version) VALUES "
     "(1, 2, '', '', '{now}', 1)"),
    "INSERT INTO asked (review_id, role, user_id, waiting) VALUES ({fair}, 'sales', {zhao}, true)",
    "INSERT INTO activity_deal (activity_id, deal_id) VALUES ({talk}, {deal})",
    _deal("{zhao}"),
    "SELECT record_event('{now}', 1, '', 'talk.logged', 'T1', {deal}, NULL, NULL, NULL, NULL, '', '')",
)  # fmt: skip
"""What 赵敏, who sees only his own, might try to get a deal, a customer or a talk of others into his sight."""

TOLD: Final = _event("deal.moved", '{{"stage": "next"}}')
BACK: Final = _event("deal.moved", '{{"stage": "research", "status": "open"}}', "{wang}")
"""A move told by hand as an ordinary one; and before it that the deal is back where it began."""
