"""Reviews that wait for my vote, one after the other: read, approve with one key, or say what is to be changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from salestui import keys
from salestui.domain.dates import short_moment
from salestui.domain.facts import Decision
from salestui.domain.outcomes import Done
from salestui.domain.sheets import ReviewLine
from salestui.domain.views import AgendaStripView, KeyHint, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens import places, review_forms
from salestui.screens.base import bindings, hint
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.lists import ListScreen
from salestui.screens.reviews import ReviewScreen
from salestui.screens.telling import refusal_text
from salestui.services import review_page, reviewers, reviews
from salestui.widgets.agenda import AgendaStrip
from salestui.widgets.footer import KeyFooter
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, Row, Section
from salestui.widgets.topbar import TopBar

__all__ = ["WaitingScreen"]

ON_LINE = frozenset({"waiting.open", "waiting.read", "waiting.approve", "waiting.ask_change", "waiting.reject"})


class WaitingScreen(ListScreen[None]):
    """The longest waiting first; what was not read here yet is not approved."""

    PLACES: ClassVar[tuple[str, ...]] = ("waiting", "move")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lists.tcss", "waiting.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = bindings("waiting")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._lines: tuple[ReviewLine, ...] | None = None
        self._read: set[int] = set()

    def compose(self) -> ComposeResult:
        """Top row, the list, the strip about the review under the cursor, the keys."""
        yield TopBar(TopBarView(_("Waiting for me"), waiting=True))
        yield Listing()
        yield AgendaStrip()
        yield KeyFooter(self.hints())

    async def on_mount(self) -> None:
        """Read the list before the first frame."""
        self.fit(self.app.size.width, self.app.size.height)
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was done in another place."""
        if self._lines is not None:
            await self.reload()

    async def reload(self) -> None:
        """Read the list anew; the cursor stays on its review, or on the next one."""
        self._lines = await self.desk.ask(reviews.waiting_for_me)
        self.draw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the list, and say where we are."""
        lines = self._lines or ()
        self.listing.set_hint(_("No review waits for you"), ("d", _("deputy")))
        self.listing.show([Section([self._row(line) for line in lines], _columns())] if lines else [])
        count = ngettext("{n} review", "{n} reviews", len(lines)).format(n=len(lines))
        self.query_one(TopBar).show(TopBarView(_("Waiting for me"), me=f"{count}   {self.desk.actor.name}"))
        self._show_strip()
        self.show_hints()

    def relabel(self) -> None:
        """Say everything in the language in use."""
        super().relabel()
        self.draw()

    def _row(self, line: ReviewLine) -> Row:
        days = line.waited(self.desk.now)
        waited = ngettext("{n} day", "{n} days", days).format(n=days) if days else _("today")
        return Row(
            line.review,
            (
                Cell(waited, Tone.WARNING if days else Tone.MUTED),
                Cell(line.customer, Tone.NORMAL),
                Cell(f"{line.title.get(language())} r{line.revision}", Tone.NORMAL),
                Cell(self._roles(line)),
                Cell(_("seen") if line.review in self._read else "", Tone.SUCCESS),
                Cell(line.requested_by, Tone.FAINT),
                Cell(line.note.replace("\n", " "), Tone.FAINT),
            ),
        )

    @staticmethod
    def _roles(line: ReviewLine) -> str:
        joint = "、" if language() == "zh" else ", "
        return joint.join(
            f"{title.get(language())} {reviewers.for_absent(line.deputy_for.get(role, ''))}".strip()
            for role, title in zip(line.roles, line.role_titles, strict=True)
        )

    def _line(self) -> ReviewLine | None:
        row = self.listing.selected
        return next((line for line in self._lines or () if row is not None and line.review == row.key), None)

    def _show_strip(self) -> None:
        line = self._line()
        if line is None:
            self.query_one(AgendaStrip).show(None)
            return
        at = short_moment(line.requested_at, self.desk.team.zone, language())
        facts = (
            (_("asked by"), f"{line.requested_by}  {at}"),
            (_("role"), self._roles(line)),
            (_("message"), line.note.replace("\n", " ")),
        )
        what = f"{line.title.get(language())} r{line.revision}"
        if self.has_class("-low"):
            what = "  ".join(part for part in (self._roles(line), line.note.replace("\n", " ")) if part)
        shown = tuple(fact for fact in facts if fact[1])
        self.query_one(AgendaStrip).show(AgendaStripView(name=line.customer, what=what, facts=shown))

    def notice(self, text: str) -> None:
        """Tell something in the strip until the cursor moves."""
        if text:
            self.query_one(AgendaStrip).show(AgendaStripView(name="", notice=text))

    def hints(self) -> Iterable[KeyHint]:
        """The keys; what needs a review is faint where none waits."""
        for key in keys.of("waiting"):
            if key.footer:
                yield hint(key, enabled=key.id not in ON_LINE or bool(self._lines))

    def on_listing_highlighted(self) -> None:
        """The strip follows the cursor."""
        self._show_strip()

    # -- keys -------------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the review."""
        self._review()

    @work(group="conversation", exclusive=True)
    async def _review(self) -> None:
        line = self._line()
        if line is None:
            return
        opened = ReviewScreen(self.desk, await self.desk.ask(review_page.page, line.deal, line.output))
        outcome = await self.app.push_screen_wait(opened)
        if opened.has_read:
            self._read.add(line.review)
        await self._after(outcome)

    @work(group="conversation", exclusive=True)
    async def action_read(self) -> None:
        """Read what is reviewed."""
        line = self._line()
        if line is not None:
            outcome = await self.app.push_screen_wait(places.make("output", self.desk, line.deal, line.output))
            self._read.add(line.review)
            await self._after(outcome)

    @work(group="conversation", exclusive=True)
    async def action_approve(self) -> None:
        """Approve what was read."""
        line = self._line()
        if line is None:
            return
        if line.review not in self._read:
            self.notice(_("Read it first: o opens it, then a approves."))
            return
        role = await self._role(line)
        if role is not None:
            await self._voted(line, await self.desk.tell(reviews.vote, line.review, role, Decision.APPROVE))

    def action_ask_change(self) -> None:
        """Ask for a change."""
        self._refuse(Decision.ASK_CHANGE)

    def action_reject(self) -> None:
        """Reject."""
        self._refuse(Decision.REJECT)

    @work(group="conversation", exclusive=True)
    async def _refuse(self, decision: Decision) -> None:
        """Ask for the comment without which nobody is refused, and vote."""
        line = self._line()
        role = await self._role(line) if line is not None else None
        if line is not None and role is not None:
            form = review_forms.comment(self.desk, line, role, decision)
            await self._voted(line, await self.app.push_screen_wait(form))

    async def _role(self, line: ReviewLine) -> str | None:
        """Return the role to vote in; asked where this person has several."""
        if len(line.roles) == 1:
            return line.roles[0]
        titles = zip(line.roles, line.role_titles, strict=True)
        choices = [(role, title.get(language()), "") for role, title in titles]
        return await self.app.push_screen_wait(ChooseScreen(self.desk, _("Vote in which role?"), choices))

    async def _voted(self, line: ReviewLine, outcome: object) -> None:
        await self._after(outcome)
        if isinstance(outcome, Done):
            what = f"{line.customer}  {line.title.get(language())} r{line.revision}"
            self.notice(_("Your vote on {what} is kept.").format(what=what))

    async def _after(self, outcome: object) -> None:
        await self.reload()
        if outcome is not None and not isinstance(outcome, Done | bool):
            self.notice(refusal_text(outcome))

    @work(group="conversation", exclusive=True)
    async def action_deputy(self) -> None:
        """Name a deputy, or end one."""
        outcome = await review_forms.deputy(self)
        await self._after(outcome)
        if isinstance(outcome, Done):
            self.notice(_("Kept. Who votes for whom stands in the history."))

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def _columns() -> tuple[Column, ...]:
    return (
        Column(8, _("waits")),
        Column(14, _("customer"), share=2),
        Column(20, _("output"), share=3),
        Column(16, _("role"), share=3),
        Column(4),
        Column(8, _("asked by"), needs=90),
        Column(12, _("message"), share=3, needs=110),
    )
