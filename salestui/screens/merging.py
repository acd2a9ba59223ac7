"""Two people at one output: what only one changed is brought together, what both changed is shown side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.dates import short_moment
from salestui.domain.differences import Difference, differences
from salestui.domain.passages import AIR, Passage, heading
from salestui.domain.playbook import Field
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen, bindings
from salestui.screens.desk import Desk
from salestui.screens.revisions import changed
from salestui.services.output_page import OutputPage
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Merged:
    """What the form goes on with: `values` as typed or stored; fields taken from the other; fields both changed."""

    values: dict[str, object]
    taken: tuple[Field, ...]
    both: tuple[Difference, ...]


def merge(page: OutputPage, base_number: int, typed: Values, read: Values) -> Merged:
    """Bring what was typed on revision `base_number` together with the latest one.

    `typed` is word for word, `read` what it comes to. A field that was not touched takes the other's value; one that
    both changed keeps what was typed.
    """
    fields = page.sheet.output.fields
    base = next((known.values for known in page.sheet.revisions if known.number == base_number), {})
    theirs = page.newest.values if page.newest else {}
    mine_changed = {difference.field.key for difference in differences(fields, base, read)}
    mine_changed |= {field.key for field in fields if field.key in typed and field.key not in read and typed[field.key]}
    theirs_changed = {difference.field.key for difference in differences(fields, base, theirs)}
    values, taken = dict(typed), []
    for field in fields:
        if field.key in theirs_changed and field.key not in mine_changed:
            taken.append(field)
            values.pop(field.key, None)
            if field.key in theirs:
                values[field.key] = theirs[field.key]
    clashing = [field for field in fields if field.key in theirs_changed & mine_changed]
    return Merged(values, tuple(taken), differences(clashing, theirs, read))


class MergedScreen(SalesScreen[bool | None]):
    """Shows what was taken over and what both changed; dismisses with True to save what was typed on top."""

    PLACES: ClassVar[tuple[str, ...]] = ("form",)
    CSS_PATH = "brief.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form"), *bindings("move")]

    def __init__(self, desk: Desk, page: OutputPage, merged: Merged) -> None:
        super().__init__(desk)
        self._page, self._merged = page, merged

    def compose(self) -> ComposeResult:
        """The title row, who changed it and what came of it, the footer."""
        page = self._page
        head = HeadLine()
        customer = (page.loaded.deal.customer_label, Tone.NORMAL)
        head.show(((page.title, Tone.STRONG), customer, (_("changed by others"), Tone.WARNING)))
        yield head
        yield PassageView(self._told(), classes="-page")
        yield KeyFooter(self.hints())

    def _told(self) -> list[Passage]:
        page, merged, newest = self._page, self._merged, self._page.newest
        told: list[Passage] = []
        theirs = f"r{page.sheet.latest}"
        if newest is not None:
            at = short_moment(newest.at, page.loaded.team.zone, language())
            said = _("{name} submitted {revision} on {at}, while you were writing.").format(
                name=newest.author_name, revision=theirs, at=at
            )
            told.append(Passage(said))
            if newest.note:
                told.append(Passage(newest.note, label=_("What changed"), tone=Tone.MUTED))
        told += [Passage(_("Nothing you typed is lost; it is kept as a draft."), tone=Tone.MUTED), AIR]
        if merged.taken:
            names = [field.label.get(language()) for field in merged.taken]
            joined = ("、" if language() == "zh" else ", ").join(names)
            head = heading(_("Taken over from {revision}").format(revision=theirs))
            told += [head, Passage(joined, label=theirs), AIR]
        if merged.both:
            told += [heading(_("Changed by both: yours stays unless you change it")), AIR]
            for difference in merged.both:
                told += [*changed(page, difference, (theirs, _("yours"))), AIR]
        return told

    def hints(self) -> Iterable[KeyHint]:
        """Save on top, or go back to the form."""
        yield KeyHint("ctrl+s", _("save as r{n}").format(n=self._page.sheet.latest + 1))
        yield KeyHint("j k", _("scroll"))
        yield KeyHint(keys.BY_ID["form.leave"].label, _("back to the form"), leaving=True)

    def action_save(self) -> None:
        """Save what was typed as a revision after the other's."""
        self.dismiss(True)

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one(PassageView).scroll_lines(1)

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one(PassageView).scroll_lines(-1)

    def action_page_down(self) -> None:
        """Scroll half a page down."""
        self.query_one(PassageView).scroll_lines(10)

    def action_page_up(self) -> None:
        """Scroll half a page up."""
        self.query_one(PassageView).scroll_lines(-10)

    def action_leave(self) -> None:
        """Back to the form, with everything brought together in it."""
        self.dismiss(None)
