"""One output of a deal: its form, kept as a draft while it is typed, submitted as a revision, sent to its review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer

from salestui import keys
from salestui.domain.dates import short_moment
from salestui.domain.differences import same
from salestui.domain.facts import FileFact
from salestui.domain.form_views import AttachedFile
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.passages import Passage
from salestui.domain.playbook import FieldType
from salestui.domain.views import KeyHint, Tone
from salestui.field_texts import problem_text
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import merging, output_parts, reviews
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.desk import Desk
from salestui.screens.drafting import REST
from salestui.screens.output_parts import NOTE
from salestui.screens.revisions import RevisionsScreen, Version
from salestui.screens.telling import refusal_text
from salestui.services import output_page, outputs, refusals
from salestui.services import reviews as review_service
from salestui.widgets.footer import KeyFooter
from salestui.widgets.form import Form
from salestui.widgets.passages import HeadLine, PassageView


class OutputScreen(SalesScreen[object]):
    """The form of an output. Dismisses with the outcome of what was submitted, with None when left.

    What is typed is a draft within half a second, and again when the screen is left or the line drops; every refusal
    and every conflict leaves it in place.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("form", "output")
    CSS_PATH = "output.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-roomy")]
    BINDINGS: ClassVar[list[BindingType]] = bindings("form", "output")

    def __init__(self, desk: Desk, deal: int, output: str) -> None:
        super().__init__(desk)
        self._deal, self._output = deal, output
        self._files: tuple[FileFact, ...] = ()
        self._begun = 0
        self._unsaved = self._drafted = self._dropping = False
        self._saved_at = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The title row, the form, why it is read only, the footer."""
        yield HeadLine()
        yield Vertical(id="sheet")
        yield PassageView(id="locked", ground="surface")
        yield KeyFooter(())

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    async def on_mount(self) -> None:
        """Read the output, and go on with the person's draft where there is one."""
        await self._open()

    # -- showing ------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        """Show the output as it stands now: the draft, else the latest revision, else what is known already."""
        page = self._page = await self.desk.ask(output_page.page, self._deal, self._output)
        sheet, reading = page.sheet, page.read_only is not None
        newest = page.newest if reading else None
        values = newest.values if newest else sheet.values
        self._files = newest.files if newest else sheet.files
        self._begun = sheet.draft.based_on if sheet.draft and not reading else sheet.latest
        self._drafted, self._unsaved, self._dropping = sheet.draft is not None and not reading, False, False
        self._saved_at = self._hour(sheet.draft.at) if sheet.draft and not reading else ""
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
        self._tell_draft()

    def _attached(self) -> tuple[AttachedFile, ...]:
        return output_parts.attached(self._page, self._files, self.desk.team.today(self.desk.now))

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
        tail = _("draft kept {hour}").format(hour=self._saved_at) if self._saved_at else ""
        self.query_one(HeadLine).show(output_parts.head(page, writing=writing, begun=self._begun), tail)
        form.warning = output_page.warning(page) if page.read_only is None else ""
        locked = page.sheet.locked
        blocked = f"! {refusals.text(locked, page.loaded.playbook)}" if locked else ""
        form.note = blocked or _("Unfinished is kept as a draft; only a complete output counts at the gate.")
        form.complete_note = blocked or self._when_complete(number)
        form.aside = output_page.aside(page, self.desk.now, drafted=writing)
        self.show_hints()

    def _when_complete(self, number: int) -> str:
        if self._page.rule is not None:
            return _("ctrl+s saves r{n}; ctrl+r saves it and asks for the review.").format(n=number)
        return _("ctrl+s saves r{n}; the gate reads it from then on.").format(n=number)

    def _tell_draft(self) -> None:
        """Say what one has to know first: others went on, the reviewers sent it back, a draft goes on."""
        page = self._page
        if page.read_only is not None:
            return
        said = self._overtaken() or output_page.sent_back(page)
        draft = page.sheet.draft
        if not said and draft is not None:
            at = short_moment(draft.at, self.desk.team.zone, language())
            said = _("Your draft of {at} goes on here; ctrl+o compares or drops it.").format(at=at)
        if said:
            self.form.tell(said)

    def _overtaken(self) -> str:
        """Return who submitted a newer revision since the draft was begun; "" when nobody did."""
        draft, newest = self._page.sheet.draft, self._page.newest
        if draft is None or newest is None or not self._page.sheet.draft_outdated:
            return ""
        at = short_moment(draft.at, self.desk.team.zone, language())
        text = _("! {name} submitted r{n} after your draft of {at} was begun; saving brings both together.")
        return text.format(name=newest.author_name, n=newest.number, at=at)

    def hints(self) -> Iterable[KeyHint]:
        """The form's keys; what saving makes is in its name."""
        page = self._page
        if page.read_only is not None:
            if page.read_only.code == "review_pending":
                yield hint(keys.BY_ID["output.vote"])
            yield hint(keys.BY_ID["output.revisions"], enabled=bool(page.sheet.revisions))
            yield hint(keys.BY_ID["form.leave"])
            return
        yield KeyHint("tab", _("next field"))
        yield from self._saving()
        if any(field.type is FieldType.TABLE for field in page.sheet.output.fields):
            yield KeyHint("ctrl+n", _("add row"))
            yield KeyHint("ctrl+d", _("delete row"))
        yield KeyHint("alt+1", _("what is missing"))
        yield hint(keys.BY_ID["output.revisions"], enabled=bool(page.sheet.revisions) or self._drafted)
        yield hint(keys.BY_ID["form.leave"])
        yield hint(keys.BY_ID["form.help"])

    def _saving(self) -> Iterable[KeyHint]:
        page, allowed = self._page, self._page.sheet.locked is None
        saves = _("save as r{n}").format(n=page.sheet.latest + 1)
        yield KeyHint(keys.BY_ID["form.save"].label, saves, enabled=allowed)
        if page.rule is not None:
            yield hint(keys.BY_ID["form.review"], enabled=allowed)

    # -- the draft ----------------------------------------------------------------------------------------------

    def on_form_changed(self) -> None:
        """Keep the draft soon, however long the typing goes on."""
        self._unsaved, self._dropping = True, False
        if self._timer is None:
            self._timer = self.set_timer(REST, self._rested)

    def _rested(self) -> None:
        self._timer = None
        self.run_worker(self.keep_drafts(), group="draft")

    async def keep_drafts(self) -> None:
        """Keep what was typed since the last time."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self._unsaved:
            return
        self._unsaved = False
        outcome = await self._keep()
        if isinstance(outcome, Done):
            self._drafted, self._saved_at = True, self._hour(self.desk.now)
            self._show_around()
        else:
            self._unsaved = True
            self.notice(self._refusal(outcome))

    async def _keep(self, *paths: Path) -> object:
        return await self.desk.ask(
            outputs.save_draft,
            self._deal,
            self._output,
            self.form.raw,
            paths,
            self._begun,
            keep_files=[file.sha256 for file in self._files],
        )

    def _hour(self, at: datetime) -> str:
        return f"{at.astimezone(self.desk.team.zone):%H:%M}"

    async def on_form_file_added(self, message: Form.FileAdded) -> None:
        """Take a copy of the file at once; it belongs to the draft until the output is submitted."""
        outcome = await self._keep(message.path)
        if isinstance(outcome, Invalid):
            self.form.tell(problem_text(outcome.problems[0], self._page.sheet.output.fields))
            return
        if not isinstance(outcome, Done):
            self.notice(self._refusal(outcome))
            return
        sheet = await self.desk.ask(outputs.sheet, self._deal, self._output)
        self._files = sheet.files
        self._drafted, self._saved_at = True, self._hour(self.desk.now)
        self.form.files = self._attached()
        self._show_around()

    def on_form_file_removed(self, message: Form.FileRemoved) -> None:
        """Take a file off; the revisions that have it keep it."""
        self._files = tuple(file for index, file in enumerate(self._files) if index != message.index)
        self.form.files = self._attached()
        self.on_form_changed()

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
        outcome = await self.desk.tell(
            outputs.submit,
            self._deal,
            self._output,
            values,
            keep_files=[file.sha256 for file in self._files],
            note=str(self.form.raw.get(NOTE) or ""),
            expected_revision=self._begun,
        )
        if isinstance(outcome, Done):
            self._unsaved = self._drafted = False
            if ask:
                await self._ask_review(saved=True)
            else:
                self.dismiss(outcome)
        elif isinstance(outcome, Invalid):
            self._show_problems(outcome)
        elif isinstance(outcome, Conflict):
            await self._bring_together()
        else:
            self.form.tell(self._refusal(outcome))

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

    def _refusal(self, outcome: object) -> str:
        if isinstance(outcome, NotAllowed):
            return refusals.text(outcome, self._page.loaded.playbook)
        return refusal_text(outcome)

    async def _bring_together(self) -> None:
        """Somebody submitted meanwhile: take over what only he changed, show what both changed, keep what was typed."""
        before = self._begun
        page = self._page = await self.desk.ask(output_page.page, self._deal, self._output)
        merged = merging.merge(page, before, self.form.raw, self.form.values)
        self._begun, self._unsaved = page.sheet.latest, True
        if page.read_only is None:
            self.form.set_values(merged.values)
        await self.keep_drafts()
        self._show_locked()
        self._show_around()
        chosen = await self.app.push_screen_wait(merging.MergedScreen(self.desk, page, merged))
        if chosen:
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
        await self.keep_drafts()
        if self._drafted and self._is_latest() and not self.form.raw.get(NOTE):
            await self.desk.ask(outputs.discard_draft, self._deal, self._output)
        self.dismiss(None)

    async def action_drop(self) -> None:
        """Forget the draft, when asked twice."""
        asked, self._dropping = self._dropping, self._drafted or self._unsaved
        if not self._dropping:
            self.form.tell(_("There is no draft to drop."))
        elif not asked:
            self.form.tell(_("Press it once more to drop the draft for good; a submitted revision never goes."))
        else:
            await self.keep_drafts()
            await self.desk.tell(outputs.discard_draft, self._deal, self._output)
            await self._open()

    def action_help(self) -> None:
        """Say why the handbook asks for the field in focus, and how a good answer reads."""
        asked = self.form.model.field(self.form.body.current_key)
        about = asked.why.get(language()) or self._page.sheet.output.why.get(language())
        self.form.tell(about or asked.help.get(language()))
