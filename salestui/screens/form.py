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
from salestui.screens.drafting import Drafting, Typed
from salestui.services import draft_files, field_texts
from salestui.widgets.footer import KeyFooter
from salestui.widgets.form import Form
from salestui.widgets.form_model import AttachedFile
from salestui.widgets.topbar import TopBar

Save = Callable[[Mapping[str, object], Sequence[Path]], Awaitable[object]]
DONE = (Done, Moved, Completed)


class FormScreen(SalesScreen[object]):
    """Asks the fields given and saves them with `save(values, files)`.

    Dismisses with the outcome when it was done, with None when left. A refusal is told, and nothing typed is lost: what
    was changed is a draft within half a second, comes back when the form is opened again, and goes once it is saved.
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
        draft: str = "",
    ) -> None:
        """Make the screen; `small` None lets the form decide by its number of fields.

        `draft` is what its draft is kept under, the same for the same form of the same thing, such as "talk:D7".
        """
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
        self._begun: Mapping[str, object] | None = None
        self._dropping = False
        self.draft = Drafting(self, draft, self._typed)

    def compose(self) -> ComposeResult:
        """The title row, the form, the footer."""
        yield TopBar()
        yield self.form
        yield KeyFooter(self.hints())

    def on_mount(self) -> None:
        """Go on with the draft where there is one; start in the first field, or in the one asked for."""
        if self._begun is None:
            self._begun = self.form.raw
            self._restore(self._begun)
        self.form.focus()
        if self._focus:
            self.form.go_to(self._focus)

    def _restore(self, begun: Mapping[str, object]) -> None:
        kept = self.draft.load()
        if kept is not None:
            known = {key: value for key, value in kept.values.items() if key in self.form.model.keys}
            self.form.set_values({**begun, **known})
            self._new_files = [path for path in kept.files if path.is_file()]
            self._show_files()
        self.show_title()
        self.show_hints()

    def show_title(self) -> None:
        """Draw the title row; it says that a draft goes on here."""
        view = DealHeadView(name=self._title, owner=self._subject, notice=self.draft.told)
        self.query_one(TopBar).show(view)

    def hints(self) -> Iterable[KeyHint]:
        """The form's own keys; asking for a review belongs to outputs."""
        yield KeyHint("tab", _("next field"))
        for key in keys.of("form"):
            if key.id != "form.review" and (key.id != "form.drop" or self.draft.told):
                yield hint(key)

    def _typed(self) -> Typed:
        return Typed(draft_files.changed(self._begun or {}, self.form.raw), tuple(self._new_files))

    def on_form_changed(self, event: Form.Changed) -> None:
        """Keep what is typed as a draft."""
        del event
        self._dropping = False
        self.draft.touched()

    async def keep_drafts(self) -> None:
        """Keep what was typed since the last time."""
        await self.draft.keep()

    def on_form_file_added(self, message: Form.FileAdded) -> None:
        """Attach a file; it is stored when the form is saved."""
        path = message.path.expanduser()
        if not path.is_file():
            self.notice(_("There is no file {path}").format(path=path))
            return
        self._new_files.append(path.absolute())
        self._show_files()
        self.draft.touched()

    def on_form_file_removed(self, message: Form.FileRemoved) -> None:
        """Take a file off again."""
        del self._new_files[message.index]
        self._show_files()
        self.draft.touched()

    def _show_files(self) -> None:
        day = self.desk.team.today(self.desk.now)
        self.form.files = [AttachedFile(path.name, path.stat().st_size, day) for path in self._new_files]

    def on_form_submitted(self) -> None:
        """Enter on the last field of a small form saves."""
        self.action_save()

    def notice(self, text: str) -> None:
        """Tell it in the form's own strip: it goes with the form, and does not outlive what it speaks of."""
        self.form.tell(text)

    def action_save(self) -> None:
        """Save; the screen stays open until it is done."""
        self.wait_for(self._save())

    async def _save(self) -> None:
        outcome = await self._save_service(self.form.raw, tuple(self._new_files))
        if isinstance(outcome, DONE):
            await self.draft.drop()
            self.dismiss(outcome)
        elif isinstance(outcome, Invalid):
            self._show_problems(outcome)
        else:
            self.tell_refusal(outcome)

    def _show_problems(self, invalid: Invalid) -> None:
        first = invalid.problems[0]
        self.form.go_to(first.where)
        self.notice(field_texts.problem_text(first, self._fields))

    async def action_leave(self) -> None:
        """Leave without saving; what was typed stays as a draft."""
        await self.draft.keep()
        self.dismiss(None)

    async def action_drop(self) -> None:
        """Give up what was typed, and its draft, when asked twice."""
        typed = self._typed()
        if not typed.values and not typed.files:
            self.form.tell(_("Nothing was typed; there is no draft to drop."))
        elif not self._dropping:
            self._dropping = True
            self.form.tell(_("Press it once more to drop what was typed, for good."))
        else:
            self._dropping = False
            await self.draft.drop()
            self.form.set_values(self._begun or {})
            self._new_files.clear()
            self._show_files()
            self.show_title()
            self.show_hints()
            self.form.tell(_("The draft is dropped."))

    def action_help(self) -> None:
        """Say what the field under the cursor is for."""
        self.form.tell(_("Fill in the fields; ctrl+s saves, esc leaves."))
