"""A rep's hands: keys alone lead a deal through every gate, the same in a pilot and in a real terminal.

The hands know what a person reads off the screen (which line of the gate has which digit, which fields a form asks,
what stands in them already) from a second look at the same database; everything they do, they do with keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from salestui import keys
from salestui.domain.facts import Status
from salestui.domain.playbook import Field, FieldType, Output
from salestui.domain.records import Kind, number_of
from salestui.domain.requirement import FixKind, Requirement
from salestui.i18n import gettext as _
from salestui.services import (
    activities,
    classes,
    gate_views,
    memberships,
    outputs,
    review_page,
    reviews,
    summary_mail,
    talk_forms,
)
from salestui.services.gate_views import GateView
from salestui.services.loading import load, team_of
from salestui.services.request import Request
from salestui.services.review_page import Act
from tests.ui.filling import POINTS, value_of

ROUNDS = 80
SAVE = "ctrl+s"
"""What the footer of every form shows, and no other screen's."""
CHOOSING = {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}


class Keyboard(Protocol):
    """A keyboard before a screen."""

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""

    async def type(self, text: str) -> None:
        """Type a text."""

    async def sees(self, *texts: str) -> None:
        """Wait until all these texts stand on the screen."""

    async def waits(self, claim: Callable[[], bool], wanted: str) -> None:
        """Wait until `claim` holds; `wanted` says what is waited for."""


def typed(asked: Field, value: object, request: Request) -> str:
    """Return what a person types, or the digit he presses, for a value."""
    if asked.type is FieldType.YES_NO:
        return "1" if value in {True, "yes"} else "2"
    if asked.type in CHOOSING:
        options = [choice.key for choice in asked.choices]
        return "".join(str(options.index(str(key)) + 1) for key in (value if isinstance(value, list) else [value]))
    if asked.type is FieldType.DATETIME:
        local = (request.now - timedelta(hours=1)).astimezone(team_of(request).zone)
        return f"{local:%Y-%m-%d %H:%M}"
    return str(value)


@dataclass
class Hands:
    """Works on one deal after the other; `eyes` gives a request on the database, now. `thorough` fills every field."""

    keyboard: Keyboard
    eyes: Callable[[], Request]
    folder: Path
    language: str = "zh"
    thorough: bool = True
    filled: list[str] = field(default_factory=list)

    # -- forms ----------------------------------------------------------------------------------------------------

    async def fill(
        self,
        fields: Sequence[Field],
        there: Mapping[str, Any] | None = None,
        *,
        wanted: Mapping[str, object] | None = None,
        start: str = "",
    ) -> None:
        """Fill a form from the field `start` round to it again; what is `there` already stays."""
        first = [asked.key for asked in fields].index(start) if start else 0
        for asked in (*fields[first:], *fields[:first]):
            known = (there or {}).get(asked.key)
            value = (wanted or {}).get(asked.key, value_of(asked, self.eyes(), self.language))
            if asked.type is FieldType.TABLE:
                await self._table(asked, known or [], value if isinstance(value, list) else [])
                continue
            if known in (None, "", []) and self._bothers(asked, wanted):
                await self.keyboard.type(typed(asked, value, self.eyes()))
            await self.keyboard.press("tab")

    def _bothers(self, asked: Field, wanted: Mapping[str, object] | None) -> bool:
        return self.thorough or asked.required or bool(asked.rules) or asked.key in (wanted or {})

    async def _table(self, asked: Field, there: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> None:
        rows = rows if self._bothers(asked, None) or asked.min_rows else []
        for number in range(max(len(there), len(rows), 1)):
            known = there[number] if number < len(there) else {}
            row = rows[number] if number < len(rows) else {}
            if number and number >= len(there):
                await self.keyboard.press("enter")
            for column in asked.columns:
                if column.key in row and known.get(column.key) in (None, "", []):
                    await self.keyboard.type(typed(column, row[column.key], self.eyes()))
                await self.keyboard.press("tab")
        await self.keyboard.press("tab")

    async def attach(self, output: Output, *, draft: int = 0) -> None:
        """Attach a file in the place for files: the begin of its path, tab, enter."""
        kind = output.files.types[0] if output.files.types else "pdf"
        path = self.folder / f"{output.key}-signed.{kind}"
        path.write_bytes(output.key.encode() * 50 + bytes([draft]))
        await self.keyboard.type(str(self.folder / f"{output.key}-si"))
        await self.keyboard.press("tab", "enter")
        await self.keyboard.sees(f"{output.key}-signed", "1 KB" if len(output.key) > 19 else " B")

    # -- on the board ---------------------------------------------------------------------------------------------

    async def find(self, name: str) -> None:
        """Let the board show the deals of one customer alone."""
        await self.keyboard.press("/")
        await self.keyboard.type(name)
        await self.keyboard.press("enter")
        await self.keyboard.sees(name)

    def gate(self, deal: int) -> GateView:
        """Return what the gate of a deal says."""
        return self.eyes_on(gate_views.view, deal)

    def eyes_on(self, service: Callable[..., Any], *given: object) -> Any:  # what the service returns
        """Read something."""
        return service(self.eyes(), *given)

    async def walk(self, deal: int, until: str = "") -> list[str]:
        """Pass gate after gate from the board, until the deal is completed or stands in `until`; return the stages."""
        stages = [self.stage(deal)]
        for _round in range(ROUNDS):
            gate = self.gate(deal)
            if gate.report.unmet:
                await self._mend_first(deal, gate)
                continue
            before = self.state(deal)
            await self.keyboard.press(">")
            await self.keyboard.waits(lambda was=before: self.state(deal) != was, f"the move of D{deal}")
            if self.eyes_on(load, deal).deal.status is Status.COMPLETED:
                return stages
            stages.append(self.stage(deal))
            if stages[-1] == until:
                return stages
        raise AssertionError(self.gate(deal).report.unmet)

    def stage(self, deal: int) -> str:
        """Return the stage of a deal."""
        return str(self.eyes_on(load, deal).deal.stage)

    def state(self, deal: int) -> tuple[str, int]:
        """Return the stage and version of a deal."""
        known = self.eyes_on(load, deal).deal
        return known.stage, known.version

    async def _mend_first(self, deal: int, gate: GateView) -> None:
        """Try the gate, read why it is closed, and go to the first fix by its digit."""
        unmet = gate.report.unmet
        number, wanted = next((n, r) for n, r in enumerate(unmet, 1) if r.fix.kind is not FixKind.NONE)
        await self.keyboard.press(">")
        await self.keyboard.sees(_(keys.BY_ID["gate.fix"].verb))
        await self.keyboard.press(str(number))
        await self.mend(deal, wanted)
        await self.keyboard.sees(
            _(keys.BY_ID["gate.fix"].verb)
            if self.gate(deal).report.unmet
            else f"> {_(keys.BY_ID['board.advance'].verb)}"
        )
        after = self.gate(deal).report.unmet
        assert [r.key for r in after] != [r.key for r in unmet] or after[number - 1].params != wanted.params, wanted

    async def mend(self, deal: int, wanted: Requirement) -> None:
        """Do what the screen that opened for a requirement asks."""
        subject = wanted.fix.subject
        of = str(wanted.params.get("of") or subject.get("output", ""))
        match wanted.fix.kind:
            case FixKind.FILL_OUTPUT:
                await self.output(deal, subject["output"])
            case FixKind.SCORE:
                await self.score(deal)
            case FixKind.CLASSIFY:
                await self.classify(deal)
            case FixKind.LOG_ACTIVITY if subject.get("state") == "planned":
                await self.plan(deal)
            case FixKind.LOG_ACTIVITY:
                await self.talk(deal)
            case FixKind.SEND_SUMMARY:
                await self.summary(deal, number_of(Kind.ACTIVITY, subject["talk"]) or 0)
            case FixKind.DO_ACTION:
                await self.tick(deal, subject["action"])
            case FixKind.REQUEST_REVIEW:
                await self.ask_review(deal, of)
            case FixKind.VOTE:
                await self.record_votes(deal, of)
            case FixKind.MARK_SENT:
                await self.mark_sent(deal, subject["output"])
            case _:
                raise AssertionError(wanted)

    # -- what the lines lead to -----------------------------------------------------------------------------------

    async def output(self, deal: int, key: str) -> None:
        """Fill an output, attach a file where it takes one, save it."""
        sheet = self.eyes_on(outputs.sheet, deal, key)
        output = sheet.output
        await self.keyboard.sees(SAVE, output.title.get(self.language))
        there = dict(sheet.values)
        await self.fill(output.fields, there, wanted=self._bound(output))
        if output.files is not None and (output.files.min or self.thorough):
            await self.attach(output)
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(
            lambda: self.eyes_on(outputs.sheet, deal, key).latest > sheet.latest, f"a revision of {key}"
        )
        self.filled.append(key)

    def _bound(self, output: Output) -> dict[str, object]:
        """Return the values that other facts decide: a contract is signed on or after the day it was sent."""
        today = team_of(self.eyes()).today(self.eyes().now).isoformat()
        return {output.sent_before: today} if output.sent_before else {}

    async def score(self, deal: int) -> None:
        """Score with one digit a criterion, then write the evidence of each."""
        scoring = self.eyes_on(load, deal).playbook.scoring
        assert scoring is not None
        await self.keyboard.sees(SAVE, _("write evidence"))
        for nth, _criterion in enumerate(scoring.criteria):
            await self.keyboard.press(str(POINTS[nth % len(POINTS)]))
        for criterion in scoring.criteria:
            await self.keyboard.press("e")
            await self.keyboard.type(f"{criterion.title.get(self.language)} ok")
            await self.keyboard.press("enter")
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: self._scored(deal), "the score")

    def _scored(self, deal: int) -> bool:
        return self.eyes_on(load, deal).facts.score is not None

    async def classify(self, deal: int) -> None:
        """Put the customer on the first list."""
        known = self.eyes_on(load, deal).deal
        fields = self.eyes_on(classes.classify_fields, known.campaign)
        await self.keyboard.sees(SAVE, fields[1].label.get(self.language))
        await self.fill(fields, wanted={"class": fields[0].choices[0].key, "reason": "budget approved"})
        await self.keyboard.press("ctrl+s")
        place = (known.customer, known.campaign)
        await self.keyboard.waits(
            lambda: bool(self.eyes_on(memberships.membership, *place).classification), "the customer on a list"
        )

    async def talk(self, deal: int) -> None:
        """Log a talk."""
        playbook = self.eyes_on(load, deal).playbook
        fields = talk_forms.talk_fields(playbook)
        before = len(self.eyes_on(activities.of, deal))
        await self.keyboard.sees(SAVE, _("Log a talk"))
        await self.fill(fields, {"at": "now"})
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: len(self.eyes_on(activities.of, deal)) > before, "the talk")

    async def summary(self, deal: int, activity: int) -> None:
        """Record that the summary went out."""
        fields = talk_forms.summary_fields(self.eyes_on(load, deal).playbook)
        assert self.eyes_on(summary_mail.summary_text, activity, self.language)
        await self.keyboard.sees(SAVE, _("Summary of the talk"))
        await self.fill(fields, {"sent_at": "now", "text": "ready"}, start="text")
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(
            lambda: bool(self.eyes_on(activities.get, activity).summary), f"the summary of T{activity}"
        )

    async def plan(self, deal: int) -> None:
        """Plan the next step."""
        fields = talk_forms.plan_fields(self.eyes_on(load, deal).playbook)
        before = len(self.eyes_on(activities.of, deal))
        await self.keyboard.sees(SAVE, _("Plan the next step"))
        await self.fill(fields, {"owner": "-"}, wanted={"at": "+3", "subject": "call", "all_day": "no"})
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: len(self.eyes_on(activities.of, deal)) > before, "the plan")

    async def tick(self, deal: int, action: str) -> None:
        """Tick a key action, with a note."""
        title = self.eyes_on(load, deal).playbook.action(action)[1].title.get(self.language)
        await self.keyboard.sees(SAVE, title[:12])
        await self.keyboard.type("asked in person")
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: action in self.eyes_on(load, deal).facts.actions, f"the tick of {action}")

    async def _way(self, deal: int, output: str, act: Act) -> None:
        """Take a way on from a review's screen by its digit."""
        await self.keyboard.sees(_("choose"), _("return"))
        ways = self.eyes_on(review_page.page, deal, output).ways
        await self.keyboard.press(str(next(n for n, way in enumerate(ways, 1) if way.act is act)))

    async def ask_review(self, deal: int, output: str) -> None:
        """Ask for the review of an output."""
        before = len(self.eyes_on(reviews.of_output, deal, output))
        await self._way(deal, output, Act.ASK)
        await self.keyboard.sees(SAVE, _("Ask for a review"))
        await self.keyboard.type("please look at the price")
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: len(self.eyes_on(reviews.of_output, deal, output)) > before, "the review")

    async def record_votes(self, deal: int, output: str) -> None:
        """Record the vote of the first role that has not voted, given by somebody outside the database."""
        review = self.eyes_on(reviews.of_output, deal, output)[0]
        fields = self.eyes_on(reviews.vote_fields, review.id)
        await self._way(deal, output, Act.RECORD)
        await self.keyboard.sees(SAVE, _("Record a vote"))
        today = team_of(self.eyes()).today(self.eyes().now).isoformat()
        wanted = {
            "role": fields[0].choices[0].key,
            "decision": "approve",
            "recorded_for": f"Reviewer {len(review.votes) + 1}",
            "voted_on": today,
            "evidence": "e-mail of today",
        }
        await self.fill(fields, {"comment": "-"}, wanted=wanted)
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(
            lambda: len(self.eyes_on(reviews.of_output, deal, output)[0].votes) > len(review.votes), "the vote"
        )

    async def mark_sent(self, deal: int, output: str) -> None:
        """Record that an output went to the customer."""
        fields = self.eyes_on(outputs.send_fields, deal, output)
        await self.keyboard.sees(SAVE, _("Sent to the customer"))
        dates = {asked.key: "today" for asked in fields if asked.type is FieldType.DATE}
        await self.fill(fields, dates)
        await self.keyboard.press("ctrl+s")
        await self.keyboard.waits(lambda: not self._unsent(deal, output), f"{output} sent")

    def _unsent(self, deal: int, output: str) -> bool:
        return any(
            r.fix.kind is FixKind.MARK_SENT and r.fix.subject["output"] == output for r in self.gate(deal).report.unmet
        )
