"""What a form takes in beside typed text: options, rows of tables, pasted pieces of spreadsheets, clues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salestui.domain.playbook import Field, FieldType
from salestui.i18n import gettext as _
from salestui.widgets.form_editor import FormEditor
from salestui.widgets.form_inputs import Pasted
from salestui.widgets.form_model import FILES, Target

if TYPE_CHECKING:
    from textual import events

__all__ = ["FormEntry"]


class FormEntry(FormEditor):
    """Options are chosen, rows added, deleted and brought back."""

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
            self._deleted, self._typed_since = (self.current_key, at, row), False
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
