"""What an output's form is made of beside the playbook's fields: its title row, its note, the files it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from salestui.domain.facts import FileFact
from salestui.domain.form_views import AttachedFile
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.services import output_page
from salestui.services.output_page import OutputPage

NOTE: Final = "revision-note"
"""The form's last line: what this revision changes. No field of a playbook can be called so."""


def fields(page: OutputPage) -> tuple[Field, ...]:
    """Return the fields of the form: those of the playbook, and from the second revision on its note."""
    if not page.sheet.latest or page.read_only:
        return page.sheet.output.fields
    said = Text("改了什么，为什么；对比版本时看得到", "What changed, and why; seen when revisions are compared")
    return (*page.sheet.output.fields, Field(NOTE, FieldType.TEXT, Text("修订说明", "What changed"), help=said))


def attached(page: OutputPage, files: Sequence[FileFact], today: date) -> tuple[AttachedFile, ...]:
    """Return the files as the form shows them, each with the local day it came in; new ones came `today`."""
    team = page.loaded.team
    added = {file.sha256: team.today(known.at) for known in page.sheet.revisions for file in known.files}
    return tuple(AttachedFile(file.name, file.size, added.get(file.sha256, today)) for file in files)


def head(page: OutputPage, *, writing: bool, begun: int) -> tuple[tuple[str, Tone], ...]:
    """Return the title row: whose output it is, and which revision, draft or not; `begun` is what the draft changes."""
    newest = page.newest
    title, customer = (page.title, Tone.STRONG), (page.loaded.deal.customer_label, Tone.NORMAL)
    if writing:
        origin = _("changed from r{n}").format(n=begun) if begun else ""
        return title, customer, (_("r{n} draft").format(n=page.sheet.latest + 1), Tone.WARNING), (origin, Tone.MUTED)
    if newest is None:
        return title, customer, (_("not written yet"), Tone.FAINT)
    state, origin = output_page.revision_state(page, newest), output_page.origin(page)
    return title, customer, (f"r{newest.number}", Tone.NORMAL), (state, Tone.MUTED), (origin, Tone.MUTED)
