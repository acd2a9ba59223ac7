"""A form made from the fields of a playbook: outputs, talks, customers, votes and whatever else is filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from salestui.i18n import gettext as _
from salestui.i18n import language as current_language
from salestui.i18n import mark
from salestui.widgets.form_body import FormBody
from salestui.widgets.form_editor import FormEditor
from salestui.widgets.form_model import FormModel
from salestui.widgets.form_page import Cursor
from salestui.widgets.form_rail import FormProgress, FormRail, FormStrip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, tzinfo
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult

    from salestui.domain.deal_views import SideSection
    from salestui.domain.form_views import AttachedFile, Clue
    from salestui.domain.playbook import Field, FileRule
    from salestui.domain.problems import Problem

__all__ = ["Form"]

RAIL_FROM = 5
"""Forms of fewer fields have no rail."""
WIDE = 100
"""Cells from which the rail stands beside the fields."""


class Form(Widget):
    """Fields to be filled: the one in focus is open, the others are folded to label and value.

    What is typed is kept word for word (`raw`, for drafts) and read at once (`values`, `problems`). The form stores
    nothing: the screen saves on `Changed` or on its own key.
    """

    DEFAULT_CSS = """
    Form { layout: vertical; height: 1fr; }
    Form > Horizontal { height: 1fr; }
    Form.-small, Form.-small > Horizontal { height: auto; }
    Form.-small FormRail, Form.-narrow FormRail { display: none; }
    Form.-narrow FormProgress { display: block; }
    Form.-small FormProgress { display: none; }
    Form.-readonly FormStrip { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next", mark("Next field"), id="form.next", priority=True),
        Binding("shift+tab", "previous", mark("Previous field"), id="form.previous", priority=True, show=False),
        Binding("down", "down", mark("Down"), id="form.down", show=False),
        Binding("up", "up", mark("Up"), id="form.up", show=False),
        Binding("enter", "advance", mark("Go on"), id="form.advance", show=False),
        Binding("left", "option(-1)", mark("Option before"), id="form.option_before", show=False),
        Binding("right", "option(1)", mark("Option after"), id="form.option_after", show=False),
        Binding("space", "choose", mark("Choose"), id="form.toggle", show=False),
        Binding("backspace,delete", "clear", mark("Empty"), id="form.clear", show=False),
        Binding("ctrl+n", "add_row", mark("Add a row"), id="form.add_row", priority=True),
        Binding("ctrl+d", "delete_row", mark("Delete the row"), id="form.delete_row", priority=True),
        Binding("ctrl+z", "restore_row", mark("Bring the row back"), id="form.restore_row", priority=True),
        Binding("f4", "take_clue", mark("Take over"), id="form.take_clue"),
        Binding("escape", "close_cell", mark("Back to the table"), id="form.close_cell", priority=True),
        Binding("alt+1", "jump(1)", mark("To what is missing"), id="form.jump"),
        *(
            Binding(f"alt+{n}", f"jump({n})", mark("To what is missing"), id=f"form.jump_{n}", show=False)
            for n in range(2, 10)
        ),
        Binding("pagedown", "page(1)", mark("Page down"), id="form.page_down", show=False),
        Binding("pageup", "page(-1)", mark("Page up"), id="form.page_up", show=False),
    ]

    class Changed(Message):
        """Something was typed or chosen: the form's `raw`, `values` and `problems` are new."""

        def __init__(self, form: Form) -> None:
            self.form = form
            super().__init__()

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class FileAdded(Message):
        """The user names a file to attach; the screen stores it and gives the form its new `files`."""

        def __init__(self, form: Form, path: Path) -> None:
            self.form = form
            self.path = path
            super().__init__()

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class FileRemoved(Message):
        """The user wants the file at `index` (from 0) gone."""

        def __init__(self, form: Form, index: int) -> None:
            self.form = form
            self.index = index
            super().__init__()

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class Submitted(Message):
        """Enter on the last field of a small form with nothing missing."""

        def __init__(self, form: Form) -> None:
            self.form = form
            super().__init__()

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def __init__(
        self,
        fields: Sequence[Field],
        values: Mapping[str, object] | None = None,
        *,
        today: date,
        files: Sequence[AttachedFile] = (),
        file_rule: FileRule | None = None,
        people: Sequence[str] = (),
        currency: str = "CNY",
        zone: tzinfo = UTC,
        language: str | None = None,
        readonly: bool = False,
        small: bool | None = None,
        clues: Mapping[str, Clue] | None = None,
        aside: Sequence[SideSection] = (),
        note: str = "",
        complete_note: str = "",
        warning: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a form of `fields` with `values`, stored or as typed (a draft).

        `file_rule` gives it a place for files. `small` (by itself for four fields or fewer): no rail, as high as its
        fields. `aside` stands below the rail, `warning` says there what saving will bring; `note` is the strip's second
        line while something is missing, `complete_note` when nothing is. `zone` is the team's time zone.
        """
        super().__init__(id=id, classes=classes)
        self.model = FormModel(
            fields, values or {}, files=files, file_rule=file_rule, today=today, currency=currency, zone=zone
        )
        self.language = language or current_language()
        self.readonly = readonly
        self.small = len(self.model.keys) < RAIL_FROM if small is None else small
        self.clues = dict(clues or {})
        self.people = tuple(people)
        self.note = note
        self.complete_note = complete_note
        self.warning = warning
        self._aside = tuple(aside)
        self._notice, self._told_at = "", Cursor()
        self.set_class(self.small, "-small")
        self.set_class(readonly, "-readonly")

    @property
    def values(self) -> dict[str, object]:
        """What was filled in and could be read, in the stored form of the machine contract."""
        return dict(self.model.values)

    @property
    def raw(self) -> dict[str, object]:
        """What was typed, word for word, in a form that JSON can hold: a draft."""
        return {
            key: [dict(row) for row in value if row]
            if isinstance(value, list) and value and isinstance(value[0], dict)
            else value
            for key, value in self.model.raw.items()
        }

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the form from being complete."""
        return self.model.problems

    @property
    def files(self) -> tuple[AttachedFile, ...]:
        """The attached files shown."""
        return self.model.files

    @files.setter
    def files(self, files: Sequence[AttachedFile]) -> None:
        self.model.files = tuple(files)
        self.model.judge()
        if self.is_mounted:
            self.body.files_changed()
        self.refresh_around()

    @property
    def aside(self) -> tuple[SideSection, ...]:
        """Sections below the rail."""
        return self._aside

    @aside.setter
    def aside(self, aside: Sequence[SideSection]) -> None:
        self._aside = tuple(aside)
        self.refresh_around()

    @property
    def body(self) -> FormBody:
        """The part with the fields."""
        return self.query_one(FormBody)

    def compose(self) -> ComposeResult:
        """Lay out progress, rail, fields and strip."""
        yield FormProgress()
        with Horizontal():
            yield FormRail()
            yield FormBody(
                self.model,
                self.language,
                inline=self.small,
                readonly=self.readonly,
                clues=self.clues,
                people=self.people,
            )
        yield FormStrip()

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show other values; the place in focus stays."""
        self.model.load(values)
        if self.is_mounted:
            self.body.reload()
        self.refresh_around()

    def go_to(self, where: str) -> None:
        """Put the focus on a field, or on the cell of a path such as "sources.2.kind"."""
        self.body.go_to(where)

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> Form:
        """Focus the field where the user is."""
        del scroll_visible, from_app_focus
        self.body.take_focus()
        return self

    def tell(self, notice: str) -> None:
        """Say something in the strip's second line until the next change, or until the cursor goes on."""
        self._notice, self._told_at = notice, replace(self.body.cursor)
        self.refresh_around()

    def refresh_around(self) -> None:
        """Bring rail and strip up to date."""
        if not self.is_mounted or not self.size.width:
            return
        current = self.body.current_key
        if self.small:
            note = self._notice or self.body.hint() or self.note
        else:
            self.query_one(FormProgress).update(self.model, current, self.language)
            self.query_one(FormRail).update(self.model, current, self.language, self._aside, self.warning)
            narrow_warning = f"! {self.warning}" if self.warning and self.has_class("-narrow") else ""
            note = self._notice or narrow_warning or self.note
        complete = note if self._notice or self.small else self.complete_note
        token = "foreground" if self._notice else "warning" if note.startswith("! ") else "faint"
        self.query_one(FormStrip).update(self.model, self.language, note, complete, token)

    def on_resize(self, event: events.Resize) -> None:
        """Drop the rail where it leaves too little room for the fields."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self.call_after_refresh(self.refresh_around)

    def on_form_editor_edited(self, event: FormEditor.Edited) -> None:
        """Pass on that something changed."""
        event.stop()
        self._notice = ""
        self.refresh_around()
        self.post_message(self.Changed(self))

    def on_form_editor_moved(self, event: FormEditor.Moved) -> None:
        """Follow the cursor in the rail."""
        event.stop()
        if self.body.cursor != self._told_at:
            self._notice = ""
        self.refresh_around()
        self.refresh_bindings()

    def on_form_editor_told(self, event: FormEditor.Told) -> None:
        """Say it in the strip."""
        event.stop()
        self.tell(event.notice)

    def on_form_editor_file_named(self, event: FormEditor.FileNamed) -> None:
        """Ask the screen to attach the file."""
        event.stop()
        self.post_message(self.FileAdded(self, event.path))

    def on_form_editor_file_dropped(self, event: FormEditor.FileDropped) -> None:
        """Ask the screen to take the file away."""
        event.stop()
        self.post_message(self.FileRemoved(self, event.index))

    def on_form_editor_finished(self, event: FormEditor.Finished) -> None:
        """Enter on the last field."""
        event.stop()
        if self.small and not self.problems:
            self.post_message(self.Submitted(self))
        elif self.problems:
            self.go_to(self.problems[0].where)
        else:
            self.tell(_("Nothing is missing: ready to be saved."))

    def on_form_rail_chosen(self, event: FormRail.Chosen) -> None:
        """Go where the user clicked."""
        event.stop()
        self.go_to(event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing where the user is are left to whoever else wants them."""
        del parameters
        return self.body.can(action) if self.is_mounted and action in FormBody.SITUATIONS else True

    def action_next(self) -> None:
        """Go to the next field or cell."""
        self.body.step(1)

    def action_previous(self) -> None:
        """Go to the previous field or cell."""
        self.body.step(-1)

    def action_down(self) -> None:
        """Go down a row or field."""
        self.body.vertical(1)

    def action_up(self) -> None:
        """Go up a row or field."""
        self.body.vertical(-1)

    def action_advance(self) -> None:
        """Go on from a field that is no text."""
        self.body.advance()

    def action_option(self, step: int) -> None:
        """Take the option before or after."""
        self.body.move_option(step)

    def action_choose(self) -> None:
        """Choose the option under the cursor."""
        self.body.toggle()

    def action_clear(self) -> None:
        """Empty a choice."""
        self.body.clear()

    def action_add_row(self) -> None:
        """Add a row below."""
        self.body.add_row()

    def action_delete_row(self) -> None:
        """Delete the row, or take the file away."""
        self.body.delete_row()

    def action_restore_row(self) -> None:
        """Bring the row deleted last back."""
        self.body.restore_row()

    def action_take_clue(self) -> None:
        """Take over what the clue offers."""
        self.body.take_clue()

    def action_close_cell(self) -> None:
        """Leave the large editor of a cell."""
        self.body.close_cell()

    def action_jump(self, number: int) -> None:
        """Go to the missing thing of that number."""
        if number <= len(self.problems):
            self.go_to(self.problems[number - 1].where)

    def action_page(self, step: int) -> None:
        """Scroll a form that is only read, or move several fields."""
        self.body.page(step)
