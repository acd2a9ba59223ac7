"""Small forms with something to read above them, and a page that only says something: why not, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from salestui.domain.passages import AIR, Passage
from salestui.domain.playbook import Field, FileRule
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen
from salestui.screens.changes import Changes, Fresh
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen, Save
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView


class BriefedForm(FormScreen):
    """A form with passages above it: what it is about, and what follows from saving it."""

    CSS_PATH = "brief.tcss"

    def __init__(
        self,
        desk: Desk,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        brief: Sequence[Passage] = (),
        subject: str = "",
        values: Mapping[str, object] | None = None,
        people: Sequence[str] = (),
        file_rule: FileRule | None = None,
        follows: str = "",
        focus: str = "",
        draft: str = "",
        changes: Changes | None = None,
        fresh: Fresh | None = None,
    ) -> None:
        """`follows` says what saving brings with it; it stands last, right above the form."""
        super().__init__(
            desk,
            title,
            fields,
            save,
            subject=subject,
            values=values,
            people=people,
            file_rule=file_rule,
            focus=focus,
            draft=draft,
            changes=changes,
            fresh=fresh,
        )
        self._head = ((title, Tone.STRONG), (subject, Tone.NORMAL))
        self._brief = tuple(brief)
        if follows:
            self._brief += (AIR, Passage(follows, label=_("Then"), tone=Tone.MUTED))

    def compose(self) -> ComposeResult:
        """The title row, what to know before, the form, the footer."""
        yield HeadLine()
        yield PassageView(self._brief)
        yield self.form
        yield KeyFooter(self.hints())

    def show_title(self) -> None:
        """Draw the title row; it says that a draft goes on here."""
        self.query_one(HeadLine).show((*self._head, (self.told, Tone.WARNING)))


class PageScreen(SalesScreen[None]):
    """Says something and is left with any of its keys; it changes nothing."""

    CSS_PATH = "brief.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,space", "leave", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
    ]

    def __init__(self, desk: Desk, title: str, passages: Sequence[Passage], *, subject: str = "") -> None:
        super().__init__(desk)
        self._head = ((title, Tone.STRONG), (subject, Tone.NORMAL))
        self._passages = tuple(passages)

    def compose(self) -> ComposeResult:
        """The title row, what is said, the footer."""
        head = HeadLine()
        head.show(self._head)
        yield head
        yield PassageView(self._passages, classes="-page")
        yield KeyFooter(self.hints())

    def hints(self) -> Iterable[KeyHint]:
        """Leaving is all there is to do."""
        yield KeyHint("enter", _("go back"))
        yield KeyHint("esc", _("leave"), leaving=True)

    def action_scroll(self, step: int) -> None:
        """Scroll what does not fit."""
        self.query_one(PassageView).scroll_lines(step)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
