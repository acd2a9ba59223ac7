"""Whether the rules on the server are those that were installed: `remember` keeps what each said, `drift` compares.

What is kept are digests of the server's own words for every policy, trigger, function and right, in the table `about`,
which nobody of the team may write. It finds what somebody changed; a superuser who also changes the record is trusted.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Final

from salestui.dataclass import dataclass
from salestui.storage.postgres import rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salestui.storage.postgres.connection import PostgresDatabase

__all__ = ["Drift", "Installed", "Standbys", "clear", "drift", "installed", "passing", "remember", "source", "standbys"]

_RULES: Final = "rules"
_EACH: Final = "rules.each"
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'salestui'::regnamespace AND relkind = 'r'
            AND relrowsecurity AND relforcerowsecurity),
           (SELECT count(*) FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
            WHERE relnamespace = 'salestui'::regnamespace),
           (SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE relnamespace = 'salestui'::regnamespace AND NOT tgisinternal AND tgenabled = 'O'),
           current_setting('server_version_num')::integer / 10000
"""
_PASSING: Final = f"""
    SELECT rolname, rolbypassrls FROM pg_roles WHERE NOT rolsuper AND rolname <> '{rights.OWNER}'
    AND (pg_has_role(oid, '{rights.OWNER}', 'MEMBER')
         OR rolbypassrls AND pg_has_role(oid, '{rights.GROUPS[0]}', 'MEMBER'))
    ORDER BY rolname
"""  # noqa: S608  # names of ours
_NEEDED: Final = re.compile(r"\s*(?:FIRST|ANY)?\s*(\d+)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Installed:
    """What stands on the server: digest of the installed rules, and counts that must be those of the installation.

    `source` is "" where the database does not know; `server` the server's major version now, `then` that of the
    installation; `complete`: as many tables with row-level security, policies and enabled triggers as installed.
    """

    source: str
    server: int
    then: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """Which definitions are gone, changed or added, by their names in SQL; `known` is how many were installed."""

    gone: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    known: int


@dataclass(frozen=True, slots=True)
class Standbys:
    """The standbys that the server waits for (`wanted`, its setting, "" for none) and the names of those in step."""

    wanted: str
    in_step: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether a commit is acknowledged at all: it waits for as many as the setting asks for."""
        needed = _NEEDED.match(self.wanted)
        return not self.wanted or len(self.in_step) >= (int(needed[1]) if needed else 1)


def source() -> str:
    """Return the digest of the rules that this program installs."""
    texts = [_text(name) for name in ("functions.sql", "standbys.sql")]
    return _digest("\n".join([*texts, *rights.statements(dict.fromkeys(rights.RULES, ()))]))


def clear(database: PostgresDatabase) -> None:
    """Take all rules away before they are installed anew, those of others included; as a superuser."""
    if database.execute_sql("SELECT to_regnamespace('salestui')").fetchone()[0] is not None:
        database.connection().execute(_text("clear.sql"))


def remember(database: PostgresDatabase) -> None:
    """Keep what the server says of each rule that was just installed; as the owner, inside a transaction."""
    kept = {_RULES: [source(), *_counts(database)], _EACH: _definitions(database)}
    for key, value in kept.items():
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        database.execute_sql(
            "INSERT INTO about (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            (key, text),
        )


def installed(database: PostgresDatabase) -> Installed:
    """Compare what is quickly compared; inside a transaction."""
    now = _counts(database)
    kept = _kept(database, _RULES)
    if not isinstance(kept, list):
        return Installed("", now[-1], now[-1], complete=False)
    return Installed(str(kept[0]), now[-1], int(kept[-1]), complete=kept[1:-1] == now[:-1])


def drift(database: PostgresDatabase) -> Drift:
    """Compare every definition with what was installed; inside a transaction."""
    kept = _kept(database, _EACH)
    was: Mapping[str, str] = kept if isinstance(kept, dict) else {}
    now = _definitions(database)
    return Drift(
        gone=tuple(sorted(was.keys() - now.keys())),
        changed=tuple(sorted(name for name in was.keys() & now.keys() if was[name] != now[name])),
        added=tuple(sorted(now.keys() - was.keys())),
        known=len(was),
    )


def passing(database: PostgresDatabase) -> tuple[tuple[str, bool], ...]:
    """Return the roles, superusers aside, that no rule holds back, and whether by BYPASSRLS; inside a transaction."""
    return tuple((str(name), bool(bypasses)) for name, bypasses in database.execute_sql(_PASSING).fetchall())


def standbys(database: PostgresDatabase) -> Standbys:
    """Return which standbys are waited for, and which are in step; inside a transaction, on rules of this version."""
    wanted = str(database.execute_sql("SELECT current_setting('synchronous_standby_names')").fetchone()[0])
    if not wanted:
        return Standbys("", ())
    found = database.execute_sql("SELECT name FROM standbys() WHERE sync_state IN ('sync', 'quorum')").fetchall()
    return Standbys(wanted, tuple(str(name) for (name,) in found))


def _counts(database: PostgresDatabase) -> list[int]:
    return [int(each) for each in database.execute_sql(_COUNTS).fetchone()]


def _definitions(database: PostgresDatabase) -> dict[str, str]:
    return {str(name): _digest(str(text)) for name, text in database.execute_sql(_text("definitions.sql")).fetchall()}


def _kept(database: PostgresDatabase, key: str) -> object:
    row = database.execute_sql("SELECT value FROM about WHERE key = %s", (key,)).fetchone()
    try:
        return json.loads(row[0]) if row else None
    except ValueError:
        return None


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
