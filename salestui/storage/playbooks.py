"""The installed playbook versions: the text as written, and its checked form; never changed once there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from salestui.domain.facts import Status
from salestui.domain.team import InstalledPlaybook
from salestui.storage import tables as t
from salestui.storage.compiled import compiled

__all__ = ["checked", "deals_on", "digest", "insert", "installed", "latest_number", "text"]


def installed() -> tuple[InstalledPlaybook, ...]:
    """Return all versions, by key and number."""
    return tuple(InstalledPlaybook(key, number, digest, at, by or "") for key, number, digest, at, by in _installed())


@compiled
def _installed() -> Any:
    p = t.Playbook
    return (
        p.select(p.key, p.number, p.digest, p.installed_at, t.User.name)
        .left_outer_join(t.User, on=(p.installed_by == t.User.id))
        .order_by(p.key, p.number)
        .tuples()
    )


def latest_number(key: str) -> int | None:
    """Return the highest installed number of playbook `key`, or None where there is none."""
    query = t.Playbook.select(t.Playbook.number).where(t.Playbook.key == key).order_by(t.Playbook.number.desc())
    found: int | None = query.limit(1).scalar()
    return found


def digest(key: str, number: int) -> str | None:
    """Return the digest of a version's text, or None where it is not installed."""
    return _column("digest", key, number)


def checked(key: str, number: int) -> str | None:
    """Return the checked form of a version as JSON, or None where it is not installed."""
    return _column("checked", key, number)


def text(key: str, number: int) -> str | None:
    """Return the TOML text of a version as it was installed, or None where it is not."""
    return _column("text", key, number)


def _column(column: str, key: str, number: int) -> str | None:
    database = t.Playbook._meta.database  # noqa: SLF001  # Peewee's documented name for a model's options
    sql = f'SELECT "{column}" FROM "playbook" WHERE "key" = ? AND "number" = ?'  # noqa: S608  # names of ours
    found = database.execute_sql(sql.replace("?", database.param), (key, number)).fetchone()
    return None if found is None else str(found[0])


def insert(
    key: str, number: int, *, text: str, checked: str, digest: str, now: datetime, installed_by: int | None
) -> None:
    """Add a version; `installed_by` is None for those that come with the program."""
    t.Playbook.insert(
        {
            t.Playbook.key: key,
            t.Playbook.number: number,
            t.Playbook.text: text,
            t.Playbook.checked: checked,
            t.Playbook.digest: digest,
            t.Playbook.installed_at: now,
            t.Playbook.installed_by: installed_by,
        }
    ).execute()


def deals_on(key: str, statuses: Sequence[Status]) -> tuple[tuple[int, int, str], ...]:
    """Return the deals of playbook `key` in these statuses: number, the version it pins, the stage where it stands."""
    query = (
        t.Deal.select(t.Deal.id, t.Deal.playbook_version, t.Deal.stage)
        .where((t.Deal.playbook == key) & t.Deal.status.in_([status.value for status in statuses]))
        .order_by(t.Deal.id)
    )
    return tuple(query.tuples())
