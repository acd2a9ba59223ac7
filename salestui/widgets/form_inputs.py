"""The two editors of a form: one line, and several. Textual's own, without frames and blinking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.widgets import TextArea

from salestui.domain.text import clean
from salestui.widgets.quiet import QuietInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from textual import events
    from textual.strip import Strip
    from textual.widgets.text_area import Edit, EditResult

__all__ = ["FieldArea", "FieldInput", "Pasted"]


class Pasted(Message):
    """A text of several lines or with tabs was pasted into a one-line place: it may be a piece of a spreadsheet."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()


class FieldInput(QuietInput):
    """A one-line editor without a frame. `edited` is called with the text at once on every change by the user."""

    DEFAULT_CSS = """
    FieldInput, FieldInput:focus {
        position: absolute; offset: 0 -99; width: 8; height: 1; padding: 0; border: none;
        background: $cursor; background-tint: transparent; color: $foreground;
    }
    FieldInput > .input--placeholder, FieldInput > .input--suggestion { color: $muted; }
    """

    def __init__(self, edited: Callable[[str], None]) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self._edited = edited
        self._loading = False

    def load(self, text: str, placeholder: str = "") -> None:
        """Show another place's text, with the cursor at its end."""
        self._loading = True
        self.placeholder = f" {placeholder}" if placeholder else ""
        self.value = text
        self._loading = False
        self.cursor_position = len(text)

    def watch_value(self, value: str) -> None:
        """Hand the change on before anything else can happen."""
        if not self._loading:
            self._edited(value)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = clean(event.text, lines=True)
        if "\t" in lines or "\n" in lines.strip("\n"):
            self.post_message(Pasted(lines))
        else:
            self.paste(clean(event.text))

    def paste(self, text: str) -> None:
        """Put a text of one line where the cursor is, in place of the selection."""
        self.replace(text, *self.selection)


class FieldArea(TextArea, inherit_bindings=False):
    """An editor of several lines without a frame. At its upper and lower end the arrow keys leave it.

    In a cell of a table (`one_line`) Enter does not break the line but opens the cell for long writing. The function
    keys are the form's: a text area by itself selects with two of them.
    """

    BINDINGS = [known for known in TextArea.BINDINGS if not (isinstance(known, Binding) and known.key in {"f6", "f7"})]

    DEFAULT_CSS = """
    FieldArea, FieldArea:focus {
        position: absolute; offset: 0 -99; width: 8; height: 1; padding: 0; border: none;
        background: $cursor; background-tint: transparent;
        color: $foreground; scrollbar-size-vertical: 0; scrollbar-size-horizontal: 0; overflow-x: hidden;
    }
    FieldArea.-block, FieldArea.-block:focus { background: $panel; padding: 0 1; }
    FieldArea > .text-area--cursor { background: $input-cursor-background; color: $input-cursor-foreground; }
    FieldArea > .text-area--cursor-line { background: transparent; }
    FieldArea > .text-area--placeholder { color: $muted; }
    """

    class Left(Message):
        """The cursor went over the upper (-1) or lower (1) end of the text, or Enter was pressed in a cell (0)."""

        def __init__(self, step: int) -> None:
            self.step = step
            super().__init__()

    def __init__(self, edited: Callable[[str], None]) -> None:
        self._editing = False
        super().__init__(compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.one_line = False
        self._edited = edited
        self._drawn: dict[int, Strip] = {}

    def show(self, text: str, placeholder: str = "", *, one_line: bool) -> None:
        """Show another place's text, with the cursor at its end."""
        self.one_line = one_line
        self.placeholder = f" {placeholder}" if placeholder else ""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        """Hand every change on before anything else can happen, and redraw only the lines that look different."""
        self._editing = True
        result = super().edit(edit)
        self._editing = False
        size = self.size
        changed = [y for y in range(size.height) if super(FieldArea, self).render_line(y) != self._drawn.get(y)]
        if changed:
            self.refresh(*(Region(0, y, size.width + self.gutter.width, 1) for y in changed))
        self._edited(self.text)
        return result

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Leave the drawing during an edit to `edit`, which knows what changed."""
        if self._editing and not layout:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """Draw one line, and remember it."""
        strip = super().render_line(y)
        self._drawn[y] = strip
        return strip

    def action_undo(self) -> None:
        """Take the last change back."""
        super().action_undo()
        self._edited(self.text)

    def action_redo(self) -> None:
        """Do the change again."""
        super().action_redo()
        self._edited(self.text)

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up, out of the text at its first line."""
        if (
            not select
            and self.cursor_at_first_line
            and self.wrapped_document.location_to_offset(self.cursor_location).y == 0
        ):
            self.post_message(self.Left(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down, out of the text at its last line."""
        last = self.wrapped_document.height - 1
        if not select and self.wrapped_document.location_to_offset(self.cursor_location).y >= last:
            self.post_message(self.Left(1))
        else:
            super().action_cursor_down(select)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and self.one_line:
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(0))
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = clean(event.text, lines=True)
        if self.one_line and ("\t" in text or "\n" in text.strip("\n")):
            self.post_message(Pasted(text))
            return
        self.paste(text.replace("\n", " ") if self.one_line else text)

    def paste(self, text: str) -> None:
        """Put a text where the cursor is, in place of the selection."""
        result = self._replace_via_keyboard(text, *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)
