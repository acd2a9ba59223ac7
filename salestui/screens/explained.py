"""Choosing between a few things that need a line of explanation each: handbooks, how to begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from salestui.dataclass import dataclass
from salestui.domain.deal_views import Word
from salestui.domain.views import DealHeadView, KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.desk import Desk
from salestui.screens.speaking import other_language, speak
from salestui.widgets.choices import ExplainedChoices, Explanation
from salestui.widgets.footer import KeyFooter
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["Choice", "ExplainedScreen", "Said"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """What the screen says in the language in use."""

    title: str
    choices: Sequence[Choice[T]]
    note: str = ""


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
    """Shows choices with their explanations, each with a digit; dismisses with the chosen value, or None.

    `say` tells what stands there in the language in use; it is asked again when another is chosen.
    """

    CSS_PATH = "explained.tcss"
    PLACES: ClassVar[tuple[str, ...]] = ("explained",)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("explained"),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        *(Binding(str(n), f"pick({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, desk: Desk, say: Callable[[], Said[T]]) -> None:
        super().__init__(desk)
        self._say = say
        self._said = say()

    def compose(self) -> ComposeResult:
        """The title row, the choices, a note, the footer."""
        yield TopBar(DealHeadView(name=self._said.title))
        yield ExplainedChoices([choice.explanation for choice in self._said.choices])
        if self._said.note:
            yield NextStrip(Word(self._said.note, Tone.MUTED))
        yield KeyFooter(self.hints())

    def relabel(self) -> None:
        """Say everything in the language in use."""
        super().relabel()
        self._said = self._say()
        self.query_one(TopBar).show(DealHeadView(name=self._said.title))
        shown = self.query_one(ExplainedChoices)
        shown.show([choice.explanation for choice in self._said.choices], shown.cursor)
        for strip in self.query(NextStrip):
            strip.show(Word(self._said.note, Tone.MUTED))

    def hints(self) -> Iterable[KeyHint]:
        """Digits first, then the keys of the place."""
        yield KeyHint(f"1-{len(self._said.choices)}", _("choose"))
        yield KeyHint("j k", _("up, down"))
        yield from super().hints()

    def action_language(self) -> None:
        """Speak the other language, here and from now on."""
        if problem := speak(self.app, self.desk, other_language()):
            self.notice(problem)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.query_one(ExplainedChoices).move_cursor(step)

    def action_pick(self, number: int) -> None:
        """Take the choice with this digit."""
        if number <= len(self._said.choices):
            self.dismiss(self._said.choices[number - 1].value)

    def action_choose(self) -> None:
        """Take the choice under the cursor."""
        self.action_pick(self.query_one(ExplainedChoices).cursor + 1)

    def on_explained_choices_chosen(self) -> None:
        """A click on the choice under the cursor takes it."""
        self.action_choose()

    def action_leave(self) -> None:
        """Leave without choosing."""
        self.dismiss(None)
