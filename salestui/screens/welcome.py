"""The first start: look at sample data, begin with an empty pipeline, or bring a file of customers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from salestui.domain.deal_views import Word
from salestui.domain.views import DealHeadView, KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens import campaign_forms, places
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.speaking import other_language, speak
from salestui.widgets.choices import ExplainedChoices, Explanation
from salestui.widgets.footer import KeyFooter
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["WelcomeScreen"]


class WelcomeScreen(SalesScreen[None]):
    """Three ways to begin, each with its digit; leaving it shows the empty board."""

    PLACES: ClassVar[tuple[str, ...]] = ("welcome",)
    CSS_PATH = "welcome.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("welcome"),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """What this is, the ways to begin, where the data lie, the keys."""
        yield TopBar(DealHeadView(name=""))
        yield ExplainedChoices()
        yield NextStrip()
        yield KeyFooter(self.hints())

    @property
    def choices(self) -> ExplainedChoices:
        """The ways to begin."""
        return self.query_one(ExplainedChoices)

    def on_mount(self) -> None:
        """Speak the language in use."""
        self._draw()

    def relabel(self) -> None:
        """Say everything in the language in use."""
        super().relabel()
        self._draw()

    def _draw(self) -> None:
        head = DealHeadView(name="salestui", owner=_("Sales by the handbook"), stage=self.desk.actor.name)
        self.query_one(TopBar).show(head)
        self.choices.show(_ways(), self.choices.cursor)
        place = _("Your data: {place}").format(place=self.desk.place.label)
        self.query_one(NextStrip).show(Word(place, Tone.FAINT))
        self.show_hints()

    def hints(self) -> Iterable[KeyHint]:
        """Digits first, then the keys of the place."""
        yield KeyHint("1-3", _("choose"))
        yield KeyHint("j k", _("up, down"))
        yield from super().hints()

    def notice(self, text: str) -> None:
        """Tell something where the place of the data stood."""
        self.query_one(NextStrip).show(Word(text))

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.choices.move_cursor(step)

    def action_open(self) -> None:
        """Do what is under the cursor."""
        (self.action_sample, self.action_begin, self.action_import)[self.choices.cursor]()

    def on_explained_choices_chosen(self) -> None:
        """A click on the choice under the cursor takes it."""
        self.action_open()

    def action_language(self) -> None:
        """Speak the other language, here and from now on."""
        if problem := speak(self.app, self.desk, other_language()):
            self.notice(problem)

    def action_sample(self) -> None:
        """Look at sample data: the app ends, and the program opens it on a database that goes away."""
        self.call_later(self.app.run_action, "sample")

    @work(group="conversation", exclusive=True)
    async def action_begin(self) -> None:
        """Start empty: the handbook, the campaign, and one's own name."""
        made = await campaign_forms.start(self, first=True)
        if made is not None:
            self.dismiss(None)

    @work(group="conversation", exclusive=True)
    async def action_import(self) -> None:
        """Bring customers from a file; the board shows them when it is done."""
        done = await self.app.push_screen_wait(places.make("import", self.desk))
        if done:
            self.dismiss(None)
        else:
            self._draw()

    def action_leave(self) -> None:
        """To the empty board."""
        self.dismiss(None)


def _ways() -> tuple[Explanation, ...]:
    return (
        Explanation(
            _("Look at sample data"),
            _("A pipeline of some sixty customers in every stage: late ones, ready ones, won, lost and parked."),
            _("It lies in a temporary database and is gone when you leave; yours stays untouched."),
        ),
        Explanation(
            _("Start empty"),
            _("Choose a handbook, name the campaign, and make the first deal."),
        ),
        Explanation(
            _("Import a file"),
            _("A CSV file of customers, contacts and deals, from Excel or another program."),
            _("First you see what each column means and what would be created; nothing happens before you say so."),
        ),
    )
