"""The review of an output: how it stands, then what this person can do about it; what he cannot says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from salestui import keys
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Invalid
from salestui.domain.passages import Passage
from salestui.domain.playbook import Field, FieldType, FileRule, Text
from salestui.domain.records import Kind, shown
from salestui.domain.sheets import ReviewRecord
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.screens import places, review_forms
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.brief import BriefedForm
from salestui.screens.desk import Desk
from salestui.screens.form import Save
from salestui.services import refusals, review_page, users
from salestui.services import reviews as service
from salestui.services.review_page import Act, ReviewPage, Way
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView

Values = Mapping[str, object]
RECORDING = frozenset({"recorded_for", "voted_on", "evidence"})


async def converse(screen: SalesScreen[Any], deal: int, output: str, *, reading: bool = False) -> object:
    """Show the review of an output and what can be done; return what came of it, None when nothing was done.

    `reading`: the output itself is open behind it, so it is not offered again.
    """
    page = await screen.desk.ask(review_page.page, deal, output)
    return await screen.app.push_screen_wait(ReviewScreen(screen.desk, page, reading=reading))


class ReviewScreen(SalesScreen[object]):
    """One review: its state above, the ways on below, each with a digit. Dismisses with what was done, or None."""

    PLACES: ClassVar[tuple[str, ...]] = ("review",)
    CSS_PATH = "reviews.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("review")

    def __init__(self, desk: Desk, page: ReviewPage, *, reading: bool = False) -> None:
        super().__init__(desk)
        self._page, self._reading = page, reading
        self._ways = self._offered()
        self.has_read = reading
        """Whether the output under review was opened from here."""

    def _offered(self) -> tuple[Way, ...]:
        return tuple(way for way in self._page.ways if not (self._reading and way.act in {Act.OPEN, Act.CHANGE}))

    def compose(self) -> ComposeResult:
        """The title row, the state, the ways on, the footer."""
        output = self._page.output
        head = HeadLine()
        number = f"r{output.sheet.latest}" if output.sheet.latest else ""
        customer = (output.loaded.deal.customer_label, Tone.NORMAL)
        head.show(((_("Review"), Tone.STRONG), (output.title, Tone.NORMAL), (number, Tone.NORMAL), customer))
        yield head
        yield PassageView(review_page.state(self._page, self.desk.now))
        yield OptionList(*self._options())
        yield KeyFooter(self.hints())

    def _options(self) -> list[Option]:
        return [Option(self._prompt(number, way)) for number, way in enumerate(self._ways, 1)]

    def _prompt(self, number: int, way: Way) -> Content:
        playbook = self._page.output.loaded.playbook
        if way.refused is None:
            return Content.assemble((f"{number} ", "bold $primary"), Content(self._verb(way)))
        why = refusals.text(way.refused, playbook)
        name = Content.styled(self._verb(way), "$faint")
        return Content.assemble((f"{number} ", "$faint"), name, "   ", Content.styled(why, "$faint"))

    def _vote_verb(self, way: Way) -> str:
        role = refusals.role_title(way.role, self._page.output.loaded.playbook)
        if way.deputy_for:
            return _("Vote as {role} for {name}").format(role=role, name=way.deputy_for)
        return _("Vote as {role}").format(role=role)

    def _verb(self, way: Way) -> str:
        latest = self._page.output.sheet.latest
        names = {
            Act.VOTE: lambda: self._vote_verb(way),
            Act.REASSIGN: lambda: _("Ask somebody else"),
            Act.RECORD: lambda: _("Record somebody else's vote"),
            Act.ASK: lambda: _("Ask for a review of r{n}").format(n=latest) if latest else _("Ask for a review"),
            Act.RECALL: lambda: _("Recall the review, to change the output"),
            Act.CHANGE: lambda: _("Change the output, to be r{n}").format(n=latest + 1),
            Act.OPEN: lambda: _("Open the output") if self._page.review is None else _("Read r{n}").format(n=latest),
        }
        return names[way.act]()

    def on_mount(self) -> None:
        """Start on the first thing that can be done."""
        options = self.query_one(OptionList)
        able = (index for index, way in enumerate(self._ways) if way.refused is None)
        options.highlighted = next(able, 0) if self._ways else None
        options.focus()

    def hints(self) -> Iterable[KeyHint]:
        """The keys of this place."""
        yield replace(hint(keys.BY_ID["review.pick"]), key=f"1-{len(self._ways)}" if len(self._ways) > 1 else "1")
        yield KeyHint("j k", _("up, down"))
        yield hint(keys.BY_ID["review.leave"])
        yield hint(keys.BY_ID["review.help"])

    # -- doing --------------------------------------------------------------------------------------------------

    def action_down(self) -> None:
        """One line down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """One line up."""
        self.query_one(OptionList).action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what the cursor stands on."""
        self._go(self._ways[event.option_index])

    def action_choose(self) -> None:
        """Do what the cursor stands on."""
        index = self.query_one(OptionList).highlighted
        if index is not None:
            self._go(self._ways[index])

    def action_pick(self, number: int) -> None:
        """Do what stands behind a digit."""
        if number <= len(self._ways):
            self._go(self._ways[number - 1])
        else:
            self.notice(_("There is no line {n}.").format(n=number))

    @work(group="conversation", exclusive=True)
    async def _go(self, way: Way) -> None:
        page = self._page
        if way.refused is not None:
            self.notice(refusals.text(way.refused, page.output.loaded.playbook))
            return
        if way.act in {Act.OPEN, Act.CHANGE}:
            await self.app.push_screen_wait(places.make("output", self.desk, page.output.loaded.deal.id, page.key))
            self.has_read = True
            await self._reload()
            return
        if way.act is Act.REASSIGN and page.review is not None:
            outcome = await review_forms.reassign(self, page.review.id, page.output.loaded.playbook)
            if outcome is not None:
                self.dismiss(outcome)
            return
        outcome = await self.app.push_screen_wait(await self._form(way))
        if outcome is not None:
            self.dismiss(outcome)

    async def _reload(self) -> None:
        """What was read may have moved on meanwhile."""
        self._page = await self.desk.ask(review_page.page, self._page.output.loaded.deal.id, self._page.key)
        self._ways = self._offered()
        self.query_one(PassageView).show(review_page.state(self._page, self.desk.now))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = 0
        self.show_hints()

    async def _form(self, way: Way) -> BriefedForm:
        if way.act is Act.ASK:
            return self._asking()
        review = self._page.review
        if review is None:
            raise TypeError(f"no review to {way.act}")
        if way.act is Act.RECALL:
            return self._recalling(review)
        return await self._voting(review, way)

    def _asking(self) -> BriefedForm:
        output = self._page.output
        note = Field(
            "note",
            FieldType.LONG_TEXT,
            Text("给评审人的话", "Note to the reviewers"),
            help=Text("这一版改了什么，请重点看哪里", "What changed, and where to look closely"),
        )

        async def save(values: Values, _files: Sequence[Path]) -> object:
            return await self.desk.tell(
                service.ask, output.loaded.deal.id, self._page.key, str(values.get("note") or "")
            )

        follows = _("r{n} is read only until they have voted; you can recall it.").format(n=output.sheet.latest)
        draft = f"ask:{shown(Kind.DEAL, output.loaded.deal.id)}.{self._page.key}"
        return self._brief(_("Ask for a review"), (note,), save, follows=follows, draft=draft)

    def _recalling(self, review: ReviewRecord) -> BriefedForm:
        reason = Field(
            "reason",
            FieldType.LONG_TEXT,
            Text("原因", "Reason"),
            help=Text("为什么先不评了；评审人会看到", "Why it is taken back; the reviewers see it"),
        )

        async def save(values: Values, _files: Sequence[Path]) -> object:
            return await self.desk.tell(service.recall, review.id, str(values.get("reason") or ""))

        follows = _("The output can be changed again; the votes so far stay in the history.")
        draft = f"recall:{shown(Kind.REVIEW, review.id)}"
        return self._brief(_("Recall the review"), (reason,), save, follows=follows, draft=draft)

    async def _voting(self, review: ReviewRecord, way: Way) -> BriefedForm:
        recorded = way.act is Act.RECORD
        asked = await self.desk.ask(service.vote_fields, review.id)
        fields = tuple(_needed(field) for field in asked) if recorded else ()
        fields = fields or tuple(field for field in asked if field.key not in RECORDING | {"role"})
        output = self._page.output

        async def save(values: Values, files: Sequence[Path]) -> object:
            return await self._vote(review, way, fields, values, files)

        title = _("Record a vote") if recorded else self._verb(way)
        follows = _("It counts for r{n} alone; a new revision has to be reviewed again.").format(n=review.revision)
        people = await self.desk.ask(users.all) if recorded else ()
        return self._brief(
            title,
            fields,
            save,
            follows=follows,
            people=tuple(user.name for user in people if user.id not in {self.desk.actor.id, output.loaded.deal.owner}),
            file_rule=FileRule() if recorded else None,
            draft=f"vote:{shown(Kind.REVIEW, review.id)}.{way.act.value}.{way.role}",
        )

    async def _vote(
        self, review: ReviewRecord, way: Way, fields: Sequence[Field], values: Values, files: Sequence[Path]
    ) -> object:
        today = self.desk.team.today(self.desk.now)
        stored, unread = normalise(fields, values, today=today, zone=self.desk.team.zone)
        named = {problem.where for problem in unread}
        lacking = [known for known in check(fields, stored, today=today) if known.where not in named]
        if files:
            lacking = [known for known in lacking if known.where != "evidence"]
        if unread or lacking:
            return Invalid((*unread, *lacking))
        voted_on = stored.get("voted_on")
        return await self.desk.tell(
            service.vote,
            review.id,
            str(stored.get("role") or way.role),
            str(stored["decision"]),
            str(stored.get("comment") or ""),
            recorded_for=str(stored.get("recorded_for") or ""),
            voted_on=date.fromisoformat(str(voted_on)) if voted_on else None,
            evidence=str(stored.get("evidence") or ""),
            files=files,
        )

    def _brief(
        self,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        follows: str,
        draft: str,
        people: Sequence[str] = (),
        file_rule: FileRule | None = None,
    ) -> BriefedForm:
        output = self._page.output
        newest = output.newest
        about = f"{output.title} r{output.sheet.latest}"
        brief = [Passage(about, label=_("Document"))]
        if newest is not None and newest.note:
            brief.append(Passage(newest.note, label=_("Changed"), tone=Tone.MUTED))
        return BriefedForm(
            self.desk,
            title,
            fields,
            save,
            brief=brief,
            subject=output.loaded.deal.customer_label,
            people=people,
            file_rule=file_rule,
            follows=follows,
            draft=draft,
        )

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def _needed(field: Field) -> Field:
    """A recorded vote always names who voted, and on which day."""
    return replace(field, required=True) if field.key in {"recorded_for", "voted_on"} else field
