"""The fields of a form on screen: draws them, and puts an editor where the user writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message
from textual.widget import Widget

from salestui.domain.form_views import Clue
from salestui.domain.playbook import Field, FieldType
from salestui.widgets.form_drawing import draw
from salestui.widgets.form_inputs import FieldArea, FieldInput
from salestui.widgets.form_model import FILES, FormModel, Target
from salestui.widgets.form_page import Cursor, Drawn, Page, Place, options
from salestui.widgets.form_rail import LinesWidget

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

__all__ = ["CHOOSING", "FormEditor"]

AIRY_FROM: Final = 26
"""Rows of the fields' place from which there is air around the open field."""
PARKED: Final = (0, -99)
"""Where an editor waits that is not needed: hiding it would redraw the whole form."""
CHOOSING: Final = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO})


class FormEditor(LinesWidget):
    """Draws the fields and keeps one of two editors where the user writes; its subclasses say what keys do."""

    class Edited(Message):
        """The user changed something."""

    class Moved(Message):
        """The user is at another place."""

    class Finished(Message):
        """Enter on the last field."""

    class Told(Message):
        """There is something to say."""

        def __init__(self, notice: str) -> None:
            self.notice = notice
            super().__init__()

    class FileNamed(Message):
        """A file is to be attached."""

        def __init__(self, path: Path) -> None:
            self.path = path
            super().__init__()

    class FileDropped(Message):
        """A file is to be taken away."""

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__()

    SITUATIONS: ClassVar[Mapping[str, str]] = {
        "add_row": "in_table",
        "delete_row": "on_row",
        "restore_row": "has_deleted",
        "close_cell": "in_long_cell",
        "take_clue": "has_clue",
        "option": "choosing",
        "choose": "choosing",
        "clear": "choosing",
    }
    """Actions that make sense only in some places, with the property that tells."""

    def __init__(
        self,
        model: FormModel,
        language: str,
        *,
        inline: bool,
        readonly: bool,
        clues: Mapping[str, Clue],
        people: Sequence[str],
    ) -> None:
        super().__init__()
        self.model = model
        self.language = language
        self.inline = inline
        self.readonly = readonly
        self.clues = clues
        self.people = people
        self.cursor = Cursor()
        self.file_text = ""
        self._file_names: tuple[str, ...] = ()
        self._file_problem = ""
        self._deleted: tuple[str, int, dict[str, object]] | None = None
        self._typed_since = False
        self._place: Place | None = None
        self._line_editor = FieldInput(self._typed)
        self._area = FieldArea(self._typed)
        self._enter_field(0)
        if inline:
            self.styles.height = len(model.keys)

    def compose(self) -> ComposeResult:
        """Add the two editors, shown only where the user writes."""
        if not self.readonly:
            yield self._line_editor
            yield self._area

    @property
    def current_key(self) -> str:
        """The key of the field in focus."""
        return self.model.keys[self.cursor.stop]

    @property
    def _field(self) -> Field:
        return self.model.field(self.current_key)

    @property
    def in_table(self) -> bool:
        """Whether the field in focus is a table."""
        return not self.readonly and self.current_key != FILES and self._field.type is FieldType.TABLE

    @property
    def on_row(self) -> bool:
        """Whether there is a row or file that could be deleted."""
        count = len(self.model.rows(self.current_key)) if self.in_table else len(self.model.files)
        return (self.in_table or (self.current_key == FILES and not self.readonly)) and self.cursor.row < count

    @property
    def has_deleted(self) -> bool:
        """Whether a deleted row can be brought back; a text changed since then has its own way back."""
        return self._deleted is not None and not (self._typed_since and self.screen.focused is self._area)

    @property
    def in_long_cell(self) -> bool:
        """Whether a cell is open for long writing."""
        return self.cursor.long

    @property
    def has_clue(self) -> bool:
        """Whether there is something to take over here."""
        clue = self.clues.get(self.current_key)
        return clue is not None and clue.value is not None

    @property
    def choosing(self) -> bool:
        """Whether the place in focus is one of options."""
        asked = self._asked()
        return not self.readonly and asked is not None and asked.type in CHOOSING

    def can(self, action: str) -> bool:
        """Tell whether `action` makes sense here."""
        return bool(getattr(self, self.SITUATIONS[action]))

    def _asked(self) -> Field | None:
        """Return the field or column at the cursor; None on the line for a new row, and among files."""
        if self.current_key == FILES:
            return None
        if not self.in_table:
            return self._field
        if self.cursor.row >= len(self.model.rows(self.current_key)):
            return None
        return self._field.columns[min(self.cursor.column, len(self._field.columns) - 1)]

    def _target(self) -> Target:
        if self.in_table:
            asked = self._asked()
            return Target(self.current_key, self.cursor.row, asked.key if asked else "")
        return Target(self.current_key)

    def hint(self) -> str:
        """Return the help of the field in focus, for the strip of a small form."""
        field = self._field
        texts = (field.help.get(self.language), field.example.get(self.language))
        return "   ".join(text for text in texts if text)

    def _page(self, width: int) -> Page:
        return Page(
            model=self.model,
            cursor=self.cursor,
            palette=self.palette,
            width=width,
            language=self.language,
            airy=self.size.height >= AIRY_FROM,
            inline=self.inline,
            readonly=self.readonly,
            focused=self._is_focused(),
            clues=self.clues,
            file_text=self.file_text,
            file_names=self._file_names,
            file_problem=self._file_problem,
            people=self.people,
        )

    def _is_focused(self) -> bool:
        return self.is_attached and self.screen.focused in {self, self._line_editor, self._area}

    def redraw(self) -> None:
        """Lay everything out anew, show what changed, and put the editor in its place."""
        if not self.size.width:
            return
        drawn = draw(self._page(self.size.width))
        if self.inline and len(drawn.lines) != self.size.height:
            self.styles.height = len(drawn.lines)
        self.show_lines(drawn.lines, self._scrolled(drawn))
        self._put_editor(drawn.place)

    def _scrolled(self, drawn: Drawn) -> int:
        height, top = self.size.height, self.top
        first, last = drawn.focus
        if drawn.place is not None and last - first >= height:
            first, last = drawn.place.y - 2, drawn.place.y + drawn.place.height
        last = min(last + 1, len(drawn.lines) - 1)
        first = max(0, first - 1)
        if last >= top + height:
            top = last - height + 1
        top = min(top, first)
        return max(0, min(top, len(drawn.lines) - height))

    def _put_editor(self, place: Place | None) -> None:
        if self.readonly:
            return
        before, self._place = self._place, place
        wanted: Widget = self if place is None else self._area if place.several else self._line_editor
        editor = wanted if isinstance(wanted, FieldInput | FieldArea) else None
        if editor is not None and place is not None:
            moved = before is None or before.target != place.target or before.several != place.several
            moved = moved or before is None or before.block != place.block
            editor.styles.offset = (place.x, place.y - self.top)
            editor.styles.width = place.width
            editor.styles.height = place.height
            editor.set_class(place.block, "-block")
            if moved:
                self._load_editor(editor, place)
        if self._is_focused() and self.screen.focused is not wanted:
            wanted.focus(scroll_visible=False)
        if editor is not None:
            self.call_after_refresh(self._tell_cursor)
        for other in (self._line_editor, self._area):
            if other is not wanted:
                other.styles.offset = PARKED

    def _tell_cursor(self) -> None:
        """Let input methods know where the cursor is, now that the editor stands in its place."""
        editor = self.screen.focused if self.is_attached else None
        if editor is self._line_editor or editor is self._area:
            self.app.cursor_position = editor.cursor_screen_offset

    def _load_editor(self, editor: FieldInput | FieldArea, place: Place) -> None:
        text = self.file_text if place.target.key == FILES else self.model.text(place.target)
        if isinstance(editor, FieldInput):
            editor.load(text, place.placeholder)
        else:
            asked = self._asked()
            one_line = self.in_table and not (place.block and asked is not None and asked.type is FieldType.LONG_TEXT)
            editor.show(text, place.placeholder, one_line=one_line)

    def reload(self) -> None:
        """Show values that changed from outside."""
        self._place = None
        self.redraw()

    def files_changed(self) -> None:
        """Show other files; the cursor is ready for one more."""
        self.file_text, self._file_names, self._file_problem = "", (), ""
        if self.current_key == FILES:
            self.cursor.row = len(self.model.files)
        self.reload()

    def on_mount(self) -> None:
        """Start with everything at its place."""
        self.call_after_refresh(self.redraw)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay out for the new size."""
        self.redraw()
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted and self.size.width:
            self.call_after_refresh(self.redraw)

    def take_focus(self) -> None:
        """Give the focus to whatever the place of the cursor needs."""
        place = self._place
        wanted: Widget = self if place is None else self._area if place.several else self._line_editor
        wanted.focus(scroll_visible=False)

    def on_focus(self) -> None:
        """Hand the focus to the editor where there is one."""
        if self._place is not None:
            self.take_focus()
        else:
            self.redraw()

    def on_blur(self) -> None:
        """Show that the focus is elsewhere."""
        self.call_after_refresh(self.redraw)

    def on_descendant_focus(self) -> None:
        """Show that the focus is here."""
        self.redraw()

    def on_descendant_blur(self) -> None:
        """Show that the focus is elsewhere."""
        self.call_after_refresh(self.redraw)

    def _typed(self, text: str) -> None:
        place = self._place
        if place is None:
            return
        if place.target.key == FILES:
            self.file_text = text
            self._file_names, self._file_problem = (), ""
            self.redraw()
            return
        if text == self.model.text(place.target):
            return
        self.model.put(place.target, text)
        self._typed_since = True
        self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Edited())

    def _moved(self) -> None:
        self.redraw()
        self.post_message(self.Moved())

    def _enter_field(self, stop: int, *, from_below: bool = False) -> None:
        self.cursor = Cursor(stop=stop)
        self._file_names, self._file_problem = (), ""
        if self.current_key == FILES:
            self.cursor.row = len(self.model.files)
        elif self.in_table:
            rows = self.model.rows(self.current_key)
            if not rows:
                rows.append({})
            if from_below:
                self.cursor.row = len(rows)
        self._find_option()

    def _find_option(self) -> None:
        asked = self._asked()
        self.cursor.option = 0
        if asked is None or asked.type not in CHOOSING:
            return
        value = self.model.get(self._target())
        keys = [key for key, _text in self._options(asked)]
        if value in keys and not isinstance(value, list):
            self.cursor.option = keys.index(value)

    def _options(self, asked: Field) -> tuple[tuple[object, str], ...]:
        return options(self._page(self.size.width), asked)
