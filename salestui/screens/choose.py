"""A short list to choose from: campaigns, owners, outputs of a deal, stages to go back to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from salestui.domain.views import DealHeadView, KeyHint
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.widgets.footer import KeyFooter
from salestui.widgets.topbar import TopBar

T = TypeVar("T")


class ChooseScreen(SalesScreen[T | None], Generic[T]):
    """Shows choices, each with a digit; dismisses with the chosen value, or None."""

    DEFAULT_CSS = """
    ChooseScreen OptionList { margin: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        *(Binding(str(n), f"pick({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(
        self, desk: Desk, title: str, choices: Sequence[tuple[T, str, str]], *, selected: T | None = None
    ) -> None:
        """`choices` are (value, text, remark); `selected` is where the cursor starts."""
        super().__init__(desk)
        self._title, self._choices = title, tuple(choices)
        self._start = next((index for index, choice in enumerate(choices) if choice[0] == selected), 0)

    def compose(self) -> ComposeResult:
        """The title row, the choices, the footer."""
        yield TopBar(DealHeadView(name=self._title))
        yield OptionList(*(Option(self._prompt(n, *choice[1:])) for n, choice in enumerate(self._choices, 1)))
        yield KeyFooter(self.hints())

    @staticmethod
    def _prompt(number: int, text: str, remark: str) -> Content:
        digit = f"{number} " if number < 10 else "  "
        return Content.assemble((digit, "bold $primary"), Content(text), Content(f"   {remark}").stylize("$faint"))

    def on_mount(self) -> None:
        """Put the cursor on the present choice."""
        options = self.query_one(OptionList)
        options.highlighted = self._start if self._choices else None
        options.focus()

    def hints(self) -> Iterable[KeyHint]:
        """The keys of a list of choices."""
        yield KeyHint("1-9", _("choose"))
        yield KeyHint("j k", _("up, down"))
        yield KeyHint("enter", _("choose"))
        yield KeyHint("esc", _("leave"), leaving=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the choice under the cursor."""
        self.dismiss(self._choices[event.option_index][0])

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_pick(self, number: int) -> None:
        """Take the choice with this digit."""
        if number <= len(self._choices):
            self.dismiss(self._choices[number - 1][0])

    def action_leave(self) -> None:
        """Leave without choosing."""
        self.dismiss(None)
