"""The form of an output on its screen, and how everything typed or attached there is kept until it is submitted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from salestui.domain.facts import FileFact
from salestui.domain.form_views import AttachedFile
from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.errors import StorageFault
from salestui.field_texts import problem_text
from salestui.i18n import gettext as _
from salestui.screens import output_parts
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.screens.drafting import REST
from salestui.screens.output_draft import OutputDraft
from salestui.screens.telling import refusal_text
from salestui.services import outputs, refusals
from salestui.services.draft_files import FormDraft
from salestui.services.output_page import OutputPage
from salestui.widgets.form import Form

__all__ = ["KeepsOutput"]


class KeepsOutput(SalesScreen[object]):
    """A screen with the form of one output; subclasses draw what stands around it."""

    _page: OutputPage
    _dropping = False

    def __init__(self, desk: Desk, deal: int, output: str) -> None:
        super().__init__(desk)
        self._deal, self._output = deal, output
        self._files: tuple[FileFact, ...] = ()
        self._named: tuple[Path, ...] = ()
        self._begun = self._strokes = 0
        self._command = uuid.uuid4().hex
        self._drafted = False
        self._saved_at = self._troubled = ""
        self.draft = OutputDraft(self, self._content, self._save, self._told)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def _show_around(self) -> None:
        """Draw anew what tells of the draft."""
        raise NotImplementedError

    def on_form_changed(self) -> None:
        """Keep the draft soon, however long the typing goes on."""
        self._dropping = False
        self._strokes += 1
        self.draft.touched(REST)

    async def keep_drafts(self) -> None:
        """Keep what was typed since the last time, in a file where the database keeps it waiting."""
        await self.draft.keep()

    async def set_aside(self) -> None:
        """Write what the database does not have yet to a file."""
        await self.draft.put_aside()

    def _content(self) -> FormDraft:
        stored = tuple(file.sha256 for file in self._files)
        return FormDraft(
            self.form.raw, self._named, self.desk.now, command=self._command, stored=stored, based_on=self._begun
        )

    async def _save(self, draft: FormDraft) -> object:
        """Keep a draft in the database, with copies of the files that were named."""
        outcome = await self.desk.tell(
            outputs.save_draft,
            self._deal,
            self._output,
            draft.values,
            draft.files,
            draft.based_on,
            keep_files=list(draft.stored),
        )
        if draft.files and self.is_attached:
            await self._files_in(draft.files, outcome)
        return outcome

    def _told(self, outcome: object) -> None:
        """Show what came of keeping the draft; a trouble is told once, until it is over."""
        if not self.is_attached or not self.query(Form):
            return
        trouble = "" if isinstance(outcome, Done) else self._trouble(outcome)
        if isinstance(outcome, Done) or self.draft.in_file:
            self._drafted, self._saved_at = True, self._hour(self.desk.now)
        if trouble and trouble != self._troubled:
            self.app.notify(trouble, severity="error", markup=False, timeout=20)
        elif self._troubled and not trouble:
            self.app.clear_notifications()
            self.app.notify(_("The draft is in the database now."), markup=False, timeout=6)
        self._troubled = trouble
        self._show_around()

    def _trouble(self, outcome: object) -> str:
        if isinstance(outcome, OSError):
            return _("The draft cannot be kept: {reason}").format(reason=outcome.strerror or outcome)
        said = outcome.text() if isinstance(outcome, StorageFault) else self._refusal(outcome)
        if not self.draft.in_file:
            return said
        return f"{said} {_('What you type is kept in a file meanwhile, and tried again.')}"

    def _take_up(self, kept: FormDraft) -> Mapping[str, object]:
        """Go on with what a file kept while the database could not be reached; it goes there now."""
        self._files = output_parts.known_files(self._page, kept.stored)
        self._named = tuple(path for path in kept.files if path.is_file())
        self._begun, self._command = kept.based_on, kept.command or self._command
        self._drafted, self._saved_at = True, self._hour(kept.at)
        self.draft.touched(REST)
        return kept.values

    def _attached(self) -> tuple[AttachedFile, ...]:
        return output_parts.attached(self._page, self._files, self.desk.team.today(self.desk.now), self._named)

    def on_form_file_added(self, message: Form.FileAdded) -> None:
        """Take a copy of the file at once; it belongs to the draft until the output is submitted."""
        self._named = (*self._named, message.path)
        self.run_worker(self._take_files(), group="draft")

    async def _take_files(self) -> None:
        self._strokes += 1
        self.draft.touched(REST)
        await self.draft.keep()

    async def _files_in(self, paths: tuple[Path, ...], outcome: object) -> None:
        """The database has the files now, or has refused them."""
        self._named = tuple(path for path in self._named if path not in paths)
        if isinstance(outcome, Invalid):
            self.form.tell(problem_text(outcome.problems[0], self._page.sheet.output.fields))
        sheet = await self.desk.ask(outputs.sheet, self._deal, self._output)
        self._files = sheet.files if isinstance(outcome, Done) else self._files
        self.form.files = self._attached()

    def on_form_file_removed(self, message: Form.FileRemoved) -> None:
        """Take a file off; the revisions that have it keep it."""
        stored = len(self._files)
        self._named = tuple(path for index, path in enumerate(self._named, stored) if index != message.index)
        self._files = tuple(file for index, file in enumerate(self._files) if index != message.index)
        self.form.files = self._attached()
        self.on_form_changed()

    def _hour(self, at: datetime) -> str:
        return f"{at.astimezone(self.desk.team.zone):%H:%M}"

    def _refusal(self, outcome: object) -> str:
        playbook = self._page.loaded.playbook
        return refusals.text(outcome, playbook) if isinstance(outcome, NotAllowed) else refusal_text(outcome)
