"""A line in which a path is typed; tab completes it, and says what fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from salestui.dataclass import dataclass
from salestui.domain.text import clean
from salestui.i18n import mark
from salestui.widgets.files import complete_path
from salestui.widgets.quiet import QuietInput

__all__ = ["PathInput"]


class PathInput(QuietInput):
    """Completes paths to files with one of the extensions `types`, or to any."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", mark("Complete"), id="path.complete", show=False)
    ]

    @dataclass
    class Offered(Message):
        """These names fit what is typed; none when only one did, or nothing."""

        names: tuple[str, ...]

    def __init__(self, types: Sequence[str] = (), placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self._types = tuple(types)

    def action_complete(self) -> None:
        """Complete what is typed as far as it is certain."""
        found = complete_path(self.value, self._types)
        if found.text != self.value:
            self.value = found.text
            self.cursor_position = len(found.text)
        self.post_message(self.Offered(found.names if len(found.names) > 1 else ()))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text), *self.selection)
