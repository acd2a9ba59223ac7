"""What customers said, as text: beside the form that answers it what waits, with each revision what it answered."""

from __future__ import annotations

from dataclasses import replace

from salestui.domain.answers import Asked, asked_of
from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.playbook import FieldType
from salestui.domain.showing import show
from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services.loading import Loaded

__all__ = ["answered_by", "waiting"]

_WORDS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})
SHOWN = 5
"""So many comments stand beside a form; the rest is counted."""


def answered_by(loaded: Loaded, key: str, revision: int, currency: str) -> tuple[str, ...]:
    """Return what revision `revision` of output `key` answers, one comment a text, as its record has it."""
    found = asked_of(loaded.playbook, loaded.facts, key)
    return tuple(_row(loaded, asked, currency) for asked in found if asked.answered_in == revision)


def waiting(loaded: Loaded, key: str, currency: str) -> SideSection | None:
    """Return the comments that output `key` has to answer yet, None when there are none."""
    asked = [each for each in asked_of(loaded.playbook, loaded.facts, key) if not each.answered_in]
    if not asked:
        return None
    rows = [SideRow((Word("◦", Tone.WARNING), Word(_words(loaded, each, currency)))) for each in asked[:SHOWN]]
    total = (Word(str(len(asked)), Tone.WARNING),)
    return SideSection(_("Feedback to answer"), tuple(rows), columns=(2, 4), total=total)


def _row(loaded: Loaded, asked: Asked, currency: str) -> str:
    left = {asked.place.column.key, asked.place.rule.unless}
    columns = tuple(column for column in asked.place.field.columns if column.key not in left)
    table = replace(asked.place.field, columns=columns)
    return show(table, [asked.row], language(), home_currency=currency, zone=loaded.team.zone)


def _words(loaded: Loaded, asked: Asked, currency: str) -> str:
    """The words of a comment alone, for they must fit beside a form."""
    said = (asked.row.get(column.key) for column in asked.place.field.columns if column.type in _WORDS)
    return " ".join(str(words) for words in said if words).replace("\n", " ") or _row(loaded, asked, currency)
