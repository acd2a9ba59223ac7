"""What an output's form is made of beside the playbook's fields: its title row, its note, the files it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from salestui import keys
from salestui.domain.dates import short_moment
from salestui.domain.facts import FileFact
from salestui.domain.form_views import AttachedFile
from salestui.domain.merging import merge
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.sheets import OutputSheet
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import hint
from salestui.screens.changes import Standing
from salestui.screens.conflict import Dispute
from salestui.services import output_page, refusals
from salestui.services.output_page import OutputPage

NOTE: Final = "revision-note"
"""The form's last line: what this revision changes. No field of a playbook can be called so."""


def fields(page: OutputPage) -> tuple[Field, ...]:
    """Return the fields of the form: those of the playbook, and from the second revision on its note."""
    if not page.sheet.latest or page.read_only:
        return page.sheet.output.fields
    said = Text("改了什么，为什么；对比版本时看得到", "What changed, and why; seen when revisions are compared")
    return (*page.sheet.output.fields, Field(NOTE, FieldType.TEXT, Text("修订说明", "What changed"), help=said))


def attached(
    page: OutputPage, files: Sequence[FileFact], today: date, named: Sequence[Path] = ()
) -> tuple[AttachedFile, ...]:
    """Return the files as the form shows them, each with the local day it came in; new ones came `today`.

    Those `named` are there to be taken, and wait for the database.
    """
    team = page.loaded.team
    added = {file.sha256: team.today(known.at) for known in page.sheet.revisions for file in known.files}
    waiting = (AttachedFile(path.name, path.stat().st_size, today) for path in named if path.is_file())
    return (*(AttachedFile(file.name, file.size, added.get(file.sha256, today)) for file in files), *waiting)


def known_files(page: OutputPage, hashes: Sequence[str]) -> tuple[FileFact, ...]:
    """Return the files with these hashes that the output has, or had in a revision."""
    revisions = (file for known in page.sheet.revisions for file in known.files)
    known = {file.sha256: file for file in (*revisions, *page.sheet.files)}
    return tuple(known[each] for each in hashes if each in known)


def draft_key(sheet: OutputSheet) -> str:
    """Return what the draft of an output is kept under in a file: the same from whichever deal it is opened."""
    return f"output:{sheet.owner.scope.value}{sheet.owner.id}:{sheet.output.key}"


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


def first_words(page: OutputPage) -> str:
    """Return what one has to know first: others went on, the reviewers sent it back, a draft goes on; else ""."""
    if page.read_only is not None:
        return ""
    draft = page.sheet.draft
    said = _overtaken(page) or output_page.sent_back(page)
    if said or draft is None:
        return said
    at = short_moment(draft.at, page.loaded.team.zone, language())
    return _("Your draft of {at} goes on here; ctrl+o compares or drops it.").format(at=at)


def _overtaken(page: OutputPage) -> str:
    """Return who submitted a newer revision since the draft was begun; "" when nobody did."""
    draft, newest = page.sheet.draft, page.newest
    if draft is None or newest is None or not page.sheet.draft_outdated:
        return ""
    at = short_moment(draft.at, page.loaded.team.zone, language())
    text = _("! {name} submitted r{n} after your draft of {at} was begun; saving brings both together.")
    return text.format(name=newest.author_name, n=newest.number, at=at)


def hints(page: OutputPage, *, drafted: bool) -> Iterable[KeyHint]:
    """Yield the form's keys; what saving makes is in its name."""
    if page.read_only is not None:
        if page.read_only.code == "review_pending":
            yield hint(keys.BY_ID["output.vote"])
        yield hint(keys.BY_ID["output.revisions"], enabled=bool(page.sheet.revisions))
        yield hint(keys.BY_ID["form.leave"])
        return
    yield KeyHint("tab", _("next field"))
    allowed = page.sheet.locked is None
    yield KeyHint(keys.BY_ID["form.save"].label, _("save as r{n}").format(n=page.sheet.latest + 1), enabled=allowed)
    if page.rule is not None:
        yield hint(keys.BY_ID["form.review"], enabled=allowed)
    if any(field.type is FieldType.TABLE for field in page.sheet.output.fields):
        yield KeyHint("ctrl+n", _("add row"))
        yield KeyHint("ctrl+d", _("delete row"))
    yield KeyHint("alt+1", _("what is missing"))
    yield hint(keys.BY_ID["output.revisions"], enabled=bool(page.sheet.revisions) or drafted)
    yield hint(keys.BY_ID["form.leave"])
    yield hint(keys.BY_ID["form.help"])


def dispute(page: OutputPage, begun: int, typed: Mapping[str, object], read: Mapping[str, object]) -> Dispute:
    """Return what came of two people at one output: `typed` (which reads `read`) was begun on another revision."""
    newest, latest = page.newest, page.sheet.latest
    before = next((known.values for known in page.sheet.revisions if known.number == begun), {})
    theirs = newest.values if newest else {}
    merged = merge(page.sheet.output.fields, before, theirs, typed, read)
    who, at, done = (newest.author_name, newest.at, newest.note) if newest else ("", None, "")
    standing = Standing(latest, theirs, who, at, f"r{latest}  {done}".strip())
    saves = _("save as r{n}").format(n=latest + 1)
    return Dispute(page.title, page.loaded.deal.customer_label, merged, standing, saves, page.currency)


def attention(page: OutputPage, values: Mapping[str, object]) -> str:
    """Return what is to be seen before anything else: why saving is refused, or a total its lines do not add up to."""
    locked = page.sheet.locked
    if locked:
        return f"! {refusals.text(locked, page.loaded.playbook)}"
    odd = output_page.sum_warning(page.sheet.output.fields, values, page.currency)
    return f"! {odd}" if odd else ""
