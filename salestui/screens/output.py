"""One output of a deal: its form, kept as a draft while it is typed, submitted as a revision, sent to its review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salestui.domain.dates import short_moment
from salestui.domain.differences import same
from salestui.domain.merging import settled
from salestui.domain.news import News
from salestui.domain.outcomes import Conflict, Done, Invalid
from salestui.domain.passages import Passage
from salestui.domain.presence import Doing
from salestui.domain.records import Kind, shown
from salestui.domain.views import KeyHint, Tone
from salestui.errors import StorageFault
from salestui.field_texts import problem_text
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import output_parts, reviews
from salestui.screens.base import bindings
from salestui.screens.conflict import ConflictScreen
from salestui.screens.desk import Desk
from salestui.screens.drafting import REST, command_of
from salestui.screens.opening import OpensFiles
from salestui.screens.output_keeping import KeepsOutput
from salestui.screens.output_parts import NOTE
from salestui.screens.revisions import RevisionsScreen, Version
from salestui.screens.telling import changed_text
from salestui.services import live, output_page, outputs, refusals
from salestui.services import reviews as review_service
from salestui.services.draft_files import FormDraft
from salestui.widgets.footer import KeyFooter
from salestui.widgets.form import Form
from salestui.widgets.passages import HeadLine, PassageView


class OutputScreen(OpensFiles, KeepsOutput):
    """The form of an output. Dismisses with the outcome of what was submitted, with None when left.

    What is typed is a draft within half a second, and again when the screen is left or the line drops; every refusal
    and every conflict leaves it in place.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("form", "output")
    CSS_PATH = "output.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-roomy")]
    BINDINGS: ClassVar[list[BindingType]] = bindings("form", "output")

    def __init__(self, desk: Desk, deal: int, output: str) -> None:
        super().__init__(desk, deal, output)
        self._reading = self._dropping = False

    def compose(self) -> ComposeResult:
        """The title row, the form, why it is read only, the footer."""
        yield HeadLine()
        yield Vertical(id="sheet")
        yield PassageView(id="locked", ground="surface")
        yield KeyFooter(())

    async def on_mount(self) -> None:
        """Read the output, and go on with the person's draft where there is one."""
        await self._open()

    # -- showing ------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        """Show the output as it stands now: the draft, else the latest revision, else what is known already."""
        page = self._page = await self.desk.ask(output_page.page, self._deal, self._output)
        sheet, reading = page.sheet, page.read_only is not None
        self._reading = reading
        newest = page.newest if reading else None
        values = newest.values if newest else sheet.values
        self._files = newest.files if newest else sheet.files
        self._named = ()
        self._begun = sheet.draft.based_on if sheet.draft and not reading else sheet.latest
        self._drafted, self._dropping = sheet.draft is not None and not reading, False
        self._saved_at = self._hour(sheet.draft.at) if sheet.draft and not reading else ""
        kept = None if reading else self.draft.begin(output_parts.draft_key(sheet))
        if kept is not None and sheet.draft is not None and sheet.draft.at > kept.at:
            await self.draft.drop_file()
            kept = None
        if kept is not None:
            values = self._take_up(kept)
        form = Form(
            output_parts.fields(page),
            values,
            today=self.desk.team.today(self.desk.now),
            zone=self.desk.team.zone,
            files=self._attached(),
            file_rule=sheet.output.files,
            people=page.people,
            currency=page.currency,
            readonly=reading,
            small=False,
        )
        place = self.query_one("#sheet", Vertical)
        await place.remove_children()
        await place.mount(form)
        form.focus()
        self._show_locked()
        self._show_around()
        self._tell_draft(kept)

    def _show_locked(self) -> None:
        refused = self._page.read_only
        shown = self.query_one("#locked", PassageView)
        shown.display = refused is not None
        if refused is not None:
            text = refusals.text(refused, self._page.loaded.playbook)
            shown.show((Passage(_("Read only"), tone=Tone.WARNING), Passage(text, tone=Tone.MUTED)))

    def _show_around(self) -> None:
        """Bring the title row, the rail's lower half, the strip and the footer up to date."""
        page, form = self._page, self.form
        writing = self._drafted and page.read_only is None
        number = page.sheet.latest + 1
        kept = _("draft in a file {hour}") if self.draft.in_file and self._troubled else _("draft kept {hour}")
        tail = kept.format(hour=self._saved_at) if self._saved_at else ""
        facts = (*output_parts.head(page, writing=writing, begun=self._begun), (self.present(), Tone.WARNING))
        self.query_one(HeadLine).show(facts, tail)
        form.warning = output_page.warning(page) if page.read_only is None else ""
        blocked = output_parts.attention(page, form.values)
        form.note = blocked or _("Unfinished is kept as a draft; only a complete output counts at the gate.")
        form.complete_note = blocked or self._when_complete(number)
        form.aside = output_page.aside(page, self.desk.now, drafted=writing)
        self.show_hints()

    def before_me(self) -> tuple[str, Doing]:
        """The deal of the output; it is edited unless the output can only be read."""
        return shown(Kind.DEAL, self._deal), Doing.LOOKING if self._reading else Doing.EDITING

    def show_present(self) -> None:
        """Draw the title row anew."""
        if self.query(Form):
            self._show_around()

    async def on_changed(self, news: News) -> None:
        """Say in the strip what others did about the deal meanwhile; what is typed is left alone."""
        deal = self._page.loaded.deal
        about = news.about_deal(deal.id, deal.customer, deal.campaign)
        if about is None:
            return
        if self._reading:
            await self._open()
        self.form.tell(changed_text(about.who, await self.desk.ask(live.told, about.event, language())))

    def _when_complete(self, number: int) -> str:
        if self._page.rule is not None:
            return _("ctrl+s saves r{n}; ctrl+r saves it and asks for the review.").format(n=number)
        return _("ctrl+s saves r{n}; the gate reads it from then on.").format(n=number)

    def _tell_draft(self, kept: FormDraft | None) -> None:
        """Say what one has to know first."""
        said = output_parts.first_words(self._page)
        if kept is not None:
            at = short_moment(kept.at, self.desk.team.zone, language())
            said = _("draft of {at} restored").format(at=at)
        if said:
            self.form.tell(said)

    def hints(self) -> Iterable[KeyHint]:
        """The form's keys; what saving makes is in its name."""
        return output_parts.hints(self._page, drafted=self._drafted)

    # -- submitting ---------------------------------------------------------------------------------------------

    def on_form_submitted(self) -> None:
        """Enter on the last field of a small form saves."""
        self.action_save()

    def action_save(self) -> None:
        """Submit what stands here as a new revision."""
        self.wait_for(self._submit())

    def action_review(self) -> None:
        """Submit what stands here, unless it is the latest revision already, and ask for its review."""
        if self._page.rule is None:
            self.form.tell(_("The handbook asks for no review of this output; ctrl+s saves it."))
        elif self._page.read_only is not None:
            self.action_vote()
        else:
            self.wait_for(self._submit(ask=True))

    async def _submit(self, *, ask: bool = False) -> None:
        page = self._page
        if page.read_only is not None:
            self.notice(refusals.text(page.read_only, page.loaded.playbook))
            return
        if self._is_latest():
            if ask:
                await self._ask_review(saved=False)
            else:
                self.form.tell(_("Nothing differs from r{n}; there is nothing to save.").format(n=page.sheet.latest))
            return
        await self.keep_drafts()
        values = {key: value for key, value in self.form.raw.items() if key != NOTE}
        strokes = self._strokes
        outcome = await self._try(values, str(self.form.raw.get(NOTE) or ""))
        if isinstance(outcome, Done):
            await self._saved(outcome, ask=ask, typed_on=self._strokes != strokes)
        elif isinstance(outcome, Invalid):
            self._show_problems(outcome)
        elif isinstance(outcome, Conflict):
            await self._bring_together()
        elif outcome is not None:
            self.form.tell(self._refusal(outcome))

    async def _saved(self, outcome: Done, *, ask: bool, typed_on: bool) -> None:
        """It is a revision; what was typed while that took its time begins the next one."""
        raw = self.form.raw
        await self.draft.forget()
        self._drafted = False
        if typed_on:
            await self._open()
            self.form.set_values(raw)
            self.on_form_changed()
            self.form.tell(_("Saved as r{n}. What you typed since then is a draft.").format(n=self._page.sheet.latest))
        elif ask:
            await self._ask_review(saved=True)
        else:
            self.dismiss(outcome)

    async def _try(self, values: Mapping[str, object], note: str) -> object:
        """Submit under an id that is the same for the same content; a fault is told, and what was typed stays."""
        files = [file.sha256 for file in self._files]
        try:
            with self.desk.command(command_of(self._command, sorted(values.items()), files, note, self._begun)):
                return await self.desk.tell(
                    outputs.submit,
                    self._deal,
                    self._output,
                    values,
                    keep_files=files,
                    note=note,
                    expected_revision=self._begun,
                )
        except StorageFault as fault:
            self.form.tell(fault.text())
            return None

    def _is_latest(self) -> bool:
        """Whether the form says what the latest revision says."""
        newest, form = self._page.newest, self.form
        if newest is None or self._page.sheet.facts.withdrawn or self._begun != newest.number:
            return False
        fields = self._page.sheet.output.fields
        unread = [problem for problem in form.problems if problem.code.startswith("bad_")]
        return not unread and same(fields, newest.values, form.values, newest.files, [f.sha256 for f in self._files])

    async def _ask_review(self, *, saved: bool) -> None:
        asked = await self.desk.tell(review_service.ask, self._deal, self._output)
        if isinstance(asked, Done):
            self.dismiss(asked)
            return
        if saved:
            await self._open()
        self.form.tell(self._refusal(asked))

    def _show_problems(self, invalid: Invalid) -> None:
        first = self.form.problems[0] if self.form.problems else invalid.problems[0]
        self.form.go_to(first.where)
        text = problem_text(first, self._page.sheet.output.fields)
        said = _("Not saved, kept as a draft. {problem}").format(problem=text)
        self.call_after_refresh(self.form.tell, said)

    async def _bring_together(self) -> None:
        """Somebody submitted meanwhile: take over what only he changed, show what both changed, keep what was typed."""
        page = self._page = await self.desk.ask(output_page.page, self._deal, self._output)
        dispute = output_parts.dispute(page, self._begun, self.form.raw, self.form.values)
        self._begun = page.sheet.latest
        if page.read_only is None:
            self.form.set_values(dispute.merged.values)
        self.draft.touched(REST)
        await self.keep_drafts()
        self._show_locked()
        self._show_around()
        given_up = await self.app.push_screen_wait(ConflictScreen(self.desk, dispute))
        if given_up is not None:
            self.form.set_values(settled(dispute.merged, dispute.standing.values, given_up))
            self.draft.touched(REST)
            await self._submit()

    # -- other places -------------------------------------------------------------------------------------------

    @work(group="conversation", exclusive=True)
    async def action_revisions(self) -> None:
        """Compare revisions, restore one, or drop the draft."""
        await self.keep_drafts()
        page = self._page
        typed = None
        if self._drafted:
            name = _("draft")
            typed = Version(name, self.form.values, self._files, None, self._saved_at)
        if typed is None and not page.sheet.revisions:
            self.form.tell(_("There is no revision yet."))
            return
        if await self.app.push_screen_wait(RevisionsScreen(self.desk, page, typed)) is not None:
            await self._open()

    @work(group="conversation", exclusive=True)
    async def action_vote(self) -> None:
        """While the output is under review: vote, or recall the review so that it can be changed."""
        if self._page.read_only is None or self._page.rule is None:
            return
        if await reviews.converse(self, self._deal, self._output, reading=True) is not None:
            await self._open()

    async def action_leave(self) -> None:
        """Leave; what was typed stays as a draft, unless it says what the latest revision says."""
        kept = await self.draft.keep()
        if kept and self._drafted and self._is_latest() and not self.form.raw.get(NOTE):
            with suppress(StorageFault):  # then there is a draft that says nothing new
                await self.desk.ask(outputs.discard_draft, self._deal, self._output)
        self.dismiss(None)

    @work(group="conversation", exclusive=True)
    async def action_drop(self) -> None:
        """Forget the draft, when asked twice."""
        asked, self._dropping = self._dropping, self._drafted or self.draft.unsaved
        if not self._dropping:
            self.form.tell(_("There is no draft to drop."))
        elif not asked:
            self.form.tell(_("Press it once more to drop the draft for good; a submitted revision never goes."))
        else:
            await self.keep_drafts()
            await self.desk.tell(outputs.discard_draft, self._deal, self._output)
            await self.draft.forget()
            await self._open()

    def action_help(self) -> None:
        """Say why the handbook asks for the field in focus, and how a good answer reads."""
        asked = self.form.model.field(self.form.body.current_key)
        about = asked.why.get(language()) or self._page.sheet.output.why.get(language())
        self.form.tell(about or asked.help.get(language()))
