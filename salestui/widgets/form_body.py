"""Moves through the fields of a form: from field to field, from cell to cell, to what is missing, to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.widgets.files import complete_path, expand, path_problem
from salestui.widgets.form_drawing import opens_as_block
from salestui.widgets.form_entry import FormEntry
from salestui.widgets.form_inputs import FieldArea
from salestui.widgets.form_model import FILES
from salestui.widgets.form_page import matching_people

if TYPE_CHECKING:
    from textual import events
    from textual.widgets import Input

__all__ = ["FormBody"]


class FormBody(FormEntry, can_focus=True):
    """The fields. It has the focus itself where options are chosen; otherwise one of its two editors has it."""

    DEFAULT_CSS = "FormBody { width: 1fr; height: 1fr; overflow: hidden hidden; }"

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

    @property
    def file_index(self) -> int | None:
        """The attached file under the cursor, from 0; None when the cursor is elsewhere."""
        here = self.current_key == FILES and not self.readonly and self.cursor.row < len(self.model.files)
        return self.cursor.row if here else None

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
