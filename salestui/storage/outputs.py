"""Reads and writes outputs: their revisions, the drafts people keep of them, and their sendings to the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from salestui.domain.facts import FileFact, Revision
from salestui.domain.playbook import Scope
from salestui.domain.records import Draft, OutputOwner
from salestui.domain.sheets import OutputRow
from salestui.storage import tables
from salestui.storage.compiled import compiled
from salestui.storage.facts import HasFile, file_facts

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""


def file_entries(files: Sequence[FileFact]) -> list[dict[str, object]]:
    """Return files as they are kept in a row."""
    return [{"name": file.name, "sha256": file.sha256, "size": file.size, "type": file.type} for file in files]


def _mine(model: Any, owner: OutputOwner, key: str) -> Any:
    return (model.scope == owner.scope.value) & (model.owner_id == owner.id) & (model.key == key)


def row_of(row: Any) -> OutputRow:
    """Return a database row of an output as a record."""
    owner = OutputOwner(Scope(row.scope), row.owner_id)
    return OutputRow(row.id, owner, row.key, row.latest, row.withdrawn, row.version)


def find(owner: OutputOwner, key: str) -> OutputRow | None:
    """Return the output `key` of its owner, None before anything was submitted."""
    row = t.Output.get_or_none(_mine(t.Output, owner, key))
    return None if row is None else row_of(row)


def ensure(owner: OutputOwner, key: str) -> OutputRow:
    """Return the output `key` of its owner, made when it is not there."""
    return find(owner, key) or row_of(t.Output.create(scope=owner.scope.value, owner_id=owner.id, key=key))


def add_revision(
    row: OutputRow,
    *,
    values: Mapping[str, object],
    files: Sequence[FileFact],
    note: str,
    author: int,
    at: datetime,
    restored_from: int | None = None,
) -> int | None:
    """Add the next revision, which also ends a withdrawal; return its number, None when somebody else was first."""
    number = row.latest + 1
    current = (t.Output.id == row.id) & (t.Output.version == row.version)
    changes = {t.Output.latest: number, t.Output.withdrawn: False, t.Output.version: row.version + 1}
    if not t.Output.update(changes).where(current).execute():
        return None
    t.Revision.insert(
        output=row.id,
        number=number,
        values=dict(values),
        files=file_entries(files),
        note=note,
        restored_from=restored_from,
        at=at,
        author=author,
    ).execute()
    return number


def withdraw(row: OutputRow) -> bool:
    """Mark the output as withdrawn; False when somebody else changed it meanwhile."""
    current = (t.Output.id == row.id) & (t.Output.version == row.version)
    return bool(t.Output.update(withdrawn=True, version=row.version + 1).where(current).execute())


def revisions(row: OutputRow, has_file: HasFile) -> tuple[Revision, ...]:
    """Return all submitted revisions, newest first."""
    query = (
        t.Revision.select(t.Revision, t.User.name.alias("author_name"))
        .join(t.User, on=(t.Revision.author == t.User.id))
        .where(t.Revision.output == row.id)
        .order_by(t.Revision.number.desc())
    )
    return tuple(
        Revision(
            found.id,
            found.number,
            found.values,
            file_facts(found.files, has_file),
            found.author_id,
            found.author_name,
            found.at,
            found.note,
        )
        for found in query.objects()
    )


def revision_times(owner: OutputOwner, key: str) -> dict[int, datetime]:
    """Return when each revision of an output was submitted, by number; empty before the first."""
    query = t.Revision.select(t.Revision.number, t.Revision.at).join(t.Output, on=(t.Revision.output == t.Output.id))
    return dict(query.where(_mine(t.Output, owner, key)).tuples())


def authors(row: OutputRow, after: int) -> frozenset[int]:
    """Return the users who wrote the revisions with numbers above `after`."""
    query = t.Revision.select(t.Revision.author).where((t.Revision.output == row.id) & (t.Revision.number > after))
    return frozenset(found[0] for found in query.tuples())


def written(outputs: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return who wrote which revision, as (number, user), of several outputs."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for output, number, author in _written(list(outputs)):
        found[output].append((number, author))
    return found


@compiled
def _written(outputs: list[int]) -> Any:
    r = t.Revision
    return r.select(r.output, r.number, r.author).where(r.output.in_(outputs)).tuples()


def draft(owner: OutputOwner, key: str, author: int, has_file: HasFile) -> Draft | None:
    """Return what `author` has typed into an output and not submitted."""
    query = (
        t.Draft.select(t.Draft, t.User.name.alias("author_name"))
        .join(t.User, on=(t.Draft.author == t.User.id))
        .where(_mine(t.Draft, owner, key) & (t.Draft.author == author))
    )
    row = query.objects().first()
    if row is None:
        return None
    return Draft(row.values, row.based_on, row.at, row.author_id, row.author_name, file_facts(row.files, has_file))


def save_draft(
    owner: OutputOwner,
    key: str,
    *,
    author: int,
    values: Mapping[str, object],
    files: Sequence[FileFact],
    based_on: int,
    at: datetime,
) -> None:
    """Keep a person's draft of an output, in place of the one before."""
    discard_draft(owner, key, author)
    t.Draft.insert(
        scope=owner.scope.value,
        owner_id=owner.id,
        key=key,
        author=author,
        values=dict(values),
        files=file_entries(files),
        based_on=based_on,
        at=at,
    ).execute()


def discard_draft(owner: OutputOwner, key: str, author: int) -> bool:
    """Forget a person's draft of an output; False when there was none."""
    return bool(t.Draft.delete().where(_mine(t.Draft, owner, key) & (t.Draft.author == author)).execute())


def add_sending(row: OutputRow, *, values: Mapping[str, object], by: int, at: datetime) -> None:
    """Record that the latest revision went to the customer."""
    t.Sending.insert(output=row.id, revision=row.latest, values=dict(values), at=at, by=by).execute()
