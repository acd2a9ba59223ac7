"""The fields of a form on screen: draws them, moves through them, and puts an editor where the user writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message
from textual.widget import Widget

from salestui.domain.form_views import Clue
from salestui.domain.playbook import Field, FieldType
from salestui.i18n import gettext as _
from salestui.widgets.files import complete_path, expand, path_problem
from salestui.widgets.form_drawing import draw, opens_as_block
from salestui.widgets.form_inputs import FieldArea, FieldInput, Pasted
from salestui.widgets.form_model import FILES, FormModel, Target
from salestui.widgets.form_page import Cursor, Drawn, Page, Place, matching_people, options
from salestui.widgets.form_rail import LinesWidget

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

__all__ = ["FormBody"]

AIRY_FROM: Final = 26
"""Rows of the fields' place from which there is air around the open field."""
PARKED: Final = (0, -99)
"""Where an editor waits that is not needed: hiding it would redraw the whole form."""
CHOOSING: Final = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO})


class FormBody(LinesWidget, can_focus=True):
    """The fields. It has the focus itself where options are chosen; otherwise one of its two editors has it."""

    DEFAULT_CSS = "FormBody { width: 1fr; height: 1fr; overflow: hidden hidden; }"

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
        """Whether a deleted row can be brought back."""
        return self._deleted is not None

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
        return self.screen.focused in {self, self._line_editor, self._area}

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

    def go_to(self, where: str) -> None:
        """Put the cursor on a field, or on the cell of a path such as "sources.2.kind"."""
        parts = where.split(".")
        if parts[0] not in self.model.keys:
            return
        self._enter_field(self.model.keys.index(parts[0]))
        if self.in_table and len(parts) > 1:
            self.cursor.row = min(int(parts[1]) - 1, len(self.model.rows(parts[0])))
            columns = [column.key for column in self._field.columns]
            self.cursor.column = columns.index(parts[2]) if len(parts) > 2 and parts[2] in columns else 0
            self._find_option()
        self._moved()
        if not self._is_focused():
            self.take_focus()

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) cell or field; what can be completed is completed first."""
        if direction > 0 and self._complete():
            return
        self.cursor.long = False
        if self.in_table:
            rows, columns = len(self.model.rows(self.current_key)), len(self._field.columns)
            at = self.cursor.row * columns + min(self.cursor.column, columns - 1) + direction
            if self.cursor.row >= rows and direction < 0:
                at = rows * columns - 1
            if 0 <= at < rows * columns or (at == rows * columns and self.cursor.row < rows):
                self.cursor.row, self.cursor.column = divmod(at, columns)
                self._find_option()
                self._moved()
                return
        self._go_field(direction)

    def _go_field(self, direction: int) -> None:
        count = len(self.model.keys)
        self._enter_field((self.cursor.stop + direction) % count, from_below=direction < 0)
        self._moved()

    def vertical(self, direction: int) -> None:
        """Go down (1) or up (-1): among rows, files and options that stand below each other, then to another field."""
        if self.readonly:
            self.cursor.stop = max(0, min(self.cursor.stop + direction, len(self.model.keys) - 1))
            self._moved()
            return
        last = None
        if self.in_table:
            last = len(self.model.rows(self.current_key))
        elif self.current_key == FILES:
            last = len(self.model.files)
        if last is not None and 0 <= self.cursor.row + direction <= last:
            self.cursor.row += direction
            self.cursor.long = False
            self._find_option()
            self._moved()
            return
        asked = self._asked()
        if (
            self.choosing
            and asked is not None
            and not self.in_table
            and opens_as_block(self._page(self.size.width), asked.key)
        ):
            count = len(self._options(asked))
            if 0 <= self.cursor.option + direction < count:
                self.cursor.option += direction
                self._moved()
                return
        self._go_field(direction)

    def advance(self) -> None:
        """Enter: attach the file, add the row, choose the option, or go on; on the last field the form is finished."""
        if self.readonly:
            return
        if self.current_key == FILES:
            self._name_file()
        elif self.in_table and self._asked() is None:
            self.add_row()
        elif self.in_table:
            self.step(1)
        else:
            asked = self._asked()
            if asked is not None and self.choosing and self.model.get(self._target()) is None:
                self.toggle()
            if self.cursor.stop == len(self.model.keys) - 1:
                self.post_message(self.Finished())
            else:
                self._go_field(1)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a one-line editor."""
        event.stop()
        self.advance()

    def on_field_area_left(self, event: FieldArea.Left) -> None:
        """Follow the cursor out of a text, or open a cell for long writing and close it again."""
        event.stop()
        if event.step:
            self.vertical(event.step)
        elif self.cursor.long:
            self.step(1)
        else:
            self.cursor.long = True
            self._moved()

    def close_cell(self) -> None:
        """Leave the large editor of a cell; what was written stays."""
        self.cursor.long = False
        self._moved()

    def move_option(self, direction: int) -> None:
        """Take the option after or before; among several to choose only the cursor moves."""
        asked = self._asked()
        if asked is None or not self.choosing:
            return
        choices = self._options(asked)
        unset = self.model.get(self._target()) is None and asked.type is not FieldType.CHOICES
        at = 0 if unset else (self.cursor.option + direction) % len(choices)
        self._take_option(asked, at, toggling=False)

    def _take_option(self, asked: Field, at: int, *, toggling: bool) -> None:
        self.cursor.option = at
        option = self._options(asked)[at][0]
        if asked.type is not FieldType.CHOICES:
            self.model.put(self._target(), option)
            self._changed()
        elif toggling:
            value = self.model.get(self._target())
            chosen = [str(part) for part in value] if isinstance(value, list) else []
            kept = [key for key, _text in self._options(asked) if (key in chosen) != (key == option)]
            self.model.put(self._target(), kept or None)
            self._changed()
        else:
            self._moved()

    def toggle(self) -> None:
        """Choose the option under the cursor, or take it out again."""
        asked = self._asked()
        if asked is not None and self.choosing:
            self._take_option(asked, self.cursor.option, toggling=True)

    def clear(self) -> None:
        """Choose nothing."""
        self.model.put(self._target(), None)
        self._changed()

    def on_key(self, event: events.Key) -> None:
        """Take digits and first letters of options; on the line for a new row, begin it."""
        if self.readonly or self.screen.focused is not self or event.character is None or not event.is_printable:
            return
        asked = self._asked()
        if asked is not None and self.choosing and event.character != " ":
            at = self._option_for(asked, event.character)
            if at is not None:
                event.stop()
                event.prevent_default()
                self._take_option(asked, at, toggling=True)
        elif self.in_table and asked is None and event.character != " ":
            event.stop()
            event.prevent_default()
            self.add_row()
            self._insert(event.character)

    def _option_for(self, asked: Field, character: str) -> int | None:
        choices = self._options(asked)
        if character.isdigit():
            return int(character) - 1 if 1 <= int(character) <= min(9, len(choices)) else None
        starts = [
            index for index, (_key, text) in enumerate(choices) if text.casefold().startswith(character.casefold())
        ]
        if not starts:
            return None
        return next((index for index in starts if index > self.cursor.option), starts[0])

    def _insert(self, text: str) -> None:
        place = self._place
        if place is not None:
            (self._area if place.several else self._line_editor).paste(text)

    def add_row(self) -> None:
        """Put a new row below the one in focus."""
        rows = self.model.rows(self.current_key)
        self.cursor.row = min(self.cursor.row + 1, len(rows))
        self.cursor.column, self.cursor.long = 0, False
        self.model.add_row(self.current_key, self.cursor.row)
        self._find_option()
        self._place = None
        self._changed()
        self.post_message(self.Moved())

    def delete_row(self) -> None:
        """Take the row out; one key brings it back. A file is taken away by the screen."""
        if self.current_key == FILES:
            self.post_message(self.FileDropped(self.cursor.row))
            return
        at = self.cursor.row
        row = self.model.delete_row(self.current_key, at)
        if row:
            self._deleted = (self.current_key, at, row)
        self.cursor.row = max(0, min(at, len(self.model.rows(self.current_key)) - 1))
        self.cursor.long = False
        self._place = None
        self._find_option()
        self._changed()
        if row:
            self.post_message(self.Told(_("Row {n} is deleted; ctrl+z brings it back.").format(n=at + 1)))

    def restore_row(self) -> None:
        """Bring the row deleted last back, where it was."""
        if self._deleted is None:
            return
        key, at, row = self._deleted
        self._deleted = None
        at = min(at, len(self.model.rows(key)))
        self.model.restore_row(key, at, row)
        self._enter_field(self.model.keys.index(key))
        self.cursor.row = at
        self._place = None
        self._changed()
        self.post_message(self.Moved())

    def take_clue(self) -> None:
        """Take over what the clue offers: rows come after those there are, other values replace."""
        clue = self.clues.get(self.current_key)
        if clue is None or clue.value is None:
            return
        key = self.current_key
        if self.in_table and isinstance(clue.value, list | tuple):
            rows = [row for row in self.model.rows(key) if row]
            rows += [dict(row) for row in clue.value if isinstance(row, Mapping) and row not in rows]
            self.model.load({**self.model.raw, key: rows})
        else:
            self.model.load({**self.model.raw, key: clue.value})
        self._place = None
        self._changed()

    def _complete(self) -> bool:
        """Complete a path or a person's name; tell whether anything came of it."""
        if self.current_key == FILES and self.file_text:
            rule = self.model.file_rule
            found = complete_path(self.file_text, rule.types if rule else ())
            self._file_names = found.names if len(found.names) > 1 else ()
            if found.text != self.file_text:
                self.file_text = found.text
                self._line_editor.load(found.text, "")
                self.redraw()
                return True
            self.redraw()
            return bool(found.names) and not expand(self.file_text).is_file()
        typed = self.model.text(self._target()).strip() if self._asked() is not None else ""
        people = matching_people(self._page(self.size.width)) if typed else ()
        if not people:
            return False
        self._line_editor.value = people[0]
        self._line_editor.cursor_position = len(people[0])
        return True

    def _name_file(self) -> None:
        rule = self.model.file_rule
        if self.cursor.row < len(self.model.files):
            self.vertical(1)
        elif not self.file_text.strip():
            self.post_message(self.Finished())
        elif problem := path_problem(self.file_text, rule.types if rule else ()):
            self._file_problem = problem
            self.redraw()
        else:
            self.post_message(self.FileNamed(expand(self.file_text).absolute()))

    def on_pasted(self, event: Pasted) -> None:
        """Spread a piece of a spreadsheet over rows and columns; elsewhere join its lines."""
        event.stop()
        if not self.in_table or self._asked() is None:
            self._insert(" ".join(event.text.split()))
            return
        columns = self._field.columns
        for down, line in enumerate(event.text.strip("\n").split("\n")):
            for along, text in enumerate(line.split("\t")):
                column = self.cursor.column + along
                if column < len(columns):
                    self.model.put(Target(self.current_key, self.cursor.row + down, columns[column].key), text.strip())
        self._place = None
        self._changed()

    def page(self, direction: int) -> None:
        """Go several fields on."""
        last = len(self.model.keys) - 1
        self._enter_field(max(0, min(last, self.cursor.stop + direction * 5)))
        self._moved()

    def on_click(self, event: events.Click) -> None:
        """Go to the field or row that was clicked."""
        index = self.top + event.y
        if event.widget is not self or not 0 <= index < len(self.lines):
            return
        line = self.lines[index]
        if line.stop is None:
            return
        if line.stop != self.cursor.stop:
            self._enter_field(line.stop)
        elif line.row is not None:
            if self.choosing and not self.in_table and (asked := self._asked()) is not None:
                self._take_option(asked, line.row, toggling=True)
                return
            self.cursor.row = line.row
        self._moved()
