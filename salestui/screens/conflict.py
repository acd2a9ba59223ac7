"""Somebody else changed it too: what both changed field by field, yours, theirs and before; one key saves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.dataclass import dataclass
from salestui.domain.dates import short_moment
from salestui.domain.merging import Clash, Merged
from salestui.domain.passages import AIR, Passage, heading
from salestui.domain.playbook import Field, FieldType
from salestui.domain.showing import show
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.changes import Standing
from salestui.screens.desk import Desk
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView

__all__ = ["ConflictScreen", "Dispute", "taken_text"]

NOTHING = "-"
AT_HAND = 9
"""So many fields have a digit."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What two people made of one thing: its title and subject, what came of both, and what stands there now.

    `saves` is what saving is called; an empty text is "save". `currency` is the one that needs no name.
    """

    title: str
    subject: str
    merged: Merged
    standing: Standing
    saves: str = ""
    currency: str = "CNY"


def taken_text(fields: Iterable[Field]) -> str:
    """Return the names of fields, joined as the language joins them."""
    return ("、" if language() == "zh" else ", ").join(field.label.get(language()) for field in fields)


class ConflictScreen(SalesScreen[frozenset[str] | None]):
    """Dismisses with the keys of the fields in which the other's content is taken, to save; with None to go back."""

    PLACES: ClassVar[tuple[str, ...]] = ("conflict",)
    CSS_PATH = "brief.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("conflict")

    def __init__(self, desk: Desk, dispute: Dispute) -> None:
        super().__init__(desk)
        self._dispute = dispute
        self._given_up: set[str] = set()

    def compose(self) -> ComposeResult:
        """The title row, who changed what and what came of it, the footer."""
        dispute = self._dispute
        head = HeadLine()
        head.show(
            ((dispute.title, Tone.STRONG), (dispute.subject, Tone.NORMAL), (_("changed by others"), Tone.WARNING))
        )
        yield head
        yield PassageView(self._told(), classes="-page")
        yield KeyFooter(self.hints())

    @property
    def page(self) -> PassageView:
        """What is told."""
        return self.query_one(PassageView)

    def _told(self) -> list[Passage]:
        merged = self._dispute.merged
        told = [*self._happened(), Passage(_("Nothing you typed is lost."), tone=Tone.MUTED), AIR]
        if merged.clashes:
            told += [heading(_("Changed by both: saving keeps what is marked")), AIR]
            for number, clash in enumerate(merged.clashes, 1):
                told += [*self._clash(number, clash), AIR]
        if merged.taken:
            told += [heading(_("Changed by the other alone: taken over")), AIR]
            for field in merged.taken:
                value = self._dispute.standing.values.get(field.key)
                told += self._lines(field, field.label.get(language()), value, Tone.MUTED)
        return told

    def _happened(self) -> list[Passage]:
        """Who did what, and when."""
        standing = self._dispute.standing
        if not standing.who:
            return [Passage(_("It was changed while you were writing."))]
        at = short_moment(standing.at, self.desk.team.zone, language()) if standing.at else ""
        said = _("{name} changed it on {at}, while you were writing.").format(name=standing.who, at=at)
        told = [Passage(said)]
        if standing.done:
            told.append(Passage(standing.done, label=_("What was done"), tone=Tone.MUTED))
        return told

    def _clash(self, number: int, clash: Clash) -> list[Passage]:
        field, theirs = clash.field, clash.field.key in self._given_up
        digit = f"{number}  " if number <= AT_HAND else ""
        mine = _("yours")
        other = self._dispute.standing.who or _("theirs")
        told = [heading(digit + field.label.get(language()))]
        told += self._lines(field, _("before"), clash.before, Tone.FAINT)
        told += self._lines(field, _mark(other, chosen=theirs), clash.theirs, Tone.NORMAL if theirs else Tone.MUTED)
        told += self._lines(field, _mark(mine, chosen=not theirs), clash.yours, Tone.MUTED if theirs else Tone.NORMAL)
        return told

    def _lines(self, field: Field, label: str, value: object, tone: Tone) -> list[Passage]:
        rows = value if field.type is FieldType.TABLE and isinstance(value, list | tuple) else [value]
        texts = [self._shown(field, [row] if field.type is FieldType.TABLE else row) for row in rows]
        texts = [text for text in texts if text] or [NOTHING]
        return [Passage(text, label=label if index == 0 else " ", tone=tone) for index, text in enumerate(texts)]

    def _shown(self, field: Field, value: object) -> str:
        return show(field, value, language(), home_currency=self._dispute.currency, zone=self.desk.team.zone)

    def hints(self) -> Iterable[KeyHint]:
        """Save, choose, go back."""
        yield KeyHint(keys.BY_ID["conflict.save"].label, self._dispute.saves or _("save mine"))
        count = min(len(self._dispute.merged.clashes), AT_HAND)
        if count:
            yield KeyHint("1" if count == 1 else f"1-{count}", _("mine or theirs"))
        yield KeyHint("j k", _("scroll"))
        yield hint(keys.BY_ID["conflict.leave"])
        yield hint(keys.BY_ID["conflict.help"])

    def action_swap(self, number: int) -> None:
        """Take the other's content in a field, or one's own again."""
        clashes = self._dispute.merged.clashes
        if number > len(clashes):
            self.notice(_("There is no line {n}.").format(n=number))
            return
        self._given_up ^= {clashes[number - 1].field.key}
        top = self.page.top
        self.page.show(self._told())
        self.page.scroll_lines(top)

    def action_save(self) -> None:
        """Save what is marked."""
        self.dismiss(frozenset(self._given_up))

    def action_leave(self) -> None:
        """Back to the form, where both are brought together."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Scroll down."""
        self.page.scroll_lines(1)

    def action_up(self) -> None:
        """Scroll up."""
        self.page.scroll_lines(-1)

    def action_page_down(self) -> None:
        """Scroll half a page down."""
        self.page.scroll_lines(10)

    def action_page_up(self) -> None:
        """Scroll half a page up."""
        self.page.scroll_lines(-10)


def _mark(name: str, *, chosen: bool) -> str:
    """A name, with the sign that saving keeps what stands beside it; seen without colour too."""
    return f"* {name}" if chosen else f"  {name}"
