"""Scoring the customer of a deal: one key per criterion, saved whole; the grade follows at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salestui import keys
from salestui.domain.merging import merge
from salestui.domain.news import News
from salestui.domain.outcomes import Conflict, Done, Invalid
from salestui.domain.passages import Passage
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.presence import Doing
from salestui.domain.records import Kind, shown
from salestui.domain.scoring import grade_for, total
from salestui.domain.views import KeyHint, Tone
from salestui.errors import StorageFault
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.changes import Standing
from salestui.screens.conflict import ConflictScreen, Dispute
from salestui.screens.desk import Desk
from salestui.screens.drafting import Drafting, Typed, command_of
from salestui.screens.telling import changed_text
from salestui.services import draft_files, live, refusals, score_page, scores
from salestui.services.score_page import ScorePage
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView
from salestui.widgets.scorecard import ScoreCard
from salestui.widgets.times import short_day

ROOMY = 100
EVIDENCE = ".evidence"
VERSION = ".version"
"""Where a draft keeps how many scorecards there were when it was begun."""


class ScoreScreen(SalesScreen[object]):
    """The scorecard of a deal's customer. Dismisses with the outcome when it was saved, with None when left.

    What was scored and not saved is a draft within half a second, and comes back when it is opened again.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("score",)
    CSS_PATH = "score.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy")]
    BINDINGS: ClassVar[list[BindingType]] = bindings("score")

    def __init__(self, desk: Desk, deal: int) -> None:
        super().__init__(desk)
        self._deal = deal
        self._dropping = False
        self._version = 0
        self._command = uuid.uuid4().hex

    def compose(self) -> ComposeResult:
        """The title row, the card, why it cannot be scored, the footer."""
        yield HeadLine()
        yield Vertical(id="card")
        yield PassageView(id="locked", ground="surface")
        yield KeyFooter(())

    @property
    def card(self) -> ScoreCard:
        """The scorecard."""
        return self.query_one(ScoreCard)

    async def on_mount(self) -> None:
        """Read the scoring and what was scored before."""
        page = self._page = await self.desk.ask(score_page.page, self._deal)
        self._version = page.version
        card = ScoreCard(page.card)
        await self.query_one("#card", Vertical).mount(card)
        self._begun = _content(card)
        deal = page.loaded.deal
        key = f"score:{shown(Kind.CUSTOMER, deal.customer)}/{shown(Kind.CAMPAIGN, deal.campaign)}"
        self._draft = Drafting(self, key, self._typed)
        kept = self._draft.load()
        if kept is not None:
            self._fill({**self._begun, **kept.values})
            self._command = kept.command or self._command
            if VERSION in kept.before:
                self._version = int(str(kept.before[VERSION]))
        card.focus()
        self._show(page)

    def _fill(self, content: Mapping[str, object]) -> None:
        """Show the points and the evidence of a flat draft; what the scoring does not know or allow is left out."""
        criteria = self._page.card.scoring.criteria
        found = {criterion.key: content.get(criterion.key) for criterion in criteria}
        allowed = {criterion.key: range(criterion.min, criterion.max + 1) for criterion in criteria}
        values = {key: value for key, value in found.items() if isinstance(value, int) and value in allowed[key]}
        proof = {c.key: str(content[f"{c.key}{EVIDENCE}"]) for c in criteria if content.get(f"{c.key}{EVIDENCE}")}
        self.card.set_view(replace(self._page.card, values=values, evidence=proof))

    def _typed(self) -> Typed:
        changed = draft_files.changed(self._begun, _content(self.card))
        return Typed(changed, before={VERSION: self._version}, command=self._command)

    def before_me(self) -> tuple[str, Doing]:
        """The deal whose customer is scored."""
        return shown(Kind.DEAL, self._deal), Doing.EDITING

    def show_present(self) -> None:
        """Draw the title row anew."""
        if self.query(ScoreCard):
            self._show(self._page)

    async def on_changed(self, news: News) -> None:
        """Say what others did about the deal meanwhile; what was scored is left alone."""
        deal = self._page.loaded.deal
        about = news.about_deal(deal.id, deal.customer, deal.campaign)
        if about is not None:
            self.notice(changed_text(about.who, await self.desk.ask(live.told, about.event, language())))

    def _show(self, page: ScorePage) -> None:
        customer = (page.loaded.deal.customer_label, Tone.STRONG)
        title = (_("Customer score"), Tone.NORMAL)
        others = (self.present(), Tone.WARNING)
        facts = (customer, title, (self._draft.told, Tone.WARNING), others, (page.occasion, Tone.MUTED))
        self.query_one(HeadLine).show(facts, f"{self.desk.actor.name}  {short_day(page.card.today)}")
        locked = self.query_one("#locked", PassageView)
        locked.display = page.refused is not None
        if page.refused is not None:
            locked.show((Passage(refusals.text(page.refused, page.loaded.playbook), tone=Tone.WARNING),))
        self.show_hints()

    def hints(self) -> Iterable[KeyHint]:
        """The card's keys, then saving."""
        page = self._page
        low = min(criterion.min for criterion in page.card.scoring.criteria)
        high = max(criterion.max for criterion in page.card.scoring.criteria)
        yield KeyHint(f"{low}-{high}", _("score"))
        save = hint(keys.BY_ID["score.save"], enabled=page.refused is None)
        roomy = self.app.size.width >= ROOMY
        if roomy:
            yield KeyHint("j k", _("up, down"))
        if page.card.scoring.evidence_required:
            yield KeyHint("e", _("write evidence"))
        if not roomy:
            yield save
        if page.card.last is not None:
            yield KeyHint("u", _("as last time"))
        if roomy:
            yield save
        if self._draft.told:
            yield hint(keys.BY_ID["score.drop"])
        yield hint(keys.BY_ID["score.leave"])
        yield hint(keys.BY_ID["score.help"])

    def on_score_card_changed(self) -> None:
        """Keep what is scored as a draft."""
        self._dropping = False
        self._draft.touched()

    async def keep_drafts(self) -> None:
        """Keep what was scored since the last time."""
        await self._draft.keep()

    def action_save(self) -> None:
        """Save the scorecard; the screen stays until it is complete."""
        self.wait_for(self._save())

    async def _save(self) -> None:
        page, card = self._page, self.card
        deal = page.loaded.deal
        place, content = (deal.customer, deal.campaign), _content(card)
        try:
            with self.desk.command(command_of(self._command, sorted(content.items()), self._version)):
                outcome = await self.desk.tell(
                    scores.record, *place, card.values, card.evidence, expected_version=self._version
                )
        except StorageFault as fault:
            self.notice(fault.text())
            return
        if isinstance(outcome, Done):
            self.app.notify(self._result(), markup=False, timeout=6)
            await self._draft.drop()
            self.dismiss(outcome)
        elif isinstance(outcome, Invalid):
            if card.missing:
                card.go_to(card.missing[0][0])
                card.focus()
            self.notice(_("Not saved: every criterion needs its points and its evidence."))
        elif isinstance(outcome, Conflict):
            await self._bring_together()
        else:
            self.notice(refusals.text(outcome, page.loaded.playbook))

    async def _bring_together(self) -> None:
        """Somebody scored meanwhile: show his card beside what was scored here, which stays unless it is given up."""
        before = _scored(self._page)
        page = self._page = await self.desk.ask(score_page.page, self._deal)
        self._version = page.version
        typed, theirs, newest = _content(self.card), _scored(page), page.newest
        merged = merge(_fields(page), before, theirs, typed, typed)
        who, at = (newest.by_name, newest.at) if newest else ("", None)
        done = f"{newest.grade} {newest.total}" if newest else ""
        standing = Standing(page.version, theirs, who, at, done)
        dispute = Dispute(_("Customer score"), page.loaded.deal.customer_label, merged, standing)
        self._fill(typed)
        self._show(page)
        given_up = await self.app.push_screen_wait(ConflictScreen(self.desk, dispute))
        if given_up is not None:
            self._fill({**typed, **{key: theirs.get(key) for key in given_up}})
            await self._save()

    def _result(self) -> str:
        """What came of it: the grade, and what it asks that is not there."""
        card = self._page.card
        points = total(card.scoring, self.card.values)
        grade = grade_for(card.scoring, points)
        said = [f"{self._page.loaded.deal.customer_label}  {grade.key} {points}", grade.consequence.get(language())]
        outlook = card.outlook(grade.key)
        said += [asked.text for asked in outlook.requirements if asked.done is False] if outlook else []
        return "   ".join(text for text in said if text)

    async def action_leave(self) -> None:
        """Leave; what was scored and not saved stays as a draft."""
        await self._draft.keep()
        self.dismiss(None)

    async def action_drop(self) -> None:
        """Give up what was scored and not saved, when asked twice."""
        if not self._typed().values:
            self.notice(_("Nothing was typed; there is no draft to drop."))
        elif not self._dropping:
            self._dropping = True
            self.notice(_("Press it once more to drop what was typed, for good."))
        else:
            await self._draft.drop()
            self._fill(self._begun)
            self._dropping = False
            self._show(self._page)
            self.notice(_("The draft is dropped."))


def _scored(page: ScorePage) -> dict[str, object]:
    """Return the scorecard that holds as one flat draft."""
    newest = page.newest
    if newest is None:
        return {}
    return {**newest.values, **{f"{key}{EVIDENCE}": text for key, text in newest.evidence.items()}}


def _fields(page: ScorePage) -> tuple[Field, ...]:
    """Return points and evidence of every criterion as the fields of a form."""
    fields: list[Field] = []
    for criterion in page.card.scoring.criteria:
        title = criterion.title
        evidence = Text(f"{title.zh} 依据", f"{title.en}: evidence")
        fields += [Field(criterion.key, FieldType.INTEGER, title)]
        fields += [Field(f"{criterion.key}{EVIDENCE}", FieldType.LONG_TEXT, evidence)]
    return tuple(fields)


def _content(card: ScoreCard) -> dict[str, object]:
    """Return what stands on a scorecard as one flat draft: points under the criterion, its evidence beside it."""
    return {**card.values, **{f"{key}{EVIDENCE}": text for key, text in card.evidence.items()}}
