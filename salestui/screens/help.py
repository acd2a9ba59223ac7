"""The help: what the present place is for, and the keys that work there and everywhere, from the one table of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize

from salestui import keys
from salestui.domain.views import DealHeadView, KeyHint
from salestui.i18n import gettext as _
from salestui.i18n import mark
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.desk import Desk
from salestui.widgets.footer import KeyFooter
from salestui.widgets.keysheet import KeyGroup, KeySheet
from salestui.widgets.topbar import TopBar

__all__ = ["ABOUT", "HelpScreen"]

LOW = 30
WITH: Mapping[str, tuple[str, ...]] = {"board": ("gate",), "deal": ("gate",)}
"""What can be unfolded in a place, and has keys of its own."""
EVERYWHERE = ("move", "app")
ABOUT: Mapping[str, tuple[str, ...]] = {
    "board": (
        mark("Every column is a stage of the handbook, every card a deal; the strip below says what it still needs."),
        mark("A card moves right only when its gate is open: g unfolds what is missing, a digit goes to its fix."),
        mark("Small letters act on the card, capital letters go to another place, esc leads back."),
    ),
    "deal": (
        mark("One list holds all that the gate asks: outputs, key actions, talks, score, earlier stages."),
        mark("The unmet lines have digits; press one to go to its fix, and come back with the line met."),
    ),
    "form": (
        mark("Fill in field by field; what a field is for and a good example stand beside it."),
        mark("Outputs keep a draft while you type. Saving makes a new revision, and the gate reads the latest one."),
    ),
    "output": (
        mark(
            "One output of the deal, made from the handbook: the fields at the left, the present one open beside them."
        ),
        mark("What you type is kept as a draft. Saving makes a new revision, and the gate reads the latest one."),
    ),
    "conflict": (
        mark("Somebody else saved while you were writing: what both of you changed stands here field by field."),
        mark("Saving keeps what is marked with *, which is yours; a digit takes the other's content in that field."),
    ),
    "review": (
        mark("One revision under review: who has said what, and who is still asked."),
        mark("A vote holds for this revision alone; nobody votes on what he wrote himself."),
    ),
    "revisions": (
        mark("Every revision of an output with its author and time; an old one can be made the newest again."),
    ),
    "score": (
        mark("One digit per criterion, and on to the next; the total, the grade and what it leads to follow at once."),
        mark("Write the evidence for every score: which talk, which document."),
    ),
    "agenda": (
        mark("What is late, due today, waiting for your review, and what comes next; most urgent first."),
        mark("Enter does the thing itself: writes the summary, logs the talk, scores, reviews."),
    ),
    "waiting": (
        mark("The reviews that wait for your vote, the longest waiting first; also those of whom you stand in for."),
        mark("o reads, a approves what was read, c and x ask for a comment; the next one comes at once."),
    ),
    "list": (mark("Lines under headings; / narrows them as you type, enter opens one."),),
    "customer": (mark("A company with its people, deals, talks, scores and outputs in one place."),),
    "campaign": (mark("One push into a market: its handbook, its lists of customers, and the outputs all share."),),
    "import": (
        mark("Customers from a table. Nothing is written before you have seen what will become of every row."),
        mark("Rejected rows go to a file that can be mended and imported again."),
    ),
    "welcome": (mark("Look at sample data, begin empty, or bring your customers from a file."),),
    "explained": (mark("Each choice says what it means; its digit takes it at once."),),
    "reader": (
        mark("The whole handbook: goals, ways to work, key actions, outputs with examples and reasons."),
        mark("/ searches it all, n goes on to the next place."),
    ),
    "history": (
        mark("Who did what and when, newest first; nothing is ever taken out of it."),
        mark("The strip shows each value before and after. / looks through the values as well."),
    ),
    "closed": (
        mark("Deals off the board: the care list with the days to look again, the lost ones, the completed ones."),
        mark("z brings a lost or parked deal back to the stage where it stood."),
    ),
    "report": (
        mark("Figures of a month, a quarter or a year: the team, enter for one person; below it how each is counted."),
        mark("Added up from the history, never typed in. Exceptions stand below, with who granted them."),
    ),
    "settings": (
        mark("Your own settings take hold at once and are kept in your settings file."),
        mark("The team's settings and the users belong to the database; an administrator changes them."),
    ),
    "upgrade": (
        mark("What another version of the handbook would mean for each running deal; nothing moves before you say so."),
        mark("Mark some with space, or move all with ctrl+s. Nothing else of a deal changes, and it can go back."),
    ),
    "palette": (mark("Type a word of what you want to do; enter does it."),),
}


class HelpScreen(SalesScreen[None]):
    """Opens over any place and is left with any of its keys."""

    PLACES: ClassVar[tuple[str, ...]] = ("help",)
    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("help", "move")

    def __init__(self, desk: Desk, places: Sequence[str]) -> None:
        super().__init__(desk)
        self._places = tuple(place for place in places if place in keys.PLACES) or ("board",)

    def compose(self) -> ComposeResult:
        """Top row, keys, footer."""
        yield TopBar()
        yield KeySheet()
        yield KeyFooter(self.hints())

    def on_mount(self) -> None:
        """Fill in the keys before the first frame."""
        self.set_class(self.app.size.height < LOW, "-low")
        self.relabel()

    def on_resize(self, event: Resize) -> None:
        """Low screens lose their air."""
        self.set_class(event.size.height < LOW, "-low")

    def relabel(self) -> None:
        """Say everything in the language in use."""
        super().relabel()
        title = _("Help: {place}").format(place=_(keys.PLACES[self._places[0]]))
        self.query_one(TopBar).show(DealHeadView(name=title))
        about = [_(line) for line in ABOUT.get(self._places[0], ())]
        self.query_one(KeySheet).show(about, [*self._groups()])

    def _groups(self) -> Iterable[KeyGroup]:
        """Return the keys of the place, then those that work everywhere."""
        for place in (place for place in self._places if place not in EVERYWHERE):
            yield self._group(place, right=False)
        beside = [*WITH.get(self._places[0], ()), *(p for p in EVERYWHERE if p == "app" or p in self._places)]
        for at, place in enumerate(beside):
            yield self._group(place, right=at == 0)

    def _group(self, place: str, *, right: bool) -> KeyGroup:
        """Return the keys of one part of the table, as the user has mapped them."""
        keymap = tuple(self.desk.config.keymap.items())
        rows = [("  ".join(keys.names(keys.remapped(key, keymap))[:3]), _(key.help)) for key in keys.of(place)]
        return KeyGroup(_(keys.PLACES[place]), tuple(rows), right)

    def hints(self) -> Iterable[KeyHint]:
        """Scrolling and leaving."""
        yield KeyHint("j k", _("up, down"))
        yield from (hint(key) for key in keys.of("help"))

    def action_down(self) -> None:
        """One line down."""
        self.query_one(KeySheet).scroll_lines(1)

    def action_up(self) -> None:
        """One line up."""
        self.query_one(KeySheet).scroll_lines(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self.query_one(KeySheet).page(1)

    def action_page_up(self) -> None:
        """A page up."""
        self.query_one(KeySheet).page(-1)

    def action_top(self) -> None:
        """To the first line."""
        self.query_one(KeySheet).scroll_lines(-1000)

    def action_bottom(self) -> None:
        """To the last line."""
        self.query_one(KeySheet).scroll_lines(1000)

    def action_leave(self) -> None:
        """Back to the place."""
        self.dismiss(None)
