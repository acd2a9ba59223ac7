"""A screen with one form, saved by one service: customers, contacts, talks, votes, exceptions and all small dialogs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.merging import Merged, merge, settled
from salestui.domain.news import Happened, News
from salestui.domain.outcomes import Completed, Conflict, Done, Invalid, Moved
from salestui.domain.playbook import Field, FileRule
from salestui.domain.presence import Doing
from salestui.domain.views import DealHeadView, KeyHint
from salestui.errors import StorageFault
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.changes import Changes, Fresh, Standing
from salestui.screens.conflict import ConflictScreen, Dispute, taken_text
from salestui.screens.desk import Desk
from salestui.screens.drafting import Drafting, Typed, command_of
from salestui.screens.telling import changed_text
from salestui.services import draft_files, field_texts, live
from salestui.widgets.footer import KeyFooter
from salestui.widgets.form import Form
from salestui.widgets.form_model import AttachedFile, FormModel
from salestui.widgets.topbar import TopBar

Save = Callable[[Mapping[str, object], Sequence[Path]], Awaitable[object]]
DONE = (Done, Moved, Completed)
_ABOUT = re.compile(r"(?<![A-Za-z0-9])[CDMPRT][0-9]+")
"""The shown ids in the name of a draft: what a form is about."""


class FormScreen(SalesScreen[object]):
    """Asks the fields given and saves them with `save(values, files)`.

    Dismisses with the outcome when it was done, with None when left. A refusal is told, and nothing typed is lost: what
    was changed is a draft within half a second, comes back when the form is opened again, and goes once it is saved.
    Where somebody else was faster, what only one changed is brought together, and what both changed is shown.
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
        changes: Changes | None = None,
        fresh: Fresh | None = None,
    ) -> None:
        """Make the screen; `small` None lets the form decide by its number of fields.

        `draft` is what its draft is kept under, the same for the same form of the same thing, such as "talk:D7". A form
        that changes what is there already has `changes` with its version, and `fresh` to read it as it stands now.
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
        self._begun: dict[str, object] | None = None
        self._changes, self._fresh = changes, fresh
        self._command = uuid.uuid4().hex
        self._about = tuple(dict.fromkeys(_ABOUT.findall(draft)))
        self._currency = currency
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

    def _restore(self, begun: dict[str, object]) -> None:
        kept = self.draft.load()
        if kept is not None:
            known = {key: value for key, value in kept.values.items() if key in self.form.model.keys}
            self._command = kept.command or self._command
            self._begin_on({key: value for key, value in kept.before.items() if key in known})
            self.form.set_values({**begun, **known})
            self._new_files = [path for path in kept.files if path.is_file()]
            self._show_files()
        elif self._changes is not None:
            self._changes.begin(begun)
        self.show_title()
        self.show_hints()

    def _begin_on(self, before: Mapping[str, object]) -> None:
        """A draft goes on what its fields said then: where they say something else now, saving is a conflict."""
        begun = self._begun or {}
        overtaken = any(begun.get(key, "") != value for key, value in before.items())
        self._begun = {**begun, **before}
        if self._changes is not None:
            self._changes.begin(self._begun, -1 if overtaken else None)

    def show_title(self) -> None:
        """Draw the title row; it says that a draft goes on here, and who else is at it."""
        view = DealHeadView(name=self._title, owner=self._subject, notice=self.told)
        self.query_one(TopBar).show(view)

    @property
    def told(self) -> str:
        """What the title row says: that a draft goes on here, who else is at what the form is about."""
        return "  ".join(part for part in (self.draft.told, self.present()) if part)

    def before_me(self) -> tuple[str, Doing]:
        """What the form is about is being edited."""
        return (self._about[0] if self._about else ""), Doing.EDITING

    def show_present(self) -> None:
        """Draw the title row anew."""
        self.show_title()

    async def on_changed(self, news: News) -> None:
        """Say in the strip that somebody changed meanwhile what the form is about; nothing typed is touched."""
        about = self._touched(news)
        if about is not None:
            what = await self.desk.ask(live.told, about.event, language())
            self.notice(changed_text(about.who, what))

    def _touched(self, news: News) -> Happened | None:
        for subject in self._about:
            number = int(subject[1:])
            if subject.startswith("D"):
                found = news.about_deal(number)
            else:
                found = news.about_customer(number) if subject.startswith("C") else news.about(subject)
            if found is not None:
                return found
        return None

    def hints(self) -> Iterable[KeyHint]:
        """The form's own keys; asking for a review belongs to outputs."""
        yield KeyHint("tab", _("next field"))
        for key in keys.of("form"):
            if key.id != "form.review" and (key.id != "form.drop" or self.draft.told):
                yield hint(key)

    def _typed(self) -> Typed:
        begun = self._begun or {}
        changed = draft_files.changed(begun, self.form.raw)
        before = {key: begun.get(key, "") for key in changed}
        return Typed(changed, tuple(self._new_files), before, self._command)

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
        outcome = await self._try()
        if isinstance(outcome, Conflict) and self._fresh is not None and self._changes is not None:
            outcome = await self._bring_together(self._changes, await self._fresh())
        if isinstance(outcome, DONE):
            await self.draft.drop()
            self.dismiss(outcome)
        elif isinstance(outcome, Invalid):
            self._show_problems(outcome)
        elif outcome is not None:
            self.tell_refusal(outcome)

    async def _try(self) -> object:
        """Save under an id that is the same for the same content: tried again after a fault it is not done twice."""
        raw, files = self.form.raw, tuple(self._new_files)
        try:
            with self.desk.command(command_of(self._command, sorted(raw.items()), files)):
                return await self._save_service(raw, files)
        except StorageFault as fault:
            await self.draft.keep()
            self.notice(fault.text())
            return None

    async def _bring_together(self, changes: Changes, standing: Standing) -> object:
        """Somebody else was faster: take over what only he changed, ask about what both changed, then save again."""
        merged = self._merged(standing)
        theirs = self._model({**(self._begun or {}), **standing.values})
        self._begun = dict(theirs.raw)
        changes.begin(self._begun, standing.version)
        self.form.set_values(merged.values)
        self.draft.touched()
        await self.draft.keep()
        if merged.clashes or not standing.values:
            dispute = Dispute(self._title, self._subject, merged, standing, currency=self._currency)
            given_up = await self.app.push_screen_wait(ConflictScreen(self.desk, dispute))
            if given_up is None:
                return None
            self.form.set_values(settled(merged, theirs.values, given_up))
        else:
            said = _("{name} changed {fields} meanwhile; both are kept.")
            self.app.notify(said.format(name=standing.who, fields=taken_text(merged.taken)), markup=False, timeout=6)
        return await self._try()

    def _merged(self, standing: Standing) -> Merged:
        before = self._model(self._begun or {}).values
        theirs = {**before, **self._model(standing.values).values} if standing.values else before
        for key in standing.values.keys() - self._model(standing.values).values.keys():
            theirs.pop(key, None)
        return merge(self._fields, before, theirs, self.form.raw, self.form.values)

    def _model(self, values: Mapping[str, object]) -> FormModel:
        today, zone = self.desk.team.today(self.desk.now), self.desk.team.zone
        return FormModel(self._fields, values, today=today, currency=self._currency, zone=zone)

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
