"""The sentences of `salestui doctor`: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from salestui.i18n import gettext as _

__all__ = ["CODES", "advice_of", "text_of"]

_TEXTS: Final[Mapping[str, Callable[[], str]]] = {
    "structure": lambda: _("The database file is whole: every page, index and reference."),
    "unreadable": lambda: _("The database file cannot be read: {reason}"),
    "damaged": lambda: _("The database file is damaged in {n} places; the first: {reason}"),
    "indices": lambda: _("{n} entries of indices do not fit their tables; the first: {reason}"),
    "indices_mended": lambda: _("The indices were made anew from their tables."),
    "orphans": lambda: _("{n} rows name others that are gone; the first: {reason}"),
    "schema_differs": lambda: _("The tables are not those of this version in {n} places; the first: {reason}"),
    "rows": lambda: _("All rows are as salestui wrote them."),
    "rows_changed": lambda: _("{n} rows are not what salestui wrote: {where}"),
    "history": lambda: _("The history holds: {n} events, all as they were written."),
    "history_broken": lambda: _("The history does not hold. {reason}"),
    "moves": lambda: _("{n} moves of deals do not hold up. {where}"),
    "files": lambda: _("All {n} attached files are there and unchanged."),
    "files_lost": lambda: _("{n} attached files are missing or were changed: {where}"),
    "files_unnamed": lambda: _("{n} stored files ({megabytes} MB) are named by no record. They do no harm."),
    "counts": lambda: _("The counts of the board are right."),
    "counts_wrong": lambda: _("The counts of the board are wrong: {columns} columns, {deals} cards."),
    "counts_mended": lambda: _("The counts of the board were made anew."),
    "playbooks": lambda: _("All {n} installed playbooks are as they were installed."),
    "playbook_changed": lambda: _("The playbook {where} is not what was installed."),
    "drafts": lambda: _("{n} unfinished forms are kept for you."),
    "draft_unreadable": lambda: _("{n} unfinished forms cannot be read: {where}"),
    "leftovers": lambda: _("{n} files were left by writing that was cut off: {where}"),
    "leftovers_mended": lambda: _("{n} files left by writing that was cut off were removed."),
    "not_checked": lambda: _("Not checked ({what}): {reason}"),
}

_BACKUP: Final = "salestui restore BACKUP"
_SALVAGE: Final = "salestui doctor --salvage NEW.db"
_ADVICE: Final[Mapping[str, Callable[[], str]]] = {
    "unreadable": lambda: _(
        "Copy the file away. Bring the last backup back: {backup}. What was done since can be read from: {salvage}"
    ),
    "damaged": lambda: _(
        "Copy the file away. Bring the last backup back: {backup}. What was done since can be read from: {salvage}"
    ),
    "indices": lambda: _("No value is lost. Have them made anew: salestui doctor --repair"),
    "orphans": lambda: _("Another program wrote to the database. Compare with the last backup: {backup} --check"),
    "schema_differs": lambda: _("Another program changed the tables. Bring the last backup back: {backup}"),
    "rows_changed": lambda: _(
        "The disk failed or another program wrote to the database. Compare with salestui history and set the values "
        "right, or bring the last backup back: {backup}"
    ),
    "history_broken": lambda: _("Keep a copy as evidence. The last sound history is in the last backup: {backup}"),
    "moves": lambda: _("Ask who made them; the history has the name: salestui history --verify"),
    "files_lost": lambda: _("Bring them back from a backup: {backup} --files"),
    "counts_wrong": lambda: _("No deal is lost. Have them counted anew: salestui doctor --repair"),
    "playbook_changed": lambda: _("Install it again from its file: salestui playbook install FILE"),
    "draft_unreadable": lambda: _("They hold only what was typed and never saved. Remove the files."),
    "leftovers": lambda: _("They do no harm. Have them removed: salestui doctor --repair"),
    "not_checked": lambda: _("Mend the faults above first, then run it again."),
}

CODES: Final = frozenset(_TEXTS)
"""All codes of findings."""


def text_of(code: str) -> str:
    """Return what a finding says, a template for its facts."""
    return _TEXTS[code]()


def advice_of(code: str) -> str:
    """Return what to do about a finding, "" where there is nothing to do."""
    told = _ADVICE.get(code)
    return told().replace("{backup}", _BACKUP).replace("{salvage}", _SALVAGE) if told else ""
