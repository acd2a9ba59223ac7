"""Exports outputs as Word or Markdown, and lists as Excel or CSV; the ending of the file decides."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from salestui.domain.documents import Document, Exported
from salestui.domain.outcomes import NotAllowed
from salestui.domain.text import clean_name
from salestui.errors import BadInput
from salestui.i18n import Language, language, speaking
from salestui.i18n import gettext as _
from salestui.services import export_files, playbooks
from salestui.services.export_document import document
from salestui.services.export_handbook import handbook_document
from salestui.services.export_listings import KINDS, title_of, workbook
from salestui.services.loading import team_of
from salestui.services.request import Call

__all__ = [
    "DOCUMENTS",
    "KINDS",
    "LISTS",
    "document",
    "export_handbook",
    "export_listing",
    "export_output",
    "file_name",
    "title_of",
    "workbook",
]

DOCUMENTS: Final = (".docx", ".md")
"""The endings of exported outputs."""

LISTS: Final = (".xlsx", ".csv")
"""The endings of exported lists."""

_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('<>:"/\\|?*', " "))


def export_output(
    call: Call,
    deal: int,
    output: str,
    to: Path,
    *,
    template: Path | None = None,
    revision: int | None = None,
    replace: bool = False,
) -> Exported | NotAllowed:
    """Write an output of a deal to the file `to`, in the language in use, and return what was written.

    `to` ends in .docx or .md; `template` is a company's Word file (docs/export.md). Without `revision` the current one
    is taken. Refused where nothing was submitted yet. Raises NotFound, BadInput, BadTemplate, FileThere, DiskFull.
    """
    kind, target = _place(to, template, replace=replace)
    found = document(call, deal, output, revision)
    if isinstance(found, NotAllowed):
        return found
    return export_files.write(target, _document_bytes(found, kind, template), replace=replace)


def export_handbook(
    call: Call,
    key: str,
    to: Path,
    *,
    version: int | None = None,
    spoken: Language | None = None,
    template: Path | None = None,
    replace: bool = False,
) -> Exported:
    """Write a whole handbook to the file `to` as one document to print, and return what was written.

    `to` ends in .docx or .md; `version` None is the newest one, `spoken` None the language in use. Raises NotFound,
    BadInput, BadTemplate, FileThere, DiskFull.
    """
    kind, target = _place(to, template, replace=replace)
    book = playbooks.latest(call, key) if version is None else playbooks.get(call, key, version)
    with speaking(spoken or language()):
        found = handbook_document(book, author=call.actor.name, at=call.now, team=team_of(call))
        content = _document_bytes(found, kind, template)
    return export_files.write(target, content, replace=replace)


def _place(to: Path, template: Path | None, *, replace: bool) -> tuple[str, Path]:
    """Return the ending of a document's file and where it goes; raises BadInput and FileThere."""
    kind = _ending(to, DOCUMENTS)
    if template is not None and kind != ".docx":
        raise BadInput(str(template), _("Only Word documents (.docx) follow a template."))
    target = export_files.check_place(to, replace=replace)
    if template is not None and template.exists() and target.exists() and target.samefile(template):
        raise BadInput(str(to), _("This is the template itself. Choose another name."))
    return kind, target


def _document_bytes(found: Document, kind: str, template: Path | None) -> bytes:
    if kind == ".md":
        from salestui.services.export_markdown import markdown_text

        return markdown_text(found).encode("utf-8")
    from salestui.services.export_word import word_bytes

    return word_bytes(found, template)


def export_listing(call: Call, kind: str, to: Path, *, campaign: int | None = None, replace: bool = False) -> Exported:
    """Write one of the lists `KINDS` to the file `to`, of one campaign or of all, and return what was written.

    `to` ends in .xlsx or .csv; a CSV file holds one sheet, so scores of several campaigns need one to be named.
    Raises NotFound, BadInput, FileThere, DiskFull.
    """
    from salestui.services.export_excel import csv_bytes, workbook_bytes

    ending = _ending(to, LISTS)
    target = export_files.check_place(to, replace=replace)
    found = workbook(call, kind, campaign)
    if ending == ".xlsx":
        return export_files.write(target, workbook_bytes(found), replace=replace)
    if len(found.sheets) > 1:
        names = ", ".join(sheet.subject for sheet in found.sheets)
        raise BadInput(
            str(to), _("A CSV file holds one campaign's scores. Name the campaign: {names}").format(names=names)
        )
    return export_files.write(target, csv_bytes(found.sheets[0]), replace=replace)


def _ending(path: Path, known: tuple[str, ...]) -> str:
    ending = path.suffix.lower()
    if ending not in known:
        raise BadInput(str(path), _("The name must end in {endings}.").format(endings=_(" or ").join(known)))
    return ending


def file_name(title: str, about: str, ending: str) -> str:
    """Return a name for an exported file: title and what it is about, without what file systems do not take."""
    words = clean_name(f"{title} {about}".translate(_NOT_IN_NAMES).replace("《", "").replace("》", ""))
    return f"{words[:80].rstrip(' .')}{ending}"
