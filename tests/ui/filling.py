"""Meets what a gate asks, through the services, for any playbook: believable values, scores, talks, votes, ticks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from salestui.domain.outcomes import Completed, Done, Moved
from salestui.domain.playbook import After, Answers, Covers, Distinct, Field, FieldType, Output, Playbook, Verdict
from salestui.domain.requirement import FixKind, Requirement
from salestui.services import activities, customers, deals, outputs, reviews, scores, talk_forms
from salestui.services.loading import Loaded, judge, load
from salestui.services.request import Request

POINTS = (4, 4, 5, 4, 5)
"""What the criteria are scored with, one after the other: grade A by the handbook that comes with the program."""


def done(outcome: object) -> int:
    """Return the number of what was made; anything but a success is a failure of the test."""
    assert isinstance(outcome, Done | Moved | Completed), outcome
    return outcome.number if isinstance(outcome, Done) else 0


def value_of(field: Field, request: Request, language: str = "zh", nth: int = 0) -> object:
    """Return a value that completes a field, as people type it; `nth` makes the rows of a table differ."""
    now = request.now
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            return str(field.max if field.max is not None else (field.min or 0) + 3)
        case FieldType.MONEY:
            return "1180000"
        case FieldType.DATE:
            ahead = any(isinstance(rule, After) for rule in field.rules)
            return (now + timedelta(days=30 if ahead else -1)).date().isoformat()
        case FieldType.DATETIME:
            return (now - timedelta(hours=1)).isoformat()
        case FieldType.YES_NO:
            return "no" if field.passes == ("no",) else "yes"
        case FieldType.CHOICE:
            keys = field.passes or tuple(choice.key for choice in field.choices)
            return keys[nth % len(keys)]
        case FieldType.CHOICES:
            return [choice.key for choice in field.choices]
        case FieldType.TABLE:
            return _rows(field, request, language)
    return field.example.get(language) or field.help.get(language) or field.label.get(language)


def _rows(field: Field, request: Request, language: str) -> list[dict[str, object]]:
    count = field.min_rows or 1
    for rule in field.rules:
        if isinstance(rule, Distinct):
            count = max(count, rule.at_least)
        elif isinstance(rule, Covers):
            count = max(count, len(rule.values))
    columns = [column for column in field.columns if not any(isinstance(rule, Answers) for rule in column.rules)]
    return [{c.key: value_of(c, request, language, nth) for c in columns} for nth in range(count)]


def complete(fields: tuple[Field, ...], request: Request, language: str = "zh") -> dict[str, object]:
    """Return values that complete a form."""
    return {field.key: value_of(field, request, language) for field in fields}


@dataclass(frozen=True)
class Filler:
    """Meets the requirements of one deal; `ask` gives the request of a person or a reviewer role."""

    folder: Path
    deal: int
    owner: Request
    reviewer: Callable[[str], Request]

    def meet(self, *, but: tuple[str, ...] = ()) -> None:
        """Meet everything the gate asks now, except requirements whose key contains one of `but`."""
        for _round in range(30):
            unmet = [r for r in judge(self.owner, self.deal).unmet if not any(part in r.key for part in but)]
            fixable = [requirement for requirement in unmet if requirement.fix.kind is not FixKind.NONE]
            if not fixable:
                assert not unmet, unmet
                return
            self.mend(fixable[0])
        raise AssertionError(judge(self.owner, self.deal).unmet)

    def go_to(self, stage: str) -> None:
        """Move the deal right, gate after gate, until it stands in `stage`."""
        while load(self.owner, self.deal).deal.stage != stage:
            self.meet()
            done(deals.advance(self.owner, self.deal))

    @property
    def today(self) -> str:
        """The team's date: at night it is not that of Greenwich."""
        return load(self.owner, self.deal).team.today(self.owner.now).isoformat()

    def mend(self, requirement: Requirement) -> None:
        """Do what one requirement asks."""
        loaded = load(self.owner, self.deal)
        subject = requirement.fix.subject
        match requirement.fix.kind:
            case FixKind.FILL_OUTPUT:
                self.fill(subject["output"])
            case FixKind.SCORE:
                self.score(loaded)
            case FixKind.CLASSIFY:
                best = next(c.key for c in loaded.playbook.classes if c.verdict is Verdict.PASSES)
                place = (loaded.deal.customer, loaded.deal.campaign)
                done(customers.classify(self.owner, *place, best, "年底扩产，预算已立项，对得上我们的设备。"))
            case FixKind.LOG_ACTIVITY:
                self._talk(loaded.playbook, planned=subject.get("state") == "planned")
            case FixKind.SEND_SUMMARY:
                values = complete(talk_forms.summary_fields(loaded.playbook), self.owner)
                values["sent_at"] = self.owner.now.isoformat()
                done(activities.send_summary(self.owner, int(subject["talk"].lstrip("T")), values))
            case FixKind.DO_ACTION:
                done(deals.tick(self.owner, self.deal, subject["action"], "当面问到了，记在本子上。"))
            case FixKind.REQUEST_REVIEW:
                done(reviews.ask(self.owner, self.deal, str(requirement.params.get("of") or subject["output"])))
            case FixKind.VOTE:
                self.approve(str(requirement.params.get("of") or subject["output"]))
            case FixKind.MARK_SENT:
                values = complete(outputs.send_fields(self.owner, self.deal, subject["output"]), self.owner)
                values = {key: today if _is_day(value) else value for key, value in values.items()
                          for today in (self.today,)}  # fmt: skip
                done(outputs.mark_sent(self.owner, self.deal, subject["output"], values))
            case _:
                field = subject.get("field", "")
                done(customers.change(self.owner, loaded.deal.customer, {field: "500 人"}))

    def fill(self, key: str, values: Mapping[str, object] | None = None, *, note: str = "") -> int:
        """Submit an output with values that complete it, `values` before the invented ones; return the revision."""
        output = load(self.owner, self.deal).playbook.output(key)
        given = {**complete(output.fields, self.owner), **(values or {})}
        if output.sent_before:
            given[output.sent_before] = self.today
        files = [self.file(output, number) for number in range(output.files.min)]
        return done(outputs.submit(self.owner, self.deal, key, given, files=files, note=note))

    def file(self, output: Output, number: int = 0) -> Path:
        """Return a small file of a type the output takes."""
        kind = output.files.types[0] if output.files.types else "pdf"
        path = self.folder / f"{output.title.zh.strip('《》')} {number + 1}.{kind}"
        path.write_bytes(f"{output.key} {number}".encode() * 40)
        return path

    def score(self, loaded: Loaded, points: tuple[int, ...] = POINTS) -> None:
        """Score the customer, with evidence."""
        scoring = loaded.playbook.scoring
        assert scoring is not None
        values = {c.key: points[index % len(points)] for index, c in enumerate(scoring.criteria)}
        evidence = {c.key: f"11-16 电话：{c.title.zh}已核实" for c in scoring.criteria}
        done(scores.record(self.owner, loaded.deal.customer, loaded.deal.campaign, values, evidence))

    def approve(self, output: str, roles: tuple[str, ...] | None = None) -> None:
        """Let the reviewers approve the review that is open, all of them or those in `roles`."""
        review = reviews.of_output(self.owner, self.deal, output)[0]
        voted = {vote.fact.role for vote in review.votes}
        rule = next(
            o.review for _s, o in load(self.owner, self.deal).playbook.outputs() if o.review and o.review.of == output
        )
        for role in roles or rule.roles:
            if role not in voted:
                done(reviews.vote(self.reviewer(role), review.id, role, "approve", "可以"))

    def _talk(self, playbook: Playbook, *, planned: bool) -> None:
        if planned:
            at = self.owner.now + timedelta(days=2)
            done(activities.plan(self.owner, [self.deal], at=at, subject="电话确认质保条款", channel="phone"))
            return
        values = complete(talk_forms.talk_fields(playbook), self.owner)
        done(activities.log(self.owner, [self.deal], values, subject="复核报价与验收标准"))


def _is_day(value: object) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4:5] == "-"
