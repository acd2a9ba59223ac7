"""Every column of the tables in which text can stand is spoiled by the tests of hostile text, or told why not."""

from __future__ import annotations

from pathlib import Path

import peewee as pw

from salestui.storage import tables
from salestui.storage.fields import Json
from tests.e2e.spoiling import JSON, PLAIN, SPARED, spoil, untouched
from tests.ui.stories import make


def test_every_text_column_is_spoiled_or_spared_with_a_reason() -> None:
    there = {
        f"{table.__name__}.{field.name}"
        for table in tables.MODELS
        for field in table._meta.sorted_fields
        if isinstance(field, pw.TextField | pw.CharField | Json)
    }
    spoiled = {
        f"{table.__name__}.{column}"
        for named in (PLAIN, JSON)
        for table, columns in named.items()
        for column in columns
    }
    assert not there - spoiled - set(SPARED), "neither spoiled nor spared"
    assert not (spoiled | set(SPARED)) - there, "no such column"
    assert not spoiled & set(SPARED), "spoiled and spared"
    assert all(SPARED.values())


def test_the_text_stands_in_every_column_that_is_to_be_spoiled(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    spoil(story, "vor\x1b[2Jnach")
    assert untouched(story, "vor\x1b[2Jnach") == []
    story.close()
