"""The gate once more, told line by line as the handbook tells it: what keeps a deal where it stands."""

from collections.abc import Iterator
from datetime import datetime

from salestui.domain import fields as form
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.facts import DealFacts, Decision, OutputFacts, Status
from salestui.domain.playbook import (
    Condition,
    Holds,
    KeyAction,
    MetBy,
    Output,
    Playbook,
    ReviewMode,
    ReviewRule,
    Verdict,
)

Wanting = tuple[str, bool, Holds]
"""The key of what is wanting, whether it can be excepted, and until when it is asked."""


class Oracle:
    """One deal at one instant."""

    def __init__(self, playbook: Playbook, facts: DealFacts, now: datetime, team: TeamCalendar) -> None:
        self.book, self.facts, self.now, self.team = playbook, facts, now, team
        self.waived = {e.requirement for e in facts.exceptions if e.expires_at > now}

    def holds_up(self) -> set[str]:
        """Return the keys of everything that keeps the deal from moving right or completing."""
        won = self.facts.status in {Status.WON, Status.COMPLETED}
        return {
            key
            for key, exceptable, holds in self._wanting()
            if not (won and holds is Holds.UNTIL_WON) and not (exceptable and key in self.waived)
        }

    def _wanting(self) -> Iterator[Wanting]:
        here = next(stage for stage in self.book.stages if stage.key == self.facts.stage)
        told_in_record = None
        for stage in self.book.stages:
            if stage.number > here.number or (stage.retired and stage is not here):
                continue
            for output in stage.outputs:
                if output.optional or not self._required(output.required_when):
                    continue
                for aspect, exceptable in self._output(f"{stage.key}.{output.key}", output):
                    yield f"{stage.key}.{output.key}.{aspect}", exceptable, output.holds
                if output.met_by is MetBy.TALK:
                    told_in_record = self._record(output)
            grade = self.facts.score.grade if self.facts.score else None
            if stage.passing_grades and grade not in stage.passing_grades:
                yield f"{stage.key}.grade.passes", True, Holds.UNTIL_WON
            for action in stage.actions:
                if not self._done(action):
                    yield f"{stage.key}.{action.key}.done", action.exceptable, action.holds
        yield from self._summaries(told_in_record)

    def _required(self, condition: Condition | None) -> bool:
        if condition is None:
            return True
        grade = self.facts.score.grade if self.facts.score else None
        right_grade = not condition.grades or grade in condition.grades
        right_scenario = not condition.scenarios or self.facts.scenario in condition.scenarios
        amount, least = self.facts.amount, condition.amount_at_least
        big = least is None or amount is None or amount.currency != condition.currency or amount.minor >= least
        return right_grade and right_scenario and big

    def _output(self, path: str, output: Output) -> Iterator[tuple[str, bool]]:
        able = output.exceptable
        if output.met_by is None:
            yield from self._form(path, output)
        elif output.met_by is MetBy.SCORE and not self._fresh():
            yield "fresh", able
        elif output.met_by is MetBy.CLASSIFICATION:
            verdict = self._verdict()
            if verdict is None:
                yield "classified", able
            elif verdict is not Verdict.PASSES:
                yield "passes", able and verdict is Verdict.NEEDS_EXCEPTION
        elif output.met_by is MetBy.TALK:
            number = self._record(output)
            talk = next((each for each in self.facts.talks if each.id == number), None)
            if talk is None or not self._tells(output, number):
                yield "complete", able
            if talk is not None and output.summary and talk.summary is None:
                yield "summary", able
        elif output.review and output.review.required and not self._approved(output.review):
            yield "approved", able

    def _known(self, key: str) -> OutputFacts:
        return self.facts.outputs.get(key, OutputFacts(key))

    def _form(self, path: str, output: Output) -> Iterator[tuple[str, bool]]:
        known, able = self._known(output.key), output.exceptable
        revision = known.revision
        if not self._complete(output):
            yield "complete", able
        unseen = known.withdrawn and f"{path}.complete" in self.waived
        if (revision or unseen) and form.failing(output.fields, revision.values if revision else {}):
            yield "passes", able
        if output.review and output.review.required and not self._approved(output.review):
            yield "approved", able
        if output.send and not self._went_out(output):
            yield "sent", able
        if output.sent_before and (revision or unseen):
            forerunner = self._known(output.requires_sent).sent
            signed = revision.values.get(output.sent_before) if revision else None
            if forerunner and (not isinstance(signed, str) or signed < str(forerunner.values["sent_on"])):
                yield "order", False

    def _complete(self, output: Output) -> bool:
        revision = self._known(output.key).revision
        if revision is None or not all(file.present for file in revision.files):
            return False
        if output.valid_for and self.now >= deadline(revision.at, output.valid_for, self.team):
            return False
        names = [file.name for file in revision.files]
        today = self.team.today(self.now)
        return not form.check(output.fields, revision.values, today=today, files=names, file_rule=output.files)

    def _approved(self, rule: ReviewRule) -> bool:
        known = self._known(rule.of)
        review, revision = known.review, known.revision
        if not review or not revision or review.recalled or review.revision != revision.number:
            return False
        last = {vote.role: vote.decision for vote in review.votes}
        if set(last.values()) - {Decision.APPROVE}:
            return False
        wanted = set(rule.roles)
        return bool(wanted & set(last)) if rule.mode is ReviewMode.ANY else wanted <= set(last)

    def _went_out(self, output: Output) -> bool:
        known = self._known(output.key)
        rules = [each.review for _, each in self.book.outputs() if each.review and each.review.of == output.key]
        if rules and rules[0] and rules[0].required and not self._approved(rules[0]):
            return False
        return bool(known.sent and known.revision and known.sent.revision == known.revision.number)

    def _fresh(self) -> bool:
        score, scoring = self.facts.score, self.book.scoring
        if score is None or scoring is None:
            return False
        limits = [
            clock.limit for clock in self.book.clocks if (clock.starts, clock.stops) == ("customer_event", "score")
        ]
        for event in self.facts.customer_events if limits else ():
            unanswered = event.at > score.at and event.after_score >= score.id
            if unanswered and self.now >= deadline(event.at, limits[0], self.team):
                return False
        return scoring.valid_for is None or self.now < deadline(score.at, scoring.valid_for, self.team)

    def _verdict(self) -> Verdict | None:
        known = self.facts.classification
        return next((each.verdict for each in self.book.classes if known and each.key == known.key), None)

    def _tells(self, output: Output, number: int | None) -> bool:
        talk = next(each for each in self.facts.talks if each.id == number)
        said = {key: value for key, value in talk.values.items() if key in {field.key for field in output.fields}}
        return not form.check(output.fields, said, today=self.team.today(self.now))

    def _record(self, output: Output) -> int | None:
        ranked = sorted(
            self.facts.talks,
            key=lambda talk: (not self._tells(output, talk.id), talk.summary is None, -talk.at.timestamp(), talk.id),
        )
        return ranked[0].id if ranked else None

    def _summaries(self, told_in_record: int | None) -> Iterator[Wanting]:
        output = self.book.talk_output()
        if output is None or output.summary is None:
            return
        asking = next(stage for stage in self.book.stages if output in stage.outputs)
        if asking.retired and asking.key != self.facts.stage:
            return
        for talk in self.facts.talks:
            overdue = self.now >= deadline(talk.at, output.summary.within, self.team)
            if overdue and talk.summary is None and talk.id != told_in_record:
                yield f"talk.T{talk.id}.summary", output.exceptable, output.holds

    def _done(self, action: KeyAction) -> bool:
        check, tick = action.data, self.facts.actions.get(action.key)
        if check is None:
            return tick is not None and (not action.note_required or bool(tick.note.strip()))
        if check.by is MetBy.SCORE:
            return self._fresh()
        if check.by is MetBy.CLASSIFICATION:
            return self._verdict() is not None
        if check.by is MetBy.CUSTOMER:
            return bool(self.facts.customer.get(check.field))
        if check.by is MetBy.FOLLOW_UP:
            return self.facts.planned_until is not None and self.facts.planned_until > self.now
        if check.by in {MetBy.TALK, MetBy.SUMMARY}:
            return self._told(check.by, check.field)
        output = self.book.output(check.output)
        if not self._required(output.required_when):
            return True
        if check.by is MetBy.SENT:
            return self._went_out(output)
        revision = self._known(output.key).revision
        if not check.field:
            return self._complete(output)
        if revision is None:
            return False
        if check.column:
            return len(form.distinct_values(revision.values, check.field, check.column)) >= (check.at_least or 1)
        return form.is_filled(output.field(check.field), revision.values.get(check.field))

    def _told(self, by: MetBy, field: str) -> bool:
        output = self.book.talk_output()
        number = self._record(output) if output else None
        talk = next((each for each in self.facts.talks if each.id == number), None)
        if talk is None or output is None:
            return False
        if by is MetBy.SUMMARY:
            return talk.summary is not None
        return form.is_filled(output.field(field), talk.values.get(field))
