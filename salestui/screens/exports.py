"""Small forms that export: an output or a handbook as a Word document or Markdown, a list as Excel or CSV."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from salestui.dataclass import dataclass
from salestui.domain.documents import Exported
from salestui.domain.facts import Revision
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Done, Invalid
from salestui.domain.playbook import Choice, Field, FieldType, Playbook, Text
from salestui.domain.records import Kind, number_of, shown
from salestui.domain.showing import short_day
from salestui.errors import BadInput, BadTemplate, DiskFull, FileThere, SalestuiError
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.services import campaigns, exporting, outputs
from salestui.services.loading import load
from salestui.widgets.files import complete_path, expand
from salestui.widgets.form import Form

__all__ = ["handbook", "listing", "output", "write"]

Values = Mapping[str, object]
Files = Sequence[Path]

_TEMPLATES = ("docx", "dotx")
_REPLACE = Field(
    "replace",
    FieldType.YES_NO,
    Text("替换已有文件", "Replace"),
    help=Text("同名文件已存在时，用新的替换", "Replace a file of this name where there is one"),
)

_TEMPLATE = Field(
    "template",
    FieldType.PERSON,
    Text("公司模板", "Template"),
    help=Text("公司的 Word 文件，不填用默认版式", "A Word file of the company; empty: the default look"),
)


@dataclass(frozen=True, slots=True)
class _Failed:
    """The file could not be written: why, and the field that mends it."""

    fault: SalestuiError
    field: str


class ExportForm(FormScreen):
    """A form with paths in it: what is typed is completed from the files and folders there are."""

    ENDINGS: Mapping[str, tuple[str, ...]] = {"to": ("docx", "md", "xlsx", "csv"), "template": _TEMPLATES}

    def on_form_changed(self, message: Form.Changed) -> None:
        """Offer the paths that begin like the one being typed; tab takes the first over."""
        key = self.form.body.current_key
        if key in self.ENDINGS:
            self.form.body.people = _begun_like(str(message.form.raw.get(key) or ""), self.ENDINGS[key])
            self.form.body.redraw()

    def tell_refusal(self, outcome: object) -> None:
        """Say why nothing was written, and go where that is mended."""
        if isinstance(outcome, _Failed):
            self.form.go_to(outcome.field)
            self.notice(outcome.fault.text())
        else:
            super().tell_refusal(outcome)

    async def written(self, export: Callable[[], Awaitable[object]]) -> object:
        """Export; return Done with the path, a refusal, or what failed."""
        try:
            outcome = await export()
        except FileThere as fault:
            return _Failed(fault, "replace")
        except BadTemplate as fault:
            return _Failed(fault, "template")
        except (BadInput, DiskFull) as fault:
            return _Failed(fault, "to")
        if isinstance(outcome, Exported):
            self.notice(_("{path} is written ({size} bytes).").format(path=outcome.path, size=outcome.size))
            return Done(outcome.path, 1)
        return outcome

    def read(self, values: Values) -> tuple[dict[str, Any], Invalid | None]:
        """Return what was typed in its stored form, or what is wrong with it."""
        today = self.desk.team.today(self.desk.now)
        stored, unread = normalise(self._fields, values, today=today, zone=self.desk.team.zone)
        problems = (*unread, *check(self._fields, stored, today=today))
        return stored, Invalid(problems) if problems else None


def _begun_like(typed: str, endings: Sequence[str]) -> tuple[str, ...]:
    if not typed.strip():
        return ()
    head = os.path.split(typed)[0]
    names = complete_path(typed, endings).names
    return tuple(os.path.join(head, name) for name in names)  # noqa: PTH118 - keeps "~" and "/"


def _path_field(help: Text, example: Text) -> Field:
    # a person's field offers known texts while one types, which is what a path wants as well
    return Field("to", FieldType.PERSON, Text("保存到", "Save to"), help=help, example=example, required=True)


def _proposed(title: str, about: str, ending: str) -> str:
    return f"~/{exporting.file_name(title, about, ending)}"


def _revision(revision: Revision, desk: Desk) -> Choice:
    day = desk.team.today(revision.at)
    told = (f"r{revision.number} · {short_day(day, tongue)} · {revision.author_name}" for tongue in ("zh", "en"))
    return Choice(str(revision.number), Text(*told))


async def output(desk: Desk, deal: int, output: str) -> SalesScreen[Any]:
    """Return the form that exports an output of a deal; it dismisses with Done, whose `id` is the path."""
    loaded = await desk.ask(load, deal)
    sheet = await desk.ask(outputs.sheet, deal, output)
    revisions = tuple(_revision(each, desk) for each in sheet.revisions)
    fields = [
        _path_field(
            Text("以 .docx（Word）或 .md（Markdown）结尾", "It ends in .docx (Word) or .md (Markdown)"),
            Text("~/方案.docx", "~/solution.docx"),
        ),
        _TEMPLATE,
        *([Field("revision", FieldType.CHOICE, Text("版本", "Revision"), choices=revisions)] if revisions else []),
        _REPLACE,
    ]
    title = sheet.output.title.get(language())
    revision = f" r{sheet.latest}" if sheet.latest else ""
    start: dict[str, object] = {"to": _proposed(title, f"{loaded.deal.customer_label}{revision}", ".docx")}
    if sheet.facts.revision is not None:
        start["revision"] = str(sheet.facts.revision.number)

    async def save(values: Values, _files: Files) -> object:
        stored, invalid = screen.read(values)
        if invalid is not None:
            return invalid
        template, number = str(stored.get("template") or ""), stored.get("revision")
        return await screen.written(
            lambda: desk.ask(
                exporting.export_output,
                deal,
                output,
                expand(str(stored["to"])),
                template=expand(template) if template else None,
                revision=int(number) if number else None,
                replace=bool(stored.get("replace")),
            )
        )

    subject = loaded.deal.customer_label
    screen = ExportForm(desk, _("Export {title}").format(title=title), fields, save, subject=subject, values=start)
    return screen


async def listing(desk: Desk, kind: str, campaign: int | None = None) -> SalesScreen[Any]:
    """Return the form that exports a list: "scores", "customers" or "care"; it dismisses with Done, as `output`."""
    running = await desk.ask(campaigns.all)
    choices = tuple(Choice(shown(Kind.CAMPAIGN, each.id), Text(each.name, each.name)) for each in running)
    fields = [
        _path_field(
            Text("以 .xlsx（Excel）或 .csv 结尾", "It ends in .xlsx (Excel) or .csv"),
            Text("~/清单.xlsx", "~/a.xlsx"),
        ),
        *(
            [
                Field(
                    "campaign",
                    FieldType.CHOICE,
                    Text("拓展活动", "Campaign"),
                    help=Text("不选就是全部", "None: all of them"),
                    choices=choices,
                )
            ]
            if choices
            else []
        ),
        _REPLACE,
    ]
    title = exporting.title_of(kind)
    start: dict[str, object] = {"to": _proposed(title, desk.team.today(desk.now).isoformat(), ".xlsx")}
    if campaign is not None:
        start["campaign"] = shown(Kind.CAMPAIGN, campaign)

    async def save(values: Values, _files: Files) -> object:
        stored, invalid = screen.read(values)
        if invalid is not None:
            return invalid
        return await screen.written(
            lambda: desk.ask(
                exporting.export_listing,
                kind,
                expand(str(stored["to"])),
                campaign=number_of(Kind.CAMPAIGN, str(stored.get("campaign") or "")),
                replace=bool(stored.get("replace")),
            )
        )

    screen = ExportForm(desk, _("Export {title}").format(title=title), fields, save, values=start)
    return screen


async def handbook(desk: Desk, book: Playbook) -> SalesScreen[Any]:
    """Return the form that writes a handbook as one document to print; it dismisses with Done, as `output`."""
    languages = (Choice("zh", Text("中文", "Chinese")), Choice("en", Text("英文", "English")))
    fields = [
        _path_field(
            Text("以 .docx（Word）或 .md（Markdown）结尾", "It ends in .docx (Word) or .md (Markdown)"),
            Text("~/手册.docx", "~/handbook.docx"),
        ),
        Field("language", FieldType.CHOICE, Text("语言", "Language"), choices=languages, required=True),
        _TEMPLATE,
        _REPLACE,
    ]
    title = book.title.get(language())
    start: dict[str, object] = {"to": _proposed(title, f"v{book.version}", ".docx"), "language": language()}

    async def save(values: Values, _files: Files) -> object:
        stored, invalid = screen.read(values)
        if invalid is not None:
            return invalid
        template = str(stored.get("template") or "")
        return await screen.written(
            lambda: desk.ask(
                exporting.export_handbook,
                book.key,
                expand(str(stored["to"])),
                version=book.version,
                spoken="zh" if stored["language"] == "zh" else "en",
                template=expand(template) if template else None,
                replace=bool(stored.get("replace")),
            )
        )

    screen = ExportForm(desk, _("Export {title}").format(title=title), fields, save, values=start)
    return screen


async def write(screen: SalesScreen[Any], kind: str, campaign: int | None = None) -> None:
    """Ask where to, write a list there, and tell on the screen where it lies."""
    outcome = await screen.app.push_screen_wait(await listing(screen.desk, kind, campaign))
    if isinstance(outcome, Done):
        screen.notice(_("Saved: {path}").format(path=outcome.id))
