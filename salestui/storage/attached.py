"""Tells which stored files the records name, wherever they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from salestui.domain.facts import FileFact
from salestui.storage import tables
from salestui.storage.store import Store

__all__ = ["attached"]

_COLUMNS = ("files", "summary_files")


def attached(store: Store) -> dict[str, tuple[FileFact, str]]:
    """Return all files that the records name, by hash, each with the record that names it first ("revision 5").

    Lists that a damaged database has lost are left out; their rows do not fit their seals.
    """
    found: dict[str, tuple[FileFact, str]] = {}
    with store.reading():
        for where, text in _texts(store):
            for fact in _facts(text):
                found.setdefault(fact.sha256, (fact, where))
    return found


def _texts(store: Store) -> Iterator[tuple[str, str]]:
    for model in tables.MODELS:
        options: Any = model._meta  # type: ignore[attr-defined]  # noqa: SLF001  # Peewee's documented name
        for column in _COLUMNS:
            if column in options.fields:
                sql = f'SELECT id, {column} FROM "{options.table_name}" WHERE {column} IS NOT NULL ORDER BY id'  # noqa: S608
                rows = store.database.execute_sql(sql).fetchall()
                yield from ((f"{options.table_name} {number}", text) for number, text in rows if text != "[]")


def _facts(text: str) -> Iterator[FileFact]:
    try:
        for file in json.loads(text):
            yield FileFact(str(file["name"]), str(file["sha256"]), int(file["size"]), str(file["type"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return
