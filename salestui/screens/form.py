"""A screen with one form, saved by one service: customers, contacts, talks, votes, exceptions and all small dialogs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.outcomes import Completed, Done, Invalid, Moved
from salestui.domain.playbook import Field, FileRule
from salestui.domain.views import DealHeadView, KeyHint
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.desk import Desk
from salestui.services import field_texts
from salestui.widgets.footer import KeyFooter
from salestui.widgets.form import Form
from salestui.widgets.form_model import AttachedFile
from salestui.widgets.topbar import TopBar

Save = Callable[[Mapping[str, object], Sequence[Path]], Awaitable[object]]
DONE = (Done, Moved, Completed)


class FormScreen(SalesScreen[object]):
    """Asks the fields given and saves them with `save(values, files)`.

    Dismisses with the outcome when it was done, with None when left. A refusal is told, and nothing typed is lost.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("form",)
    BINDINGS: ClassVar[list[BindingType]] = bindings("form")

    def __init__(
        self,
        desk: Desk,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        subject: str = "",
        values: Mapping[str, object] | None = None,
        people: Sequence[str] = (),
        file_rule: FileRule | None = None,
        currency: str = "CNY",
        note: str = "",
        focus: str = "",
        small: bool | None = None,
    ) -> None:
        """Make the screen; `small` None lets the form decide by its number of fields."""
        super().__init__(desk)
        self._title, self._subject = title, subject
        self._fields, self._save_service = tuple(fields), save
        self._focus = focus
        self._new_files: list[Path] = []
        self.form = Form(
            fields,
            dict(values or {}),
            today=desk.team.today(desk.now),
            zone=desk.team.zone,
            people=people,
            file_rule=file_rule,
            currency=currency,
            note=note,
            small=small,
        )

    def compose(self) -> ComposeResult:
        """The title row, the form, the footer."""
        yield TopBar(DealHeadView(name=self._title, owner=self._subject))
        yield self.form
        yield KeyFooter(self.hints())

    def on_mount(self) -> None:
        """Start in the first field, or in the one asked for."""
        self.form.focus()
        if self._focus:
            self.form.go_to(self._focus)

    def hints(self) -> Iterable[KeyHint]:
        """The form's own keys; asking for a review belongs to outputs."""
        yield KeyHint("tab", _("next field"))
        for key in keys.of("form"):
            if key.id != "form.review":
                yield hint(key)

    def on_form_file_added(self, message: Form.FileAdded) -> None:
        """Attach a file; it is stored when the form is saved."""
        path = message.path.expanduser()
        if not path.is_file():
            self.notice(_("There is no file {path}").format(path=path))
            return
        self._new_files.append(path)
        self._show_files()

    def on_form_file_removed(self, message: Form.FileRemoved) -> None:
        """Take a file off again."""
        del self._new_files[message.index]
        self._show_files()

    def _show_files(self) -> None:
        day = self.desk.team.today(self.desk.now)
        self.form.files = [AttachedFile(path.name, path.stat().st_size, day) for path in self._new_files]

    def on_form_submitted(self) -> None:
        """Enter on the last field of a small form saves."""
        self.action_save()

    def action_save(self) -> None:
        """Save; the screen stays open until it is done."""
        self.wait_for(self._save())

    async def _save(self) -> None:
        outcome = await self._save_service(self.form.raw, tuple(self._new_files))
        if isinstance(outcome, DONE):
            self.dismiss(outcome)
        elif isinstance(outcome, Invalid):
            self._show_problems(outcome)
        else:
            self.tell_refusal(outcome)

    def _show_problems(self, invalid: Invalid) -> None:
        first = invalid.problems[0]
        self.form.go_to(first.where)
        self.notice(field_texts.problem_text(first, self._fields))

    def action_leave(self) -> None:
        """Leave without saving."""
        self.dismiss(None)

    def action_help(self) -> None:
        """Say what the field under the cursor is for."""
        self.form.tell(_("Fill in the fields; ctrl+s saves, esc leaves."))
