"""Choosing between a few things that need a line of explanation each: handbooks, how to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from salestui.dataclass import dataclass
from salestui.domain.deal_views import Word
from salestui.domain.views import DealHeadView, KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.widgets.choices import ExplainedChoices, Explanation
from salestui.widgets.footer import KeyFooter
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["Choice", "ExplainedScreen"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """A value with its title, what it means, and a line of detail."""

    value: T
    title: str
    text: str = ""
    detail: str = ""

    @property
    def explanation(self) -> Explanation:
        """What is drawn of it."""
        return Explanation(self.title, self.text, self.detail)


class ExplainedScreen(SalesScreen[T | None], Generic[T]):
    """Shows choices with their explanations, each with a digit; dismisses with the chosen value, or None."""

    CSS_PATH = "explained.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("enter", "choose", show=False),
        *(Binding(str(n), f"pick({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, desk: Desk, title: str, choices: Sequence[Choice[T]], *, note: str = "") -> None:
        super().__init__(desk)
        self._title, self._choices, self._note = title, tuple(choices), note

    def compose(self) -> ComposeResult:
        """The title row, the choices, a note, the footer."""
        yield TopBar(DealHeadView(name=self._title))
        yield ExplainedChoices([choice.explanation for choice in self._choices])
        if self._note:
            yield NextStrip(Word(self._note, Tone.MUTED))
        yield KeyFooter(self.hints())

    def hints(self) -> Iterable[KeyHint]:
        """The keys of a list of choices."""
        yield KeyHint(f"1-{len(self._choices)}", _("choose"))
        yield KeyHint("j k", _("up, down"))
        yield KeyHint("enter", _("choose"))
        yield KeyHint("esc", _("leave"), leaving=True)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(ExplainedChoices).move_cursor(step)

    def action_pick(self, number: int) -> None:
        """Take the choice with this digit."""
        if number <= len(self._choices):
            self.dismiss(self._choices[number - 1].value)

    def action_choose(self) -> None:
        """Take the choice under the cursor."""
        self.action_pick(self.query_one(ExplainedChoices).cursor + 1)

    def on_explained_choices_chosen(self) -> None:
        """A click on the choice under the cursor takes it."""
        self.action_choose()

    def action_leave(self) -> None:
        """Leave without choosing."""
        self.dismiss(None)
